"""Backup: database and uploaded files in one archive, with hashes."""

import hashlib
import json
import os
import tarfile
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import IO, Any, NamedTuple

from django.apps import apps
from django.conf import settings
from django.db import connection, connections, models

from coordination.desk.actions import databases
from coordination.statements.models import Block, Draft, Position

MANIFEST, DATABASE, MEDIA = "manifest.json", "database", "media"  # what an archive holds


class Contents(NamedTuple):
    """What one snapshot of the database contains.

    `files` are the uploaded files that its rows name.
    """

    proof: dict[str, Any]
    files: set[str]


class BackUp(NamedTuple):
    """A backup that was written.

    `missing` are files that rows name but that are not on the disk.
    """

    proof: dict[str, Any]
    missing: list[str]


class HashedReader:
    """A file that hashes what is read from it."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.hash = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """Read at most `size` bytes, and hash them."""
        chunk = self.file.read(size)
        self.hash.update(chunk)
        return chunk


def proof_of(using: str = "default") -> dict[str, Any]:
    """Return what a restore must reproduce exactly.

    Hashes of texts and positions, and the number of rows of each table.
    """
    drafts = Draft.objects.using(using).order_by("pk").values_list("pk", "sha256")
    blocks = (
        Block.objects.using(using)
        .order_by("pk")
        .values_list("pk", "draft", "key", "position", "text")
    )
    positions = (
        Position.objects.using(using)
        .order_by("pk")
        .values_list("pk", "step", "agency", "kind", "sha256", "reason")
    )
    counted = {"drafts": len(drafts), "said": len(positions), "rows": row_counts(using)}
    return {"texts": digest([*drafts, *blocks]), "positions": digest(positions), **counted}


def row_counts(using: str) -> dict[str, int]:
    """Return the number of rows of each table in the database."""
    with connections[using].cursor() as cursor:
        counts = {}
        for table in sorted(connections[using].introspection.table_names(cursor)):
            cursor.execute(f'SELECT count(*) FROM "{table}"')  # noqa: S608 - the database named the table
            counts[table] = cursor.fetchone()[0]
    return counts


def digest(rows: Iterable[Sequence[Any]]) -> str:
    """Return the SHA-256 of rows."""
    return hashlib.sha256(json.dumps([list(row) for row in rows]).encode()).hexdigest()


def checksum(manifest: dict[str, Any]) -> str:
    """Return the SHA-256 of a manifest without its own checksum."""
    return hashlib.sha256(
        json.dumps({**manifest, "checksum": ""}, sort_keys=True).encode()
    ).hexdigest()


def contents_of(using: str) -> Contents:
    """Return a database's proof, and the files in its rows."""
    fields = [
        field
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, models.FileField)
    ]
    files = {
        name
        for field in fields
        for name in field.model._default_manager.using(using)
        .exclude(**{field.name: ""})
        .values_list(field.name, flat=True)
    }
    return Contents(proof_of(using), files)


def uploads() -> Iterator[Path]:
    """Yield the uploaded files.

    A linked folder is followed.
    """
    for folder, _folders, names in os.walk(settings.MEDIA_ROOT, followlinks=True):
        yield from (Path(folder) / name for name in sorted(names))


def add(archive: tarfile.TarFile, path: Path, name: str) -> str:
    """Add a file to an archive and return its SHA-256."""
    with path.open("rb") as file:
        entry = tarfile.TarInfo(name)
        # Of the open file: the one with that name may be replaced meanwhile.
        status = os.fstat(file.fileno())
        entry.size, entry.mtime, entry.mode = status.st_size, int(status.st_mtime), 0o600
        reader = HashedReader(file)
        archive.addfile(entry, reader)
        return reader.hash.hexdigest()


def add_uploads(archive: tarfile.TarFile) -> dict[str, str]:
    """Add the uploaded files to an archive.

    Returns the SHA-256 of each by its name in the archive.
    """
    hashes = {}
    for path in uploads():
        name = f"{MEDIA}/{path.relative_to(settings.MEDIA_ROOT).as_posix()}"
        try:
            hashes[name] = add(archive, path, name)
        except FileNotFoundError:
            # removed since the folder was read; if a row names it, it is reported as missing
            continue
    return hashes


@contextmanager
def replacing(target: Path, *, mode: int) -> Iterator[IO[bytes]]:
    """Open a new file that replaces `target` once complete.

    Its name is unique, so two at once do not write into each other. An error removes it and leaves
    `target` as it was.
    """
    handle, name = tempfile.mkstemp(prefix=f"{target.name}.", suffix=".part", dir=target.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            os.fchmod(file.fileno(), mode)
            file.flush()
            # The rename must not reach the disk before the content.
            os.fsync(file.fileno())
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def back_up(target: Path) -> BackUp:
    """Write database and files to `target`, a tar archive.

    Only its owner may read it. The files are copied after the snapshot of the database, so each
    file that a row names is there. Raises DumpFailed.
    """
    with (
        # a backup contains everybody's address
        replacing(target, mode=0o600) as file,
        tempfile.TemporaryDirectory() as folder,
        tarfile.open(fileobj=file, mode="w") as archive,
    ):
        dump = Path(folder) / DATABASE
        content = databases.dump(dump, read=contents_of)
        hashes = {DATABASE: add(archive, dump, DATABASE), **add_uploads(archive)}
        in_bucket = bool(settings.S3_BUCKET)  # the bucket has a back-up of its own
        missing = (
            []
            if in_bucket
            else sorted(name for name in content.files if f"{MEDIA}/{name}" not in hashes)
        )
        manifest = {
            "vendor": connection.vendor,
            **content.proof,
            "files": hashes,
            "missing": missing,
        }
        text = json.dumps({**manifest, "checksum": checksum(manifest)}).encode()
        entry = tarfile.TarInfo(MANIFEST)
        entry.size = len(text)
        archive.addfile(entry, BytesIO(text))
    return BackUp(content.proof, missing)
