"""How moments and days are said."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from coordination.core import formatting
from coordination.core.enums import Precision
from coordination.core.formatting import TimeLeft

GENEVA, NEW_YORK, TOKYO = (
    ZoneInfo("Europe/Zurich"),
    ZoneInfo("America/New_York"),
    ZoneInfo("Asia/Tokyo"),
)
NOW = datetime(2026, 11, 23, 14, 12, tzinfo=UTC)  # Monday, 09:12 in New York
TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("day", "today", "words"),
    [
        (date(2026, 11, 27), TODAY, "Fri 27 Nov"),
        (date(2027, 1, 1), TODAY, "Fri 1 Jan 2027"),
        (date(2026, 11, 27), None, "Fri 27 Nov 2026"),
    ],
)
def test_short_day_names_the_year_when_it_is_another(day, today, words):
    assert formatting.short_day(day, today) == words


@pytest.mark.parametrize(
    ("precision", "words"),
    [(Precision.YEAR, "2003"), ("month", "April 2003"), (Precision.DAY, "1 April 2003")],
)
def test_known_day_says_no_more_than_is_known(precision, words):
    assert formatting.known_day(date(2003, 4, 1), precision) == words


def test_known_day_of_nothing_is_empty():
    assert formatting.known_day(None) == ""


def test_known_day_refuses_a_precision_that_does_not_exist():
    with pytest.raises(ValueError, match="decade"):
        formatting.known_day(date(2003, 4, 1), "decade")


@pytest.mark.parametrize(
    ("at", "zone", "now", "words"),
    [
        (datetime(2026, 11, 27, 16, 0, tzinfo=UTC), NEW_YORK, NOW, "Fri 27 Nov, 11:00"),
        (datetime(2026, 11, 23, 22, 0, tzinfo=UTC), NEW_YORK, NOW, "today, 17:00"),
        (datetime(2026, 11, 23, 22, 0, tzinfo=UTC), TOKYO, NOW, "Tue 24 Nov, 07:00"),
        (datetime(2027, 1, 24, 16, 0, tzinfo=UTC), GENEVA, NOW, "Sun 24 Jan 2027, 17:00"),
        (datetime(2026, 11, 27, 16, 0, tzinfo=UTC), GENEVA, None, "Fri 27 Nov 2026, 17:00"),
    ],
)
def test_moment_is_said_in_the_zone_of_the_reader(at, zone, now, words):
    assert formatting.moment(at, zone, now) == words


def test_moment_begins_a_line_with_a_capital():
    at = datetime(2026, 11, 23, 22, 0, tzinfo=UTC)

    assert formatting.moment_alone(at, NEW_YORK, NOW) == "Today, 17:00"
    assert formatting.moment_alone(at, TOKYO, NOW) == "Tue 24 Nov, 07:00"


def test_moment_follows_the_change_of_clocks():
    before, after = (
        datetime(2026, 3, 29, 0, 30, tzinfo=UTC),
        datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
    )

    assert formatting.moment(before, GENEVA, before) == "today, 01:30"
    assert formatting.moment(after, GENEVA, before) == "today, 03:30"


@pytest.mark.parametrize(
    ("at", "own_zone", "own_city", "words"),
    [
        (
            datetime(2026, 11, 27, 16, 0, tzinfo=UTC),
            NEW_YORK,
            "New York",
            "Fri 27 Nov 2026, 17:00 Geneva (11:00 your time, New York)",
        ),
        (
            datetime(2026, 12, 4, 23, 0, tzinfo=UTC),
            NEW_YORK,
            "New York",
            "Sat 5 Dec 2026, 00:00 Geneva (Fri 4 Dec 18:00 your time, New York)",
        ),
        (
            datetime(2026, 11, 27, 16, 0, tzinfo=UTC),
            ZoneInfo("Europe/Paris"),
            "Paris",
            "Fri 27 Nov 2026, 17:00 Geneva",
        ),
    ],
)
def test_both_times_add_the_reader_where_the_hour_differs(at, own_zone, own_city, words):
    assert formatting.both_times(at, GENEVA, "Geneva", own_zone, own_city) == words


@pytest.mark.parametrize(
    ("at", "zone", "words"),
    [
        (datetime(2026, 11, 27, 16, 0, tzinfo=UTC), NEW_YORK, "17:00 Geneva"),
        (datetime(2026, 12, 4, 23, 0, tzinfo=UTC), NEW_YORK, "Sat 00:00 Geneva"),
        (datetime(2026, 11, 27, 16, 0, tzinfo=UTC), ZoneInfo("Europe/Rome"), ""),
    ],
)
def test_elsewhere_says_the_weekday_only_when_it_is_another(at, zone, words):
    assert formatting.hour_elsewhere(at, zone, GENEVA, "Geneva") == words


@pytest.mark.parametrize(
    ("away", "left"),
    [
        (timedelta(days=-3), TimeLeft("late", "3 days late")),
        (timedelta(hours=-25), TimeLeft("late", "1 day late")),
        (timedelta(hours=-3, minutes=-2), TimeLeft("late", "3 h 2 min late")),
        (timedelta(0), TimeLeft("late", "0 min late")),
        (timedelta(seconds=30), TimeLeft("soon", "in 0 min")),
        (timedelta(minutes=48), TimeLeft("soon", "in 48 min")),
        (timedelta(hours=7, minutes=48), TimeLeft("soon", "in 7 h 48 min")),
        (timedelta(hours=15), TimeLeft("soon", "tomorrow")),
        (timedelta(days=3), TimeLeft("soon", "in 3 days")),
        (timedelta(days=3, seconds=1), TimeLeft("later", "in 3 days")),
        (timedelta(days=4), TimeLeft("later", "in 4 days")),
    ],
)
def test_left_says_late_soon_or_later(away, left):
    assert formatting.time_left(NOW + away, NOW, NEW_YORK) == left


def test_left_counts_days_in_the_zone_of_the_reader():
    at = NOW + timedelta(hours=14)

    assert formatting.time_left(at, NOW, NEW_YORK).text == "in 14 h 0 min"
    assert formatting.time_left(at, NOW, TOKYO).text == "tomorrow"


def test_left_counts_hours_over_midnight_when_it_is_near():
    assert formatting.time_left(NOW + timedelta(hours=8), NOW, TOKYO).text == "in 8 h 0 min"


@pytest.mark.parametrize(
    ("days", "left"),
    [
        (-2, TimeLeft("late", "2 days late")),
        (-1, TimeLeft("late", "1 day late")),
        (0, TimeLeft("soon", "today")),
        (1, TimeLeft("soon", "tomorrow")),
        (3, TimeLeft("soon", "in 3 days")),
        (4, TimeLeft("later", "in 4 days")),
    ],
)
def test_left_of_day_counts_whole_days(days, left):
    assert formatting.time_left_of_day(TODAY + timedelta(days=days), TODAY) == left


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Nadia Ferreira", "NF"),
        ("Élodie Marie Marchand", "ÉM"),
        ("Madonna", "M"),
        ("", ""),
        ("山田 太郎", "山太"),
        ("  ada   lovelace ", "AL"),
    ],
)
def test_initials_are_the_first_letters_of_the_first_and_last_word(name, letters):
    assert formatting.initials(name) == letters


def test_a_plain_day_is_said_in_the_language_of_the_reader():
    with translation.override("en"):
        english = formatting.plain_day(date(2026, 2, 3))
    with translation.override("fr"):
        french = formatting.plain_day(date(2026, 2, 3))

    assert (english, french) == ("3 Feb 2026", "3 Fév 2026")
