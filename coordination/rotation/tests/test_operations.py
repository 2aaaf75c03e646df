"""Each operation changes what it names and nothing else, and keeps its decision."""

from datetime import date, timedelta

import pytest

from coordination.core.errors import NotAllowed
from coordination.core.history import recorded_reason
from coordination.core.periods import Period
from coordination.rotation.actions import operations
from coordination.rotation.actions.plans import Cession
from coordination.rotation.actions.recording import GroupDecision
from coordination.rotation.actions.terms import TermProposal, confirm_term, propose_term
from coordination.rotation.due.confirmed import confirmations
from coordination.rotation.due.operations import turns_moved
from coordination.rotation.enums import OperationKind, OperationState, TermKind, TermState
from coordination.rotation.errors import (
    DayOutside,
    DecisionNeeded,
    NoNeighbour,
    NothingChanges,
    NoVacancy,
    ScheduleChanged,
    TermIsOver,
    TermNotConfirmed,
    TermsOverlap,
)
from coordination.rotation.models import ChairTerm, OwedTurn, TermOperation
from coordination.rotation.queries.chair import chair_on
from coordination.rotation.tests.schedule import (
    DECIDED,
    H1_2027,
    H1_2028,
    H2_2026,
    H2_2027,
    schedule,
    term_of,
)
from coordination.tests.cast import NOW, TODAY

pytestmark = pytest.mark.django_db


def act(function, *arguments, by, **values):
    return function(*arguments, DECIDED, by=by, at=NOW, **values)


def test_a_moved_boundary_moves_both_neighbours_and_keeps_the_days(chair, terms):
    done = act(operations.move_boundary, terms[0], date(2027, 1, 31), by=chair)

    assert schedule() == [
        (date(2026, 7, 1), date(2027, 1, 31), "UNESCO"),
        (date(2027, 2, 1), date(2027, 6, 30), "WHO"),
    ]
    assert chair_on(date(2027, 1, 31)).agencies[0].acronym == "UNESCO"
    assert [(row["term"], row["last_day"]) for row in done.before] == [
        ("2026-H2", "2026-12-31"),
        ("2027-H1", "2027-06-30"),
    ]
    assert [(row["term"], row["first_day"]) for row in done.after] == [
        ("2026-H2", "2026-07-01"),
        ("2027-H1", "2027-02-01"),
    ]


def test_a_boundary_moves_back_too(chair, terms):
    act(operations.move_boundary, terms[0], TODAY, by=chair)

    assert schedule()[1][0] == TODAY + timedelta(days=1)


def test_an_operation_keeps_who_decided_and_the_document(chair, terms):
    done = act(operations.hand_back, terms[0], date(2026, 12, 15), by=chair)

    done.refresh_from_db()
    assert (done.kind, done.state, done.decision, done.document, done.reason) == (
        OperationKind.HAND_BACK,
        OperationState.DECIDED,
        "Meeting of 20 November 2026, by consensus",
        "Minutes, item 4",
        "Budget cycle",
    )
    assert (done.made_by, done.decided_by, done.decided_at) == (chair, chair, NOW)
    assert [row.term for row in done.terms.all()] == [terms[0]]
    assert recorded_reason(terms[0].history.first()) == "Handed the chair back early"
    assert terms[0].history.first().history_user == chair


def test_a_chair_handed_back_is_vacant_from_the_day_after(chair, terms):
    act(operations.hand_back, terms[0], date(2026, 12, 15), by=chair)

    assert schedule()[0] == (date(2026, 7, 1), date(2026, 12, 15), "UNESCO")
    assert chair_on(date(2026, 12, 15)).agencies[0].acronym == "UNESCO"
    assert chair_on(date(2026, 12, 16)).vacant


@pytest.mark.parametrize("day", [TODAY - timedelta(days=1), date(2026, 12, 31)])
def test_a_chair_is_handed_back_from_today_until_the_day_before_the_last(chair, terms, day):
    with pytest.raises(DayOutside, match="from 23 Nov 2026 to 30 Dec 2026"):
        act(operations.hand_back, terms[0], day, by=chair)


