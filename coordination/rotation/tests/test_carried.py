"""Who carried how much, and the troika: both follow from who chaired on which days."""

import re
from datetime import date
from fractions import Fraction

import pytest
from django.urls import reverse

from coordination.core.tests.pages import text_of
from coordination.rotation.enums import TermKind, TermState
from coordination.rotation.queries import balances, carried, troika
from coordination.rotation.queries.chair import sittings
from coordination.rotation.tests.factories import ChairTermFactory, TermAgencyFactory
from coordination.tests.cast import TODAY

pytestmark = pytest.mark.django_db


def term(first, last, *agencies, **fields):
    found = ChairTermFactory(first_day=first, last_day=last, **fields)
    for position, agency in enumerate(agencies, 1):
        TermAgencyFactory(term=found, agency=agency, position=position)
    return found


def rows(day=TODAY):
    return [
        (row.agency.acronym, row.terms, row.days, row.months_since, row.chairs_now, row.is_member)
        for row in carried.carried_until(sittings(), day)
    ]


def test_days_to_come_do_not_count_and_who_never_chaired_stands_first(terms, unfpa):
    assert rows() == [
        ("UNFPA", 0, 0, None, False, True),
        ("WHO", 0, 0, None, False, True),
        ("UNESCO", 1, 146, 0, True, True),
    ]
    assert rows(date(2027, 7, 31))[1:] == [
        ("WHO", 1, 181, 1, False, True),
        ("UNESCO", 1, 184, 7, False, True),
    ]


def test_a_joint_day_is_divided_among_those_who_chair(terms, unfpa, ohchr):
    term(date(2026, 1, 1), date(2026, 6, 30), unfpa, ohchr)
    joint = {row.agency.acronym: row for row in carried.carried_until(sittings(), TODAY)}

    assert joint["UNFPA"].days == joint["OHCHR"].days == Fraction(181, 2)
    assert joint["UNFPA"].shown_days == 90.5
    shares = [row.share for row in joint.values()]
    assert sum(shares) == 1
    assert joint["UNESCO"].share == Fraction(146, 146 + 181)
    assert round(joint["UNESCO"].percent, 1) == 44.6


def test_an_agency_that_left_keeps_what_it_carried(terms, unesco, who):
    unesco.memberships.update(last_day=date(2026, 10, 31))

    assert rows() == [
        ("WHO", 0, 0, None, False, True),
        ("UNESCO", 1, 123, 0, False, False),
    ]


def test_a_term_that_is_cut_counts_once(terms, unesco, unfpa):
    unfpa.memberships.update(last_day=date(2026, 8, 31))
    TermAgencyFactory(term=terms[0], agency=unfpa, position=2)

    assert {row[0]: row[1:3] for row in rows()} == {
        "WHO": (0, 0),
        "UNFPA": (1, 31),
        "UNESCO": (1, 31 + 84),
    }


def test_months_since_are_those_of_the_planning_page(terms):
    today = date(2027, 2, 28)  # two months after 31 December
    shown = {row.agency.acronym: row.months_since for row in balances.carried_on(today)}

    assert {name: months for name, *_days, months, _now, _member in rows(today)} == shown
    assert shown == {"UNESCO": 2, "WHO": 0}


def test_the_page_shows_shares_as_numbers_and_bars(client, now, terms, unfpa):
    page = text_of(client.get(reverse("rotation:timeline")))

    assert '<rect class="bar__value" width="100.0%" height="10"/>' in page
    assert '<rect class="bar__value" width="0.0%" height="10"/>' in page
    assert 'data-label="Share">100.0 %</td>' in page
    assert 'data-label="Months since">never</td>' in page
    assert 'data-label="Months since">now</td>' in page


def test_the_page_of_a_group_without_members_says_so(client, now, group):
    assert "No agency is a member yet." in text_of(client.get(reverse("rotation:timeline")))


def seats(found):
    """Return the agencies before, on and after the days, and the vacant days between."""
    shown = [
        tuple(agency.acronym for agency in seat.agencies) if seat else None
        for seat in (found.previous, found.present, found.following)
    ]
    return (*shown, found.vacant_before, found.vacant_after)


def on(day):
    return seats(troika.troika_on(sittings(), day))


def test_the_troika_is_derived_across_vacancies_and_joint_terms(terms, unfpa, ohchr):
    term(date(2025, 7, 1), date(2026, 5, 31), unfpa, ohchr)

    assert on(TODAY) == (("UNFPA", "OHCHR"), ("UNESCO",), ("WHO",), 30, 0)
    assert on(date(2026, 6, 10)) == (("UNFPA", "OHCHR"), None, ("UNESCO",), 9, 20)
    assert on(date(2025, 7, 1)) == (None, ("UNFPA", "OHCHR"), ("UNESCO",), 0, 30)
    assert on(date(2027, 8, 1)) == (("WHO",), None, None, 31, 0)
    assert on(date(2020, 1, 1)) == (None, None, ("UNFPA", "OHCHR"), 0, 2007)


def test_the_same_agency_in_a_caretaker_term_is_not_its_own_neighbour(terms, unesco, unfpa):
    caretaker = term(date(2026, 1, 1), date(2026, 6, 30), unesco, kind=TermKind.CARETAKER)
    term(date(2025, 7, 1), date(2025, 12, 31), unfpa)

    assert on(TODAY) == (("UNFPA",), ("UNESCO",), ("WHO",), 0, 0)
    assert seats(troika.troika_of_term(sittings(), caretaker)) == (
        ("UNFPA",),
        ("UNESCO",),
        ("WHO",),
        0,
        0,
    )


def test_who_goes_on_alone_in_a_joint_term_does_not_follow_itself(terms, unesco, unfpa, ohchr):
    term(date(2026, 1, 1), date(2026, 6, 30), ohchr)
    unfpa.memberships.update(last_day=date(2026, 8, 31))
    TermAgencyFactory(term=terms[0], agency=unfpa, position=2)

    assert on(TODAY) == (("OHCHR",), ("UNESCO",), ("WHO",), 0, 0)


def test_the_troika_of_a_proposal_is_the_one_that_it_would_have(client, now, terms, unfpa):
    proposed = term(date(2027, 9, 1), date(2027, 12, 31), unfpa, slug="p", state=TermState.PROPOSED)

    assert seats(troika.troika_of_term(sittings(), proposed)) == (("WHO",), None, None, 62, 0)
    page = text_of(client.get(reverse("rotation:term", args=["p"])))
    assert "then 62 days without a chair" in page
    assert '<b>UNFPA</b> <span class="meta">proposed</span>' in page
    assert "Nobody confirmed yet" in page


def test_the_page_shows_the_troika_of_today(client, now, terms, unfpa):
    term(date(2025, 7, 1), date(2026, 6, 29), unfpa)

    page = text_of(client.get(reverse("rotation:timeline")))

    assert "then 1 day without a chair" in page
    assert re.search(r'<span class="meta">\s*Present\s*</span>', page)
