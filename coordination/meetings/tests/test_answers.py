"""Answers to invitations: on the page, by the link of a mail, and what they count for."""

from dataclasses import replace
from datetime import timedelta

import pytest

from coordination.core.errors import NotAllowed
from coordination.core.history import dated_at
from coordination.core.tests.pages import text_of
from coordination.meetings.actions import answers, meetings
from coordination.meetings.actions.answers import GivenAnswer
from coordination.meetings.due import meetings as due
from coordination.meetings.enums import MeetingState, Reply
from coordination.meetings.errors import ColleagueMissing, MeetingMoved, MeetingOver
from coordination.meetings.models import MeetingAnswer
from coordination.meetings.queries import invitations
from coordination.meetings.tests.test_moves import DAY, DETAILS, HOUR, SETTLED, STARTS
from coordination.meetings.views import links
from coordination.members.tests.factories import AppointmentFactory
from coordination.tests.cast import NOW, TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("terms", "now")]
AT = NOW + HOUR


@pytest.fixture
def meeting(chair):
    with dated_at(NOW):
        return meetings.convene(replace(DETAILS, title="Meeting 42"), by=chair, at=NOW)


def say(meeting, person, reply=Reply.ACCEPTED, at=AT, **more):
    given = GivenAnswer(reply, invitations.shown_hours(meeting), **more)
    return answers.answer_invitation(meeting, given, by=person, at=at)


def move(meeting, chair, at, **changes):
    with dated_at(at):
        return meetings.edit_meeting(
            meeting, replace(DETAILS, **changes), version=meeting.version, by=chair, at=at
        )


def test_an_answer_is_recorded_and_may_be_changed(meeting, focal_point):
    say(meeting, focal_point, Reply.DELEGATED, colleague="Sara Lind", note="On mission")
    answer = say(meeting, focal_point, Reply.DECLINED, colleague="Sara Lind", at=AT + HOUR)

    assert MeetingAnswer.objects.get() == answer
    assert (answer.reply, answer.colleague, answer.note) == (Reply.DECLINED, "", "")
    assert [row.history_change_reason for row in answer.history.order_by("pk")] == [
        "answer_delegated",
        "answer_declined",
    ]


def test_what_is_refused(meeting, focal_point, principals_office, chair):
    with pytest.raises(ColleagueMissing):
        say(meeting, focal_point, Reply.DELEGATED)
    with pytest.raises(NotAllowed):
        say(meeting, principals_office)
    with pytest.raises(MeetingOver):
        say(meeting, focal_point, at=STARTS)
    moved = move(meeting, chair, AT, starts_at=STARTS + DAY, ends_at=None)
    with pytest.raises(MeetingMoved):
        say(meeting, focal_point)  # the page showed the former hours
    with dated_at(AT):
        cancelled = meetings.cancel_meeting(moved, version=moved.version, by=chair, at=AT)
    with pytest.raises(MeetingOver):
        say(cancelled, focal_point)


def test_answers_start_afresh_when_the_hours_change_and_stand_when_the_place_does(
    meeting, focal_point, chair
):
    say(meeting, focal_point)
    elsewhere = move(meeting, chair, AT + HOUR, place="Room VII")
    assert invitations.who_answered([elsewhere]) == {(meeting.pk, focal_point.pk)}

    longer = move(elsewhere, chair, AT + 2 * HOUR, ends_at=DETAILS.ends_at + HOUR)
    assert invitations.who_answered([longer]) == set()
    back = move(longer, chair, AT + 2 * HOUR + timedelta(minutes=5))
    assert invitations.who_answered([back]) == {(meeting.pk, focal_point.pk)}  # nobody was told

    there = move(back, chair, AT + 3 * HOUR, starts_at=STARTS + DAY, ends_at=None)
    again = move(there, chair, AT + 4 * HOUR)
    assert again.starts_at == STARTS
    assert invitations.who_answered([again]) == set()


def test_reminders_go_to_those_who_have_not_answered(meeting, focal_point, other_agency, chair):
    say(meeting, focal_point, Reply.DECLINED)
    say(meeting, chair)

    assert [each.person_id for each in due.coming_meetings(STARTS - DAY)] == [other_agency.pk]
    moved = move(meeting, chair, AT + HOUR, starts_at=STARTS + HOUR)
    assert [each.person_id for each in due.coming_meetings(moved.starts_at - DAY)] == sorted(
        [focal_point.pk, chair.pk, other_agency.pk]
    )


