"""Meetings as iCalendar: what calendar programs read."""

from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar

from coordination.meetings.enums import MeetingState
from coordination.meetings.queries import calendars
from coordination.meetings.tests.factories import AgendaItemFactory, MeetingFactory
from coordination.tests.cast import NOW

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _address(settings):
    settings.SITE_URL = "https://gmg.example.org"


def calendar_lines(meeting):
    """Return the lines of the calendar file, unfolded."""
    file = calendars.calendar_file(meeting, sequence=3, at=NOW).decode()
    assert all(len(line.encode()) <= 75 for line in file.split("\r\n"))
    return file.replace("\r\n ", "").split("\r\n")


def test_calendar_file_is_in_utc_escaped_and_folded():
    meeting = MeetingFactory(
        slug="42",
        title="Meeting 42; drafts, positions",
        place="Salle XII, Palais des Nations, " + "é" * 60,
        starts_at=datetime(2026, 12, 2, 14, 0, tzinfo=UTC),
        ends_at=datetime(2026, 12, 2, 15, 15, tzinfo=UTC),
    )
    AgendaItemFactory(meeting=meeting, position=1, title="A\\B")
    AgendaItemFactory(meeting=meeting, position=2, title="C")

    assert sorted(calendar_lines(meeting)) == sorted(
        [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//Coordination//Meetings//EN",
            "BEGIN:VEVENT",
            f"UID:meeting-{meeting.pk}@gmg.example.org",
            "SEQUENCE:3",
            "DTSTAMP:20261123T090000Z",
            "DTSTART:20261202T140000Z",
            "DTEND:20261202T151500Z",
            "STATUS:CONFIRMED",
            "SUMMARY:Meeting 42\\; drafts\\, positions",
            f"LOCATION:Salle XII\\, Palais des Nations\\, {'é' * 60}",
            "DESCRIPTION:1. A\\\\B\\n2. C",
            "URL:https://gmg.example.org/meetings/42/",
            "END:VEVENT",
            "END:VCALENDAR",
            "",
        ]
    )


def test_calendar_file_of_a_meeting_whose_hour_nobody_knows_is_the_day_where_it_took_place():
    starts = datetime(2011, 11, 15, 23, 30, tzinfo=UTC)  # past midnight in Paris
    meeting = MeetingFactory(starts_at=starts, sources=["A report"], time_zone="Europe/Paris")
    known_by_day = calendar_lines(meeting)
    meeting.ends_at = starts + HOUR

    assert {"DTSTART;VALUE=DATE:20111116", "DTEND;VALUE=DATE:20111117"} <= set(known_by_day)
    assert {"DTSTART:20111115T233000Z", "DTEND:20111116T003000Z"} <= set(calendar_lines(meeting))


def test_calendar_file_without_an_end_lasts_an_hour_and_a_cancelled_one_says_so():
    meeting = MeetingFactory(state=MeetingState.CANCELLED)

    assert {"DTEND:20261202T150000Z", "STATUS:CANCELLED"} <= set(calendar_lines(meeting))


LINK = "https://meet.example.org/1?a=b,c"


@pytest.mark.parametrize(
    ("place", "agenda", "location", "description"),
    [
        ("", [], LINK, ""),
        ("Room XII", [], "Room XII", f"Videoconference: {LINK}"),
        ("Room XII", ["Drafts"], "Room XII", f"1. Drafts\n\nVideoconference: {LINK}"),
    ],
)
def test_calendar_file_has_the_place_and_the_link(place, agenda, location, description):
    meeting = MeetingFactory(place=place, video_url=LINK)
    for title in agenda:
        AgendaItemFactory(meeting=meeting, position=1, title=title)

    [event] = Calendar.from_ical(calendars.calendar_file(meeting, sequence=0, at=NOW)).events

    assert (event.location, event.description or "") == (location, description)
    assert [link.uri for link in event.conferences] == [LINK]
    assert event.errors == []
