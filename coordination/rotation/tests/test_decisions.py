"""The decision on a selection: what it needs, what it confirms, and the remedies when nobody stands."""

from datetime import UTC, date, datetime

import pytest

from coordination.core.errors import NotAllowed, Stale
from coordination.core.periods import Period
from coordination.members.tests.factories import AgencyFactory, MembershipFactory
from coordination.rotation.actions import decisions, operations, selections, votes
from coordination.rotation.actions.decisions import ChairDecision
from coordination.rotation.actions.recording import GroupDecision
from coordination.rotation.actions.selections import SelectionDates
from coordination.rotation.actions.terms import TermProposal, propose_term
from coordination.rotation.enums import SelectionState, TermKind, TermState
from coordination.rotation.errors import (
    DecisionRefused,
    NobodyChairs,
    SelectionOver,
    TooManyChairs,
    VoteRefused,
)
from coordination.rotation.models import (
    ChairTerm,
    OwedTurn,
    Selection,
    SelectionDecision,
    SelectionVote,
)
from coordination.rotation.queries.chair import chairing_agencies
from coordination.rotation.queries.decisions import decision_of
from coordination.rotation.tests.factories import ChairTermFactory, TermAgencyFactory
from coordination.rotation.tests.selections import DECLINES, answered, opened
from coordination.tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("terms")]
LATE = datetime(2027, 1, 30, 12, tzinfo=UTC)


@pytest.fixture
def selection(chair, focal_point, other_agency, unfpa, ohchr):
    """Return a selection for which UNFPA and OHCHR stand."""
    selection = opened(chair)
    answered(selection, unfpa, focal_point)
    answered(selection, ohchr, other_agency)
    return selection


@pytest.fixture
def empty(chair, focal_point, unfpa):
    """Return a selection for which nobody stands; UNFPA declined."""
    selection = opened(chair)
    answered(selection, unfpa, focal_point, DECLINES)
    return selection


def consensus(*agencies, **more):
    return ChairDecision("chair", "consensus", agencies, consulted=agencies, **more)


def decided(selection, decision, by, *, at=NOW, term=None):
    term = term or selection.terms.first()
    version = Selection.objects.get(pk=selection.pk).version
    return decisions.decide(term, decision, version=version, by=by, at=at)


def test_a_consensus_confirms_the_term_and_ends_the_selection(selection, chair, unfpa, ohchr):
    row = decided(selection, consensus(unfpa, words="Agreed in the meeting."), chair)

    term = row.chair_term
    assert (term.slug, term.state, term.kind) == ("2027-H2", TermState.CONFIRMED, TermKind.TERM)
    assert chairing_agencies(term) == (unfpa,)
    assert Selection.objects.get().state == SelectionState.CONFIRMED
    decision = decision_of(term)
    assert (decision.agencies, decision.consulted) == ([unfpa], [unfpa])
    assert decision_of(ChairTerm.objects.get(slug="2027-H1")) is None


def test_several_that_stand_chair_jointly(selection, chair, unfpa, ohchr):
    row = decided(selection, consensus(unfpa, ohchr), chair)

    assert chairing_agencies(row.chair_term) == (unfpa, ohchr)


def test_senior_officials_decide_with_a_document(selection, chair, unfpa):
    row = decided(
        selection, ChairDecision("chair", "senior", [unfpa], document="Letter of 3 February"), chair
    )

    assert (row.method, row.document) == ("senior", "Letter of 3 February")


@pytest.mark.parametrize(
    ("method", "field"), [("consensus", "consulted"), ("senior", "document"), ("vote", "vote")]
)
def test_a_decision_without_its_proof_is_refused(selection, chair, unfpa, method, field):
    with pytest.raises(DecisionRefused) as refusal:
        decided(selection, ChairDecision("chair", method, [unfpa]), chair)

    assert (refusal.value.field, SelectionDecision.objects.count()) == (field, 0)


def test_an_agency_that_does_not_stand_is_not_chosen(selection, chair, unesco):
    with pytest.raises(DecisionRefused, match="UNESCO: does not stand"):
        decided(selection, consensus(unesco), chair)
    with pytest.raises(NobodyChairs):
        decided(selection, consensus(), chair)


def vote_of(selection, chair, *people_and_choices):
    vote = votes.open_vote(
        selection.terms.get(),
        is_secret=False,
        quorum=2,
        until=date(2026, 12, 4),
        by=chair,
        at=NOW,
    )
    for person, choice in people_and_choices:
        agency = person.appointments.get().agency
        votes.cast_vote(vote, agency, vote.options.get(agency=choice), by=person, at=NOW)
    return votes.close_vote(vote, version=1, by=chair, at=NOW)


