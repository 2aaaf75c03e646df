"""Keeping a run of words that both sides of a hunk have.

A longest common subsequence may keep more single words and strike such a run out, to type it again
beside. A reader would rather keep the run.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from .clauses import has_words
from .hunks import Hunk

_RUN_LENGTH = 4
# hunks of more words are looked through by nobody
_MOST_WORDS = 2000
_CHUNK = re.compile(r"(\s*)(\S+)")


class _Run(NamedTuple):
    """Equal stretches of two texts.

    Start and end in the old one, start in the new one.
    """

    start: int
    end: int
    new_start: int


def split_at_runs(base: str, hunks: Iterable[Hunk]) -> list[Hunk]:
    """Return the same change, split at kept runs of words.

    Words that stay in runs of four or more are left out of the hunks. A part may change nothing.
    """
    return [part for hunk in hunks for part in _split(base, hunk)]


def _split(base: str, hunk: Hunk) -> Iterator[Hunk]:
    run = None
    # most hunks are short, or have no such phrase in common
    if min(hunk.text.count(" "), base.count(" ", hunk.start, hunk.end)) >= _RUN_LENGTH - 1:
        old = base[hunk.start : hunk.end]
        if not _phrases(old.split()).isdisjoint(_phrases(hunk.text.split())):
            run = _longest_run(old, hunk.text)
    if run is None:
        yield hunk
        return
    parts = (
        Hunk(hunk.start, hunk.start + run.start, hunk.text[: run.new_start]),
        Hunk(hunk.start + run.end, hunk.end, hunk.text[run.new_start + run.end - run.start :]),
    )
    for part in parts:
        yield from _split(base, part)


def _longest_run(old: str, new: str) -> _Run | None:
    words, new_words = _words(old), _words(new)
    if not _RUN_LENGTH <= min(len(words), len(new_words)) <= _MOST_WORDS:
        return None
    places = {_phrase(words, at): at for at in reversed(range(len(words) - _RUN_LENGTH + 1))}
    longest, length, new_at = None, _RUN_LENGTH - 1, 0
    while new_at <= len(new_words) - _RUN_LENGTH:
        at = places.get(_phrase(new_words, new_at))
        size = 0 if at is None else _common_length(words, new_words, at, new_at)
        if at is not None and size > length:
            last, word = words[at + size - 1], words[at]
            length = size
            longest = _Run(word.start, last.start + len(last.text), new_words[new_at].start)
        new_at += max(size, 1)
    return longest


class _SpacedWord(NamedTuple):
    text: str
    start: int
    space: str  # before it


def _words(text: str) -> list[_SpacedWord]:
    return [_SpacedWord(found[2], found.start(2), found[1]) for found in _CHUNK.finditer(text)]


def _phrases(words: Sequence[str]) -> set[tuple[str, ...]]:
    return set(zip(*(words[at:] for at in range(_RUN_LENGTH)), strict=False))


def _phrase(words: Sequence[_SpacedWord], at: int) -> tuple[str, ...]:
    return tuple(word.text for word in words[at : at + _RUN_LENGTH])


def _common_length(
    words: Sequence[_SpacedWord], new_words: Sequence[_SpacedWord], at: int, new_at: int
) -> int:
    """Return how many words are equal from two places on.

    The spaces between them are equal too.
    """
    length = 0
    for word, other in zip(words[at:], new_words[new_at:], strict=False):
        if word.text != other.text or (length and word.space != other.space):
            break
        length += 1
    return length if all(map(has_words, (word.text for word in words[at : at + length]))) else 0
