"""A focal point's last day is 30 April: from 1 May out of every list, feed and link; old minutes still name them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from coordination.core import clock
from coordination.core.history import dated_at
from coordination.core.queries import day_in_group
from coordination.meetings.actions import polls
from coordination.meetings.actions.polls import PollInput
from coordination.meetings.models import Meeting, MeetingAnswer, PollAnswer
from coordination.meetings.queries import invitations
from coordination.meetings.queries.invitations import InvitedPeople
from coordination.meetings.queries.polls import PollLink
from coordination.meetings.tests.factories import AttendanceFactory, MeetingFactory
from coordination.members.actions import feeds
from coordination.members.models import Appointment
from coordination.reminders.actions import planning
from coordination.reminders.models import OutboxMessage

LAST_DAY, FIRST_DAY_OUT = date(2027, 4, 30), date(2027, 5, 1)
# the group is in Geneva, two hours before UTC in spring
LAST_MINUTE = datetime(2027, 4, 30, 21, 59, tzinfo=UTC)
MIDNIGHT = datetime(2027, 4, 30, 22, 0, tzinfo=UTC)
SPRING = datetime(2027, 4, 20, 9, 0, tzinfo=UTC)
NAME, ADDRESS = "Nadia Ferreira", "nadia.ferreira@unfpa.example.org"


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def past_meeting(focal_point, unfpa) -> Meeting:
    meeting = MeetingFactory(
        title="April", starts_at=datetime(2027, 4, 14, 13, 0, tzinfo=UTC), state="held"
    )
    AttendanceFactory(
        meeting=meeting, agency=unfpa, level="focal_point", person=focal_point, name_on_day=NAME
    )
    return meeting


@pytest.fixture
def coming_meeting(focal_point) -> Meeting:
    with dated_at(SPRING):
        return MeetingFactory(title="May", starts_at=datetime(2027, 5, 12, 13, 0, tzinfo=UTC))


@pytest.fixture
def links(coming_meeting, focal_point, unfpa, chair, incoming_chair, now) -> dict[str, str]:
    """Return the secret addresses that the focal point has, on 20 April."""
    now.move_to(SPRING)
    poll = polls.open_poll(
        PollInput("June", 60, [SPRING + timedelta(days=50)], SPRING + timedelta(days=30)),
        by=incoming_chair,
        at=SPRING,
    )
    token = feeds.make_token(focal_point, by=focal_point, at=SPRING)
    return {
        "answer": invitations.answer_path(coming_meeting, focal_point.pk),
        "poll": reverse(
            "meetings:answer_poll_by_link",
            args=[PollLink(poll.pk, focal_point.pk, unfpa.pk).token],
        ),
        "feed": f"/feeds/{token}/meetings.ics",
        "agency feed": f"/feeds/{token}/agencies/unfpa.ics",
        "terms feed": f"/feeds/{token}/terms.ics",
    }


def lists_that_name(client: Client, meeting: Meeting) -> set[str]:
    """Return the lists of people in office that name her, as a colleague reads them."""
    pages = {
        "directory": "/people/",
        "members": "/members/",
        "mailing lists": "/people/mailings/",
        "cards": "/members/unfpa/cards.vcf",
    }
    found = {name for name, path in pages.items() if NAME in text_of(client.get(path))}
    agency = client.get("/members/unfpa/").context["record"]
    if any(row.person.name == NAME for row in agency.now):
        found.add("agency")
    answers = invitations.seat_answers(meeting, day_in_group(clock.now()))
    if any(person.name == NAME for seat in answers for person, _answer in seat.people):
        found.add("invited")
    return found


@pytest.fixture
def ended(focal_point, colleague, links, client, now) -> None:
    """A colleague ends her appointment on the agency's page, ten days before."""
    appointment = Appointment.objects.get(person=focal_point)
    client.force_login(colleague)
    path = f"/members/unfpa/people/{appointment.pk}/"
    end = {"end": "yes", "last_day": LAST_DAY.isoformat(), "version": 1}
    client.post(path, end, follow=True)  # the page after it says so once
    assert Appointment.objects.get(person=focal_point).last_day == LAST_DAY


