"""Confirm a term: the page asks first, tells the right people, and opens a handover if needed."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from coordination.core.history import recorded_reason
from coordination.core.middleware import SHOWN_PREFIX
from coordination.core.tests.pages import text_of
from coordination.members.enums import Role
from coordination.members.models import Person
from coordination.members.tests.factories import AppointmentFactory
from coordination.rotation.actions import operations
from coordination.rotation.actions.terms import TermProposal, confirm_term, propose_term
from coordination.rotation.due.confirmed import confirmations
from coordination.rotation.due.handovers import handover_reminders
from coordination.rotation.enums import ItemState, TermKind, TermState
from coordination.rotation.models import ChairTerm, Handover
from coordination.rotation.queries.handovers import outgoing_term
from coordination.rotation.tests.factories import (
    ChairTermFactory,
    HandoverFactory,
    HandoverItemFactory,
    TemplateItemFactory,
    TermAgencyFactory,
)
from coordination.rotation.tests.schedule import DECIDED
from coordination.tests.cast import NOW

pytestmark = pytest.mark.django_db

NEXT = TermProposal(date(2027, 7, 1), date(2027, 12, 31))


@pytest.fixture
def proposed(chair, unfpa):
    return propose_term([unfpa], NEXT, by=chair, at=NOW)


def test_the_page_says_what_happens_before_it_does(sign_in, now, chair, proposed, focal_point):
    TemplateItemFactory.create_batch(2, due_offset_days=-30)
    client = sign_in(chair)
    address = reverse("rotation:confirm", args=["2027-H2"])
    assert address in text_of(client.get(reverse("rotation:term", args=["2027-H2"])))

    page = text_of(client.get(address))

    for words in (
        "From Thursday 1 July 2027 to Friday 31 December 2027.",
        "They pass by themselves on 1 July 2027, 00:00 Geneva.",
        "Its checklist of 2 items is made now.",
        "The first is due on 1 June 2027.",
        "2 people by mail",
    ):
        assert words in page
    assert ChairTerm.objects.get(slug="2027-H2").state == TermState.PROPOSED


def test_the_page_leads_to_the_handover(sign_in, now, chair, proposed):
    answer = sign_in(chair).post(
        reverse("rotation:confirm", args=["2027-H2"]), {f"{SHOWN_PREFIX}-version": "1"}
    )

    assert answer["Location"] == reverse("rotation:handover", args=["2027-H2"])


def test_the_page_of_a_vacancy_between_says_so(sign_in, now, chair, unfpa):
    propose_term([unfpa], TermProposal(date(2028, 1, 1), date(2028, 6, 30)), by=chair, at=NOW)

    page = text_of(sign_in(chair).get(reverse("rotation:confirm", args=["2028-H1"])))

    assert "Nobody is confirmed to chair from 1 July 2027 to 31 December 2027." in page


def test_the_page_says_why_a_proposal_cannot_be_confirmed(sign_in, now, chair, proposed, unfpa):
    unfpa.memberships.update(last_day=date(2027, 9, 30))

    answer = sign_in(chair).get(reverse("rotation:confirm", args=["2027-H2"]))

    assert (
        answer.status_code,
        "UNFPA is not a member on 31 December 2027." in text_of(answer),
    ) == (
        409,
        True,
    )


def test_a_proposal_of_the_past_leads_to_the_record(sign_in, now, chair, proposed):
    now.move_to("2027-08-01 09:00Z")
    Person.objects.filter(pk=chair.pk).update(is_staff=True)

    page = text_of(sign_in(chair).get(reverse("rotation:confirm", args=["2027-H2"])))

    assert "Use “Correct the record”" in page
    assert "Confirm the term</button>" not in page


@pytest.fixture
def extension(chair, who):
    """Return the proposal that WHO goes on as a caretaker after its term."""
    days = TermProposal(date(2027, 7, 1), date(2027, 9, 30), kind=TermKind.CARETAKER)
    return propose_term([who], days, by=chair, at=NOW)


def test_an_agency_hands_nothing_over_to_itself(sign_in, now, chair, extension):
    client = sign_in(chair)
    address = reverse("rotation:confirm", args=["2027-07"])
    page = text_of(client.get(address))

    answer = client.post(address, {f"{SHOWN_PREFIX}-version": "1"}, follow=True)

    assert "None: an agency hands nothing over to itself." in page
    assert answer.redirect_chain == [(reverse("rotation:term", args=["2027-07"]), 302)]
    assert "The same agency goes on chairing: nothing is handed over." in text_of(answer)
    assert answer.status_code == 200
    assert not Handover.objects.filter(incoming_term=extension).exists()


def test_no_reminder_tells_it_that_its_term_ends(chair, incoming_chair, extension):
    confirm_term(extension, version=1, by=chair, at=NOW)

    days = [NOW + timedelta(days=number) for number in range(0, 240, 7)]
    reminded = {due.subject for at in days for due in handover_reminders(at)}

    assert reminded == set()


def test_the_handover_after_an_extension_keeps_its_signature(
    chair, incoming_chair, extension, ohchr
):
    later = ChairTermFactory(first_day=date(2027, 10, 1), last_day=date(2027, 12, 31))
    TermAgencyFactory(term=later, agency=ohchr)
    handover = HandoverFactory(
        incoming_term=later, outgoing_signed_by=incoming_chair, outgoing_signed_at=NOW
    )

    confirm_term(extension, version=1, by=chair, at=NOW)

    handover.refresh_from_db()
    assert handover.outgoing_signed_by == incoming_chair


def test_the_handover_moves_to_an_earlier_term_of_the_same_agency(chair, unfpa, ohchr, terms):
    later = ChairTermFactory(first_day=date(2028, 1, 1), last_day=date(2028, 6, 30))
    TermAgencyFactory(term=later, agency=unfpa)
    handover = HandoverFactory(incoming_term=later)
    done = HandoverItemFactory(
        handover=handover, due_day=date(2027, 12, 1), state=ItemState.DONE, settled_at=NOW
    )
    caretaker = propose_term([unfpa], NEXT, by=chair, at=NOW)

    confirm_term(caretaker, version=1, by=chair, at=NOW)

    handover.refresh_from_db()
    done.refresh_from_db()
    assert Handover.objects.get().incoming_term == caretaker
    assert (done.due_day, done.state) == (date(2027, 5, 31), ItemState.DONE)
    assert recorded_reason(handover.history.first()) == (
        "The handover is now to the earlier term of the same chair (2027-H2)"
    )


@pytest.mark.parametrize("was_set_aside", [False, True])
def test_a_chair_between_two_terms_of_another_hands_over_to_the_later_one(
    chair, proposed, unfpa, who, ohchr, was_set_aside
):
    # WHO is confirmed to 30 June 2027, and goes on after a vacancy: it hands nothing to itself
    later = propose_term(
        [ohchr if was_set_aside else who],
        TermProposal(date(2028, 1, 1), date(2028, 6, 30)),
        by=chair,
        at=NOW,
    )
    confirm_term(later, version=1, by=chair, at=NOW)
    if was_set_aside:
        operations.set_chairs(later, [who], DECIDED, by=chair, at=NOW)
    in_use = Handover.objects.filter(set_aside_at__isnull=True)
    assert not in_use.exists()

    confirm_term(proposed, version=1, by=chair, at=NOW)

    shown = {row.incoming_term: outgoing_term(row) for row in in_use}
    assert {term.slug: out.slug for term, out in shown.items()} == {
        "2027-H2": "2027-H1",
        "2028-H1": "2027-H2",
    }


def test_all_members_and_the_agency_are_told(
    chair, incoming_chair, focal_point, colleague, other_agency, proposed, unfpa
):
    office = AppointmentFactory(agency=unfpa, role=Role.OFFICE).person
    confirm_term(proposed, version=1, by=chair, at=NOW)

    told = {due.person_id: due for due in confirmations(NOW)}

    members = {chair, incoming_chair, focal_point, colleague, other_agency, office}
    assert told.keys() == {person.pk for person in members}
    assert {key for key, due in told.items() if due.context["ours"]} == {
        focal_point.pk,
        colleague.pk,
        office.pk,
    }
    due = told[focal_point.pk]
    assert (due.subject, due.at, due.url) == (f"term:{proposed.pk}", NOW, "/rotation/2027-H2/")
    assert list(confirmations(NOW + timedelta(days=9))) == []
    assert len(list(confirmations(NOW + timedelta(days=9), NOW))) == len(members)


def test_a_term_from_the_sources_is_no_news(terms, focal_point):
    assert list(confirmations(NOW)) == []


def test_the_handover_to_the_first_term_of_a_group_has_no_outgoing_side(administrator, unfpa):
    proposal = TermProposal(date(2027, 1, 1), date(2027, 6, 30))
    first = propose_term([unfpa], proposal, by=administrator, at=NOW)

    confirm_term(first, version=first.version, by=administrator, at=NOW)

    handover = Handover.objects.get(incoming_term=first)
    assert outgoing_term(handover) is None
