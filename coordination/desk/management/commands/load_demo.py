"""Loads the demonstration's story around the present moment.

Loading twice changes nothing.
"""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from coordination.core import clock
from coordination.core.errors import AnotherGroup
from coordination.desk.actions import demo, reference
from coordination.members.queries import people


class Command(BaseCommand):
    """load_demo; needs load_reference before it."""

    help = (
        "Tell an invented story around the present moment, on top of the reference data; "
        "twice changes nothing."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Tell the story, unless it was told.

        It works only with DEBUG, since its accounts have no password.
        """
        if not people.has_demonstration():
            raise CommandError(
                "load_demo makes accounts that nobody needs a password for; it works only with "
                "DEBUG."
            )
        try:
            reference.refuse_another_group(reference.read(settings.FIXTURES, "group"))
        except AnotherGroup as error:
            raise CommandError(error.message) from error
        data = reference.read(settings.FIXTURES, "demo")
        is_new = demo.tell_story(data, at=clock.now())
        if options["verbosity"]:
            self.stdout.write(
                "The demonstration is ready."
                if is_new
                else "The demonstration was there already; nothing changed."
            )
