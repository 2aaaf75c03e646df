"""Words that moved from one place to another."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from .clauses import has_words
from .tokens import tokens

# fewer words in the same order may be chance
_MIN_WORDS = 4

# a phrase that was taken out more often than this says nothing about where its words went
_MAX_PLACES = 20


class MovedWord(NamedTuple):
    """A moved word, ``inserted[start:end]``, and its former place.

    The place is in the removed texts. ``source`` is the index of the removed text, ``place`` the
    place of the word there.
    """

    start: int
    end: int
    source: int
    place: int


class _Word(NamedTuple):
    text: str
    start: int


def moved_words(removed: Sequence[str], inserted: str) -> list[MovedWord]:
    """Return the words of ``inserted`` from the ``removed`` texts.

    In order. Four words or more must follow each other in both; of several places the longest run
    counts, then the first. Signs go with their words.
    """
    sources = [_words(text) for text in removed]
    places: defaultdict[tuple[str, ...], list[tuple[int, int]]] = defaultdict(list)
    for source, words in enumerate(sources):
        for at in range(len(words) - _MIN_WORDS + 1):
            places[_phrase(words, at)].append((source, at))
    words = _words(inserted)
    moved: list[MovedWord] = []
    at = 0
    while at <= len(words) - _MIN_WORDS:
        candidates = places.get(_phrase(words, at), ())[:_MAX_PLACES]
        runs = [
            (_run_length(sources[source], start, words, at), source, start)
            for source, start in candidates
        ]
        length, source, start = max(runs, key=lambda run: run[0], default=(0, 0, 0))
        run = words[at : at + length]
        if sum(has_words(word.text) for word in run) >= _MIN_WORDS:
            moved += [
                MovedWord(word.start, word.start + len(word.text), source, other.start)
                for word, other in zip(run, sources[source][start:], strict=False)
            ]
            at += length
        else:
            at += 1
    return moved


def _words(text: str) -> list[_Word]:
    """Return the tokens of ``text`` without spaces, each with its place."""
    words, start = [], 0
    for token in tokens(text):
        if not token.isspace():
            words.append(_Word(token, start))
        start += len(token)
    return words


def _phrase(words: Sequence[_Word], at: int) -> tuple[str, ...]:
    return tuple(word.text for word in words[at : at + _MIN_WORDS])


def _run_length(
    words: Sequence[_Word], start: int, other_words: Sequence[_Word], other_start: int
) -> int:
    length = 0
    for word, other in zip(words[start:], other_words[other_start:], strict=False):
        if word.text != other.text:
            break
        length += 1
    return length
