"""A hunk: one place of a text and the words that take its place."""

import sys
from collections.abc import Iterable, Iterator
from typing import NamedTuple


class HunkError(ValueError):
    """Hunks that overlap, or that lie outside the text."""


class Hunk(NamedTuple):
    """``base[start:end]`` becomes ``text``; code points, half open.

    ``start == end`` inserts, an empty ``text`` deletes.
    """

    start: int
    end: int
    text: str

    @property
    def size(self) -> int:
        """Code points taken out or put in, whichever is more."""
        return max(self.end - self.start, len(self.text))


def apply(base: str, hunks: Iterable[Hunk]) -> str:
    """Put ``hunks``, given in any order, into ``base``.

    Hunks may touch. Raises :class:`HunkError` when two overlap, when two insert at one point (which
    comes first is for a person to say), or when one lies outside ``base``.
    """
    parts: list[str] = []
    done = 0
    for hunk in ordered(hunks, len(base)):
        parts += base[done : hunk.start], hunk.text
        done = hunk.end
    return "".join((*parts, base[done:]))


def ordered(hunks: Iterable[Hunk], length: int = sys.maxsize) -> list[Hunk]:
    """Return ``hunks`` by place.

    Raises :class:`HunkError` unless all of them can be put into one text of ``length`` code points
    (see :func:`apply`).
    """
    found = sorted(hunks, key=by_place)
    last: Hunk | None = None
    for hunk in found:
        if not 0 <= hunk.start <= hunk.end <= length:
            raise HunkError(f"{hunk} lies outside a text of {length} code points")
        if last and (hunk.start < last.end or (hunk.start, hunk.end) == (last.start, last.end)):
            raise HunkError(f"{last} and {hunk} overlap")
        last = hunk
    return found


def by_place(hunk: Hunk) -> tuple[int, int, str]:
    """Return the sort key of a hunk.

    At one place an insertion comes before what takes words out; else the words decide.
    """
    return hunk.start, hunk.end, hunk.text


def one_at_a_point(hunks: Iterable[Hunk]) -> Iterator[Hunk]:
    """Yield ``hunks``, which are in order; of those that insert at one point, one is made."""
    last: Hunk | None = None
    for hunk in hunks:
        if last and last.start == last.end == hunk.start == hunk.end:
            last = Hunk(last.start, last.end, last.text + hunk.text)
            continue
        if last:
            yield last
        last = hunk
    if last:
        yield last
