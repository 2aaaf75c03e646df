"""Who sees which page: each read path has its own test."""

import hashlib

import pytest

from coordination.statements.actions import amendments, settlements, sponsors
from coordination.statements.actions.amendments import AmendmentInput
from coordination.statements.enums import StatementState
from coordination.statements.models import Statement
from coordination.statements.queries.changes import PAGE_SIZE
from coordination.statements.tests.factories import (
    AmendmentFactory,
    DraftFactory,
    StatementFactory,
    circulated,
    drafted,
)
from coordination.statements.tests.pages import LATER, url
from coordination.tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
READ = ("show", "plain", "draft", "plain_draft", "compare", "history", "positions")


def paths(draft) -> dict[str, str]:
    return {name: url(name, draft, *((1,) if "draft" in name else ())) for name in READ}


@pytest.mark.parametrize("path", READ)
def test_before_release_nobody_outside_learns_that_it_exists(
    path, signed_in, stranger, former_focal_point
):
    draft = circulated()
    missing = url(path, draft, *((1,) if "draft" in path else ())).replace(
        draft.statement.slug, "no-such-statement"
    )

    for person in (None, stranger, former_focal_point):
        here, nowhere = (
            signed_in(person).get(address) for address in (paths(draft)[path], missing)
        )
        assert here.status_code == nowhere.status_code
        assert here.status_code in {302, 404}
        assert draft.statement.title not in here.content.decode()


@pytest.mark.parametrize("path", READ)
def test_those_in_office_read_what_is_circulated(path, of_unfpa, signed_in, administrator):
    draft = circulated()

    assert of_unfpa.get(paths(draft)[path]).status_code == 200
    assert signed_in(administrator).get(paths(draft)[path]).status_code == 200


@pytest.mark.parametrize("path", READ)
def test_the_preparation_is_the_chairs_alone(path, of_unfpa, of_chair):
    draft = drafted()

    assert of_unfpa.get(paths(draft)[path]).status_code == 404
    assert of_chair.get(paths(draft)[path]).status_code == 200


def test_a_draft_that_is_not_circulated_is_the_chairs_even_when_another_is(of_unfpa, of_chair):
    draft = circulated()
    DraftFactory(statement=draft.statement, number=2)

    assert of_unfpa.get(url("draft", draft, 2)).status_code == 404
    assert of_unfpa.get(url("plain_draft", draft, 2)).status_code == 404
    assert of_unfpa.get(url("compare", draft) + "?from=1&to=2").status_code == 404
    assert of_chair.get(url("draft", draft, 2)).status_code == 200


def test_after_release_the_public_page_and_the_text_are_open_and_nothing_else(client):
    draft = circulated(StatementState.ADOPTED, released_at=NOW, adopted_at=NOW, title="Public")
    draft.statement.adopted_sha256 = draft.sha256
    draft.statement.save()

    page, plain = client.get(url("show", draft)), client.get(url("plain", draft))
    assert "retains their human rights" in page.content.decode()
    assert draft.sha256 in page.content.decode()
    assert hashlib.sha256(plain.content).hexdigest() == draft.sha256
    assert plain["Content-Disposition"] == f'inline; filename="{draft.statement.slug}-adopted.txt"'
    for name in ("draft", "plain_draft", "compare", "history"):
        assert client.get(paths(draft)[name]).status_code == 404


def test_once_adopted_those_in_office_see_the_page_as_it_will_be(of_unfpa, of_chair, client):
    draft = circulated(StatementState.ADOPTED, adopted_at=NOW)

    assert client.get(url("show", draft)).status_code == 404
    for browser in (of_unfpa, of_chair):
        page = browser.get(url("show", draft))
        assert "Adopted, and not public yet" in page.content.decode()
        assert page.templates[0].name == "statements/public_show.html"
    assert [link.label for link in page.context["bar"].links] == ["Release", "Plan the release"]


def test_plain_text_of_a_draft_has_the_hash_that_the_page_shows(of_unfpa):
    draft = circulated()

    plain = of_unfpa.get(url("plain_draft", draft, 1))

    assert hashlib.sha256(plain.content).hexdigest() == draft.sha256
    assert plain["Content-Type"] == "text/plain; charset=utf-8"


