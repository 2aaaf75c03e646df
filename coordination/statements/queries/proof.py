"""Build the manifest of an adoption, and list public keys."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db.models.functions import Length
from django.urls import reverse

from coordination.core.clock import day_at
from coordination.core.models import Group
from coordination.core.queries import group
from coordination.members.queries.agencies import members_on
from coordination.statements.enums import PositionEvidence, PositionKind
from coordination.statements.models import (
    Manifest,
    ManifestFile,
    Position,
    SigningKey,
    Statement,
)
from coordination.statements.proofkit import packing, sealing, verify
from coordination.statements.queries import adopted_files, positions, statements


@dataclass(frozen=True, slots=True)
class MadeFile:
    """An adopted statement's file: its bytes, or why it is missing."""

    name: str
    content: bytes | None
    missing: str = ""

    @property
    def sha256(self) -> str:
        """Return the SHA-256 of the bytes, or ""."""
        return "" if self.content is None else verify.sha256(self.content)

    @property
    def entry(self) -> dict[str, Any]:
        """Return what the manifest says of it."""
        if self.content is None:
            return {"name": self.name, "missing": self.missing}
        return {"name": self.name, "sha256": self.sha256, "bytes": len(self.content)}


def moment_text(at: datetime) -> str:
    """Return a moment as all manifests write it: "2026-11-23T09:00:00.000000Z"."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def read_moment(text: str) -> datetime:
    """Return the moment that a manifest wrote with `moment_text`."""
    return datetime.fromisoformat(text)


def manifest_content(
    statement: Statement, files: Sequence[MadeFile], previous: Manifest | None
) -> dict[str, Any]:
    """Return the manifest of a statement that has just been adopted, as JSON.

    docs/develop/adoption-proof.md defines it. The positions are those on the adopted text. At most
    twelve queries.
    """
    assert statement.adopted_at is not None
    own_group = group()
    day = day_at(statement.adopted_at, own_group.zone)
    signatories = statements.signatories_of(statement)
    return {
        "format": verify.FORMAT,
        "number": previous.number + 1 if previous else 1,
        "previous_sha256": previous.sha256 if previous else "",
        "group": own_group.name,
        "keys_address": settings.SITE_URL + reverse("statements:keys_json"),
        "statement": {
            "symbol": statement.symbol,
            "title": statement.title,
            "language": statement.language,
            "address": adopted_files.permanent_address(statement),
        },
        "adopted_on": day.isoformat(),
        "adopted_at": moment_text(statement.adopted_at),
        "time_zone": own_group.time_zone,
        "text": {"sha256": statement.adopted_sha256},
        "files": [each.entry for each in sorted(files, key=lambda each: each.name)],
        "members": [{"agency": agency.acronym, "name": agency.name} for agency in members_on(day)],
        "signatories": [
            {"agency": each.agency.acronym, "reservation": each.reservation}
            for each in signatories
            if each.joined
        ],
        "did_not_join": [each.agency.acronym for each in signatories if not each.joined],
        "steps": _steps(statement, own_group),
    }


def _steps(statement: Statement, own_group: Group) -> list[dict[str, Any]]:
    """Return the steps of clearance on the adopted text, with each agency's position."""
    assert statement.adopted_at is not None
    steps = [
        step
        for step in positions.steps_of(statement)
        if step.draft.sha256 == statement.adopted_sha256
    ]
    matrix = positions.positions_matrix(
        statement,
        steps,
        day_at(statement.adopted_at, own_group.zone),
        statement.adopted_at,
        own_group,
    )
    return [
        {
            "level": step.level,
            "draft": step.draft.number,
            "silence_approves": step.silence,
            "opened_at": moment_text(step.opened_at),
            "deadline": moment_text(step.deadline),
            "positions": [
                position
                for row in matrix.rows
                for cell in row.cells
                if cell.step.pk == step.pk
                and (position := _position(row.agency.acronym, cell)) is not None
            ],
        }
        for step in steps
    ]


def _position(agency: str, cell: positions.MatrixCell) -> dict[str, Any] | None:
    """Return an agency's position in a step, or None.

    None if it was not asked and said nothing.
    """
    if cell.position is not None:
        return {"agency": agency, **_spoken(cell.position)}
    if cell.past_silence:
        return {
            "agency": agency,
            "position": PositionKind.APPROVE.value,
            "evidence": PositionEvidence.SILENCE.value,
            "at": moment_text(cell.step.deadline),
        }
    return None


