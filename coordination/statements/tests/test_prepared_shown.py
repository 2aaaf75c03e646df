"""An agency's own people read what it prepares wherever the state of the agency is told."""

import re

import pytest

from coordination.core.tests.pages import text_of
from coordination.statements.actions import amendments, drafts, preparing, settlements
from coordination.statements.actions.amendments import AmendmentInput
from coordination.statements.actions.positions import PositionInput
from coordination.statements.enums import AmendmentKind, PositionKind, StatementState
from coordination.statements.models import PreparedAmendment
from coordination.statements.queries.preparing import InPreparation, preparation_sentence
from coordination.statements.tests.factories import DEADLINE, circulated, in_clearance
from coordination.statements.tests.pages import form_of, url
from coordination.tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now", "terms")]
SHOWN = ", quietly"  # among marks of what changes


@pytest.fixture
def block(unfpa, ohchr):
    return circulated().blocks.select_related("draft").get(key="b3")


@pytest.fixture
def prepared(block, unfpa, focal_point):
    proposal = AmendmentInput("Call upon States, quietly;", "")
    return preparing.prepare_amendment(block, proposal, agency=unfpa, by=focal_point, at=NOW)


def test_its_people_read_what_their_agency_prepares_and_who(
    block, prepared, of_unfpa, colleague, unfpa, now
):
    new = AmendmentInput("A new one;", "", AmendmentKind.INSERT)
    preparing.prepare_amendment(
        block.draft.blocks.get(key="b4"), new, agency=unfpa, by=colleague, at=NOW
    )

    page = of_unfpa.get(url("show", block.draft))
    [told] = page.context["in_preparation"]
    assert told == InPreparation(
        "UNFPA prepares 2 amendments (Nadia Ferreira and Tomás Akande).",
        (("OP 1", f"p{prepared.pk}"), ("OP 2", f"p{PreparedAmendment.objects.last().pk}")),
    )
    assert told.sentence in text_of(page)
    assert told.sentence in text_of(of_unfpa.get("/desk/"))


def test_its_words_are_marked_as_changes_are_everywhere(block, prepared, of_unfpa):
    page = of_unfpa.get(url("show", block.draft)).content.decode()
    note = page[page.index(f'id="p{prepared.pk}"') :]
    note = note[: note.index("</article>")]

    assert re.findall(r"<ins>.*?</span>(.*?)<span", note) == [", quietly"]
    assert "<em>Call upon</em>" in note
    assert re.findall(r"<del>.*?</span>(.*?)<span", note) != []


def test_its_people_see_a_position_in_preparation_in_their_row(
    unfpa, ohchr, focal_point, other_agency, of_unfpa, signed_in
):
    step = in_clearance()
    position = PositionInput(PositionKind.OBJECT, step.draft.sha256, "A reason.")
    preparing.prepare_position(step, position, version=0, agency=unfpa, by=focal_point, at=NOW)

    told = "In preparation: Objects (Nadia Ferreira). Only your agency sees this."
    page = text_of(of_unfpa.get(url("positions", step)))
    assert page.count(told) == 1
    assert "UNFPA prepares a position (Nadia Ferreira)." in text_of(of_unfpa.get("/desk/"))
    other = signed_in(other_agency)
    assert "In preparation:" not in text_of(other.get(url("positions", step)))
    assert "prepares" not in text_of(other.get("/desk/"))
    of_unfpa.post(url("positions", step), form_of(of_unfpa.get(url("positions", step))))
    assert "prepares" not in text_of(of_unfpa.get("/desk/"))


def test_a_sentence_names_all_that_an_agency_prepares():
    sentence = preparation_sentence("UNFPA", ["amendment", "position"], ["A", "B", "A"])

    assert sentence == "UNFPA prepares one amendment and a position (A and B)."


def test_what_is_left_behind_is_told_and_marked(block, prepared, of_unfpa, chair, unfpa):
    gone = amendments.amend(
        block,
        AmendmentInput("", "Gone.", AmendmentKind.DELETE),
        agency=unfpa,
        by=prepared.author,
        at=NOW,
    )
    amendments.close_amendments(block.draft.statement, by=chair, at=NOW)
    settlements.take(gone, version=1, by=chair, at=NOW)
    drafts.issue_draft(
        block.draft.statement, to=StatementState.AMENDMENTS, deadline=DEADLINE, by=chair, at=NOW
    )

    page = of_unfpa.get(url("show", block.draft))

    assert page.context["in_preparation"] == [
        InPreparation("UNFPA prepares one amendment (Nadia Ferreira).")
    ]
    assert SHOWN in page.content.decode()
