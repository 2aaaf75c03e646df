"""Hours for a meeting: what each seat pays, both orders, and the clocks of each city."""

import json
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from coordination.meetings.slots.ranking import HourWindow, rank
from coordination.meetings.slots.stations import (
    ClockChange,
    Seat,
    Station,
    Stay,
    clock_changes,
    first_moment,
    last_moment,
    local_hour,
    outside_minutes,
)
from coordination.meetings.slots.usual import shift_from_usual, usual_local_hour

GENEVA, NEW_YORK = ZoneInfo("Europe/Zurich"), ZoneInfo("America/New_York")
BANGKOK = ZoneInfo("Asia/Bangkok")
DAY = date(2013, 1, 16)
NINE, SIX = time(9), time(18)
HOUR = timedelta(hours=1)
FIXTURE = Path(__file__).parents[4] / "fixtures/members.json"


def station(city, zone, **more):
    return Station(city, zone, NINE, SIX, **more)


def seat(key, place, first=date(2000, 1, 1), last=None):
    return Seat(key, place.city, (Stay(place, first, last),))


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def seats_of_the_day():
    """Return the seats of 16 January 2013 in the reference data, ESCAP for the commissions."""
    agencies = json.loads(FIXTURE.read_text())["agencies"]
    escap = next(
        each
        for agency in agencies
        for each in agency.get("commissions", [])
        if each["acronym"] == "ESCAP"
    )
    seats = []
    for key, agency in enumerate(agencies):
        if any(row["first_day"] <= DAY.isoformat() for row in agency["memberships"]):
            place = agency if agency.get("time_zone") else escap
            at = station(place["city"], ZoneInfo(place["time_zone"]))
            seats.append(Seat(key, agency["acronym"], (Stay(at, DAY),)))
    return seats


def test_no_hour_suits_all_on_16_january_2013_and_14_utc_comes_first():
    seats = seats_of_the_day()

    ranking = rank(HourWindow(DAY, DAY, 60, GENEVA), seats, {})

    assert (len(seats), len(ranking.by_time)) == (16, 48)
    assert min(each.seats_outside for each in ranking.by_time) == 1
    first = ranking.least_burden[0]
    assert (first.starts_at, first.seats_outside, first.burden) == (utc(2013, 1, 16, 14), 1, 60)
    hours = {
        at.city: local_hour(at, first.starts_at, first.ends_at, first.starts_at)
        for at in {each.station_on(DAY) for each in seats}
    }
    assert {city: f"{hour.begins:%a %H:%M}" for city, hour in hours.items()} == {
        "Geneva": "Wed 15:00",
        "Vienna": "Wed 15:00",
        "Paris": "Wed 15:00",
        "New York": "Wed 09:00",
        "Washington DC": "Wed 09:00",
        "Bangkok": "Wed 21:00",
    }
    assert [city for city, hour in hours.items() if hour.outside] == ["Bangkok"]
    noon = next(each for each in ranking.by_time if each.starts_at == utc(2013, 1, 16, 12))
    assert noon.seats_outside == 7


def test_most_equal_spares_who_paid_and_never_burdens_all_to_be_fair():
    geneva, bangkok = seat(1, station("Geneva", GENEVA)), seat(2, station("Bangkok", BANGKOK))
    seats = [geneva, bangkok, *(seat(key, station("New York", NEW_YORK)) for key in (3, 4))]
    window = HourWindow(DAY, DAY, 60, GENEVA)

    paid = rank(window, seats, {2: 600})
    fresh = rank(window, seats, {})

    # Bangkok works until 18:00, noon in Geneva; the earliest hour that costs New York alone
    assert [paid.least_burden[0].starts_at, paid.most_equal[0].starts_at] == [
        utc(2013, 1, 16, 14),
        utc(2013, 1, 16, 8),
    ]
    assert paid.most_equal[0].outside == (0, 0, 60, 60)
    # all outside has the same greatest total; a variance of 0 would put it first
    assert (fresh.most_equal[0].outside, fresh.most_equal[-1].outside) == (
        (0, 60, 0, 0),
        (60, 60, 60, 60),
    )


