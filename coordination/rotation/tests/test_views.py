"""The pages of the rotation."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from coordination.rotation.enums import ItemState, Side, TermState
from coordination.rotation.models import ChairTerm
from coordination.rotation.tests.factories import (
    ChairTermFactory,
    HandoverFactory,
    HandoverItemFactory,
    TemplateItemFactory,
    TermAgencyFactory,
)
from coordination.tests.many import ROWS, many

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def sign_in(client):
    def as_(person):
        client.force_login(person, backend=BACKEND)
        return client

    return as_


@pytest.fixture
def handover(terms):
    return HandoverFactory(incoming_term=terms[1], outgoing_term=terms[0])


def proposal(unfpa, unesco):
    return {
        "first_agency": unfpa.pk,
        "second_agency": unesco.pk,
        "first_day": "2027-07-01",
        "last_day": "2027-12-31",
        "kind": "term",
        "theme": "Youth",
    }


def test_timeline_shows_terms_and_vacancies_to_everybody(client, now, terms):
    page = client.get(reverse("rotation:timeline"), {"from": "2026", "to": "2027"}).content.decode()

    assert "UNESCO" in page
    assert "1 Jul 2026 to 31 Dec 2026" in " ".join(page.split())
    assert page.count('data-state="vacant"') == 0
    assert "Propose a term" not in page


@pytest.mark.parametrize("query", [{"from": "abc"}, {"from": "2026", "to": "1999"}, {"from": "99999999999"}, {"to": "²"}])
def test_timeline_takes_any_years(client, now, terms, query):
    assert client.get(reverse("rotation:timeline"), query).status_code == 200


@pytest.mark.parametrize("count", ROWS)
def test_timeline_asks_the_same_number_of_queries(client, now, group, unesco, django_assert_num_queries, count):
    days = [date(2006, 1, 1) + timedelta(days=2 * n) for n in range(count)]
    many(TermAgencyFactory, count, term=many(ChairTermFactory, count, first_day=days, last_day=days), agency=unesco)

    with django_assert_num_queries(8):
        client.get(reverse("rotation:timeline"))


def test_term_page_tells_history_to_those_who_are_signed_in(sign_in, client, now, terms, focal_point):
    address = reverse("rotation:term", args=["2026-H2"])

    assert "who, when, what before" not in client.get(address).content.decode()
    assert "who, when, what before" in sign_in(focal_point).get(address).content.decode()
    assert client.get(reverse("rotation:term", args=["1999"])).status_code == 404


def test_propose_confirm_and_open_the_handover(sign_in, now, chair, unfpa, unesco):
    TemplateItemFactory(title="Hand over the minutes")
    client = sign_in(chair)

    answer = client.post(reverse("rotation:propose"), proposal(unfpa, unesco))
    assert answer.url == "/rotation/2027-H2/"
    assert "This is a proposal" in client.get(answer.url).content.decode()
    confirmed = client.post(reverse("rotation:confirm", args=["2027-H2"]))

    assert confirmed.url == "/rotation/2027-H2/handover/"
    assert "Hand over the minutes" in client.get(confirmed.url).content.decode()


def test_withdraw_a_proposal(sign_in, now, chair, unfpa, unesco):
    client = sign_in(chair)
    client.post(reverse("rotation:propose"), proposal(unfpa, unesco))

    client.post(reverse("rotation:withdraw", args=["2027-H2"]))

    assert ChairTerm.objects.get(slug="2027-H2").state == TermState.WITHDRAWN


def test_what_is_wrong_stands_beside_its_field(sign_in, now, chair, unfpa, unesco):
    client = sign_in(chair)

    overlap = client.post(reverse("rotation:propose"), {**proposal(unfpa, unesco), "first_day": "2026-12-01"})
    twice = client.post(reverse("rotation:propose"), {**proposal(unfpa, unesco), "second_agency": unfpa.pk})

    assert (overlap.status_code, twice.status_code) == (422, 422)
    assert overlap.context["form"].errors == {"first_day": ["These days overlap with the term of UNESCO, 1 July 2026 to 31 December 2026."]}
    assert twice.context["form"].errors == {"second_agency": ["A joint chair needs two different agencies."]}


def test_a_lost_race_shows_both_texts(sign_in, now, chair, unfpa, unesco):
    client = sign_in(chair)
    client.post(reverse("rotation:propose"), proposal(unfpa, unesco))
    address = reverse("rotation:edit", args=["2027-H2"])
    assert client.get(address).context["form"].initial["version"] == 1
    client.post(address, {**proposal(unfpa, unesco), "theme": "First", "version": 1})

    second = client.post(address, {**proposal(unfpa, unesco), "theme": "Second", "version": 1})

    page = second.content.decode()
    assert second.status_code == 409
    assert "First" in page
    assert "Second" in page
    assert client.post(address, {**proposal(unfpa, unesco), "theme": "Both", "version": 2}).status_code == 302


def test_an_impossible_correction_is_said(sign_in, now, chair, terms, unesco):
    data = {"first_agency": unesco.pk, "first_day": "2026-08-01", "last_day": "2026-12-31", "kind": "term", "version": 1}

    answer = sign_in(chair).post(reverse("rotation:edit", args=["2026-H2"]), data)

    assert (answer.status_code, answer.context["form"].non_field_errors()) == (
        422,
        ["The days and agencies of a confirmed term stand; only its theme can be corrected."],
    )


def test_others_are_told_who_may(sign_in, now, terms, focal_point, unfpa, unesco):
    client = sign_in(focal_point)

    for answer in (
        client.get(reverse("rotation:propose")),
        client.post(reverse("rotation:propose"), proposal(unfpa, unesco)),
        client.get(reverse("rotation:edit", args=["2026-H2"])),
    ):
        assert answer.status_code == 403
        assert "Only the chair’s team or an administrator may change terms." in answer.content.decode()


def test_a_form_opened_before_midnight_is_judged_by_the_new_day(sign_in, now, chair, terms, unfpa, unesco):
    now.move_to(datetime(2026, 12, 31, 22, 59, tzinfo=UTC))
    client = sign_in(chair)
    assert client.get(reverse("rotation:propose")).status_code == 200

    now.move_to(datetime(2026, 12, 31, 23, 1, tzinfo=UTC))
    answer = client.post(reverse("rotation:propose"), {**proposal(unfpa, unesco), "theme": "A theme that took long to write"})

    page = answer.content.decode()
    assert answer.status_code == 403
    assert "A theme that took long to write" in page
    assert not ChairTerm.objects.filter(slug="2027-H2").exists()


def test_handover_page_and_its_items(sign_in, now, handover, chair):
    item = HandoverItemFactory(handover=handover, title="Minutes", due_day=date(2026, 11, 20))
    client = sign_in(chair)
    address = reverse("rotation:item", args=["2027-H1", item.pk])
    assert "One item is late:" in client.get(reverse("rotation:handover", args=["2027-H1"])).content.decode()

    done = client.post(address, {"state": "done", "note": "sent", "version": 1})

    item.refresh_from_db()
    assert (done.url, item.state) == (f"/rotation/2027-H1/handover/#item-{item.pk}", ItemState.DONE)
    assert client.post(address, {"state": "open", "version": 2}).status_code == 302
    item.refresh_from_db()
    assert item.state == ItemState.OPEN


def test_item_errors_stand_beside_the_item(sign_in, now, handover, chair):
    item = HandoverItemFactory(handover=handover)
    address = reverse("rotation:item", args=["2027-H1", item.pk])
    client = sign_in(chair)

    without_note = client.post(address, {"state": "not_applicable", "note": "", "version": 1})
    nonsense = client.post(address, {"state": "eaten", "version": 1})
    client.post(address, {"state": "done", "note": "first", "version": 1})
    stale = client.post(address, {"state": "done", "note": "second", "version": 1})

    assert (without_note.status_code, nonsense.status_code, stale.status_code) == (422, 422, 409)
    assert "Say in a word why this does not apply." in without_note.content.decode()
    assert "Choose what became of this item." in nonsense.content.decode()


def test_signing(sign_in, now, handover, incoming_chair):
    client = sign_in(incoming_chair)

    client.post(reverse("rotation:sign", args=["2027-H1", "incoming"]))

    handover.refresh_from_db()
    assert handover.incoming_signed_by == incoming_chair
    assert client.post(reverse("rotation:sign", args=["2027-H1", "sideways"])).status_code == 404
    assert client.post(reverse("rotation:sign", args=["2027-H1", "outgoing"])).status_code == 403
    assert client.post(reverse("rotation:sign", args=["2027-H1", "incoming"])).status_code == 422


def test_handover_of_a_term_without_one_is_not_found(sign_in, now, terms, focal_point):
    assert sign_in(focal_point).get(reverse("rotation:handover", args=["2026-H2"])).status_code == 404


@pytest.mark.parametrize("count", ROWS)
def test_handover_asks_the_same_number_of_queries(sign_in, now, handover, chair, django_assert_num_queries, count):
    many(HandoverItemFactory, count, handover=handover, side=[Side.values[n % 2] for n in range(count)])
    client = sign_in(chair)
    client.get(reverse("rotation:handover", args=["2027-H1"]))

    with django_assert_num_queries(12):
        client.get(reverse("rotation:handover", args=["2027-H1"]))
