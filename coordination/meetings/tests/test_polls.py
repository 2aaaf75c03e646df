"""Polls on hours: opened by the chair, answered on the site or by a link, settled by a meeting."""

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from django.urls import reverse

from coordination.core.errors import NotAllowed, Stale
from coordination.core.tests.pages import text_of
from coordination.meetings.actions import polls as acts
from coordination.meetings.actions.polls import PollInput
from coordination.meetings.due import meetings as due
from coordination.meetings.enums import SlotAnswer
from coordination.meetings.errors import PollOver, WrongSlots
from coordination.meetings.models import HourPoll, Meeting, PollAnswer
from coordination.meetings.queries import polls
from coordination.meetings.queries.polls import PollLink
from coordination.members.tests.factories import AgencyFactory, MembershipFactory
from coordination.tests.cast import NOW
from coordination.tests.many import ROWS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now", "terms")]

FIRST, SECOND = (datetime(2026, 12, day, 14, tzinfo=UTC) for day in (2, 3))
END = datetime(2026, 11, 27, 17, tzinfo=UTC)
DAY = timedelta(days=1)


def words(response):
    """Return the words of a page, without tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text_of(response))).split())


@pytest.fixture
def poll(chair, focal_point, other_agency):
    """A poll about two hours that nobody has answered."""
    asked = PollInput("Meeting 43", 75, [SECOND, FIRST], END, "Draft 3 must be settled.")
    return acts.open_poll(asked, by=chair, at=NOW)


def say(poll, person, *chosen, at=NOW, **values):
    agency = person.appointments.get().agency
    answers = {slot.pk: SlotAnswer(each) for slot, each in zip(poll.slots.all(), chosen)}  # noqa: B905 - an answer may be missing
    return acts.answer_poll(poll, agency, answers, by=person, at=at, **values)


def sent(poll, agency, *chosen):
    slots = poll.slots.all()
    return {
        f"agency-{agency.pk}-slot_{slot.pk}": each for slot, each in zip(slots, chosen, strict=True)
    }


def link_of(poll, person):
    agency = person.appointments.get().agency
    return reverse(
        "meetings:answer_poll_by_link", args=[PollLink(poll.pk, person.pk, agency.pk).token]
    )


def stages(at):
    return sorted((each.person_id, each.stage) for each in due.polls_to_answer(at))


def asked_on_desk(client):
    desk = client.get("/desk/").context["desk"]
    return [
        (step.kind, step.url, step.deadline)
        for step in (*desk.asked, *desk.of_chair)
        if "poll" in step.kind
    ]


def test_a_poll_is_on_the_desk_until_the_agency_has_answered(sign_in, poll, focal_point, chair):
    client, page = sign_in(focal_point), f"/meetings/polls/{poll.pk}/"

    assert asked_on_desk(client) == [("meetings.poll", page, END)]
    shown = words(client.get("/desk/"))
    assert "Say which hour suits: Meeting 43" in shown
    assert "The chair asks each agency." in shown

    say(poll, focal_point, "yes", "no")
    assert asked_on_desk(client) == []
    assert asked_on_desk(sign_in(chair)) == [("meetings.poll", page, END)]


def test_once_the_poll_takes_no_more_answers_the_chair_chooses_the_hour(
    sign_in, poll, focal_point, chair, now
):
    now.move_to(END)

    assert asked_on_desk(sign_in(focal_point)) == []
    of_chair = sign_in(chair)
    answers = f"/meetings/polls/{poll.pk}/#answers"
    assert asked_on_desk(of_chair) == [("meetings.settle_poll", answers, None)]
    assert "Choose the hour: Meeting 43" in words(of_chair.get("/desk/"))
    acts.close_poll(poll, version=1, by=chair, at=END)
    assert asked_on_desk(of_chair) == []


def test_an_office_and_an_observer_are_not_asked_about_hours(
    sign_in, poll, principals_office, focal_point, unfpa
):
    assert asked_on_desk(sign_in(principals_office)) == []
    unfpa.memberships.update(standing="observer")
    assert asked_on_desk(sign_in(focal_point)) == []


def test_only_the_chair_opens_a_poll_about_hours_that_can_be_answered(chair, focal_point):
    asked = PollInput("Meeting 43", 60, [FIRST], END)

    with pytest.raises(NotAllowed):
        acts.open_poll(asked, by=focal_point, at=NOW)
    for starts, end, field in (
        ([], END, "slots"),
        ([FIRST + DAY * number for number in range(13)], END, "slots"),
        ([FIRST], NOW, "closes_at"),
        ([FIRST, SECOND], FIRST, "closes_at"),
    ):
        with pytest.raises(WrongSlots) as refused:
            acts.open_poll(PollInput("Meeting 43", 60, starts, end), by=chair, at=NOW)
        assert refused.value.field == field
    opened = acts.open_poll(PollInput("Meeting 43", 60, [FIRST, FIRST], END), by=chair, at=NOW)
    assert [slot.starts_at for slot in opened.slots.all()] == [FIRST]


def test_an_agency_answers_for_itself_until_the_end_and_history_keeps_each_answer(
    poll, chair, focal_point, colleague, other_agency, unfpa
):
    with pytest.raises(NotAllowed):
        acts.answer_poll(poll, unfpa, {}, by=other_agency, at=NOW)
    say(poll, focal_point, "yes", "no")
    say(poll, colleague, "if_need_be", "no", at=NOW + DAY)

    first, second = PollAnswer.objects.order_by("slot__starts_at")
    assert (str(poll), str(first.slot), str(first)) == (
        "Meeting 43",
        "2026-12-02 14:00",
        "UNFPA: if need be",
    )
    assert [(each.answer, each.answered_by, each.answered_at) for each in (first, second)] == [
        ("if_need_be", colleague, NOW + DAY),
        ("no", focal_point, NOW),
    ]
    assert list(first.history.values_list("answer", flat=True)) == ["if_need_be", "yes"]
    with pytest.raises(PollOver):
        say(poll, focal_point, "yes", at=END)
    with pytest.raises(NotAllowed):
        acts.close_poll(poll, version=1, by=focal_point, at=NOW)
    with pytest.raises(Stale):
        acts.close_poll(poll, version=7, by=chair, at=NOW)
    acts.close_poll(poll, version=1, by=chair, at=NOW)
    for late in (
        lambda: say(poll, focal_point, "yes"),
        lambda: acts.close_poll(poll, version=2, by=chair, at=NOW),
    ):
        with pytest.raises(PollOver):
            late()


def test_mails_ask_once_remind_a_day_before_and_leave_alone_who_answered(
    poll, chair, focal_point, other_agency
):
    people = sorted(each.pk for each in (chair, focal_point, other_agency))
    assert stages(NOW) == [(pk, "asked") for pk in people]
    assert stages(END - DAY) == [(pk, "1d") for pk in people]
    say(poll, focal_point, "yes", "no")
    waiting = [pk for pk in people if pk != focal_point.pk]
    assert stages(END - DAY) == [(pk, "1d") for pk in waiting]
    assert stages(END) == []
    mail = next(each for each in due.polls_to_answer(NOW) if each.person_id == other_agency.pk)
    assert mail.url == link_of(poll, other_agency)
    assert mail.until == END
    acts.close_poll(poll, version=1, by=chair, at=NOW)
    assert stages(NOW) == []


def test_a_link_shows_a_form_and_only_its_button_answers(client, poll, focal_point, unfpa):
    address = link_of(poll, focal_point)

    page = words(client.get(address))
    client.head(address)
    assert "You answer as Nadia Ferreira, for UNFPA." in page
    assert "Wed 2 Dec 2026, 09:00 New York" in page
    assert PollAnswer.objects.count() == 0
    assert client.post(address, sent(poll, unfpa, "yes", "maybe")).status_code == 422
    saved = words(client.post(address, sent(poll, unfpa, "yes", "no")))
    assert "The answers of UNFPA are saved." in saved
    again = client.get(address).context["form"]
    assert [field.initial for field in again] == ["yes", "no"]
    answers = PollAnswer.objects.order_by("slot__starts_at")
    assert [(each.answer, each.by_link) for each in answers] == [("yes", True), ("no", True)]
    assert client.get(address.replace("link/", "link/x")).status_code == 404
    assert polls.read_link(PollLink(1, 2, 3).token[:-1] + "!") is None


def test_a_link_ends_with_the_poll_and_with_the_appointment(
    client, now, poll, chair, focal_point, other_agency, unfpa, ohchr
):
    address = link_of(poll, focal_point)
    other_agency.appointments.update(last_day=date(2026, 11, 22))
    refused = client.get(link_of(poll, other_agency))
    assert refused.status_code == 403
    wrong = PollLink(poll.pk, focal_point.pk, ohchr.pk).token
    assert client.get(reverse("meetings:answer_poll_by_link", args=[wrong])).status_code == 403

    now.move_to(END)
    assert "This poll is closed" in words(client.get(address))
    assert client.post(address, sent(poll, unfpa, "yes", "no")).status_code == 422
    assert PollAnswer.objects.count() == 0


def test_answers_by_link_are_limited_by_network_address(client, poll, focal_point, unfpa):
    address = link_of(poll, focal_point)
    statuses = [client.post(address, {}).status_code for _ in range(61)]

    assert (statuses[:60].count(422), statuses[60]) == (60, 429)


def test_chair_proposes_hours_reads_the_answers_and_convenes_at_one(
    sign_in, chair, focal_point, unfpa
):
    client = sign_in(chair)
    found = client.get(
        "/meetings/hours/?first_day=2026-12-02&last_day=2026-12-02&minutes=75&slots=2026-12-02T14:00"
    )
    assert "Ask all about 1 hour" in words(found)
    assert "Take back" in words(found)
    new = "/meetings/polls/new/?slots=2026-12-02T14:00,x,2026-12-03T14:00&minutes=75"
    assert "No hour is proposed" in words(client.get("/meetings/polls/new/"))
    page = client.get(new)
    assert "Thu 3 Dec, 15:00" in words(page)
    assert page.context["form"].initial["closes_at"] == datetime(2026, 11, 26, 17, tzinfo=UTC)
    late = {"title": "Meeting 43", "closes_at": "2026-12-02T15:00"}
    assert client.post(new, late).status_code == 422
    client.post(new, late | {"closes_at": "2026-11-27T18:00"})
    poll = HourPoll.objects.get()

    client = sign_in(focal_point)
    assert "Which hour suits you Meeting 43" in words(client.get("/meetings/"))
    page = words(client.get(f"/meetings/polls/{poll.pk}/"))
    assert "What suits UNFPA" in page
    assert "0 of 3 agencies have answered" in page
    assert "Convene then" not in page
    answer = f"/meetings/polls/{poll.pk}/answer/unfpa/"
    assert client.post(answer, {}).status_code == 422
    client.post(answer, sent(poll, unfpa, "yes", "if_need_be"))
    assert client.post(f"/meetings/polls/{poll.pk}/answer/unesco/").status_code == 403

    client = sign_in(chair)
    page = client.get(f"/meetings/polls/{poll.pk}/")
    assert "1 yes, 0 if need be, 0 no" in words(page)
    assert "if need be Nadia Ferreira" in words(page)
    convene = re.search(r'href="(/meetings/convene/[^"]*2026-12-02[^"]*)"', page.content.decode())
    address = unescape(convene[1])
    form = client.get(address).context["form"]
    assert form.initial["title"] == "Meeting 43"
    details = {"title": "Meeting 43", "kind": "working_level", "time_zone": "Europe/Zurich"}
    hour = {"day": "2026-12-02", "begins": "15:00", "ends": "16:15"}
    client.post(address, details | hour)
    poll.refresh_from_db()
    assert (poll.state, poll.meeting, poll.version) == ("closed", Meeting.objects.get(), 2)
    assert poll.meeting.starts_at == FIRST
    assert client.post(address, details | hour).status_code == 422
    assert "The poll is closed." in words(client.get(f"/meetings/polls/{poll.pk}/"))


def test_chair_closes_a_poll_on_its_page(sign_in, chair, poll):
    client = sign_in(chair)
    page = client.get(f"/meetings/polls/{poll.pk}/")
    shown = dict(page.context["shown_fields"])

    assert client.post(f"/meetings/polls/{poll.pk}/close/", {}).status_code == 409
    client.post(f"/meetings/polls/{poll.pk}/close/", shown)
    poll.refresh_from_db()
    assert poll.state == "closed"


@pytest.mark.parametrize("rows", ROWS)
def test_pages_of_a_poll_cost_the_same_whatever_the_number_of_members(
    sign_in, chair, poll, focal_point, rows, django_assert_num_queries
):
    agencies = [AgencyFactory() for _ in range(rows)]
    for agency in agencies:
        MembershipFactory(agency=agency)
    PollAnswer.objects.bulk_create(
        PollAnswer(slot=slot, agency=agency, answer="yes", answered_by=chair, answered_at=NOW)
        for slot in poll.slots.all()
        for agency in agencies
    )
    client = sign_in(chair)

    with django_assert_num_queries(9):
        client.get(f"/meetings/polls/{poll.pk}/")
    with django_assert_num_queries(4):
        client.get("/meetings/polls/new/?slots=2026-12-02T14:00&minutes=75")
    with django_assert_num_queries(12):
        client.get(link_of(poll, focal_point))
