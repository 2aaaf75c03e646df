"""What people are told of a series, and its pages."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from icalendar import Calendar

from coordination.core.history import dated_at
from coordination.core.tests.pages import text_of, tidy
from coordination.meetings.actions import meetings, series
from coordination.meetings.actions.series import Repetition, SeriesHour
from coordination.meetings.due import agendas
from coordination.meetings.due import meetings as due
from coordination.meetings.enums import MeetingState
from coordination.meetings.models import Meeting, MeetingSeries
from coordination.meetings.queries import series as queries
from coordination.meetings.tests.factories import MeetingFactory
from coordination.meetings.tests.test_mails import mail
from coordination.meetings.tests.test_series import DAY, details
from coordination.members.tests.factories import AppointmentFactory, PersonFactory
from coordination.tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now", "terms")]
MINUTE, TEN, HOUR = timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1)
WEEKLY = Repetition("weekly", times=4)


@pytest.fixture
def weekly(chair):
    return series.convene_series(details(), WEEKLY, by=chair, at=NOW)


def told(found, person):
    return [(each.stage, each.at) for each in found if each.person_id == person.pk]


def test_one_mail_tells_all_dates_and_invitations_come_two_weeks_before(weekly, focal_point):
    first = Meeting.objects.earliest("starts_at")

    assert told(agendas.series_news(NOW + TEN - timedelta(seconds=1)), focal_point) == []
    assert told(agendas.series_news(NOW + TEN), focal_point) == [("until 2027-01-06", NOW + TEN)]
    assert told(due.invitations(first.starts_at - 14 * DAY - TEN), focal_point) == []
    assert told(due.invitations(first.starts_at - 14 * DAY), focal_point) == [
        ("call", first.starts_at - 14 * DAY)
    ]
    assert told(agendas.series_news(datetime(2027, 1, 7, tzinfo=UTC)), focal_point) == []


def test_who_comes_later_is_told_on_the_first_morning(weekly, unfpa):
    newcomer = PersonFactory()
    AppointmentFactory(person=newcomer, agency=unfpa, first_day=date(2026, 11, 30))
    morning = datetime(2026, 11, 30, 7, tzinfo=UTC)

    assert told(agendas.series_news(morning - TEN), newcomer) == []
    assert told(agendas.series_news(morning), newcomer) == [("until 2027-01-06", morning)]


def test_an_extension_is_told_anew(weekly, chair, focal_point):
    at = NOW + DAY
    with dated_at(at):
        series.extend_series(weekly, date(2027, 1, 20), version=1, by=chair, at=at)

    assert told(agendas.series_news(at + TEN), focal_point) == [("until 2027-01-20", at + TEN)]
    [item] = [each for each in agendas.series_news(at + TEN) if each.person_id == focal_point.pk]
    assert len(item.context["meetings"]) == 6


def test_the_end_is_one_mail_and_only_what_people_were_invited_to_is_cancelled_apart(
    weekly, chair, focal_point
):
    first, *_rest = Meeting.objects.order_by("starts_at")
    at = first.starts_at - DAY
    with time_machine.travel(at, tick=False):
        series.end_series(weekly, version=1, by=chair, at=at)

    assert told(agendas.series_news(at), focal_point) == [("ended", at)]
    [item] = [each for each in agendas.series_news(at) if each.person_id == focal_point.pk]
    assert [meeting.state for meeting in item.context["meetings"]] == [MeetingState.CANCELLED] * 4
    cancelled = [each for each in due.cancelled_meetings(at) if each.person_id == focal_point.pk]
    # two begin within two weeks
    assert [each.context["meeting"].starts_at - first.starts_at for each in cancelled] == [
        0 * DAY,
        7 * DAY,
    ]
    entries = Calendar.from_ical(agendas.calendar_of_series(item, focal_point))
    assert {str(event["status"]) for event in entries.walk("VEVENT")} == {"CANCELLED"}
    assert {event["sequence"] for event in entries.walk("VEVENT")} == {1}


def test_a_meeting_of_the_series_that_is_cancelled_alone_is_told(weekly, chair, focal_point):
    last = Meeting.objects.latest("starts_at")
    at = NOW + DAY
    with dated_at(at):
        meetings.cancel_meeting(last, version=1, by=chair, at=at)

    assert len([1 for each in due.cancelled_meetings(at) if each.person_id == focal_point.pk]) == 1


def changed(weekly, chair, at, hour=time(16), version=1):
    """Give the whole series another hour."""
    with time_machine.travel(at, tick=False):
        hours = SeriesHour(hour, 75, "", "https://meet.example.org/w")
        series.change_series(weekly, hours, version=version, by=chair, at=at)


def moves(at, person):
    return [
        (each.context["meeting"].starts_at, each.stage, each.at)
        for each in due.moved_meetings(at)
        if each.person_id == person.pk
    ]


def test_another_hour_of_the_whole_series_is_one_mail(weekly, chair, focal_point):
    at = NOW + DAY
    changed(weekly, chair, at)

    assert moves(at + TEN, focal_point) == []
    [item] = [each for each in agendas.series_news(at + TEN) if each.person_id == focal_point.pk]
    assert (item.stage, item.at) == ("until 2027-01-06 as of 2026-11-24T09:10:00", at + TEN)
    assert item.context["has_changed"]
    entries = Calendar.from_ical(agendas.calendar_of_series(item, focal_point)).walk("VEVENT")
    assert {(event.start.hour, event["sequence"]) for event in entries} == {(15, 1)}


def test_what_people_were_invited_to_is_told_apart_too(weekly, chair, focal_point):
    first, second, *_rest = Meeting.objects.order_by("starts_at")
    at = first.starts_at - DAY
    changed(weekly, chair, at)

    assert moves(at + TEN, focal_point) == [
        (first.starts_at + HOUR, "v2", at + TEN),
        (second.starts_at + HOUR, "v2", at + TEN),
    ]
    assert len(told(agendas.series_news(at + TEN), focal_point)) == 1


def test_who_comes_after_a_change_is_told_the_dates_and_no_change(weekly, chair, unfpa):
    changed(weekly, chair, NOW + DAY)
    newcomer = PersonFactory()
    AppointmentFactory(person=newcomer, agency=unfpa, first_day=date(2026, 11, 30))
    morning = datetime(2026, 11, 30, 7, tzinfo=UTC)

    [item] = [each for each in agendas.series_news(morning) if each.person_id == newcomer.pk]
    assert (item.at, item.context["has_changed"]) == (morning, False)


def test_a_change_that_is_taken_back_is_told_to_nobody(weekly, chair, focal_point):
    at = NOW + DAY
    changed(weekly, chair, at)
    changed(weekly, chair, at + MINUTE, hour=time(15), version=2)

    assert moves(at + 2 * TEN, focal_point) == []
    assert told(agendas.series_news(at + 2 * TEN), focal_point) == [("until 2027-01-06", NOW + TEN)]


def test_each_change_is_a_mail_and_an_extension_tells_the_newest_dates(weekly, chair, focal_point):
    first, second = NOW + DAY, NOW + 2 * DAY
    changed(weekly, chair, first)
    changed(weekly, chair, second, hour=time(17), version=2)
    stage = "until 2027-01-06 as of 2026-11-25T09:10:00"
    assert told(agendas.series_news(second + TEN), focal_point) == [(stage, second + TEN)]

    at = NOW + 3 * DAY
    with dated_at(at):
        series.extend_series(weekly, date(2027, 1, 20), version=3, by=chair, at=at)

    assert told(agendas.series_news(at + TEN), focal_point) == [("until 2027-01-20", at + TEN)]
    assert moves(at + TEN, focal_point) == []


def test_a_series_that_changed_and_ends_is_cancelled_in_one_mail(weekly, chair, focal_point):
    changed(weekly, chair, NOW + DAY)
    at = NOW + 2 * DAY
    with dated_at(at):
        series.end_series(weekly, version=2, by=chair, at=at)

    assert told(agendas.series_news(at), focal_point) == [("ended", at)]
    assert list(due.cancelled_meetings(at)) == []


def test_the_mail_names_the_dates(weekly, focal_point, group):
    coming = list(Meeting.objects.select_related("series").order_by("starts_at"))
    context = {"series": weekly, "meetings": coming, "has_changed": False}

    subject, text, html = mail("series", focal_point, group, **context)

    assert subject == "Note 4 dates: Working level"
    for words in (
        "Working level is convened for these dates:",
        "Wed 16 Dec 2026, 15:00–16:15 Geneva (09:00–10:15 your time, New York)",
        "https://meet.example.org/w",
        "two weeks before each meeting an",
        "See all dates of the series",
    ):
        assert (
            words in text.replace("\n", " ") or words in text,
            words in html.replace("\n", " ") or words in html,
        ) == (True, True), words
    subject, text, html = mail("series", focal_point, group, **context | {"has_changed": True})
    assert subject == "The meetings have changed: Working level"
    for words in (
        "The hour, place or link of Working level has changed. These are the dates now:",
        "The attached entries change them in your calendar.",
    ):
        assert (words in tidy(text), words in tidy(html)) == (True, True), words
    weekly.ended_at = NOW
    subject, text, html = mail("series", focal_point, group, **context)
    assert subject == "Series ended: Working level"
    words = "The series Working level has ended. These meetings are cancelled:"
    assert (words in text, words in html) == (True, True)


@pytest.mark.parametrize(
    ("begins", "zone", "words"),
    [
        (datetime(2027, 3, 17, 14, tzinfo=UTC), "America/New_York", "one hour later than usual"),
        (datetime(2027, 4, 7, 14, 30, tzinfo=UTC), "Europe/Zurich", "1 h 30 min later than usual"),
        (
            datetime(2027, 4, 7, 10, 30, tzinfo=UTC),
            "Europe/Zurich",
            "2 h 30 min earlier than usual",
        ),
        (datetime(2027, 4, 7, 11, tzinfo=UTC), "Europe/Zurich", "2 hours earlier than usual"),
        (datetime(2027, 4, 7, 15, tzinfo=UTC), "Europe/Zurich", "2 hours later than usual"),
        (datetime(2027, 4, 7, 12, tzinfo=UTC), "Europe/Zurich", "one hour earlier than usual"),
        (datetime(2027, 4, 7, 13, tzinfo=UTC), "Europe/Zurich", ""),
    ],
)
def test_the_page_of_a_meeting_tells_what_is_unusual(
    sign_in, focal_point, weekly, begins, zone, words
):
    meeting = MeetingFactory(slug="m", series=weekly, starts_at=begins)
    focal_point.time_zone = zone
    focal_point.save()

    page = text_of(sign_in(focal_point).get("/meetings/m/"))

    assert "Every Wednesday" in page
    assert (words in page) if words else ("than usual" not in page)
    assert queries.shift_for(MeetingFactory(), ZoneInfo(zone)) == timedelta()
    assert meeting.series == weekly


def test_the_page_of_a_series_lists_its_meetings(sign_in, focal_point, chair, weekly):
    second = Meeting.objects.order_by("starts_at")[1]
    meetings.cancel_meeting(second, version=1, by=chair, at=NOW)
    MeetingFactory(series=weekly, title="First of all", starts_at=NOW - DAY)
    path = f"/meetings/series/{weekly.pk}/"

    page = text_of(sign_in(focal_point).get(path))

    assert "Every Wednesday, 15:00 Geneva" in page
    assert "16 Dec 2026 to 6 Jan 2027" in page
    for words in ("Wed 16 Dec, 09:00", "Cancelled", "First of all", "75 minutes"):
        assert words in page
    assert "Extend" not in page
    assert "Extend" in text_of(sign_in(chair).get(path))
    assert "Every Wednesday" in text_of(sign_in(focal_point).get("/meetings/"))
    calendar = Calendar.from_ical(sign_in(focal_point).get(f"{path}calendar/").content)
    assert len(calendar.walk("VEVENT")) == 4


@pytest.mark.parametrize("times", [2, 30])
def test_the_page_of_a_series_costs_the_same_whatever_its_length(
    sign_in, chair, times, django_assert_max_num_queries
):
    made = series.convene_series(details(), Repetition("weekly", times=times), by=chair, at=NOW)
    client = sign_in(chair)

    with django_assert_max_num_queries(11):
        client.get(f"/meetings/series/{made.pk}/")
    with django_assert_max_num_queries(10):
        client.get(f"/meetings/series/{made.pk}/calendar/")
    with django_assert_max_num_queries(12):
        client.get(f"/meetings/series/{made.pk}/end/")


def typed(**more):
    return {
        "title": "Working level",
        "kind": "working_level",
        "day": "2026-12-16",
        "begins": "15:00",
        "time_zone": "Europe/Zurich",
        "hour_reason": "The only one.",
        **more,
    }


@pytest.mark.parametrize(
    ("repeat", "sentence"),
    [
        ({"repeats": "weekly"}, "Give the last day, or a number of meetings."),
        (
            {"repeats": "weekly", "times": "3", "repeats_until": "2027-03-01"},
            "Give the last day or a number of meetings, not both.",
        ),
        ({"times": "3"}, "Say how the meeting repeats."),
        ({"repeats": "monthly_last", "times": "3"}, "16 Dec 2026 is not the last such weekday"),
        ({"repeats": "weekly", "times": "3", "day": "2026-11-18"}, "begins with a meeting to come"),
    ],
)
def test_a_wrong_repetition_is_told_beside_its_field(sign_in, chair, repeat, sentence):
    answer = sign_in(chair).post("/meetings/convene/", typed(**repeat))

    assert (answer.status_code, sentence in text_of(answer)) == (422, True)
    assert MeetingSeries.objects.count() == 0


def test_the_chair_changes_extends_and_ends_on_the_pages(sign_in, chair, weekly):
    client, path = sign_in(chair), f"/meetings/series/{weekly.pk}/"
    page = text_of(client.get(f"{path}change/"))
    assert "Change the coming meetings" in page

    values = {"begins": "16:00", "minutes": "60", "place": "Room 1", "version": "1"}
    answer = client.post(f"{path}change/", values, follow=True)
    assert "4 meetings have changed" in text_of(answer)
    assert client.post(f"{path}change/", values).status_code == 409
    assert client.post(f"{path}change/", {"version": "2"}).status_code == 422

    refused = client.post(f"{path}extend/", {"repeats_until": "2027-01-07", "version": "2"})
    assert (refused.status_code, "no day after 6 Jan 2027" in text_of(refused)) == (422, True)
    answer = client.post(
        f"{path}extend/", {"repeats_until": "2027-01-13", "version": "2"}, follow=True
    )
    assert "1 more meeting is convened" in text_of(answer)

    page = client.get(f"{path}end/")
    assert "16 Dec 2026, 16:00" in text_of(page)
    assert client.post(f"{path}end/", {"seen-version": "2"}).status_code == 409
    answer = client.post(f"{path}end/", {"seen-version": "3"}, follow=True)
    assert "The series has ended." in text_of(answer)
    assert client.get(f"{path}end/").status_code == 409
    over = client.post(f"{path}extend/", {"repeats_until": "2027-03-13", "version": "4"})
    assert (over.status_code, "This series has ended" in text_of(over)) == (422, True)


def test_a_series_elsewhere_names_its_city(sign_in, focal_point, chair):
    where = details(time_zone="Asia/Bangkok")
    made = series.convene_series(where, WEEKLY, by=chair, at=NOW)

    page = text_of(sign_in(focal_point).get(f"/meetings/series/{made.pk}/"))

    assert "Every Wednesday, 21:00 Bangkok" in page
    assert str(made) == "Working level"


def test_a_moved_meeting_of_a_series_that_ends_is_cancelled_apart(weekly, chair, focal_point):
    last = Meeting.objects.latest("starts_at")
    moved = details(starts_at=last.starts_at + DAY, ends_at=None)
    with dated_at(NOW + TEN):
        meetings.edit_meeting(last, moved, version=1, by=chair, at=NOW + TEN)
    at = NOW + DAY
    with dated_at(at):
        series.end_series(weekly, version=1, by=chair, at=at)

    [cancelled] = [each for each in due.cancelled_meetings(at) if each.person_id == focal_point.pk]
    assert cancelled.context["meeting"] == last
