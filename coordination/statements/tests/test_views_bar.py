"""Each page has a bar with the one act that is due for its reader; a position is taken, shown and changed."""

import re

import pytest

from coordination.statements.actions import positions, settlements
from coordination.statements.enums import PositionKind, StatementState
from coordination.statements.models import Position
from coordination.statements.tests.factories import (
    AmendmentFactory,
    circulated,
    in_clearance,
    take_position,
)
from coordination.statements.tests.pages import url
from coordination.tests.cast import NOW

# the amendments of the cast close on a day that comes
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
BREAKS = "To object breaks the silence for all:"


def acts(page):
    """Return the act that the bar of a page calls for, and the other links there."""
    links = page.context["bar"].links
    return [link.label for link in links if link.main], [
        link.label for link in links if not link.main
    ]


def main_links(page):
    """Return the address and the label of each primary link, from a page or its text."""
    text = page if isinstance(page, str) else page.content.decode()
    pattern = r'<a\s+class="button button--main"\s+href="([^"]*)"\s*>([^<]*)</a>'
    return re.findall(pattern, text)


def test_the_page_of_the_text_has_no_link_to_itself(of_unfpa):
    page = of_unfpa.get(url("show", circulated()))

    assert acts(page) == ([], [])
    assert page.context["bar"].why == "“Amend” stands beside each paragraph."


def test_an_older_draft_leads_to_the_newest(of_unfpa):
    draft = circulated()

    page = of_unfpa.get(url("draft", draft, 1))

    assert acts(page) == (["Read and amend"], [])


def test_the_draft_is_issued_once_nothing_is_open(of_chair, unfpa, focal_point):
    draft = circulated(StatementState.CONSOLIDATION)
    page = of_chair.get(url("show", draft))
    assert acts(page)[0] == ["Issue draft 2"]
    assert page.context["bar"].why == "No amendment is open."

    AmendmentFactory(block=draft.blocks.get(key="b2"), agency=unfpa, author=focal_point)

    page = of_chair.get(url("show", draft))
    assert acts(page)[0] == ["Consolidate"]
    assert page.context["bar"].why == "1 amendment is open."


def test_an_objection_is_answered_first(of_chair, ohchr, other_agency, unesco):
    step = in_clearance()
    take_position(step, ohchr, other_agency, PositionKind.OBJECT)

    page = of_chair.get(url("positions", step))

    assert acts(page)[0] == ["Return to consolidation"]
    assert page.context["bar"].why.startswith("OHCHR objects. Take the text back")
    text = page.content.decode()
    assert text.index("Return to consolidation") < text.index("What is missing")


def test_a_broken_silence_asks_the_same_of_the_chair_on_desk_and_pages(
    of_chair, ohchr, other_agency, unesco, now
):
    step = in_clearance(silence=True)
    take_position(step, ohchr, other_agency, PositionKind.OBJECT)
    step.broken_at = NOW
    step.save()
    path = url("act", step, "return")

    desk = of_chair.get("/desk/")

    first = desk.context["desk"].first
    assert (first.verb, first.url) == ("Return to consolidation", path)
    for name in ("show", "positions", "discuss", "balance", "history"):
        page = of_chair.get(url(name, step))
        assert [link.url for link in page.context["bar"].links if link.main] == [path]
        assert main_links(page) == [(path, "Return to consolidation")]


def test_all_pages_of_a_statement_have_the_bar(of_unfpa, of_chair, unfpa, focal_point, now):
    draft = circulated()
    for name in ("compare", "compile", "discuss", "balance", "origins", "history"):
        assert main_links(of_unfpa.get(url(name, draft))) == [
            (url("show", draft) + "#text", "Read and amend")
        ]
        assert acts(of_chair.get(url(name, draft)))[1] == [
            "Close amendments", "More time", "Withdraw the statement",
        ]  # fmt: skip
    AmendmentFactory(block=draft.blocks.get(key="b2"), agency=unfpa, author=focal_point)
    # what an agency has done already is not asked for again
    for name in ("compare", "compile", "discuss", "balance"):
        assert acts(of_unfpa.get(url(name, draft))) == ([], ["Read and amend"])


def test_an_unchanged_draft_is_not_issued_to_an_agency_that_objects_to_it(
    of_chair, unfpa, focal_point, ohchr, other_agency, chair, now
):
    step = in_clearance()
    take_position(step, ohchr, other_agency, PositionKind.OBJECT)
    take_position(step, unfpa, focal_point, PositionKind.OBJECT)
    take_position(step, unfpa, focal_point)  # lifted
    positions.return_to_consolidation(step.statement, by=chair, at=NOW)

    why = "No paragraph has changed since draft 1. Change the text, or reopen amendments."
    asked = "Settle the objection of OHCHR"
    desk = of_chair.get("/desk/").context["desk"].first
    assert (desk.verb, desk.why) == (asked, why)
    for name in ("show", "compile", "discuss", "history"):
        page = of_chair.get(url(name, step))
        assert acts(page)[0] == [asked]
        assert page.context["bar"].why == why
    work = of_chair.get(url("consolidate", step)).content.decode()
    assert f'<b class="c-waits">{asked}.</b> {why}' in work
    assert main_links(work) == []
    assert f'href="{url("reopen_amendments", step)}"' in work

    block = step.draft.blocks.get(key="b2")
    settlements.adapt(block, text="Changed.", reason="So.", version=0, by=chair, at=NOW)

    assert of_chair.get("/desk/").context["desk"].first.verb == "Issue draft 2"
    assert acts(of_chair.get(url("show", step)))[0] == ["Issue draft 2"]
    assert main_links(of_chair.get(url("consolidate", step)))[0][1] == "Issue draft 2"


def test_an_agency_approves_with_one_button(of_unfpa, unfpa):
    step = in_clearance(silence=True)
    path = url("positions", step)
    page = of_unfpa.get(path)
    [form] = [
        each
        for each in re.findall(r"<form.*?</form>", page.content.decode(), re.DOTALL)
        if "Approve draft 1" in each
    ]
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))

    of_unfpa.post(path, fields)

    position = Position.objects.get()
    assert (position.agency, position.kind, position.sha256) == (
        unfpa,
        PositionKind.APPROVE,
        step.draft.sha256,
    )


def test_the_form_opens_on_demand_and_a_position_is_changed(of_unfpa, unfpa, focal_point):
    step = in_clearance()
    path = url("positions", step)
    page = of_unfpa.get(path)
    assert "Reserve, object or do not join" in page.content.decode()
    assert not page.context["opened"]
    take_position(step, unfpa, focal_point)

    page = of_unfpa.get(path)

    text = page.content.decode()
    said = text[text.index('id="said-unfpa"') :]
    assert re.sub(r"\s+", " ", said[: said.index("</summary>")]).endswith(
        '<details id="take" > <summary> Change '
    )
    assert "Approve draft 1" not in text
    assert acts(page) == ([], ["Change the position"])
    assert of_unfpa.get(path + "?for=unfpa").context["opened"]


def test_the_form_says_before_that_an_objection_breaks_the_silence(
    of_unfpa, unfpa, focal_point, now
):
    step = in_clearance(silence=True)
    assert BREAKS in of_unfpa.get(url("positions", step)).content.decode()
    step.broken_at = NOW
    step.save()
    assert BREAKS not in of_unfpa.get(url("positions", step)).content.decode()
    assert BREAKS not in of_unfpa.get(url("positions", in_clearance())).content.decode()