def test_a_term_of_one_day_has_no_other_last_day(chair, terms, unfpa):
    term = term_of([unfpa], (date(2027, 7, 1), date(2027, 7, 1)))

    with pytest.raises(DayOutside, match="No other last day"):
        act(operations.hand_back, term, date(2027, 7, 1), by=chair)


def test_an_extended_term_stays_one_term(chair, terms):
    act(operations.extend_term, terms[1], date(2027, 9, 30), by=chair)

    assert schedule()[1] == (date(2027, 1, 1), date(2027, 9, 30), "WHO")


def test_a_term_is_extended_over_vacant_days_only(chair, terms):
    with pytest.raises(TermsOverlap, match="the term of WHO"):
        act(operations.extend_term, terms[0], date(2027, 1, 1), by=chair)
    with pytest.raises(DayOutside, match="lasts until 31 Dec 2026"):
        act(operations.extend_term, terms[0], date(2026, 12, 31), by=chair)


def test_a_boundary_needs_a_neighbour(chair, terms):
    with pytest.raises(NoNeighbour):
        act(operations.move_boundary, terms[1], date(2027, 6, 1), by=chair)
    with pytest.raises(NothingChanges):
        act(operations.move_boundary, terms[0], date(2026, 12, 31), by=chair)
    with pytest.raises(DayOutside, match="from 23 Nov 2026 to 29 Jun 2027"):
        act(operations.move_boundary, terms[0], date(2027, 6, 30), by=chair)


def test_a_confirmed_term_that_has_not_begun_is_withdrawn(chair, terms):
    done = act(operations.withdraw_confirmed, terms[1], by=chair)

    terms[1].refresh_from_db()
    assert (terms[1].state, done.after[0]["state"]) == (TermState.WITHDRAWN, "withdrawn")
    assert schedule() == [(*H2_2026, "UNESCO")]


def test_a_term_that_has_begun_is_cut_and_never_taken_away(chair, terms, unesco, who):
    for function in (operations.withdraw_confirmed, operations.defer_term):
        with pytest.raises(TermIsOver, match="has begun"):
            act(function, terms[0], by=chair)


def test_a_term_that_is_over_does_not_change(chair, terms, unfpa, unesco):
    past = term_of([unfpa], (date(2025, 7, 1), date(2025, 12, 31)))

    for function, arguments in (
        (operations.hand_back, (date(2025, 12, 1),)),
        (operations.extend_term, (date(2026, 1, 31),)),
        (operations.move_boundary, (date(2025, 11, 30),)),
        (operations.set_chairs, ([unesco],)),
        (operations.withdraw_confirmed, ()),
    ):
        with pytest.raises(TermIsOver, match="is over"):
            act(function, past, *arguments, by=chair)


def test_a_proposal_is_not_operated_on(chair, terms, unfpa):
    proposal = term_of([unfpa], H2_2027, state=TermState.PROPOSED)

    with pytest.raises(TermNotConfirmed):
        act(operations.withdraw_confirmed, proposal, by=chair)


def test_a_term_ahead_is_made_joint_and_single(chair, terms, who, unfpa):
    act(operations.set_chairs, terms[1], [who, unfpa], by=chair)
    assert schedule()[1] == (*H1_2027, "WHO+UNFPA")

    act(operations.set_chairs, terms[1], [unfpa], by=chair)
    assert schedule()[1] == (*H1_2027, "UNFPA")
    with pytest.raises(NothingChanges):
        act(operations.set_chairs, terms[1], [unfpa], by=chair)


def test_other_agencies_take_the_rest_of_a_term_that_has_begun(chair, terms, unesco, unfpa):
    act(operations.set_chairs, terms[0], [unesco, unfpa], by=chair, from_day=date(2026, 12, 1))

    assert schedule()[:2] == [
        (date(2026, 7, 1), date(2026, 11, 30), "UNESCO"),
        (date(2026, 12, 1), date(2026, 12, 31), "UNESCO+UNFPA"),
    ]


