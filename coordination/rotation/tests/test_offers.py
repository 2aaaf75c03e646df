"""Exchanges: one agency offers, the other agrees, the group decides, and terms may void it."""

import threading
from datetime import date, timedelta

import pytest
from django.db import connections

from coordination.core.errors import NotAllowed, Stale
from coordination.core.history import recorded_reason
from coordination.members.actions.agencies import end_membership
from coordination.reminders.tests.factories import letters
from coordination.rotation.actions import offers, operations
from coordination.rotation.actions.offers import ExchangeOffer
from coordination.rotation.actions.plans import Cession
from coordination.rotation.actions.recording import GroupDecision
from coordination.rotation.actions.terms import TermProposal, edit_term
from coordination.rotation.due.operations import offers_ended, offers_waiting, turns_moved
from coordination.rotation.enums import OperationState
from coordination.rotation.errors import (
    ConsentMissing,
    DayOutside,
    NothingChanges,
    OfferClosed,
    ScheduleChanged,
    TermIsOver,
)
from coordination.rotation.models import ChairTerm, TermOperation
from coordination.rotation.queries.offers import parties
from coordination.rotation.queries.operations import operations as all_operations
from coordination.rotation.tests.factories import TermAgencyFactory
from coordination.rotation.tests.schedule import (
    DECIDED,
    H1_2027,
    H1_2028,
    H2_2026,
    H2_2027,
    schedule,
)
from coordination.tests.cast import NOW
from coordination.tests.services.waiting import PATIENCE

pytestmark = pytest.mark.django_db

LAPSES = date(2026, 12, 15)
BEFORE = [
    (*H2_2026, "UNESCO"),
    (*H1_2027, "WHO"),
    (*H2_2027, "UNFPA"),
    (*H1_2028, "OHCHR"),
]


def offer(later, agency, person, **values):
    given = {"term": later[0], "other": later[1], "offered_for": agency, "lapses_on": LAPSES}
    return offers.offer_exchange(ExchangeOffer(**given | values), by=person, at=NOW)


@pytest.fixture
def offered(chair, later, unfpa, focal_point, other_agency, incoming_chair):
    """Return UNFPA's offer to OHCHR: the second half of 2027 for the first of 2028."""
    return offer(later, unfpa, focal_point, reason="Our congress")


@pytest.fixture
def agreed(offered, ohchr, other_agency):
    return offers.accept_offer(offered, ohchr, version=1, by=other_agency, at=NOW)


def exchange(operation, person, at=NOW):
    return offers.exchange_terms(operation, DECIDED, by=person, at=at)


def test_an_offer_asks_the_other_agency_and_changes_nothing(offered, focal_point, other_agency):
    assert (offered.state, offered.made_by, schedule()) == (
        OperationState.OFFERED,
        focal_point,
        BEFORE,
    )
    asked = list(offers_waiting(NOW))
    assert [(due.person_id, due.stage, due.at) for due in asked] == [
        (other_agency.pk, "1-asked", NOW)
    ]


def test_an_agreed_exchange_that_the_group_decided_exchanges_the_agencies_alone(agreed, chair):
    assert (agreed.state, schedule()) == (OperationState.ACCEPTED, BEFORE)

    done = exchange(agreed, chair)

    assert schedule() == [
        (*H2_2026, "UNESCO"),
        (*H1_2027, "WHO"),
        (*H2_2027, "OHCHR"),
        (*H1_2028, "UNFPA"),
    ]
    assert (done.pk, done.state, done.decision) == (agreed.pk, "decided", DECIDED.decision)
    assert done.reason == "Budget cycle"


def test_twice_exchanged_is_as_before(
    agreed, chair, later, unfpa, focal_point, ohchr, other_agency
):
    exchange(agreed, chair)
    again = offer((later[1], later[0]), unfpa, focal_point)
    offers.accept_offer(again, ohchr, version=1, by=other_agency, at=NOW)
    exchange(again, chair)

    assert schedule() == BEFORE


def test_the_chair_is_asked_once_all_agreed(agreed, chair):
    asked = list(offers_waiting(NOW))

    assert [(due.person_id, due.stage) for due in asked] == [(chair.pk, "1-agreed")]


def test_an_offer_is_void_when_an_agency_leaves_within_one_of_its_terms(
    chair, later, unesco, unfpa, focal_point, administrator
):
    TermAgencyFactory(term=later[0], agency=unesco, position=2)
    offered = offer(later, unfpa, focal_point)
    end_membership(
        unesco.memberships.get(), date(2027, 9, 30), version=1, by=administrator, at=NOW,
        chair_ends=True,
    )  # fmt: skip

    offered.refresh_from_db()
    assert (offered.state, offered.ended_at) == (OperationState.VOID, NOW)


