"""Two people at once, over two real connections."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from coordination.core.errors import RuleBroken, Stale
from coordination.statements.actions import amendments, drafts, positions, settlements
from coordination.statements.actions.amendments import AmendmentInput
from coordination.statements.actions.positions import PositionInput
from coordination.statements.enums import PositionKind, StatementState
from coordination.statements.errors import OtherText, StepClosed, WrongState
from coordination.statements.models import Amendment, ClearanceStep, Draft, Position
from coordination.statements.tests.factories import AmendmentFactory, circulated, in_clearance
from coordination.tests.cast import NOW
from coordination.tests.services.waiting import PATIENCE

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROUNDS = 25
LATER = NOW + timedelta(days=5)


def at_once(*acts):
    """Run the acts in threads that start together; return what each gave, an error of the rules for one refused."""
    ready = threading.Barrier(len(acts))

    def run(act):
        ready.wait(timeout=PATIENCE)
        try:
            return act()
        except RuleBroken as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def speak(step, agency, person, kind=PositionKind.APPROVE):
    position = PositionInput(kind, step.draft.sha256, "Why.")
    return lambda: positions.take_position(step, position, agency=agency, by=person, at=NOW)


def another_draft(step, chair):
    """Return an act that takes the text back and issues a new draft, as an objection makes the chair do."""

    def act():
        statement = positions.return_to_consolidation(step.statement, by=chair, at=NOW)
        block = step.draft.blocks.get(key="b3")
        settlements.adapt(
            block, text=f"{block.text} And more.", reason="", version=0, by=chair, at=NOW
        )
        return drafts.issue_draft(
            statement, to=StatementState.CLEARANCE, deadline=LATER, by=chair, at=NOW
        )

    return act


@pytest.mark.parametrize("part", range(2))  # fifty rounds in all, shared by the workers
def test_no_position_ends_on_a_text_that_its_author_did_not_see(
    part, unfpa, ohchr, who, focal_point, other_agency, incoming_chair, chair
):
    for _ in range(ROUNDS):
        step = in_clearance()
        speak(step, ohchr, other_agency, PositionKind.OBJECT)()

        first, second, draft = at_once(
            speak(step, unfpa, focal_point),
            speak(step, who, incoming_chair),
            another_draft(step, chair),
        )

        assert isinstance(draft, Draft)
        for outcome in (first, second):
            assert isinstance(outcome, Position | OtherText | StepClosed | WrongState)
        now = ClearanceStep.objects.get(draft=draft)
        assert list(now.positions.all()) == []
        assert (
            {position.sha256 for position in step.positions.all()}
            == {step.draft.sha256}
            != {draft.sha256}
        )


def test_two_editors_of_one_amendment_one_saves_one_sees_both(unfpa, focal_point, colleague, terms):
    for _ in range(ROUNDS):
        amendment = AmendmentFactory(
            block=circulated().blocks.get(key="b3"), agency=unfpa, author=focal_point
        )

        def edit(person, amendment=amendment):
            proposal = AmendmentInput(f"Text of {person}.", "Why.")
            return lambda: amendments.edit_amendment(
                amendment, proposal, version=1, by=person, at=NOW
            )

        results = at_once(edit(focal_point), edit(colleague))

        saved = [result for result in results if isinstance(result, Amendment)]
        lost = [result for result in results if isinstance(result, Stale)]
        assert (len(saved), len(lost)) == (1, 1)
        assert (
            lost[0].current.proposed_text
            == saved[0].proposed_text
            == Amendment.objects.get(pk=amendment.pk).proposed_text
        )
        assert Amendment.objects.get(pk=amendment.pk).version == 2


def test_an_amendment_and_the_closing_of_the_window_are_one_after_the_other(
    unfpa, focal_point, chair
):
    for _ in range(ROUNDS):
        draft = circulated()
        block = draft.blocks.get(key="b3")

        def amend(block=block):
            return amendments.amend(
                block,
                AmendmentInput("Urge States;", "Why."),
                agency=unfpa,
                by=focal_point,
                at=NOW,
            )

        amended, closed = at_once(
            amend,
            lambda draft=draft: amendments.close_amendments(draft.statement, by=chair, at=NOW),
        )

        assert closed.state == StatementState.CONSOLIDATION
        assert Amendment.objects.filter(block=block).count() == (
            1 if isinstance(amended, Amendment) else 0
        )


def test_two_of_an_agency_propose_one_amendment(unfpa, focal_point, colleague, terms):
    for _ in range(10):
        block = circulated().blocks.get(key="b3")

        def amend(person, block=block):
            return lambda: amendments.amend(
                block, AmendmentInput(f"Of {person}.", "Why."), agency=unfpa, by=person, at=NOW
            )

        results = at_once(amend(focal_point), amend(colleague))

        assert sum(isinstance(result, Amendment) for result in results) == 1
        assert Amendment.objects.filter(block=block).count() == 1
