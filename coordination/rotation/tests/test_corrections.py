"""Correct the record of a term that has begun: by an administrator, or by two agencies, with a source."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from coordination.core.errors import FarFromToday, NotAllowed, Stale
from coordination.core.history import recorded_reason
from coordination.core.tests.pages import text_of
from coordination.members.tests.factories import AppointmentFactory
from coordination.rotation.actions import corrections, handovers
from coordination.rotation.actions.corrections import Correction
from coordination.rotation.actions.terms import (
    TermProposal,
    confirm_term,
    edit_term,
    propose_term,
)
from coordination.rotation.due.confirmed import confirmations
from coordination.rotation.enums import TermKind, TermState
from coordination.rotation.errors import (
    AdministratorNeeded,
    CorrectionClosed,
    NobodyChairs,
    NothingCorrected,
    SourceNeeded,
    TermBegan,
    TermsOverlap,
)
from coordination.rotation.models import ChairTerm, Handover, TermCorrection
from coordination.rotation.queries.chair import chair_on, chairing_agencies
from coordination.rotation.tests.factories import (
    ChairTermFactory,
    HandoverFactory,
    TermAgencyFactory,
)
from coordination.tests.cast import NOW, TODAY

pytestmark = pytest.mark.django_db

PAST = TermProposal(date(2025, 7, 1), date(2025, 12, 31), theme="Youth")
SOURCE = "Minutes of 3 July 2025"


@pytest.fixture
def past(terms, ohchr):
    """Return OHCHR's term of 2025, which is over."""
    term = ChairTermFactory(
        slug="2025-H2", first_day=PAST.first_day, last_day=PAST.last_day, sources=["Web page"]
    )
    TermAgencyFactory(term=term, agency=ohchr)
    return term


def correction(agency, *, proposal=PAST, source=SOURCE, spoken_for=None):
    return Correction([agency], proposal, source, "A typing error", spoken_for)


@pytest.mark.parametrize("first", [date(2025, 7, 1), TODAY - timedelta(days=1)])
def test_a_term_that_begins_in_the_past_is_not_proposed(administrator, unfpa, group, first):
    with pytest.raises(TermBegan, match="Use “Correct the record”") as refusal:
        propose_term([unfpa], TermProposal(first, date(2026, 12, 31)), by=administrator, at=NOW)

    assert refusal.value.field == "first_day"


def test_a_term_may_begin_today(administrator, unfpa, group):
    assert propose_term(
        [unfpa], TermProposal(TODAY, date(2026, 12, 31)), by=administrator, at=NOW
    ).pk


def test_a_proposal_is_not_moved_into_the_past(chair, unfpa):
    term = propose_term(
        [unfpa], TermProposal(date(2027, 7, 1), date(2027, 12, 31)), by=chair, at=NOW
    )

    with pytest.raises(TermBegan):
        edit_term(term, [unfpa], PAST, version=1, by=chair, at=NOW)


def test_a_proposal_whose_first_day_has_passed_is_not_confirmed(chair, unfpa, ohchr):
    term = ChairTermFactory(
        first_day=date(2026, 1, 1), last_day=date(2026, 6, 30), state=TermState.PROPOSED
    )
    TermAgencyFactory(term=term, agency=unfpa)

    with pytest.raises(TermBegan, match="cannot be proposed or confirmed"):
        confirm_term(term, version=1, by=chair, at=NOW)
    assert ChairTerm.objects.get(pk=term.pk).state == TermState.PROPOSED


def test_an_administrator_corrects_at_once(administrator, past, unfpa, ohchr):
    done = corrections.correct_record(past, correction(unfpa), version=1, by=administrator, at=NOW)

    term = ChairTerm.objects.get(pk=past.pk)
    assert (chairing_agencies(term), term.theme, term.version) == ((unfpa,), "Youth", 2)
    assert term.sources == ["Web page", SOURCE]
    assert (done.is_open, done.before["agencies"], done.agreed_by) == (
        False,
        ["OHCHR"],
        administrator,
    )
    assert chair_on(date(2025, 8, 1)).agencies == (unfpa,)
    assert recorded_reason(term.history.first()) == (
        f"Corrected the record, by {SOURCE}; {administrator}"
    )


def test_an_administrator_puts_a_term_on_record_that_it_lacks(administrator, terms, unfpa):
    done = corrections.correct_record(None, correction(unfpa), version=0, by=administrator, at=NOW)

    assert (done.term.slug, done.term.state, done.term.confirmed_at, done.before) == (
        "2025-H2",
        TermState.CONFIRMED,
        None,
        {},
    )
    assert list(confirmations(NOW)) == []
    assert Handover.objects.count() == 0


