"""What each agency has carried, against an equal share."""

from collections import Counter
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.rotation.planning import balance
from coordination.rotation.planning.spans import DaySpan
from coordination.rotation.planning.tests.situations import chaired, member, situations

YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def test_who_chairs_a_year_among_three_owes_two_thirds_of_it():
    members = [member(1), member(2), member(3)]

    assert balance.balances(members, [chaired(*YEAR, 1)]) == {
        1: Fraction(365, 3) - 365,
        2: Fraction(365, 3),
        3: Fraction(365, 3),
    }


def test_a_joint_day_counts_for_each_as_its_part():
    members = [member(1), member(2), member(3)]

    balances = balance.balances(members, [chaired(*YEAR, 1, 2)])

    assert balances[1] == balances[2] == Fraction(365, 3) - Fraction(365, 2)


def test_a_day_without_a_chair_counts_for_nobody():
    members = [member(1), member(2)]
    vacant_between = [
        chaired(date(2026, 1, 1), date(2026, 1, 10), 1),
        chaired(date(2026, 2, 1), date(2026, 2, 10), 2),
    ]

    assert balance.balances(members, vacant_between) == {1: 0, 2: 0}


def test_an_agency_owes_nothing_for_days_before_it_joined():
    members = [member(1), member(2), member(3, (date(2026, 7, 1),))]
    first_half, second_half = 181, 184

    balances = balance.balances(members, [chaired(*YEAR, 1)])

    assert balances[3] == Fraction(second_half, 3)
    assert balances[2] == Fraction(first_half, 2) + Fraction(second_half, 3)


def test_days_after_the_one_asked_for_do_not_count():
    members = [member(1), member(2)]

    assert balance.balances(members, [chaired(*YEAR, 1)], date(2026, 1, 10)) == {1: -5, 2: 5}


def test_nobody_chairs_on_a_day_on_which_it_is_no_member():
    members = [member(1), member(2, (date(2006, 1, 1), date(2026, 1, 31)))]

    assert balance.balances(members, [chaired(*YEAR, 2)]) == {
        1: Fraction(31, 2),
        2: Fraction(-31, 2),
    }


def by_days(situation):
    """Return the balances as the formula says it, day by day."""
    sums = Counter({each.key: Fraction(0) for each in situation.members})
    for term in situation.chaired:
        for number in range(term.days.days):
            day = term.days.first + timedelta(days=number)
            present = {
                each.key
                for each in situation.members
                if any(days.first <= day <= days.last for days in each.memberships)
            }
            holders = present & set(term.holders)
            if holders:
                for key in present:
                    sums[key] += Fraction(1, len(present))
                for key in holders:
                    sums[key] -= Fraction(1, len(holders))
    return dict(sums)


@settings(max_examples=40)
@given(situations(most_terms=1))
def test_intervals_give_what_the_formula_gives_day_by_day(situation):
    assert balance.balances(situation.members, situation.chaired) == by_days(situation)


@given(situations(most_terms=1), st.dates(date(2005, 1, 1), date(2016, 1, 1)))
def test_all_balances_add_up_to_nothing(situation, day):
    assert sum(balance.balances(situation.members, situation.chaired, day).values()) == 0


def test_ceding_a_term_moves_two_balances_by_equal_and_opposite_amounts():
    members = [member(1), member(2), member(3)]
    own, other = chaired(*YEAR, 1), chaired(*YEAR, 2)

    before, after = balance.balances(members, [own]), balance.balances(members, [other])

    assert after[1] - before[1] == before[2] - after[2] == 365
    assert after[3] == before[3]


def test_days_chaired_are_alone_and_jointly():
    terms = [
        chaired(date(2026, 1, 1), date(2026, 6, 30), 1),
        chaired(date(2026, 7, 1), date(2026, 12, 31), 1, 2),
        chaired(date(2028, 1, 1), date(2028, 6, 30), 2),
    ]

    assert balance.days_chaired(2, terms) == [
        DaySpan(date(2026, 7, 1), date(2026, 12, 31)),
        DaySpan(date(2028, 1, 1), date(2028, 6, 30)),
    ]
    assert balance.days_chaired(1, terms) == [DaySpan(date(2026, 1, 1), date(2026, 12, 31))]