def test_a_vote_decides_for_its_winner_alone(
    selection, chair, unfpa, ohchr, focal_point, other_agency
):
    vote = vote_of(selection, chair, (focal_point, unfpa), (chair, unfpa))

    with pytest.raises(DecisionRefused, match="The vote went to UNFPA"):
        decided(selection, ChairDecision("chair", "vote", [ohchr], vote=vote), chair)
    row = decided(selection, ChairDecision("chair", "vote", [unfpa], vote=vote), chair)
    assert row.vote == vote


def test_a_tie_and_a_missed_quorum_decide_nothing(
    selection, chair, unfpa, ohchr, focal_point, other_agency
):
    tie = vote_of(selection, chair, (focal_point, unfpa), (other_agency, ohchr))
    few = vote_of(selection, chair, (focal_point, unfpa))

    with pytest.raises(DecisionRefused, match="This vote is a tie"):
        decided(selection, ChairDecision("chair", "vote", [unfpa], vote=tie), chair)
    with pytest.raises(DecisionRefused, match="missed its quorum"):
        decided(selection, ChairDecision("chair", "vote", [unfpa], vote=few), chair)


def test_nothing_is_decided_while_a_vote_is_open(selection, chair, unfpa):
    votes.open_vote(
        selection.terms.get(),
        is_secret=False,
        quorum=2,
        until=date(2026, 12, 4),
        by=chair,
        at=NOW,
    )

    with pytest.raises(DecisionRefused, match="A vote on this term is open"):
        decided(selection, consensus(unfpa), chair)


def test_a_vote_on_a_term_with_its_decision_is_refused(
    chair, unfpa, ohchr, focal_point, other_agency
):
    selection = opened(chair, number=2)
    answered(selection, unfpa, focal_point)
    answered(selection, ohchr, other_agency)
    decided(selection, consensus(unfpa), chair)

    with pytest.raises(VoteRefused, match="has its decision"):
        votes.open_vote(
            selection.terms.first(),
            is_secret=False,
            quorum=2,
            until=date(2026, 12, 4),
            by=chair,
            at=NOW,
        )
    assert SelectionVote.objects.count() == 0


def test_a_run_of_terms_ends_with_its_last_decision(chair, unfpa, ohchr, focal_point, other_agency):
    selection = opened(chair, number=2)
    answered(selection, unfpa, focal_point)
    answered(selection, ohchr, other_agency)
    first, second = selection.terms.all()

    decided(selection, consensus(unfpa), chair, term=first)
    with pytest.raises(SelectionOver, match="has its decision"):
        decided(selection, consensus(unfpa), chair, term=first)
    assert Selection.objects.get().state == SelectionState.RUNNING
    decided(selection, consensus(ohchr), chair, term=second)

    assert Selection.objects.get().state == SelectionState.CONFIRMED
    assert list(
        ChairTerm.objects.filter(first_day__gte=date(2027, 7, 1))
        .order_by("first_day")
        .values_list("slug", flat=True)
    ) == ["2027-H2", "2028-H1"]


def test_a_proposal_that_says_the_same_is_confirmed_and_rivals_are_withdrawn(
    selection, chair, unfpa, ohchr
):
    days = TermProposal(date(2027, 7, 1), date(2027, 12, 31))
    same = propose_term([unfpa], days, by=chair, at=NOW)
    assert decided(selection, consensus(unfpa), chair).chair_term == same
    again = opened(chair, period=Period(date(2028, 1, 1), date(2028, 6, 30)))
    answered(again, ohchr, ohchr.appointments.get().person)
    later = TermProposal(date(2028, 1, 1), date(2028, 6, 30))
    rival = propose_term([unfpa], later, by=chair, at=NOW)

    row = decided(again, consensus(ohchr), chair)

    rival.refresh_from_db()
    assert (rival.state, row.chair_term.state) == (TermState.WITHDRAWN, TermState.CONFIRMED)


def test_of_two_decisions_at_once_the_second_is_told(selection, chair, unfpa):
    with pytest.raises(Stale):
        decisions.decide(selection.terms.get(), consensus(unfpa), version=9, by=chair, at=NOW)


def test_only_the_chair_decides_or_an_administrator_while_nobody_chairs(
    selection, terms, administrator, focal_point, unfpa
):
    for person in (administrator, focal_point):
        with pytest.raises(NotAllowed):
            decided(selection, consensus(unfpa), person)
    terms[0].delete()

    assert decided(selection, consensus(unfpa), administrator).recorded_by == administrator


# --- nobody stands


@pytest.mark.parametrize("outcome", ["extension", "caretaker", "troika"])
def test_while_agencies_stand_no_remedy_applies_until_the_decision_is_late(
    selection, incoming_chair, chair, unesco, outcome
):
    remedy = ChairDecision(outcome, "consensus", [unesco], consulted=[unesco])
    with pytest.raises(DecisionRefused, match="is for a term that nobody takes"):
        decided(selection, remedy, chair)

    assert decided(selection, remedy, incoming_chair, at=LATE).outcome == outcome


