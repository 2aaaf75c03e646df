"""verify.py: on its own in a process, and what it says of each change."""

import io
import json
import re
import subprocess
import sys
import zipfile
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from django.core.management import call_command

from coordination.statements.models import Manifest
from coordination.statements.proofkit import packing, sealing, verify
from coordination.statements.queries import proof
from coordination.statements.tests.proofs import adopted
from coordination.tests.house.source import ROOT

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ADOPTED_AT = "2026-11-23T09:00:00.000000Z"
WORDS = b"Migrants have rights.\n"


def manifest_of(files, **changes):
    entries = [
        {"name": name, "sha256": verify.sha256(content), "bytes": len(content)}
        for name, content in files.items()
    ]
    return {
        "format": verify.FORMAT,
        "number": 3,
        "previous_sha256": "0" * 64,
        "group": "Global Migration Group",
        "keys_address": "https://secretariat.example.org/statements/keys.json",
        "statement": {
            "symbol": "GMG/2026/ST/1",
            "title": "Migrants in transit",
            "address": "https://secretariat.example.org/statements/2026-01/",
        },
        "adopted_on": "2026-11-23",
        "adopted_at": ADOPTED_AT,
        "text": {"sha256": verify.sha256(WORDS)},
        "files": [*entries, {"name": "statement.pdf", "missing": "no font"}],
        "signatories": [{"agency": "FAO"}, {"agency": "WHO"}],
        **changes,
    }


def keys_of(pair, used_until="", **changes):
    entry = {
        "keyid": pair.key_id,
        "algorithm": "ed25519",
        "public_key": sealing.base64.b64encode(pair.public).decode(),
        "used_from": ADOPTED_AT,
        "used_until": used_until,
        **changes,
    }
    return sealing.canonical_json({"keys": [entry]})


def proof_of(pair, **changes):
    """Return a whole proof by file name."""
    files = {"statement.txt": WORDS, "statement.docx": b"PK Word", "statement.xml": b"<xml/>"}
    manifest = sealing.canonical_json(manifest_of(files, **changes))
    digests = {name: verify.sha256(content) for name, content in files.items()}
    return {
        **files,
        verify.MANIFEST: manifest,
        verify.ENVELOPE: sealing.seal(manifest, digests, pair),
        verify.KEYS: keys_of(pair),
        verify.SCRIPT: packing.script(),
        verify.README: packing.read_me(json.loads(manifest)).encode(),
    }


@pytest.fixture
def pair():
    return sealing.new_pair()


def wrong(files, trusted=None):
    return verify.check(files, trusted).wrong


def test_a_proof_in_order(pair):
    report = verify.check(proof_of(pair))

    assert report.passed
    assert report.lines == [
        f"  ok     The signature is of the key {pair.key_id}.",
        "  ok     The manifest is the one that was signed, number 3.",
        "  ok     statement.txt is the file of the adoption.",
        "  ok     statement.docx is the file of the adoption.",
        "  ok     statement.xml is the file of the adoption.",
        (
            "  note   The key came with this proof. Compare it with the one that the group "
            "publishes at https://secretariat.example.org/statements/keys.json"
        ),
        "  note   statement.pdf was not made at the adoption: no font",
        (
            "  note   There is no time stamp of another authority: the day of the adoption is "
            "what the group's own key says."
        ),
    ]
    assert verify.check(proof_of(pair), keys_of(pair)).remarks == [
        "statement.pdf was not made at the adoption: no font",
        (
            "There is no time stamp of another authority: the day of the adoption is what the "
            "group's own key says."
        ),
    ]


@pytest.mark.parametrize("name", ["statement.txt", "statement.docx", "statement.xml"])
def test_one_changed_letter_in_a_file(pair, name):
    files = proof_of(pair)
    files[name] = b"N" + files[name][1:]

    assert wrong(files)[0] == f"{name} is not the file of the adoption; it was changed."


