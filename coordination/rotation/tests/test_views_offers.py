"""The pages of an exchange: offered, answered, decided; what is shown is what is decided."""

from datetime import date

import pytest
from django.urls import reverse

from coordination.core.tests.pages import text_of
from coordination.rotation.actions import operations
from coordination.rotation.models import ChairTerm, TermOperation
from coordination.rotation.tests.schedule import DECIDED, schedule
from coordination.tests.cast import NOW

pytestmark = pytest.mark.django_db

WORDS = {"decision": "Meeting of 20 November", "document": "Minutes", "reason": "Congress"}


def test_the_exchange_is_offered_agreed_and_decided_on_its_pages(
    sign_in, now, chair, terms, later, focal_point, other_agency
):
    client = sign_in(focal_point)
    address = reverse("rotation:offer_exchange", args=["2027-H2"])
    assert "2028-H1" in text_of(client.get(address))
    sent = {
        "other": "2028-H1",
        "offered_for": later[0].agencies.get().pk,
        "lapses_on": "2026-12-15",
    }
    shown = client.get(address, sent)
    page = text_of(shown)
    assert "UNFPA would chair 182 days instead of 184." in page
    done = client.post(address, {**sent, "base": shown.context["base"]}, follow=True)
    operation = TermOperation.objects.get()
    assert "The exchange is offered." in text_of(done)
    assert "Withdraw the offer" in text_of(done)

    client = sign_in(other_agency)
    asked = client.get(reverse("rotation:operation", args=[operation.pk]))
    assert "Does your agency agree?" in text_of(asked)
    assert "UNFPA would chair 182 days instead of 184." in text_of(asked)
    accept = reverse("rotation:accept_offer", args=[operation.pk])
    stale = client.post(accept, {"agency": later[1].agencies.get().pk, "version": 9})
    done = client.post(accept, {"agency": later[1].agencies.get().pk, "version": 1}, follow=True)
    assert stale.status_code == 409
    assert "This offer was changed meanwhile" in text_of(stale)
    assert "You agreed for OHCHR." in text_of(done)

    client = sign_in(chair)
    decide = reverse("rotation:decide_offer", args=[operation.pk])
    assert "Did the group decide it?" in text_of(client.get(done.request["PATH_INFO"]))
    assert client.post(decide, {"decision": ""}).status_code == 422
    done = client.post(decide, WORDS, follow=True)
    assert "The terms are exchanged" in text_of(done)
    assert [row[2] for row in schedule()] == ["UNESCO", "WHO", "OHCHR", "UNFPA"]


def test_an_offer_is_declined_with_a_reason_and_withdrawn_with_a_button(
    sign_in, now, chair, terms, later, focal_point, other_agency
):
    sent = {
        "other": "2028-H1",
        "offered_for": later[0].agencies.get().pk,
        "lapses_on": "2026-12-15",
    }
    address = reverse("rotation:offer_exchange", args=["2027-H2"])
    sign_in(focal_point).post(address, sent)
    first = TermOperation.objects.get()
    decline = reverse("rotation:decline_offer", args=[first.pk])
    refused = sign_in(other_agency).post(decline, {"version": 1, "reason": "Early " * 60})
    assert (refused.status_code, refused.context["answer"].errors.keys()) == (422, {"reason"})
    assert "Early Early" in text_of(refused)
    stale = sign_in(other_agency).post(decline, {"version": 7, "reason": "Too early"})
    assert (stale.status_code, 'value="Too early"' in text_of(stale)) == (409, True)
    page = text_of(
        sign_in(other_agency).post(decline, {"version": 1, "reason": "Too early"}, follow=True)
    )
    assert "The offer is declined" in page
    assert "Too early" in page

    sign_in(focal_point).post(address, sent)
    second = TermOperation.objects.exclude(pk=first.pk).get()
    withdraw = reverse("rotation:withdraw_offer", args=[second.pk])
    assert sign_in(focal_point).post(withdraw, {"version": 7}).status_code == 409
    assert "The offer is withdrawn" in text_of(
        sign_in(focal_point).post(withdraw, {"version": 1}, follow=True)
    )


