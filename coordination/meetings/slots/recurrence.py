"""The days and moments of a series by its rule. Pure.

Moments are on the clocks of its place.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import count, takewhile
from typing import Final
from zoneinfo import ZoneInfo

WEEKLY: Final = "weekly"
FORTNIGHTLY: Final = "fortnightly"
MONTHLY: Final = "monthly"
MONTHLY_LAST: Final = "monthly_last"
WEEKS = {WEEKLY: 1, FORTNIGHTLY: 2}
WEEK = timedelta(weeks=1)
MONTHS = 12


def place_in_month(day: date) -> int:
    """Return 3 for the third such weekday of its month."""
    return (day.day - 1) // WEEK.days + 1


def is_last_of_month(day: date) -> bool:
    """Return whether `day` is the month's last such weekday."""
    return (day + WEEK).month != day.month


def weekday_in_month(months: int, weekday: int, place: int) -> date:
    """Return the weekday (0 is Monday) at `place` in a month.

    Place 0 is the last one. `months` counts from the year 0: January 2013 is 2013 * 12.
    """
    first = date(months // MONTHS, months % MONTHS + 1, 1)
    first += timedelta(days=(weekday - first.weekday()) % WEEK.days)
    if place:
        return first + (place - 1) * WEEK
    day = first + 3 * WEEK
    return day if is_last_of_month(day) else day + WEEK


def day_at_step(rule: str, first_day: date, step: int) -> date:
    """Return the day `step` times after the first.

    Before it for a negative step. A monthly rule keeps weekday and place of `first_day` ("third
    Wednesday").
    """
    if rule in WEEKS:
        return first_day + step * WEEKS[rule] * WEEK
    place = 0 if rule == MONTHLY_LAST else place_in_month(first_day)
    months = first_day.year * MONTHS + first_day.month - 1 + step
    return weekday_in_month(months, first_day.weekday(), place)


def days_of(rule: str, first_day: date, last_day: date) -> list[date]:
    """Return the days of a rule from `first_day` to `last_day`, both inclusive."""
    days = (day_at_step(rule, first_day, step) for step in count())
    return list(takewhile(lambda day: day <= last_day, days))


def former_days(rule: str, first_day: date, day: date) -> Iterator[date]:
    """Yield the days of a rule before `day`.

    The latest first, without end. They go on before the first day: people there know the hour by
    the clocks of the place.
    """
    if rule in WEEKS:
        step = (day - first_day).days // (WEEKS[rule] * WEEK.days)
    else:
        step = (day.year - first_day.year) * MONTHS + day.month - first_day.month
    former = (day_at_step(rule, first_day, step - back) for back in count())
    return (each for each in former if each < day)


def moment_on(day: date, begins: time, zone: ZoneInfo) -> datetime:
    """Return the moment (UTC) of a day's clock time in `zone`.

    Clocks there show `begins`. An hour that clocks skip is taken as before the change, as RFC 5545
    has it (section 3.3.5); of an hour that comes twice it is the first.
    """
    return datetime.combine(day, begins, tzinfo=zone).astimezone(UTC)
