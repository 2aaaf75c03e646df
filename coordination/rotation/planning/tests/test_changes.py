"""What if: several changes of a plan at once."""

from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.rotation.planning import changes, plan
from coordination.rotation.planning.changes import PlanChanges
from coordination.rotation.planning.situation import OpenTerm, Situation
from coordination.rotation.planning.tests.situations import (
    half_years,
    member,
    situation,
    situations,
)
from coordination.rotation.planning.tests.test_plan import past_of

FOUR = [member(1), member(2), member(3), member(4)]
GIVEN = situation(FOUR, 4, past_of(1, 2, 3, 4))


def planned(given, **more):
    made = changes.planned_with(given, PlanChanges(**more))
    return [each[0] if each else None for each in made.plan.holders]


def test_no_change_is_the_plan():
    assert planned(GIVEN) == [1, 2, 3, 4]


def test_several_changes_at_once():
    terms = [term.days for term in GIVEN.open_terms]

    assert planned(GIVEN, fixed=((0, 4), (3, None))) == [4, 1, 2, None]
    assert planned(GIVEN, unavailable=((1, terms[0]), (2, terms[0]))) == [3, 1, 2, 4]
    assert planned(GIVEN, fixed=((0, 4),), swapped=((1, 2),)) == [4, 2, 1, 3]
    assert planned(GIVEN, swapped=((0, 1), (1, 2))) == [2, 3, 1, 4]


def test_a_pause_lasts_beside_the_ones_on_record():
    first = GIVEN.open_terms[0].days
    on_record = situation(FOUR, 4, past_of(1, 2, 3, 4), unavailable=((1, first),))

    assert planned(on_record, unavailable=((2, first),))[0] == 3


def test_a_swap_with_a_term_that_the_planner_keeps_changes_nothing():
    first, second = half_years(2)
    given = Situation(tuple(FOUR), (), (OpenTerm(first, kept=(1, 2)), OpenTerm(second)))

    assert planned(given, swapped=((0, 1),)) == planned(given)


@settings(deadline=None, max_examples=60)
@given(situations(), st.data())
def test_a_swap_moves_only_its_two_terms_of_a_round_and_twice_is_as_before(given, data):
    made = plan.make(given)
    one_round = data.draw(st.sampled_from(made.rounds)).terms
    pair = (data.draw(st.sampled_from(one_round)), data.draw(st.sampled_from(one_round)))

    swapped = changes.planned_with(given, PlanChanges(swapped=(pair,))).plan
    twice = changes.planned_with(given, PlanChanges(swapped=(pair, pair))).plan

    assert swapped.holders[pair[0]] == made.holders[pair[1]]
    assert swapped.holders[pair[1]] == made.holders[pair[0]]
    untouched = [at for at in one_round if at not in pair]
    assert [swapped.holders[at] for at in untouched] == [made.holders[at] for at in untouched]
    assert twice.holders == made.holders
