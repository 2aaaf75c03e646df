"""Check the proof that a statement was adopted with exactly these words.

Run it in the folder of the unpacked ZIP: python verify.py
or with the ZIP itself:                   python verify.py statement.zip

It needs Python 3.9 or newer and the package "cryptography". It asks nobody and changes nothing.
It answers in plain sentences, and ends with 0 if all is in order, else with 1.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import json
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

MANIFEST, ENVELOPE, KEYS = "manifest.json", "manifest.dsse.json", "public-keys.json"
TIME_STAMP, SCRIPT, README = "manifest.tsr", "verify.py", "README.txt"
TEXT = "statement.txt"
FORMAT = "adoption-manifest/1"
PAYLOAD_TYPE = "application/vnd.in-toto+json"
STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE = "urn:uuid:7d0e4f0e-5a3b-4c55-9c0e-2f7c7a1f6b19#adoption-manifest-v1"
# no real proof is larger; more is a ZIP that was made to fill the memory
LARGEST = 64 * 1024 * 1024


class Unreadable(Exception):
    """A part of the proof is missing or has another form; the message is a sentence."""


@dataclass
class Report:
    """What was checked: sentences of what is in order, of what is wrong, and remarks."""

    good: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Say whether nothing is wrong."""
        return not self.wrong

    @property
    def lines(self) -> list[str]:
        """Return all sentences, each with its mark."""
        return [
            *(f"  ok     {sentence}" for sentence in self.good),
            *(f"  note   {sentence}" for sentence in self.remarks),
            *(f"  WRONG  {sentence}" for sentence in self.wrong),
        ]


