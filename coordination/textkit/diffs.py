"""What changed between two texts, as a drafter would mark it.

Changes are whole words, in few places, and always the same ones.

Three passes, each only where the one before found a change: paragraphs, then what stands between
spaces, then tokens. Each is a longest common subsequence (bit-parallel, in rapidfuzz). The hunks
found are then tidied, see :mod:`.tidy`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate, pairwise

from .chunks import Comparison, Span, changed, compared, matches
from .hunks import Hunk, apply, one_at_a_point
from .tidy import slid, tidied, tight
from .tokens import all_whole_words, has_glued_space, tokens

# A paragraph with the blank lines after it.
_PARAGRAPH = re.compile(r"[^\n]+\n*|\n+")

# Two paragraphs that have this share of their words in common are one paragraph, edited.
_SAME_PARAGRAPH = 0.5


def diff(base: str, proposed: str) -> tuple[Hunk, ...]:
    """Return the hunks that make ``proposed`` out of ``base``.

    They are in order and none touches another; ``()`` for equal texts. Each begins and ends between
    tokens of ``base`` (see :mod:`.tokens`) and changes something. What is kept between two hunks is
    never shorter than both. The inverse is :func:`.hunks.apply`.
    """
    if base == proposed:
        return ()
    raw: list[Hunk] = []
    if has_glued_space(base) or has_glued_space(proposed):
        for paragraph in _changed_paragraphs(base, proposed):
            raw += (tight(base, hunk) for hunk in _changed_words(base, proposed, paragraph.whole))
        return tuple(tidied(base, proposed, raw, sliding=False))
    for paragraph in _changed_paragraphs(base, proposed):
        for span in changed(base, proposed, paragraph):
            raw += _tight_changes(base, proposed, span)
    return tuple(tidied(base, proposed, raw, sliding=True))


@lru_cache(maxsize=2048)
def close_diff(base: str, proposed: str) -> tuple[Hunk, ...]:
    """Return the hunks of :func:`diff`, split where that is safe.

    Collisions are looked for in these hunks.

    A hunk that only adds words among its own, or only takes some out, becomes several; words added
    at its end part from it. Else what two agencies both add could look different, stand side by
    side and be put in twice.
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
    middle = apply(
        base[start:end],
        [Hunk(part.start - start, part.end - start, part.text) for part in fine[first:last]],
    )
    return [*fine[:first], Hunk(start, end, middle), *fine[last:]]


def fine_diff(base: str, proposed: str) -> tuple[Hunk, ...]:
    """Return hunks as :func:`diff` does, but keep every word in common.

    Even short ones. It is for what is looked at closely already.
    """
    return tuple(_changed_words(base, proposed, (0, len(base), 0, len(proposed))))


def _changed_paragraphs(base: str, proposed: str) -> Iterator[Comparison]:
    """Yield the paragraphs that differ.

    Each comes with its counterpart where it plainly has one, else in a run.
    """
    if "\n" not in base and "\n" not in proposed:
        yield compared(base, proposed, (0, len(base), 0, len(proposed)))
        return
    old, new = _PARAGRAPH.findall(base), _PARAGRAPH.findall(proposed)
    old_at, new_at = _starts(old), _starts(new)
    for start, end, new_start, new_end in _differences(old, new):
        places, new_places = old_at[start : end + 1], new_at[new_start : new_end + 1]
        yield from _pairs(base, proposed, places, new_places) or [
            compared(base, proposed, (places[0], places[-1], new_places[0], new_places[-1]))
        ]


def _pairs(base: str, proposed: str, places: list[int], new_places: list[int]) -> list[Comparison]:
    """Return the paragraphs of a run, each old one with the new one at its place.

    Returns none unless each pair is plainly one paragraph.
    """
    if len(places) != len(new_places) or len(places[1:]) == 1:
        return []
    pairs = []
    for (start, end), (new_start, new_end) in zip(
        pairwise(places), pairwise(new_places), strict=True
    ):
        pair = compared(base, proposed, (start, end, new_start, new_end))
        if pair.alike(base) < _SAME_PARAGRAPH:
            return []
        pairs.append(pair)
    return pairs


def _tight_changes(base: str, proposed: str, span: Span) -> Iterable[Hunk]:
    """Return what differs in whole chunks that have none in common.

    Without the space after where both have it.
    """
    start, end, new_start, new_end = span
    old, new = base[start:end], proposed[new_start:new_end]
    if not old or not new:
        return [Hunk(start, end, new)]
    if not all_whole_words(old + new):
        found, new_found = tokens(old), tokens(new)
        common = set(found).intersection(new_found)
        common.discard(" ")
        if common:
            return [
                tight(base, hunk) for hunk in _words_changed(base, proposed, span, found, new_found)
            ]
    after = old[-1] == new[-1] == " "
    return [Hunk(start, end - after, new[: len(new) - after])]


def _changed_words(base: str, proposed: str, span: Span) -> Iterator[Hunk]:
    """Yield the words and signs that differ, with the spaces around them.

    A space goes with its words and is not compared by itself.
    """
    start, end, new_start, new_end = span
    return _words_changed(
        base, proposed, span, tokens(base[start:end]), tokens(proposed[new_start:new_end])
    )


def _words_changed(
    base: str, proposed: str, span: Span, found: list[str], new_found: list[str]
) -> Iterator[Hunk]:
    """Yield the same, given the tokens of both."""
    at, end, new_at, new_end = span
    for (word_at, word_end), (new_word_at, new_word_end) in _common_words(
        found, new_found, at, new_at
    ):
        if base[at:word_at] != proposed[new_at:new_word_at]:
            yield Hunk(at, word_at, proposed[new_at:new_word_at])
        at, new_at = word_end, new_word_end
    if base[at:end] != proposed[new_at:new_end]:
        yield Hunk(at, end, proposed[new_at:new_end])


_Place = tuple[int, int]


def _common_words(
    found: list[str], new_found: list[str], at: int, new_at: int
) -> Iterator[tuple[_Place, _Place]]:
    """Yield where the words in common begin and end in both texts.

    Spaces are no words.
    """
    (old, places), (new, new_places) = _words(found, at), _words(new_found, new_at)
    if set(old).isdisjoint(new):
        return
    for start, new_start, size in matches(old, new):
        yield from zip(
            places[start : start + size], new_places[new_start : new_start + size], strict=True
        )


def _words(found: list[str], at: int) -> tuple[list[str], list[_Place]]:
    """Return the words among the tokens ``found``, and where each begins and ends.

    Spaces are left out. The first token begins ``at``.
    """
    words, places = [], []
    for token in found:
        end = at + len(token)
        if not token.isspace():
            words.append(token)
            places.append((at, end))
        at = end
    return words, places


def _differences(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """Yield the ranges of the two sequences between which nothing is common."""
    at = new_at = 0
    for start, new_start, size in matches(old, new):
        if at < start or new_at < new_start:
            yield at, start, new_at, new_start
        at, new_at = start + size, new_start + size


def _starts(parts: Sequence[str]) -> list[int]:
    """Where each part begins when they stand side by side, and where the last ends."""
    return list(accumulate(map(len, parts), initial=0))
