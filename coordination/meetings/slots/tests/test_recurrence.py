"""The days of a series by its rule, and their moments."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from coordination.meetings.slots.recurrence import (
    FORTNIGHTLY,
    MONTHLY,
    MONTHLY_LAST,
    WEEKLY,
    day_at_step,
    days_of,
    former_days,
    is_last_of_month,
    moment_on,
    place_in_month,
)

ZURICH, NEW_YORK = ZoneInfo("Europe/Zurich"), ZoneInfo("America/New_York")
BANGKOK = ZoneInfo("Asia/Bangkok")
THIRD_WEDNESDAY = date(2013, 1, 16)


def test_the_third_wednesday_at_15_in_zurich_keeps_its_hour_there_and_moves_elsewhere():
    days = days_of(MONTHLY, THIRD_WEDNESDAY, date(2013, 4, 30))

    assert days == [date(2013, month, day) for month, day in ((1, 16), (2, 20), (3, 20), (4, 17))]
    march, april = (moment_on(day, time(15), ZURICH) for day in days[2:])
    assert march == datetime(2013, 3, 20, 14, tzinfo=UTC)
    assert april == datetime(2013, 4, 17, 13, tzinfo=UTC)
    hours = [
        [moment.astimezone(zone).strftime("%H:%M") for zone in (ZURICH, NEW_YORK, BANGKOK)]
        for moment in (march, april)
    ]
    assert hours == [["15:00", "10:00", "21:00"], ["15:00", "09:00", "20:00"]]


def test_weeks_and_last_weekdays():
    assert days_of(WEEKLY, THIRD_WEDNESDAY, date(2013, 1, 30)) == [
        date(2013, 1, 16),
        date(2013, 1, 23),
        date(2013, 1, 30),
    ]
    assert days_of(FORTNIGHTLY, THIRD_WEDNESDAY, date(2013, 2, 12)) == [
        date(2013, 1, 16),
        date(2013, 1, 30),
    ]
    assert days_of(MONTHLY_LAST, date(2013, 1, 30), date(2013, 5, 31)) == [
        date(2013, month, day) for month, day in ((1, 30), (2, 27), (3, 27), (4, 24), (5, 29))
    ]
    assert days_of(WEEKLY, THIRD_WEDNESDAY, date(2013, 1, 15)) == []


def test_the_days_before_go_on_before_the_first():
    former = list(islice(former_days(MONTHLY, THIRD_WEDNESDAY, date(2013, 3, 20)), 4))
    assert former == [date(2013, 2, 20), date(2013, 1, 16), date(2012, 12, 19), date(2012, 11, 21)]
    # a meeting that was moved to another day of its week, or of its month
    assert next(former_days(WEEKLY, THIRD_WEDNESDAY, date(2013, 1, 24))) == date(2013, 1, 23)
    assert next(former_days(MONTHLY, THIRD_WEDNESDAY, date(2013, 3, 1))) == date(2013, 2, 20)
    assert next(former_days(MONTHLY, THIRD_WEDNESDAY, date(2013, 3, 31))) == date(2013, 3, 20)


def test_an_hour_that_clocks_skip_is_as_before_the_change_and_one_that_comes_twice_the_first():
    assert moment_on(date(2013, 3, 31), time(2, 30), ZURICH) == datetime(
        2013, 3, 31, 1, 30, tzinfo=UTC
    )
    assert moment_on(date(2013, 10, 27), time(2, 30), ZURICH) == datetime(
        2013, 10, 27, 0, 30, tzinfo=UTC
    )


@given(
    st.dates(date(1950, 1, 1), date(2150, 1, 1)),
    st.integers(0, 120),
    st.sampled_from([WEEKLY, FORTNIGHTLY, MONTHLY]),
)
def test_each_day_has_the_weekday_and_the_place_of_the_first(first, step, rule):
    if place_in_month(first) == 5:
        first -= timedelta(weeks=1)
    day = day_at_step(rule, first, step)

    assert day.weekday() == first.weekday()
    if rule == MONTHLY:
        assert place_in_month(day) == place_in_month(first)
        assert (day.year - first.year) * 12 + day.month - first.month == step
    last = day_at_step(MONTHLY_LAST, first, step)
    assert (is_last_of_month(last), last.weekday()) == (True, first.weekday())