def test_equal_hours_are_in_the_order_of_time():
    monday, tuesday = date(2013, 1, 14), date(2013, 1, 15)
    ranking = rank(
        HourWindow(monday, tuesday, 60, GENEVA), [seat(1, station("Geneva", GENEVA))], {}
    )

    starts = [each.starts_at for each in ranking.least_burden if not each.burden]
    assert starts == sorted(starts)
    assert (starts[0], starts[17], len(starts)) == (
        utc(2013, 1, 14, 8),
        utc(2013, 1, 15, 8),
        34,
    )
    assert ranking.least_burden == ranking.most_equal


def test_weekends_and_holidays_are_those_of_the_duty_station():
    cairo = station("Cairo", ZoneInfo("Africa/Cairo"), weekend=frozenset({4, 5}))
    geneva = station("Geneva", GENEVA, holidays={date(2026, 12, 31): "Restoration Day"})

    def cost(at, *day):
        return outside_minutes(at, utc(*day, 10), utc(*day, 11))

    # Thursday 31 December to Sunday 3 January
    days = [(2026, 12, 31), (2027, 1, 1), (2027, 1, 2), (2027, 1, 3)]
    assert [cost(cairo, *day) for day in days] == [0, 60, 60, 0]
    assert [cost(geneva, *day) for day in days] == [60, 0, 60, 60]
    hour = local_hour(geneva, utc(2026, 12, 31, 10), utc(2026, 12, 31, 11), utc(2026, 12, 1))
    assert (hour.holiday, hour.is_weekend, hour.is_night) == ("Restoration Day", False, False)
    sunday = rank(HourWindow(date(2027, 1, 3), date(2027, 1, 3), 60, GENEVA), [seat(1, geneva)], {})
    assert {each.outside for each in sunday.by_time} == {(60,)}


def test_zones_of_half_and_quarter_hours_and_meetings_over_midnight():
    kathmandu = station("Kathmandu", ZoneInfo("Asia/Kathmandu"))  # UTC+5:45
    adelaide = station("Adelaide", ZoneInfo("Australia/Adelaide"))  # UTC+10:30 in January
    geneva = station("Geneva", GENEVA)

    # 12:00 to 13:00 UTC is 17:45 to 18:45 in Kathmandu; 07:00 to 08:00 is 17:30 to 18:30 in Adelaide
    assert outside_minutes(kathmandu, utc(2013, 1, 16, 12), utc(2013, 1, 16, 13)) == 45
    assert outside_minutes(adelaide, utc(2013, 1, 16, 7), utc(2013, 1, 16, 8)) == 30
    ranking = rank(
        HourWindow(DAY, DAY, 90, kathmandu.zone), [seat(1, kathmandu), seat(2, geneva)], {}
    )
    at_eight = next(each for each in ranking.by_time if each.starts_at == utc(2013, 1, 16, 2, 45))
    assert (at_eight.outside, at_eight.day) == ((30, 90), DAY)  # 08:30 to 10:00 there
    late = local_hour(geneva, utc(2013, 1, 16, 22), utc(2013, 1, 16, 23, 30), utc(2013, 1, 16))
    assert (f"{late.begins:%a %H:%M}", f"{late.ends:%a %H:%M}", late.outside, late.is_night) == (
        "Wed 23:00",
        "Thu 00:30",
        90,
        True,
    )
    over = HourWindow(DAY, DAY, 600, GENEVA)  # ten hours from 23:30 reach the next morning's work
    assert rank(over, [seat(1, geneva)], {}).by_time[-1].outside == (570,)


def test_clock_changes_make_days_shorter_and_longer_and_are_told():
    spring, autumn = date(2013, 3, 31), date(2013, 10, 27)
    early = Station("Geneva", GENEVA, time(2, 30), time(10), weekend=frozenset())

    assert [
        len(rank(HourWindow(day, day, 60, GENEVA), [], {}).by_time) for day in (spring, autumn)
    ] == [
        46,
        50,
    ]
    # 02:30 is skipped in spring: work begins with the jump at 01:00 UTC; it comes twice in autumn
    assert first_moment(spring, time(2, 30), GENEVA) == utc(2013, 3, 31, 1)
    assert first_moment(autumn, time(2, 30), GENEVA) == utc(2013, 10, 27, 0, 30)
    assert last_moment(autumn, time(2, 30), GENEVA) == utc(2013, 10, 27, 1, 30)
    # a moment of one zone is no wall clock: 00:30 to 03:30 lasts four hours in autumn
    begins, ends = (datetime.combine(autumn, time(hour, 30), tzinfo=GENEVA) for hour in (0, 3))
    assert outside_minutes(early, begins, ends) == 120
    assert clock_changes(NEW_YORK, utc(2013, 3, 1), utc(2013, 4, 1)) == [
        ClockChange(date(2013, 3, 10), HOUR)
    ]
    assert clock_changes(BANGKOK, utc(2013, 1, 1), utc(2014, 1, 1)) == []
    geneva = station("Geneva", GENEVA)
    hour = local_hour(geneva, utc(2013, 4, 2, 12), utc(2013, 4, 2, 13), utc(2013, 3, 1))
    assert hour.clock_shift == HOUR


