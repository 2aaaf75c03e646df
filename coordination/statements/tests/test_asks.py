"""What is asked of whom in each state of a statement."""

from datetime import timedelta

import pytest

from coordination.core.asks import Scope
from coordination.statements.enums import PositionKind, StatementState, StepLevel
from coordination.statements.queries import asks as asks_queries
from coordination.statements.tests.factories import (
    DEADLINE,
    AmendmentFactory,
    circulated,
    drafted,
    in_clearance,
    said,
)
from coordination.tests.cast import NOW, TODAY

pytestmark = pytest.mark.django_db


def asks(person, agencies, now=NOW, *, is_chair=False):
    return [
        (ask.title, ask.detail, ask.scope)
        for ask in asks_queries.asks(person, agencies, TODAY, now, is_chair=is_chair)
    ]


def test_nothing_is_asked_where_nothing_is_under_way(focal_point, unfpa):
    drafted()

    assert asks(focal_point, [unfpa]) == []


def test_asked_to_amend_until_one_has_or_the_deadline_comes(focal_point, unfpa, ohchr):
    draft = circulated(title="Transit")

    wanted = ("Amend draft 1: Transit", "UNFPA has proposed nothing yet.", Scope.AGENCY)
    assert asks(focal_point, [unfpa]) == [wanted]
    assert asks(focal_point, [unfpa], DEADLINE) == []
    AmendmentFactory(block=draft.blocks.first(), agency=unfpa)
    assert asks(focal_point, [unfpa]) == []
    assert asks(focal_point, []) == []


def test_asked_for_a_position_until_one_has_spoken(focal_point, unfpa, terms):
    step = in_clearance(title="Transit")

    wanted = (
        "Approve or object, working-level clearance: Transit",
        "UNFPA has not spoken yet.",
        Scope.AGENCY,
    )
    assert asks(focal_point, [unfpa]) == [wanted]
    said(step, unfpa, focal_point)
    assert asks(focal_point, [unfpa]) == []


def of_chair(chair, now=NOW):
    return [
        title
        for title, _detail, scope in asks(chair, [], now, is_chair=True)
        if scope == Scope.CHAIR
    ]


def test_asked_of_the_chair_in_each_state(chair, unesco, who, ohchr, unfpa):
    draft = drafted(title="Transit")
    statement = draft.statement
    assert of_chair(chair) == ["Circulate draft 1: Transit"]
    statement.amendments_until = DEADLINE
    for state, now, wanted in (
        (StatementState.AMENDMENTS, NOW, []),
        (StatementState.AMENDMENTS, DEADLINE, ["Consolidate draft 1: Transit"]),
        (StatementState.CONSOLIDATION, NOW, ["Issue draft 2: Transit"]),
        (StatementState.CLEARANCE, NOW, []),
        (StatementState.ADOPTED, NOW, ["Release: Transit"]),
        (StatementState.WITHDRAWN, NOW, []),
    ):
        statement.state = state
        statement.save()
        assert of_chair(chair, now) == wanted


def test_asked_of_the_chair_in_clearance(chair, unesco, who, ohchr, unfpa, focal_point):
    step = in_clearance(title="Transit")
    assert of_chair(chair) == ["Hear from all, working-level clearance: Transit"]
    said(step, ohchr, focal_point, PositionKind.OBJECT)
    assert of_chair(chair) == ["Answer an objection: Transit"]
    for agency in (unesco, who, ohchr, unfpa):
        said(step, agency, focal_point, at=NOW + timedelta(hours=1))
    assert of_chair(chair) == ["Open the next step: Transit"]
    step.level, step.position = StepLevel.PRINCIPALS, 2
    step.save()
    assert of_chair(chair) == ["Adopt: Transit"]


def test_asks_cost_the_same_whatever_their_number(
    focal_point, unfpa, terms, django_assert_num_queries
):
    for _ in range(20):
        circulated()
        in_clearance()

    with django_assert_num_queries(4):
        assert len(asks_queries.asks(focal_point, [unfpa], TODAY, NOW, is_chair=False)) == 40
