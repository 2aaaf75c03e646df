"""Hunks: replacements of ranges of a text."""

import sys
from collections.abc import Iterable, Iterator
from itertools import takewhile
from typing import NamedTuple

from .clauses import begins_sentence, ends_sentence


class HunkError(ValueError):
    """Hunks overlap, or are outside the text."""


class Hunk(NamedTuple):
    """A change of ``base[start:end]``, in code points, to ``text``.

    With ``start == end`` it inserts; an empty ``text`` deletes.
    """

    start: int
    end: int
    text: str

    @property
    def size(self) -> int:
        """The number of code points deleted or inserted, whichever is more."""
        return max(self.end - self.start, len(self.text))


class Change(NamedTuple):
    """A readable change of one or more hunks.

    They are in order, and are applied together or not at all. ``typographic``: they change no words
    and no punctuation (see :mod:`.typography`).
    """

    hunks: tuple[Hunk, ...]
    typographic: bool = False

    @property
    def start(self) -> int:
        """Where the first hunk starts."""
        return self.hunks[0].start

    @property
    def end(self) -> int:
        """Where the last hunk ends."""
        return self.hunks[-1].end


def hunks_of(changes: Iterable[Change]) -> Iterator[Hunk]:
    """Yield the hunks of ``changes``."""
    for change in changes:
        yield from change.hunks


def apply(base: str, hunks: Iterable[Hunk]) -> str:
    """Return ``base`` with ``hunks``, which may be in any order, applied.

    Hunks may touch. Of two insertions at one point, one that ends a sentence comes first, and one
    that begins a sentence last. Raises :class:`HunkError` when two overlap, when two others insert
    at one point (their order is for a person to decide), or when one is outside ``base``.
    """
    parts: list[str] = []
    copied = 0
    for hunk in sort_hunks(hunks, len(base)):
        parts += base[copied : hunk.start], hunk.text
        copied = hunk.end
    return "".join((*parts, base[copied:]))


def moved_place(hunks: Iterable[Hunk], place: int) -> int:
    """Return where ``place`` of a text is after ``hunks``.

    They are applied in order. Hunks that end at the place count as before it.
    """
    before = takewhile(lambda hunk: hunk.end <= place, hunks)
    return place + sum(len(hunk.text) - (hunk.end - hunk.start) for hunk in before)


def sort_hunks(hunks: Iterable[Hunk], length: int = sys.maxsize) -> list[Hunk]:
    """Return ``hunks`` sorted by place.

    Raises :class:`HunkError` unless all can be applied to one text of ``length`` code points (see
    :func:`apply`).
    """
    in_order = sorted(hunks, key=place_sort_key)
    last: Hunk | None = None
    for hunk in in_order:
        if not 0 <= hunk.start <= hunk.end <= length:
            raise HunkError(f"{hunk} lies outside a text of {length} code points")
        if last and (hunk.start < last.end or place_sort_key(hunk)[:3] == place_sort_key(last)[:3]):
            raise HunkError(f"{last} and {hunk} overlap")
        last = hunk
    return in_order


def place_sort_key(hunk: Hunk) -> tuple[int, int, int, str]:
    """Return the sort key of a hunk.

    Insertions come first at one place, in their order.
    """
    return hunk.start, hunk.end, insertion_order(hunk), hunk.text


def insertion_order(hunk: Hunk) -> int:
    """Return the place of an insertion among others at its point.

    It is -1 if it ends a sentence before what follows, 1 if it begins one, 0 for all other hunks.
    """
    start, end, text = hunk
    if start != end or not text:
        return 0
    # most insertions are words alone, and the patterns are slow
    ends = text[-1] in " \n" and not text[-2:-1].isalnum() and ends_sentence(text, len(text))
    begins = not text[0].isalnum() and begins_sentence(text)
    return begins - ends


def join_insertions(hunks: Iterable[Hunk]) -> Iterator[Hunk]:
    """Yield sorted ``hunks``, with insertions at one point joined into one."""
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
