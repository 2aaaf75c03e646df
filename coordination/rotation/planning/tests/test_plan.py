"""The plan of the next terms: beside brute force, and rule by rule."""

from datetime import date
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.rotation.planning import eligibility, months, plan
from coordination.rotation.planning.eligibility import Obstacle, ObstacleKind
from coordination.rotation.planning.situation import (
    OpenTerm,
    PlannedMember,
    Situation,
    StrategicEvent,
)
from coordination.rotation.planning.spans import DaySpan
from coordination.rotation.planning.tests.situations import (
    FIRST,
    chaired,
    half_years,
    member,
    situation,
    situations,
)

FIRST_TERM, SECOND_TERM, THIRD_TERM = half_years(3)


def holders(given, pins=None):
    return [each[0] if each else None for each in plan.make(given, pins).holders]


def past_of(*keys):
    """Return half-years before the open ones, the last key latest."""
    first = months.after(FIRST, -6 * len(keys))
    return [
        chaired(days.first, days.last, key)
        for days, key in zip(half_years(len(keys), first), keys, strict=True)
    ]


def every_round(given, each, able):
    """Yield what each term of a round may be: an agency once at most, or nobody."""
    for chosen in product(*([*able[at], None] for at in each.terms)):
        agencies = [key for key in chosen if key is not None]
        if len(set(agencies)) == len(agencies):
            yield dict(zip(each.terms, chosen, strict=True))


@settings(max_examples=30, deadline=None)
@given(situations())
def test_the_plan_is_the_best_of_all_that_are_possible(given):
    made = plan.make(given)
    able = [plan.able_agencies(given, term.days) for term in given.open_terms]

    for each in made.rounds:
        scores = [
            (plan.score_of(given, chosen, each.ranking, each.owed), chosen)
            for chosen in every_round(given, each, able)
        ]
        best = min(as_tuple(score) for score, _ in scores)
        assert as_tuple(each.score) == best
        assert [as_tuple(score) for score, _ in scores].count(best) == 1
        assert {at: holders_at(made, at) for at in each.terms} == next(
            chosen for score, chosen in scores if as_tuple(score) == best
        )


def holders_at(made, at):
    return made.holders[at][0] if made.holders[at] else None


def as_tuple(score):
    return score.vacant, score.not_owed, score.moved, score.ranks


def renamed(given, keys):
    """Return the situation with other keys; what belongs to an agency goes with it."""
    return Situation(
        tuple(
            PlannedMember(keys[m.key], m.place, m.memberships, m.names)
            for m in reversed(given.members)
        ),
        tuple(
            type(term)(term.days, tuple(keys[key] for key in term.holders))
            for term in given.chaired
        ),
        tuple(
            OpenTerm(term.days, None if term.announced is None else keys[term.announced])
            for term in given.open_terms
        ),
        tuple((keys[key], days) for key, days in given.unavailable),
        tuple((keys[key], days) for key, days in given.declined),
        {keys[key]: turns for key, turns in given.owed.items()},
        tuple(
            StrategicEvent(event.days, frozenset(keys[key] for key in event.reserved_for))
            for event in given.events
        ),
        given.minimum_months,
        given.equal_within,
        given.entry,
    )


@settings(deadline=None)
@given(situations(), st.permutations(range(1, 7)))
def test_other_keys_of_agencies_give_the_same_plan(given, order):
    keys = {key: order[key - 1] for key in range(1, 7)}

    assert holders(renamed(given, keys)) == [
        None if key is None else keys[key] for key in holders(given)
    ]


@settings(deadline=None)
@given(situations(most_members=4, most_terms=6))
def test_nobody_chairs_in_a_plan_who_is_not_able_and_a_plan_is_always_the_same(given):
    made = plan.make(given)

    for term, each in zip(given.open_terms, made.holders, strict=True):
        assert set(each) <= plan.able_agencies(given, term.days)
    assert made.holders == plan.make(given).holders


def test_each_agency_gets_a_turn_before_any_gets_a_second():
    given = situation([member(1), member(2), member(3)], 6, past_of(1, 2, 3))

    assert holders(given) == [1, 2, 3, 1, 2, 3]


def test_the_largest_balance_is_first():
    given = situation([member(1), member(2), member(3)], 3, past_of(3, 2, 2, 2))

    assert holders(given) == [1, 3, 2]


def test_a_confirmed_term_in_the_future_counts_as_a_turn():
    third = chaired(THIRD_TERM.first, THIRD_TERM.last, 1)
    given = Situation(
        (member(1), member(2), member(3)), (third,), (OpenTerm(FIRST_TERM), OpenTerm(SECOND_TERM))
    )

    assert holders(given) == [2, 3]