def test_a_missing_part(pair):
    for name in ("statement.docx", verify.MANIFEST, verify.ENVELOPE, verify.KEYS):
        files = proof_of(pair)
        del files[name]
        assert wrong(files) == [f"{name} is missing."]


def test_a_changed_manifest(pair):
    files = proof_of(pair)
    changed = files[verify.MANIFEST].replace(b"WHO", b"ILO")
    sentence = "The manifest is not the one that was signed; it was changed."

    assert wrong(files | {verify.MANIFEST: changed}) == [sentence]
    # the same JSON in other bytes
    assert wrong(files | {verify.MANIFEST: files[verify.MANIFEST] + b" "}) == [sentence]
    assert wrong(files | {verify.MANIFEST: b"{"}) == [
        "manifest.json cannot be read; it was changed or damaged."
    ]
    assert wrong(files | {verify.MANIFEST: b'{"format": "other/1"}'}) == [
        "manifest.json is not of the format adoption-manifest/1."
    ]
    assert wrong(files | {verify.MANIFEST: b"[]"}) == [
        "A part of the proof does not have the form that it should have."
    ]


def test_another_key(pair):
    files, other = proof_of(pair), sealing.new_pair()

    assert wrong(files, keys_of(other)) == [
        "manifest.dsse.json is signed with a key that is not among the public keys."
    ]
    # a whole proof by another key is in order by itself, and not by the keys of the group
    assert wrong(proof_of(other)) == []
    assert wrong(proof_of(other), keys_of(pair)) != []
    # the identity of the key with another public key
    for changes in (
        {"public_key": sealing.base64.b64encode(other.public).decode()},
        {"keyid": other.key_id},
    ):
        assert wrong(files | {verify.KEYS: keys_of(pair, **changes)}) != []
    assert wrong(files, keys_of(pair, public_key="???")) == [
        "A key or signature cannot be read; it was changed."
    ]


def test_a_key_out_of_use(pair):
    files = proof_of(pair)

    assert wrong(files, keys_of(pair, "2026-11-23T09:00:00.000000Z")) == []
    assert wrong(files, keys_of(pair, "2026-11-23T08:59:59.999999Z")) == [
        "The key was not in use any more when the statement was adopted."
    ]


def test_an_envelope_of_something_else(pair):
    files = proof_of(pair)
    envelope = json.loads(files[verify.ENVELOPE])

    def with_envelope(**changes):
        return files | {verify.ENVELOPE: sealing.canonical_json(envelope | changes)}

    assert wrong(with_envelope(payloadType="text/plain")) == [
        "manifest.dsse.json is an envelope of another kind."
    ]
    payload = b'{"_type": "x", "predicateType": "y"}'
    signature = pair.private.sign(verify.pae(payload))
    other = with_envelope(
        payload=sealing.base64.b64encode(payload).decode(),
        signatures=[{"keyid": pair.key_id, "sig": sealing.base64.b64encode(signature).decode()}],
    )
    assert wrong(other) == ["What was signed is not the manifest of an adoption."]
    no_signature = [{"keyid": pair.key_id, "sig": sealing.base64.b64encode(b"0" * 64).decode()}]
    assert wrong(with_envelope(signatures=no_signature)) == [
        "The signature does not fit: the envelope or the key was changed."
    ]


def test_words_that_are_not_those_approved(pair):
    assert wrong(proof_of(pair, text={"sha256": "0" * 64})) == [
        "statement.txt does not have the words that the agencies approved."
    ]


def test_a_time_stamp_of_another_envelope(pair):
    files = proof_of(pair)
    digest = bytes.fromhex(verify.sha256(files[verify.ENVELOPE]))

    good = verify.check(files | {verify.TIME_STAMP: b"0" + digest})
    assert good.passed
    assert good.good[-1] == "The time stamp is of this envelope."
    assert wrong(files | {verify.TIME_STAMP: b"0" * 40}) == [
        "The time stamp is of another envelope."
    ]