@pytest.mark.parametrize("day", [None, TODAY, date(2027, 1, 1)])
def test_the_rest_of_a_term_begins_tomorrow_at_the_earliest(chair, terms, unesco, unfpa, day):
    with pytest.raises(DayOutside, match="from 24 Nov 2026 to 31 Dec 2026"):
        act(operations.set_chairs, terms[0], [unesco, unfpa], by=chair, from_day=day)


def test_a_turn_is_ceded_and_the_other_of_a_joint_chair_stays(chair, terms, who, unfpa, ohchr):
    act(operations.set_chairs, terms[1], [who, unfpa], by=chair)
    act(operations.cede_term, terms[1], Cession(who, ohchr), by=chair)

    assert schedule()[1] == (*H1_2027, "OHCHR+UNFPA")
    with pytest.raises(NothingChanges, match="WHO does not chair"):
        act(operations.cede_term, terms[1], Cession(who, ohchr), by=chair)
    with pytest.raises(NothingChanges, match="UNFPA chairs in this term already"):
        act(operations.cede_term, terms[1], Cession(ohchr, unfpa), by=chair)


def test_a_running_term_is_ceded_for_its_rest(chair, terms, unesco, unfpa):
    act(operations.cede_term, terms[0], Cession(unesco, unfpa, date(2026, 12, 1)), by=chair)

    assert [row[2] for row in schedule()] == ["UNESCO", "UNFPA", "WHO"]


def test_a_deferred_turn_is_owed_until_a_turn_is_given(chair, terms, who, later):
    done = act(operations.defer_term, terms[1], by=chair)
    owed = OwedTurn.objects.get()
    assert (owed.agency, owed.operation, owed.settled_by) == (who, done, None)

    given = act(
        operations.name_substitute, [who], Period(date(2028, 7, 1), date(2028, 12, 31)), by=chair
    )
    owed.refresh_from_db()
    term = given.terms.get().term
    assert owed.settled_by == term

    act(operations.withdraw_confirmed, term, by=chair)
    owed.refresh_from_db()
    assert owed.settled_by is None


def test_an_owed_turn_follows_the_turn_that_settled_it(chair, terms, who, later):
    act(operations.defer_term, terms[1], by=chair)
    act(operations.cede_term, later[1], Cession(later[1].agencies.get(), who), by=chair)
    owed = OwedTurn.objects.get()
    assert owed.settled_by == later[1]

    # WHO gets the same turn earlier, once alone and once with all others: it is owed none
    act(operations.pull_forward, later[1], date(2027, 1, 1), by=chair)
    owed.refresh_from_db()
    earlier = owed.settled_by
    assert (earlier.period, earlier.state) == (Period(*H1_2027), TermState.CONFIRMED)

    act(operations.hand_back, terms[0], date(2026, 11, 30), by=chair)
    act(operations.move_up, date(2026, 12, 1), by=chair)
    owed.refresh_from_db()
    assert owed.settled_by.first_day == date(2026, 12, 1)
    act(operations.withdraw_confirmed, earlier, by=chair)  # UNFPA's by now
    owed.refresh_from_db()
    assert owed.settled_by.first_day == date(2026, 12, 1)


def test_a_turn_that_settled_an_owed_one_may_move_or_be_given_away(chair, terms, who, later):
    giver = later[1].agencies.get()
    act(operations.defer_term, terms[1], by=chair)
    act(operations.cede_term, later[1], Cession(giver, who), by=chair)
    act(operations.move_boundary, later[0], later[0].last_day - timedelta(days=10), by=chair)
    owed = OwedTurn.objects.get()
    assert owed.settled_by == later[1]

    act(operations.cede_term, later[1], Cession(who, giver), by=chair)

    owed.refresh_from_db()
    assert owed.settled_by == later[1]


