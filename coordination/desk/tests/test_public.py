"""The public home, and the health of the machinery."""

import re

import pytest
from django.test import Client

from coordination.core.tests.pages import text_of
from coordination.members.models import Representation
from coordination.members.tests.factories import AgencyFactory, CommissionFactory, MembershipFactory
from coordination.statements.tests.factories import StatementFactory
from coordination.tests.cast import NOW
from coordination.tests.many import ROWS, many

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def test_home_shows_who_chairs_what_was_adopted_and_the_members(client, terms, unfpa):
    StatementFactory(
        title="Released", slug="released", adopted_at=NOW, released_at=NOW, state="adopted"
    )
    StatementFactory(title="Adopted, not released", adopted_at=NOW, state="adopted")
    StatementFactory(title="In amendments", state="amendments", amendments_until=NOW)

    page = text_of(client.get("/"))

    assert (
        'href="/statements/released/"' in page,
        "Adopted, not released" in page,
        "In amendments" in page,
    ) == (True, False, False)
    assert "1 July 2026 to 31 December 2026" in page
    assert 'href="/members/unfpa/"' in page
    assert "Sign in" in page


@pytest.mark.parametrize("path", ["/", "/accounts/login/", "/accounts/signup/"])
def test_pages_are_in_one_language_whatever_the_browser_prefers(client, terms, path):
    english = client.get(path, headers={"accept-language": "en"})

    french = client.get(path, headers={"accept-language": "fr-CH, fr;q=0.9, en;q=0.5"})

    [one, other] = [
        re.sub(r'value="\w{64}"|nonce="[^"]+"', "", answer.content.decode())
        for answer in (english, french)
    ]
    assert one == other
    assert '<html lang="en" dir="ltr">' in other
    assert french["Content-Language"] == "en"


def test_home_says_who_speaks_for_the_chair(client, terms, unesco, now):
    commission = CommissionFactory(agency=unesco, acronym="ESCAP")
    Representation.objects.create(commission=commission, first_day="2026-01-01")

    assert "spoken for by ESCAP" in client.get("/").content.decode()


def test_home_of_a_group_with_nothing_yet(client, group):
    group.predecessor, group.about, group.established = (
        "Geneva Migration Group",
        "A group of agencies.",
        "2006",
    )
    group.save()

    page = text_of(client.get("/"))

    for words in (
        "No statement has been adopted yet",
        "Not on record",
        "Geneva Migration Group",
        "A group of agencies.",
        "Established 2006",
    ):
        assert words in page


def test_home_says_since_when_the_chair_is_vacant(client, terms, now):
    terms[0].delete()

    assert "Not on record" in client.get("/").content.decode()
    now.move_to("2027-08-01 09:00Z")
    page = client.get("/").content.decode()
    assert ("Nobody" in page, "since 1 July 2027" in page) == (True, True)


@pytest.mark.parametrize("rows", ROWS)
def test_home_costs_the_same(client, terms, rows, django_assert_num_queries):
    many(StatementFactory, rows, adopted_at=NOW, released_at=NOW, state="adopted")
    many(MembershipFactory, rows, agency=many(AgencyFactory, rows))

    with django_assert_num_queries(7):
        client.get("/")


def test_health_answers_per_component_without_a_session(client, group):
    response = client.get("/health/")

    assert response.status_code == 503
    assert set(response.json()["components"]) == {
        "database",
        "broker",
        "worker",
        "beat",
        "mail",
        "proxy",
    }
    assert (response.json()["well"], response.json()["components"]["database"]) == (False, "ok")
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_health_is_only_read(group, method):
    strict = Client(enforce_csrf_checks=True)

    assert getattr(strict, method)("/health/").status_code == 405
    assert strict.head("/health/").status_code == 503
