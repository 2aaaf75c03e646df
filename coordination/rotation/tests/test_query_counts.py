"""Pages of decisions on the schedule cost the same with one earlier term, agency and item and with thirty."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from coordination.members.tests.factories import AgencyFactory, MembershipFactory
from coordination.rotation.actions import operations
from coordination.rotation.actions.terms import TermProposal, propose_term
from coordination.rotation.enums import HandoverSide
from coordination.rotation.tests.factories import (
    ChairTermFactory,
    HandoverFactory,
    HandoverItemFactory,
    LessonFactory,
    TermAgencyFactory,
)
from coordination.rotation.tests.schedule import DECIDED, H2_2027
from coordination.tests.cast import NOW
from coordination.tests.many import ROWS, many

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def earlier(terms, unesco):
    """Return a function that puts so many earlier terms, and members, on record."""

    def make(count):
        days = [date(1980, 1, 1) + timedelta(days=40 * n) for n in range(count)]
        rows = many(ChairTermFactory, count, first_day=days, last_day=days)
        many(TermAgencyFactory, count, term=rows, agency=unesco)
        many(MembershipFactory, count, agency=many(AgencyFactory, count))

    return make


@pytest.mark.parametrize("count", ROWS)
@pytest.mark.parametrize(
    ("slug", "kind", "queries"),
    [
        ("2026-H2", "move-boundary/?last_day=2027-01-31", 12),
        ("2026-H2", "hand-back/?last_day=2026-12-15", 9),
        ("2028-H1", "extend/?last_day=2028-09-30", 10),
        ("2027-H1", "defer/", 8),
        ("2027-H1", "withdraw/", 8),
    ],
)
def test_an_operation(
    sign_in, chair, earlier, later, django_assert_num_queries, count, slug, kind, queries
):
    earlier(count)
    client, address = sign_in(chair), f"/rotation/{slug}/change/{kind}"
    client.get(address)

    with django_assert_num_queries(queries):
        assert client.get(address).context["effects"]


@pytest.mark.parametrize("count", ROWS)
@pytest.mark.parametrize(
    ("remedy", "queries"), [("", 12), ("pull-forward/?term=2028-H1", 12), ("move-up/", 12)]
)
def test_a_remedy(
    sign_in, chair, terms, earlier, later, django_assert_num_queries, count, remedy, queries
):
    earlier(count)
    operations.withdraw_confirmed(terms[1], DECIDED, by=chair, at=NOW)
    client, address = sign_in(chair), f"/rotation/vacancies/2027-01-01/{remedy}"
    client.get(address)

    with django_assert_num_queries(queries):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("count", ROWS)
def test_an_offer(sign_in, focal_point, earlier, later, unfpa, django_assert_num_queries, count):
    earlier(count)
    address = reverse("rotation:offer_exchange", args=[later[0].slug])
    sent = {"other": later[1].slug, "offered_for": unfpa.pk, "lapses_on": "2026-12-15"}
    client = sign_in(focal_point)
    client.get(address, sent)

    with django_assert_num_queries(12):
        assert client.get(address, sent).context["effects"]


@pytest.mark.parametrize("count", ROWS)
def test_a_confirmation(sign_in, chair, earlier, unfpa, django_assert_num_queries, count):
    earlier(count)
    proposed = propose_term([unfpa], TermProposal(*H2_2027), by=chair, at=NOW)
    client, address = sign_in(chair), reverse("rotation:confirm", args=[proposed.slug])
    client.get(address)

    with django_assert_num_queries(14):
        assert not client.get(address).context["refusal"]


@pytest.mark.parametrize("count", ROWS)
@pytest.mark.parametrize(("side", "queries"), [("outgoing", 11), ("incoming", 10)])
def test_a_signature(
    sign_in, chair, incoming_chair, terms, earlier, django_assert_num_queries, count, side, queries
):
    earlier(count)
    handover = HandoverFactory(incoming_term=terms[1])
    many(HandoverItemFactory, count, handover=handover, side=HandoverSide(side))
    many(LessonFactory, count, term=terms[0], written_by=chair)
    client = sign_in(chair if side == "outgoing" else incoming_chair)
    address = reverse("rotation:sign", args=["2027-H1", side])
    client.get(address)

    with django_assert_num_queries(queries):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("count", ROWS)
def test_a_signature_to_the_file(sign_in, chair, terms, earlier, django_assert_num_queries, count):
    earlier(count)
    many(LessonFactory, count, term=terms[0], written_by=chair)
    client, address = sign_in(chair), reverse("rotation:sign_to_file", args=["2026-H2"])
    client.get(address)

    with django_assert_num_queries(11):
        assert client.get(address).status_code == 200
