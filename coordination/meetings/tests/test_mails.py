"""The words of the mails of meetings."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.template.loader import render_to_string
from django.utils import timezone

from coordination.meetings.tests.factories import ActionItemFactory, MeetingFactory

pytestmark = pytest.mark.django_db


def mail(name, person, **context):
    around = {
        "person": person,
        "url": "https://x.example/meetings/42/",
        "reason": "Meetings",
        "can_be_off": True,
        "preferences_url": "p",
    }
    with timezone.override(ZoneInfo("America/New_York")):
        stem = f"meetings/mail/{name}"
        return [
            render_to_string(stem + end, around | context).strip()
            for end in (".subject.txt", ".txt", ".html")
        ]


@pytest.fixture
def meeting():
    starts = datetime(2026, 12, 2, 14, 0, tzinfo=UTC)
    return MeetingFactory(
        title="Meeting 42",
        starts_at=starts,
        place="Room XII",
        video_url="https://meet.example.org/42",
    )


def test_a_meeting_to_come(focal_point, group, meeting):
    subject, text, html = mail("coming", focal_point, meeting=meeting, group=group)

    assert subject == "Attend on Wed 2 Dec 09:00: Meeting 42"
    for words in (
        "Meeting 42 begins on Wednesday 2 December 2026, 09:00 your time (EST).",
        "Room XII",
        "https://meet.example.org/42",
    ):
        assert words in text
        assert words in html


def test_a_cancelled_meeting(focal_point, group, meeting):
    subject, text, html = mail("cancelled", focal_point, meeting=meeting, group=group)

    assert subject == "Cancelled: Meeting 42, Wed 2 Dec 09:00"
    words = "Meeting 42 was to begin on Wednesday 2 December 2026, 09:00 your time (EST). It is cancelled."
    assert (words in text, words in html) == (True, True)


def test_a_late_item(focal_point, group, meeting, unfpa):
    item = ActionItemFactory(meeting=meeting, agency=unfpa, title="Send data")

    subject, text, html = mail("item_late", focal_point, item=item, days_late=1, group=group)

    assert subject == "1 day late: Send data"
    words = "UNFPA took this on at Meeting 42; it was due on Tuesday 1 December: Send data"
    assert (words in text, words in html) == (True, True)
    assert (
        mail("item_late", focal_point, item=item, days_late=8, group=group)[0]
        == "8 days late: Send data"
    )
