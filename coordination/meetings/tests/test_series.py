"""Series of meetings: convened by a rule, changed, extended, ended."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine

from coordination.core.errors import NotAllowed, Stale
from coordination.meetings.actions import meetings, series
from coordination.meetings.actions.meetings import MeetingDetails
from coordination.meetings.actions.series import Repetition, SeriesHour
from coordination.meetings.enums import MeetingState
from coordination.meetings.errors import SeriesOver, WrongSeries
from coordination.meetings.models import AgendaItem, Meeting
from coordination.meetings.queries import series as queries
from coordination.meetings.tests.factories import MeetingFactory
from coordination.tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
DAY = timedelta(days=1)
FIRST = datetime(2026, 12, 16, 14, tzinfo=UTC)  # the third Wednesday, 15:00 Geneva
MONTHLY = Repetition("monthly", times=5)


def details(**more):
    values = {
        "title": "Working level",
        "kind": "working_level",
        "starts_at": FIRST,
        "ends_at": FIRST + timedelta(minutes=75),
        "time_zone": "Europe/Zurich",
        "video_url": "https://meet.example.org/w",
        "agenda": "Minutes\nAny other business",
        "hour_reason": "The only one.",
    }
    return MeetingDetails(**values | more)


@pytest.fixture
def third_wednesday(chair):
    return series.convene_series(details(), MONTHLY, by=chair, at=NOW)


def hours_of(made):
    return [
        (meeting.starts_at.strftime("%d %b %H:%M"), meeting.state)
        for meeting in Meeting.objects.filter(series=made).order_by("starts_at")
    ]


def test_a_series_convenes_an_ordinary_meeting_for_each_day(third_wednesday):
    made = Meeting.objects.filter(series=third_wednesday).order_by("starts_at")

    assert [meeting.starts_at for meeting in made] == [
        datetime(2026, 12, 16, 14, tzinfo=UTC),
        datetime(2027, 1, 20, 14, tzinfo=UTC),
        datetime(2027, 2, 17, 14, tzinfo=UTC),
        datetime(2027, 3, 17, 14, tzinfo=UTC),
        datetime(2027, 4, 21, 13, tzinfo=UTC),
    ]
    assert [meeting.slug for meeting in made][:2] == [
        "2026-12-16-working-level",
        "2027-01-20-working-level",
    ]
    assert {meeting.ends_at - meeting.starts_at for meeting in made} == {timedelta(minutes=75)}
    assert third_wednesday.last_day == date(2027, 4, 21)
    assert AgendaItem.objects.filter(meeting__in=made).count() == 10
    assert queries.rule_words(third_wednesday) == "Third Wednesday of each month"
    assert {
        record.history_change_reason for meeting in made for record in meeting.history.all()
    } == {"meeting_convened"}


def test_a_day_that_another_meeting_has_gets_another_address(chair):
    MeetingFactory(slug="2027-01-20-working-level")

    made = series.convene_series(details(), Repetition("monthly", times=2), by=chair, at=NOW)

    assert list(made.meetings.order_by("starts_at").values_list("slug", flat=True)) == [
        "2026-12-16-working-level",
        "2027-01-20-working-level-2",
    ]


@pytest.mark.parametrize(
    ("repetition", "first", "words"),
    [
        (Repetition("weekly", times=2), 16, "Every Wednesday"),
        (Repetition("fortnightly", last_day=date(2027, 1, 1)), 16, "Every second Wednesday"),
        (Repetition("monthly_last", times=2), 30, "Last Wednesday of each month"),
        (Repetition("monthly", times=2), 2, "First Wednesday of each month"),
    ],
)
def test_rules_have_words(chair, repetition, first, words):
    starts = datetime(2026, 12, first, 14, tzinfo=UTC)
    made = series.convene_series(
        details(starts_at=starts, ends_at=None), repetition, by=chair, at=NOW
    )

    assert (queries.rule_words(made), made.meetings.count(), made.minutes) == (words, 2, None)


@pytest.mark.parametrize(
    ("repetition", "starts", "field"),
    [
        (Repetition("weekly", times=1), FIRST, "times"),
        (Repetition("weekly", times=61), FIRST, "times"),
        (Repetition("weekly", last_day=date(2026, 12, 20)), FIRST, "repeats_until"),
        (Repetition("weekly", last_day=date(2029, 12, 20)), FIRST, "repeats_until"),
        (Repetition("monthly", times=2), datetime(2026, 12, 30, 14, tzinfo=UTC), "repeats"),
        (Repetition("monthly_last", times=2), FIRST, "repeats"),
        (Repetition("weekly", times=5), NOW - DAY, "day"),
    ],
)
def test_days_that_make_no_series_are_refused(chair, repetition, starts, field):
    with pytest.raises(WrongSeries) as refused:
        series.convene_series(details(starts_at=starts, ends_at=None), repetition, by=chair, at=NOW)

    assert refused.value.field == field
    assert Meeting.objects.count() == 0


def test_only_the_chair_convenes_changes_extends_and_ends(third_wednesday, focal_point):
    acts = [
        lambda: series.convene_series(details(), MONTHLY, by=focal_point, at=NOW),
        lambda: series.change_series(
            third_wednesday, SeriesHour(time(16), 60), version=1, by=focal_point, at=NOW
        ),
        lambda: series.extend_series(
            third_wednesday, date(2027, 6, 1), version=1, by=focal_point, at=NOW
        ),
        lambda: series.end_series(third_wednesday, version=1, by=focal_point, at=NOW),
    ]

    for act in acts:
        with pytest.raises(NotAllowed):
            act()


def test_a_change_of_the_series_leaves_what_was_moved_or_cancelled_alone(third_wednesday, chair):
    second, third, fourth, fifth = third_wednesday.meetings.order_by("starts_at")[1:]
    meetings.cancel_meeting(second, version=1, by=chair, at=NOW)
    meetings.edit_meeting(
        third,
        details(starts_at=third.starts_at + DAY, ends_at=None, place="Room 3"),
        version=1,
        by=chair,
        at=NOW,
    )
    meetings.edit_meeting(
        fourth,
        details(starts_at=fourth.starts_at, ends_at=fourth.ends_at, place="Room 4"),
        version=1,
        by=chair,
        at=NOW,
    )

    count = series.change_series(
        third_wednesday,
        SeriesHour(time(16, 30), 60, "Room 1", "https://meet.example.org/w"),
        version=1,
        by=chair,
        at=NOW,
    )

    made = third_wednesday.meetings.order_by("starts_at")
    assert [(each.starts_at.strftime("%d %b %H:%M"), each.place, each.state) for each in made] == [
        ("16 Dec 15:30", "Room 1", "convened"),
        ("20 Jan 14:00", "", "cancelled"),
        ("18 Feb 14:00", "Room 3", "convened"),
        ("17 Mar 15:30", "Room 4", "convened"),
        ("21 Apr 14:30", "Room 1", "convened"),
    ]
    assert (count, made[0].version, made[3].version) == (3, 2, 3)
    fifth.refresh_from_db()
    assert fifth.ends_at - fifth.starts_at == timedelta(minutes=60)
    assert fifth.hours_since == NOW
    rows = queries.rows_of(queries.series_record(third_wednesday.pk).get())
    assert [row.meeting for row in rows if row.has_moved] == [second, third]


def test_a_change_of_place_alone_moves_no_hour(third_wednesday, chair):
    hour = SeriesHour(time(15), 75, "Room 1", "https://meet.example.org/w")

    assert series.change_series(third_wednesday, hour, version=1, by=chair, at=NOW) == 5
    assert set(third_wednesday.meetings.values_list("place", "hours_since")) == {("Room 1", None)}
    with pytest.raises(Stale):
        series.change_series(third_wednesday, hour, version=1, by=chair, at=NOW)


def test_a_series_is_extended_by_its_rule(third_wednesday, chair):
    with pytest.raises(WrongSeries) as refused:
        series.extend_series(third_wednesday, date(2027, 5, 1), version=1, by=chair, at=NOW)
    assert refused.value.message == "The rule has no day after 21 Apr 2027 up to this one."

    count = series.extend_series(
        third_wednesday, date(2027, 6, 30), version=1, by=chair, at=NOW + DAY
    )

    third_wednesday.refresh_from_db()
    assert (count, third_wednesday.last_day) == (2, date(2027, 6, 16))
    assert third_wednesday.dates_since == NOW + DAY
    assert hours_of(third_wednesday)[-2:] == [
        ("19 May 13:00", "convened"),
        ("16 Jun 13:00", "convened"),
    ]


def test_a_series_that_ends_cancels_what_is_to_come_and_keeps_what_was(third_wednesday, chair):
    with time_machine.travel(datetime(2026, 12, 20, tzinfo=UTC), tick=False):
        at = datetime(2026, 12, 20, tzinfo=UTC)
        assert series.end_series(third_wednesday, version=1, by=chair, at=at) == 4

    assert [state for _hour, state in hours_of(third_wednesday)] == [
        MeetingState.CONVENED,
        *[MeetingState.CANCELLED] * 4,
    ]
    third_wednesday.refresh_from_db()
    assert third_wednesday.ended_at == at
    with pytest.raises(SeriesOver):
        series.end_series(third_wednesday, version=2, by=chair, at=at)


@pytest.mark.parametrize("times", [2, 40])
def test_a_series_costs_the_same_whatever_its_length(chair, times, django_assert_max_num_queries):
    with django_assert_max_num_queries(21):
        made = series.convene_series(details(), Repetition("weekly", times=times), by=chair, at=NOW)
    with django_assert_max_num_queries(16):
        series.change_series(made, SeriesHour(time(16), 60), version=1, by=chair, at=NOW)
    with django_assert_max_num_queries(12):
        series.end_series(made, version=2, by=chair, at=NOW)
