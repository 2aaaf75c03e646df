"""A hunk: one place of a text and the words that take its place."""

from collections.abc import Iterable
from dataclasses import dataclass


class HunkError(ValueError):
    """Hunks that overlap, or that lie outside the text."""


@dataclass(frozen=True, slots=True, order=True)
class Hunk:
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

    Hunks may touch. Raises :class:`HunkError` when two overlap, when two insert at one point (which comes first is for a person
    to say), or when one lies outside ``base``.
    """
    parts: list[str] = []
    done = 0
    last: Hunk | None = None
    for hunk in sorted(hunks):
        _check(hunk, last, len(base))
        parts += base[done : hunk.start], hunk.text
        done, last = hunk.end, hunk
    return "".join((*parts, base[done:]))


def _check(hunk: Hunk, last: Hunk | None, length: int) -> None:
    if not 0 <= hunk.start <= hunk.end <= length:
        raise HunkError(f"{hunk} lies outside a text of {length} code points")
    if last is None:
        return
    if hunk.start < last.end or (hunk.start, hunk.end) == (last.start, last.end):
        raise HunkError(f"{last} and {hunk} overlap")
