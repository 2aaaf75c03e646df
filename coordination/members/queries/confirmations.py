"""Which agencies have confirmed their people, and who is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.core import signing
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from coordination.core.clock import start_of
from coordination.core.due import morning_of
from coordination.members.enums import Role
from coordination.members.models import Agency, Appointment, Membership, RosterConfirmation
from coordination.members.queries import periods, recipients

SALT = "members.roster"
# twice a year, two months after the usual turns of the chair: month and day
ROUNDS = ((3, 1), (9, 1))
# days after the round began: the question, then reminders to the silent
STAGES = (0, 7, 14, 30)
STAGE_LASTS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class RosterStage:
    """A question or reminder of a round.

    Days after the round began, and the moment (UTC).
    """

    days: int
    at: datetime


@dataclass(frozen=True, slots=True)
class RosterLink:
    """The agency and round of a link to confirm without signing in.

    All are keys.
    """

    agency_id: int
    person_id: int
    round_began: date

    @property
    def token(self) -> str:
        """Return the link's token, which is signed."""
        facts = [self.agency_id, self.person_id, self.round_began.isoformat()]
        return signing.dumps(facts, salt=SALT)

    @property
    def path(self) -> str:
        """Return the path of the page that the link opens."""
        return reverse("members:confirm_by_link", args=[self.token])


def read_link(token: str) -> RosterLink | None:
    """Return the link of a token, or None if it is invalid."""
    try:
        agency, person, began = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError):
        return None
    return RosterLink(agency, person, date.fromisoformat(began))


def round_on(day: date) -> date:
    """Return the first day of the round that runs on `day`. Pure."""
    days = [date(year, *month_day) for year in (day.year - 1, day.year) for month_day in ROUNDS]
    return max(first for first in days if first <= day)


def stage_of(began: date, zone: ZoneInfo, at: datetime) -> RosterStage | None:
    """Return the newest question or reminder of a round. Pure.

    As of `at` (UTC), in a time zone. None a week after the last: then only the chair's list has the
    silent.
    """
    for days in sorted(STAGES, reverse=True):
        morning = morning_of(began + timedelta(days=days), zone)
        if morning <= at:
            is_over = days == STAGES[-1] and at - morning >= STAGE_LASTS
            return None if is_over else RosterStage(days, morning)
    return None


def unconfirmed(day: date, zone: ZoneInfo) -> QuerySet[Agency]:
    """Return the agencies not confirmed in the round of `day`.

    Ordered by acronym. Only those that belong since its first day; whoever joined later has just
    named its people.
    """
    began = round_on(day)
    belongs = Membership.objects.filter(
        periods.running(day), agency=OuterRef("pk"), first_day__lte=began
    )
    confirmed = RosterConfirmation.objects.filter(
        agency=OuterRef("pk"), confirmed_at__gte=start_of(began, zone)
    )
    return Agency.objects.filter(Exists(belongs), ~Exists(confirmed)).order_by("acronym")


def last_confirmation(agency: Agency) -> RosterConfirmation | None:
    """Return when and by whom the agency last confirmed, or None."""
    return agency.roster_confirmations.select_related("person").first()


def who_is_asked(agencies: Sequence[Agency], day: date) -> list[Appointment]:
    """Return who may confirm for each agency.

    They are its focal points, or without any its principal's office. One query.
    """
    by_agency = recipients.appointments_by_agency(agencies, day, Role.FOCAL_POINT, Role.OFFICE)
    return [
        row
        for rows in by_agency.values()
        for row in ([each for each in rows if each.role == Role.FOCAL_POINT] or rows)
    ]
