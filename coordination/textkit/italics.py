"""Which part of a marked text is in italics.

Its opening words are (see :mod:`.opening_words`). A text with its changes comes in pieces that are
kept, inserted or deleted. The opening is the start of a text, so what is italic of a piece is its
start too, and no piece is cut into more than two.
"""

from collections.abc import Iterator, Sequence
from typing import Protocol

from .opening_words import opening_length


class _Piece(Protocol):
    """A piece of a text; `kind` is "keep", "insert" or "delete"."""

    @property
    def kind(self) -> str: ...
    @property
    def text(self) -> str: ...


def of_change(pieces: Sequence[_Piece], kind: str, language: str) -> tuple[int, ...]:
    """Return how many characters of each piece are italic.

    The pieces are those of one change. Kept and inserted pieces together are the new text, kept and
    deleted ones the old.
    """
    new, old = (
        opening_length("".join(p.text for p in pieces if p.kind != other), kind, language)
        for other in ("delete", "insert")
    )
    return tuple(_italic(pieces, new, old))


def _italic(pieces: Sequence[_Piece], new: int, old: int) -> Iterator[int]:
    """Yield the italic start of each piece.

    `new` and `old` are what is left of the openings.
    """
    for piece in pieces:
        left = old if piece.kind == "delete" else new
        yield min(left, len(piece.text))
        new -= len(piece.text) if piece.kind != "delete" else 0
        old -= len(piece.text) if piece.kind != "insert" else 0
        new, old = max(new, 0), max(old, 0)


def of_changes(pieces: Sequence[_Piece], kind: str, language: str) -> tuple[int, ...]:
    """Return how many characters of each piece are italic.

    The pieces are those of several changes. In a compilation, two insertions need not stand in one
    text. Each is read with the words that stay around it, in place of the deleted words right
    before it.
    """
    base = "".join(piece.text for piece in pieces if piece.kind != "insert")
    opening = opening_length(base, kind, language)
    lengths, place, start = [], 0, 0
    for piece in pieces:
        size = len(piece.text)
        if piece.kind == "insert":
            proposed = base[:start] + piece.text + base[place:]
            lengths.append(min(max(opening_length(proposed, kind, language) - start, 0), size))
            continue
        lengths.append(min(max(opening - place, 0), size))
        place += size
        start = start if piece.kind == "delete" else place
    return tuple(lengths)
