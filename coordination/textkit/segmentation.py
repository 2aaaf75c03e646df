"""A difference as a page shows it: what stays, what goes, what comes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Literal

from .diffs import diff, fine_diff
from .hunks import Hunk


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of text that is kept, inserted or deleted."""

    kind: Literal["keep", "insert", "delete"]
    text: str


@lru_cache(maxsize=2048)
def segments(base: str, proposed: str) -> tuple[Segment, ...]:
    """Return ``proposed`` beside ``base``: what goes stands before what comes.

    The segments are in reading order. None is empty, and no two neighbours are of one kind.

    Kept and deleted segments joined are ``base``, kept and inserted ones ``proposed``. A hunk that
    only adds words among its own (or only takes some out) is shown word by word, since striking a
    word out to put it in again misleads the reader. Kept for a while, because sixteen agencies look
    at the same amendments.
    """
    hunks = [fine for hunk in diff(base, proposed) for fine in _closer(base, hunk)]
    pieces = groupby(
        (piece for piece in _pieces(base, hunks) if piece.text), key=lambda piece: piece.kind
    )
    return tuple(Segment(kind, "".join(piece.text for piece in run)) for kind, run in pieces)


def _closer(base: str, hunk: Hunk) -> Iterable[Hunk]:
    """``hunk``, or the smaller ones in it when nothing in it is replaced."""
    fine = fine_diff(base[hunk.start : hunk.end], hunk.text)
    if all(part.start == part.end for part in fine) or not any(part.text for part in fine):
        return [Hunk(hunk.start + part.start, hunk.start + part.end, part.text) for part in fine]
    return [hunk]


def _pieces(base: str, hunks: Iterable[Hunk]) -> Iterator[Segment]:
    at = 0
    for hunk in hunks:
        yield Segment("keep", base[at : hunk.start])
        yield Segment("delete", base[hunk.start : hunk.end])
        yield Segment("insert", hunk.text)
        at = hunk.end
    yield Segment("keep", base[at:])