def test_an_administrator_puts_the_term_that_runs_on_record(administrator, group, unfpa):
    days = TermProposal(date(2026, 11, 1), date(2027, 4, 30), kind=TermKind.CARETAKER)

    corrections.correct_record(
        None, correction(unfpa, proposal=days), version=0, by=administrator, at=NOW
    )

    assert chair_on(TODAY).agencies == (unfpa,)


def test_two_agencies_correct_together(focal_point, other_agency, past, unfpa, ohchr):
    waiting = corrections.correct_record(
        past, correction(unfpa, spoken_for=unfpa), version=1, by=focal_point, at=NOW
    )
    unchanged = chairing_agencies(ChairTerm.objects.get(pk=past.pk))
    with pytest.raises(NotAllowed):
        corrections.agree(waiting, agreed_for=unfpa, by=focal_point, at=NOW)

    done = corrections.agree(waiting, agreed_for=ohchr, by=other_agency, at=NOW)

    assert (waiting.is_open, unchanged) == (True, (ohchr,))
    term = ChairTerm.objects.get(pk=past.pk)
    assert (done.is_open, chairing_agencies(term)) == (False, (unfpa,))
    assert recorded_reason(term.history.first()) == (
        f"Corrected the record, by {SOURCE}; UNFPA + OHCHR"
    )


def test_somebody_of_both_agencies_does_not_agree_alone(focal_point, past, unfpa, ohchr):
    AppointmentFactory(person=focal_point, agency=ohchr)
    waiting = corrections.correct_record(
        past, correction(unfpa, spoken_for=unfpa), version=1, by=focal_point, at=NOW
    )

    with pytest.raises(NotAllowed, match="other than the one that proposed"):
        corrections.agree(waiting, agreed_for=ohchr, by=focal_point, at=NOW)


def test_a_colleague_of_the_proposer_does_not_agree(focal_point, colleague, past, unfpa):
    waiting = corrections.correct_record(
        past, correction(unfpa, spoken_for=unfpa), version=1, by=focal_point, at=NOW
    )

    with pytest.raises(NotAllowed):
        corrections.agree(waiting, agreed_for=unfpa, by=colleague, at=NOW)


def test_nobody_proposes_for_an_agency_that_is_not_theirs(focal_point, past, unfpa, ohchr):
    with pytest.raises(NotAllowed):
        corrections.correct_record(
            past, correction(unfpa, spoken_for=ohchr), version=1, by=focal_point, at=NOW
        )
    with pytest.raises(NotAllowed):  # nor as an administrator
        corrections.correct_record(past, correction(unfpa), version=1, by=focal_point, at=NOW)


def test_two_agencies_do_not_take_the_chair_of_today(focal_point, terms, unfpa):
    days = TermProposal(terms[0].first_day, terms[0].last_day)

    with pytest.raises(AdministratorNeeded, match="ask an administrator"):
        corrections.correct_record(
            terms[0],
            correction(unfpa, proposal=days, spoken_for=unfpa),
            version=1,
            by=focal_point,
            at=NOW,
        )


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"source": " "}, SourceNeeded),
        ({"proposal": TermProposal(date(2027, 7, 1), date(2027, 12, 31))}, NothingCorrected),
        ({"proposal": TermProposal(date(2025, 7, 1), date(2026, 7, 1))}, TermsOverlap),
        ({"proposal": TermProposal(date(2025, 7, 1), date(2199, 7, 1))}, FarFromToday),
        ({"proposal": TermProposal(date(1999, 7, 1), date(1999, 12, 1))}, NobodyChairs),
    ],
)
def test_a_correction_keeps_the_rules_of_terms(administrator, past, unfpa, change, error):
    with pytest.raises(error):
        corrections.correct_record(
            past, correction(unfpa, **change), version=1, by=administrator, at=NOW
        )
    assert TermCorrection.objects.count() == 0


def test_a_correction_that_says_what_the_record_says_is_none(administrator, past, ohchr):
    with pytest.raises(NothingCorrected, match="says so already"):
        corrections.correct_record(
            past,
            correction(ohchr, proposal=TermProposal(PAST.first_day, PAST.last_day)),
            version=1,
            by=administrator,
            at=NOW,
        )


def test_proposals_and_terms_ahead_are_not_corrected(administrator, terms, unfpa):
    with pytest.raises(NothingCorrected, match="has not begun"):
        corrections.correct_record(terms[1], correction(unfpa), version=1, by=administrator, at=NOW)
    proposal = ChairTermFactory(
        first_day=date(2025, 7, 1), last_day=date(2025, 12, 31), state=TermState.PROPOSED
    )
    with pytest.raises(NothingCorrected, match="Only a confirmed term"):
        corrections.correct_record(proposal, correction(unfpa), version=1, by=administrator, at=NOW)


