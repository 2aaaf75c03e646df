"""What agencies propose for an agenda, and what the chair decides."""

from datetime import UTC, datetime, timedelta

import pytest

from coordination.core.errors import NotAllowed, Stale
from coordination.core.tests.pages import text_of
from coordination.meetings.actions import proposals
from coordination.meetings.actions.proposals import ProposedItem
from coordination.meetings.due import agendas
from coordination.meetings.enums import MeetingState, ProposalState
from coordination.meetings.errors import DeclinedWithoutReason, MeetingOver, ProposalSettled
from coordination.meetings.models import AgendaProposal
from coordination.meetings.queries import agenda as queries
from coordination.meetings.tests.factories import MeetingFactory
from coordination.meetings.tests.test_mails import mail
from coordination.members.models import Appointment
from coordination.tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now", "terms")]
STARTS = datetime(2026, 12, 2, 14, tzinfo=UTC)


@pytest.fixture
def meeting():
    return MeetingFactory(slug="42", title="Meeting 42", starts_at=STARTS)


@pytest.fixture
def proposed(focal_point, unfpa):
    item = ProposedItem("Data on remittances", "New figures.", 20)
    return proposals.propose(item, unfpa, by=focal_point, at=NOW)


def test_the_chair_takes_a_proposal_on_an_agenda_and_its_agency_leads(
    proposed, meeting, chair, unfpa
):
    item = proposals.accept_proposal(proposed, meeting, version=1, by=chair, at=NOW)

    assert (item.title, item.detail, item.lead, item.minutes, item.meeting) == (
        "Data on remittances",
        "New figures.",
        unfpa,
        20,
        meeting,
    )
    proposed.refresh_from_db()
    assert (proposed.state, proposed.meeting, proposed.decided_by) == ("accepted", meeting, chair)
    with pytest.raises(ProposalSettled):
        proposals.accept_proposal(proposed, meeting, version=2, by=chair, at=NOW)


def test_the_chair_declines_with_a_reason(proposed, chair):
    with pytest.raises(DeclinedWithoutReason):
        proposals.decline_proposal(proposed, " ", version=1, by=chair, at=NOW)
    with pytest.raises(Stale):
        proposals.decline_proposal(proposed, "Too early.", version=9, by=chair, at=NOW)

    declined = proposals.decline_proposal(proposed, "Too early.", version=1, by=chair, at=NOW)
    assert (declined.state, declined.reason) == (ProposalState.DECLINED, "Too early.")


def test_the_agency_withdraws_what_is_not_settled(proposed, focal_point, other_agency, chair):
    with pytest.raises(NotAllowed):
        proposals.withdraw_proposal(proposed, version=1, by=other_agency, at=NOW)

    withdrawn = proposals.withdraw_proposal(proposed, version=1, by=focal_point, at=NOW)
    assert withdrawn.state == ProposalState.WITHDRAWN
    with pytest.raises(ProposalSettled):
        proposals.decline_proposal(proposed, "Too early.", version=2, by=chair, at=NOW)


def test_who_may_propose_and_decide(proposed, meeting, focal_point, other_agency, unfpa):
    acts = [
        lambda: proposals.propose(ProposedItem("A"), unfpa, by=other_agency, at=NOW),
        lambda: proposals.accept_proposal(proposed, meeting, version=1, by=focal_point, at=NOW),
        lambda: proposals.decline_proposal(proposed, "No", version=1, by=focal_point, at=NOW),
    ]

    for act in acts:
        with pytest.raises(NotAllowed):
            act()


@pytest.mark.parametrize(
    "values", [{"starts_at": NOW - timedelta(days=1)}, {"state": MeetingState.CANCELLED}]
)
def test_only_a_meeting_to_come_takes_proposals(proposed, focal_point, chair, unfpa, values):
    over = MeetingFactory(**values)

    with pytest.raises(MeetingOver):
        proposals.propose(ProposedItem("A", meeting=over), unfpa, by=focal_point, at=NOW)
    with pytest.raises(MeetingOver):
        proposals.accept_proposal(proposed, over, version=1, by=chair, at=NOW)


def test_what_is_for_another_meeting_is_not_offered(proposed, meeting, focal_point, unfpa):
    other = MeetingFactory(starts_at=STARTS)
    item = ProposedItem("Of another", meeting=other)
    proposals.propose(item, unfpa, by=focal_point, at=NOW)

    assert queries.proposals_for(meeting) == [proposed]
    assert len(queries.proposals_for(other)) == 2


