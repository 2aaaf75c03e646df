"""Pages cost the same whatever they show: literal numbers, twelve at most."""

import pytest
from django.urls import reverse

from coordination.members.tests.factories import AgencyFactory, MembershipFactory
from coordination.statements.enums import StatementState
from coordination.statements.models import Amendment, Comment, Position, Signatory
from coordination.statements.tests.factories import (
    AmendmentFactory,
    BlockFactory,
    StatementFactory,
    circulated,
    in_clearance,
    unfrozen,
)
from coordination.tests.cast import NOW
from coordination.tests.many import ROWS, many

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def browser(client, focal_point, terms):
    client.force_login(focal_point)
    client.get("/statements/")
    return client


def amended(rows, draft, author):
    """Give the draft `rows` open amendments with their history, and comments, each of another agency, spread over ten paragraphs."""
    agencies = many(AgencyFactory, rows)
    many(MembershipFactory, rows, agency=agencies)
    with unfrozen():
        blocks = many(BlockFactory, 10, draft=draft, position=list(range(20, 30)))
    amendments = many(
        AmendmentFactory, rows, block=[blocks[n % 10] for n in range(rows)], agency=agencies, author=author,
        number=list(range(1, rows + 1)), proposed_text=[f"Text {n}." for n in range(rows)],
    )  # fmt: skip
    Amendment.history.bulk_history_create(amendments, default_user=author, default_date=NOW)
    Comment.objects.bulk_create(
        Comment(
            statement=draft.statement,
            key=blocks[n % 10].key,
            agency=agency,
            author=author,
            text="So.",
            said_at=NOW,
        )
        for n, agency in enumerate(agencies)
    )
    return agencies


@pytest.mark.parametrize("rows", ROWS)
def test_list(browser, django_assert_num_queries, rows):
    many(StatementFactory, rows, state="amendments", amendments_until=NOW)

    with django_assert_num_queries(8):
        browser.get("/statements/")


@pytest.mark.parametrize("rows", ROWS)
def test_list_outside(client, group, django_assert_num_queries, rows):
    many(StatementFactory, rows, state="adopted", released_at=NOW, adopted_at=NOW)

    with django_assert_num_queries(7):
        client.get("/statements/")


@pytest.mark.parametrize("rows", ROWS)
@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("show", 12),
        ("compare", 12),
        ("compile", 11),
        ("balance", 12),
        ("origins", 11),
        ("discuss", 12),
        ("history", 12),
    ],
)
def test_statement(browser, focal_point, django_assert_num_queries, rows, name, number):
    draft = circulated()
    amended(rows, draft, focal_point)
    browser.get(reverse("statements:show", args=[draft.statement.slug]))

    with django_assert_num_queries(number):
        browser.get(reverse(f"statements:{name}", args=[draft.statement.slug]))


def test_the_first_visit_costs_one_query_more(browser, focal_point, django_assert_num_queries):
    draft = circulated()
    amended(1, draft, focal_point)

    with django_assert_num_queries(13):
        browser.get(reverse("statements:show", args=[draft.statement.slug]))


@pytest.mark.parametrize("rows", ROWS)
def test_adopted(client, group, django_assert_num_queries, rows):
    draft = circulated(StatementState.ADOPTED, released_at=NOW, adopted_at=NOW)
    for agency in many(AgencyFactory, rows):
        Signatory.objects.create(
            statement=draft.statement, agency=agency, reservation="OP 1: Ours."
        )
    many(MembershipFactory, rows, agency=many(AgencyFactory, rows))

    with django_assert_num_queries(12):
        client.get(reverse("statements:show", args=[draft.statement.slug]))


@pytest.mark.parametrize("rows", ROWS)
def test_consolidate(client, chair, focal_point, django_assert_num_queries, rows):
    draft = circulated(StatementState.CONSOLIDATION)
    amended(rows, draft, focal_point)
    client.force_login(chair)
    client.get("/statements/")

    with django_assert_num_queries(12):
        client.get(reverse("statements:consolidate", args=[draft.statement.slug]))


@pytest.mark.parametrize("rows", ROWS)
def test_positions(browser, focal_point, django_assert_num_queries, rows):
    step = in_clearance()
    agencies = amended(rows, step.draft, focal_point)
    Position.objects.bulk_create(
        Position(
            step=step, agency=agency, person=focal_point, kind="approve", sha256="", taken_at=NOW
        )
        for agency in agencies
    )

    with django_assert_num_queries(12):
        browser.get(reverse("statements:positions", args=[step.statement.slug]))


def test_in_clearance(browser, django_assert_num_queries):
    """The bar costs one query, under silence too; the record of positions costs the history three."""
    step = in_clearance(silence=True)
    many(MembershipFactory, 9, agency=many(AgencyFactory, 9))
    browser.get(reverse("statements:show", args=[step.statement.slug]))

    for name, number in (
        ("show", 12), ("compare", 12), ("discuss", 11), ("balance", 11), ("origins", 11), ("history", 15),
    ):  # fmt: skip
        with django_assert_num_queries(number):
            browser.get(reverse(f"statements:{name}", args=[step.statement.slug]))


@pytest.mark.parametrize("rows", ROWS)
@pytest.mark.parametrize(("name", "number"), [("write_to_silent", 10), ("record_call", 11)])
def test_pages_about_the_silent(client, chair, django_assert_num_queries, rows, name, number):
    step = in_clearance(silence=True)
    many(MembershipFactory, rows, agency=many(AgencyFactory, rows))
    client.force_login(chair)
    client.get("/statements/")

    with django_assert_num_queries(number):
        client.get(reverse(f"statements:{name}", args=[step.statement.slug]))
