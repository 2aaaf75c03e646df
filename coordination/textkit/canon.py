"""The exact text that agencies approve, and its fingerprint.

It is defined for everyone in docs/develop/fingerprint.md; the two must agree.
"""

import hashlib
import unicodedata
from collections.abc import Iterable
from typing import Protocol


class _Worded(Protocol):
    """Anything that is a block with words."""

    @property
    def text(self) -> str: ...


def canonical(blocks: Iterable[_Worded]) -> str:
    """Return the whole text of a draft.

    Its blocks in order, a blank line between two, one line end at the end; ``""`` without words.

    In NFC, with LF line ends, without space at the ends of lines, without blank lines inside a
    block (else it could pass for two). No labels: numbers follow from the order.
    """
    texts = [text for block in blocks if (text := _settled(block.text))]
    return "\n\n".join(texts) + "\n" if texts else ""


def fingerprint(blocks: Iterable[_Worded]) -> str:
    """Return the SHA-256 of the canonical text in UTF-8, in hexadecimal.

    It is what ``sha256sum`` says of the downloaded text.
    """
    return hashlib.sha256(canonical(blocks).encode()).hexdigest()


def _settled(text: str) -> str:
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(stripped for line in lines if (stripped := line.rstrip()))