def test_a_zip_is_the_same_bytes_each_time_and_unpacks_to_the_same_files(pair):
    files = proof_of(pair)
    packed = packing.pack(files, AT)

    assert packed == packing.pack(dict(reversed(files.items())), AT)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == files
        assert {entry.date_time for entry in archive.infolist()} == {(2026, 11, 23, 9, 0, 0)}


def test_the_page_of_instructions_fits_a_page(pair):
    lines = proof_of(pair)[verify.README].decode().splitlines()

    assert lines[0] == "Migrants in transit"
    assert len(lines) < 60
    assert "This is number 3." in "\n".join(lines)


def test_what_cannot_be_read_is_one_sentence(tmp_path, pair, monkeypatch):
    no_zip, large = tmp_path / "no.zip", tmp_path / "large.zip"
    no_zip.write_bytes(b"no zip")
    with zipfile.ZipFile(large, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(verify.LARGEST + 1))
    whole = tmp_path / "whole.zip"
    whole.write_bytes(packing.pack(proof_of(pair), AT))

    assert verify.run(no_zip) == (1, "no.zip cannot be read as a ZIP or a folder.\n")
    assert verify.run(tmp_path / "none.zip") == (
        1,
        "none.zip cannot be read as a ZIP or a folder.\n",
    )
    assert verify.run(large) == (1, "large.zip is too large for a proof.\n")
    assert verify.run(whole, tmp_path / "none.json") == (
        1,
        f"{tmp_path / 'none.json'} cannot be read: No such file or directory.\n",
    )
    for module in [name for name in sys.modules if name.partition(".")[0] == "cryptography"]:
        monkeypatch.setitem(sys.modules, module, None)
    assert verify.run(whole) == (
        1,
        "First install the package cryptography: pip install cryptography\n",
    )


def test_the_command_line(tmp_path, pair, capfd):
    whole, keys = tmp_path / "whole.zip", tmp_path / "keys.json"
    whole.write_bytes(packing.pack(proof_of(pair), AT))
    keys.write_bytes(keys_of(pair))

    assert verify.main([str(whole), "--keys", str(keys)]) == 0
    assert capfd.readouterr().out.splitlines()[-1] == (
        "These are the words of “Migrants in transit” (GMG/2026/ST/1), adopted by the Global "
        "Migration Group on 2026-11-23, signed by FAO, WHO."
    )


def test_a_folder_is_read_like_a_zip(tmp_path, pair):
    files = proof_of(pair)
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "more").mkdir()

    assert verify.read_proof(tmp_path) == files
    assert verify.run(tmp_path)[0] == 0


def test_manifests_have_no_floats():
    assert sealing.canonical_json({"b": ["é", 1], "a": None}) == (
        '{\n  "a": null,\n  "b": [\n    "é",\n    1\n  ]\n}\n'.encode()
    )
    for content in (1.5, {"a": 1.5}, [1, (2.0,)]):
        with pytest.raises(ValueError, match="A manifest has no floats."):
            sealing.canonical_json(content)


def test_keys_as_text(pair):
    assert sealing.read_pair(pair.pem.decode()).key_id == pair.key_id
    assert sealing.read_pair(f" {pair.text}\n").key_id == pair.key_id
    other_kind = generate_private_key(SECP256R1()).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    for text in ("", "AAAA", "é", other_kind.decode(), "-----BEGIN nothing"):
        with pytest.raises(sealing.BadKey):
            sealing.read_pair(text)


# In a process of its own, on the proof of a real adoption