def _spoken(position: Position) -> dict[str, Any]:
    """Return a position with its evidence, without the words of its reason.

    The words of a reservation that stands are among the signatories; others were for the members.
    """
    common = {
        "position": position.kind,
        "about": position.about,
        "at": moment_text(position.taken_at),
        "recorded_by": position.person.name,
        "text_sha256": position.sha256,
    }
    if position.letter:
        return {
            **common,
            "evidence": PositionEvidence.LETTER.value,
            "signed_by": position.signed_by,
        }
    if position.spoken_at is not None:
        return {
            **common,
            "evidence": PositionEvidence.TELEPHONE.value,
            "spoken_by": position.spoken_by,
            "spoken_at": moment_text(position.spoken_at),
            "heard_by": position.heard_by,
        }
    return {**common, "evidence": PositionEvidence.CLICK.value}


def newest_manifest() -> Manifest | None:
    """Return the manifest of the last adoption, or None. One query."""
    return Manifest.objects.order_by("-number").first()


def manifest_of(statement: Statement) -> Manifest | None:
    """Return a statement's manifest with signature and time stamp, or None.

    One query. Its files are not read.
    """
    return (
        Manifest.objects.filter(statement=statement)
        .select_related("envelope__key", "envelope__stamp", "previous")
        .first()
    )


def kept_file(statement: Statement, name: str) -> bytes | None:
    """Return a file of the adoption, or None.

    One query.
    """
    kept = ManifestFile.objects.filter(
        manifest__statement=statement, name=name, content__isnull=False
    )
    content = kept.values_list("content", flat=True).first()
    return None if content is None else bytes(content)


def kept_sizes(statement: Statement) -> dict[str, int]:
    """Return the sizes in bytes of the adoption's files, by name.

    One query. There is none without a manifest, whose files have the plain text at least.
    """
    kept = ManifestFile.objects.filter(manifest__statement=statement, content__isnull=False)
    return dict(kept.values_list("name", Length("content")))


def envelope_of(manifest: Manifest) -> Any:
    """Return the signature of a manifest, or None while it is not signed."""
    return getattr(manifest, "envelope", None)


def stamp_of(manifest: Manifest) -> Any:
    """Return the time stamp of a manifest, or None."""
    return getattr(envelope_of(manifest), "stamp", None)


def keys_in_order() -> list[SigningKey]:
    """Return all public keys, oldest first. One query."""
    return list(SigningKey.objects.order_by("used_from", "pk"))


def public_keys(keys: Sequence[SigningKey] | None = None) -> dict[str, Any]:
    """Return the given or all public keys as JSON.

    Oldest first. One query, or none.
    """
    listed = keys_in_order() if keys is None else keys
    return {
        "keys": [
            {
                "keyid": key.key_id,
                "algorithm": key.algorithm,
                "public_key": key.public_key,
                "used_from": moment_text(key.used_from),
                "used_until": moment_text(key.used_until) if key.used_until else "",
            }
            for key in listed
        ]
    }


def proof_files(manifest: Manifest) -> Mapping[str, bytes]:
    """Return everything that proves an adoption, by file name. One query."""
    files: dict[str, bytes] = {
        each.name: bytes(each.content) for each in manifest.files.all() if each.content is not None
    }
    content = json.loads(manifest.content)
    files[verify.MANIFEST] = manifest.content.encode()
    files[verify.SCRIPT] = packing.script()
    files[verify.README] = packing.read_me(content).encode()
    envelope = envelope_of(manifest)
    if envelope is not None:
        files[verify.ENVELOPE] = envelope.content.encode()
        files[verify.KEYS] = sealing.canonical_json(public_keys([envelope.key]))
    stamp = stamp_of(manifest)
    if stamp is not None:
        files[verify.TIME_STAMP] = bytes(stamp.content)
    return files


def proof_zip(manifest: Manifest) -> bytes:
    """Return the ZIP with everything that proves an adoption. One query."""
    return packing.pack(proof_files(manifest), manifest.made_at.astimezone(UTC))