def test_an_old_statement_says_that_its_text_is_not_here(client, of_unfpa):
    old = StatementFactory(
        state=StatementState.ADOPTED,
        adopted_at=NOW,
        released_at=NOW,
        signatory_count=14,
        sources=["Press text"],
    )

    page = client.get(url("show", old)).content.decode()

    assert "The text is not kept here" in page
    assert "Only their number is on record." in page
    assert client.get(url("plain", old)).status_code == 404
    assert of_unfpa.get(url("compare", old)).status_code == 404
    inside = of_unfpa.get(url("show", old)).context
    assert (inside["bar"], [view["label"] for view in inside["views"]]) == (
        None,
        ["Read", "History"],
    )


def test_what_the_chair_settles_is_seen_by_the_chair_alone(of_unfpa, of_chair, chair, unfpa):
    draft = circulated(StatementState.CONSOLIDATION)
    Statement.objects.update(amendments_until=NOW)
    amendment = AmendmentFactory(block=draft.blocks.get(key="b3"), agency=unfpa)
    settlements.decline(amendment, reason="Secret for now.", version=1, by=chair, at=NOW)

    for path in (url("show", draft), url("draft", draft, 1), url("history", draft)):
        assert "Secret for now." not in of_unfpa.get(path).content.decode()
        assert "Secret for now." in of_chair.get(path).content.decode()


def test_the_list_outside_has_the_released_ones(client, of_unfpa, of_chair):
    (
        drafted(title="Secret"),
        circulated(title="Circulated"),
        StatementFactory(title="Public", released_at=NOW, adopted_at=NOW),
    )

    def titles(browser, query=""):
        return [
            statement.title for statement in browser.get(f"/statements/{query}").context["page"]
        ]

    assert titles(client) == ["Public"]
    assert titles(of_unfpa) == ["Public", "Circulated"]
    assert titles(of_chair) == ["Public", "Circulated", "Secret"]
    assert titles(of_unfpa, "?state=withdrawn") == []
    assert titles(client, "?state=work") == ["Public"]
    assert titles(of_unfpa, "?q=circ&page=999") == ["Circulated"]
    assert of_unfpa.get("/statements/?q=%00").status_code == 422


def test_how_a_text_was_prepared_is_read_by_the_chair_alone(of_unfpa, of_chair):
    draft = drafted()
    of_chair.post(
        url("edit_block", draft, "b2"), {"text": "Prepared words.", "kind": "body", "version": 1}
    )
    of_chair.post(url("circulate", draft), {"deadline": LATER})

    path = url("history", draft) + "?part=preparation"
    assert "Prepared words." in of_chair.get(path).content.decode()
    assert "Prepared words." not in of_unfpa.get(path).content.decode()


def test_the_history_has_pages_and_tells_who_joined(
    of_unfpa, of_chair, unfpa, ohchr, focal_point, other_agency
):
    draft = circulated()
    amendment = AmendmentFactory(block=draft.blocks.get(key="b3"), agency=unfpa)
    by = {"agency": ohchr, "by": other_agency, "at": NOW}
    sponsors.add_cosponsor(amendment, version=1, **by)
    sponsors.leave_cosponsors(amendment, **by)
    sponsors.add_cosponsor(amendment, version=1, **by)
    amendments.edit_amendment(
        amendment, AmendmentInput("Other words;", "Why."), version=1, by=focal_point, at=NOW
    )
    sponsors.add_cosponsor(amendment, version=2, **by)
    for number in range(PAGE_SIZE):
        draft.statement.title = f"Title {number}"
        draft.statement.save()

    first, second = (
        of_unfpa.get(f"{url('history', draft)}?page={page}").content.decode() for page in (1, 2)
    )
    assert ("Older changes" in first, "Newer changes" in first, "OHCHR joined" in first) == (
        True,
        False,
        False,
    )
    assert ("Older changes" in second, "Newer changes" in second) == (False, True)
    assert second.count("OHCHR joined") == 3
    assert (second.count("OHCHR left"), second.count("OHCHR let go: the words had changed")) == (
        1,
        1,
    )
    assert of_chair.get(f"{url('history', draft)}?part=preparation&page=2").status_code == 200