def test_a_term_given_for_an_owed_turn_and_deferred_leaves_one_turn_owed(chair, terms, who, later):
    act(operations.defer_term, terms[1], by=chair)
    act(operations.cede_term, later[0], Cession(later[0].agencies.get(), who), by=chair)
    assert OwedTurn.objects.get().settled_by == later[0]

    act(operations.defer_term, later[0], by=chair)

    # the term was given for the turn of 2027: deferred itself, that one turn is owed again
    owed = OwedTurn.objects.get()
    assert (owed.agency, owed.settled_by) == (who, None)
    assert recorded_reason(owed.history.first()) == "The turn is owed again"


def test_confirming_a_term_settles_what_is_owed(chair, terms, who):
    act(operations.defer_term, terms[1], by=chair)
    proposal = terms_propose(chair, who)
    terms_confirm(chair, proposal)

    assert OwedTurn.objects.get().settled_by == proposal


def terms_propose(chair, agency):
    return propose_term(
        [agency], TermProposal(date(2027, 1, 1), date(2027, 6, 30)), by=chair, at=NOW
    )


def terms_confirm(chair, proposal):
    return confirm_term(proposal, version=proposal.version, by=chair, at=NOW, decision=DECIDED)


def test_confirming_a_term_is_an_operation(chair, terms, unfpa):
    proposal = propose_term([unfpa], TermProposal(*H2_2027), by=chair, at=NOW)
    terms_confirm(chair, proposal)

    done = TermOperation.objects.get()
    assert (done.kind, done.decision, done.before[0]["state"], done.after[0]["state"]) == (
        "confirm",
        DECIDED.decision,
        "proposed",
        "confirmed",
    )


def test_rivals_may_be_proposed_and_one_is_confirmed(chair, terms, unfpa, ohchr):
    one, two = (
        propose_term([agency], TermProposal(*H2_2027), by=chair, at=NOW)
        for agency in (unfpa, ohchr)
    )
    # a proposal may overlap a confirmed term too
    propose_term([ohchr], TermProposal(*H1_2027), by=chair, at=NOW)

    terms_confirm(chair, two)
    with pytest.raises(TermsOverlap, match="the term of OHCHR, 1 July 2027"):
        terms_confirm(chair, one)


def test_a_caretaker_bridges_vacant_days(chair, terms, unfpa):
    period = Period(date(2027, 7, 1), date(2027, 9, 30))
    done = act(operations.appoint_caretaker, [unfpa], period, by=chair)

    term = done.terms.get().term
    assert (term.kind, term.state, term.confirmed_at) == (TermKind.CARETAKER, "confirmed", NOW)
    assert chair_on(date(2027, 9, 30)).agencies == (unfpa,)
    with pytest.raises(TermsOverlap):
        act(operations.appoint_caretaker, [unfpa], period, by=chair)
    with pytest.raises(TermIsOver, match="first day is past"):
        act(
            operations.appoint_caretaker,
            [unfpa],
            Period(date(2026, 5, 1), date(2026, 6, 1)),
            by=chair,
        )


def test_all_move_forward_by_one_turn(chair, terms, later, who):
    act(operations.withdraw_confirmed, terms[1], by=chair)
    for term, theme in zip(later, ("Youth", "Data"), strict=True):
        ChairTerm.objects.filter(pk=term.pk).update(theme=theme)
    done = act(operations.move_up, date(2027, 3, 1), by=chair)

    assert schedule() == [
        (*H2_2026, "UNESCO"),
        (*H1_2027, "UNFPA"),
        (*H2_2027, "OHCHR"),
    ]
    # who chairs chose the theme: it goes along
    confirmed = ChairTerm.objects.filter(state=TermState.CONFIRMED).order_by("first_day")
    assert [term.theme for term in confirmed] == ["", "Youth", "Data"]
    assert [row["theme"] for row in done.after] == ["Youth", "Data", "Data"]
    assert ChairTerm.objects.get(slug="2028-H1").state == TermState.WITHDRAWN
    assert done.kind == OperationKind.MOVE_UP


