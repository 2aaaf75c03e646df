"""Beside each paragraph of a new draft: what became of the amendments to the one before."""

import re

import pytest
from django.utils.html import strip_tags

from coordination.members.tests.factories import AgencyFactory
from coordination.statements.actions import arrangement, drafts, settlements
from coordination.statements.enums import AmendmentKind, AmendmentState, BlockKind, StatementState
from coordination.statements.models import CoSponsor
from coordination.statements.queries import fates, paragraphs
from coordination.statements.tests.factories import (
    CARE,
    DEADLINE,
    AmendmentFactory,
    amendment_to,
    circulated,
)
from coordination.statements.tests.pages import url
from coordination.tests.cast import NOW
from coordination.tests.many import ROWS, many

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def draft(terms):
    return circulated(StatementState.CONSOLIDATION)


def issue(draft, chair, to=StatementState.AMENDMENTS):
    return drafts.issue_draft(draft.statement, to=to, deadline=DEADLINE, by=chair, at=NOW)


def shown(draft, *agencies):
    """Return the fates beside each paragraph of a draft, by its key."""
    views = fates.with_fates(paragraphs.block_views(draft), draft, {each.pk for each in agencies})
    return {view.block.key: view.fates for view in views if view.fates.count}


def beside(page, key):
    """Return the words beside a paragraph about the draft before."""
    html = page.content.decode()
    box = re.search(rf'<details class="fates" id="fates-{key}".*?</details>', html, re.DOTALL)
    return " ".join(strip_tags(box[0]).split()) if box else ""


def test_what_became_of_an_amendment_stands_beside_its_paragraph_with_the_reason(
    draft, unfpa, ohchr, who, chair, of_unfpa
):
    ours = amendment_to(draft, "b3", unfpa, CARE.replace("migrants", "migrants and children"))
    CoSponsor.objects.create(amendment=ours, agency=who, person=chair, joined_at=NOW)
    theirs = amendment_to(draft, "b3", ohchr, CARE.replace("health", "basic health"))
    settlements.take(ours, version=1, by=chair, at=NOW)
    settlements.decline(theirs, reason="“Basic” was struck in 2010.", version=1, by=chair, at=NOW)
    issue(draft, chair)

    page = of_unfpa.get(url("show", draft))

    words = beside(page, "b3")
    assert words.startswith("Draft 1: UNFPA taken and OHCHR declined 1UNFPA")
    assert "1UNFPA with WHO Taken" in words
    assert "2OHCHR Declined" in words
    assert "Why: “Basic” was struck in 2010." in words
    assert "[added: and children ]" in words
    assert beside(page, "b4") == ""


def test_the_person_who_wrote_a_compromise_is_named(draft, unfpa, chair, of_unfpa):
    ours = amendment_to(draft, "b3", unfpa, CARE.replace("migrants", "migrants and children"))
    settlements.adapt(
        ours.block,
        text=CARE.replace("migrants", "all migrants and their children"),
        reason="Both.",
        version=0,
        by=chair,
        at=NOW,
    )
    issue(draft, chair)

    words = beside(of_unfpa.get(url("show", draft)), "b3")

    assert "UNFPA Adapted" in words
    assert f"The text in its place was written for the chair by {chair}." in words


def test_an_amendment_that_is_carried_on_leads_to_its_copy(draft, unfpa, chair, of_unfpa):
    ours = amendment_to(draft, "b3", unfpa, CARE.replace("migrants", "migrants and children"))
    issue(draft, chair)
    copy = ours.carried_to

    page = of_unfpa.get(url("show", draft))

    assert "It is amendment 1 to this draft." in beside(page, "b3")
    assert f'<a href="#a{copy.pk}">' in page.content.decode()
    assert f'id="a{copy.pk}"' in page.content.decode()


def test_amendments_to_a_paragraph_that_is_gone_stand_beside_the_one_before(
    draft, unfpa, ohchr, chair
):
    gone = amendment_to(draft, "b3", unfpa, kind=AmendmentKind.DELETE)
    other = amendment_to(draft, "b3", ohchr, CARE.replace("health", "basic health"))
    settlements.take(gone, version=1, by=chair, at=NOW)
    issued = issue(draft, chair)

    [fate, second] = shown(issued)["b2"].fates

    assert (fate.amendment, second.amendment) == (gone, other)
    assert fate.gone == second.gone == "OP 1"
    other.refresh_from_db()
    assert other.state == AmendmentState.RETURNED