def test_one_who_comes_is_enough_for_an_agency(meeting, focal_point, unfpa, other_agency):
    second = AppointmentFactory(agency=unfpa, person__name="Omar Idris").person
    say(meeting, focal_point, Reply.DECLINED)
    say(meeting, second, Reply.DELEGATED, colleague="Sara Lind")

    seats = {seat.agency.acronym: seat for seat in invitations.seat_answers(meeting, TODAY)}

    assert (seats["UNFPA"].reply, seats["UNFPA"].comes) == (Reply.DELEGATED, True)
    assert (seats["UNESCO"].reply, seats["UNESCO"].comes) == ("", False)
    assert seats["WHO"].people == ()
    counted = invitations.count_seats(list(seats.values()))
    assert (counted["coming"], counted["answered"], counted["invited"]) == (1, 1, len(seats))
    assert [agency.acronym for agency in counted["silent"]] == ["OHCHR", "UNESCO"]
    assert [agency.acronym for agency in counted["unreachable"]] == ["WHO"]


def test_the_page_asks_shows_the_answers_and_takes_the_readers(
    sign_in, meeting, focal_point, principals_office
):
    client, address = sign_in(focal_point), f"/meetings/{meeting.slug}/"
    page = text_of(client.get(address))
    assert "Will you attend?" in page
    assert "No answer yet:" in page
    hours = invitations.shown_hours(meeting)

    refused = client.post(f"{address}answer/", {"reply": "delegated", "hours": hours})
    assert refused.status_code == 422
    assert "Name the colleague who goes instead." in text_of(refused)
    stale = client.post(f"{address}answer/", {"reply": "accepted", "hours": "yesterday/"})
    assert (stale.status_code, hours in text_of(stale)) == (422, True)
    done = client.post(
        f"{address}answer/",
        {"reply": "delegated", "colleague": "Sara Lind", "note": "On mission", "hours": hours},
        follow=True,
    )

    page = text_of(done)
    assert "You answered: Sara Lind goes instead." in page
    assert "Nadia Ferreira: Sara Lind goes instead" in page
    assert "On mission" in page
    office = text_of(sign_in(principals_office).get(address))
    assert ("Will you attend?" in office, "On mission" in office) == (False, True)


def test_the_desk_asks_until_it_is_answered(sign_in, meeting, focal_point):
    client = sign_in(focal_point)
    assert "Say whether you will attend" in text_of(client.get("/desk/"))

    say(meeting, focal_point, Reply.DECLINED)

    assert "Say whether you will attend" not in text_of(client.get("/desk/"))


def test_the_link_of_a_mail_opens_a_page_with_a_button(client, meeting, focal_point):
    [item] = [each for each in due.invitations(AT) if each.person_id == focal_point.pk]

    page = text_of(client.get(item.url))
    assert ("This is the invitation of Nadia Ferreira." in page, "Room XII" in page) == (True, True)
    assert "15:00–16:15 Geneva (09:00–10:15 your time, New York)" in page
    assert MeetingAnswer.objects.count() == 0  # mail scanners follow links
    hours = invitations.shown_hours(meeting)
    assert client.post(item.url, {"hours": hours}).status_code == 422
    done = client.post(item.url, {"reply": "tentative", "hours": hours}, follow=True)

    assert "You answered: perhaps." in text_of(done)
    answer = MeetingAnswer.objects.get()
    assert (answer.person, answer.reply) == (focal_point, Reply.TENTATIVE)
    assert answer.history.get().history_user == focal_point


def test_a_link_that_is_of_no_use_any_more_says_why(
    client, meeting, focal_point, former_focal_point, chair, now
):
    path = invitations.answer_path(meeting, focal_point.pk)
    former = invitations.answer_path(meeting, former_focal_point.pk)
    assert "is not invited any more" in text_of(client.get(former))
    answer = {"reply": "accepted", "hours": invitations.shown_hours(meeting)}
    assert client.post(former, answer).status_code == 403
    assert client.get(path.replace("by-link/", "by-link/x")).status_code == 404
    now.move_to(STARTS)
    assert "This meeting has begun" in text_of(client.get(path))
    assert client.post(path, answer).status_code == 422
    now.move_to(NOW + SETTLED)
    meetings.cancel_meeting(meeting, version=1, by=chair, at=NOW + SETTLED)
    assert "This meeting was cancelled." in text_of(client.get(path))
    assert MeetingAnswer.objects.count() == 0


def test_answers_by_link_are_counted_by_network_address(client, meeting, focal_point, monkeypatch):
    monkeypatch.setattr(links, "LINK_RATE", "1/10m")
    path = invitations.answer_path(meeting, focal_point.pk)
    answer = {"reply": "accepted", "hours": invitations.shown_hours(meeting)}

    assert [client.post(path, answer).status_code for _time in range(2)] == [302, 429]


@pytest.mark.parametrize("state", [MeetingState.HELD, MeetingState.CANCELLED])
def test_nobody_is_asked_about_a_meeting_that_is_not_to_come(sign_in, focal_point, meeting, state):
    type(meeting).objects.update(state=state)

    page = text_of(sign_in(focal_point).get(f"/meetings/{meeting.slug}/"))

    assert ("Will you attend?" in page, "Who will attend" in page) == (False, False)
    assert "Say whether you will attend" not in text_of(sign_in(focal_point).get("/desk/"))
