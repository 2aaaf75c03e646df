"""Imports members, people and terms from a table.

All or nothing.
"""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from coordination.core import clock, uploads
from coordination.core.errors import RuleBroken
from coordination.desk.actions import imports
from coordination.desk.errors import FileHasProblems
from coordination.filekit import tables
from coordination.filekit.refusals import Refused
from coordination.filekit.tables import Row

ENDINGS = ("csv", "xlsx")


class Command(BaseCommand):
    """import_members FILE [--dry-run]."""

    help = (
        "Put agencies, memberships, focal points, principals and terms of a CSV or Excel file on "
        "record, all or nothing. docs/operate/new-group.md names the columns."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="ends in .csv or .xlsx")
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="say what would be new or is wrong; change nothing",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Import the rows, or list all that is wrong."""
        file, dry_run = options["file"], options["dry_run"]
        try:
            new = imports.import_rows(
                rows_of(file), file=file.name, at=clock.now(), dry_run=dry_run
            )
        except FileHasProblems as error:
            lines = [*map(str, error.problems), "Nothing was put on record."]
            raise CommandError("\n".join(lines)) from error
        except RuleBroken as error:
            raise CommandError(error.message) from error
        for what, number in sorted(new.items()):
            self.stdout.write(f"{what}: {number} new")
        self.stdout.write("Nothing was put on record: a dry run." if dry_run else "Done.")


def rows_of(file: Path) -> list[Row]:
    """Return the rows of a file. Raises CommandError."""
    ending = file.suffix.removeprefix(".").lower()
    if ending not in ENDINGS:
        raise CommandError("The file must end in .csv or .xlsx.")
    try:
        with file.open("rb") as table:
            # one byte more than allowed is enough to refuse it
            return tables.read(table.read(tables.LARGEST_TABLE + 1), ending)
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
    except Refused as error:
        raise CommandError(uploads.sentence(error)) from error
