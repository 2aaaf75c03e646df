"""Share stages before a day, and teams, between mails."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from coordination.core import due
from coordination.core.models import Group
from coordination.members.enums import Role
from coordination.members.models import Agency, Person
from coordination.members.queries import recipients

LAST_STAGE_LASTS = timedelta(days=7)


def newest_stage(
    stages: Sequence[int], first_day: date, zone: ZoneInfo, at: datetime
) -> tuple[int, datetime] | None:
    """Return the newest stage due by `at`, and its morning.

    A stage is a number of days before `first_day`. None before the first stage, and a week after
    the last. Only the newest counts, so after a pause nobody gets three reminders at once.
    """
    for days in sorted(stages):
        morning = due.morning_of(first_day - timedelta(days=days), zone)
        if morning <= at:
            return (days, morning) if days or at - morning < LAST_STAGE_LASTS else None
    return None


def reachable_team(agencies: Sequence[Agency], day: date) -> list[Person]:
    """Return the reachable focal points of the agencies, each once.

    One query.
    """
    appointments = recipients.reachable_appointments(agencies, day, Role.FOCAL_POINT)
    return [appointment.person for appointment in recipients.once_per_person(appointments)]


def acronyms_of(agencies: Sequence[Agency]) -> str:
    """Return the agencies' acronyms as in mails: "FAO + IOM"."""
    return " + ".join(agency.acronym for agency in agencies)


def zone_of(person: Person, group: Group) -> ZoneInfo:
    """Return the zone in which the person reads."""
    return person.zone or group.zone