def test_the_chair_before_goes_on(empty, chair, who):
    row = decided(empty, ChairDecision("extension", "consensus", consulted=[who]), chair)

    assert (row.chair_term.kind, chairing_agencies(row.chair_term)) == ("extension", (who,))
    assert row.agencies == [who.pk]


def test_a_caretaker_has_limits_in_words(empty, chair, unfpa):
    remedy = ChairDecision(
        "caretaker", "senior", [unfpa], document="Note of 1 March", limits="No new statement."
    )

    row = decided(empty, remedy, chair)

    assert (row.chair_term.kind, row.limits) == ("caretaker", "No new statement.")


def test_a_troika_is_the_previous_the_present_and_the_next_chair(empty, chair, unesco, who, unfpa):
    following = ChairTermFactory(first_day=date(2028, 1, 1), last_day=date(2028, 6, 30))
    TermAgencyFactory(term=following, agency=unfpa)

    row = decided(empty, ChairDecision("troika", "consensus", consulted=[who]), chair)

    assert (row.chair_term.kind, chairing_agencies(row.chair_term)) == (
        "troika",
        (unesco, who, unfpa),
    )


def test_the_dates_of_a_run_of_terms_are_bound_by_the_first_one_without_a_decision(
    chair, focal_point, unfpa
):
    run = opened(chair, number=2)
    answered(run, unfpa, focal_point)
    decided(run, consensus(unfpa), chair)
    dates = SelectionDates(date(2027, 7, 30), date(2027, 9, 1), date(2027, 10, 29))

    selections.set_dates(run, dates, version=2, by=chair, at=NOW)

    assert Selection.objects.get().decision_until == date(2027, 10, 29)


def test_a_selection_goes_on_beside_a_caretaker_of_its_first_days(selection, chair, who, unfpa):
    july = Period(date(2027, 7, 1), date(2027, 7, 31))
    operations.appoint_caretaker([who], july, GroupDecision("The meeting"), by=chair, at=NOW)

    assert selections.end_settled_selections(at=NOW) == 0
    row = decided(selection, consensus(unfpa), chair)
    assert row.chair_term.period == Period(date(2027, 8, 1), date(2027, 12, 31))


def test_who_bridges_days_for_which_nobody_stood_is_still_owed_its_turn(empty, chair, who, unesco):
    turn = ChairTermFactory(first_day=date(2028, 1, 1), last_day=date(2028, 6, 30))
    TermAgencyFactory(term=turn, agency=who)
    operations.defer_term(turn, GroupDecision("The meeting"), by=chair, at=NOW)

    decided(empty, ChairDecision("caretaker", "consensus", [who], consulted=[unesco]), chair)

    assert OwedTurn.objects.get().settled_by is None


def test_an_extension_or_a_troika_without_members_is_refused(empty, chair, who, unesco):
    who.memberships.update(last_day=date(2027, 9, 30))

    with pytest.raises(DecisionRefused, match="No chair before this term could go on"):
        decided(empty, ChairDecision("extension", "consensus", consulted=[unesco]), chair)
    with pytest.raises(DecisionRefused, match="A troika needs"):
        decided(empty, ChairDecision("troika", "consensus", consulted=[unesco]), chair)


def test_no_more_than_three_are_a_troika(empty, chair):
    four = [AgencyFactory() for _number in range(4)]
    for agency in four:
        MembershipFactory(agency=agency, first_day=date(2006, 1, 1))
    days = TermProposal(date(2027, 7, 1), date(2027, 12, 31), TermKind.TROIKA)

    with pytest.raises(TooManyChairs):
        propose_term(four, days, by=chair, at=NOW)


def test_a_term_that_is_decided_late_begins_on_the_day_of_the_decision(
    empty, terms, administrator, incoming_chair, unesco
):
    at = datetime(2027, 7, 10, 12, tzinfo=UTC)

    row = decided(
        empty, ChairDecision("caretaker", "consensus", [unesco], [unesco]), administrator, at=at
    )

    assert row.chair_term.period == Period(date(2027, 7, 10), date(2027, 12, 31))


def test_a_term_that_is_over_is_not_decided(empty, administrator, unesco):
    with pytest.raises(SelectionOver, match="The last day of this term has passed"):
        decided(
            empty,
            ChairDecision("caretaker", "consensus", [unesco], [unesco]),
            administrator,
            at=datetime(2028, 1, 10, 12, tzinfo=UTC),
        )
    assert selections.escalate_overdue(at=LATE) == 1