def sha256(content: bytes) -> str:
    """Return the SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def pae(payload: bytes) -> bytes:
    """Return the bytes that a DSSE signature covers ("pre-authentication encoding")."""
    kind = PAYLOAD_TYPE.encode()
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)


def key_id(public_key: bytes) -> str:
    """Return the identity of an Ed25519 public key of 32 bytes: its SHA-256."""
    return sha256(public_key)


def check(files: Mapping[str, bytes], trusted: bytes | None = None) -> Report:
    """Check the proof in `files`, by name.

    `trusted` are public keys from elsewhere, in the form of public-keys.json; without them those
    of the proof itself are used.
    """
    report = Report()
    try:
        manifest = _manifest(files)
        payload = _check_signature(files, trusted, manifest, report)
        _check_payload(payload, files, manifest, report)
        _check_files(files, manifest, report)
        _check_time_stamp(files, report)
    except Unreadable as fault:
        report.wrong.append(str(fault))
    except (KeyError, TypeError, ValueError, AttributeError, LookupError):
        report.wrong.append("A part of the proof does not have the form that it should have.")
    return report


def _json(files: Mapping[str, bytes], name: str) -> Any:
    if name not in files:
        raise Unreadable(f"{name} is missing.")
    try:
        return json.loads(files[name])
    except ValueError:
        raise Unreadable(f"{name} cannot be read; it was changed or damaged.") from None


def _manifest(files: Mapping[str, bytes]) -> Any:
    manifest = _json(files, MANIFEST)
    if manifest.get("format") != FORMAT:
        raise Unreadable(f"{MANIFEST} is not of the format {FORMAT}.")
    return manifest


def _check_signature(
    files: Mapping[str, bytes], trusted: bytes | None, manifest: Any, report: Report
) -> Any:
    """Check the envelope against the public keys; return what it says."""
    envelope = _json(files, ENVELOPE)
    keys = _json({KEYS: trusted} if trusted is not None else files, KEYS)["keys"]
    if envelope["payloadType"] != PAYLOAD_TYPE:
        raise Unreadable(f"{ENVELOPE} is an envelope of another kind.")
    [signature] = envelope["signatures"]
    payload = _bytes(envelope["payload"])
    key = next((each for each in keys if each["keyid"] == signature["keyid"]), None)
    if key is None:
        raise Unreadable(f"{ENVELOPE} is signed with a key that is not among the public keys.")
    public_key = _bytes(key["public_key"])
    if key_id(public_key) != key["keyid"] or not _is_signed(
        public_key, _bytes(signature["sig"]), pae(payload)
    ):
        raise Unreadable("The signature does not fit: the envelope or the key was changed.")
    adopted_at = manifest["adopted_at"]
    # moments of one form, in UTC: they compare as texts
    if adopted_at > (key["used_until"] or adopted_at):
        raise Unreadable("The key was not in use any more when the statement was adopted.")
    report.good.append(f"The signature is of the key {key['keyid']}.")
    if trusted is None:
        report.remarks.append(
            "The key came with this proof. Compare it with the one that the group publishes at "
            f"{manifest['keys_address']}"
        )
    return json.loads(payload)


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise Unreadable("A key or signature cannot be read; it was changed.") from None


def _is_signed(public_key: bytes, signature: bytes, content: bytes) -> bool:
    # `main` says in a sentence where the package is missing
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric import ed25519

    try:
        ed25519.Ed25519PublicKey.from_public_bytes(public_key).verify(signature, content)
    except InvalidSignature:
        return False
    return True


def _check_payload(payload: Any, files: Mapping[str, bytes], manifest: Any, report: Report) -> None:
    """Check that what was signed is this manifest and its files."""
    if (payload["_type"], payload["predicateType"]) != (STATEMENT_TYPE, PREDICATE_TYPE):
        raise Unreadable("What was signed is not the manifest of an adoption.")
    signed = {each["name"]: each["digest"]["sha256"] for each in payload["subject"]}
    listed = {each["name"]: each["sha256"] for each in manifest["files"] if "sha256" in each}
    same = (
        payload["predicate"] == manifest
        and signed.pop(MANIFEST, "") == sha256(files[MANIFEST])
        and signed == listed
    )
    if not same:
        raise Unreadable("The manifest is not the one that was signed; it was changed.")
    report.good.append(f"The manifest is the one that was signed, number {manifest['number']}.")


def _check_files(files: Mapping[str, bytes], manifest: Any, report: Report) -> None:
    """Check each file of the statement against the manifest."""
    for each in manifest["files"]:
        name = each["name"]
        if "sha256" not in each:
            report.remarks.append(f"{name} was not made at the adoption: {each['missing']}")
        elif name not in files:
            report.wrong.append(f"{name} is missing.")
        elif sha256(files[name]) != each["sha256"]:
            report.wrong.append(f"{name} is not the file of the adoption; it was changed.")
        else:
            report.good.append(f"{name} is the file of the adoption.")
    if TEXT in files and sha256(files[TEXT]) != manifest["text"]["sha256"]:
        report.wrong.append(f"{TEXT} does not have the words that the agencies approved.")


def _check_time_stamp(files: Mapping[str, bytes], report: Report) -> None:
    """Check that a time stamp, if there is one, is of this envelope."""
    if TIME_STAMP not in files:
        report.remarks.append(
            "There is no time stamp of another authority: the day of the adoption is what the "
            "group's own key says."
        )
    elif hashlib.sha256(files[ENVELOPE]).digest() not in files[TIME_STAMP]:
        report.wrong.append("The time stamp is of another envelope.")
    else:
        report.good.append("The time stamp is of this envelope.")
        report.remarks.append(f"{README} says how to check who made the time stamp.")


def summary(manifest: Any) -> str:
    """Return what a proof in order says, in one sentence."""
    statement = manifest["statement"]
    signed_by = ", ".join(each["agency"] for each in manifest["signatories"])
    return (
        f"These are the words of “{statement['title']}” ({statement['symbol']}), adopted by the "
        f"{manifest['group']} on {manifest['adopted_on']}, signed by {signed_by}."
    )


def read_proof(place: Path) -> dict[str, bytes]:
    """Return the files of a ZIP or of a folder, by name; raise Unreadable."""
    if place.is_dir():
        return {
            path.name: path.read_bytes()
            for path in sorted(place.iterdir())
            if path.is_file() and path.stat().st_size <= LARGEST
        }
    try:
        with zipfile.ZipFile(place) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > LARGEST:
                raise Unreadable(f"{place.name} is too large for a proof.")
            return {entry.filename: archive.read(entry) for entry in archive.infolist()}
    # zipfile raises the others for entries that are damaged, encrypted or of an unknown kind
    except (OSError, zipfile.BadZipFile, RuntimeError, EOFError, ValueError):
        raise Unreadable(f"{place.name} cannot be read as a ZIP or a folder.") from None


def run(place: Path, trusted: Path | bytes | None = None) -> tuple[int, str]:
    """Check the proof at a place; return the exit code and what to print."""
    try:
        files = read_proof(place)
        keys = trusted.read_bytes() if isinstance(trusted, Path) else trusted
        report = check(files, keys)
    except Unreadable as fault:
        return 1, f"{fault}\n"
    except OSError as fault:
        return 1, f"{fault.filename} cannot be read: {fault.strerror}.\n"
    except ModuleNotFoundError:
        return 1, "First install the package cryptography: pip install cryptography\n"
    if report.passed:
        end = summary(json.loads(files[MANIFEST]))
    else:
        end = "This proof is NOT in order. Do not rely on these files."
    return int(not report.passed), "\n".join([*report.lines, "", end, ""])


def main(arguments: list[str] | None = None) -> int:
    """Check what the command line names; print the result and return the exit code."""
    parser = argparse.ArgumentParser(description="Check the proof of an adoption.")
    parser.add_argument(
        "place",
        nargs="?",
        type=Path,
        default=Path(__file__).resolve().parent,
        help="the ZIP, or the folder in which it was unpacked; default: where this script is",
    )
    parser.add_argument(
        "--keys",
        type=Path,
        help="public keys that you downloaded from the group yourself (keys.json)",
    )
    options = parser.parse_args(arguments)
    code, words = run(options.place, options.keys)
    sys.stdout.buffer.write(words.encode())
    return code


if __name__ == "__main__":
    sys.exit(main())
