"""Comparing two texts by chunks, the strings between spaces.

This fast pass leaves little for the slower comparison of tokens.
"""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from itertools import accumulate, count
from typing import NamedTuple

from rapidfuzz.distance import Indel

from .anchors import anchors

# Changes with more kept text than this between them (in code points) are compared separately.
_SEPARATING_LENGTH = 60

# A comparison keeps one bit per cell, so this limits it to 12 MB. A longer stretch (10,000 words on
# both sides, in one paragraph) is parted at phrases that both have.
_MOST_CELLS = 10_000**2

# Equal parts of two sequences: start, start in the new one, length.
Match = tuple[int, int, int]

# A part of both texts, as code points or as chunks: start, end, start in the new one, end in the
# new one.
Span = tuple[int, int, int, int]


class Chunks(NamedTuple):
    """The chunks of two stretches, without their common start and end.

    Chunk ``i`` begins at ``old_at[i] + i``: ``old_at`` does not count the space after each chunk.
    ``plain`` is False if there is an empty chunk, between two spaces.
    """

    old: list[str]
    new: list[str]
    old_at: list[int]
    new_at: list[int]
    plain: bool


class Comparison(NamedTuple):
    """Two stretches of text, their chunks and the common runs of these."""

    whole: Span
    chunks: Chunks
    matches: list[Match]

    def alike(self, base: str) -> float:
        """Return the share (0 to 1) of common chunks, in order."""
        left, new_left = len(self.chunks.old), len(self.chunks.new)
        start, end, _, _ = self.whole
        total = (
            left
            + base.count(" ", start, self.chunks.old_at[0])
            + base.count(" ", self.chunks.old_at[-1] + left - 1, end)
        )
        different = left + new_left - 2 * sum(size for _, _, size in self.matches)
        return 1 - different / (2 * total + new_left - left)


def common_runs(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Match]:
    """Return the runs of the longest common subsequence.

    The last one is the end of both, with length 0.
    """
    # rapidfuzz compares hashes. If two different strings have the same hash, as "" and NUL do, they
    # are numbered and compared again.
    if len(old) * len(new) > _MOST_CELLS:
        return _common_runs_of_long(old, new)
    runs: list[Match] = []
    for block in Indel.opcodes(old, new).as_matching_blocks():
        start, new_start, size = block.a, block.b, block.size
        if old[start : start + size] != new[new_start : new_start + size]:
            number = defaultdict[Hashable, int](count().__next__).__getitem__
            return common_runs(list(map(number, old)), list(map(number, new)))
        runs.append((start, new_start, size))
    return runs


def _common_runs_of_long(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Match]:
    """Return common runs of long sequences, in order.

    They are too long for :func:`common_runs`. Stretches that are still too long between their
    anchors have none.
    """
    runs: list[Match] = []
    at = new_at = 0
    for start, new_start in (*anchors(old, new), (len(old), len(new))):
        if (start - at) * (new_start - new_at) <= _MOST_CELLS:
            between = common_runs(old[at:start], new[new_at:new_start])
            runs += [(at + first, new_at + second, size) for first, second, size in between[:-1]]
        if start < len(old):
            runs.append((start, new_start, 1))
        at, new_at = start + 1, new_start + 1
    return [*_joined_runs(runs), (len(old), len(new), 0)]


def _joined_runs(runs: list[Match]) -> list[Match]:
    """Join the ``runs`` that follow each other in both texts."""
    joined: list[Match] = []
    for start, new_start, size in runs:
        if joined:
            first, second, length = joined[-1]
            if (first + length, second + length) == (start, new_start):
                joined[-1] = (first, second, length + size)
                continue
        joined.append((start, new_start, size))
    return joined


