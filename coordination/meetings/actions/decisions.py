"""The register of decisions: each has a permanent number of its year."""

from django.db import transaction
from django.db.models import Max

from coordination.core import history
from coordination.core.actions import update_with_history
from coordination.core.models import Group
from coordination.meetings.enums import MeetingChange
from coordination.meetings.models import Decision, Meeting
from coordination.members.models import Person


@transaction.atomic
def number_decisions(meeting: Meeting, *, by: Person | None) -> list[Decision]:
    """Assign a number to each decision of a meeting without one.

    Returns those decisions. The number is the next one of the year in which the meeting began, at
    its place. It never changes, even if the meeting moves to another year.
    """
    unnumbered = list(meeting.decisions.filter(serial=None).order_by("number"))
    if not unnumbered:
        return []
    # the lock gives decisions that are numbered at once different numbers
    list(Group.objects.select_for_update(of=("self",)).values_list("pk", flat=True))
    year = meeting.day.year
    highest = Decision.objects.filter(year=year).aggregate(highest=Max("serial"))["highest"] or 0
    for serial, decision in enumerate(unnumbered, highest + 1):
        decision.year, decision.serial = year, serial
        history.sign(decision, by=by, reason=MeetingChange.DECISION_NUMBERED)
    update_with_history(unnumbered, ["year", "serial"])
    return unnumbered


def next_number(meeting: Meeting) -> int:
    """Return the number of the next decision within a meeting."""
    highest = meeting.decisions.aggregate(highest=Max("number"))["highest"]
    return (highest or 0) + 1
