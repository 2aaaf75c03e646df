"""Answers by mail: what calendar programs send, what is taken, and what changes nothing."""

from email import message_from_string

import pytest

from coordination.core.history import dated_at
from coordination.core.tests.pages import text_of
from coordination.meetings.actions import calendar_answers, meetings
from coordination.meetings.models import MeetingAnswer, RefusedReply
from coordination.meetings.queries import calendars
from coordination.meetings.tests.test_answers import move
from coordination.meetings.tests.test_moves import DAY, DETAILS, HOUR, STARTS
from coordination.tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("terms", "now")]
AT = NOW + HOUR
NADIA = "nadia.ferreira@unfpa.example.org"


@pytest.fixture
def meeting(chair):
    with dated_at(NOW):
        return meetings.convene(DETAILS, by=chair, at=NOW)


def part(uid, *, answer="ACCEPTED", attendee=NADIA, sequence=0, starts="20261202T140000Z", more=""):
    """Return the calendar part of an answer, as Outlook writes it: no file name, no organizer."""
    return (
        "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nPRODID:Microsoft Exchange Server 2010\r\n"
        "VERSION:2.0\r\nBEGIN:VEVENT\r\n"
        f"ATTENDEE;PARTSTAT={answer};CN=Nadia:mailto:{attendee}\r\n{more}"
        f"UID:{uid}\r\nSEQUENCE:{sequence}\r\nDTSTAMP:20261123T100000Z\r\n"
        f"DTSTART:{starts}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )


def mail(calendar, *, sender=NADIA, key="1", more="", kind="text/calendar; method=REPLY"):
    """Return a mail with a text and a calendar part."""
    return message_from_string(
        f"From: Nadia <{sender}>\r\nMessage-ID: <{key}@example.org>\r\n{more}"
        "Subject: =?utf-8?q?Accept=C3=A9=3A?= Meeting 42\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/alternative; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\n\r\n"
        f"--b\r\nContent-Type: {kind}; charset=utf-8\r\n\r\n{calendar}\r\n--b--\r\n"
    )


def refused():
    return list(RefusedReply.objects.order_by("pk").values_list("reason", flat=True))


def test_an_answer_is_taken_once(meeting, focal_point):
    uid = calendars.uid_of(meeting)
    sent = mail(part(uid, answer="TENTATIVE", more="COMMENT:After\\nlunch\r\n"))

    assert calendar_answers.take_mail(sent, at=AT) == 1
    again = mail(part(uid, answer="TENTATIVE"), key="2", kind="application/ics")
    assert calendar_answers.take_mail(again, at=AT + HOUR) == 0

    answer = MeetingAnswer.objects.get()
    assert (answer.person, answer.reply, answer.note) == (focal_point, "tentative", "After lunch")
    assert (answer.answered_at, answer.history.count(), refused()) == (AT, 1, [])


def test_who_delegates_names_the_address_of_the_colleague(meeting, focal_point):
    calendar = part(
        calendars.uid_of(meeting), answer='DELEGATED;DELEGATED-TO="mailto:Sara@Unfpa.org"'
    )

    assert calendar_answers.take_mail(mail(calendar), at=AT) == 1
    assert MeetingAnswer.objects.get().colleague == "sara@unfpa.org"


def test_other_mails_change_nothing_and_are_not_listed(meeting, focal_point):
    request = part(calendars.uid_of(meeting)).replace("METHOD:REPLY", "METHOD:REQUEST")
    away = message_from_string(
        f"From: {NADIA}\r\nAuto-Submitted: auto-replied\r\nSubject: Out of office\r\n\r\nI am away"
    )
    bounce = message_from_string(
        "From: MAILER-DAEMON@x.org\r\nContent-Type: multipart/report; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nStatus: 5.1.1\r\n\r\n--b--\r\n"
    )

    for other in (mail(request), away, bounce):
        assert calendar_answers.take_mail(other, at=AT) == 0
    assert (MeetingAnswer.objects.count(), refused()) == (0, [])


@pytest.mark.parametrize(
    ("changes", "around", "reason"),
    [
        ({}, {"sender": "ruth@who.example.org"}, "forged"),
        ({}, {"more": "Authentication-Results: mx.example.org; dmarc=fail\r\n"}, "forged"),
        ({"attendee": "who@x.org"}, {"sender": "who@x.org"}, "unknown_sender"),
        ({"uid": "meeting-999@localhost"}, {}, "unknown_meeting"),
        ({"uid": "8:30"}, {}, "unknown_meeting"),
        ({"answer": "NEEDS-ACTION"}, {}, "unreadable"),
        ({"answer": "DELEGATED"}, {}, "unreadable"),
        ({"sequence": "x"}, {}, "unreadable"),
        ({"starts": "20261203T140000Z"}, {}, "outdated"),
        (
            {"attendee": "former@unfpa.example.org"},
            {"sender": "former@unfpa.example.org"},
            "not_invited",
        ),
    ],
)
def test_what_is_refused_changes_nothing_and_is_listed_once(
    meeting, focal_point, former_focal_point, changes, around, reason
):
    former_focal_point.email = "former@unfpa.example.org"
    former_focal_point.save()
    sent = mail(part(**({"uid": calendars.uid_of(meeting)} | changes)), **around)

    for _time in range(2):
        assert calendar_answers.take_mail(sent, at=AT) == 0
    assert (MeetingAnswer.objects.count(), refused()) == (0, [reason])


def test_an_answer_to_former_hours_does_not_count(meeting, focal_point, chair):
    uid = calendars.uid_of(meeting)
    moved = move(meeting, chair, AT, starts_at=STARTS + DAY, ends_at=None)

    later = AT + HOUR
    stays = mail(part(uid, starts="20261203T140000Z", sequence=0))
    assert calendar_answers.take_mail(stays, at=later) == 0
    assert refused() == ["outdated"]
    told = mail(part(uid, starts="20261203T140000Z", sequence=1), key="2")
    assert calendar_answers.take_mail(told, at=later) == 1
    elsewhere = move(moved, chair, later, starts_at=STARTS + DAY, ends_at=None, place="Room VII")
    before = mail(part(uid, answer="DECLINED", starts="20261203T140000Z", sequence=1), key="3")
    assert calendar_answers.take_mail(before, at=later + HOUR) == 1
    assert elsewhere.answers.get().reply == "declined"


def test_an_answer_to_a_meeting_that_has_begun_is_outdated(meeting, focal_point):
    assert calendar_answers.take_mail(mail(part(calendars.uid_of(meeting))), at=STARTS) == 0
    assert refused() == ["outdated"]


def test_a_subject_in_an_unknown_code_is_listed_as_it_came(meeting):
    sent = mail(part(calendars.uid_of(meeting), attendee="who@x.org"), sender="who@x.org")
    sent.replace_header("Subject", "=?x-nobody?q?abc?=")

    assert calendar_answers.take_mail(sent, at=AT) == 0
    assert RefusedReply.objects.get().subject == "=?x-nobody?q?abc?="


def test_an_answer_without_an_hour_counts_by_its_sequence(meeting, focal_point):
    calendar = part(calendars.uid_of(meeting)).replace("DTSTART:20261202T140000Z\r\n", "")

    assert calendar_answers.take_mail(mail(calendar), at=AT) == 1


def test_the_chair_reads_what_was_refused_and_why(sign_in, chair, focal_point, meeting):
    assert "None: each answer by mail was taken." in text_of(
        sign_in(chair).get("/meetings/replies/")
    )
    stranger = part(calendars.uid_of(meeting), attendee="who@x.org")
    calendar_answers.take_mail(mail(stranger, sender="who@x.org"), at=AT)

    page = text_of(sign_in(chair).get("/meetings/replies/"))
    for words in ("who@x.org", "Nobody here has this address", "Accepté: Meeting 42"):
        assert words in page
    assert "Answers that were not taken" in text_of(sign_in(chair).get("/meetings/"))
    assert sign_in(focal_point).get("/meetings/replies/").status_code == 403
