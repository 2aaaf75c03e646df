"""Where two texts differ in what stands between their spaces.

This coarse comparison leaves little for the comparison of words.
"""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from itertools import accumulate, count
from typing import NamedTuple

from rapidfuzz.distance import Indel

# So much kept text between two changes, with a space after it, does not yet part them.
_FAR = 60

# A comparison keeps one bit a cell: 75 MB. A stretch with more cells (25,000 words on both sides,
# in one paragraph) is one hunk.
_MOST_CELLS = 25_000**2

# Where two sequences are the same: start, start in the new one, length.
Match = tuple[int, int, int]

# A part of both texts, as code points or as chunks: start, end, start in the new one, end in the
# new one.
Span = tuple[int, int, int, int]


class Chunks(NamedTuple):
    """What stands between the spaces of two stretches of text.

    What both stretches begin and end with is left out. Chunk ``i`` begins at ``old_at[i] + i``,
    after the chunks before it and a space for each of them. ``plain``, unless a chunk is nothing: a
    space beside a space.
    """

    old: list[str]
    new: list[str]
    old_at: list[int]
    new_at: list[int]
    plain: bool


class Comparison(NamedTuple):
    """Two stretches of text, their chunks, and where these are the same."""

    whole: Span
    chunks: Chunks
    matches: list[Match]

    def alike(self, base: str) -> float:
        """Return the share of chunks that both stretches have in common, in order, 0 to 1."""
        left, new_left = len(self.chunks.old), len(self.chunks.new)
        start, end, _, _ = self.whole
        total = (
            left
            + base.count(" ", start, self.chunks.old_at[0])
            + base.count(" ", self.chunks.old_at[-1] + left - 1, end)
        )
        different = left + new_left - 2 * sum(size for _, _, size in self.matches)
        return 1 - different / (2 * total + new_left - left)


def matches(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Match]:
    """Where the longest common subsequence runs; the last is the end, with length 0.

    Texts are compared by their hashes. Should two that differ have the same, as nothing and NUL do,
    they are numbered and compared again.
    """
    if len(old) * len(new) > _MOST_CELLS:
        return [(len(old), len(new), 0)]
    found = []
    for block in Indel.opcodes(old, new).as_matching_blocks():
        start, new_start, size = block.a, block.b, block.size
        if old[start : start + size] != new[new_start : new_start + size]:
            number = defaultdict[Hashable, int](count().__next__).__getitem__
            return matches(list(map(number, old)), list(map(number, new)))
        found.append((start, new_start, size))
    return found


def compared(base: str, proposed: str, whole: Span) -> Comparison:
    """Compare two stretches of text by chunks.

    Most edits leave most of a paragraph alone: what both begin and end with is no work.
    """
    start, end, new_start, new_end = whole
    old, new = base[start:end], proposed[new_start:new_end]
    head = old.rfind(" ", 0, _common_prefix(old, new)) + 1
    space = old.find(" ", len(old) - _common_prefix(old[head:][::-1], new[head:][::-1]))
    tail = 0 if space < 0 else len(old) - space
    old, new = old[head : len(old) - tail], new[head : len(new) - tail]
    words, new_words = old.split(" "), new.split(" ")
    plain = "  " not in f" {old} " and "  " not in f" {new} "
    chunks = Chunks(
        words, new_words, _places(words, start + head), _places(new_words, new_start + head), plain
    )
    return Comparison(whole, chunks, matches(words, new_words))


def _places(chunks: list[str], at: int) -> list[int]:
    """Return where ``chunks`` begin and where the last one ends.

    The first begins ``at``. The spaces between them are not counted.
    """
    return list(accumulate(map(len, chunks), initial=at))


def changed(base: str, proposed: str, comparison: Comparison) -> list[Span]:
    """Return the stretches that differ.

    A stretch has the space after it where that may have come or gone with it. Of several equally
    long common subsequences any may be found. So that an edit comes out the same whatever else was
    edited, stretches that lie far apart are each compared anew by themselves.
    """
    chunks = comparison.chunks

    def within(part: Span, common: list[Match]) -> list[Span]:
        regions = _regions(chunks, part, common)
        if len(regions) == 1:
            return [_in_text(chunks, difference, part) for difference in regions[0]]
        found: list[Span] = []
        for region in regions:
            if chunks.plain and len(region) == 1:
                found.append(_in_text(chunks, region[0], part, alone=True))
            else:
                found += by_itself((region[0][0], region[-1][1], region[0][2], region[-1][3]), part)
        return found

    def by_itself(region: Span, part: Span) -> list[Span]:
        start, end, new_start, new_end = region
        # the text itself is looked at again, for its spaces
        if not chunks.plain or chunks.old[start] == chunks.new[new_start]:
            return changed(base, proposed, compared(base, proposed, _around(chunks, region, part)))
        while (
            chunks.old[end - 1] == chunks.new[new_end - 1]
            and min(end - start, new_end - new_start) > 1
        ):
            end, new_end = end - 1, new_end - 1
        return within(
            (start, end, new_start, new_end),
            matches(chunks.old[start:end], chunks.new[new_start:new_end]),
        )

    return within((0, len(chunks.old), 0, len(chunks.new)), comparison.matches)


def _regions(chunks: Chunks, part: Span, common: list[Match]) -> list[list[Span]]:
    """Return the chunks that differ in ``part``, in groups.

    Little is kept between the neighbours in a group.
    """
    at = chunks.old_at
    regions: list[list[Span]] = []
    first, _, new_first, _ = part
    done, new_done = first, new_first
    far = 0  # where a difference is too far from the one before to be in one group with it
    for match, new_match, size in common:
        start, new_start = first + match, new_first + new_match
        if done < start or new_done < new_start:
            if not regions or at[done] + done > far:
                regions.append([])
            regions[-1].append((done, start, new_done, new_start))
            far = at[start] + start + _FAR
        done, new_done = start + size, new_start + size
    return regions


def _in_text(chunks: Chunks, difference: Span, part: Span, *, alone: bool = False) -> Span:
    """Return where ``difference`` is in the text, with the space after it.

    Words at the end of ``part``, where no space is, come or go with the space before them. Words
    that stand ``alone`` and are replaced leave the space after them out.
    """
    start, end, new_start, new_end = difference
    _, _, at, new_at, _ = chunks
    before = short = 0
    if start < end and new_start < new_end:
        short = alone or end == part[1]
    elif end == part[1]:
        before = short = 1
    return (
        at[start] + start - before,
        at[end] + end - short,
        new_at[new_start] + new_start - before,
        new_at[new_end] + new_end - short,
    )


def _around(chunks: Chunks, region: Span, part: Span) -> Span:
    """Return where ``region`` is in the text, with the spaces around it."""
    start, end, new_start, new_end = region
    before, short = start > part[0], end == part[1]
    at, new_at = chunks.old_at, chunks.new_at
    return (
        at[start] + start - before,
        at[end] + end - short,
        new_at[new_start] + new_start - before,
        new_at[new_end] + new_end - short,
    )


def _common_prefix(one: str, other: str) -> int:
    """Return how many code points two texts begin with alike.

    It halves, because comparing slices is far quicker than comparing characters.
    """
    low, high = 0, min(len(one), len(other))
    if one[:high] == other[:high]:
        return high
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
