"""Words, spaces and signs: the smallest pieces that a difference may take apart.

A token is a word with what Unicode and drafters keep inside it (``l'asile``, ``rights-based``,
``1.5``, ``8,900``, ``71/280``), or one grapheme: a space, a sign of punctuation, an emoji with its
skin tone, a character of a script that writes no spaces (Chinese, Thai).

Unicode text segmentation (UAX #29, https://unicode.org/reports/tr29/) is the base; three things
differ, because of what drafters do: a hyphen and a slash between figures do not cut, an apostrophe
never cuts an elision, and each space stands alone.
"""

import re
from collections.abc import Iterator
from itertools import accumulate

import regex

_INSIDE = r"(?:['’.·\-‐‑]|(?<=\d)[,:/\u00a0\u202f](?=\d))"

# Scripts that write no spaces have no words without a dictionary: one grapheme is one token.
_SPACELESS = r"\p{Han}\p{Hiragana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_LETTER = rf"[[\p{{L}}\p{{N}}\p{{M}}\p{{Pc}}\u200c\u200d\u00ad]--[{_SPACELESS}]]"
_TOKEN = regex.compile(rf"{_LETTER}+(?:{_INSIDE}{_LETTER}+)*|\X", regex.V1)

# The same for Latin, Greek and Cyrillic letters without loose marks, where the standard library
# does it four times as fast.
_COMMON_TEXT = re.compile(r"[\0-\xac\xae-\u02ff\u0370-\u0482\u048a-\u052f\u2010-\u2027\u202f]*")
_COMMON_TOKEN = re.compile(rf"\w+(?:{_INSIDE}\w+)*|\r\n|[\s\S]")

# The same for ASCII, a third faster again: the space first, because every other token is one.
_ASCII_TOKEN = re.compile(
    r" |[A-Za-z0-9_]+(?:['.\-][A-Za-z0-9_]+|(?<=[0-9])[,:/](?=[0-9])[A-Za-z0-9_]+)*|\r\n|[\s\S]"
)

# A grapheme of more than one code point has at least one of another class than these.
_JOINING = regex.compile(r"[^\p{GCB=Other}\p{GCB=Control}\p{GCB=CR}\p{GCB=LF}]", regex.V1)
_GLUED_SPACE = regex.compile(
    r" [\p{GCB=Extend}\p{GCB=SpacingMark}\p{GCB=ZWJ}]|\p{GCB=Prepend} ", regex.V1
)
_GRAPHEME = regex.compile(r"\X")
_SPACE = re.compile(r"[ \n]")


def tokens(text: str) -> list[str]:
    """Return the tokens of ``text`` in order; joined they are ``text`` again."""
    if text.isascii():
        return _ASCII_TOKEN.findall(text)
    if _COMMON_TEXT.fullmatch(text):
        return _COMMON_TOKEN.findall(text)
    found: list[str] = _TOKEN.findall(text)
    return list(_whole(found, text)) if _JOINING.search(text) else found


def boundaries(text: str, low: int = 0, high: int | None = None) -> set[int]:
    """Return where tokens of ``text`` begin and end, in code points.

    These are at least all from ``low`` to ``high``. The text is read from the space before to the
    space after these; it must have no glued space.
    """
    start = max(text.rfind(" ", 0, low), text.rfind("\n", 0, low)) + 1
    space = _SPACE.search(text, len(text) if high is None else high)
    piece = text[start : space.end() if space else len(text)]
    return set(accumulate(map(len, tokens(piece)), initial=start))


def is_boundary(text: str, place: int) -> bool:
    """Whether tokens of ``text``, which must have no glued space, begin or end at ``place``."""
    if " " in text[place - 1 : place + 1] or place in {0, len(text)}:
        return True
    return place in boundaries(text, place, place)


def has_glued_space(text: str) -> bool:
    """Whether a space is part of a larger grapheme.

    A combining mark that stands on nothing makes it so. Spaces are then no safe place to cut.
    """
    if text.isascii() or _COMMON_TEXT.fullmatch(text):
        return False
    return _GLUED_SPACE.search(text) is not None


def all_whole_words(text: str) -> bool:
    """Whether ``text`` plainly is only words of letters and plain spaces.

    Each word is one token. False if that takes a closer look.
    """
    letters = text.replace(" ", "")
    return letters.isalpha() and (letters.isascii() or _COMMON_TEXT.fullmatch(letters) is not None)


def _whole(found: list[str], text: str) -> Iterator[str]:
    """Join the tokens between which a grapheme would be cut.

    Such as a mark after a space, or a flag's second half.
    """
    allowed = set(accumulate(map(len, _GRAPHEME.findall(text)), initial=0))
    start = 0
    for end in accumulate(map(len, found)):
        if end in allowed:
            yield text[start:end]
            start = end