def test_the_page_of_an_offer_says_that_it_lapsed_or_asks_again(
    sign_in, now, chair, terms, later, focal_point, other_agency
):
    sent = {
        "other": "2028-H1",
        "offered_for": later[0].agencies.get().pk,
        "lapses_on": "2026-12-15",
    }
    address = reverse("rotation:offer_exchange", args=["2027-H2"])
    client = sign_in(focal_point)
    client.post(address, sent)
    operation = TermOperation.objects.get()
    page = reverse("rotation:operation", args=[operation.pk])
    operations.move_boundary(later[0], date(2028, 1, 15), DECIDED, by=chair, at=NOW)
    assert "agreed to them as they were" in text_of(client.get(page))
    assert "2027-H2 – 2028-H1" in text_of(client.get(reverse("rotation:timeline")))
    assert "An exchange of this term is offered" in text_of(
        client.get(reverse("rotation:term", args=["2028-H1"]))
    )

    now.move_to("2026-12-16 12:00Z")
    lapsed = text_of(sign_in(focal_point).get(page))
    assert "Lapsed" in lapsed
    assert "Does your agency agree?" not in lapsed


def test_what_is_wrong_with_an_offer_stands_beside_its_field(
    sign_in, now, chair, terms, later, focal_point
):
    client = sign_in(focal_point)
    address = reverse("rotation:offer_exchange", args=["2027-H2"])
    sent = {
        "other": "2028-H1",
        "offered_for": later[0].agencies.get().pk,
        "lapses_on": "2029-01-01",
    }
    assert client.post(address, sent).context["form"].errors.keys() == {"lapses_on"}
    later[1].first_day = date(2027, 12, 1)
    ChairTerm.objects.filter(pk=later[1].pk).update(version=4)
    base = f"{later[0].pk}:1,{later[1].pk}:1"
    lost = client.post(address, {**sent, "lapses_on": "2026-12-15", "base": base})
    assert (lost.status_code, TermOperation.objects.count()) == (409, 0)
    assert "Somebody changed these terms meanwhile." in text_of(lost)


def test_without_another_turn_there_is_nothing_to_exchange(sign_in, now, incoming_chair, terms):
    page = sign_in(incoming_chair).get(reverse("rotation:offer_exchange", args=["2027-H1"]))
    running = sign_in(incoming_chair).get(reverse("rotation:offer_exchange", args=["2026-H2"]))

    assert "No term to exchange with" in text_of(page)
    assert running.status_code == 403


def test_the_chair_decides_the_exchange_that_the_page_showed(
    sign_in, now, chair, terms, later, focal_point, other_agency
):
    sent = {
        "other": "2028-H1",
        "offered_for": later[0].agencies.get().pk,
        "lapses_on": "2026-12-15",
    }
    sign_in(focal_point).post(reverse("rotation:offer_exchange", args=["2027-H2"]), sent)
    operation = TermOperation.objects.get()
    for person, agency in ((other_agency, later[1]), (focal_point, later[0])):
        operation.refresh_from_db()
        sign_in(person).post(
            reverse("rotation:accept_offer", args=[operation.pk]),
            {"agency": agency.agencies.get().pk, "version": operation.version},
        )
    page = reverse("rotation:operation", args=[operation.pk])
    base = sign_in(chair).get(page).context["decision"].initial["base"]
    ChairTerm.objects.filter(pk=later[0].pk).update(version=9)

    decide = reverse("rotation:decide_offer", args=[operation.pk])
    lost = sign_in(chair).post(decide, {**WORDS, "base": base})

    assert (lost.status_code, schedule()[2][2]) == (409, "UNFPA")
    assert "Somebody changed these terms meanwhile." in text_of(lost)
    again = {**WORDS, "base": lost.context["decision"]["base"].value()}
    assert sign_in(chair).post(decide, again).status_code == 302
    assert schedule()[2][2] == "OHCHR"


def test_an_exchange_that_is_impossible_is_not_offered(
    sign_in, now, chair, terms, later, unfpa, focal_point
):
    unfpa.memberships.update(last_day=date(2027, 12, 31))
    sent = {"other": "2028-H1", "offered_for": unfpa.pk, "lapses_on": "2026-12-15"}
    address = reverse("rotation:offer_exchange", args=["2027-H2"])

    page = sign_in(focal_point).get(address, sent)

    assert (page.status_code, page.context["effects"]) == (422, None)
    assert "UNFPA is not a member on 1 January 2028." in text_of(page)
