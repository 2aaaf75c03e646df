"""What a person leaves when their time for an agency ends.

Nothing is lost: it falls to the agency's seat, and its people are shown it before. Higher apps say
what they know of: `meetings` knows the action items.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from coordination.core import formatting
from coordination.core.models import Group
from coordination.members.enums import FlagKind, Role
from coordination.members.models import Absence, Agency, Appointment, Person
from coordination.members.queries import absences, flags


@dataclass(frozen=True, slots=True)
class LeftMatter:
    """One open matter of a leaver: a sentence and its page."""

    sentence: str
    url: str


# Takes the person, the agency and the day; returns what the person leaves.
Leavings = Callable[[Person, Agency, date], list[LeftMatter]]
_leavings: list[Leavings] = []


def register(find: Leavings) -> None:
    """Add what an app has to say when a person leaves."""
    _leavings.append(find)


def left_matters(appointment: Appointment, day: date, group: Group) -> list[LeftMatter]:
    """Return what ends with an appointment that runs on `day`.

    The page of the appointment shows it.
    """
    return [
        *too_few(appointment, day, group),
        *stands_in(appointment.person, day),
        *(
            matter
            for find in _leavings
            for matter in find(appointment.person, appointment.agency, day)
        ),
    ]


def too_few(appointment: Appointment, day: date, group: Group) -> Iterator[LeftMatter]:
    """Yield a matter if the agency keeps too few focal points.

    One query. The appointment itself does not count.
    """
    agency = appointment.agency
    if appointment.role != Role.FOCAL_POINT:
        return
    others = agency.appointments.filter(role=Role.FOCAL_POINT).exclude(pk=appointment.pk)
    flag = flags.flag_of(others.select_related("person"), day, group)
    if flag and flag.kind == FlagKind.SHORTAGE:
        yield LeftMatter(
            _("%(number)s of %(agency)s stays. %(expected)s")
            % {
                "number": flags.number_of_focal_points(flag.count),
                "agency": agency,
                "expected": flag.expected,
            },
            reverse("members:invite", args=[agency.slug]),
        )


def stands_in(person: Person, day: date) -> Iterator[LeftMatter]:
    """Yield for whom the person stands in on days ahead. One query."""
    rows: list[Absence] = list(absences.noted().filter(alternate=person, last_day__gte=day))
    for row in rows:
        yield LeftMatter(
            _("Stands in for %(name)s from %(first)s to %(last)s: mails reach nobody else then.")
            % {
                "name": row.person,
                "first": formatting.plain_day(row.first_day),
                "last": formatting.plain_day(row.last_day),
            },
            reverse("members:people"),
        )
