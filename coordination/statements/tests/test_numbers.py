"""An amendment has one number for as long as its draft is discussed, wherever else something is proposed."""

import pytest

from coordination.statements.actions import amendments, drafts
from coordination.statements.actions.amendments import AmendmentInput
from coordination.statements.enums import StatementState
from coordination.statements.queries.paragraphs import block_views
from coordination.statements.tests.factories import DEADLINE, circulated
from coordination.statements.tests.pages import url
from coordination.tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now", "terms")]


def propose(draft, key, agency, by):
    block = draft.blocks.get(key=key)
    return amendments.amend(
        block, AmendmentInput(f"{block.text} More.", "Why."), agency=agency, by=by, at=NOW
    )


def shown(draft):
    return {
        view.block.key: [note.number for note in view.all_notes]
        for view in block_views(draft)
        if view.all_notes
    }


def test_numbers_are_given_in_the_order_of_proposals_and_never_again(
    unfpa, ohchr, focal_point, other_agency
):
    draft = circulated()
    propose(draft, "b4", unfpa, focal_point)
    second = propose(draft, "b3", ohchr, other_agency)
    amendments.withdraw_amendment(second, version=second.version, by=other_agency, at=NOW)
    propose(draft, "b2", ohchr, other_agency)

    assert shown(draft) == {"b2": [3], "b4": [1]}


def test_another_draft_numbers_what_is_carried_on_in_the_order_of_the_text(
    unfpa, ohchr, chair, focal_point, other_agency
):
    draft = circulated()
    propose(draft, "b4", unfpa, focal_point)
    propose(draft, "b3", unfpa, focal_point)
    propose(draft, "b2", ohchr, other_agency)
    amendments.close_amendments(draft.statement, by=chair, at=NOW)
    new = drafts.issue_draft(
        draft.statement, to=StatementState.AMENDMENTS, deadline=DEADLINE, by=chair, at=NOW
    )
    propose(new, "b1", unfpa, focal_point)

    assert shown(new) == {"b1": [4], "b2": [1], "b3": [2], "b4": [3]}


def test_a_piece_of_a_page_shows_the_number_that_the_page_shows(
    of_unfpa, unfpa, ohchr, focal_point, other_agency
):
    draft = circulated()
    propose(draft, "b4", unfpa, focal_point)
    propose(draft, "b2", ohchr, other_agency)

    page = of_unfpa.get(url("show", draft)).content.decode()
    piece = of_unfpa.get(
        url("paragraph", draft, "b4"), headers={"HX-Request": "true"}
    ).content.decode()

    number = '<span class="margin-note__no">1</span>'
    assert number in page
    assert number in piece