def test_an_administrator_is_asked_once_all_agreed_while_nobody_chairs(
    agreed, administrator, unesco
):
    unesco.memberships.update(last_day=date(2026, 11, 1))

    assert [due.person_id for due in offers_waiting(NOW)] == [administrator.pk]


def test_nobody_exchanges_what_is_not_agreed(offered, chair):
    with pytest.raises(ConsentMissing, match="OHCHR did not agree yet"):
        exchange(offered, chair)
    assert schedule() == BEFORE


def test_only_the_group_decides(agreed, focal_point, other_agency):
    for person in (focal_point, other_agency):
        with pytest.raises(NotAllowed):
            exchange(agreed, person)


def test_only_the_agency_of_the_term_offers_it(
    chair, later, unfpa, ohchr, other_agency, incoming_chair
):
    with pytest.raises(NotAllowed, match="Only the focal points of UNFPA may offer"):
        offer(later, unfpa, other_agency)
    with pytest.raises(NotAllowed):
        offer(later, ohchr, other_agency)


def test_only_the_asked_agency_agrees(
    offered, ohchr, unfpa, who, focal_point, chair, incoming_chair
):
    for person in (focal_point, chair):
        with pytest.raises(NotAllowed, match="focal points of OHCHR"):
            offers.accept_offer(offered, ohchr, version=1, by=person, at=NOW)
    with pytest.raises(NotAllowed):
        offers.accept_offer(offered, who, version=1, by=incoming_chair, at=NOW)
    with pytest.raises(OfferClosed, match="UNFPA agreed already"):
        offers.accept_offer(offered, unfpa, version=1, by=focal_point, at=NOW)


def test_who_answers_another_version_of_the_offer_is_refused(offered, ohchr, other_agency):
    with pytest.raises(Stale):
        offers.accept_offer(offered, ohchr, version=7, by=other_agency, at=NOW)


def test_an_offer_lapses_on_its_last_day(agreed, chair, focal_point, other_agency):
    at = NOW + timedelta(days=22)  # 15 December
    assert list(offers_ended(at)) == []
    assert not agreed.has_lapsed_on(LAPSES)

    late = at + timedelta(days=1)
    with pytest.raises(OfferClosed):
        exchange(agreed, chair, late)
    assert list(offers_waiting(late)) == []
    assert {(due.person_id, due.context["lapsed"]) for due in offers_ended(late)} == {
        (focal_point.pk, True),
        (other_agency.pk, True),
    }
    assert agreed.has_lapsed_on(LAPSES + timedelta(days=1))
    assert list(offers_ended(late + timedelta(days=9))) == []


def test_who_has_not_answered_is_reminded_before_it_lapses(offered, other_agency):
    asked = list(offers_waiting(NOW + timedelta(days=20)))

    assert [(due.person_id, due.stage) for due in asked] == [(other_agency.pk, "1-lapses")]


@pytest.mark.parametrize("day", [date(2026, 11, 22), date(2027, 7, 1)])
def test_an_offer_lapses_before_either_term_begins(chair, later, unfpa, focal_point, day):
    with pytest.raises(DayOutside, match="from 23 Nov 2026 to 30 Jun 2027"):
        offer(later, unfpa, focal_point, lapses_on=day)


def test_an_exchange_is_of_two_terms_that_have_not_begun(chair, terms, later, unfpa, focal_point):
    with pytest.raises(TermIsOver):
        offer(later, unfpa, focal_point, other=terms[0])
    with pytest.raises(NothingChanges, match="same agencies"):
        offer(later, unfpa, focal_point, other=later[0])


def test_the_same_exchange_is_offered_once(offered, later, ohchr, other_agency):
    with pytest.raises(OfferClosed, match="offered already"):
        offer((later[1], later[0]), ohchr, other_agency)


def test_who_looked_at_other_terms_offers_nothing(chair, later, unfpa, focal_point):
    base = f"{later[0].pk}:1,{later[1].pk}:9"
    with pytest.raises(ScheduleChanged):
        offer(later, unfpa, focal_point, base=base)
    assert not TermOperation.objects.exists()


def test_an_offer_follows_its_terms_and_asks_again(
    agreed, chair, later, ohchr, other_agency, focal_point
):
    at = NOW + timedelta(days=1)
    operations.move_boundary(later[0], date(2028, 1, 15), DECIDED, by=chair, at=at)

    agreed.refresh_from_db()
    assert (agreed.state, agreed.offer_number, agreed.moved_at) == ("offered", 2, at)
    assert agreed.before[0]["last_day"] == "2028-01-15"
    assert agreed.after[1]["agencies"] == ["UNFPA"]
    with pytest.raises(ConsentMissing, match="UNFPA and OHCHR did not agree yet"):
        exchange(agreed, chair, at)
    # both are told, and asked again
    assert {(due.person_id, due.stage) for due in offers_waiting(at)} == {
        (focal_point.pk, "2-asked"),
        (other_agency.pk, "2-asked"),
    }
    shown = parties(all_operations().get(pk=agreed.pk))
    assert [(party.acronym, party.consent, party.earlier is not None) for party in shown] == [
        ("UNFPA", None, True),
        ("OHCHR", None, True),
    ]