def test_with_nobody_able_a_vacancy_is_proposed():
    leaves_soon = member(1, (date(2006, 1, 1), SECOND_TERM.last))

    assert holders(situation([leaves_soon], 3)) == [1, 1, None]
    assert holders(situation([], 2)) == [None, None]


def test_an_agency_is_a_member_on_every_day_of_its_term():
    with_a_break = member(
        1, (date(2006, 1, 1), date(2027, 3, 1)), (date(2027, 3, 3), date(2199, 12, 31))
    )
    at_once = member(1, (date(2006, 1, 1), date(2027, 3, 1)), (date(2027, 3, 2),))

    assert holders(situation([with_a_break], 1)) == [None]
    assert holders(situation([at_once], 1)) == [1]


def test_a_new_member_waits_the_months_that_the_group_wants():
    given = situation(
        [member(1, (date(2026, 7, 2),)), member(2)], 2, past_of(2, 2), minimum_months=6
    )

    assert holders(given) == [2, 1]
    assert eligibility.obstacle(given, given.members[0], FIRST_TERM) == Obstacle(
        ObstacleKind.TOO_NEW, DaySpan(date(2026, 7, 2)), date(2027, 1, 2)
    )
    assert holders(situation([member(1, (date(2026, 7, 1),))], 1, minimum_months=6)) == [1]


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ({"unavailable": ((1, DaySpan(date(2027, 6, 30), date(2027, 12, 1))),)}, "unavailable"),
        ({"declined": ((1, FIRST_TERM),)}, "declined"),
        (
            {"events": (StrategicEvent(DaySpan(FIRST, FIRST), frozenset({2})),)},
            "reserved",
        ),
    ],
)
def test_what_keeps_an_agency_from_a_term(more, kind):
    given = situation([member(1), member(2)], 1, **more)

    assert eligibility.obstacle(given, given.members[0], FIRST_TERM).kind == kind
    assert holders(given) == [2]


def test_a_pause_of_other_days_or_another_agency_keeps_nobody():
    elsewhere = ((1, SECOND_TERM), (2, FIRST_TERM))

    assert holders(situation([member(1), member(2)], 1, unavailable=elsewhere)) == [1]


def test_an_agency_is_kept_for_the_term_of_its_event():
    event = StrategicEvent(DaySpan(SECOND_TERM.first, SECOND_TERM.first), frozenset({1}))
    given = situation([member(1), member(2), member(3)], 3, past_of(3, 2), events=(event,))

    # without the event 1, which never chaired, would be first
    assert holders(given) == [3, 1, 2]


def test_an_owed_turn_comes_before_announcements_and_balances():
    given = situation(
        [member(1), member(2), member(3)],
        3,
        past_of(1, 2, 3),
        owed={3: 1},
        announced=[1, 2, 3],
    )

    assert holders(given) == [3, 2, 1]


def test_a_turn_that_is_owed_once_is_given_once():
    given = situation([member(1), member(2)], 4, past_of(1, 2), owed={2: 1})

    assert holders(given) == [2, 1, 2, 1]
    assert plan.make(given).rounds[1].owed == frozenset()


def test_as_few_announced_terms_as_possible_move():
    members = [member(1), member(2), member(3), member(4)]
    given = situation(members, 3, past_of(4, 3, 2, 1), announced=[1, 2, 3])

    assert holders(given) == [1, 2, 3]
    # one that is no longer able moves alone, although 4 waits longest
    paused = situation(
        members,
        3,
        past_of(4, 3, 2, 1),
        announced=[1, 2, 3],
        unavailable=((2, SECOND_TERM),),
    )
    assert holders(paused) == [1, 4, 3]


def test_a_joint_term_stays_as_it_is_announced_and_counts():
    joint = OpenTerm(SECOND_TERM, kept=(1, 2))
    given = Situation(
        (member(1), member(2), member(3)),
        (),
        (OpenTerm(FIRST_TERM), joint, OpenTerm(THIRD_TERM)),
    )

    made = plan.make(given)

    assert made.holders == ((3,), (1, 2), (1,))
    assert [each.terms for each in made.rounds] == [(0, 2)]
    assert made.chaired(given)[1] == chaired(SECOND_TERM.first, SECOND_TERM.last, 1, 2)


def test_a_fixed_term_is_as_it_is_fixed_and_the_rest_is_planned_around_it():
    given = situation([member(1), member(2), member(3)], 3, past_of(1, 2, 3))

    assert holders(given) == [1, 2, 3]
    assert holders(given, {0: 3}) == [3, 1, 2]
    assert holders(given, {1: None}) == [1, None, 2]
    assert holders(given, {0: 3, 1: 3, 2: None}) == [3, 3, None]
