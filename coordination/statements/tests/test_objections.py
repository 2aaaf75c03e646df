"""When the text that an agency objected to has changed, the objection asks itself again."""

from datetime import timedelta

import pytest

from coordination.core.tests.pages import tidy
from coordination.statements.actions import drafts, positions, settlements
from coordination.statements.actions.positions import PositionInput
from coordination.statements.due import clearance
from coordination.statements.enums import PositionKind, StatementState
from coordination.statements.models import ClearanceStep
from coordination.statements.queries import objections
from coordination.statements.tests.factories import (
    ClearanceStepFactory,
    in_clearance,
    many_circulated,
)
from coordination.statements.tests.pages import required, url
from coordination.statements.tests.test_mails import mail
from coordination.tests.cast import NOW, TODAY
from coordination.tests.many import ROWS, many

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
OLD = "Call upon States to ensure that migrants in transit have access to health care;"
NEW = "Call upon States to ensure that migrants in transit have access to primary health care;"


@pytest.fixture
def again(unfpa, ohchr, unesco, who, focal_point, chair):
    """Return the step on draft 2, to draft 1 of which UNFPA objected for OP 1."""
    step = in_clearance(silence=True)
    step.refresh_from_db()
    objection = PositionInput(PositionKind.OBJECT, step.draft.sha256, "Too vague.", ("OP 1",))
    positions.take_position(step, objection, agency=unfpa, by=focal_point, at=NOW)
    statement = positions.return_to_consolidation(step.statement, by=chair, at=NOW)

    def issue(text=NEW) -> ClearanceStep:
        block = step.draft.blocks.get(text=OLD)
        if text != OLD:
            settlements.adapt(block, text=text, reason="", version=0, by=chair, at=NOW)
        draft = drafts.issue_draft(
            statement,
            to=StatementState.CLEARANCE,
            deadline=NOW + timedelta(days=4),
            by=chair,
            at=NOW,
        )
        return ClearanceStep.objects.get(draft=draft)

    return issue


def test_the_page_asks_whether_the_new_draft_meets_the_objection(again, of_unfpa, unfpa):
    step = again()

    page = of_unfpa.get(url("positions", step)).content.decode()

    words = tidy(page)
    assert "Does draft 2 meet the objection of UNFPA?" in words
    assert f">{OLD}</span>" in page
    assert "<ins>" in page
    assert "(OP 1): “Too vague.”" in words
    # it is asked once
    assert page.count("Approve draft 2") == 1
    sent = {"agency": unfpa.pk, "step": step.pk, "sha256": step.draft.sha256}
    kept = of_unfpa.post(
        url("positions", step), sent | {"kind": "object", "reason": "Too vague.", "about": ["OP 1"]}
    )
    assert kept.status_code == 302
    assert step.positions.get().kind == PositionKind.OBJECT
    # it has answered on this draft
    assert "Does draft 2 meet" not in of_unfpa.get(url("positions", step)).content.decode()


def test_one_press_approves_the_new_draft(again, of_unfpa, unfpa):
    step = again()

    sent = {"agency": unfpa.pk, "step": step.pk, "sha256": step.draft.sha256, "kind": "approve"}
    assert of_unfpa.post(url("positions", step), sent).status_code == 302

    assert step.positions.get().kind == PositionKind.APPROVE


def test_the_mail_asks_with_both_texts_and_only_who_objected(again, unfpa, group):
    again()

    by_agency = {item.context["agency"]: item for item in clearance.waiting_positions(NOW)}

    _subject, text, html = mail(by_agency[unfpa], group)
    assert "UNFPA objected to draft 1: “Too vague.” Does draft 2 meet it?" in text
    assert f"Draft 1, OP 1: {OLD}" in text
    assert "Draft 2, differences marked:" in text
    assert "access to [primary] health care" in text
    assert "<ins>" in html
    others = [item for agency, item in by_agency.items() if agency != unfpa]
    assert all(item.context["again"] is None for item in others)


def test_a_text_that_did_not_change_is_said_to_read_as_before(again, of_unfpa):
    step = again(OLD)

    page = of_unfpa.get(url("positions", step)).content.decode()

    assert "The text that your agency objected to reads as before." in page


@pytest.fixture
def step_again(again):
    return again()


def test_the_desk_the_bar_the_positions_page_and_the_mail_ask_whether_it_is_met(
    step_again, of_unfpa, unfpa, group
):
    question = "Does draft 2 meet your objection?"
    [asked] = required([unfpa], TODAY, NOW)

    assert (asked.kind, asked.what, asked.verb, asked.must) == (
        "statements.position",
        question,
        "Answer",
        True,
    )
    assert asked.url == f"{url('positions', step_again)}#again"
    assert asked.why == (
        "Silence approves. UNFPA has not spoken yet. UNFPA objected to an earlier draft."
    )
    desk = tidy(of_unfpa.get("/desk/").content.decode())
    # no colon between the question and the title
    assert f"{question} {step_again.statement.title}" in desk
    assert "Approve or object" not in desk
    for name in ("show", "positions"):
        page = of_unfpa.get(url(name, step_again)).content.decode()
        assert f'href="{asked.url}"' in page
    assert 'id="again"' in of_unfpa.get(url("positions", step_again)).content.decode()
    mails = {item.context["agency"]: item.url for item in clearance.waiting_positions(NOW)}
    assert mails.pop(unfpa) == asked.url
    assert set(mails.values()) == {f"{url('positions', step_again)}#take"}


def test_of_two_agencies_the_one_that_objected_is_named(step_again, unfpa, ohchr):
    [asked] = required([ohchr, unfpa], TODAY, NOW)

    assert asked.what == "Approve or object, working-level clearance"
    assert asked.why.endswith(
        "OHCHR and UNFPA have not spoken yet. UNFPA objected to an earlier draft."
    )
    assert asked.url == f"{url('positions', step_again)}#take"


def test_an_answer_ends_the_question(step_again, unfpa, focal_point):
    position = PositionInput(PositionKind.OBJECT, step_again.draft.sha256, "Too vague.")
    positions.take_position(step_again, position, agency=unfpa, by=focal_point, at=NOW)

    assert required([unfpa], TODAY, NOW) == []
    assert objections.objecting_before([step_again]) == {step_again.pk: frozenset()}


@pytest.mark.parametrize("rows", ROWS)
def test_objections_before_cost_one_query(
    step_again, unfpa, focal_point, rows, django_assert_num_queries
):
    drafts_of_many = many_circulated(rows, StatementState.CLEARANCE)
    steps = many(ClearanceStepFactory, rows, draft=drafts_of_many)
    assert step_again.draft.number == 2

    with django_assert_num_queries(1):
        assert objections.objecting_before([*steps, step_again]) == {
            step_again.pk: frozenset({unfpa.pk})
        }
    with django_assert_num_queries(0):
        assert objections.objecting_before(steps) == {}
