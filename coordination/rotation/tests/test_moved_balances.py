"""Balances on the pages of operations and beside who carried how much; exact until shown."""

from datetime import date
from fractions import Fraction

import pytest
from django.urls import reverse

from coordination.core.tests.pages import text_of
from coordination.rotation.actions import offers
from coordination.rotation.actions.offers import ExchangeOffer
from coordination.rotation.actions.terms import TermProposal, propose_term
from coordination.rotation.queries import carried
from coordination.rotation.queries.chair import sittings
from coordination.rotation.tests.factories import ChairTermFactory, TermAgencyFactory
from coordination.tests.cast import NOW, TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def moved(response):
    return [
        (row.agency, row.before, row.after, row.shown_before, row.shown_after)
        for row in response.context["effects"].balances
    ]


def test_an_operation_shows_the_balances_of_the_agencies_that_it_touches(
    sign_in, chair, terms, later, unfpa, ohchr, django_assert_num_queries
):
    browser = sign_in(chair)
    cede = reverse("rotation:change", args=["2027-H2", "cede"])
    sent = {"giver": unfpa.pk, "taker": ohchr.pk}
    page = browser.get(cede, sent)

    # 731 days, four members: each owes 182.75; UNFPA's turn is of 184 days
    share = Fraction(731, 4)
    assert moved(page) == [
        ("OHCHR", share - 182, share - 182 - 184, "+0.8", "−183.2"),
        ("UNFPA", share - 184, share, "−1.2", "+182.8"),
    ]
    assert "OHCHR: −183.2 days instead of +0.8" in text_of(page)
    hand_back = reverse("rotation:change", args=["2027-H1", "hand-back"])
    fewer = browser.get(hand_back, {"last_day": "2027-05-31"})
    assert moved(fewer) == [
        ("WHO", share - 181, Fraction(701, 4) - 151, "+1.8", "+24.2"),
    ]
    with django_assert_num_queries(12):
        browser.get(cede, sent)
    for year in range(1990, 2020):
        old = ChairTermFactory(first_day=date(year, 1, 1), last_day=date(year, 6, 30))
        TermAgencyFactory(term=old, agency=ohchr)
    with django_assert_num_queries(12):
        browser.get(cede, sent)


def test_an_exchange_and_a_confirmation_show_the_balances_too(
    sign_in, chair, terms, later, focal_point, other_agency, unfpa, ohchr
):
    offered = ExchangeOffer(later[0], later[1], unfpa, date(2026, 12, 15))
    exchange = offers.offer_exchange(offered, by=focal_point, at=NOW)
    browser = sign_in(chair)
    page = text_of(browser.get(reverse("rotation:operation", args=[exchange.pk])))
    assert "UNFPA: +0.8 days instead of −1.2" in page
    assert "OHCHR: −1.2 days instead of +0.8" in page
    offers.withdraw_offer(exchange, version=exchange.version, by=focal_point, at=NOW)
    page = text_of(browser.get(reverse("rotation:operation", args=[exchange.pk])))
    assert "days instead of −1.2" not in page
    propose_term([ohchr], TermProposal(date(2028, 7, 1), date(2028, 12, 31)), by=chair, at=NOW)
    page = text_of(browser.get(reverse("rotation:confirm", args=["2028-H2"])))

    assert "OHCHR: −137.2 days instead of +0.8" in page


def test_beside_who_carried_how_much_stand_balances_that_add_up_to_nothing(
    client, terms, unfpa, unesco
):
    unfpa.memberships.update(last_day=date(2026, 8, 31))
    TermAgencyFactory(term=terms[0], agency=unfpa, position=2)
    rows = {row.agency.acronym: row for row in carried.carried_until(sittings(), TODAY)}

    # 62 days among three members, UNESCO and UNFPA in the chair; then 84 days among two
    assert {name: row.balance for name, row in rows.items()} == {
        "UNESCO": Fraction(62, 3) - 31 + 42 - 84,
        "UNFPA": Fraction(62, 3) - 31,
        "WHO": Fraction(62, 3) + 42,
    }
    assert sum(row.balance for row in rows.values()) == 0
    page = text_of(client.get(reverse("rotation:timeline")))
    assert 'data-label="Balance">−52.3</td>' in page
    assert 'data-label="Balance">+62.7</td>' in page
