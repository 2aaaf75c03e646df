"""The part of a text that answers a question.

Its words are marked.
"""

from typing import NamedTuple

from coordination.searchkit import words
from coordination.searchkit.questions import Question

LENGTH = 240  # characters
NEAR = LENGTH // 2  # characters between words that are shown together
BEFORE = 60
ELLIPSIS = "…"


class Piece(NamedTuple):
    """A part of a snippet; a marked one answers the question."""

    text: str
    marked: bool = False


def snippet(text: str, question: Question, language: str = "") -> list[Piece]:
    """Return at most 240 characters around the question's words.

    Around most of them. Without a match, the beginning of the text. Words are not cut, unless one
    is longer.
    """
    hits = marks(text, question, language)
    first, last = window(text, best(hits))
    pieces = [Piece(ELLIPSIS)] if first else []
    place = first
    for start, end, _group in hits:
        if place <= start and end <= last:
            pieces += [Piece(text[place:start]), Piece(text[start:end], marked=True)]
            place = end
    pieces.append(Piece(text[place:last]))
    if last < len(text):
        pieces.append(Piece(ELLIPSIS))
    return [piece for piece in pieces if piece.text]


def marks(text: str, question: Question, language: str = "") -> list[tuple[int, int, int]]:
    """Return the marks in a text that answer a group.

    Start, end and number of the group of each, in order. What follows the first part that answers
    every group is not looked at.
    """
    hits: list[tuple[int, int, int]] = []
    last = len(text)
    for word in words.words(text):
        if word.start > last:
            break
        if words.HAN_RUN.fullmatch(word.text):
            found = chinese_marks(word, question)
        else:
            found = word_marks(word, question, language)
        hits += found
        if found and last == len(text) and answers_all(hits, len(question)):
            last = word.end + LENGTH
    return hits


def answers_all(hits: list[tuple[int, int, int]], groups: int) -> bool:
    """Return whether the last marks, near each other, answer each group."""
    end = hits[-1][0]
    return len({group for start, _, group in hits[-50:] if end - start < NEAR}) == groups


def word_marks(word: words.Word, question: Question, language: str) -> list[tuple[int, int, int]]:
    """Return the mark of a word that answers a group, or none."""
    terms = words.terms_of(word.text, language)
    for number, group in enumerate(question):
        if group.matches(terms):
            return [(word.start, word.end, number)]
    return []


def chinese_marks(run: words.Word, question: Question) -> list[tuple[int, int, int]]:
    """Return the marks within a run of Chinese.

    Neighbours that touch are one mark.
    """
    hits: list[tuple[int, int, int]] = []
    for place, pair in enumerate(words.pairs(run.text)):
        for number, group in enumerate(question):
            if group.matches(frozenset([pair])):
                start = run.start + place
                end = start + len(group.spelling)
                if hits and start <= hits[-1][1]:
                    start, number = hits[-1][0], hits.pop()[2]  # noqa: PLW2901 - one mark goes on
                hits.append((start, min(end, run.end), number))
                break
    return hits


def best(hits: list[tuple[int, int, int]]) -> int:
    """Return the start of the densest marks.

    Most groups stand within one length of it. Of several the first.
    """
    most, place = 0, 0
    for index, (start, _end, _group) in enumerate(hits):
        near = {
            group for first, _, group in hits[index : index + 50] if first - start < LENGTH // 2
        }
        if len(near) > most:
            most, place = len(near), start
    return place


def window(text: str, place: int) -> tuple[int, int]:
    """Return the part to show around `place`.

    Start and end, at the edges of words.
    """
    first = max(0, place - BEFORE)
    if first:
        space = text.find(" ", first, place)
        first = space + 1 if space >= 0 else first
    last = min(len(text), first + LENGTH)
    if last < len(text):
        space = text.rfind(" ", place + 1, last)
        last = space if space > first else last
    return first, last
