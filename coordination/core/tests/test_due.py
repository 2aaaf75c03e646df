"""The cadence of reminders of what is late."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from coordination.core.due import late_reminder

DUE_DAY = date(2026, 10, 20)


def at(zone, month, day, hour, minute=0):
    return datetime(2026, month, day, hour, minute, tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("zone", "month", "day", "hour", "minute", "stage", "morning"),
    [
        ("Europe/Zurich", 10, 20, 12, 0, None, None),
        ("Europe/Zurich", 10, 21, 7, 59, None, None),
        ("Europe/Zurich", 10, 21, 8, 0, "week 0", (10, 21)),
        ("Europe/Zurich", 10, 28, 7, 59, "week 0", (10, 21)),
        # clocks went back on the 25th
        ("Europe/Zurich", 10, 28, 8, 0, "week 1", (10, 28)),
        ("Europe/Zurich", 11, 15, 0, 0, "week 3", (11, 11)),
        ("America/New_York", 10, 21, 7, 59, None, None),
        ("America/New_York", 10, 28, 8, 0, "week 1", (10, 28)),
        ("Pacific/Auckland", 10, 21, 8, 0, "week 0", (10, 21)),
    ],
)
def test_what_is_late_is_reminded_of_the_morning_after_and_each_week(
    zone, month, day, hour, minute, stage, morning
):
    found = late_reminder(
        DUE_DAY, ZoneInfo(zone), at(zone, month, day, hour, minute).astimezone(UTC)
    )

    assert found == (stage and (stage, at(zone, *morning, 8)))
