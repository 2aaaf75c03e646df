"""The order in which agencies are due, and where a newcomer enters."""

from datetime import date
from fractions import Fraction

from coordination.rotation.planning import order, plan
from coordination.rotation.planning.order import Tiebreak
from coordination.rotation.planning.situation import EntryRule, PlannedMember, Situation
from coordination.rotation.planning.spans import DaySpan
from coordination.rotation.planning.tests.situations import chaired, half_years, member, situation


def year(number, *holders):
    return chaired(date(number, 1, 1), date(number, 12, 31), *holders)


def ranked(given):
    over = DaySpan(given.open_terms[0].days.first, given.open_terms[-1].days.last)
    return order.ranking(given, given.chaired, over)


def test_the_largest_balance_is_due_first_then_the_longest_since_then_the_place():
    members = [member(1), member(2), member(3, place=9), member(4, place=8), member(5)]
    past = [year(2022, 5), year(2023, 1), year(2024, 1), *[year(n, 2) for n in (2025, 2026)]]
    given = situation(members, past=past)
    ranking = ranked(given)

    assert ranking.order == [4, 3, 5, 1, 2]
    assert [ranking.deciding(a, b) for a, b in ((4, 3), (3, 5), (1, 2))] == [
        Tiebreak.PLACE,
        Tiebreak.BALANCE,
        Tiebreak.LONGEST_SINCE,
    ]


def test_of_equal_balances_who_chaired_longest_ago_is_due_first():
    ranking = ranked(situation([member(1), member(2)], past=[year(2025, 2), year(2026, 1)]))

    assert ranking.order == [2, 1]
    assert ranking.deciding(2, 1) == Tiebreak.LONGEST_SINCE


def test_a_leap_day_makes_nobody_wait_unless_the_group_counts_to_the_day():
    past = [year(2024, 1), year(2025, 2), year(2026, 3)]
    members = [member(1), member(2), member(3)]

    assert ranked(situation(members, past=past)).order == [1, 2, 3]
    to_the_day = ranked(situation(members, past=past, equal_within=0))
    assert to_the_day.order == [2, 3, 1]
    assert to_the_day.deciding(3, 1) == Tiebreak.BALANCE


def test_small_differences_do_not_add_up():
    balances = {1: Fraction(50), 2: Fraction(30), 3: Fraction(10), 4: Fraction(-9), 5: Fraction(-9)}

    assert order.steps(balances, 30) == {1: 0, 2: 0, 3: 1, 4: 1, 5: 1}
    assert order.steps(balances, 0) == {1: 0, 2: 1, 3: 2, 4: 3, 5: 3}


def test_an_agency_that_has_left_has_no_rank():
    gone = member(2, (date(2006, 1, 1), date(2020, 12, 31)))

    assert ranked(situation([member(1), gone])).order == [1]


def newcomer_among_three(entry, joined=date(2024, 1, 1)):
    """The agencies 1, 2 and 3 chair in turn; 4 joins before 3 has had its turn."""
    members = [member(1), member(2), member(3), member(4, (joined,))]
    past = [year(2019, 3), year(2020, 3), year(2023, 3), year(2024, 1), year(2025, 2)]
    return ranked(situation(members, past=past, entry=entry))


def test_a_newcomer_enters_at_the_end_of_those_that_wait():
    at_end = newcomer_among_three(EntryRule.END)

    # 1 and 2 have chaired since it joined; 3 has not, although it has carried most
    assert at_end.order == [1, 2, 3, 4]
    assert at_end.deciding(3, 4) == Tiebreak.ENTRY


def test_a_newcomer_enters_by_its_balance_where_the_group_wants_that():
    by_balance = newcomer_among_three(EntryRule.BALANCE)

    assert by_balance.order.index(4) < by_balance.order.index(3)


def test_a_newcomer_for_whom_nobody_waits_enters_by_its_balance():
    members = [member(1), member(2), member(3, (date(2024, 1, 1),))]
    past = [year(2023, 1), year(2024, 1), year(2025, 2), year(2026, 2)]

    assert ranked(situation(members, past=past)).order == [3, 1, 2]


def test_two_newcomers_enter_in_the_order_in_which_they_joined():
    members = [member(1), member(2, (date(2026, 2, 1),)), member(3, (date(2026, 1, 1),))]

    assert ranked(situation(members, past=[year(2024, 1)])).order == [1, 3, 2]


SOUTH_EAST_ASIA = (
    "Brunei Darussalam",
    "Cambodia",
    "Indonesia",
    "Lao PDR",
    "Malaysia",
    "Philippines",
    "Singapore",
    "Thailand",
    "Viet Nam",
)
LAST_TURNS = {2017: 5, 2018: 6, 2019: 7, 2020: 8, 2021: 0, 2022: 1, 2023: 2, 2024: 3, 2025: 4}


def south_east_asia(newcomer="Timor-Leste", later_name=""):
    """A yearly chair by the alphabet; a newcomer of October 2025."""
    since = date(2000, 1, 1)
    founders = tuple(
        PlannedMember(key, key, (DaySpan(since),), ((since, name),))
        for key, name in enumerate(SOUTH_EAST_ASIA)
    )
    joined = date(2025, 10, 26)
    names = ((since, newcomer), *(((date(2026, 3, 1), later_name),) if later_name else ()))
    members = (*founders, PlannedMember(9, 9, (DaySpan(joined),), names))
    past = tuple(year(number, key) for number, key in LAST_TURNS.items())
    given = situation(members, 10, past, entry=EntryRule.ALPHABETICAL)
    years = tuple(
        type(term)(DaySpan(date(2026 + at, 1, 1), date(2026 + at, 12, 31)))
        for at, term in enumerate(given.open_terms)
    )
    return Situation(members, past, years, entry=EntryRule.ALPHABETICAL)


def turns(given):
    planned = plan.make(given)
    return {
        term.days.first.year: holders[0]
        for term, holders in zip(given.open_terms, planned.holders, strict=True)
    }


def test_a_newcomer_enters_by_the_alphabet_between_its_neighbours():
    planned = turns(south_east_asia())

    assert [planned[number] for number in (2026, 2027, 2028, 2029, 2030)] == [5, 6, 7, 9, 8]


def test_the_name_of_the_day_of_joining_decides():
    planned = turns(south_east_asia("Timor-Leste", later_name="Democratic Republic"))

    assert planned[2029] == 9
    # neither accents nor capitals count
    assert turns(south_east_asia("éast Timor"))[2032] == 9


def test_after_the_last_letter_comes_the_first():
    planned = turns(south_east_asia("Zeeland"))

    assert planned[2030] == 9
    assert planned[2031] == 0


def test_a_name_that_is_not_known_is_empty():
    assert PlannedMember(1, 1, ()).name_on(date(2026, 1, 1)) == ""
    assert half_years(1)[0].days == 181
