"""Recognising and numbering the blocks of a text.

The rules are those of the United Nations Editorial Manual (Resolutions and other formal decisions,
II.C, D and H). Preambular paragraphs have no number, open with a participle and end with a comma.
Operative paragraphs have arabic numerals, open with a verb and end with a semicolon, the last with
a full stop. Joint statements are freer: any other paragraph belongs to the body.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, Protocol, get_args

import regex

from .cleaning import clean
from .opening_words import opens_operative, opens_preambular
from .tokens import tokens

BlockKind = Literal["title", "heading", "preambular", "operative", "body"]
KINDS: tuple[BlockKind, ...] = get_args(BlockKind)

_NAMES = {"title": "Title", "preambular": "PP {}", "operative": "OP {}", "body": "¶ {}"}

# longer paragraphs are not headings, whatever their signs; a longer line ends a paragraph
_MOST_WORDS_OF_TITLE = 30
_MOST_WORDS_OF_HEADING = 12
_LONGEST_WRAPPED_LINE = 120

_LABEL = regex.compile(
    r"(?:(?P<letters>OP|PP)\s?\d+(?:\s?(?:bis|ter|quater|quinquies|alt))?[.:)]?|(?P<number>\d{1,3})[.)])\s+(?=\S)",
)
_HEADING_SIGN = regex.compile(r"^#{1,6}\s+")
_HEADING_NUMBER = regex.compile(r"(?:[IVX]{1,5}|[A-Z])\.\s+\S")
_ITEM = regex.compile(r"(?:\(\p{Ll}{1,4}\)|\p{Ll}\)|[•‣▪◦*-]\s)")
_PHRASE_END = regex.compile(r"(?:[.,;:،؛。，；：]|[,;]\s+(?:and|or|et|y))[*_\"”»\s]*$")
_UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\u3001-\u303f\uff00-\uff65]")


class _HasKind(Protocol):
    """Any block with a kind."""

    @property
    def kind(self) -> str: ...


@dataclass(frozen=True, slots=True)
class ParsedBlock:
    """A recognised block; ``text`` is clean and without its number."""

    kind: BlockKind
    text: str


def recognise(text: str) -> tuple[ParsedBlock, ...]:
    """Split a pasted text into clean blocks (see :func:`.cleaning.clean`).

    Blank lines separate paragraphs; without any, line ends do. Wrapped lines are joined. Labels and
    heading signs are removed, and nothing else. The kinds are guesses that a person can correct.
    """
    paragraphs = list(_paragraphs(clean(text)))
    return tuple(_block(paragraph, first=i == 0) for i, paragraph in enumerate(paragraphs))


def label(blocks: Iterable[_HasKind]) -> tuple[str, ...]:
    """Return the label of each block: Title, PP 1, OP 3.

    Body paragraphs are ¶ 1, ¶ 2; a heading has the label "".
    """
    counted: Counter[str] = Counter()
    labels = []
    for block in blocks:
        counted[block.kind] += 1
        labels.append(_NAMES.get(block.kind, "").format(counted[block.kind]))
    return tuple(labels)


def _paragraphs(text: str) -> Iterator[str]:
    """Yield the paragraphs of a clean text, each in one line."""
    blank_lines = "\n\n" in text
    for chunk in text.split("\n\n"):
        lines = chunk.split("\n")
        paragraph = lines[0]
        for previous, line in pairwise(lines):
            if _begins_paragraph(line, previous, blank_lines=blank_lines):
                yield paragraph
                paragraph = line
            else:
                paragraph = _join_lines(paragraph, line)
        if paragraph:
            yield paragraph


def _begins_paragraph(line: str, previous: str, *, blank_lines: bool) -> bool:
    """Whether ``line`` begins a paragraph, and does not continue ``previous``."""
    if (
        _LABEL.match(line)
        or _ITEM.match(line)
        or _is_marked_heading(line)
        or _is_marked_heading(previous)
    ):
        return True
    # without blank lines each line is a paragraph, and a long line was not wrapped; but no
    # paragraph begins with a lower-case letter
    if not blank_lines or len(previous) > _LONGEST_WRAPPED_LINE:
        return not line[0].islower()
    return _ends_phrase(previous) and (opens_preambular(line) or opens_operative(line))


def _join_lines(paragraph: str, line: str) -> str:
    """Join two wrapped lines, with a space where the script writes one."""
    if (paragraph[-1] == "-" and line[0].islower()) or (
        _UNSPACED.match(paragraph[-1]) and _UNSPACED.match(line)
    ):
        return paragraph + line
    return f"{paragraph} {line}"


def _block(paragraph: str, *, first: bool) -> ParsedBlock:
    mark = _LABEL.match(paragraph)
    text = paragraph[mark.end() :] if mark else _HEADING_SIGN.sub("", paragraph)
    if mark and mark["letters"]:
        return ParsedBlock("preambular" if mark["letters"] == "PP" else "operative", text)
    if mark:
        return (
            ParsedBlock("heading", paragraph)
            if _is_heading(text)
            else ParsedBlock("operative", text)
        )
    return ParsedBlock(_kind(text, first=first), text)


def _kind(text: str, *, first: bool) -> BlockKind:
    if first and not _ends_phrase(text) and _word_count(text) <= _MOST_WORDS_OF_TITLE:
        return "title"
    if _is_heading(text):
        return "heading"
    if opens_preambular(text):
        return "preambular"
    return "operative" if opens_operative(text) else "body"


def _is_heading(text: str) -> bool:
    """Whether ``text`` is a heading: in capitals, or short without end sign.

    A text that opens in italics is a preambular paragraph.
    """
    if text.isupper():
        return _word_count(text) <= _MOST_WORDS_OF_TITLE
    if text[0] in "*_" or text[0].islower() or _ITEM.match(text):
        return False
    return not _ends_phrase(text) and _word_count(text) <= _MOST_WORDS_OF_HEADING


def _is_marked_heading(line: str) -> bool:
    """Whether a line has the capitals, sign or number of a heading."""
    marked = line.isupper() or _HEADING_SIGN.match(line) or _HEADING_NUMBER.match(line)
    return bool(marked) and _is_heading(line)


def _ends_phrase(text: str) -> bool:
    return _PHRASE_END.search(text) is not None


def _word_count(text: str) -> int:
    return sum(token[0].isalnum() for token in tokens(text))
