"""The mailbox on a real IMAP server: each mail is read once, and one that fails stops no other."""

import pytest

from coordination.core.history import dated_at
from coordination.meetings import tasks
from coordination.meetings.actions import calendar_answers, meetings
from coordination.meetings.models import MeetingAnswer
from coordination.meetings.queries import calendars
from coordination.meetings.tests.test_calendar_answers import mail, part
from coordination.meetings.tests.test_moves import DETAILS, HOUR
from coordination.tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("terms", "now")]


def test_answers_are_read_from_the_mailbox_once(dovecot, settings, now, chair, focal_point):
    settings.IMAP_URL = dovecot.url
    with dated_at(NOW):
        meeting = meetings.convene(DETAILS, by=chair, at=NOW)
    uid = calendars.uid_of(meeting)
    dovecot.put(b"From: MAILER-DAEMON@x.org\r\nSubject: Undelivered\r\n\r\nno\r\n")
    dovecot.put(mail(part(uid, answer="ACCEPTED")).as_bytes())
    dovecot.put(b"From: a@x.org\r\nSubject: large\r\n\r\n" + b"x" * 600_000)
    now.shift(HOUR)

    tasks.read_replies()

    assert MeetingAnswer.objects.get().reply == "accepted"
    assert ["Seen" in flags for flags in dovecot.flags()] == [True, True, False]
    tasks.read_replies()
    assert MeetingAnswer.objects.get().history.count() == 1


def test_a_mail_that_cannot_be_dealt_with_is_flagged_and_stops_no_other(
    dovecot, settings, now, chair, focal_point, monkeypatch
):
    settings.IMAP_URL = dovecot.url
    with dated_at(NOW):
        meeting = meetings.convene(DETAILS, by=chair, at=NOW)
    take = calendar_answers.take_mail

    def fails_once(sent, *, at):
        if sent["Message-ID"] == "<poison@example.org>":
            raise RuntimeError("a fault of ours")
        return take(sent, at=at)

    monkeypatch.setattr(calendar_answers, "take_mail", fails_once)
    dovecot.put(mail(part(calendars.uid_of(meeting)), key="poison").as_bytes())
    dovecot.put(mail(part(calendars.uid_of(meeting)), key="good").as_bytes())
    now.shift(HOUR)

    with pytest.raises(ExceptionGroup):
        tasks.read_replies()

    assert MeetingAnswer.objects.count() == 1
    assert ["Flagged" in flags for flags in dovecot.flags()] == [True, False]
    tasks.read_replies()  # the flagged one is not tried again


def test_without_a_mailbox_nothing_is_read(settings):
    settings.IMAP_URL = ""

    tasks.read_replies()
