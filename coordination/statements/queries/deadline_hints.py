"""What a chair should know of a deadline before setting it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from coordination.core import formatting
from coordination.core.clock import SATURDAY, WORK_BEGINS, WORK_ENDS
from coordination.members.models import Agency
from coordination.members.queries.agencies import zone_and_city


@dataclass(frozen=True, slots=True)
class Office:
    """A city in which agencies work, and its zone."""

    city: str
    zone: ZoneInfo


def offices_of(participants: Iterable[Agency], day: date) -> list[Office]:
    """Return the cities of the participating agencies, each once."""
    seats = (zone_and_city(agency, day) for agency in participants)
    return list({seat.city: Office(seat.city, seat.zone) for seat in seats if seat.zone}.values())


def deadline_hint(deadline: datetime, zone: ZoneInfo, city: str, offices: Iterable[Office]) -> str:
    """Return a hint about a weekend or night deadline, else "".

    Pure. `zone` and `city` are the group's. Both are allowed; the chair should know.
    """
    local = deadline.astimezone(zone)
    if local.weekday() >= SATURDAY:
        return _(
            "This is a %(weekday)s in %(city)s. You may set it; few people read mail then."
        ) % {"weekday": WEEKDAYS[local.weekday()], "city": city}
    hours = [(office.city, deadline.astimezone(office.zone)) for office in offices]
    if not hours or any(is_working_hour(at) for _city, at in hours):
        return ""
    return _(
        "No agency is at work then (Monday to Friday, 9:00 to 17:00): %(hours)s. You may set it."
    ) % {"hours": formatting.list_of(f"{city} {at:%H:%M}" for city, at in hours)}


def is_working_hour(local: datetime) -> bool:
    """Return whether a local time is in working hours.

    The end of work counts.
    """
    return local.weekday() < SATURDAY and WORK_BEGINS <= local.time() <= WORK_ENDS
