"""Read headings and list numbers of a Word file.

As a reader sees them (ECMA-376, 17.9).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lxml.etree import _Element as Element

from .document import FileParagraph, accepts, seen_text
from .opening import W

_BULLET = "•"
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_LEVELS = 9
# Word itself counts in letters up to 780, thirty times the alphabet
_HIGHEST = 780
_NUMBER = re.compile(r"[0-9]{1,6}")
_DEEPEST_STYLE = 20


@dataclass(frozen=True, slots=True)
class _Level:
    """How a level of a list is numbered."""

    format: str
    text: str
    start: int


class Styles:
    """The styles of a file, by id."""

    def __init__(self, parts: Iterable[Element]) -> None:
        self._styles = {
            style.get(W + "styleId", ""): style
            for part in parts
            for style in part.iter(W + "style")
        }

    def _chain(self, style: str) -> Iterable[Element]:
        """Yield a style and those on which it is based."""
        for _ in range(_DEEPEST_STYLE):
            found = self._styles.get(style)
            if found is None:
                return
            yield found
            based = found.find(W + "basedOn")
            style = "" if based is None else based.get(W + "val", "")

    def heading(self, style: str, properties: Element | None) -> int:
        """Return 0 for the title, 1–9 for headings, else -1."""
        for found in self._chain(style):
            name = found.find(W + "name")
            words = "" if name is None else name.get(W + "val", "").lower()
            if words == "title":
                return 0
            if words.startswith("heading "):
                return min(_number(words[8:], 1), _LEVELS)
        if style.lower() == "title":
            return 0
        own = None if properties is None else properties.find(W + "outlineLvl")
        level = _LEVELS if own is None else _number(own.get(W + "val", ""), _LEVELS)
        return level + 1 if level < _LEVELS else -1

    def list_place(self, style: str, properties: Element | None) -> tuple[str, int] | None:
        """Return the list number and level of a paragraph.

        Its own, or those of its style.
        """
        chain = [properties, *(found.find(W + "pPr") for found in self._chain(style))]
        for own in chain:
            numbered = None if own is None else own.find(W + "numPr")
            if numbered is not None:
                number, level = numbered.find(W + "numId"), numbered.find(W + "ilvl")
                name = "" if number is None else number.get(W + "val", "")
                place = 0 if level is None else _number(level.get(W + "val", ""), 0)
                return (name, min(place, _LEVELS - 1)) if name not in {"", "0"} else None
        return None


class Lists:
    """The lists of a file."""

    def __init__(self, parts: Iterable[Element]) -> None:
        abstract: dict[str, dict[int, _Level]] = {}
        self._levels: dict[str, dict[int, _Level]] = {}
        self._same: dict[str, str] = {}
        for part in parts:
            for element in part.iter(W + "abstractNum"):
                abstract[element.get(W + "abstractNumId", "")] = dict(_levels(element))
            for element in part.iter(W + "num"):
                name, of = element.get(W + "numId", ""), element.find(W + "abstractNumId")
                key = "" if of is None else of.get(W + "val", "")
                overridden = dict(_overrides(element, abstract.get(key, {})))
                self._levels[name] = {**abstract.get(key, {}), **overridden}
                # lists without a start of their own count on where another one of the kind ended
                self._same[name] = name if overridden else f"of {key}"

    def numbers(self, paragraphs: Sequence[FileParagraph]) -> tuple[str, ...]:
        """Return each paragraph's list number in the accepted text.

        "" for none; "3.", "(a)".
        """
        counts: dict[str, list[int]] = {}
        everything = accepts(None)
        found = []
        for paragraph in paragraphs:
            name, level = paragraph.list_place or ("", 0)
            levels = self._levels.get(name, {})
            if level not in levels or not seen_text(paragraph, everything).strip():
                found.append("")
                continue
            count = counts.setdefault(self._same[name], [0] * _LEVELS)
            count[level] = count[level] + 1 if count[level] else levels[level].start
            count[level + 1 :] = [0] * (_LEVELS - level - 1)
            found.append(_written(levels, level, count))
        return tuple(found)


def _levels(parent: Element) -> Iterable[tuple[int, _Level]]:
    for level in parent.findall(W + "lvl"):
        place = _number(level.get(W + "ilvl", ""), _LEVELS)
        if place < _LEVELS:
            form, text = _value(level, "numFmt", "decimal"), _value(level, "lvlText", "")
            yield place, _Level(form, text, _number(_value(level, "start", ""), 1))


def _overrides(number: Element, levels: dict[int, _Level]) -> Iterable[tuple[int, _Level]]:
    for override in number.findall(W + "lvlOverride"):
        yield from _levels(override)
        place = _number(override.get(W + "ilvl", ""), _LEVELS)
        start = _number(_value(override, "startOverride", ""), -1)
        if place in levels and start >= 0:
            yield place, _Level(levels[place].format, levels[place].text, start)


def _number(text: str, otherwise: int) -> int:
    """Return a whole number, or `otherwise` for an invalid one.

    One that is larger than any in a list is invalid.
    """
    return int(text) if _NUMBER.fullmatch(text) else otherwise


def _value(parent: Element, name: str, otherwise: str) -> str:
    found = parent.find(W + name)
    return otherwise if found is None else found.get(W + "val", otherwise)


def _written(levels: dict[int, _Level], level: int, count: Sequence[int]) -> str:
    """Return a number as its level writes it: "%1.%2" becomes "3.1"."""
    own = levels[level]
    if own.format == "bullet":
        return _BULLET
    if own.format == "none":
        return ""
    text = own.text
    for place in range(level + 1):
        form = levels[place].format if place in levels else "decimal"
        text = text.replace(f"%{place + 1}", number_of(max(count[place], 1), form))
    return text.strip()


def number_of(value: int, form: str) -> str:
    """Write a number in one of Word's forms.

    In digits for an unknown form, and above 780.
    """
    if value > _HIGHEST:
        return str(value)
    if form in {"lowerLetter", "upperLetter"}:
        # after z come aa, bb
        letters = chr(ord("a") + (value - 1) % 26) * ((value - 1) // 26 + 1)
        return letters.upper() if form == "upperLetter" else letters
    if form in {"lowerRoman", "upperRoman"}:
        written = ""
        for size, sign in _ROMAN:
            written += sign * (value // size)
            value %= size
        return written.upper() if form == "upperRoman" else written
    return str(value)