def test_a_new_paragraph_that_was_taken_has_its_amendment_beside_it(draft, unfpa, ohchr, chair):
    kind = {"kind": AmendmentKind.INSERT, "block_kind": BlockKind.OPERATIVE}
    taken = amendment_to(draft, "b3", unfpa, "Protect women;", **kind)
    declined = amendment_to(draft, "b3", ohchr, "Protect men;", **kind)
    settlements.take(taken, version=1, by=chair, at=NOW)
    settlements.decline(declined, reason="No.", version=1, by=chair, at=NOW)
    issued = issue(draft, chair)
    new = issued.blocks.get(text="Protect women;")

    found = shown(issued)

    assert [fate.amendment for fate in found[new.key].fates] == [taken]
    assert [fate.amendment for fate in found["b3"].fates] == [declined]
    assert found[new.key].fates[0].gone == ""


def test_amendments_to_a_joined_paragraph_stand_beside_the_one_that_it_joined(draft, unfpa, chair):
    ours = amendment_to(draft, "b4", unfpa, kind=AmendmentKind.DELETE)
    settlements.decline(ours, reason="We need it.", version=1, by=chair, at=NOW)
    block = draft.blocks.get(key="b4")
    arrangement.join_to_previous(block, version=0, by=chair, at=NOW)
    issued = issue(draft, chair)

    assert [fate.amendment for fate in shown(issued)["b3"].fates] == [ours]


def test_the_reader_s_own_come_first_and_the_others_lead_to_the_draft_before(
    draft, unfpa, chair, of_unfpa
):
    agencies = many(AgencyFactory, 70)
    block, last = draft.blocks.get(key="b3"), draft.blocks.get(key="b4")
    others = many(
        AmendmentFactory, 70, block=block, agency=agencies, author=chair,
        number=list(range(1, 71)), proposed_text=[f"Text {n}." for n in range(70)],
        state=AmendmentState.DECLINED,
    )  # fmt: skip
    ours = amendment_to(draft, "b4", unfpa, kind=AmendmentKind.DELETE)
    settlements.decline(ours, reason="We need it.", version=1, by=chair, at=NOW)
    issued = issue(draft, chair)

    found = shown(issued, unfpa)

    assert found[last.key].of_reader
    assert not found[block.key].of_reader
    assert (len(found[block.key].fates), found[block.key].others) == (63, len(others) - 63)
    page = of_unfpa.get(url("show", draft))
    assert beside(page, "b3").startswith("Draft 1: what became of 70 amendments")
    assert beside(page, "b3").endswith("7 more amendments beside the draft before")
    assert f'href="{url("draft", draft, 1)}#b3"' in page.content.decode()


def test_what_is_withdrawn_and_what_is_not_issued_has_no_fate(draft, unfpa, chair):
    amendment_to(draft, "b3", unfpa, CARE + " So.", state=AmendmentState.WITHDRAWN)

    issued = issue(draft, chair)

    assert shown(issued) == {}
    assert shown(draft) == {}


@pytest.mark.parametrize("rows", ROWS)
def test_as_many_queries_whatever_the_number_of_amendments(
    draft, unfpa, chair, rows, django_assert_num_queries
):
    agencies = many(AgencyFactory, rows)
    many(
        AmendmentFactory, rows, block=draft.blocks.get(key="b3"), agency=agencies, author=chair,
        number=list(range(1, rows + 1)), proposed_text=[f"Text {n}." for n in range(rows)],
        state=AmendmentState.DECLINED,
    )  # fmt: skip
    issued = issue(draft, chair)
    views = paragraphs.block_views(issued)

    with django_assert_num_queries(3):
        fates.with_fates(views, issued, {unfpa.pk})


@pytest.mark.parametrize("rows", ROWS)
def test_the_page_of_a_later_draft_costs_the_same(
    draft, unfpa, chair, focal_point, of_unfpa, rows, django_assert_num_queries
):
    agencies = many(AgencyFactory, rows)
    many(
        AmendmentFactory, rows, block=draft.blocks.get(key="b3"), agency=agencies, author=chair,
        number=list(range(1, rows + 1)), proposed_text=[f"{CARE} {n}" for n in range(rows)],
    )  # fmt: skip
    amendment_to(draft, "b4", unfpa, "Urge States.")
    issue(draft, chair)
    of_unfpa.get(url("show", draft))

    with django_assert_num_queries(16):
        of_unfpa.get(url("show", draft))
    with django_assert_num_queries(11):
        of_unfpa.get(url("compare", draft) + "?from=1&to=2")


@pytest.mark.parametrize("numbers", ["from=1&to=3", "from=3&to=1", "to=0"])
def test_a_draft_that_is_not_there_is_not_compared(draft, chair, of_unfpa, numbers):
    issue(draft, chair)

    assert of_unfpa.get(f"{url('compare', draft)}?{numbers}").status_code == 404
