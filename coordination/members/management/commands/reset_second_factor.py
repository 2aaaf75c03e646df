"""Resets a second factor where no two other administrators can."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from coordination.core import clock
from coordination.core.errors import RuleBroken
from coordination.members.actions import second_factor
from coordination.members.models import Person


class Command(BaseCommand):
    """reset_second_factor EMAIL --reason WHY."""

    help = (
        "Take away the second factor of a person who lost it, where fewer than two other "
        "administrators can do it on the pages."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the address with which the person signs in")
        parser.add_argument(
            "--reason",
            required=True,
            help="why, in one sentence; history keeps it and the person reads it",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        person = Person.objects.filter(email__iexact=options["email"]).first()
        if person is None:
            raise CommandError(f"Nobody signs in with {options['email']}.")
        try:
            second_factor.reset_by_command(person, options["reason"], at=clock.now())
        except RuleBroken as error:
            raise CommandError(error.message) from error
        self.stdout.write(
            f"{person} signs in with the password alone now, and sets up a new second factor."
        )
