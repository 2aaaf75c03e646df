"""What people are told of a meeting: one mail for what changes within ten minutes, and the truth."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from icalendar import Calendar

from coordination.core.history import dated_at
from coordination.meetings.actions import meetings
from coordination.meetings.due import meetings as due
from coordination.meetings.queries import announcements, calendars
from coordination.meetings.tests.test_moves import DAY, DETAILS, HOUR, SETTLED, STARTS
from coordination.members.models import Appointment
from coordination.members.tests.factories import AppointmentFactory
from coordination.tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("terms")]
MINUTE = timedelta(minutes=1)
LATER = {"starts_at": STARTS + DAY, "ends_at": DETAILS.ends_at + DAY}


@pytest.fixture
def play(chair):
    """Return a function that convenes at NOW and saves each change at its minute after that.

    A change of None cancels the meeting.
    """

    def played(*changes):
        with dated_at(NOW):
            meeting = meetings.convene(DETAILS, by=chair, at=NOW)
        for minute, change in changes:
            at = NOW + minute * MINUTE
            with dated_at(at):
                if change is None:
                    meeting = meetings.cancel_meeting(
                        meeting, version=meeting.version, by=chair, at=at
                    )
                else:
                    meeting = meetings.edit_meeting(
                        meeting,
                        replace(DETAILS, **change),
                        version=meeting.version,
                        by=chair,
                        at=at,
                    )
        return meeting

    return played


def told(meeting, minute):
    return announcements.announced([meeting], NOW + minute * MINUTE)[meeting.pk]


def test_people_are_called_once_the_meeting_has_stood_for_ten_minutes(play, focal_point, chair):
    meeting = play()

    assert (told(meeting, 9).called_at, told(meeting, 10).called_at) == (None, NOW + SETTLED)
    assert list(due.invitations(NOW + 9 * MINUTE)) == []
    assert [(each.person_id, each.at) for each in due.invitations(NOW + SETTLED)] == [
        (pk, NOW + SETTLED) for pk in sorted([focal_point.pk, chair.pk])
    ]


def test_what_changes_before_the_call_goes_into_it(play, focal_point):
    meeting = play((5, {"place": "Room VII"}))

    announced = told(meeting, 60)
    assert (announced.called_at, announced.moves, announced.known.place) == (
        NOW + SETTLED,
        (),
        "Room VII",
    )


def test_a_meeting_that_begins_within_the_hour_is_called_at_once(chair, focal_point):
    soon = replace(DETAILS, starts_at=NOW + HOUR - MINUTE, ends_at=None)
    with dated_at(NOW):
        meetings.convene(soon, by=chair, at=NOW)

    assert focal_point.pk in [each.person_id for each in due.invitations(NOW)]


def test_changes_within_ten_minutes_are_one_mail_that_says_from_where_to_where(play, focal_point):
    meeting = play((60, LATER), (65, {**LATER, "place": "Room VII"}), (90, {"place": "Room IX"}))

    first, second = told(meeting, 120).moves
    assert told(meeting, 69).moves == ()
    assert (first.at, first.changed) == (NOW + 70 * MINUTE, {"hour", "place"})
    assert (first.before.place, first.after.place) == ("Room XII", "Room VII")
    assert (second.at, second.changed) == (NOW + 100 * MINUTE, {"hour", "place"})


def test_moved_and_back_within_ten_minutes_is_told_to_nobody_and_later_it_is_the_truth(
    play, focal_point
):
    meeting = play((60, LATER), (66, {}))
    assert told(meeting, 120).moves == ()

    meeting = play((60, LATER), (71, {}))
    there, back = told(meeting, 120).moves
    assert (there.after.starts_at, back.after.starts_at) == (STARTS + DAY, STARTS)


def test_no_reminder_names_an_hour_that_is_not_told_yet(play, focal_point):
    play((60, {"starts_at": NOW + 2 * DAY, "ends_at": None}))

    def reminded(minute):
        return [each.stage for each in due.coming_meetings(NOW + minute * MINUTE)]

    assert reminded(65) == []  # it may be moved back
    assert reminded(75) == []  # the mail about the move has told it
    soon = NOW + DAY
    assert [each.stage for each in due.coming_meetings(soon + MINUTE)] == ["1d", "1d"]


def test_a_meeting_that_was_never_announced_sends_no_cancellation(play, focal_point):
    play((5, None))

    assert list(due.invitations(NOW + HOUR)) == []
    assert list(due.cancelled_meetings(NOW + HOUR)) == []


def test_a_move_that_was_not_told_is_not_told_before_its_cancellation(play, focal_point, chair):
    meeting = play((60, LATER), (65, None))

    assert told(meeting, 120).moves == ()
    assert {each.person_id for each in due.cancelled_meetings(NOW + 2 * HOUR)} == {
        focal_point.pk,
        chair.pk,
    }


def test_who_comes_into_office_later_is_invited_on_that_morning(play, focal_point, other_agency):
    play()
    Appointment.objects.filter(person=other_agency).update(first_day=date(2026, 11, 26))
    morning = datetime.fromisoformat("2026-11-26T08:00+01:00")

    def invited(at):
        return [each.at for each in due.invitations(at) if each.person_id == other_agency.pk]

    assert (invited(morning - MINUTE), invited(morning)) == ([], [morning])


def message(find, at, person, meeting):
    """Return the method and the event of the calendar message of a mail that is due."""
    [item] = [
        each
        for each in find(at)
        if each.person_id == person.pk and each.context["meeting"] == meeting
    ]
    calendar = Calendar.from_ical(due.calendar_of(item, person))
    return calendar["METHOD"], calendar.events[0]


def test_the_calendar_message_of_an_invitation(play, focal_point):
    meeting = play()
    method, event = message(due.invitations, NOW + SETTLED, focal_point, meeting)

    assert (method, event["UID"]) == ("REQUEST", calendars.uid_of(meeting))
    assert (event["SEQUENCE"], event["STATUS"]) == (0, "CONFIRMED")
    assert event["ORGANIZER"] == "mailto:secretariat@localhost"
    assert event["ORGANIZER"].params["CN"] == "Global Migration Group"
    attendee = event["ATTENDEE"]
    assert (attendee, attendee.params["CN"]) == (f"mailto:{focal_point.email}", focal_point.name)
    assert (attendee.params["PARTSTAT"], attendee.params["ROLE"]) == (
        "NEEDS-ACTION",
        "REQ-PARTICIPANT",
    )


def test_a_meeting_that_is_moved_raises_its_sequence_and_a_cancelled_one_says_so(play, focal_point):
    moved = play((60, LATER))
    method, event = message(due.moved_meetings, NOW + 70 * MINUTE, focal_point, moved)
    assert (method, event["UID"]) == ("REQUEST", calendars.uid_of(moved))
    assert (event["SEQUENCE"], event.start) == (1, STARTS + DAY)
    assert event["ATTENDEE"].params["PARTSTAT"] == "NEEDS-ACTION"

    cancelled = play((60, LATER), (80, None))
    method, event = message(due.cancelled_meetings, NOW + 2 * HOUR, focal_point, cancelled)
    assert (method, event["STATUS"], event["SEQUENCE"]) == ("CANCEL", "CANCELLED", 2)


def test_words_of_the_calendar_message_are_in_the_readers_language(play, unfpa, group):
    """The entry is written in the language of its reader, whoever plans it."""
    play()
    person = AppointmentFactory(agency=unfpa, person__language="en").person
    [item] = [each for each in due.invitations(NOW + SETTLED) if each.person_id == person.pk]

    assert "Videoconference: https://meet.example.org/42" in due.calendar_of(item, person)