def test_agreed_again_the_exchange_takes_the_new_days(
    agreed, chair, later, unfpa, ohchr, focal_point, other_agency
):
    operations.move_boundary(later[0], date(2028, 1, 15), DECIDED, by=chair, at=NOW)
    agreed.refresh_from_db()
    first = offers.accept_offer(agreed, unfpa, version=agreed.version, by=focal_point, at=NOW)
    assert first.state == OperationState.OFFERED
    offers.accept_offer(agreed, ohchr, version=first.version, by=other_agency, at=NOW)
    exchange(agreed, chair)

    assert schedule()[2:] == [
        (date(2027, 7, 1), date(2028, 1, 15), "OHCHR"),
        (date(2028, 1, 16), date(2028, 6, 30), "UNFPA"),
    ]


def test_a_new_theme_does_not_ask_again(agreed, chair, terms, later, unfpa):
    edit_term(later[0], [unfpa], TermProposal(*H2_2027, theme="Youth"), version=1, by=chair, at=NOW)
    # an operation on another term leaves the offer alone
    operations.hand_back(terms[0], date(2026, 12, 15), DECIDED, by=chair, at=NOW)

    agreed.refresh_from_db()
    assert (agreed.offer_number, agreed.state) == (1, OperationState.ACCEPTED)
    exchange(agreed, chair)
    assert [term.theme for term in ChairTerm.objects.filter(pk__in=[t.pk for t in later])] == [
        "Youth",
        "",
    ]


def test_an_offer_that_lapsed_follows_nothing(agreed, chair, later):
    late = NOW + timedelta(days=23)
    operations.withdraw_confirmed(later[1], DECIDED, by=chair, at=late)

    agreed.refresh_from_db()
    assert (agreed.state, agreed.has_lapsed_on(late.date())) == (OperationState.ACCEPTED, True)


@pytest.mark.parametrize("how", ["withdraw", "cede", "leave"])
def test_an_offer_is_void_where_a_term_or_its_agency_is_gone(
    agreed, chair, later, ohchr, who, administrator, focal_point, other_agency, how
):
    if how == "withdraw":
        operations.withdraw_confirmed(later[1], DECIDED, by=chair, at=NOW)
    elif how == "cede":
        operations.cede_term(later[1], Cession(ohchr, who), DECIDED, by=chair, at=NOW)
    else:
        membership = ohchr.memberships.get()
        end_membership(
            membership, date(2027, 3, 31), version=1, by=administrator, at=NOW, chair_ends=True
        )

    agreed.refresh_from_db()
    assert (agreed.state, agreed.ended_at) == (OperationState.VOID, NOW)
    assert {due.person_id for due in offers_ended(NOW)} == {focal_point.pk, other_agency.pk}
    assert list(offers_waiting(NOW)) == []
    with pytest.raises(OfferClosed):
        exchange(agreed, chair)


def test_an_offer_lapses_earlier_where_its_term_begins_earlier(
    chair, terms, later, who, unfpa, incoming_chair
):
    done = offer((terms[1], later[0]), who, incoming_chair)
    operations.move_boundary(terms[0], NOW.date(), DECIDED, by=chair, at=NOW)
    done.refresh_from_db()
    assert (done.state, done.lapses_on) == (OperationState.OFFERED, NOW.date())


def test_an_offer_is_declined_by_the_asked_agency_or_for_the_group(
    offered, other_agency, focal_point
):
    done = offers.decline_offer(offered, "Too early", version=1, by=other_agency, at=NOW)

    assert (done.state, done.decision, schedule()) == ("declined", "Too early", BEFORE)
    assert recorded_reason(done.history.first()) == "Declined the exchange"
    assert {due.person_id for due in offers_ended(NOW)} == {focal_point.pk, other_agency.pk}


def test_others_do_not_decline(offered, incoming_chair):
    with pytest.raises(NotAllowed, match="agencies of the two terms"):
        offers.decline_offer(offered, "", version=1, by=incoming_chair, at=NOW)


def test_an_offer_is_withdrawn_by_who_made_it(offered, focal_point, other_agency):
    with pytest.raises(NotAllowed, match="UNFPA, which made the offer"):
        offers.withdraw_offer(offered, version=1, by=other_agency, at=NOW)

    assert offers.withdraw_offer(offered, version=1, by=focal_point, at=NOW).state == "withdrawn"