def test_a_term_that_changed_meanwhile_is_not_corrected(
    administrator, focal_point, other_agency, past, unfpa, ohchr
):
    waiting = corrections.correct_record(
        past, correction(unfpa, spoken_for=unfpa), version=1, by=focal_point, at=NOW
    )
    corrections.correct_record(past, correction(unfpa), version=1, by=administrator, at=NOW)

    with pytest.raises(CorrectionClosed, match="Propose it anew"):
        corrections.agree(waiting, agreed_for=ohchr, by=other_agency, at=NOW)
    with pytest.raises(Stale, match="Somebody changed this term"):
        corrections.correct_record(past, correction(ohchr), version=1, by=administrator, at=NOW)


def test_a_correction_is_withdrawn_by_its_agency_and_is_then_closed(
    focal_point, colleague, other_agency, past, unfpa, ohchr
):
    waiting = corrections.correct_record(
        past, correction(unfpa, spoken_for=unfpa), version=1, by=focal_point, at=NOW
    )
    with pytest.raises(NotAllowed):
        corrections.withdraw(waiting, by=other_agency, at=NOW)

    corrections.withdraw(waiting, by=colleague, at=NOW)

    with pytest.raises(CorrectionClosed):
        corrections.agree(waiting, agreed_for=ohchr, by=other_agency, at=NOW)


def test_a_correction_of_the_outgoing_term_is_told_by_the_handover(
    administrator, terms, unfpa, chair
):
    handover = HandoverFactory(
        incoming_term=terms[1], outgoing_signed_by=chair, outgoing_signed_at=NOW
    )
    days = TermProposal(terms[0].first_day, terms[0].last_day)

    corrections.correct_record(
        terms[0], correction(unfpa, proposal=days), version=1, by=administrator, at=NOW
    )

    handover.refresh_from_db()
    assert handover.outgoing_signed_at is None
    assert recorded_reason(handover.history.first()) == (
        "The outgoing chair is now UNFPA (2026-H2); the signature of the one before is void"
    )


def test_a_correction_after_which_the_chair_goes_on_sets_the_handover_aside(
    administrator, terms, who, unesco, chair
):
    handover = HandoverFactory(
        incoming_term=terms[1], incoming_signed_by=chair, incoming_signed_at=NOW
    )
    days = TermProposal(terms[0].first_day, terms[0].last_day)

    corrections.correct_record(
        terms[0], correction(who, proposal=days), version=1, by=administrator, at=NOW
    )
    handover.refresh_from_db()
    assert handover.set_aside_at == NOW
    corrections.correct_record(
        terms[0], correction(unesco, proposal=days), version=2, by=administrator, at=NOW
    )
    handover.refresh_from_db()
    assert handover.set_aside_at is None


def sent(agency, **changes):
    return {
        "first_agency": agency.pk,
        "first_day": "2025-07-01",
        "last_day": "2025-12-31",
        "kind": "term",
        "theme": "Youth",
        "source": SOURCE,
        "reason": "A typing error",
        "version": "1",
        **changes,
    }


def test_the_pages_lead_from_the_proposal_to_the_record(
    sign_in, now, focal_point, other_agency, past, unfpa, ohchr
):
    address = reverse("rotation:correct", args=["2025-H2"])
    client = sign_in(focal_point)
    assert address in text_of(client.get(reverse("rotation:term", args=["2025-H2"])))
    assert "Correct the record" in text_of(client.get(address))

    proposed = client.post(address, sent(unfpa, proposed_for=unfpa.pk), follow=True)

    page = text_of(proposed)
    shown = reverse("rotation:correction", args=[TermCorrection.objects.get().pk])
    assert proposed.redirect_chain == [(shown, 302)]
    assert "Waits for another agency to agree" in page
    assert ("<del>OHCHR</del>" in page, "<ins>UNFPA</ins>" in page) == (True, True)
    assert "Agree and correct the record" not in page
    other = sign_in(other_agency)
    assert shown in text_of(other.get(reverse("rotation:timeline")))
    agreed = text_of(other.post(f"{shown}agree/", {"agreed_for": ohchr.pk}, follow=True))
    assert "The record is corrected." in agreed
    assert "UNFPA" in text_of(other.get(reverse("rotation:term", args=["2025-H2"])))
    assert other.post(f"{shown}agree/", {"agreed_for": ohchr.pk}).status_code in {403, 409, 422}


def test_the_page_of_a_correction_says_what_is_wrong(sign_in, now, administrator, past, ohchr):
    address = reverse("rotation:correct", args=["2025-H2"])

    answer = sign_in(administrator).post(address, sent(ohchr, theme=""))

    assert (answer.status_code, "The record says so already." in text_of(answer)) == (422, True)


