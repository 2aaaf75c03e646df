"""Writes a backup."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError

from coordination.core.errors import RuleBroken
from coordination.desk.actions import backup


class Command(BaseCommand):
    """backup FILE."""

    help = "Write the database and the uploaded files to a tar archive."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it, or say in one sentence what prevents it."""
        try:
            proof, missing = backup.back_up(options["file"])
        except (RuleBroken, OSError, DatabaseError) as error:
            self.stderr.write(str(error))
            sys.exit(2)
        for name in missing:
            self.stderr.write(
                f"Missing: {name} is named in the database, but is not in the folder of uploaded "
                "files."
            )
        self.stdout.write(
            f"{options['file']}: {proof['drafts']} drafts, "
            f"{proof['said']} positions, texts {proof['texts'][:12]}…"
        )
