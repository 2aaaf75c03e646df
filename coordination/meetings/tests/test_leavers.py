"""What a leaver leaves is the agency's, and its people are shown it before."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from coordination.core.next_steps import Scope
from coordination.meetings import queries
from coordination.meetings.tests.factories import ActionItemFactory, MeetingFactory
from coordination.members.models import Absence, Appointment
from coordination.tests.cast import TODAY

pytestmark = pytest.mark.usefixtures("now", "group")
LATER = date(2026, 12, 2)


@pytest.fixture
def item(focal_point, unfpa):
    return ActionItemFactory(
        meeting=MeetingFactory(
            title="October",
            slug="october",
            starts_at=datetime(2026, 10, 14, 13, 0, tzinfo=UTC),
            state="held",
        ),
        agency=unfpa,
        person=focal_point,
        title="A paper",
        due_day=date(2026, 12, 10),
        number=3,
    )


def page_of(focal_point, client):
    appointment = Appointment.objects.get(person=focal_point)
    return client.get(reverse("members:appointment", args=["unfpa", appointment.pk]))


def test_the_page_shows_what_she_leaves_before_it_ends(
    item, focal_point, colleague, unfpa, sign_in
):
    ActionItemFactory(
        meeting=item.meeting, agency=unfpa, person=focal_point, state="done", number=4
    )
    ActionItemFactory(meeting=item.meeting, agency=unfpa, person=colleague, number=5)
    Absence.objects.create(person=colleague, alternate=focal_point, first_day=TODAY, last_day=LATER)

    page = page_of(focal_point, sign_in(colleague))

    assert [(matter.sentence, matter.url) for matter in page.context["leaves"]] == [
        ("One focal point of UNFPA stays. 2 to 4 are expected.", "/members/unfpa/invite/"),
        (
            "Stands in for Tomás Akande from 23 Nov 2026 to 2 Dec 2026: mails reach nobody else then.",
            "/people/",
        ),
        (
            "Action item “A paper”, due 10 Dec 2026: falls to UNFPA.",
            f"/meetings/october/#action-{item.pk}",
        ),
    ]
    assert "What Nadia Ferreira leaves, as of today:" in " ".join(page.content.decode().split())


def test_of_an_office_and_of_former_people_little_is_left(
    principals_office, former_focal_point, colleague, sign_in
):
    client = sign_in(colleague)

    pages = [page_of(person, client) for person in (principals_office, former_focal_point)]

    assert [page.context["leaves"] for page in pages] == [[], []]


def test_from_the_next_day_the_item_is_the_agencys(item, focal_point, colleague, unfpa, sign_in):
    Appointment.objects.filter(person=focal_point).update(last_day=TODAY)

    [before] = queries.item_steps(colleague, [unfpa], TODAY, is_chair=False)
    [after] = queries.item_steps(colleague, [unfpa], LATER, is_chair=False)

    assert (before.owner, before.scope) == (focal_point, Scope.AGENCY)
    assert (after.owner, after.scope) == (None, Scope.AGENCY)


def test_the_meeting_says_who_answers_now(item, focal_point, colleague, sign_in, now):
    Appointment.objects.filter(person=focal_point).update(last_day=TODAY)
    client = sign_in(colleague)
    words = "any focal point of UNFPA answers"
    before = " ".join(client.get("/meetings/october/").content.decode().split())
    now.move_to("2026-11-24 09:00Z")
    sign_in(colleague)  # the session of the day before has ended

    after = " ".join(client.get("/meetings/october/").content.decode().split())

    assert (words in before, words in after) == (False, True)
    assert "Nadia Ferreira" in after


@pytest.mark.parametrize("count", [1, 30])
def test_the_page_costs_the_same_whatever_she_leaves(
    item, focal_point, colleague, unfpa, sign_in, count, django_assert_num_queries
):
    for number in range(count):
        ActionItemFactory(
            meeting=item.meeting, agency=unfpa, person=focal_point, number=10 + number
        )
    client = sign_in(colleague)

    with django_assert_num_queries(14):
        page = page_of(focal_point, client)

    assert len(page.context["leaves"]) == count + 2