def test_on_the_last_day_all_is_as_before(
    ended, focal_point, colleague, coming_meeting, links, client, now
):
    now.move_to(LAST_MINUTE)
    client.force_login(colleague)

    assert {name: Client().get(path).status_code for name, path in links.items()} == {
        "answer": 200,
        "poll": 200,
        "feed": 200,
        "agency feed": 200,
        "terms feed": 200,
    }
    assert lists_that_name(client, coming_meeting) == {
        "directory",
        "members",
        "mailing lists",
        "cards",
        "invited",
        "agency",
    }
    assert focal_point.pk in InvitedPeople(LAST_MINUTE).now()


def test_from_the_first_of_may_she_is_out_of_every_list_feed_and_link(
    ended, focal_point, colleague, coming_meeting, links, client, now
):
    now.move_to(MIDNIGHT)
    client.force_login(colleague)
    anonymous = Client()

    answers = {name: anonymous.get(path) for name, path in links.items()}
    posted = anonymous.post(
        links["answer"],
        {"reply": "accepted", "hours": invitations.shown_hours(coming_meeting)},
    )
    voted = anonymous.post(links["poll"], {})

    assert {name: answer.status_code for name, answer in answers.items()} == {
        "answer": 200,
        "poll": 403,
        "feed": 410,
        "agency feed": 410,
        "terms feed": 410,
    }
    # the page of the invitation says why it has no form
    assert answers["answer"].context["closed"] == "not_invited"
    assert (posted.status_code, voted.status_code) == (403, 403)
    assert (MeetingAnswer.objects.count(), PollAnswer.objects.count()) == (0, 0)
    assert lists_that_name(client, coming_meeting) == set()
    assert focal_point.pk not in InvitedPeople(MIDNIGHT).now()
    assert client.get(f"/people/{focal_point.pk}/card.vcf").status_code == 404


def test_her_session_ends_with_her_office(ended, focal_point, now):
    browser = Client()
    now.move_to(LAST_MINUTE)
    browser.force_login(focal_point)
    last = browser.get("/desk/")
    now.move_to(MIDNIGHT)

    assert (last.status_code, browser.get("/desk/").status_code) == (200, 302)


def test_old_minutes_still_name_her(ended, colleague, past_meeting, client, now):
    now.move_to(MIDNIGHT)
    client.force_login(colleague)

    page = text_of(client.get(f"/meetings/{past_meeting.slug}/"))
    agency = client.get("/members/unfpa/").context["record"]

    assert NAME in page
    assert [(row.person.name, row.last_day) for row in agency.former] == [(NAME, LAST_DAY)]


def test_the_agency_and_the_chair_hear_that_one_is_left(
    ended, focal_point, colleague, incoming_chair, chair, now
):
    now.move_to(MIDNIGHT)
    planning.plan(MIDNIGHT)

    rows = OutboxMessage.objects.filter(
        kind__in=("members.focal_points_short", "rotation.agency_short"),
        subject__contains="UNFPA",
        due_at=MIDNIGHT,
    )
    assert sorted(rows.values_list("address", "subject")) == [
        (
            "ruth.adeyemi@who.example.org",
            "UNFPA is short of focal points: one left, two to four expected",
        ),
        (
            "tomas.akande@unfpa.example.org",
            "Name focal points for UNFPA: one left, two to four expected",
        ),
    ]
    assert not OutboxMessage.objects.filter(address=ADDRESS).exists()


def test_the_numbers_are_settings_of_the_group(ended, group, colleague, incoming_chair, now):
    group.focal_points_min, group.focal_points_max = 2, 5
    group.save()
    now.move_to(MIDNIGHT)
    planning.plan(MIDNIGHT)

    subjects = OutboxMessage.objects.filter(address=colleague.email, kind__contains="short")
    assert [each.subject for each in subjects] == [
        "Name focal points for UNFPA: one left, two to five expected"
    ]
