"""Clauses and sentences of a text, the gaps between its words, and words that negate."""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter
from functools import lru_cache
from operator import itemgetter

import regex

# A sign that ends a sentence ends it only before a space and a capital, a digit, a sign, or a
# script without capitals: "e.g. children" goes on.
_SENTENCE_END = regex.compile(
    r"""[.!?…؟]["'’”»)\]]*(?=\s+\P{Ll}|\s*$) | [。！？] | \n+ | ;(?=\s|$) | ；""",
    regex.VERBOSE | regex.V1,
)
_CLAUSE_END = regex.compile(r"[,:،؛，、：](?=\s|$|\p{Han})|\s[–—]\s", regex.V1)

# Words that turn a clause into its opposite, or except something from it, in the six languages of
# the United Nations. Chinese has no spaces, so its signs are looked for by themselves.
_NEGATIONS = frozenset(
    """
    not no nor never neither none nothing nobody without except unless cannot
    ne pas non jamais ni aucun aucune sans sauf
    ningún ninguno ninguna nunca jamás tampoco sin salvo excepto
    не ни нет без никогда кроме
    لا لم لن ليس ليست غير دون بدون إلا عدم
    """.split()  # noqa: SIM905 - words are easier to read and to change as text
)
# Articles and conjunctions: alone, nobody wrote them.
_SMALL_WORDS = frozenset(
    """
    a an the and or
    le la les un une des et ou
    el los las una y o e u
    и или а
    أو و
    和 或 及
    """.split()  # noqa: SIM905 - the same
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_CHINESE_NEGATION = re.compile("[不未無无非没勿]")
_CONTRACTED = ("n't", "n’t")  # isn't
_ELIDED = ("n'", "n’")  # n'est


@lru_cache(maxsize=512)
def _sentence_ends(text: str) -> tuple[tuple[int, int], ...]:
    """Return (start, end) of the signs that end each sentence.

    A semicolon ends one too: in a joint statement it separates whole provisions.
    """
    return tuple(match.span() for match in _SENTENCE_END.finditer(text))


@lru_cache(maxsize=512)
def _clause_ends(text: str) -> tuple[tuple[int, int], ...]:
    ends = {match.span() for match in _CLAUSE_END.finditer(text)}
    return tuple(sorted(ends.union(_sentence_ends(text))))


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Return (start, end) of each sentence with its sign, without the spaces around it."""
    spans, start = [], 0
    for end in (*(end for _, end in _sentence_ends(text)), len(text)):
        sentence = text[start:end]
        if words := sentence.strip():
            first = end - len(sentence.lstrip())
            spans.append((first, first + len(words)))
        start = end
    return spans


def clause_around(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the clauses that ``text[start:end]`` is in, without the signs that end them."""
    ends = _clause_ends(text)
    first = bisect_right(ends, start, key=itemgetter(1))
    last = bisect_left(ends, end, key=itemgetter(0))
    return (
        ends[first - 1][1] if first else 0,
        ends[last][0] if last < len(ends) else len(text),
    )


def gap_around(text: str, start: int, end: int) -> tuple[int, int]:
    """Extend a range over the spaces and signs around it, up to the next words.

    It does not extend over the end of a sentence.
    """
    ends = _sentence_ends(text)
    first = bisect_right(ends, start, key=itemgetter(1))
    last = bisect_left(ends, end, key=itemgetter(0))
    low, high = ends[first - 1][1] if first else 0, ends[last][0] if last < len(ends) else len(text)
    while start > low and not is_word_sign(text[start - 1]):
        start -= 1
    while end < high and not is_word_sign(text[end]):
        end += 1
    return start, end


def is_word_sign(sign: str) -> bool:
    """Say whether a character is part of a word: a letter, mark, number or symbol."""
    return sign.isalnum() or unicodedata.category(sign)[0] in "MS"


def has_words(text: str) -> bool:
    """Say whether ``text`` has a letter, a number or a symbol."""
    return any(map(is_word_sign, text))


def is_small_word(text: str) -> bool:
    """Say whether ``text`` is one article or conjunction and nothing else but spaces."""
    return text.strip().casefold() in _SMALL_WORDS


def negations(text: str) -> Counter[str]:
    """Return the negating words of ``text``, each with its number."""
    words = [
        word
        for word in _WORD.findall(text.casefold())
        if word in _NEGATIONS or word.endswith(_CONTRACTED) or word.startswith(_ELIDED)
    ]
    return Counter(words if text.isascii() else [*words, *_CHINESE_NEGATION.findall(text)])