def verified(folder, *arguments) -> tuple[int, str]:
    """Run the verify.py of a folder alone: without this project on its path."""
    done = subprocess.run(
        [sys.executable, "-I", str(folder / "verify.py"), *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        cwd=folder,
    )
    assert done.stderr == ""
    return done.returncode, done.stdout.splitlines()[-1]


@pytest.fixture
def unpacked(cast, chair, client, tmp_path, key_file, now):
    """Return the folder in which the ZIP of a real adoption was unpacked."""
    statement = adopted(cast, chair, released=True, title="Migrants in transit")
    answer = client.get(f"/statements/{statement.slug}/statement.zip")
    assert answer["Content-Type"] == "application/zip"
    (tmp_path / "statement.zip").write_bytes(answer.content)
    with zipfile.ZipFile(tmp_path / "statement.zip") as archive:
        archive.extractall(tmp_path / "proof")
    return tmp_path / "proof"


@pytest.mark.process
@pytest.mark.django_db
def test_the_script_of_the_zip_checks_it_in_a_process_of_its_own(unpacked):
    symbol = json.loads((unpacked / "manifest.json").read_bytes())["statement"]["symbol"]
    sentence = (
        f"These are the words of “Migrants in transit” ({symbol}), adopted by the Global "
        "Migration Group on 2026-11-23, signed by OHCHR, UNESCO, UNFPA."
    )

    assert verified(unpacked) == (0, sentence)
    assert verified(unpacked, str(unpacked.parent / "statement.zip")) == (0, sentence)


@pytest.mark.process
@pytest.mark.django_db
def test_the_script_of_the_zip_finds_each_change(unpacked):
    end = "This proof is NOT in order. Do not rely on these files."
    listed = json.loads((unpacked / "manifest.json").read_bytes())["files"]
    made = [each["name"] for each in listed if "sha256" in each]
    assert "statement.txt" in made
    for name in [*made, "manifest.json", "manifest.dsse.json"]:
        path = unpacked / name
        before = path.read_bytes()
        place = len(before) // 2
        path.write_bytes(before[:place] + bytes([before[place] ^ 1]) + before[place + 1 :])
        assert (name, *verified(unpacked)) == (name, 1, end)
        path.write_bytes(before)
    (unpacked / "public-keys.json").write_bytes(keys_of(sealing.new_pair()))
    assert verified(unpacked) == (1, end)


@pytest.mark.process
@pytest.mark.django_db
def test_the_command_checks_with_the_keys_of_this_installation(unpacked, capsys):
    archive = unpacked.parent / "statement.zip"
    call_command("verify", str(archive))
    assert "signed by OHCHR, UNESCO, UNFPA." in capsys.readouterr().out

    # a whole proof that somebody else made
    other, files = sealing.new_pair(), proof.proof_files(Manifest.objects.get())
    digests = {
        each["name"]: each["sha256"]
        for each in json.loads(files[verify.MANIFEST])["files"]
        if "sha256" in each
    }
    forged = {
        **files,
        verify.ENVELOPE: sealing.seal(files[verify.MANIFEST], digests, other),
        verify.KEYS: keys_of(other),
    }
    archive.write_bytes(packing.pack(forged, AT))
    assert verify.run(archive)[0] == 0
    with pytest.raises(SystemExit) as end:
        call_command("verify", str(archive))
    assert end.value.code == 1
    assert "signed with a key that is not among the public keys" in capsys.readouterr().out


@pytest.mark.process
@pytest.mark.django_db
@pytest.mark.jq
@pytest.mark.openssl
def test_the_commands_of_the_paper_check_a_proof_by_hand(unpacked):
    paper = (ROOT / "docs/develop/adoption-proof.md").read_text(encoding="utf-8")
    [block] = re.findall(r"By hand,.*?```text\n(.*?)```", paper, re.DOTALL)
    lines = block.splitlines()
    # there is no time stamp here; test_stamping checks one as the paper does
    assert lines.pop().startswith("openssl ts -verify -data manifest.dsse.json -in manifest.tsr ")

    done = subprocess.run(
        ["bash", "-euc", "\n".join(lines)],
        cwd=unpacked,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout.splitlines()[-1]) == (
        0,
        "Signature Verified Successfully",
    )
