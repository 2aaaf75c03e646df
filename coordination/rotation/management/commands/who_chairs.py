"""Says who chairs on a day."""

import json
import sys
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from coordination.core import clock, formatting
from coordination.core.queries import group
from coordination.rotation.queries.chair import Chair, chair_on


class Command(BaseCommand):
    """who_chairs [--on DAY] [--json]."""

    help = "Say who chairs on a day (default: today in the group's zone)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--on", metavar="DAY", help="such as 2013-02-01")
        parser.add_argument("--json", action="store_true", help="answer as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line, or refuse an invalid day."""
        try:
            day = date.fromisoformat(options["on"]) if options["on"] else clock.today(group().zone)
        except ValueError:
            self.stderr.write(f"“{options['on']}” is not a day such as 2013-02-01.")
            sys.exit(2)
        chair = chair_on(day)
        self.stdout.write(
            json.dumps(as_data(chair), ensure_ascii=False) if options["json"] else sentence(chair)
        )


def days(chair: Chair) -> str:
    """Return "2009-01-01 to 2009-05-31", with words for an open side."""
    first = chair.first_day.isoformat() if chair.first_day else "no term on record before"
    last = chair.last_day.isoformat() if chair.last_day else "no term on record after"
    return (
        f"{first} to {last}"
        if chair.first_day and chair.last_day
        else f"{first}, until {last}"
        if chair.last_day
        else f"from {first}, {last}"
    )


def sentence(chair: Chair) -> str:
    """Return the answer as one line."""
    if not chair.on_record:
        return f"not on record ({days(chair)})"
    if chair.vacant:
        return f"vacant ({days(chair)})"
    names = formatting.list_of(group().short_name(agency.name) for agency in chair.agencies)
    spoken = (
        ", spoken for by " + formatting.list_of(row.commission.acronym for row in chair.spoken_for)
        if chair.spoken_for
        else ""
    )
    kind = ", caretaker" if chair.term and chair.term.kind == "caretaker" else ""
    return f"{names}{spoken}{kind} ({days(chair)})"


def state(chair: Chair) -> str:
    """Return "term", "caretaker", "vacant" or "not on record"."""
    if chair.term:
        return str(chair.term.kind)
    return "vacant" if chair.on_record else "not on record"


def as_data(chair: Chair) -> dict[str, object]:
    """Return the answer as data for JSON."""
    return {
        "on": chair.day.isoformat(),
        "state": state(chair),
        "agencies": [agency.acronym for agency in chair.agencies],
        "spoken_for_by": [row.commission.acronym for row in chair.spoken_for],
        "heads": [head.person.name for head in chair.heads],
        "first_day": chair.first_day.isoformat() if chair.first_day else None,
        "last_day": chair.last_day.isoformat() if chair.last_day else None,
    }
