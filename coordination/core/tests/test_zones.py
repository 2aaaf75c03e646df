"""Zones that this machine does not know, and hours that clocks skip or repeat."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.http import HttpRequest
from hypothesis import given
from hypothesis import strategies as st

from coordination.core import formatting, http, zones

PARIS, LORD_HOWE, APIA = (
    ZoneInfo("Europe/Paris"),
    ZoneInfo("Australia/Lord_Howe"),
    ZoneInfo("Pacific/Apia"),
)


@pytest.mark.parametrize(
    "name", ["Mars/Olympus", "Europe", "", "../etc/passwd", "/etc/localtime", "\x00", "é" * 60]
)
def test_a_name_that_is_no_zone_here_is_utc(name):
    assert (zones.is_known(name), zones.zone_of(name).key, zones.city_of(name)) == (
        False,
        "UTC",
        "UTC",
    )


def test_a_known_zone_is_itself():
    assert (zones.zone_of("America/New_York").key, zones.city_of("America/New_York")) == (
        "America/New_York",
        "New York",
    )
    assert zones.unknown("Europe/Paris", "", "Mars/Olympus", "Mars/Olympus", "Moon/Base") == [
        "Mars/Olympus",
        "Moon/Base",
    ]


@pytest.mark.parametrize(
    ("local", "zone", "before", "after"),
    [
        (datetime(2027, 3, 28, 2, 0), PARIS, "2027-03-28T02:00", "2027-03-28T03:00"),
        (datetime(2027, 3, 28, 2, 59), PARIS, "2027-03-28T02:00", "2027-03-28T03:00"),
        (datetime(2027, 10, 3, 2, 15), LORD_HOWE, "2027-10-03T02:00", "2027-10-03T02:30"),
        (datetime(2011, 12, 30, 12, 0), APIA, "2011-12-30T00:00", "2011-12-31T00:00"),
    ],
)
def test_an_hour_that_is_skipped_names_those_around_it(local, zone, before, after):
    with pytest.raises(zones.HourSkipped) as skipped:
        zones.moment_at(local, zone)

    assert (skipped.value.before, skipped.value.after) == (
        datetime.fromisoformat(before),
        datetime.fromisoformat(after),
    )


def test_an_hour_that_is_repeated_has_two_readings():
    with pytest.raises(zones.HourRepeated) as repeated:
        zones.moment_at(datetime(2026, 10, 25, 2, 30), PARIS)

    assert [reading.astimezone(UTC).hour for reading in repeated.value.readings] == [0, 1]
    assert str(repeated.value) == "2026-10-25T02:30+02:00 or 2026-10-25T02:30+01:00"


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2150, 1, 1)),
    st.sampled_from(
        [
            "Europe/Paris",
            "America/New_York",
            "Australia/Lord_Howe",
            "Pacific/Apia",
            "Africa/Casablanca",
            "UTC",
        ]
    ),
)
def test_what_the_clock_shows_is_that_moment_again(at, name):
    zone = ZoneInfo(name)
    at = at.replace(microsecond=0, tzinfo=UTC).astimezone(zone)
    local = at.replace(tzinfo=None)

    readings = [local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
    if zones.is_repeated(at):
        with pytest.raises(zones.HourRepeated) as repeated:
            zones.moment_at(local, zone)
        assert [reading.astimezone(UTC) for reading in repeated.value.readings] == readings
        assert at.astimezone(UTC) in readings
    else:
        assert zones.moment_at(local, zone).astimezone(UTC) == at.astimezone(UTC)


@pytest.mark.parametrize("year", [1, 9999])
def test_the_first_and_the_last_day_of_all_have_an_hour(year):
    assert zones.moment_at(datetime(year, 1, 1), PARIS).utcoffset() > timedelta()


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (datetime(2026, 10, 25, 2, 30, tzinfo=PARIS), "CEST, UTC+2"),
        (datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=PARIS), "CET, UTC+1"),
        (datetime(2026, 1, 1, tzinfo=ZoneInfo("Asia/Kathmandu")), "UTC+5:45"),
        (datetime(2026, 1, 1, tzinfo=ZoneInfo("America/St_Johns")), "NST, UTC-3:30"),
        (datetime(2026, 1, 1, tzinfo=UTC), "UTC+0"),
    ],
)
def test_a_reading_is_named_by_zone_and_offset(at, words):
    assert zones.name_and_offset(at) == words


def test_pages_name_the_offset_of_an_hour_that_comes_twice():
    first, second = (
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
    )

    assert [formatting.moment(at, PARIS) for at in (first, second)] == [
        "Sun 25 Oct 2026, 02:30 (CEST, UTC+2)",
        "Sun 25 Oct 2026, 02:30 (CET, UTC+1)",
    ]
    assert formatting.moment(second + timedelta(hours=1), PARIS) == "Sun 25 Oct 2026, 03:30"


def test_a_request_that_found_no_group_knows_no_unknown_zone():
    assert http.unknown_zones(HttpRequest()) == []
