"""The pages of proof, check and languages cost the same whatever they show."""

import pytest

from coordination.members.tests.factories import AgencyFactory, MembershipFactory
from coordination.statements.actions import positions
from coordination.statements.models import LanguageVersion, Position, SigningKey
from coordination.statements.tests.factories import TEXT, in_clearance
from coordination.tests.cast import NOW
from coordination.tests.many import ROWS, many

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now", "key_file")]


@pytest.fixture
def made(chair):
    """Return how a released statement is made that so many agencies signed, in so many languages."""

    def make(rows):
        agencies = many(AgencyFactory, rows)
        many(MembershipFactory, rows, agency=agencies)
        plan = [{"level": "working_level", "silence": True, "hours": 24}]
        step = in_clearance(silence=True, plan=plan)
        Position.objects.bulk_create(
            Position(
                step=step,
                agency=agency,
                person=chair,
                kind="approve",
                sha256=step.draft.sha256,
                taken_at=NOW,
            )
            for agency in agencies
        )
        statement = positions.adopt(step.statement, by=chair, at=step.deadline)
        LanguageVersion.objects.bulk_create(
            LanguageVersion(
                statement=statement,
                language=f"x{number}",
                blocks=[
                    {"key": f"b{n}", "kind": "body", "sha256": "", "text": "So."}
                    for n in range(rows)
                ],
                saved_by=chair,
                saved_at=NOW,
            )
            for number in range(rows)
        )
        return positions.release(statement, by=chair, at=step.deadline)

    return make


@pytest.mark.parametrize("rows", ROWS)
@pytest.mark.parametrize(
    ("path", "count"),
    [
        ("", 10),
        ("proof/", 5),
        ("statement.zip", 5),
        ("check/", 4),
        ("languages/", 5),
        ("languages/x0/", 6),
        ("languages/x0/plain.txt", 4),
    ],
)
def test_pages_of_an_adopted_statement(made, client, django_assert_num_queries, rows, path, count):
    address = f"/statements/{made(rows).slug}/{path}"

    with django_assert_num_queries(count):
        client.get(address)


@pytest.mark.parametrize("rows", ROWS)
def test_a_check(made, client, django_assert_num_queries, rows):
    address = f"/statements/{made(rows).slug}/check/"
    client.post(address, {"text": TEXT})

    # ten of them count the checks of this address
    with django_assert_num_queries(18):
        client.post(address, {"text": TEXT})


@pytest.mark.parametrize("rows", ROWS)
@pytest.mark.parametrize(("path", "count"), [("keys/", 5), ("keys.json", 2)])
def test_the_keys(client, group, django_assert_num_queries, rows, path, count):
    SigningKey.objects.bulk_create(
        SigningKey(key_id=f"{number}", public_key="", used_from=NOW, used_until=NOW)
        for number in range(rows)
    )

    with django_assert_num_queries(count):
        client.get(f"/statements/{path}")


@pytest.mark.parametrize("rows", ROWS)
def test_the_page_of_a_translation(made, chair, client, django_assert_num_queries, rows):
    statement = made(rows)
    client.force_login(chair)
    client.get("/statements/")

    with django_assert_num_queries(10):
        client.get(f"/statements/{statement.slug}/languages/fr/edit/")