def test_who_proposed_is_told_once_it_is_decided(proposed, meeting, chair, focal_point, unfpa):
    assert list(agendas.settled_proposals(NOW)) == []
    proposals.accept_proposal(proposed, meeting, version=1, by=chair, at=NOW)

    [told] = agendas.settled_proposals(NOW)
    assert (told.person_id, told.stage, told.at, told.url) == (
        focal_point.pk,
        "accepted",
        NOW,
        f"/meetings/proposals/{proposed.pk}/",
    )
    assert list(agendas.settled_proposals(NOW + timedelta(days=30))) == []
    Appointment.objects.filter(person=focal_point).update(last_day=NOW.date())
    assert list(agendas.settled_proposals(NOW + timedelta(days=1))) == []


def test_the_mail_says_what_became_of_it(proposed, meeting, chair, focal_point, group):
    proposed.state, proposed.reason = ProposalState.DECLINED, "Too early."
    subject, text, html = mail("proposal", focal_point, group, proposal=proposed)
    assert subject == "Not on the agenda: Data on remittances"
    words = "The chair declined what UNFPA proposed: Data on remittances"
    for each in (words, "Too early."):
        assert (each in text, each in html) == (True, True)

    proposed.state, proposed.meeting = ProposalState.ACCEPTED, meeting
    subject, text, html = mail("proposal", focal_point, group, proposal=proposed)
    assert subject == "On the agenda: Data on remittances"
    words = "What UNFPA proposed is on the agenda of Meeting 42: Data on remittances"
    assert (words in text, words in html) == (True, True)


def test_a_proposal_from_its_form_to_the_agenda(sign_in, focal_point, chair, meeting, unfpa):
    client = sign_in(focal_point)
    assert "Meeting 42" in text_of(client.get("/meetings/proposals/new/"))
    typed = {"agency": str(unfpa.pk), "title": "Data", "why": "Figures.", "meeting": ""}
    answer = client.post("/meetings/proposals/new/", typed)
    made = AgendaProposal.objects.get()
    path = f"/meetings/proposals/{made.pk}/"
    assert answer.url == path
    assert client.post("/meetings/proposals/new/", {"title": ""}).status_code == 422
    page = text_of(client.get(path))
    assert ("Withdraw" in page, "Decide" in page) == (True, False)
    assert "Data" in text_of(client.get("/meetings/proposals/"))

    client = sign_in(chair)
    desk = text_of(client.get("/desk/"))
    assert "UNFPA proposes it for the agenda" in desk
    assert "Data" in text_of(client.get("/meetings/42/agenda/"))
    assert "Put on the agenda" in text_of(client.get(path))
    chosen = {"accept-meeting": str(meeting.pk), "accept-version": "1"}
    assert client.post(f"{path}accept/", {"accept-version": "1"}).status_code == 422
    assert client.post(f"{path}accept/", chosen).url == "/meetings/42/agenda/"
    assert client.post(f"{path}accept/", chosen).status_code == 422
    assert "On the agenda of Meeting 42" in text_of(client.get(path))
    assert "proposes it for the agenda" not in text_of(client.get("/desk/"))


def test_a_proposal_is_declined_or_withdrawn_on_its_page(
    sign_in, focal_point, chair, proposed, unfpa
):
    path = f"/meetings/proposals/{proposed.pk}/"
    client = sign_in(chair)
    assert "No meeting is convened" in text_of(client.get(path))
    assert client.post(f"{path}decline/", {"decline-version": "1"}).status_code == 422
    values = {"decline-version": "1", "decline-reason": "Too early."}
    assert client.post(f"{path}decline/", values).status_code == 302
    assert "Too early." in text_of(sign_in(focal_point).get(path))

    other = proposals.propose(ProposedItem("Other"), unfpa, by=focal_point, at=NOW)
    path = f"/meetings/proposals/{other.pk}/"
    client = sign_in(chair)
    assert client.post(f"{path}withdraw/", {"seen-version": "1"}).status_code == 403
    client = sign_in(focal_point)
    assert client.post(f"{path}withdraw/", {"seen-version": "7"}).status_code == 409
    assert client.post(f"{path}withdraw/", {"seen-version": "1"}).status_code == 302
    assert "Withdrawn" in text_of(client.get("/meetings/proposals/"))


def test_who_is_no_focal_point_proposes_nothing(sign_in, principals_office):
    assert sign_in(principals_office).get("/meetings/proposals/new/").status_code == 403


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_of_proposals_costs_the_same_whatever_its_length(
    sign_in, chair, focal_point, unfpa, rows, django_assert_max_num_queries
):
    for n in range(rows):
        made = proposals.propose(ProposedItem(f"{n}"), unfpa, by=focal_point, at=NOW)
        other = proposals.propose(ProposedItem(f"{n}"), unfpa, by=focal_point, at=NOW)
        proposals.decline_proposal(other, "No", version=1, by=chair, at=NOW)
    client = sign_in(chair)

    with django_assert_max_num_queries(9):
        client.get("/meetings/proposals/")
    with django_assert_max_num_queries(11):
        client.get(f"/meetings/proposals/{made.pk}/")
