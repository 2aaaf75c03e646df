"""Write manifests as bytes, and sign them in envelopes.

DSSE, in-toto Statement v1.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from coordination.statements.proofkit import verify

RAW_LENGTH = 32


class BadKey(ValueError):
    """The private key cannot be read."""


def canonical_json(content: Any) -> bytes:
    """Return canonical JSON: sorted keys, two spaces, UTF-8, final newline.

    Raises ValueError for a float: programs write one number in different ways.
    """
    _refuse_floats(content)
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, indent=2)
    return f"{text}\n".encode()


def _refuse_floats(content: Any) -> None:
    if isinstance(content, float):
        raise ValueError("A manifest has no floats.")  # noqa: TRY004 - of JSON, not of Python
    if isinstance(content, Mapping):
        for value in content.values():
            _refuse_floats(value)
    elif isinstance(content, list | tuple):
        for value in content:
            _refuse_floats(value)


@dataclass(frozen=True, slots=True)
class SigningPair:
    """A private key of the installation with its public half."""

    private: Ed25519PrivateKey

    @property
    def public(self) -> bytes:
        """Return the public key, 32 bytes."""
        return self.private.public_key().public_bytes_raw()

    @property
    def key_id(self) -> str:
        """Return the SHA-256 of the public key."""
        return verify.key_id(self.public)

    @property
    def pem(self) -> bytes:
        """Return the private key as PKCS #8 in PEM, as openssl writes it."""
        return self.private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )

    @property
    def text(self) -> str:
        """Return the private key on one line: base64 of its 32 bytes."""
        return base64.b64encode(self.private.private_bytes_raw()).decode()


def new_pair() -> SigningPair:
    """Return a new random key."""
    return SigningPair(Ed25519PrivateKey.generate())


def read_pair(text: str) -> SigningPair:
    """Read a key from PEM, or from base64 of 32 bytes.

    Raises BadKey.
    """
    try:
        if "-----BEGIN" in text:
            private = serialization.load_pem_private_key(text.encode(), password=None)
            if not isinstance(private, Ed25519PrivateKey):
                raise BadKey("not an Ed25519 key")
            return SigningPair(private)
        raw = base64.b64decode(text.strip(), validate=True)
        if len(raw) != RAW_LENGTH:
            raise BadKey("not 32 bytes")
        return SigningPair(Ed25519PrivateKey.from_private_bytes(raw))
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise BadKey(str(error)) from error


def seal(manifest: bytes, files: Mapping[str, str], pair: SigningPair) -> bytes:
    """Return the signed envelope of a manifest, as JSON.

    `files` has the SHA-256 of each file by name. The same input gives the same bytes (RFC 8032).
    """
    subjects = {verify.MANIFEST: verify.sha256(manifest), **files}
    payload = canonical_json(
        {
            "_type": verify.STATEMENT_TYPE,
            "subject": [
                {"name": name, "digest": {"sha256": digest}}
                for name, digest in sorted(subjects.items())
            ],
            "predicateType": verify.PREDICATE_TYPE,
            "predicate": json.loads(manifest),
        }
    )
    signature = pair.private.sign(verify.pae(payload))
    return canonical_json(
        {
            "payloadType": verify.PAYLOAD_TYPE,
            "payload": base64.b64encode(payload).decode(),
            "signatures": [
                {"keyid": pair.key_id, "sig": base64.b64encode(signature).decode()},
            ],
        }
    )
