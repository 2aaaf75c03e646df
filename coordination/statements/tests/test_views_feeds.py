"""The feed of released statements."""

from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest

from coordination.statements.enums import StatementState
from coordination.statements.tests.factories import StatementFactory, circulated
from coordination.tests.cast import NOW
from coordination.tests.many import ROWS, many

pytestmark = pytest.mark.django_db
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def released(number: int, **fields):
    at = NOW - timedelta(days=number)
    return StatementFactory(
        title=f"On {number}", state=StatementState.ADOPTED, adopted_at=at, released_at=at, **fields
    )


def entries(client) -> ET.Element:
    answer = client.get("/statements/feed/")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ET.fromstring(answer.content)  # noqa: S314 - our own answer


def test_the_feed_holds_what_is_released_the_newest_first(client, group, settings):
    settings.SITE_URL = "https://gmg.example.org"
    old, new = released(9), released(2)

    feed = entries(client)

    assert feed.findtext("a:title", namespaces=ATOM) == f"Joint statements of the {group.name}"
    assert [
        entry.findtext("a:title", namespaces=ATOM) for entry in feed.findall("a:entry", ATOM)
    ] == [new.title, old.title]
    first = feed.find("a:entry", ATOM)
    assert (
        first.find("a:link", ATOM).get("href") == f"https://gmg.example.org/statements/{new.slug}/"
    )
    assert (
        first.findtext("a:id", namespaces=ATOM) == f"https://gmg.example.org/statements/{new.slug}/"
    )
    assert (
        first.findtext("a:summary", namespaces=ATOM) == f"{new.symbol}, adopted on 21 November 2026"
    )
    assert first.findtext("a:published", namespaces=ATOM) == "2026-11-21T09:00:00+00:00"


def test_nothing_that_is_not_released_leaks(client, of_chair):
    circulated(title="Circulated")
    StatementFactory(title="Adopted", state=StatementState.ADOPTED, adopted_at=NOW)

    assert entries(client).findall("a:entry", ATOM) == []
    assert entries(of_chair).findall("a:entry", ATOM) == []


def test_an_old_statement_without_a_day_of_adoption_has_its_symbol(client):
    StatementFactory(symbol="GMG/2010/ST/1", state=StatementState.ADOPTED, released_at=NOW)

    assert entries(client).findtext("a:entry/a:summary", namespaces=ATOM) == "GMG/2010/ST/1"


@pytest.mark.parametrize("count", ROWS)
def test_the_feed_takes_one_query_more_than_the_group(client, count, django_assert_num_queries):
    many(StatementFactory, count, state=StatementState.ADOPTED, adopted_at=NOW, released_at=NOW)

    with django_assert_num_queries(2):
        client.get("/statements/feed/")


def test_pages_of_statements_point_to_the_feed(client):
    for path in ("/", "/statements/"):
        assert 'type="application/atom+xml"' in client.get(path).content.decode()
