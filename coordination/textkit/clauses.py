"""Clauses and sentences of a text, and the gaps between its words."""

import unicodedata
from bisect import bisect_left, bisect_right
from functools import lru_cache
from itertools import pairwise
from operator import itemgetter

import regex

# A sign that ends a sentence ends it only before a space and a capital, a digit, a sign, or a
# script without capitals: "e.g. children" goes on.
_SENTENCE_END = regex.compile(
    r"""[.!?…؟]["'’”»)\]]*(?=\s+\P{Ll}|\s*$) | [。！？] | \n+ | ;(?=\s|$) | ；""",
    regex.VERBOSE | regex.V1,
)
_CLAUSE_END = regex.compile(r"[,:،؛，、：](?=\s|$|\p{Han})|\s[–—]\s", regex.V1)

# After a comma a clause begins with one of these words, or has a verb that stands with others. Else
# the comma is one of a list or sets words apart, and the clause goes on. Without a table of such
# words, as in Russian or Arabic, each comma ends a clause.
_OPENS_CLAUSE = regex.compile(
    r"""\s*(?:
      (?:(?:and|or|but|nor|yet|so|et|ou|mais|y|e|o|u|pero)\s+)?
      (?: which|who|whose|whom|that|what|where|when|while|whereas|because|although|though|since
        | as|if|to
        | (?!(?:including|concerning|regarding|according|excluding|following|during)\b)\p{L}+ing
        | qui|que|dont|où|lorsque|quand|parce|afin|pour|quien|quienes|cuando|donde|porque|aunque
        | para|cuyos?|cuyas? )\b
      | .*\b(?:
          shall|should|must|ought|may|might|can|could|will|would|is|are|was|were|has|have|had|do|does
        | doit|doivent|devrait|devraient|devra|devront|peut|peuvent|pourra|pourront|est|sont|ont
        | debe|deben|deberá|deberán|debería|deberían|puede|pueden|podrá|podrán|son|están|han
        )\b
      | [^\p{Latin}]*(?!\p{Latin})\p{L}
    )""",
    regex.VERBOSE | regex.V1 | regex.IGNORECASE | regex.DOTALL,
)
# what goes on after a text: a sign that ends it, or a capital and two more words
_SENTENCE_START = regex.compile(
    r"""\s*(?:[.!?…؟؛。！？；]["'’”»)\]]*|;)(?=\s+\S) | \s*\n | \s+\p{Lu}\S*\s+\S+\s+\S""",
    regex.VERBOSE | regex.V1,
)
# signs and spaces at the end of a sentence are fewer
_LONGEST_END = 20

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


@lru_cache(maxsize=512)
def _sentence_ends(text: str) -> tuple[tuple[int, int], ...]:
    """Return (start, end) of the signs that end each sentence.

    A semicolon ends one too: in a joint statement it separates whole provisions.
    """
    return tuple(match.span() for match in _SENTENCE_END.finditer(text))


@lru_cache(maxsize=512)
def _ends_of_clauses(text: str) -> tuple[tuple[int, int], ...]:
    signs = {match.span() for match in _CLAUSE_END.finditer(text)}
    ends = sorted(signs.union(_sentence_ends(text)))
    return tuple(
        (start, end)
        for (start, end), (following, _) in pairwise([*ends, (len(text), len(text))])
        if text[start:end] != "," or opens_clause(text[end:following])
    )


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Return (start, end) of each sentence with its sign, without spaces around it."""
    spans, start = [], 0
    for end in (*(end for _, end in _sentence_ends(text)), len(text)):
        sentence = text[start:end]
        if words := sentence.strip():
            first = end - len(sentence.lstrip())
            spans.append((first, first + len(words)))
        start = end
    return spans


def clause_around(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the clauses that contain ``text[start:end]`` without the signs that end them.

    A list with commas is in one clause.
    """
    return _between(_ends_of_clauses(text), text, start, end)


def sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the sentences that contain ``text[start:end]`` without the signs that end them."""
    return _between(_sentence_ends(text), text, start, end)


def ends_sentence(text: str, place: int) -> bool:
    """Whether a sentence ends before ``place`` and its spaces.

    Also true at the beginning of the text.
    """
    before = text[max(place - _LONGEST_END, 0) : place]
    ends = _sentence_ends(before)
    return not before[ends[-1][1] if ends else 0 :].strip()


def begins_sentence(text: str) -> bool:
    """Whether ``text`` ends a sentence and begins the next.

    It is put after the words of the first.
    """
    return _SENTENCE_START.match(text) is not None


def opens_clause(text: str) -> bool:
    """Whether ``text``, which follows a comma, begins a clause of its own."""
    return _OPENS_CLAUSE.match(text) is not None


def _between(ends: tuple[tuple[int, int], ...], text: str, start: int, end: int) -> tuple[int, int]:
    first = bisect_right(ends, start, key=itemgetter(1))
    last = bisect_left(ends, end, key=itemgetter(0))
    return (
        ends[first - 1][1] if first else 0,
        ends[last][0] if last < len(ends) else len(text),
    )


def gap_around(text: str, start: int, end: int) -> tuple[int, int]:
    """Extend a range over the surrounding spaces and signs.

    Up to the next words. It does not extend over the end of a sentence.
    """
    low, high = sentence_around(text, start, end)
    while start > low and not is_word_sign(text[start - 1]):
        start -= 1
    while end < high and not is_word_sign(text[end]):
        end += 1
    return start, end


def is_word_sign(sign: str) -> bool:
    """Say whether a character is part of a word.

    Such are letters, marks, numbers and symbols.
    """
    return sign.isalnum() or unicodedata.category(sign)[0] in "MS"


def has_words(text: str) -> bool:
    """Say whether ``text`` has a letter, a number or a symbol."""
    return any(map(is_word_sign, text))


def is_small_word(text: str) -> bool:
    """Say whether ``text`` is one article or conjunction.

    Only spaces may surround it.
    """
    return text.strip().casefold() in _SMALL_WORDS