def test_a_collective_seat_moves_with_its_speaker_and_a_newcomer_counts_from_its_first_day():
    escap, eclac = station("Bangkok", BANGKOK), station("Santiago", ZoneInfo("America/Santiago"))
    last, first = date(2013, 7, 1), date(2013, 7, 2)
    unrc = Seat(1, "UNRC", (Stay(escap, date(2013, 1, 1), last), Stay(eclac, first)))
    newcomer = seat(2, station("Geneva", GENEVA), first=first)
    gone = seat(3, station("Geneva", GENEVA), last=date(2012, 12, 31))

    ranking = rank(HourWindow(last, first, 60, GENEVA), [unrc, newcomer, gone], {})

    at = {each.starts_at: each.outside for each in ranking.by_time}
    # 02:00 UTC is 09:00 in Bangkok and 22:00 in Santiago
    assert (at[utc(2013, 7, 1, 2)], at[utc(2013, 7, 2, 2)]) == ((0, 0, 0), (60, 60, 0))
    assert [unrc.station_on(day) for day in (last, first)] == [escap, eclac]
    assert gone.station_on(first) is None


def test_hours_that_are_past_or_taken_are_left_out():
    busy = (utc(2013, 1, 16, 14), utc(2013, 1, 16, 15))
    window = HourWindow(DAY, DAY, 60, GENEVA, opens=utc(2013, 1, 16, 12), busy=(busy,))

    starts = [each.starts_at for each in rank(window, [], {}).by_time]

    assert (starts[0], len(starts)) == (utc(2013, 1, 16, 12), 22 - 3)
    assert [utc(2013, 1, 16, 13) in starts, utc(2013, 1, 16, 13, 30) in starts] == [True, False]


def third_wednesday(year, month):
    first = date(year, month, 1)
    day = first + timedelta(days=(2 - first.weekday()) % 7 + 14)
    return datetime.combine(day, time(15), tzinfo=GENEVA)


def test_new_york_is_told_that_20_march_2013_is_one_hour_later_than_usual():
    months = [(2012, month) for month in range(1, 13)] + [(2013, month) for month in range(1, 5)]
    series = [third_wednesday(*each) for each in months]
    march, april = series[-2:]

    def shown(moment):
        return [f"{moment.astimezone(zone):%d %b %H:%M}" for zone in (UTC, NEW_YORK, BANGKOK)]

    assert shown(march) == ["20 Mar 14:00", "20 Mar 10:00", "20 Mar 21:00"]
    assert shown(april) == ["17 Apr 13:00", "17 Apr 09:00", "17 Apr 20:00"]
    assert usual_local_hour(series[:-2], NEW_YORK) == time(9)
    zones = (NEW_YORK, BANGKOK, GENEVA)
    assert [shift_from_usual(march, series[:-2], zone) for zone in zones] == [
        HOUR,
        HOUR * 0,
        HOUR * 0,
    ]
    assert [shift_from_usual(april, series[:-1], zone) for zone in zones] == [
        HOUR * 0,
        -HOUR,
        HOUR * 0,
    ]
    assert (usual_local_hour([], BANGKOK), shift_from_usual(april, [], BANGKOK)) == (None, HOUR * 0)
    # half past midnight is an hour later than half past eleven, not 23 hours earlier
    assert (
        shift_from_usual(utc(2013, 1, 2, 0, 30), [utc(2013, 1, 1, 23, 30)], ZoneInfo("UTC")) == HOUR
    )
