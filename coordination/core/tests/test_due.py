"""The cadence of reminders of what is late."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from coordination.core.due import LateReminder, late_reminder

DUE_DAY = date(2026, 10, 20)


def at(zone, month, day, hour, minute=0):
    return datetime(2026, month, day, hour, minute, tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("zone", "month", "day", "hour", "minute", "stage", "morning"),
    [
        ("Europe/Zurich", 10, 20, 12, 0, None, None),
        ("Europe/Zurich", 10, 21, 7, 59, None, None),
        ("Europe/Zurich", 10, 21, 8, 0, "day 1", (10, 21)),
        # clocks went back on the 25th
        ("Europe/Zurich", 10, 27, 7, 59, "day 1", (10, 21)),
        ("Europe/Zurich", 10, 27, 8, 0, "day 7", (10, 27)),
        ("Europe/Zurich", 11, 3, 8, 0, "day 14", (11, 3)),
        ("Europe/Zurich", 11, 19, 7, 59, "day 14", (11, 3)),
        ("Europe/Zurich", 11, 19, 8, 0, "day 30", (11, 19)),
        ("Europe/Zurich", 12, 19, 7, 59, "day 30", (11, 19)),
        ("America/New_York", 10, 21, 7, 59, None, None),
        ("America/New_York", 10, 27, 8, 0, "day 7", (10, 27)),
        ("Pacific/Auckland", 10, 21, 8, 0, "day 1", (10, 21)),
    ],
)
def test_what_is_late_is_reminded_of_after_1_7_14_and_30_days(
    zone, month, day, hour, minute, stage, morning
):
    found = late_reminder(
        DUE_DAY, ZoneInfo(zone), at(zone, month, day, hour, minute).astimezone(UTC)
    )

    expected = stage and LateReminder(stage, at(zone, *morning, 8), monthly=False)
    assert found == expected


def test_after_30_days_a_reminder_comes_every_30_days_and_is_monthly():
    zone, first = ZoneInfo("Europe/Zurich"), date(2025, 10, 26)  # 393 days before the last
    noons = [datetime.combine(first + timedelta(days=n), time(12), tzinfo=zone) for n in range(394)]

    found = [reminder for noon in noons if (reminder := late_reminder(first, zone, noon))]

    mornings = {(found_one.at.date() - first).days: found_one.monthly for found_one in found}
    assert mornings == {1: False, 7: False, 14: False, 30: False} | dict.fromkeys(
        range(60, 394, 30), True
    )
    assert {each.at.hour for each in found} == {8}
    assert found[-1].stage == "day 390"
