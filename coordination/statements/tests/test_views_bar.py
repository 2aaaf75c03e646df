"""The bar has the one act that is due for its reader; a position is taken, shown and changed."""

import re

import pytest

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

pytestmark = pytest.mark.django_db
BREAKS = "To object breaks the silence for all:"


def acts(page):
    """Return the act that the bar of a page calls for, and the other links there."""
    links = page.context["bar"].links
    return [link.label for link in links if link.main], [
        link.label for link in links if not link.main
    ]


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
    assert page.context["bar"].why.startswith("An agency objects. Take the text back")
    text = page.content.decode()
    assert text.index("Return to consolidation") < text.index("What is missing")


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
