"""Why the plan is as it is: what an agency in another term would make worse."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.rotation.planning import plan, why
from coordination.rotation.planning.eligibility import ObstacleKind
from coordination.rotation.planning.order import Tiebreak
from coordination.rotation.planning.situation import OpenTerm, Situation
from coordination.rotation.planning.tests.situations import (
    half_years,
    member,
    situation,
    situations,
)
from coordination.rotation.planning.tests.test_plan import past_of
from coordination.rotation.planning.why import Because, ProposedFor, WhyNot, Worsened

FIRST_TERM, SECOND_TERM, THIRD_TERM = half_years(3)
THREE = [member(1), member(2), member(3)]


def not_with(situation, agency, at, pins=None):
    return why.why_not(situation, plan.make(situation, pins), agency, at, pins)


def reasons(situation, pins=None):
    made = plan.make(situation, pins)
    return [why.because(situation, made, at, pins) for at in range(len(made.holders))]


def test_the_agency_that_is_planned_worsens_nothing():
    assert not_with(situation(THREE, 3, past_of(1, 2, 3)), 1, 0).worsened == Worsened.NOTHING


def test_an_agency_that_is_not_able_has_its_obstacle():
    answer = not_with(situation(THREE, 3, declined=((3, FIRST_TERM),)), 3, 0)

    assert (answer.worsened, answer.obstacle.kind) == (Worsened.UNABLE, ObstacleKind.DECLINED)


def test_a_later_term_that_nobody_else_could_fill_would_be_vacant():
    others_leave = [member(n, (date(2006, 1, 1), SECOND_TERM.last)) for n in (1, 2)]
    answer = not_with(situation([*others_leave, member(3)], 3), 3, 0)

    assert answer == WhyNot(Worsened.VACANT, 3, 0, term=2, instead=3)


def test_an_owed_turn_would_come_later():
    answer = not_with(situation(THREE, 3, past_of(1, 2, 3), owed={3: 1}), 1, 0)

    assert answer == WhyNot(Worsened.OWED, 1, 0, term=0, instead=3, then=1)


def test_announced_terms_would_change_hands():
    answer = not_with(situation(THREE, 3, past_of(1, 2, 3), announced=[3, 2, 1]), 1, 0)

    assert answer == WhyNot(Worsened.MOVED, 1, 0, moved=(0, 2))


def test_an_agency_that_is_due_earlier_would_be_passed_over():
    given = situation(THREE, 3, past_of(1, 1, 2, 3))

    assert not_with(given, 1, 0) == WhyNot(
        Worsened.ORDER, 1, 0, term=0, instead=2, then=1, tiebreak=Tiebreak.BALANCE
    )
    assert not_with(given, 3, 0).tiebreak == Tiebreak.LONGEST_SINCE


def test_a_term_that_is_kept_or_fixed_is_not_planned_again():
    joint = OpenTerm(SECOND_TERM, kept=(1, 2))
    given = Situation(tuple(THREE), (), (OpenTerm(FIRST_TERM), joint, OpenTerm(THIRD_TERM)))

    assert not_with(given, 3, 1).worsened == Worsened.KEPT
    assert not_with(given, 1, 0, {0: 2}).worsened == Worsened.FIXED
    elsewhere = not_with(given, 1, 0, {2: 1})
    assert (elsewhere.worsened, elsewhere.term) == (Worsened.FIXED_ELSEWHERE, 2)


def test_a_vacancy_that_somebody_fixed_shows_in_no_order():
    answer = not_with(situation(THREE, 2, past_of(1, 2, 3)), 3, 0, {1: None})

    assert (answer.worsened, answer.term, answer.instead) == (Worsened.ORDER, 0, 1)


@settings(deadline=None, max_examples=60)
@given(situations(), st.data())
def test_what_is_first_worse_is_worse_and_all_before_it_is_the_same(given, data):
    agency = data.draw(st.sampled_from(given.members)).key
    at = data.draw(st.integers(0, len(given.open_terms) - 1))
    made = plan.make(given)

    answer = why.why_not(given, made, agency, at)

    if answer.worsened in {Worsened.NOTHING, Worsened.UNABLE}:
        able = agency in plan.able_agencies(given, given.open_terms[at].days)
        assert (answer.worsened == Worsened.UNABLE) == (not able and agency not in made.holders[at])
        return
    forced = plan.make(given, {at: agency})
    old, new = made.round_of(at).score, forced.round_of(at).score
    parts = [Worsened.VACANT, Worsened.OWED, Worsened.MOVED, Worsened.ORDER]
    pairs = [
        (old.vacant, new.vacant),
        (old.not_owed, new.not_owed),
        (old.moved, new.moved),
        (old.ranks, new.ranks),
    ]
    place = parts.index(answer.worsened)
    assert all(before == after for before, after in pairs[:place])
    assert pairs[place][0] < pairs[place][1]
    assert forced.holders[at] == (agency,)
    if answer.worsened == Worsened.MOVED:
        assert len(answer.moved) >= new.moved - old.moved


def test_reasons_of_a_plan():
    leaves = member(1, (date(2006, 1, 1), SECOND_TERM.last))
    given = situation([leaves, member(2), member(3)], 4, past_of(3, 2, 1), owed={3: 1})

    assert reasons(given) == [
        Because(ProposedFor.OWED),
        Because(ProposedFor.OTHERS_LATER, (2,)),
        Because(ProposedFor.ONLY_ABLE),
        Because(ProposedFor.DUE_FIRST),
    ]


def test_reasons_of_fixed_kept_announced_and_vacant_terms():
    joint = OpenTerm(THIRD_TERM, kept=(1, 2))
    terms = (OpenTerm(FIRST_TERM, 1), OpenTerm(SECOND_TERM), joint)
    given = Situation(tuple(THREE), tuple(past_of(1, 2, 3)), terms)

    assert reasons(given)[0] == Because(ProposedFor.ANNOUNCED, (3,))
    assert reasons(given)[2] == Because(ProposedFor.KEPT)
    assert [each.reason for each in reasons(given, {0: 1, 1: None})] == [
        ProposedFor.FIXED,
        ProposedFor.LEFT_VACANT,
        ProposedFor.KEPT,
    ]
    assert reasons(situation([], 1)) == [Because(ProposedFor.NOBODY_ABLE)]
