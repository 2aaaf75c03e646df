"""What changed between two texts, as a drafter would mark it: whole words, few places, always the same ones.

Three passes, each only where the one before found a change: paragraphs, then what stands between spaces, then tokens. Each is a longest
common subsequence (bit-parallel, in rapidfuzz). The hunks found are then tidied, see :mod:`.tidy`.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate, count, pairwise
from typing import NamedTuple

from rapidfuzz.distance import Indel

from .hunks import Hunk, apply, one_at_a_point
from .tidy import slid, tidied, tight
from .tokens import has_glued_space, tokens

# A paragraph with the blank lines after it.
_PARAGRAPH = re.compile(r"[^\n]+\n*|\n+")

# Two paragraphs that have this share of their words in common are one paragraph, edited.
_SAME_PARAGRAPH = 0.5

# So much kept text between two changes parts them.
_FAR = 60

# A comparison keeps one bit a cell: 75 MB. A stretch with more cells (25,000 words on both sides, in one paragraph) is one hunk.
_MOST_CELLS = 25_000**2


class _Span(NamedTuple):
    """A part of both texts: base[start:end] and proposed[new_start:new_end]."""

    start: int
    end: int
    new_start: int
    new_end: int


def diff(base: str, proposed: str) -> tuple[Hunk, ...]:
    """Return the hunks that make ``proposed`` out of ``base``, in order, none touching another; ``()`` for equal texts.

    Each begins and ends between tokens of ``base`` (see :mod:`.tokens`) and changes something. What is kept between two hunks is never
    shorter than both. The inverse is :func:`.hunks.apply`.
    """
    if base == proposed:
        return ()
    glued = has_glued_space(base) or has_glued_space(proposed)
    raw: list[Hunk] = []
    for paragraph in _changed_paragraphs(base, proposed):
        for span in [paragraph] if glued else _changed_chunks(base, proposed, paragraph):
            raw += _changed_words(base, proposed, span)
    return tuple(tidied(base, proposed, raw, sliding=not glued))


@lru_cache(maxsize=2048)
def close_diff(base: str, proposed: str) -> tuple[Hunk, ...]:
    """Like :func:`diff`, but what reads as one change is taken apart where that is safe: this is what collisions are looked for in.

    A hunk that only adds words among its own, or only takes some out, becomes several; words added at its end part from it. Else what two
    agencies both add could look different, stand side by side and be put in twice.
    """
    hunks = diff(base, proposed)
    if has_glued_space(base) or has_glued_space(proposed):
        return hunks
    parts = [part for hunk in hunks for part in _parts(base, hunk)]
    return hunks if len(parts) == len(hunks) else tuple(one_at_a_point(slid(base, proposed, parts)))


def _parts(base: str, hunk: Hunk) -> list[Hunk]:
    """Return ``hunk`` in parts, by the words of its own that it keeps."""
    if hunk.start == hunk.end or not hunk.text:
        return [hunk]
    fine = [
        tight(base, Hunk(hunk.start + part.start, hunk.start + part.end, part.text))
        for part in fine_diff(base[hunk.start : hunk.end], hunk.text)
    ]
    adding = [part.start == part.end for part in fine]
    if all(adding) or not any(part.text for part in fine):
        return fine
    first, last = adding.index(False), len(adding) - adding[::-1].index(False)
    start, end = fine[first].start, fine[last - 1].end
    middle = apply(base[start:end], [Hunk(part.start - start, part.end - start, part.text) for part in fine[first:last]])
    return [*fine[:first], Hunk(start, end, middle), *fine[last:]]


def fine_diff(base: str, proposed: str) -> tuple[Hunk, ...]:
    """Like :func:`diff`, but every word that both have in common stays, however short: for what is looked at closely already."""
    return tuple(_changed_words(base, proposed, _Span(0, len(base), 0, len(proposed))))


def _changed_paragraphs(base: str, proposed: str) -> Iterator[_Span]:
    """Yield the paragraphs that differ, each with its counterpart where it plainly has one, else in a run."""
    if "\n" not in base and "\n" not in proposed:
        yield _Span(0, len(base), 0, len(proposed))
        return
    old, new = _PARAGRAPH.findall(base), _PARAGRAPH.findall(proposed)
    old_at, new_at = _starts(old), _starts(new)
    for start, end, new_start, new_end in _differences(old, new):
        if _correspond(old[start:end], new[new_start:new_end]):
            step = new_start - start
            for i in range(start, end):
                yield _Span(old_at[i], old_at[i + 1], new_at[i + step], new_at[i + step + 1])
        else:
            yield _Span(old_at[start], old_at[end], new_at[new_start], new_at[new_end])


def _correspond(old: list[str], new: list[str]) -> bool:
    """Whether each old paragraph is plainly the new one at its place."""
    if len(old) != len(new) or len(old) == 1:
        return False
    return all(
        Indel.normalized_similarity(one.split(" "), other.split(" ")) >= _SAME_PARAGRAPH for one, other in zip(old, new, strict=True)
    )


def _without_common_ends(base: str, proposed: str, span: _Span) -> _Span:
    """``span`` without what both sides begin and end with, cut at spaces: most edits leave most of a paragraph alone."""
    old, new = base[span.start : span.end], proposed[span.new_start : span.new_end]
    head = old.rfind(" ", 0, _common_prefix(old, new)) + 1
    alike = _common_prefix(old[head:][::-1], new[head:][::-1])
    tail = len(old) - old.find(" ", len(old) - alike) if " " in old[len(old) - alike :] else 0
    return _Span(span.start + head, span.end - tail, span.new_start + head, span.new_end - tail)


def _common_prefix(one: str, other: str) -> int:
    """How many code points two texts begin with alike; by halving, for comparing slices is far quicker than comparing characters."""
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


def _changed_chunks(base: str, proposed: str, whole: _Span) -> Iterator[_Span]:
    """Yield the stretches between spaces that differ, each with the space before and after it.

    Of several equally long common subsequences any may be found. So that an edit comes out the same whatever else was edited, stretches
    that lie far apart are each compared anew by themselves.
    """
    span = _without_common_ends(base, proposed, whole)
    old, new = base[span.start : span.end].split(" "), proposed[span.new_start : span.new_end].split(" ")
    old_at, new_at = _starts(old), _starts(new)
    spans = [
        _Span(
            span.start + max(old_at[start] + start - 1, 0),
            min(span.start + old_at[end] + end, span.end),
            span.new_start + max(new_at[new_start] + new_start - 1, 0),
            min(span.new_start + new_at[new_end] + new_end, span.new_end),
        )
        for start, end, new_start, new_end in _differences(old, new)
    ]
    regions = list(_regions(spans))
    if len(regions) == 1:
        yield from spans
    else:
        for region in regions:
            yield from _changed_chunks(base, proposed, region)


def _regions(spans: list[_Span]) -> Iterator[_Span]:
    """``spans`` with what is kept between neighbours, where that is little."""
    region = spans[0]
    for span in spans[1:]:
        if span.start - region.end < _FAR:
            region = _Span(region.start, span.end, region.new_start, span.new_end)
        else:
            yield region
            region = span
    yield region


def _changed_words(base: str, proposed: str, span: _Span) -> Iterator[Hunk]:
    """Yield the words and signs that differ, with the spaces around them: a space goes with its words and is not compared by itself."""
    old, old_places = _words(base, span.start, span.end)
    new, new_places = _words(proposed, span.new_start, span.new_end)
    at, new_at = span.start, span.new_start
    for start, new_start, size in _matches(old, new):
        stretch = zip(old_places[start : start + size], new_places[new_start : new_start + size], strict=True)
        for (word_at, word_end), (new_word_at, new_word_end) in stretch:
            if base[at:word_at] != proposed[new_at:new_word_at]:
                yield Hunk(at, word_at, proposed[new_at:new_word_at])
            at, new_at = word_end, new_word_end
    if base[at : span.end] != proposed[new_at : span.new_end]:
        yield Hunk(at, span.end, proposed[new_at : span.new_end])


def _words(text: str, start: int, end: int) -> tuple[list[str], list[tuple[int, int]]]:
    """Return the tokens of ``text[start:end]`` that are no spaces, and where each begins and ends in ``text``."""
    found = tokens(text[start:end])
    places = pairwise(accumulate(map(len, found), initial=start))
    kept = [(token, place) for token, place in zip(found, places, strict=True) if not token.isspace()]
    return [token for token, _ in kept], [place for _, place in kept]


def _differences(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """Yield the ranges of the two sequences between which nothing is common."""
    at = new_at = 0
    for start, new_start, size in _matches(old, new):
        if at < start or new_at < new_start:
            yield at, start, new_at, new_start
        at, new_at = start + size, new_start + size


def _matches(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int, int]]:
    """Where the longest common subsequence runs: start, start in the new one, length; the last is the end, with length 0."""
    if len(old) * len(new) > _MOST_CELLS:
        return [(len(old), len(new), 0)]
    numbers = defaultdict[str, int](count().__next__)
    steps = Indel.opcodes([numbers[part] for part in old], [numbers[part] for part in new])
    return [(block.a, block.b, block.size) for block in steps.as_matching_blocks()]


def _starts(parts: Sequence[str]) -> list[int]:
    """Where each part begins when they stand side by side, and where the last ends."""
    return list(accumulate(map(len, parts), initial=0))
