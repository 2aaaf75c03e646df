"""Restores a backup."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError

from coordination.core.errors import RuleBroken
from coordination.desk.actions import restoration


class Command(BaseCommand):
    """restore FILE [--overwrite]."""

    help = "Put the database and the uploaded files back from an archive that backup wrote."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--overwrite", action="store_true", help="replace all that is in the database"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Restore, or say in one sentence what prevents it."""
        try:
            proof, tried = restoration.restore(options["file"], overwrite=options["overwrite"])
        except (RuleBroken, OSError, DatabaseError) as error:
            self.stderr.write(str(error))
            sys.exit(2)
        if not tried:
            self.stderr.write(
                "The role of the database may not create databases, so the back-up was not tried "
                "in one of its own before, but compared afterwards."
            )
        self.stdout.write(
            f"Restored: {proof['drafts']} drafts, {proof['said']} positions; the hashes agree."
        )
