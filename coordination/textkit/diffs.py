"""Differences between two texts, as a drafter would mark them.

Changes are whole words in few places. The comparison has three passes, each only where the one
before found a change: paragraphs, then chunks between spaces, then tokens. Each pass finds a
longest common subsequence (bit-parallel, in rapidfuzz). :mod:`.tidy` then makes the hunks readable.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate, pairwise

from .chunks import Comparison, Span, changed_spans, common_runs, compare_chunks
from .hunks import Change, Hunk, HunkError, apply, hunks_of, join_insertions
from .tidy import slide_hunks, tidy_hunks, trim_hunk
from .tokens import all_whole_words, has_glued_space, tokens
from .typography import plain

# a paragraph with the blank lines after it
_PARAGRAPH = re.compile(r"[^\n]+\n*|\n+")

# two paragraphs with this share of common words count as one edited paragraph
_SAME_PARAGRAPH = 0.5


def diff(base: str, proposed: str) -> tuple[Hunk, ...]:
    """Return the hunks that turn ``base`` into ``proposed``.

    They are in order, do not touch, and begin and end between tokens of ``base`` (see
    :mod:`.tokens`). The text between two hunks is shorter than both only if it has several words,
    or if both insert or both delete. Typography is compared last, so it does not hide which words
    are the same. Equal texts give ``()``. The inverse is :func:`.hunks.apply`.
    """
    words, signs = _hunks(base, proposed)
    if not signs:
        return words
    joined = tuple(_join_touching(base, sorted([*words, *signs])))
    return joined if _gives(base, joined, proposed) else _plain_hunks(base, proposed)


@lru_cache(maxsize=2048)
def changes(base: str, proposed: str) -> tuple[Change, ...]:
    """Return the readable changes that turn ``base`` into ``proposed``, in order.

    The hunks of a change are applied together. A hunk of :func:`diff` that only inserts or only
    deletes words becomes several changes. One that replaces words is one change, but words added at
    its ends are hunks of their own. Otherwise words that two agencies both add could look
    different, and would be merged twice. A change of typography is a change of its own.
    """
    hunks, signs = _hunks(base, proposed)
    readable = _readable_changes(base, proposed, hunks)
    if not signs:
        return readable
    with_signs = sorted([*readable, *(Change((sign,), typographic=True) for sign in signs)])
    if _gives(base, hunks_of(with_signs), proposed):
        return tuple(with_signs)
    return _readable_changes(base, proposed, _plain_hunks(base, proposed))


def _gives(base: str, hunks: Iterable[Hunk], proposed: str) -> bool:
    """Whether ``hunks`` turn ``base`` into ``proposed``.

    Signs beside changed words may overlap these; such a change is not of typography alone.
    """
    try:
        return apply(base, hunks) == proposed
    except HunkError:
        return False


def _readable_changes(base: str, proposed: str, hunks: Sequence[Hunk]) -> tuple[Change, ...]:
    split = [part for hunk in hunks for part in _split_hunk(base, hunk)]
    parts = [part for group in split for part in group]
    if len(parts) > len(hunks) and not (has_glued_space(base) or has_glued_space(proposed)):
        parts = slide_hunks(base, apply(base, hunks), parts)
    grouped, at = [], 0
    for group in split:
        grouped.append(Change(tuple(join_insertions(parts[at : at + len(group)]))))
        at += len(group)
    return tuple(_apart(grouped))


def close_diff(base: str, proposed: str) -> tuple[Hunk, ...]:
    """Return the hunks of :func:`changes`, in order."""
    return tuple(hunks_of(changes(base, proposed)))


def _apart(grouped: Sequence[Change]) -> Iterator[Change]:
    """Yield changes, with neighbours that insert at one point joined into one."""
    last: Change | None = None
    for change in grouped:
        if last and last.hunks[-1][:2] == change.hunks[0][:2]:
            last = Change(tuple(join_insertions((*last.hunks, *change.hunks))))
            continue
        if last:
            yield last
        last = change
    if last:
        yield last


def _split_hunk(base: str, hunk: Hunk) -> list[list[Hunk]]:
    """Split ``hunk`` at the words that it keeps.

    Returns the parts by change.
    """
    if hunk.start == hunk.end or not hunk.text:
        return [[hunk]]
    fine = [
        trim_hunk(base, Hunk(hunk.start + part.start, hunk.start + part.end, part.text))
        for part in fine_diff(base[hunk.start : hunk.end], hunk.text)
    ]
    adding = [part.start == part.end for part in fine]
    if all(adding) or not any(part.text for part in fine):
        return [[part] for part in fine]
    # insertions at the ends become hunks of their own; the middle replaces words and stays one hunk
    first, last = adding.index(False), len(adding) - adding[::-1].index(False)
    start, end = fine[first].start, fine[last - 1].end
    middle = apply(
        base[start:end],
        [Hunk(part.start - start, part.end - start, part.text) for part in fine[first:last]],
    )
    return [[*fine[:first], Hunk(start, end, middle), *fine[last:]]]


def _hunks(base: str, proposed: str) -> tuple[tuple[Hunk, ...], list[Hunk]]:
    """Return the hunks of words and those of typography.

    The first change words or punctuation.
    """
    if base == proposed:
        return (), []
    plain_base, plain_proposed = plain(base), plain(proposed)
    if plain_base.text is base and plain_proposed.text is proposed:
        return _plain_hunks(base, proposed), []
    # a mark that stands on another space than a plain one would make other tokens
    if has_glued_space(plain_base.text) or has_glued_space(plain_proposed.text):
        return _plain_hunks(base, proposed), []
    words = _plain_hunks(plain_base.text, plain_proposed.text)
    changed: list[Hunk] = []
    signs: list[Hunk] = []
    at = new_at = shift = 0
    for hunk in (*words, None):
        start = plain_base.place(hunk.start) if hunk else len(base)
        new_start = plain_proposed.place(hunk.start + shift) if hunk else len(proposed)
        signs += _changed_typography(base, proposed, (at, start, new_at, new_start))
        if hunk:
            shift += len(hunk.text) - (hunk.end - hunk.start)
            at, new_at = plain_base.place(hunk.end), plain_proposed.place(hunk.end + shift)
            changed.append(Hunk(start, at, proposed[new_start:new_at]))
    return tuple(changed), signs


def _changed_typography(base: str, proposed: str, span: Span) -> Iterable[Hunk]:
    """Return the typographic changes in a span.

    Its words and punctuation are the same.
    """
    start, end, new_start, new_end = span
    if base[start:end] == proposed[new_start:new_end]:
        return []
    return [trim_hunk(base, hunk) for hunk in _changed_words(base, proposed, span)]


def _join_touching(base: str, hunks: Iterable[Hunk]) -> Iterator[Hunk]:
    """Yield sorted ``hunks``, one at least, with those that touch joined."""
    following = iter(hunks)
    last = next(following)
    for hunk in following:
        if hunk.start <= last.end:
            last = trim_hunk(base, Hunk(last.start, hunk.end, last.text + hunk.text))
        else:
            yield last
            last = hunk
    yield last


def _plain_hunks(base: str, proposed: str) -> tuple[Hunk, ...]:
    """Return the readable hunks between two texts, sign by sign."""
    if base == proposed:
        return ()
    raw: list[Hunk] = []
    # chunks are cut at spaces, which is wrong where a space is part of a grapheme
    if has_glued_space(base) or has_glued_space(proposed):
        for paragraph in _changed_paragraphs(base, proposed):
            raw += (
                trim_hunk(base, hunk) for hunk in _changed_words(base, proposed, paragraph.whole)
            )
        return tuple(tidy_hunks(base, proposed, raw, sliding=False))
    for paragraph in _changed_paragraphs(base, proposed):
        for span in changed_spans(base, proposed, paragraph):
            raw += _changed_chunks(base, proposed, span)
    return tuple(tidy_hunks(base, proposed, raw, sliding=True))


def fine_diff(base: str, proposed: str) -> tuple[Hunk, ...]:
    """Return hunks like :func:`diff`, but keep every common word.

    For short texts; in long ones it would give too many small hunks.
    """
    return tuple(_changed_words(base, proposed, (0, len(base), 0, len(proposed))))


def _changed_paragraphs(base: str, proposed: str) -> Iterator[Comparison]:
    """Yield the paragraphs that differ, each with its counterpart.

    Paragraphs without a clear counterpart come together in one comparison.
    """
    if "\n" not in base and "\n" not in proposed:
        yield compare_chunks(base, proposed, (0, len(base), 0, len(proposed)))
        return
    old, new = _PARAGRAPH.findall(base), _PARAGRAPH.findall(proposed)
    old_at, new_at = _part_starts(old), _part_starts(new)
    for start, end, new_start, new_end in _differences(old, new):
        places, new_places = old_at[start : end + 1], new_at[new_start : new_end + 1]
        yield from _paragraph_pairs(base, proposed, places, new_places) or [
            compare_chunks(base, proposed, (places[0], places[-1], new_places[0], new_places[-1]))
        ]


def _paragraph_pairs(
    base: str, proposed: str, places: list[int], new_places: list[int]
) -> list[Comparison]:
    """Return old paragraphs, each compared with the new one at its place.

    Returns none unless every pair is clearly one edited paragraph.
    """
    # a single pair is what the caller compares anyway
    if len(places) != len(new_places) or len(places[1:]) == 1:
        return []
    pairs = []
    for (start, end), (new_start, new_end) in zip(
        pairwise(places), pairwise(new_places), strict=True
    ):
        pair = compare_chunks(base, proposed, (start, end, new_start, new_end))
        if pair.alike(base) < _SAME_PARAGRAPH:
            return []
        pairs.append(pair)
    return pairs


def _changed_chunks(base: str, proposed: str, span: Span) -> Iterable[Hunk]:
    """Return the changes in a span without common chunks.

    A space that ends both sides is left out.
    """
    start, end, new_start, new_end = span
    old, new = base[start:end], proposed[new_start:new_end]
    if not old or not new:
        return [Hunk(start, end, new)]
    # chunks that are whole words and differ have no token in common, so they need no token pass
    if not all_whole_words(old + new):
        old_tokens, new_tokens = tokens(old), tokens(new)
        common = set(old_tokens).intersection(new_tokens)
        common.discard(" ")
        if common:
            return [
                trim_hunk(base, hunk)
                for hunk in _changed_tokens(base, proposed, span, old_tokens, new_tokens)
            ]
    after = old[-1] == new[-1] == " "
    return [Hunk(start, end - after, new[: len(new) - after])]


def _changed_words(base: str, proposed: str, span: Span) -> Iterator[Hunk]:
    """Yield the tokens that differ, with the spaces around them.

    Spaces are not compared by themselves.
    """
    start, end, new_start, new_end = span
    return _changed_tokens(
        base, proposed, span, tokens(base[start:end]), tokens(proposed[new_start:new_end])
    )


def _changed_tokens(
    base: str, proposed: str, span: Span, old_tokens: list[str], new_tokens: list[str]
) -> Iterator[Hunk]:
    at, end, new_at, new_end = span
    for (word_at, word_end), (new_word_at, new_word_end) in _common_words(
        old_tokens, new_tokens, at, new_at
    ):
        if base[at:word_at] != proposed[new_at:new_word_at]:
            yield Hunk(at, word_at, proposed[new_at:new_word_at])
        at, new_at = word_end, new_word_end
    if base[at:end] != proposed[new_at:new_end]:
        yield Hunk(at, end, proposed[new_at:new_end])


_Place = tuple[int, int]


def _common_words(
    old_tokens: list[str], new_tokens: list[str], at: int, new_at: int
) -> Iterator[tuple[_Place, _Place]]:
    """Yield where common words begin and end in both texts."""
    (old, places), (new, new_places) = (
        _word_places(old_tokens, at),
        _word_places(new_tokens, new_at),
    )
    # faster than the comparison, and common for short spans
    if set(old).isdisjoint(new):
        return
    for start, new_start, size in common_runs(old, new):
        yield from zip(
            places[start : start + size], new_places[new_start : new_start + size], strict=True
        )


def _word_places(text_tokens: list[str], at: int) -> tuple[list[str], list[_Place]]:
    """Return the words among tokens, and where each begins and ends.

    Spaces are left out. The first token begins at ``at``.
    """
    words, places = [], []
    for token in text_tokens:
        end = at + len(token)
        if not token.isspace():
            words.append(token)
            places.append((at, end))
        at = end
    return words, places


def _differences(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """Yield the ranges of two sequences that have nothing in common."""
    at = new_at = 0
    for start, new_start, size in common_runs(old, new):
        if at < start or new_at < new_start:
            yield at, start, new_at, new_start
        at, new_at = start + size, new_start + size


def _part_starts(parts: Sequence[str]) -> list[int]:
    """Return where parts begin in the joined text, and its end."""
    return list(accumulate(map(len, parts), initial=0))
