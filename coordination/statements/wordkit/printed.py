"""An adopted statement as its files print it: pieces of text, paragraphs, agencies.

It loads neither lxml nor python-docx, so that a web process may import it at its start.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from coordination.textkit.numbering import is_item, mark_of
from coordination.textkit.opening_words import opening_length

EMPHASIS = re.compile(r"\*([^*\n]+)\*")
# what XML cannot hold, and python-docx and lxml refuse
UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class TextPiece:
    """A piece of a paragraph in one face; it may have several lines."""

    text: str
    italic: bool = False


@dataclass(frozen=True, slots=True)
class PrintedBlock:
    """A paragraph as it is printed.

    `kind` is that of a block, or "item" for a sub-paragraph. `label` is its number in words
    ("PP 1") and `number` its place among its kind; both are empty for a title, a heading and a
    sub-paragraph. `mark` is the letter of a sub-paragraph with the space behind it ("(a) "), which
    its pieces leave out.
    """

    key: str
    kind: str
    pieces: tuple[TextPiece, ...]
    label: str = ""
    number: int = 0
    mark: str = ""


@dataclass(frozen=True, slots=True)
class PrintedAgency:
    """An agency's names, and a signatory's reservation.

    `about` has labels in words ("OP 3"), empty for a reservation about the text as a whole.
    """

    acronym: str
    name: str
    about: str = ""
    reservation: str = ""


@dataclass(frozen=True, slots=True)
class PrintedWords:
    """The words that the files add to the text, in the language `language`."""

    language: str
    adopted: str
    statement_language: str
    signatories: str
    agency: str
    name: str
    with_reservation: str
    reservations: str
    apart: str
    not_asked: str
    proof: str
    sha256: str
    address: str
    page: str
    preambular: str
    operative: str
    body: str


@dataclass(frozen=True, slots=True)
class PrintedStatement:
    """What the files of an adopted statement say.

    `title` is the first paragraph of the text where that is its title, and `name` what its page is
    called. `blocks` are the paragraphs after the title. `language` is a code (BCP 47), `language3`
    the same as ISO 639-2 has it.
    """

    name: str
    title: tuple[TextPiece, ...]
    symbol: str
    language: str
    language3: str
    right_to_left: bool
    group: str
    group_acronym: str
    occasion: str
    adopted: date
    sha256: str
    address: str
    blocks: tuple[PrintedBlock, ...]
    signatories: tuple[PrintedAgency, ...]
    apart: tuple[PrintedAgency, ...]
    not_asked: tuple[PrintedAgency, ...]
    words: PrintedWords

    @property
    def reserved(self) -> tuple[PrintedAgency, ...]:
        """Return the signatories with a reservation."""
        return tuple(agency for agency in self.signatories if agency.reservation)


def fit(text: str) -> str:
    """Return a text without the characters that no XML can hold."""
    return UNFIT.sub("", text)


def block_of(key: str, kind: str, text: str, label: tuple[str, int], language: str) -> PrintedBlock:
    """Return a paragraph with its italics as the public page shows them.

    `label` is its number in words and its place among its kind.
    """
    text = fit(text)
    if kind in {"title", "heading"}:
        return PrintedBlock(key, kind, tuple(_emphasised(text)))
    if is_item(text):
        mark = mark_of(text)
        length = mark.end if mark else 0
        words = tuple(_emphasised(text[length:]))
        return PrintedBlock(key, "item", words, mark=text[:length])
    return PrintedBlock(key, kind, pieces_of(text, kind, language), *label)


def pieces_of(text: str, kind: str, language: str) -> tuple[TextPiece, ...]:
    """Split a paragraph into pieces; opening and marked words are italic."""
    length = opening_length(text, kind, language)
    opening = [TextPiece(EMPHASIS.sub(r"\1", text[:length]), italic=True)] if length else []
    return (*opening, *_emphasised(text[length:]))


def _emphasised(text: str) -> Iterator[TextPiece]:
    """Yield words in order, those between asterisks in italics."""
    for place, part in enumerate(EMPHASIS.split(text)):
        if part:
            yield TextPiece(part, italic=bool(place % 2))


def with_items(
    blocks: Sequence[PrintedBlock],
) -> Iterator[tuple[PrintedBlock, tuple[PrintedBlock, ...]]]:
    """Yield each paragraph with the sub-paragraphs that follow it.

    Sub-paragraphs under a heading or at the start come one by one.
    """
    place = 0
    while place < len(blocks):
        block, end = blocks[place], place + 1
        if block.kind not in {"title", "heading", "item"}:
            while end < len(blocks) and blocks[end].kind == "item":
                end += 1
        yield block, tuple(blocks[place + 1 : end])
        place = end
