"""Checks the ZIP of an adopted statement."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from coordination.statements.proofkit import sealing, verify
from coordination.statements.queries import proof


class Command(BaseCommand):
    """Check an adopted statement's ZIP with this installation's keys.

    As verify.py in the ZIP does.
    """

    help = "Check the ZIP of an adopted statement with the public keys of this installation."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("zip", type=Path, help="the ZIP, or the folder in which it is unpacked")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the checks; exit with 1 for any fault."""
        keys = sealing.canonical_json(proof.public_keys())
        code, words = verify.run(options["zip"], keys)
        self.stdout.write(words, ending="")
        if code:
            sys.exit(code)
