"""The clock of the application.

Only views, tasks, commands and admin read it. Everything below takes the moment as an argument.
"""

import time as system_time
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

WORK_BEGINS, WORK_ENDS, SATURDAY = time(9), time(17), 5


def now() -> datetime:
    """Return the present moment in UTC, moved by CLOCK_OFFSET_SECONDS (demo only)."""
    return datetime.now(UTC) + timedelta(seconds=settings.CLOCK_OFFSET_SECONDS)


def seconds() -> float:
    """Return a monotonic count of seconds, for time limits."""
    return system_time.monotonic()


def day_at(moment: datetime, zone: ZoneInfo) -> date:
    """Return the calendar day that `moment` falls on in `zone`."""
    return moment.astimezone(zone).date()


def today(zone: ZoneInfo) -> date:
    """Return the present day in `zone`."""
    return day_at(now(), zone)


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """Return the first moment (UTC) of `day` in `zone`.

    Dates are stored and moments computed when needed, so a changed rule of clocks moves no date.
    """
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def next_weekday(day: date) -> date:
    """Return `day`, or the next Monday if it is a weekend."""
    return day + timedelta(days=7 - day.weekday()) if day.weekday() >= SATURDAY else day


def after_hours(begin: datetime, hours: int, zone: ZoneInfo, *, working: bool = False) -> datetime:
    """Return the moment (UTC) `hours` after `begin`.

    `working` counts only hours from Monday to Friday, 9:00 to 17:00 on the wall clock of `zone`. A
    night in which clocks change therefore costs no hour.
    """
    if not working:
        return begin + timedelta(hours=hours)
    # Naive wall-clock hours: the night in which clocks change then has its usual length.
    local, left = begin.astimezone(zone).replace(tzinfo=None), timedelta(hours=hours)
    while True:
        opens, ends = (
            datetime.combine(local.date(), WORK_BEGINS),
            datetime.combine(local.date(), WORK_ENDS),
        )
        start = max(local, opens)
        if local.weekday() < SATURDAY and start < ends:
            if left <= ends - start:
                return (start + left).replace(tzinfo=zone).astimezone(UTC)
            left -= ends - start
        local = opens + timedelta(days=1)
