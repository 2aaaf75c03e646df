"""The numbering before a pasted paragraph.

Such as "5.", "(a)", "iv.", "一、", "•". The rules are those of the United Nations Editorial Manual
(Paragraphs and subparagraphs): "1.", then "(a)", "(i)", "a." and "i."; in French, Spanish and
Russian "a)" and "i)". Arabic drafts write "١ -", Chinese ones "一、". A year, a decimal, a date, an
initial and "I welcome" are words.
"""

from dataclasses import dataclass
from typing import Literal

import regex

# label: of this app ("OP 3 bis"); number: of a paragraph ("5."); letter: of a sub-paragraph, or
# of a list ("(a)", "iv."); capital: of a heading, a list or a name ("A."); bullet; sign: "##"
MarkKind = Literal["label", "number", "letter", "capital", "bullet", "sign"]

_BULLETS = "•‣⁃▪▫◦●○■□◆➢➤✓·*\uf0b7\uf0a7\uf0d8"
_DASHES = "‐‑–—−-"
_HAN_DIGITS = "一二三四五六七八九十"
# a mark without a space behind it is one only before a capital, or in a script without capitals
_BEGINS = r"(?:\s+(?=\S)|(?=[\p{Lu}\p{Lo}*_«“\"]))"
_ROMAN = r"(?:x{0,3}(?:ix|iv|v?i{1,3}|v)|x{1,3})"
# letters of alphabets with cases, and of Arabic
_SMALL = r"[\p{Ll}--[\p{Latin}--[a-z]]]"
_ARABIC = r"\p{Arabic}"
_LETTER = rf"(?:{_ROMAN}|(?P<l1>{_SMALL})(?P=l1)?|{_ARABIC}(?:\u0640)?)"

_MARKS = regex.compile(
    rf"""
      (?P<label>(?:(?P<name>OP|PP)\s?\d+(?:\s?(?:bis|ter|quater|quinquies|alt))?|¶\s?\d+)
        (?:[.:)]{_BEGINS}|\s+(?=\S)))
    | (?P<sign>\#{{1,6}}\s+)
    | (?P<number>
        [(（]\d{{1,3}}[)）]\s*(?=\S)
      | (?: \d{{1,3}}[.)．）、] | \d{{1,2}}(?:\.\d{{1,2}}){{1,3}}[.)] ){_BEGINS}
      | \d{{1,3}}\s?[{_DASHES}]\s+(?=[\p{{Lu}}\p{{Lo}}*_])
      | (?: [(（][{_HAN_DIGITS}]{{1,3}}[)）]
          | [{_HAN_DIGITS}]{{1,3}}、(?![{_HAN_DIGITS}]) )\s*(?=\S)
      )
    | (?P<letter>
        [(（]{_LETTER}[)）]\s*(?=\S)
      | {_LETTER.replace("l1", "l2")}[)）]\s*(?=\S)
      | (?:{_ROMAN}|[a-z])\.\s+(?=\S)
      | {_ARABIC}\s?[{_DASHES}]\s+(?=\S)
      )
    | (?P<capital>[(（]?(?:[IVX]{{1,5}}|\p{{Lu}})(?:[)）]\s*|\.\s+)(?=\S))
    | (?P<bullet>[{_BULLETS.replace("*", "")}]\s*(?=\S) | [*{_DASHES}]\s+(?=\S))
    """,
    regex.VERBOSE | regex.V1,
)
_LATIN = "abcdefghijklmnopqrstuvwxyz"
_ALPHABETS = (
    _LATIN,
    "абвгдежзиклмнопрстуфхцчшщэюя",
    "أبجدهوزحطيكلمنسعفصقرشتثخذضظغ",
)
_ITEM_KINDS = frozenset({"letter", "number", "bullet"})
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10}
# what tells the place in the order; a part of "3.2." tells the place among its like
_ORDER = regex.compile(rf"\d+(?:\.\d+)*|[{_HAN_DIGITS}]+|\p{{L}}+", regex.V1)