def test_a_turn_that_was_just_confirmed_and_moves_forward_is_news_for_its_agency_alone(
    chair, incoming_chair, focal_point, terms, unfpa
):
    proposal = propose_term([unfpa], TermProposal(*H2_2027), by=chair, at=NOW)
    terms_confirm(chair, proposal)
    act(operations.withdraw_confirmed, terms[1], by=chair)
    assert len(list(confirmations(NOW))) == 3

    done = act(operations.move_up, date(2027, 1, 1), by=chair)

    assert list(confirmations(NOW)) == []
    subject = f"operation:{done.pk}"
    told = [due.person_id for due in turns_moved(NOW) if due.subject == subject]
    assert told == [focal_point.pk]


def test_a_later_turn_is_pulled_forward_and_leaves_its_own_open(chair, terms, later):
    act(operations.withdraw_confirmed, terms[1], by=chair)
    act(operations.pull_forward, later[1], date(2027, 1, 1), by=chair)

    assert schedule() == [
        (*H2_2026, "UNESCO"),
        (*H1_2027, "OHCHR"),
        (*H2_2027, "UNFPA"),
    ]
    # the turn that it left is open, though nothing comes after it
    act(operations.name_substitute, [terms[1].agencies.get()], Period(*H1_2028), by=chair)
    assert schedule()[3] == (*H1_2028, "WHO")


def test_a_turn_before_the_vacancy_is_not_pulled_forward(chair, terms, later):
    act(operations.withdraw_confirmed, later[0], by=chair)

    with pytest.raises(DayOutside, match="before the vacancy"):
        act(operations.pull_forward, terms[1], date(2027, 7, 1), by=chair)


def test_without_a_later_turn_nobody_moves_forward(chair, terms):
    act(operations.withdraw_confirmed, terms[1], by=chair)

    with pytest.raises(NothingChanges, match="No confirmed turn"):
        act(operations.move_up, date(2027, 1, 1), by=chair)


@pytest.mark.parametrize("day", [TODAY, date(2028, 1, 1), date(2026, 1, 1)])
def test_only_a_vacancy_is_filled_by_moving(chair, terms, day):
    with pytest.raises(NoVacancy):
        act(operations.move_up, day, by=chair)


def test_a_vacancy_is_left_vacant_until_a_day(chair, terms, later):
    act(operations.withdraw_confirmed, terms[1], by=chair)
    done = act(operations.leave_vacant, date(2027, 1, 1), date(2027, 3, 31), by=chair)

    assert (done.kind, done.lapses_on, done.terms.count()) == (
        OperationKind.LEAVE_VACANT,
        date(2027, 3, 31),
        0,
    )
    assert schedule()[1] == (*H2_2027, "UNFPA")
    with pytest.raises(DayOutside, match="to 30 Jun 2027"):
        act(operations.leave_vacant, date(2027, 1, 1), date(2027, 7, 1), by=chair)


def test_an_operation_needs_a_decision(chair, terms):
    with pytest.raises(DecisionNeeded) as refusal:
        operations.withdraw_confirmed(terms[1], GroupDecision(" "), by=chair, at=NOW)

    assert refusal.value.field == "decision"
    assert not TermOperation.objects.exists()


def test_only_the_chair_and_administrators_record_decisions(
    focal_point, incoming_chair, administrator, terms
):
    for person in (focal_point, incoming_chair):
        with pytest.raises(NotAllowed, match="may record what the group decided"):
            act(operations.withdraw_confirmed, terms[1], by=person)

    assert act(operations.withdraw_confirmed, terms[1], by=administrator).pk


def test_who_looked_at_other_terms_changes_nothing(chair, terms):
    looked = GroupDecision("The meeting", base=f"{terms[0].pk}:1,{terms[1].pk}:1")
    act(operations.hand_back, terms[0], date(2026, 12, 15), by=chair)
    act(operations.extend_term, terms[0], date(2026, 12, 31), by=chair)

    with pytest.raises(ScheduleChanged):
        operations.move_boundary(terms[0], date(2027, 1, 31), looked, by=chair, at=NOW)
    assert schedule() == [(*H2_2026, "UNESCO"), (*H1_2027, "WHO")]
