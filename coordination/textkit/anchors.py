"""Where two long sequences belong together.

A longest common subsequence of sequences that are both long takes too much time and memory. They
are parted at phrases that both have, the first at the first, the second at the second and so on,
as far as these are in one order. That is B. Cohen's "patience diff", but for phrases that come
more than once. It takes n log n.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence

# longer phrases are rarer, and shorter ones are found between more changes
_PHRASE_LENGTHS = (6, 3, 1)

Anchor = tuple[int, int]


def anchors(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Anchor]:
    """Return places (in ``old``, in ``new``) of equal items, in the order of both texts."""
    for length in _PHRASE_LENGTHS:
        places, new_places = _numbered(old, length), _numbered(new, length)
        common = [(at, new_places[phrase]) for phrase, at in places.items() if phrase in new_places]
        if common:
            return _longest_rising(common)
    return []


def _numbered(items: Sequence[Hashable], length: int) -> dict[tuple[Hashable, int], int]:
    """Return where each phrase of ``length`` items is.

    By the phrase and its number among equal ones.
    """
    counts: Counter[Hashable] = Counter()
    places = {}
    for at, phrase in enumerate(_phrases(items, length)):
        places[phrase, counts[phrase]] = at
        counts[phrase] += 1
    return places


def _phrases(items: Sequence[Hashable], length: int) -> Iterator[Hashable]:
    if length == 1:
        yield from items
    else:
        yield from zip(*(items[start:] for start in range(length)), strict=False)


def _longest_rising(pairs: Sequence[Anchor]) -> list[Anchor]:
    """Return most of ``pairs`` so that both places rise (C. Schensted, 1961)."""
    pairs = sorted(pairs)
    ends: list[int] = []
    at_end: list[int] = []
    before: list[int] = []
    for index, (_, place) in enumerate(pairs):
        length = bisect_left(ends, place)
        before.append(at_end[length - 1] if length else -1)
        ends[length : length + 1] = [place]
        at_end[length : length + 1] = [index]
    rising, index = [], at_end[-1]
    while index >= 0:
        rising.append(pairs[index])
        index = before[index]
    return rising[::-1]
