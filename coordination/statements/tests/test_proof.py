"""The manifest of an adoption: what it says, its chain, its signature and its files."""

import base64
import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from coordination.statements.actions import positions, signing
from coordination.statements.actions.proof import why_no_pdf
from coordination.statements.enums import PositionKind, StepLevel
from coordination.statements.errors import KeyFromSettings, StepsLeft
from coordination.statements.models import (
    LanguageVersion,
    Manifest,
    ManifestEnvelope,
    ManifestFile,
    SigningKey,
    Statement,
    TimeStamp,
)
from coordination.statements.proofkit import sealing, verify
from coordination.statements.queries import adopted_files, proof
from coordination.statements.tests.factories import in_clearance, take_position
from coordination.statements.tests.proofs import adopted, ready
from coordination.tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("key_file", "terms")]


def content_of(statement) -> dict:
    return json.loads(Manifest.objects.get(statement=statement).content)


def test_the_manifest_says_who_did_what_when_and_how(cast, chair):
    statement = adopted(cast, chair)
    content = content_of(statement)

    assert content["format"] == "adoption-manifest/1"
    assert (content["number"], content["previous_sha256"]) == (1, "")
    assert content["statement"] == {
        "symbol": statement.symbol,
        "title": statement.title,
        "language": "en",
        "address": f"http://localhost:8000/statements/{statement.slug}/",
    }
    assert (content["adopted_on"], content["adopted_at"], content["time_zone"]) == (
        "2026-11-23",
        "2026-11-23T09:00:00.000000Z",
        "Europe/Zurich",
    )
    assert content["text"] == {"sha256": statement.adopted_sha256}
    assert [each["agency"] for each in content["members"]] == ["OHCHR", "UNESCO", "UNFPA", "WHO"]
    assert content["signatories"] == [
        {"agency": "OHCHR", "reservation": "OP 1: Our mandate differs."},
        {"agency": "UNESCO", "reservation": ""},
        {"agency": "UNFPA", "reservation": ""},
    ]
    assert content["did_not_join"] == ["WHO"]


def test_each_position_has_its_moment_person_level_and_evidence(cast, chair):
    content = content_of(adopted(cast, chair))
    common = {
        "at": "2026-11-23T09:00:00.000000Z",
        "about": "",
        "text_sha256": content["text"]["sha256"],
    }

    assert [step["level"] for step in content["steps"]] == ["working_level", "principals"]
    assert content["steps"][1] == {
        "level": "principals",
        "draft": 1,
        "silence_approves": False,
        "opened_at": "2026-11-23T09:00:00.000000Z",
        "deadline": "2026-11-28T09:00:00.000000Z",
        "positions": [
            {
                **common,
                "agency": "OHCHR",
                "position": "reserve",
                "about": "OP 1",
                "evidence": "letter",
                "signed_by": "Dr Rosa Lima, Director",
                "recorded_by": "Élodie Marchand",
            },
            {
                **common,
                "agency": "UNESCO",
                "position": "approve",
                "evidence": "telephone",
                "spoken_by": "Jean Petit",
                "spoken_at": "2026-11-23T09:00:00.000000Z",
                "heard_by": "Élodie Marchand",
                "recorded_by": "Élodie Marchand",
            },
            {
                **common,
                "agency": "UNFPA",
                "position": "approve",
                "evidence": "click",
                "recorded_by": "Nadia Ferreira",
            },
            {
                **common,
                "agency": "WHO",
                "position": "not_join",
                "evidence": "click",
                "recorded_by": "Ruth Adeyemi",
            },
        ],
    }


def test_silence_is_evidence_of_its_own_and_who_was_not_asked_has_no_position(cast, chair, who):
    step = in_clearance(
        silence=True, plan=[{"level": "working_level", "silence": True, "hours": 24}]
    )
    take_position(step, who, cast[who])

    statement = positions.adopt(step.statement, by=chair, at=step.deadline)

    [only] = content_of(statement)["steps"]
    assert [(each["agency"], each["evidence"], each["at"]) for each in only["positions"]] == [
        ("OHCHR", "silence", "2026-11-30T17:00:00.000000Z"),
        ("UNESCO", "silence", "2026-11-30T17:00:00.000000Z"),
        ("UNFPA", "silence", "2026-11-30T17:00:00.000000Z"),
        ("WHO", "click", "2026-11-23T09:00:00.000000Z"),
    ]
    assert "recorded_by" not in only["positions"][0]


