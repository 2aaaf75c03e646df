"""PDF documents made by typst, with tags for screen readers.

They are PDF/A-2a and PDF/UA-1. The package is loaded when a document is made: with its compiler it
takes 84 MB on disk.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from coordination.core.errors import RuleBroken

FOLDER = Path("core/pdf")


class PdfRefused(RuleBroken):
    """The document has a character for which this machine has no font."""


@dataclass(frozen=True, slots=True)
class Paragraphs:
    """Running text."""

    paragraphs: Sequence[str]
    kind: str = field(default="paragraphs", init=False)


@dataclass(frozen=True, slots=True)
class NamedValues:
    """Names and their values."""

    rows: Sequence[tuple[str, str]]
    kind: str = field(default="facts", init=False)


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a list, with a note."""

    title: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Items:
    """A list of things, such as an agenda."""

    items: Sequence[Item]
    kind: str = field(default="items", init=False)


@dataclass(frozen=True, slots=True)
class Table:
    """A table: column names, relative widths and lines."""

    header: Sequence[str]
    widths: Sequence[int]
    lines: Sequence[Sequence[str]]
    kind: str = field(default="table", init=False)


@dataclass(frozen=True, slots=True)
class MarkedRun:
    """Words in one look: "", "italic", "bold", "insert" (underlined) or "delete" (struck)."""

    text: str
    look: str = ""


@dataclass(frozen=True, slots=True)
class MarkedParagraph:
    """A numbered paragraph in several styles.

    `heading` makes it a heading.
    """

    label: str
    runs: Sequence[MarkedRun]
    heading: bool = False


@dataclass(frozen=True, slots=True)
class MarkedText:
    """Paragraphs of a text in a language of its own (BCP 47)."""

    paragraphs: Sequence[MarkedParagraph]
    language: str
    right_to_left: bool = False
    kind: str = field(default="marked", init=False)


Part = Paragraphs | NamedValues | Items | Table | MarkedText


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it; without a title, only that."""

    title: str
    parts: Sequence[Part]


@dataclass(frozen=True, slots=True)
class Document:
    """What a PDF says, in the reader's language.

    `author` is the group. `landscape` is for wide tables. Nothing in it is read as code.
    """

    title: str
    author: str
    sections: Sequence[Section]
    subtitle: str = ""
    footer: str = ""
    landscape: bool = False


@cache
def fonts() -> Any:
    """Return the fonts of the compiler and of the machine.

    They are read once for each process.
    """
    import typst

    return typst.Fonts()


def pdf_bytes(document: Document, *, at: datetime) -> bytes:
    """Return a document as PDF, dated `at`.

    The same input gives the same bytes. Raises PdfRefused where no font has a character of it.
    """
    values = asdict(document) | {
        "language": (get_language() or "en").split("-")[0],
        "right_to_left": get_language_bidi(),
    }
    return typeset(FOLDER / "document.typ", values, at=at)


def typeset(template: Path, values: dict[str, Any], *, at: datetime) -> bytes:
    """Return the PDF of a typst template, dated `at`.

    `template` is a path in the folder of templates. It reads the values as JSON from
    `sys.inputs.document`. Raises PdfRefused where no font has a character of them.
    """
    import typst

    root = Path(settings.BASE_DIR) / "templates"
    try:
        content: bytes = typst.compile(
            root / template,
            root=root,
            font_paths=fonts(),
            sys_inputs={"document": json.dumps(values)},
            pdf_standards=["a-2a", "ua-1"],
            timestamp=int(at.timestamp()),
        )
    except typst.TypstError as error:
        raise PdfRefused(
            _("This document cannot be made: %(reason)s.") % {"reason": error.message}
        ) from error
    return content


def answer(document: Document, name: str, *, at: datetime) -> HttpResponse:
    """Return a PDF that the browser shows or stores as `name`."""
    return HttpResponse(
        pdf_bytes(document, at=at),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}.pdf"'},
    )
