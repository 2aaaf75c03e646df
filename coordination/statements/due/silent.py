"""Derive mails of the chair's acts about silent agencies."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse

from coordination.core.due import Due
from coordination.members.enums import Role
from coordination.statements.due.clearance import step_context, who_speaks
from coordination.statements.due.recipients import (
    appointments_of,
    of_agencies,
    one_per_person_and_agency,
)
from coordination.statements.due.stages import RECENT
from coordination.statements.models import LetterToSilent, Position
from coordination.statements.queries import positions


def letters_to_silent(moment: datetime, since: datetime | None = None) -> Iterator[Due]:
    """Yield the chair's letters to agencies still silent.

    It goes to those who speak for each of them.
    """
    letters = LetterToSilent.objects.filter(
        sent_at__lte=moment, sent_at__gt=(since or moment) - RECENT, step__closed_at__isnull=True
    )
    for letter in letters.select_related(
        "step__statement", "step__draft", "sent_by"
    ).prefetch_related("agencies"):
        step = letter.step
        missing = positions.missing_positions_at(step, moment)
        agencies = [agency for agency in letter.agencies.all() if agency in missing.waiting]
        people = appointments_of(agencies, moment, *who_speaks(step))
        runs = step.broken_at is None and step.deadline > moment
        yield from one_per_person_and_agency(
            of_agencies(people, people),
            kind="statements.letter_to_silent",
            subject=f"letter:{letter.pk}",
            stage="sent",
            at=letter.sent_at,
            url=reverse("statements:positions", args=[step.statement.slug]) + "#take",
            context=step_context(step)
            | {
                "letter": letter,
                "missing": missing,
                "runs": runs,
                "approves": runs and step.silence,
            },
        )


def recorded_calls(moment: datetime, since: datetime | None = None) -> Iterator[Due]:
    """Yield mails to agencies whose calls the chair recorded."""
    calls = Position.objects.filter(
        taken_at__lte=moment, taken_at__gt=(since or moment) - RECENT
    ).exclude(spoken_by="")
    for call in calls.select_related("step__statement", "step__draft", "agency", "person"):
        people = appointments_of([call.agency], moment, Role.FOCAL_POINT, *who_speaks(call.step))
        yield from one_per_person_and_agency(
            of_agencies(people, people),
            kind="statements.call_recorded",
            subject=f"position:{call.pk}",
            stage="recorded",
            at=call.taken_at,
            url=reverse("statements:positions", args=[call.step.statement.slug]),
            context=step_context(call.step) | {"call": call},
        )