def test_an_agency_that_joined_after_a_closed_step_has_no_position_in_it(cast, chair, who):
    first = in_clearance()
    for agency, person in list(cast.items())[:3]:
        take_position(first, agency, person)
    who.memberships.update(first_day=NOW.date() + timedelta(days=2))
    step = positions.open_next_step(
        first.statement, deadline=NOW + timedelta(days=5), by=chair, at=NOW
    )
    later = NOW + timedelta(days=3)
    for agency, person in cast.items():
        take_position(step, agency, person, at=later)

    content = content_of(positions.adopt(step.statement, by=chair, at=later))

    assert [[each["agency"] for each in step["positions"]] for step in content["steps"]] == [
        ["OHCHR", "UNESCO", "UNFPA"],
        ["OHCHR", "UNESCO", "UNFPA", "WHO"],
    ]


def test_a_reason_that_was_for_the_members_is_not_in_the_manifest(cast, chair, unfpa):
    step = in_clearance()
    for agency, person in cast.items():
        take_position(step, agency, person)
    step.positions.model.objects.create(
        step=step,
        agency=unfpa,
        person=cast[unfpa],
        kind=PositionKind.RESERVE,
        reason="Not for the public.",
        sha256=step.draft.sha256,
        taken_at=NOW + timedelta(minutes=1),
    )
    following = positions.open_next_step(
        step.statement, deadline=NOW + timedelta(days=5), by=chair, at=NOW
    )
    for agency, person in cast.items():
        take_position(following, agency, person)

    statement = positions.adopt(step.statement, by=chair, at=NOW)

    assert content_of(statement)["steps"][0]["positions"][2]["position"] == "reserve"
    assert "Not for the public" not in Manifest.objects.get().content


def test_the_files_are_kept_with_their_hashes(cast, chair):
    statement = adopted(cast, chair)
    listed = {each["name"]: each for each in content_of(statement)["files"]}
    kept = {each.name: each for each in ManifestFile.objects.all()}

    assert sorted(listed) == sorted(kept)
    assert {"statement.txt", "statement.docx", "statement.pdf", "statement.xml"} == set(kept)
    for name, entry in listed.items():
        if kept[name].content is None:
            assert entry == {"name": name, "missing": kept[name].missing}
        else:
            content = bytes(kept[name].content)
            assert entry == {
                "name": name,
                "sha256": verify.sha256(content),
                "bytes": len(content),
            }
            assert kept[name].sha256 == entry["sha256"]
    assert listed["statement.txt"]["sha256"] == statement.adopted_sha256


def test_a_file_that_cannot_be_made_is_named_and_the_adoption_stands(cast, chair, client):
    statement = adopted(cast, chair, occasion="Day \ue000", released=True)
    files = {each["name"]: each for each in content_of(statement)["files"]}

    assert sorted(files["statement.pdf"]) == ["missing", "name"]
    assert files["statement.pdf"]["missing"].startswith("This document cannot be made:")
    assert len(files["statement.docx"]["sha256"]) == 64
    page = client.get(f"/statements/{statement.slug}/proof/").content.decode()
    assert "It could not be made:" in page
    report = verify.check(proof.proof_files(proof.manifest_of(statement)))
    assert (report.wrong, "statement.pdf was not made" in "\n".join(report.lines)) == ([], True)


def test_who_downloads_a_file_gets_the_bytes_of_the_adoption(cast, chair, client):
    statement = adopted(cast, chair, released=True)
    listed = {each["name"]: each["sha256"] for each in content_of(statement)["files"]}

    for name, address in (
        ("statement.txt", "plain.txt"),
        ("statement.docx", "statement.docx"),
        ("statement.pdf", "statement.pdf"),
        ("statement.xml", "statement.xml"),
    ):
        answer = client.get(f"/statements/{statement.slug}/{address}")
        assert verify.sha256(answer.content) == listed[name]


def test_manifests_follow_each_other_in_the_order_of_adoption(cast, chair):
    for _turn in range(3):
        adopted(cast, chair)
    rows = list(Manifest.objects.order_by("number"))

    assert [row.number for row in rows] == [1, 2, 3]
    assert [row.previous for row in rows] == [None, *rows[:2]]
    assert [json.loads(row.content)["previous_sha256"] for row in rows] == [
        "",
        rows[0].sha256,
        rows[1].sha256,
    ]
    assert [verify.sha256(row.content.encode()) for row in rows] == [row.sha256 for row in rows]


