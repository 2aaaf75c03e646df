"""The exact text that agencies approve, and its fingerprint.

docs/develop/fingerprint.md defines both for other programs; the two must agree.
"""

import hashlib
import unicodedata
from collections.abc import Iterable
from typing import Protocol


class _HasText(Protocol):
    """Any block with a text."""

    @property
    def text(self) -> str: ...


def canonical(blocks: Iterable[_HasText]) -> str:
    """Return the whole text of a draft, or ``""`` without words.

    A blank line separates blocks, and a line end ends the text. The text is in NFC with LF line
    ends, without spaces at the ends of lines. A block has no blank lines inside, because it could
    pass for two. There are no labels, because numbers follow from the order.
    """
    texts = [text for block in blocks if (text := _canonical_block(block.text))]
    return "\n\n".join(texts) + "\n" if texts else ""


def fingerprint(blocks: Iterable[_HasText]) -> str:
    """Return the SHA-256 of the canonical text in UTF-8, in hexadecimal.

    ``sha256sum`` gives the same for the downloaded text.
    """
    return hashlib.sha256(canonical(blocks).encode()).hexdigest()


def _canonical_block(text: str) -> str:
    # texts are cleaned when they are stored, but the hash must not depend on that
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(stripped for line in lines if (stripped := line.rstrip()))
