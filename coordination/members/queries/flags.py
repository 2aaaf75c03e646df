"""Whether an agency has as many focal points as the group expects.

Flagged, never silently allowed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coordination.core.models import Group
from coordination.core.periods import ONE_DAY, Period
from coordination.members.enums import FlagKind, Role
from coordination.members.models import Agency, Appointment
from coordination.members.queries.agencies import is_member_on

AHEAD = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Flag:
    """Too few or too many: how many there are, how many are expected, and from which day on."""

    kind: FlagKind
    count: int
    minimum: int
    maximum: int
    since: date

    @property
    def sentence(self) -> str:
        """Return what is so, in a line: "One focal point after 31 Dec 2026"."""
        many = number_of_focal_points(self.count)
        if self.kind != FlagKind.SHORTAGE_AHEAD:
            return many
        day = formats.date_format(self.since - ONE_DAY, "j M Y")
        return _("%(many)s after %(day)s") % {"many": many, "day": day}

    @property
    def expected(self) -> str:
        """Return what the group expects: "2 to 4 are expected"."""
        return _("%(min)d to %(max)d are expected.") % {"min": self.minimum, "max": self.maximum}


def number_of_focal_points(count: int) -> str:
    """Return "No focal point", "One focal point", "5 focal points"."""
    if count == 0:
        return _("No focal point")
    if count == 1:
        return _("One focal point")
    return ngettext("%(count)d focal point", "%(count)d focal points", count) % {"count": count}


def judge(periods: Sequence[Period], day: date, minimum: int, maximum: int) -> Flag | None:
    """Return what is to be flagged on `day`, given the periods of an agency's focal points.

    Else None. Pure.

    A shortage or an excess of the day comes first; else the first shortage of the next 90 days.
    """

    def count_on(moment: date) -> int:
        return sum(period.covers(moment) for period in periods)

    now = count_on(day)
    if now < minimum:
        return Flag(FlagKind.SHORTAGE, now, minimum, maximum, _since(periods, day, minimum))
    if now > maximum:
        return Flag(FlagKind.EXCESS, now, minimum, maximum, day)
    ends = sorted({p.last + ONE_DAY for p in periods if p.last and day <= p.last < day + AHEAD})
    for first in ends:
        if count_on(first) < minimum:
            return Flag(FlagKind.SHORTAGE_AHEAD, count_on(first), minimum, maximum, first)
    return None


def _since(periods: Sequence[Period], day: date, minimum: int) -> date:
    """Return the first day of the shortage that runs on `day`.

    Where there never were enough, it is the first day of the longest serving; where there is
    nobody, `day`.
    """
    ends = sorted((p.last + ONE_DAY for p in periods if p.last and p.last < day), reverse=True)
    for first in ends:
        if sum(p.covers(first - ONE_DAY) for p in periods) >= minimum:
            return first
    return min((p.first for p in periods if p.covers(day)), default=day)


def flag_of(appointments: Iterable[Appointment], day: date, group: Group) -> Flag | None:
    """Return the flag of one agency, given its appointments (of any role and time). Pure."""
    periods = [a.period for a in appointments if a.role == Role.FOCAL_POINT]
    return judge(periods, day, group.focal_points_min, group.focal_points_max)


def shortage_or_excess(agency: Agency, day: date, group: Group) -> Flag | None:
    """Return what is to be flagged about a member agency's focal points on `day`.

    An agency that is no member has no flag.
    """
    if not is_member_on(agency, day):
        return None
    return flag_of(agency.appointments.filter(role=Role.FOCAL_POINT), day, group)