def test_a_correction_of_a_troika_keeps_the_third_agency(
    sign_in, now, administrator, past, ohchr, unfpa, who
):
    ChairTerm.objects.filter(pk=past.pk).update(kind=TermKind.TROIKA)
    for position, agency in enumerate((unfpa, who), 2):
        TermAgencyFactory(term=past, agency=agency, position=position)
    client, address = sign_in(administrator), reverse("rotation:correct", args=["2025-H2"])
    shown = client.get(address).context["form"]

    client.post(
        address,
        sent(
            ohchr,
            kind="troika",
            second_agency=unfpa.pk,
            more_agencies=shown["more_agencies"].value(),
        ),
    )

    [chaired] = ChairTerm.objects.filter(slug="2025-H2", theme="Youth")
    assert chairing_agencies(chaired) == (ohchr, unfpa, who)


def test_the_second_of_two_who_correct_a_term_sees_both_versions_and_may_go_on(
    sign_in, now, administrator, past, ohchr, unfpa
):
    corrections.correct_record(past, correction(unfpa), version=1, by=administrator, at=NOW)
    client, address = sign_in(administrator), reverse("rotation:correct", args=["2025-H2"])

    second = client.post(address, sent(ohchr, theme="Women"))

    assert (second.status_code, SOURCE in text_of(second)) == (409, True)
    assert {pair["name"] for pair in second.context["pairs"]} == {"first_agency", "theme"}
    again = sent(ohchr, theme="Women", version=second.context["version"])
    assert client.post(address, again).status_code == 302
    assert chairing_agencies(ChairTerm.objects.get(theme="Women")) == (ohchr,)


def test_a_correction_can_be_withdrawn_on_its_page(sign_in, now, focal_point, past, unfpa):
    waiting = corrections.correct_record(
        past, correction(unfpa, spoken_for=unfpa), version=1, by=focal_point, at=NOW
    )
    shown = reverse("rotation:correction", args=[waiting.pk])

    page = text_of(sign_in(focal_point).post(f"{shown}withdraw/", follow=True))

    assert "The correction is withdrawn; it stays on record." in page


def test_an_administrator_puts_a_term_on_record_on_a_page(
    sign_in, now, administrator, terms, unfpa
):
    page = sign_in(administrator).post(
        reverse("rotation:correct_new"), sent(unfpa, version=""), follow=True
    )

    assert "The record is corrected." in text_of(page)
    assert ChairTerm.objects.get(slug="2025-H2").agencies.get() == unfpa


@pytest.mark.parametrize("count", [1, 30])
def test_a_correction_costs_the_same(
    sign_in, now, focal_point, past, unfpa, django_assert_num_queries, count
):
    for number in range(count):
        corrections.correct_record(
            past,
            correction(unfpa, source=f"{SOURCE} {number}", spoken_for=unfpa),
            version=1,
            by=focal_point,
            at=NOW,
        )
    client = sign_in(focal_point)
    address = reverse("rotation:correction", args=[TermCorrection.objects.first().pk])
    client.get(address)

    with django_assert_num_queries(10):
        client.get(address)


def test_an_administrator_agrees_with_an_agency(administrator, focal_point, past, unfpa):
    waiting = corrections.correct_record(
        past, correction(unfpa, spoken_for=unfpa), version=1, by=focal_point, at=NOW
    )

    done = corrections.agree(waiting, agreed_for=None, by=administrator, at=NOW)

    assert chairing_agencies(ChairTerm.objects.get(pk=past.pk)) == (unfpa,)
    assert (done.agreed_by, done.agreed_for) == (administrator, None)


def test_a_source_is_named_once(administrator, past, unfpa, who):
    corrections.correct_record(past, correction(unfpa), version=1, by=administrator, at=NOW)
    corrections.correct_record(past, correction(who), version=2, by=administrator, at=NOW)

    assert ChairTerm.objects.get(pk=past.pk).sources == ["Web page", SOURCE]


def test_the_handover_of_a_term_put_before_another_of_its_agency_is_made_where_it_is_missing(
    terms, chair
):
    [earlier, later] = ChairTerm.objects.filter(state=TermState.CONFIRMED).order_by("first_day")[:2]
    Handover.objects.all().delete()

    handovers.move_handover(later, earlier, by=chair, at=NOW)

    assert Handover.objects.get().incoming_term == earlier


def test_an_agency_does_not_agree_with_itself_through_an_administrator(
    administrator, focal_point, past, unfpa
):
    AppointmentFactory(person=administrator, agency=unfpa)
    waiting = corrections.correct_record(
        past, correction(unfpa, spoken_for=unfpa), version=1, by=focal_point, at=NOW
    )

    with pytest.raises(CorrectionClosed, match="Another agency than the one that proposed it"):
        corrections.agree(waiting, agreed_for=unfpa, by=administrator, at=NOW)
