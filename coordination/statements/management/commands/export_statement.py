"""Writes a statement to a file, for scripts."""

import sys
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Q
from django.utils.translation import gettext as _

from coordination.core import clock
from coordination.core.errors import RuleBroken
from coordination.core.queries import group
from coordination.rotation.queries.chair import chair_on
from coordination.statements.models import Draft, Statement
from coordination.statements.queries import (
    adopted_files,
    draft_files,
    drafts,
    paragraphs,
    proof,
    word_exports,
)
from coordination.statements.queries.adopted_files import DOCX, PDF, TXT, XML, AdoptedText
from coordination.statements.wordkit import plan
from coordination.statements.wordkit.plan import Policy

FORMATS = ("docx", "docx-tracked", "docx-brackets", "pdf", "akn", "txt")
# formats of an adopted text
ADOPTED: dict[str, Callable[[AdoptedText], bytes]] = {
    "docx": adopted_files.statement_docx,
    "pdf": adopted_files.statement_pdf,
    "akn": adopted_files.statement_xml,
    "txt": adopted_files.statement_txt,
}
KEPT = {"docx": DOCX, "pdf": PDF, "akn": XML, "txt": TXT}


def clean_draft(draft: Draft) -> bytes:
    """Return a draft as a Word file without its amendments."""
    clean = word_exports.clean_paragraphs(drafts.blocks_of(draft))
    planned = plan.plan_document(clean, Policy("lead"))
    return draft_files.draft_document(draft, planned, [], own_group=group(), at=clock.now())


def tracked_draft(draft: Draft) -> bytes:
    """Return a draft with its amendments as tracked changes.

    The amendments of the chair's agency lead.
    """
    chairing = [agency.acronym for agency in chair_on(clock.today(group().zone)).agencies]
    return amended_draft(draft, Policy("lead", next(iter(chairing), "")))


def bracketed_draft(draft: Draft) -> bytes:
    """Return a draft with the amendments of several agencies in square brackets."""
    return amended_draft(draft, Policy("brackets", deletion=_("delete")))


def amended_draft(draft: Draft, policy: Policy) -> bytes:
    """Return a draft with its amendments as agencies see them."""
    views = paragraphs.as_proposed(paragraphs.block_views(draft))
    amended = word_exports.amended_paragraphs(views)
    return draft_files.draft_document(
        draft,
        plan.plan_document(amended, policy),
        draft_files.lines_of(policy, amended),
        own_group=group(),
        at=clock.now(),
    )


# formats of the newest draft before the adoption
DRAFTS: dict[str, Callable[[Draft], bytes]] = {
    "docx": clean_draft,
    "docx-tracked": tracked_draft,
    "docx-brackets": bracketed_draft,
    "txt": lambda draft: drafts.text_of(draft).encode(),
}


class ExportRefused(RuleBroken):
    """The statement or its file does not exist."""


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
        """Write the file, or refuse with status 2.

        The refusal is one sentence.
        """
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
    """Return a statement's file in a format.

    Raises ExportRefused or PdfRefused.
    """
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
    """Find a statement by symbol, slug or key.

    A symbol goes before the others.
    """
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
    # as it was made at the adoption, so that its SHA-256 is the one of the manifest
    kept = proof.kept_file(statement, KEPT[form])
    if kept is not None:
        return kept
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
