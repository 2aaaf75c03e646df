"""Export the compilation text as a Word document.

From the same runs as its page and its plain text.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from coordination.statements.queries.compilation import CompilationBlock, NamedRun
from coordination.statements.wordkit import package, styles
from coordination.statements.wordkit.markup import Look, add_paragraph, add_run, fit
from coordination.statements.wordkit.record import FileRecord
from coordination.textkit import italics


def compiled_document(record: FileRecord, line: str, blocks: Iterable[CompilationBlock]) -> bytes:
    """Return the compilation as a .docx; `line` is its subtitle.

    In brackets, with their agencies, words to put in underlined, words to take out struck through.
    """
    body = package.new_body()
    right_to_left = record.right_to_left
    look = Look(right_to_left=right_to_left)
    title = add_paragraph(body, styles.TITLE, right_to_left=right_to_left)
    add_run(title, fit(record.title), look)
    add_run(add_paragraph(body, styles.COVER), fit(line), Look(language=get_language() or ""))
    for block in blocks:
        style = styles.HEADING if block.title else styles.TEXT
        paragraph = add_paragraph(body, style, right_to_left=right_to_left)
        if block.label and not block.title:
            add_run(paragraph, f"{block.label}\t", replace(look, style=styles.LABEL))
        lengths = italics.of_changes(block.runs, block.kind, record.language)
        for run, length in zip(block.runs, lengths, strict=True):
            _write(paragraph, run, length, look)
    return package.packed(record, body)


def _write(paragraph: Any, run: NamedRun, length: int, look: Look) -> None:
    """Write one run; in brackets with its sponsors, unless it stays.

    The spaces at its ends stay outside the brackets, as in the plain text. Its first characters,
    `length` of them, are opening words.
    """
    # an opening has no character that is taken out
    text = fit(run.text)
    if run.kind == "keep":
        _add(paragraph, text, length, look)
        return
    words = text.strip()
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    is_new = run.kind == "insert"
    add_run(paragraph, f"{before}[" if is_new else f"{before}[{_('delete:')} ", look)
    changed = replace(look, underline=is_new, strike=not is_new)
    _add(paragraph, words, max(length - len(before), 0), changed)
    add_run(paragraph, f" – {fit(', '.join(run.sponsors))}]{after if words else ''}", look)


def _add(paragraph: Any, text: str, length: int, look: Look) -> None:
    """Write words, the first of them in italics."""
    add_run(paragraph, text[:length], replace(look, italic=True))
    add_run(paragraph, text[length:], look)