def test_no_adoption_no_manifest(cast, chair):
    step = in_clearance()

    with pytest.raises(StepsLeft):
        positions.adopt(step.statement, by=chair, at=NOW)

    assert (Manifest.objects.count(), SigningKey.objects.count()) == (0, 0)


def test_the_database_keeps_the_proof_as_it_is(cast, chair):
    adopted(cast, chair)

    for act in (
        lambda: Manifest.objects.update(content="{}"),
        lambda: ManifestFile.objects.update(content=b""),
        lambda: ManifestFile.objects.all().delete(),
        lambda: ManifestEnvelope.objects.update(content="{}"),
        lambda: ManifestEnvelope.objects.all().delete(),
        lambda: SigningKey.objects.update(public_key="A" * 44),
    ):
        with (
            pytest.raises(IntegrityError, match=r"never changes"),
            transaction.atomic(),
        ):
            act()
    assert Manifest.objects.get().content != "{}"


def test_the_envelope_is_dsse_over_an_in_toto_statement(cast, chair):
    statement = adopted(cast, chair)
    manifest = proof.manifest_of(statement)
    envelope = json.loads(manifest.envelope.content)
    payload = json.loads(base64.b64decode(envelope["payload"]))

    assert envelope["payloadType"] == "application/vnd.in-toto+json"
    assert [each["keyid"] for each in envelope["signatures"]] == [SigningKey.objects.get().key_id]
    assert payload["_type"] == "https://in-toto.io/Statement/v1"
    assert payload["predicateType"] == verify.PREDICATE_TYPE
    assert payload["predicate"] == json.loads(manifest.content)
    assert {"name": "manifest.json", "digest": {"sha256": manifest.sha256}} in payload["subject"]
    assert verify.check(proof.proof_files(manifest)).wrong == []


def test_the_first_adoption_makes_a_key_that_only_its_owner_reads(cast, chair, key_file):
    adopted(cast, chair)

    assert key_file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in key_file.parent.iterdir()] == ["signing.key"]
    assert SigningKey.objects.get().key_id == signing.installation_pair().key_id


def test_two_processes_that_make_the_first_key_agree_on_one(key_file):
    key_file.parent.mkdir()
    signing.make_key_file(key_file)
    first = key_file.read_bytes()

    signing.make_key_file(key_file)

    assert key_file.read_bytes() == first
    assert [path.name for path in key_file.parent.iterdir()] == ["signing.key"]


def test_a_key_of_the_environment_is_used(cast, chair, settings):
    pair = sealing.new_pair()
    settings.SIGNING_KEY = pair.text

    adopted(cast, chair)

    assert SigningKey.objects.get().key_id == pair.key_id
    with pytest.raises(KeyFromSettings):
        signing.rotate_key(at=NOW)
    with pytest.raises(CommandError, match="The key is in SIGNING_KEY"):
        call_command("rotate_signing_key")


def test_a_replaced_key_stays_published_and_its_signatures_valid(cast, chair, now, capsys):
    first = adopted(cast, chair)
    old = SigningKey.objects.get()
    now.shift(timedelta(days=1))

    call_command("rotate_signing_key")
    second = adopted(cast, chair, at=NOW + timedelta(days=2))

    keys = proof.public_keys()["keys"]
    new = SigningKey.objects.get(used_until=None)
    assert capsys.readouterr().out == f"The new key is {new.key_id}.\n"
    assert [(key["keyid"], key["used_from"], key["used_until"]) for key in keys] == [
        (old.key_id, "2026-11-23T09:00:00.000000Z", "2026-11-24T09:00:00.000000Z"),
        (new.key_id, "2026-11-24T09:00:00.000000Z", ""),
    ]
    published = sealing.canonical_json(proof.public_keys())
    for statement, key in ((first, old), (second, new)):
        manifest = proof.manifest_of(statement)
        assert manifest.envelope.key == key
        assert verify.check(proof.proof_files(manifest), published).wrong == []


def test_a_key_that_never_signed_is_published_too_when_it_is_replaced(key_file):
    new = signing.rotate_key(at=NOW)

    assert SigningKey.objects.count() == 2
    assert signing.installation_pair().key_id == new.key_id
    assert key_file.stat().st_mode & 0o777 == 0o600


def test_a_key_that_comes_back_is_in_use_again(cast, chair, settings):
    one, other = sealing.new_pair(), sealing.new_pair()
    for pair in (one, other, one):
        settings.SIGNING_KEY = pair.text
        adopted(cast, chair)

    keys = {key.key_id: key.used_until for key in SigningKey.objects.all()}
    assert keys == {one.key_id: None, other.key_id: NOW}