def test_all_agencies_of_a_joint_term_agree(
    chair, terms, later, unfpa, who, ohchr, focal_point, incoming_chair, other_agency
):
    operations.set_chairs(later[1], [ohchr, who], DECIDED, by=chair, at=NOW)
    done = offer(later, unfpa, focal_point)
    done = offers.accept_offer(done, ohchr, version=1, by=other_agency, at=NOW)
    assert done.state == OperationState.OFFERED
    done = offers.accept_offer(done, who, version=2, by=incoming_chair, at=NOW)
    exchange(done, chair)

    assert [row[2] for row in schedule()[2:]] == ["OHCHR+WHO", "UNFPA"]


def test_exactly_those_whose_turn_moved_are_told(agreed, chair, focal_point, other_agency):
    exchange(agreed, chair)

    assert {due.person_id for due in turns_moved(NOW)} == {focal_point.pk, other_agency.pk}
    assert list(turns_moved(NOW + timedelta(days=9))) == []
    assert len(list(turns_moved(NOW + timedelta(days=9), NOW))) == 2


def test_the_mails_say_what_is_asked_and_what_became_of_it(agreed, chair, later, other_agency):
    [(_name, decide)] = letters("rotation.offer", offers_waiting, NOW)
    assert decide.subject == "Record by Tue 15 Dec whether the group exchanges two terms"
    assert (
        "2027-H2: UNFPA, 1 Jul 2027 to 31 Dec 2027 → OHCHR, 1 Jul 2027 to 31 Dec 2027\n"
        in decide.text
    )
    assert "UNFPA would chair 182 days instead of 184." in decide.text
    assert "UNFPA would chair 182 days instead of 184." in decide.html

    operations.move_boundary(later[0], date(2028, 1, 15), DECIDED, by=chair, at=NOW)
    subjects = {mail.subject for _name, mail in letters("rotation.offer", offers_waiting, NOW)}
    assert subjects == {"Answer again by Tue 15 Dec: the terms of an exchange moved"}

    moved = letters("rotation.operation", turns_moved, NOW)
    assert {mail.subject for _name, mail in moved} == {
        "The turn of UNFPA has changed: Move the boundary with the next term",
        "The turn of OHCHR has changed: Move the boundary with the next term",
    }
    assert "Decided by: Meeting of 20 November 2026, by consensus" in moved[0][1].text


def test_the_first_mail_of_an_offer_says_who_offers(offered):
    [(name, mail)] = letters("rotation.offer", offers_waiting, NOW)

    assert (name, mail.subject) == (
        "Samira Okonkwo",
        "Answer by Tue 15 Dec: UNFPA offers OHCHR an exchange of terms",
    )
    assert "Reason: Our congress" in mail.text
    assert "The offer lapses at the end of Tuesday 15 December 2026 in Geneva." in mail.html


@pytest.mark.parametrize(
    ("end", "subject"),
    [
        ("void", "The offered exchange of 2027-H2 – 2028-H1 is void"),
        ("withdrawn", "The offered exchange of 2027-H2 – 2028-H1 is withdrawn"),
        ("declined", "The offered exchange of 2027-H2 – 2028-H1 is declined"),
        ("offered", "The offered exchange of 2027-H2 – 2028-H1 lapsed"),
    ],
)
def test_the_mail_of_the_end_says_how_it_ended(offered, end, subject):
    late = NOW + timedelta(days=23)
    ended_at = None if end == "offered" else late
    TermOperation.objects.filter(pk=offered.pk).update(state=end, ended_at=ended_at, decision="No")

    mails = letters("rotation.offer_ended", offers_ended, late)

    assert [mail.subject for _name, mail in mails] == [subject, subject]
    assert "Reason: No" in mails[0][1].text


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_operations_at_once_one_wins_and_the_other_sees_the_present_state(
    chair, terms, later
):
    looked = ",".join(f"{term.pk}:1" for term in terms)
    outcome = []
    ready = threading.Barrier(2)

    def move(last_day):
        try:
            ready.wait(PATIENCE)
            decision = GroupDecision("A meeting", base=looked)
            operations.move_boundary(terms[0], last_day, decision, by=chair, at=NOW)
            outcome.append("moved")
        except ScheduleChanged:
            outcome.append("changed")
        finally:
            connections.close_all()

    days = (date(2027, 1, 15), date(2027, 1, 31))
    threads = [threading.Thread(target=move, args=(day,)) for day in days]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)

    assert sorted(outcome) == ["changed", "moved"]
    assert TermOperation.objects.count() == 1
    assert schedule()[0][1] + timedelta(days=1) == schedule()[1][0]