@dataclass(frozen=True, slots=True)
class Mark:
    """Numbering at the start of a text.

    `text` is the numbering itself, and the words begin at `end`. `shape` is its form with the order
    left out ("(a)"); `values` are the places in that order that it may mean: "(i)" is 1 or 9.
    """

    kind: MarkKind
    text: str
    end: int
    shape: str
    values: frozenset[int]


def mark_of(text: str) -> Mark | None:
    """Return the numbering with which a line or paragraph begins, if any."""
    found = _MARKS.match(text)
    if found is None:
        return None
    kind: MarkKind = next(
        name
        for name in ("label", "sign", "number", "letter", "capital", "bullet")
        if found[name] is not None
    )
    mark = found[0].rstrip()
    order = _ORDER.search(mark) if kind in {"number", "letter", "capital"} else None
    return Mark(
        kind, mark, found.end(), _shape(mark, order), _values(order[0]) if order else frozenset()
    )


def is_item(text: str) -> bool:
    """Whether a paragraph begins as a sub-paragraph of the body.

    "(a) …", "iv. …", "• …".
    """
    mark = mark_of(text)
    return mark is not None and mark.kind in _ITEM_KINDS


def as_written(mark: Mark) -> str:
    """Return a mark with the space before the sub-paragraph.

    All bullets are one sign, all dashes another. Chinese marks have no space.
    """
    if mark.kind != "bullet":
        return mark.text if mark.text[-1] in "）、．" else f"{mark.text} "
    return "– " if mark.text in _DASHES else "• "


def follows(mark: Mark, before: Mark | None) -> bool:
    """Whether a mark is the next after `before`, in the same order."""
    return (
        before is not None
        and mark.shape == before.shape
        and (mark.kind == "bullet" or any(value - 1 in before.values for value in mark.values))
    )


def begins_order(mark: Mark) -> bool:
    """Whether a mark is the first of its order."""
    return 1 in mark.values or mark.kind in {"bullet", "label", "sign"}


def next_letter(before: str) -> str:
    """Return the mark of an unmarked sub-paragraph after `before`.

    "(b)" after "(a)"; "(a)" after a mark of another kind, or after none.
    """
    letter = regex.fullmatch(r"\(([a-y])\)", before)
    return f"({chr(ord(letter[1]) + 1)})" if letter else "(a)"


def _shape(mark: str, order: "regex.Match[str] | None") -> str:
    """Return a mark with its order left out.

    "(1)", "(a)", "A."; "1.1." for one of two levels.
    """
    if order is None:
        return mark[:2]
    words = order[0]
    if words[0].isdecimal():
        letter = regex.sub(r"\d+", "1", words)
    else:
        letter = "一" if words[0] in _HAN_DIGITS else _case(words)
    return mark[: order.start()] + letter + mark[order.end() :]


def _case(letters: str) -> str:
    return "A" if letters[0].isupper() else "a" if letters[0].islower() else "ا"


def _values(order: str) -> frozenset[int]:
    """Return the places that digits, letters or a roman number may mean."""
    if order[0] in _HAN_DIGITS:
        return frozenset({_han_value(order)})
    if order[0].isdecimal():
        return frozenset({int(order.rpartition(".")[2])})
    values = {_letter_value(order[0])}
    if set(order.lower()) <= set(_ROMAN_VALUES):
        values.add(_roman_value(order.lower()))
    return frozenset(values)


def _letter_value(letter: str) -> int:
    for alphabet in _ALPHABETS:
        if letter.lower() in alphabet:
            return alphabet.index(letter.lower()) + 1
    return 0


def _roman_value(letters: str) -> int:
    values = [_ROMAN_VALUES[letter] for letter in letters]
    return sum(-value if value < max(values[i:]) else value for i, value in enumerate(values))


def _han_value(digits: str) -> int:
    tens, _ten, ones = digits.rpartition("十") if "十" in digits else ("", "", digits)
    ten = (_HAN_DIGITS.index(tens[0]) + 1 if tens else 1) if "十" in digits else 0
    return 10 * ten + (_HAN_DIGITS.index(ones[0]) + 1 if ones else 0)
