"""Tokens: the words, spaces and signs that a difference never splits.

A token is a word with the signs inside it (``l'asile``, ``rights-based``, ``1.5``, ``8,900``,
``71/280``), or one grapheme: a space, a punctuation sign, an emoji with its skin tone, a character
of a script without spaces (Chinese, Thai).

The base is Unicode text segmentation (UAX #29, https://unicode.org/reports/tr29/), with three
differences for drafters: a hyphen, or a slash between figures, does not end a word; an apostrophe
does not end an elision; each space is a token.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate

import regex

_INSIDE = r"(?:['’.·\-‐‑]|(?<=\d)[,:/\u00a0\u202f](?=\d))"

# Scripts without spaces would need a dictionary to find words, so one grapheme is one token.
_SPACELESS = r"\p{Han}\p{Hiragana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_LETTER = rf"[[\p{{L}}\p{{N}}\p{{M}}\p{{Pc}}\u200c\u200d\u00ad]--[{_SPACELESS}]]"
_TOKEN = regex.compile(rf"{_LETTER}+(?:{_INSIDE}{_LETTER}+)*|\X", regex.V1)

# The same for Latin, Greek and Cyrillic letters without combining marks: `re` is four times as
# fast there as `regex`.
_COMMON_TEXT = re.compile(r"[\0-\xac\xae-\u02ff\u0370-\u0482\u048a-\u052f\u2010-\u2027\u202f]*")
_COMMON_TOKEN = re.compile(rf"\w+(?:{_INSIDE}\w+)*|\r\n|[\s\S]")

# The same for ASCII, a third faster again. The space comes first, because half of all tokens are
# spaces.
_ASCII_TOKEN = re.compile(
    r" |[A-Za-z0-9_]+(?:['.\-][A-Za-z0-9_]+|(?<=[0-9])[,:/](?=[0-9])[A-Za-z0-9_]+)*|\r\n|[\s\S]"
)

# A grapheme of several code points has at least one that is in none of these classes.
_JOINING = regex.compile(r"[^\p{GCB=Other}\p{GCB=Control}\p{GCB=CR}\p{GCB=LF}]", regex.V1)
_GLUED_SPACE = regex.compile(
    r" [\p{GCB=Extend}\p{GCB=SpacingMark}\p{GCB=ZWJ}]|\p{GCB=Prepend} ", regex.V1
)
_GRAPHEME = regex.compile(r"\X")
_SPACE = re.compile(r"[ \n]")


def tokens(text: str) -> list[str]:
    """Return the tokens of ``text`` in order; joined they give ``text``."""
    if text.isascii():
        return _ASCII_TOKEN.findall(text)
    if _COMMON_TEXT.fullmatch(text):
        return _COMMON_TOKEN.findall(text)
    split: list[str] = _TOKEN.findall(text)
    return list(_join_graphemes(split, text)) if _JOINING.search(text) else split


def is_boundary(text: str, place: int) -> bool:
    """Whether a token begins or ends at ``place``.

    ``text`` must have no glued space (see :func:`has_glued_space`).
    """
    if " " in text[place - 1 : place + 1] or place in {0, len(text)}:
        return True
    start = max(text.rfind(" ", 0, place), text.rfind("\n", 0, place)) + 1
    space = _SPACE.search(text, place)
    return place in _boundaries(text, start, space.end() if space else len(text))


# a script without spaces has long stretches, which are asked for again and again
@lru_cache(maxsize=1024)
def _boundaries(text: str, start: int, end: int) -> frozenset[int]:
    return frozenset(accumulate(map(len, tokens(text[start:end])), initial=start))


def has_glued_space(text: str) -> bool:
    """Whether a space is part of a larger grapheme.

    This happens when a combining mark follows a space. A text must not be cut at such a space.
    """
    if text.isascii() or _COMMON_TEXT.fullmatch(text):
        return False
    return _GLUED_SPACE.search(text) is not None


def all_whole_words(text: str) -> bool:
    """Whether ``text`` certainly has only plain spaces and words of letters.

    Each word is then one token.
    """
    letters = text.replace(" ", "")
    return letters.isalpha() and (letters.isascii() or _COMMON_TEXT.fullmatch(letters) is not None)


def _join_graphemes(split: list[str], text: str) -> Iterator[str]:
    """Join tokens of one grapheme, such as the halves of a flag."""
    allowed = set(accumulate(map(len, _GRAPHEME.findall(text)), initial=0))
    start = 0
    for end in accumulate(map(len, split)):
        if end in allowed:
            yield text[start:end]
            start = end