def test_an_adoption_does_not_fail_for_a_key_that_cannot_be_read(cast, chair, key_file, caplog):
    key_file.parent.mkdir()
    key_file.write_text("no key", encoding="ascii")

    statement = adopted(cast, chair)

    manifest = proof.manifest_of(statement)
    assert (proof.envelope_of(manifest), proof.stamp_of(manifest)) == (None, None)
    assert "The signing key cannot be read" in caplog.text
    assert signing.sign_unsigned(at=NOW) == 0
    with pytest.raises(CommandError, match="cannot be read or written"):
        call_command("rotate_signing_key")
    assert verify.check(proof.proof_files(manifest)).wrong == ["manifest.dsse.json is missing."]

    key_file.unlink()
    assert [signing.sign_unsigned(at=NOW), signing.sign_unsigned(at=NOW)] == [1, 0]
    assert verify.check(proof.proof_files(proof.manifest_of(statement))).wrong == []


def test_a_statement_of_old_has_no_manifest(client, group):
    statement = Statement.objects.create(
        slug="2008-old",
        symbol="OLD/1",
        title="Old",
        state="adopted",
        started_at=NOW,
        adopted_at=NOW,
        released_at=NOW,
        adopted_sha256="0" * 64,
    )

    assert proof.manifest_of(statement) is None
    page = client.get("/statements/2008-old/proof/")
    assert "It was adopted before this site made manifests." in page.content.decode()
    for path in ("statement.zip", "check/"):
        assert client.get(f"/statements/2008-old/{path}").status_code == 404


def test_every_level_and_evidence_has_words(cast, chair, client):
    statement = adopted(cast, chair, released=True)

    page = client.get(f"/statements/{statement.slug}/proof/").content.decode()

    for words in ("By letter", "By telephone", "In the app", "Dr Rosa Lima, Director"):
        assert words in page
    assert "There is none: no other authority confirms the time." in page
    assert str(StepLevel.PRINCIPALS.label)[1:] in page


def test_the_proof_of_an_unreleased_statement_is_for_members(cast, chair, client, of_unfpa):
    statement = adopted(cast, chair)

    for path in ("proof/", "statement.zip"):
        assert client.get(f"/statements/{statement.slug}/{path}").status_code == 404
        assert of_unfpa.get(f"/statements/{statement.slug}/{path}").status_code == 200


def test_a_text_in_clearance_has_no_proof(cast, chair, of_unfpa):
    step = ready(cast, chair)

    assert of_unfpa.get(f"/statements/{step.statement.slug}/proof/").status_code == 404


def test_the_task_makes_the_key_once_before_any_adoption(key_file, caplog):
    signing.keep_key(at=NOW)
    signing.keep_key(at=NOW + timedelta(days=1))

    assert SigningKey.objects.get().used_from == NOW
    key_file.write_text("no key", encoding="ascii")
    signing.keep_key(at=NOW)
    assert "The signing key cannot be read." in caplog.text


def test_the_public_keys_are_on_a_page_and_as_json(client, key_file, group):
    assert "No key has signed anything yet." in client.get("/statements/keys/").content.decode()
    signing.keep_key(at=NOW)
    signing.rotate_key(at=NOW + timedelta(days=1))

    page = client.get("/statements/keys/").content.decode()
    keys = client.get("/statements/keys.json").json()["keys"]

    assert [key["keyid"] in page and key["public_key"] in page for key in keys] == [True, True]
    assert keys == proof.public_keys()["keys"]
    assert keys[0]["used_until"] == "2026-11-24T09:00:00.000000Z"


def test_a_text_that_every_font_has_misses_nothing(cast, chair):
    statement = adopted(cast, chair)
    text = adopted_files.adopted_text(statement, address="https://example.org")

    assert why_no_pdf(text) == ""


def test_the_records_name_themselves(cast, chair):
    statement = adopted(cast, chair, title="Migrants")
    manifest = proof.manifest_of(statement)
    stamp = TimeStamp(envelope=manifest.envelope, stamped_at=NOW)
    version = LanguageVersion(statement=statement, language="fr")
    key = SigningKey.objects.get().key_id[:16]

    assert [str(each) for each in (manifest, manifest.envelope, stamp, version)] == [
        "1. Migrants",
        f"1. Migrants, {key}",
        f"1. Migrants, {key}, 2026-11-23 09:00",
        "Migrants, fr",
    ]
    assert str(manifest.files.first()) == "statement.docx"
