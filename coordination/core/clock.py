"""The one clock. Only views, tasks, commands and admin read it; everything below takes the moment as an argument."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings


def now() -> datetime:
    """Return the present moment in UTC, moved by CLOCK_OFFSET_SECONDS (demo only)."""
    return datetime.now(UTC) + timedelta(seconds=settings.CLOCK_OFFSET_SECONDS)


def day_at(moment: datetime, zone: ZoneInfo) -> date:
    """Return the calendar day that `moment` falls on in `zone`."""
    return moment.astimezone(zone).date()


def today(zone: ZoneInfo) -> date:
    """Return the present day in `zone`."""
    return day_at(now(), zone)


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """Return the first moment (UTC) of `day` in `zone`; dates are stored, moments are computed late."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