def compare_chunks(base: str, proposed: str, whole: Span) -> Comparison:
    """Compare two stretches of text by chunks."""
    # Most edits change little of a paragraph, so skipping the common start and end saves most work.
    start, end, new_start, new_end = whole
    old, new = base[start:end], proposed[new_start:new_end]
    head = old.rfind(" ", 0, _common_prefix(old, new)) + 1
    space = old.find(" ", len(old) - _common_prefix(old[head:][::-1], new[head:][::-1]))
    tail = 0 if space < 0 else len(old) - space
    old, new = old[head : len(old) - tail], new[head : len(new) - tail]
    words, new_words = old.split(" "), new.split(" ")
    plain = "  " not in f" {old} " and "  " not in f" {new} "
    chunks = Chunks(
        words,
        new_words,
        _chunk_starts(words, start + head),
        _chunk_starts(new_words, new_start + head),
        plain,
    )
    return Comparison(whole, chunks, common_runs(words, new_words))


def _chunk_starts(chunks: list[str], start: int) -> list[int]:
    """Return where ``chunks`` begin, and where the last ends, spaces not counted."""
    return list(accumulate(map(len, chunks), initial=start))


def changed_spans(base: str, proposed: str, comparison: Comparison) -> list[Span]:
    """Return the stretches that differ.

    A stretch includes the space after it if that may have changed with it.
    """
    # There may be several longest common subsequences. Distant stretches are compared again by
    # themselves, so that an edit looks the same whatever else was edited.
    chunks = comparison.chunks

    def within(part: Span, common: list[Match]) -> list[Span]:
        regions = _group_differences(chunks, part, common)
        if len(regions) == 1:
            return [_span_in_text(chunks, difference, part) for difference in regions[0]]
        spans: list[Span] = []
        for region in regions:
            if chunks.plain and len(region) == 1:
                spans.append(_span_in_text(chunks, region[0], part, alone=True))
            else:
                spans += by_itself((region[0][0], region[-1][1], region[0][2], region[-1][3]), part)
        return spans

    def by_itself(region: Span, part: Span) -> list[Span]:
        start, end, new_start, new_end = region
        # the text itself is looked at again, for its spaces
        if not chunks.plain or chunks.old[start] == chunks.new[new_start]:
            return changed_spans(
                base,
                proposed,
                compare_chunks(base, proposed, _span_with_spaces(chunks, region, part)),
            )
        while (
            chunks.old[end - 1] == chunks.new[new_end - 1]
            and min(end - start, new_end - new_start) > 1
        ):
            end, new_end = end - 1, new_end - 1
        return within(
            (start, end, new_start, new_end),
            common_runs(chunks.old[start:end], chunks.new[new_start:new_end]),
        )

    return within((0, len(chunks.old), 0, len(chunks.new)), comparison.matches)


def _group_differences(chunks: Chunks, part: Span, common: list[Match]) -> list[list[Span]]:
    """Return the differences in groups of close ones."""
    at = chunks.old_at
    regions: list[list[Span]] = []
    first, _, new_first, _ = part
    done, new_done = first, new_first
    separate_from = (
        0  # where a difference is too far from the one before to be in one group with it
    )
    for match, new_match, size in common:
        start, new_start = first + match, new_first + new_match
        if done < start or new_done < new_start:
            if not regions or at[done] + done > separate_from:
                regions.append([])
            regions[-1].append((done, start, new_done, new_start))
            separate_from = at[start] + start + _SEPARATING_LENGTH
        done, new_done = start + size, new_start + size
    return regions


def _span_in_text(chunks: Chunks, difference: Span, part: Span, *, alone: bool = False) -> Span:
    """Return where ``difference`` is in the text, with the space after it.

    At the end of ``part`` it is the space before instead. A replacement that is ``alone`` has no
    space.
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


def _span_with_spaces(chunks: Chunks, region: Span, part: Span) -> Span:
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


def _common_prefix(text: str, other: str) -> int:
    """Return the length of the common prefix."""
    # a binary search, because comparing slices is far faster than comparing characters
    low, high = 0, min(len(text), len(other))
    if text[:high] == other[:high]:
        return high
    while low < high:
        middle = (low + high + 1) // 2
        if text[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
