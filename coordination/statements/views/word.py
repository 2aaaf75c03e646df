"""The compilation text as a Word document, of the same runs as its page and its plain text."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from django.utils.translation import gettext as _
from docx import Document
from docx.document import Document as Opened
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from coordination.core import languages
from coordination.statements.queries.compilation import CompilationBlock, NamedRun
from coordination.textkit import italics

# what XML cannot hold, and python-docx refuses
UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# a part of python-docx's template for old versions of Word, which does not fit its styles
OUT_OF_STEP = "stylesWithEffects"


@dataclass(frozen=True, slots=True)
class Cover:
    """What stands over the compilation: its title and what it is.

    For the file's own record also who made it, when, and its language.
    """

    title: str
    line: str
    author: str
    made_at: datetime
    language: str


def compiled_document(cover: Cover, blocks: Iterable[CompilationBlock]) -> bytes:
    """Return the compilation as a .docx.

    In brackets, with their agencies, words to put in underlined, words to take out struck through.
    """
    document = Document()
    _prepare(document, cover)
    document.add_paragraph(fit(cover.title), style="Title")
    document.add_paragraph(fit(cover.line))
    for block in blocks:
        paragraph = document.add_paragraph(style="Heading 1" if block.title else None)
        if block.label and not block.title:
            paragraph.add_run(f"{block.label}  ").bold = True
        lengths = italics.of_changes(block.runs, block.kind, cover.language)
        for run, length in zip(block.runs, lengths, strict=True):
            _write(paragraph, run, length)
        if languages.is_right_to_left(cover.language):
            paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))  # noqa: SLF001 - how python-docx gives the element
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def fit(text: str) -> str:
    """Return a text without the characters that no Word document can hold.

    Otherwise one old text would keep everybody from the compilation.
    """
    return UNFIT.sub("", text)


def _prepare(document: Opened, cover: Cover) -> None:
    """Set the paper, the language and the file's own record.

    The defaults of python-docx are American.
    """
    section, record = document.sections[0], document.core_properties
    section.page_width, section.page_height = Mm(210), Mm(297)
    record.title, record.author, record.language, record.comments = (
        fit(cover.title),
        fit(cover.author),
        cover.language,
        "",
    )
    # python-docx writes the naive value as UTC
    record.created = record.modified = cover.made_at.replace(tzinfo=None)
    part = document.part
    for key in [key for key, link in part.rels.items() if link.reltype.endswith(OUT_OF_STEP)]:
        part.rels.pop(key)
    normal = document.styles["Normal"]
    if isinstance(normal, ParagraphStyle):
        language = OxmlElement("w:lang")
        language.set(
            qn("w:bidi" if languages.is_right_to_left(cover.language) else "w:val"), cover.language
        )
        normal.element.get_or_add_rPr().append(language)


def _write(paragraph: Paragraph, run: NamedRun, length: int) -> None:
    """Write one run; in brackets with its sponsors, unless it stays.

    The spaces at its ends stay outside the brackets, as in the plain text. Its first characters,
    `length` of them, are opening words.
    """
    # an opening has no character that is taken out
    text = fit(run.text)
    if run.kind == "keep":
        _add(paragraph, text, length)
        return
    words = text.strip()
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    paragraph.add_run(f"{before}[" if run.kind == "insert" else f"{before}[{_('delete:')} ")
    for changed in _add(paragraph, words, max(length - len(before), 0)):
        changed.underline, changed.font.strike = (
            (True, None) if run.kind == "insert" else (None, True)
        )
    paragraph.add_run(f" – {fit(', '.join(run.sponsors))}]{after if words else ''}")


def _add(paragraph: Paragraph, text: str, length: int) -> list[Run]:
    """Write words, the first of them in italics; return what was written."""
    rest = text[length:]
    if not length:
        return [paragraph.add_run(rest)]
    opening = paragraph.add_run(text[:length])
    opening.italic = True
    return [opening, paragraph.add_run(rest)] if rest else [opening]
