"""The words of the mails of meetings."""

from datetime import UTC, datetime

import pytest

from coordination.core.http import reader_in
from coordination.core.mails import render_mail
from coordination.core.models import Group
from coordination.meetings.actions import polls
from coordination.meetings.actions.polls import PollInput
from coordination.meetings.tests.factories import (
    ActionItemFactory,
    AgendaItemFactory,
    MeetingFactory,
)
from coordination.tests.cast import NOW

pytestmark = pytest.mark.django_db


def mail(name, person, group, **context):
    around = {
        "person": person,
        "group": group,
        "reader": reader_in(person.time_zone, group),
        "url": "https://x.example/meetings/42/",
        "reason": "Meetings",
        "can_be_off": True,
        "preferences_url": "p",
        "unknown_zone": "",
    }
    mail = render_mail(f"meetings/mail/{name}", around | context, person.zone, "en")
    return mail.subject, mail.text, mail.html


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
    subject, text, html = mail("coming", focal_point, group, meeting=meeting)

    assert subject == "Attend on Wed 2 Dec 09:00 New York: Meeting 42"
    for words in (
        "Meeting 42 begins on Wed 2 Dec 2026, 09:00 New York (15:00 Geneva).",
        "You have not answered the invitation yet.",
        "Room XII",
        "https://meet.example.org/42",
    ):
        assert words in text
        assert words in html


def test_an_invitation(focal_point, group, meeting):
    AgendaItemFactory(meeting=meeting, position=1, title="The draft")
    subject, text, html = mail("invited", focal_point, group, meeting=meeting, can_be_off=False)

    assert subject == "Say whether you will attend: Meeting 42, Wed 2 Dec 09:00 New York"
    for words in (
        "You are invited to Meeting 42.",
        "Wed 2 Dec 2026, 15:00 Geneva (09:00 your time, New York)",
        "Room XII",
        "https://meet.example.org/42",
        "The draft",
        "Say whether you will attend",
        "Invitations cannot be switched off: they keep your calendar right.",
    ):
        assert (words in text, words in html) == (True, True), words
    assert "\n\n\n" not in text


def test_a_cancelled_meeting(focal_point, group, meeting):
    subject, text, html = mail("cancelled", focal_point, group, meeting=meeting)

    assert subject == "Cancelled: Meeting 42, Wed 2 Dec 09:00 New York"
    words = (
        "Meeting 42 was to begin on Wed 2 Dec 2026, 09:00 New York (15:00 Geneva). It is cancelled."
    )
    assert (words in text, words in html) == (True, True)


@pytest.fixture
def late(meeting, unfpa):
    item = ActionItemFactory(meeting=meeting, agency=unfpa, title="Send data")
    return {"item": item, "owner": "UNFPA", "left": False, "monthly": False, "days_late": 1}


WORDS = "UNFPA took this on at Meeting 42; it was due on Tuesday 1 December 2026: Send data"


def test_a_late_item(focal_point, group, late):
    subject, text, html = mail("item_late", focal_point, group, **late)

    assert subject == "1 day late: Send data"
    assert (WORDS in text, WORDS in html) == (True, True)
    assert f"Say where action {late['item'].number} stands:\nhttps://x.example/" in text
    assert f">Say where action {late['item'].number} stands</a>" in html
    eighth = mail("item_late", focal_point, group, **late | {"days_late": 8})
    assert eighth[0] == "8 days late: Send data"


def test_what_is_long_late_names_its_owner_and_the_day_and_counts_no_days(focal_point, group, late):
    subject, text, html = mail(
        "item_late", focal_point, group, **late | {"monthly": True, "days_late": 393}
    )

    assert subject == "Late since 1 December 2026, UNFPA: Send data"
    for words in (
        WORDS,
        "It is for UNFPA to do. It is late by two months or more, so the reminder comes once in 30 days, to the principal’s office of UNFPA and the chair if they can be reached.",
    ):
        assert (words in text, words in html) == (True, True)
    assert "\n\n\n" not in text
    assert f"See action {late['item'].number}:\n" in text  # an office may read it, and no more
    assert "393" not in subject + text + html


def test_the_chair_reads_that_the_agency_left(focal_point, group, late):
    subjects = [
        mail("item_late", focal_point, group, **late | {"left": True, "days_late": days})[0]
        for days in (1, 8)
    ]
    _subject, text, html = mail("item_late", focal_point, group, **late | {"left": True})

    assert subjects == ["1 day late, UNFPA: Send data", "8 days late, UNFPA: Send data"]
    words = "UNFPA is not in the group any more, so this is with the chair."
    assert (words in text, words in html) == (True, True)


@pytest.mark.parametrize("is_reminder", [False, True])
def test_a_poll_asks_in_the_readers_time_and_names_its_end(focal_point, chair, unfpa, is_reminder):
    hours = [datetime(2026, 12, day, 14, tzinfo=UTC) for day in (2, 3)]
    end = datetime(2026, 11, 27, 17, tzinfo=UTC)
    poll = polls.open_poll(PollInput("Meeting 43", 75, hours, end, "Soon."), by=chair, at=NOW)
    subject, text, html = mail(
        "poll", focal_point, Group.objects.get(), poll=poll, agency=unfpa, is_reminder=is_reminder
    )

    assert subject == (
        "Answer by Fri 27 Nov 12:00 New York, for UNFPA: which hour suits, Meeting 43"
        if is_reminder
        else "Which hour suits UNFPA: Meeting 43 (until Fri 27 Nov 12:00 New York)"
    )
    for words in (
        "Meeting 43, 75 minutes. Which of these hours suit UNFPA?",
        "Wed 2 Dec 2026, 09:00 New York (15:00 Geneva)",
        "Soon.",
        "Answer until Fri 27 Nov 2026, 12:00 New York (18:00 Geneva). The link is yours:",
    ):
        assert words in text
        assert words in html
    assert ("UNFPA has not answered yet." in text) == is_reminder
    assert "Say which hours suit you:\nhttps://x.example/meetings/42/" in text
