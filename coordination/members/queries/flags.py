"""Whether an agency has as many focal points as the group expects.

A deviation is flagged, not refused.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from coordination.core.models import Group
from coordination.core.periods import ONE_DAY, Period
from coordination.members.enums import FlagKind, Role
from coordination.members.models import Agency, Appointment
from coordination.members.queries.agencies import is_member_on

AHEAD = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Flag:
    """Too few or too many focal points.

    `count` is their number on `since`, from which day the flag holds.
    """

    kind: FlagKind
    count: int
    minimum: int
    maximum: int
    since: date

    @property
    def sentence(self) -> str:
        """Return the flag: "One focal point after 31 Dec 2026"."""
        number = number_of_focal_points(self.count)
        if self.kind != FlagKind.SHORTAGE_AHEAD:
            return number
        day = formats.date_format(self.since - ONE_DAY, "j M Y")
        return _("%(number)s after %(day)s") % {"number": number, "day": day}

    @property
    def expected(self) -> str:
        """Return the expectation: "2 to 4 are expected"."""
        return _("%(min)d to %(max)d are expected.") % {"min": self.minimum, "max": self.maximum}


def number_of_focal_points(count: int) -> str:
    """Return "No focal point", "One focal point", "5 focal points"."""
    if count == 0:
        return _("No focal point")
    if count == 1:
        return _("One focal point")
    return ngettext("%(count)d focal point", "%(count)d focal points", count) % {"count": count}


def in_words(number: int) -> str:
    """Return "none", "one" to "nine", or the digits of a higher number."""
    words = (
        pgettext("number of people", "none"),
        pgettext("number of people", "one"),
        pgettext("number of people", "two"),
        pgettext("number of people", "three"),
        pgettext("number of people", "four"),
        pgettext("number of people", "five"),
        pgettext("number of people", "six"),
        pgettext("number of people", "seven"),
        pgettext("number of people", "eight"),
        pgettext("number of people", "nine"),
    )
    return words[number] if number < len(words) else str(number)


def judge_periods(periods: Sequence[Period], day: date, minimum: int, maximum: int) -> Flag | None:
    """Return the flag of `day` for periods of focal points.

    Pure. A shortage or excess on the day comes first, then the first shortage of the next 90 days.
    """

    def count_on(moment: date) -> int:
        return sum(period.covers(moment) for period in periods)

    now = count_on(day)
    if now < minimum:
        return Flag(FlagKind.SHORTAGE, now, minimum, maximum, _since(periods, day, minimum))
    if now > maximum:
        return Flag(FlagKind.EXCESS, now, minimum, maximum, _excess_since(periods, day, maximum))
    # The number can fall only on the day after an appointment ends.
    ends = sorted(
        {
            period.last + ONE_DAY
            for period in periods
            if period.last and day <= period.last < day + AHEAD
        }
    )
    for first in ends:
        if count_on(first) < minimum:
            return Flag(FlagKind.SHORTAGE_AHEAD, count_on(first), minimum, maximum, first)
    return None


def _since(periods: Sequence[Period], day: date, minimum: int) -> date:
    """Return the first day of the shortage that runs on `day`.

    If there never were enough, it is the first day of the longest serving, or of whoever came
    first if nobody is left. If there was nobody, `day`.
    """
    ends = sorted((p.last + ONE_DAY for p in periods if p.last and p.last < day), reverse=True)
    for first in ends:
        if sum(p.covers(first - ONE_DAY) for p in periods) >= minimum:
            return first
    begun = [p for p in periods if p.first <= day]
    present = [p for p in begun if p.covers(day)]
    return min((p.first for p in present or begun), default=day)


def _excess_since(periods: Sequence[Period], day: date, maximum: int) -> date:
    """Return the first day of the excess that runs on `day`.

    It is the last day on which the maximum was crossed.
    """
    starts = sorted({p.first for p in periods if p.first <= day}, reverse=True)
    return next(
        first for first in starts if sum(p.covers(first - ONE_DAY) for p in periods) <= maximum
    )


def flag_of(appointments: Iterable[Appointment], day: date, group: Group) -> Flag | None:
    """Return the flag of one agency, given all its appointments. Pure."""
    # A closed account counts for nothing.
    periods = [
        row.period for row in appointments if row.role == Role.FOCAL_POINT and row.person.is_active
    ]
    return judge_periods(periods, day, group.focal_points_min, group.focal_points_max)


def shortage_or_excess(agency: Agency, day: date, group: Group) -> Flag | None:
    """Return the flag of an agency on `day`.

    Observers have none.
    """
    if not is_member_on(agency, day):
        return None
    focal_points = agency.appointments.filter(role=Role.FOCAL_POINT).select_related("person")
    return flag_of(focal_points, day, group)
