"""Writes a statement to a file, for scripts."""

import sys
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Q

from coordination.core.errors import RuleBroken
from coordination.statements.models import Draft, Statement
from coordination.statements.queries import adopted_files, drafts
from coordination.statements.queries.adopted_files import AdoptedText

FORMATS = ("docx", "docx-tracked", "docx-brackets", "pdf", "akn", "txt")
# formats of an adopted text
ADOPTED: dict[str, Callable[[AdoptedText], bytes]] = {
    "docx": adopted_files.statement_docx,
    "pdf": adopted_files.statement_pdf,
    "akn": adopted_files.statement_xml,
    "txt": adopted_files.statement_txt,
}
# formats of a draft before that
DRAFTS: dict[str, Callable[[Draft], bytes]] = {
    "txt": lambda draft: drafts.text_of(draft).encode(),
}


class ExportRefused(RuleBroken):
    """There is no such statement, or no such file of it."""


class Command(BaseCommand):
    """export_statement ID --format FORMAT -o FILE."""

    help = "Write an adopted statement, or the newest draft of one, to a file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("statement", metavar="ID", help="its symbol, slug or key")
        parser.add_argument("--format", required=True, metavar="FORMAT", help=", ".join(FORMATS))
        parser.add_argument(
            "-o", "--output", required=True, metavar="FILE", help="- is standard output"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file, or refuse with one sentence and status 2."""
        try:
            content = exported(options["statement"], options["format"])
            if options["output"] == "-":
                sys.stdout.buffer.write(content)
            else:
                Path(options["output"]).write_bytes(content)
        except RuleBroken as refused:
            self.stderr.write(refused.message)
            sys.exit(2)
        except OSError as error:
            self.stderr.write(f"“{options['output']}” cannot be written: {error.strerror}.")
            sys.exit(2)


def exported(name: str, form: str) -> bytes:
    """Return the file of a statement in a format; raises ExportRefused or PdfRefused."""
    if form not in FORMATS:
        raise ExportRefused(f"“{form}” is not a format; the formats are {', '.join(FORMATS)}.")
    statement = named_statement(name)
    try:
        if statement.adopted_at is not None:
            return of_adopted(statement, form)
        return of_draft(statement, form)
    except Draft.DoesNotExist:
        raise ExportRefused(f"No text of {statement.symbol} is kept here.") from None


def named_statement(name: str) -> Statement:
    """Return the statement with that symbol, slug or key; a symbol goes before the others."""
    named = Q(symbol=name) | Q(slug=name)
    if name.isascii() and name.isdecimal() and len(name) < 10:  # noqa: PLR2004 - a database key has no more digits
        named |= Q(pk=int(name))
    statements = list(Statement.objects.filter(named))
    if not statements:
        raise ExportRefused(f"No statement has the symbol, slug or key “{name}”.")
    return min(statements, key=lambda each: (each.symbol != name, each.slug != name))


def of_adopted(statement: Statement, form: str) -> bytes:
    """Return a file of an adopted statement."""
    if form not in ADOPTED:
        raise ExportRefused(f"{statement.symbol} is adopted; “{form}” is a format of drafts.")
    address = adopted_files.permanent_address(statement)
    return ADOPTED[form](adopted_files.adopted_text(statement, address=address))


def of_draft(statement: Statement, form: str) -> bytes:
    """Return a file of the newest draft."""
    if form not in DRAFTS:
        formats = ", ".join(DRAFTS)
        raise ExportRefused(
            f"{statement.symbol} is not adopted; the formats of a draft are: {formats}."
        )
    return DRAFTS[form](drafts.latest_draft(statement))
