"""Pages cost the same whatever they show: literal numbers, twelve at most."""

from datetime import timedelta

import pytest
from django.urls import reverse

from coordination.members.tests.factories import AgencyFactory, MembershipFactory
from coordination.statements.enums import StatementState
from coordination.statements.models import Amendment, Block, Position, Statement
from coordination.statements.tests.factories import circulated, in_clearance, unfrozen
from coordination.tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def browser(client, focal_point, terms):
    client.force_login(focal_point)
    client.get("/statements/")
    return client


def many(rows, draft, author):
    """Give the draft `rows` amendments of as many agencies, spread over ten paragraphs."""
    agencies = [AgencyFactory(acronym=f"M{n}") for n in range(min(rows, 50))]
    for agency in agencies:
        MembershipFactory(agency=agency)
    with unfrozen():
        blocks = Block.objects.bulk_create(Block(draft=draft, key=f"b{n}", position=n, text=f"Paragraph {n}.") for n in range(20, 30))
    Amendment.objects.bulk_create(
        Amendment(
            block=blocks[n % 10], agency=agencies[n % len(agencies)], author=author, proposed_text=f"Text {n}.",
            proposed_at=NOW + timedelta(seconds=n), state="declined",
        )
        for n in range(rows)
    )  # fmt: skip
    return agencies


@pytest.mark.parametrize("rows", [1, 500])
def test_list(browser, django_assert_num_queries, rows):
    Statement.objects.bulk_create(
        Statement(slug=f"s{n}", symbol=f"S{n}", title=f"S{n}", started_at=NOW, state="amendments", amendments_until=NOW)
        for n in range(rows)
    )

    with django_assert_num_queries(8):
        browser.get("/statements/")


@pytest.mark.parametrize("rows", [1, 500])
def test_list_outside(client, group, django_assert_num_queries, rows):
    Statement.objects.bulk_create(
        Statement(slug=f"s{n}", symbol=f"S{n}", title=f"S{n}", started_at=NOW, state="adopted", released_at=NOW, adopted_at=NOW)
        for n in range(rows)
    )

    with django_assert_num_queries(8):
        client.get("/statements/")


@pytest.mark.parametrize("rows", [1, 500])
@pytest.mark.parametrize(
    ("name", "number"), [("show", 11), ("compare", 9), ("compile", 10), ("balance", 11), ("origins", 8), ("discuss", 11), ("history", 12)]
)
def test_statement(browser, focal_point, django_assert_num_queries, rows, name, number):
    draft = circulated()
    many(rows, draft, focal_point)
    browser.get(reverse("statements:show", args=[draft.statement.slug]))

    with django_assert_num_queries(number):
        browser.get(reverse(f"statements:{name}", args=[draft.statement.slug]))


def test_the_first_visit_costs_one_query_more(browser, focal_point, django_assert_num_queries):
    draft = circulated()
    many(1, draft, focal_point)

    with django_assert_num_queries(12):
        browser.get(reverse("statements:show", args=[draft.statement.slug]))


@pytest.mark.parametrize("rows", [1, 500])
def test_consolidate(client, chair, focal_point, django_assert_num_queries, rows):
    draft = circulated(StatementState.CONSOLIDATION)
    many(rows, draft, focal_point)
    client.force_login(chair)
    client.get("/statements/")

    with django_assert_num_queries(11):
        client.get(reverse("statements:consolidate", args=[draft.statement.slug]))


@pytest.mark.parametrize("rows", [1, 50])
def test_positions(browser, focal_point, django_assert_num_queries, rows):
    step = in_clearance()
    agencies = many(rows, step.draft, focal_point)
    Position.objects.bulk_create(
        Position(step=step, agency=agency, person=focal_point, kind="approve", sha256="", taken_at=NOW) for agency in agencies
    )

    with django_assert_num_queries(11):
        browser.get(reverse("statements:positions", args=[step.statement.slug]))
