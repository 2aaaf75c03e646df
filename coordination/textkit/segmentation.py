"""Differences as pages show them."""

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
    """Return the segments of ``base`` and ``proposed``, deletions before insertions.

    The segments are in reading order. None is empty, and two neighbours differ in kind. Kept and
    deleted segments give ``base``; kept and inserted ones give ``proposed``. The result is cached,
    because all agencies read the same amendments.
    """
    # striking a word out and inserting it again misleads, so hunks that only add or only delete
    # words are shown word by word
    hunks = [fine for hunk in diff(base, proposed) for fine in _refine(base, hunk)]
    pieces = groupby(
        (piece for piece in _pieces(base, hunks) if piece.text), key=lambda piece: piece.kind
    )
    return tuple(Segment(kind, "".join(piece.text for piece in run)) for kind, run in pieces)


def _refine(base: str, hunk: Hunk) -> Iterable[Hunk]:
    """Return ``hunk``, or its parts if they only insert or only delete."""
    fine = fine_diff(base[hunk.start : hunk.end], hunk.text)
    if all(part.start == part.end for part in fine) or not any(part.text for part in fine):
        return [Hunk(hunk.start + part.start, hunk.start + part.end, part.text) for part in fine]
    return [hunk]


def _pieces(base: str, hunks: Iterable[Hunk]) -> Iterator[Segment]:
    position = 0
    for hunk in hunks:
        yield Segment("keep", base[position : hunk.start])
        yield Segment("delete", base[hunk.start : hunk.end])
        yield Segment("insert", hunk.text)
        position = hunk.end
    yield Segment("keep", base[position:])
