"""Months counted from an anchor, and terms that fill days."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.rotation.planning import months, spans
from coordination.rotation.planning.spans import DaySpan

days = st.dates(date(1950, 1, 1), date(2150, 12, 31))


def test_half_a_year_twice_from_31_august_is_31_august():
    anchor = date(2026, 8, 31)

    assert [months.after(anchor, number) for number in (6, 12, 18)] == [
        date(2027, 2, 28),
        date(2027, 8, 31),
        date(2028, 2, 29),
    ]


def test_terms_from_31_august_begin_on_its_months_and_leave_no_day_out():
    terms = spans.terms_in(DaySpan(date(2026, 8, 31), date(2028, 2, 28)), 6)

    assert list(terms) == [
        DaySpan(date(2026, 8, 31), date(2027, 2, 27)),
        DaySpan(date(2027, 2, 28), date(2027, 8, 30)),
        DaySpan(date(2027, 8, 31), date(2028, 2, 28)),
    ]


@pytest.mark.parametrize(
    ("last", "cut"),
    [
        (date(2027, 8, 15), [DaySpan(date(2027, 7, 1), date(2027, 8, 15))]),
        (date(2027, 7, 31), [DaySpan(date(2027, 7, 1), date(2027, 7, 31))]),
        (date(2027, 7, 30), []),
    ],
)
def test_the_last_term_is_cut_and_a_rest_of_less_than_a_month_is_none(last, cut):
    first = DaySpan(date(2027, 1, 1), date(2027, 6, 30))

    assert list(spans.terms_in(DaySpan(date(2027, 1, 1), last), 6)) == [first, *cut]


@given(days, st.integers(0, 400))
def test_whole_months_between_are_those_that_were_added(anchor, number):
    later = months.after(anchor, number)

    assert months.between(anchor, later) in {number, number - 1}
    assert months.after(anchor, months.between(anchor, later)) <= later
    assert months.after(anchor, months.between(anchor, later) + 1) > later or later.day < anchor.day


@given(days, days)
def test_no_month_more_fits_between_two_days(one, other):
    earlier, later = sorted([one, other])
    number = months.between(earlier, later)

    assert months.after(earlier, number) <= later < months.after(earlier, number + 1)


@given(
    st.lists(st.tuples(days, st.integers(0, 900)), max_size=6),
    st.tuples(days, st.integers(0, 2000)),
)
def test_covered_and_uncovered_days_are_all_days(spans_given, within_given):
    def made(pair):
        return DaySpan(pair[0], date.fromordinal(pair[0].toordinal() + pair[1]))

    taken, within = [made(pair) for pair in spans_given], made(within_given)
    free = spans.uncovered(within, taken)

    by_day = {
        day
        for day in range(within.first.toordinal(), within.last.toordinal() + 1)
        if not any(span.first.toordinal() <= day <= span.last.toordinal() for span in taken)
    }
    assert sum(span.days for span in free) == len(by_day)
    assert all(span.first.toordinal() in by_day for span in free)


def test_spans_that_follow_at_once_are_one_and_an_open_one_takes_all_after_it():
    given_spans = [
        DaySpan(date(2010, 1, 1)),
        DaySpan(date(2006, 1, 1), date(2006, 6, 30)),
        DaySpan(date(2006, 7, 1), date(2006, 12, 31)),
        DaySpan(date(2011, 1, 1), date(2012, 1, 1)),
    ]

    assert spans.joined(given_spans) == [
        DaySpan(date(2006, 1, 1), date(2006, 12, 31)),
        DaySpan(date(2010, 1, 1)),
    ]
