"""The members with a wrong number of focal points.

Also when they are told.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from coordination.core import formatting
from coordination.core.clock import day_at, start_of
from coordination.core.models import Group
from coordination.core.periods import ONE_DAY
from coordination.members.enums import FlagKind, MembershipStatus, Role
from coordination.members.models import Agency, Appointment, Membership
from coordination.members.queries import flags, periods, recipients
from coordination.members.queries.flags import Flag

WARN_AHEAD = timedelta(days=30)
# days after the number became wrong; after the last one again every AGAIN_AFTER days
TELL_AFTER = (0, 30, 90)
AGAIN_AFTER = 180


@dataclass(frozen=True, slots=True)
class Occasion:
    """One occasion on which a wrong number is told.

    Its name and its moment (UTC).
    """

    stage: str
    at: datetime


@dataclass(frozen=True, slots=True)
class WrongNumber:
    """An agency whose number of focal points is not as expected.

    `has_left` says that the number fell when somebody's time ended. `readers` are whom to tell in
    the agency: its reachable focal points; without any, its principal's office.
    """

    agency: Agency
    flag: Flag
    has_left: bool
    readers: tuple[Appointment, ...]

    @property
    def headline(self) -> str:
        """Return the headline of the mail, such as "one left, two to four expected".

        It says "left" only if somebody's time ended.
        """
        count = flags.in_words(self.flag.count)
        number = _("%(count)s left") % {"count": count} if self.has_left else count
        if self.flag.kind == FlagKind.SHORTAGE_AHEAD:
            number = _("%(count)s left from %(day)s") % {
                "count": count,
                "day": formatting.plain_day(self.flag.since),
            }
        expected = _("%(min)s to %(max)s expected") % {
            "min": flags.in_words(self.flag.minimum),
            "max": flags.in_words(self.flag.maximum),
        }
        return _("%(number)s, %(expected)s") % {"number": number, "expected": expected}


def wrong_numbers(day: date, group: Group) -> list[WrongNumber]:
    """Return the members with a wrong number of focal points.

    The number is wrong on `day`, or too low soon. By acronym; two queries.
    """
    memberships = Membership.objects.filter(
        periods.running(day), standing=MembershipStatus.MEMBER
    ).select_related("agency")
    found = []
    # appointments of any time: past and future ones tell when the number became wrong
    rows: Mapping[int, list[Appointment]] = defaultdict(list)
    everybody = Appointment.objects.filter(
        role__in=(Role.FOCAL_POINT, Role.OFFICE), agency__memberships__in=memberships
    )
    for row in everybody.select_related("person").order_by("pk").distinct():
        rows[row.agency_id].append(row)
    for membership in memberships.order_by("agency__acronym"):
        own = rows[membership.agency_id]
        flag = flags.flag_of(own, day, group)
        if flag is None:
            continue
        if not any(row.role == Role.FOCAL_POINT for row in own):
            # an agency that never named anybody is short since it belongs
            flag = replace(flag, since=membership.first_day)
        found.append(WrongNumber(membership.agency, flag, *people_of(own, flag, day)))
    return found


def people_of(
    appointments: Sequence[Appointment], flag: Flag, day: date
) -> tuple[bool, tuple[Appointment, ...]]:
    """Return whether somebody left, and whom to tell on `day`. Pure.

    The first is whether the number fell because of it.
    """
    has_left = flag.kind != FlagKind.EXCESS and any(
        row.role == Role.FOCAL_POINT and row.last_day and row.last_day + ONE_DAY == flag.since
        for row in appointments
    )
    present = [
        row
        for row in appointments
        if row.period.covers(day) and recipients.can_be_reached(row.person)
    ]
    focal_points = tuple(row for row in present if row.role == Role.FOCAL_POINT)
    return has_left, focal_points or tuple(present)


def occasion(flag: Flag, group: Group, at: datetime) -> Occasion | None:
    """Return the newest occasion on which a flag is told. Pure.

    As of `at` (UTC). A shortage is told 30 days before, on its first day, after 30 and 90 days,
    then every 180 days. None before the first: a later shortage is told in its time.
    """
    day = day_at(at, group.zone)
    if flag.kind == FlagKind.SHORTAGE_AHEAD:
        first = flag.since - WARN_AHEAD
        name = f"before {flag.since.isoformat()}"
        return Occasion(name, start_of(first, group.zone)) if first <= day else None
    passed = (day - flag.since).days
    days = max(each for each in TELL_AFTER if each <= passed)
    if passed >= TELL_AFTER[-1] + AGAIN_AFTER:
        days = passed - (passed - TELL_AFTER[-1]) % AGAIN_AFTER
    name = flag.since.isoformat()
    return Occasion(
        f"{name} after {days}" if days else name,
        start_of(flag.since + timedelta(days=days), group.zone),
    )
