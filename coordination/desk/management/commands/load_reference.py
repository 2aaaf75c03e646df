"""Loads the reference data.

Loading twice changes nothing.
"""

import sys
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand

from coordination.core import clock
from coordination.core.errors import AnotherGroup
from coordination.desk.actions import reference


class Command(BaseCommand):
    """load_reference."""

    help = (
        "Put members, terms, meetings and statements of published sources on record; "
        "twice changes nothing."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and say how many records changed."""
        try:
            changed = reference.load_reference(settings.FIXTURES, at=clock.now())
        except ValidationError as error:
            self.stderr.write(" ".join(error.messages))
            sys.exit(2)
        except AnotherGroup as error:
            self.stderr.write(f"{error.message} Nothing changed.")
            sys.exit(2)
        except FileNotFoundError as error:
            self.stderr.write(f"{error.filename} is not there; FIXTURES_DIR names the folder.")
            sys.exit(2)
        if options["verbosity"]:
            self.stdout.write(f"{changed} records changed." if changed else "Nothing changed.")
