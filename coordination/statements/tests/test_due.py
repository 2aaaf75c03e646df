"""What statements owe to whom, as of a moment."""

from datetime import timedelta

import pytest

from coordination.core.due import sources
from coordination.members.enums import Role
from coordination.members.tests.factories import AppointmentFactory, PersonFactory
from coordination.statements.actions import drafts, settlements
from coordination.statements.due import amending, clearance, comments, stages, word_files
from coordination.statements.enums import PositionKind, StatementState, StepLevel
from coordination.statements.models import Position
from coordination.statements.tests.factories import (
    CIRCULATED,
    DEADLINE,
    AmendmentFactory,
    StatementFactory,
    circulated,
    drafted,
    in_clearance,
)
from coordination.tests.cast import NOW

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def people(focal_point, colleague, other_agency, chair, principals_office, former_focal_point):
    """Return UNFPA's two focal points and office, OHCHR's and the chair's; one who left gets nothing."""
    return {
        person.pk: person.name
        for person in (
            focal_point,
            colleague,
            other_agency,
            chair,
            principals_office,
            former_focal_point,
        )
    }


def mailed(find, moment, people):
    return sorted((item.stage, people[item.person_id]) for item in find(moment))


def test_stages_of_a_deadline_lie_after_its_opening():
    opened = DEADLINE - timedelta(hours=30)

    assert stages.deadline_stages(opened, DEADLINE, (24 * HOUR, 72 * HOUR)) == [
        ("opened", opened),
        ("24 h before", DEADLINE - 24 * HOUR),
    ]
    assert stages.stages_due(opened, DEADLINE, (24 * HOUR,), opened - HOUR) == []
    assert stages.stages_due(opened, DEADLINE, (24 * HOUR,), opened) == [("opened", opened)]
    assert stages.stages_due(opened, DEADLINE, (24 * HOUR,), DEADLINE - HOUR) == [
        ("24 h before", DEADLINE - 24 * HOUR)
    ]
    assert stages.stages_due(opened, DEADLINE, (24 * HOUR,), DEADLINE) == []


def test_all_focal_points_are_told_that_amendments_are_open(people):
    draft = circulated()

    assert mailed(amending.open_to_amendments, CIRCULATED, people) == [
        ("opened", "Nadia Ferreira"), ("opened", "Samira Okonkwo"), ("opened", "Tomás Akande"), ("opened", "Élodie Marchand"),
    ]  # fmt: skip
    item = next(iter(amending.open_to_amendments(CIRCULATED)))
    assert item.url == f"/statements/{draft.statement.slug}/#text"
    assert (
        item.key == f"statements.amend_open:draft:{draft.pk}/202611301700:{item.person_id}:opened"
    )
    assert item.at == CIRCULATED


def test_a_day_before_the_end_those_who_proposed_nothing_are_told(people, unfpa):
    AmendmentFactory(block=circulated().blocks.first(), agency=unfpa)

    assert mailed(amending.open_to_amendments, DEADLINE - HOUR, people) == [
        ("24 h before", "Samira Okonkwo"),
        ("24 h before", "Élodie Marchand"),
    ]
    assert mailed(amending.open_to_amendments, DEADLINE, people) == []


def test_a_draft_in_preparation_is_nobodys_business(people):
    drafted(state=StatementState.AMENDMENTS, amendments_until=DEADLINE)

    assert mailed(amending.open_to_amendments, NOW, people) == []


def test_the_silent_are_asked_for_their_position_and_those_who_spoke_are_not(
    people, unfpa, focal_point, who
):
    step = in_clearance()
    assert {name for _stage, name in mailed(clearance.waiting_positions, CIRCULATED, people)} == {
        "Nadia Ferreira", "Samira Okonkwo", "Tomás Akande", "Élodie Marchand",
    }  # fmt: skip
    Position.objects.create(
        step=step,
        agency=unfpa,
        person=focal_point,
        kind="approve",
        sha256=step.draft.sha256,
        taken_at=NOW,
    )

    assert mailed(clearance.waiting_positions, DEADLINE - 47 * HOUR, people) == [
        ("48 h before", "Samira Okonkwo"),
        ("48 h before", "Élodie Marchand"),
    ]
    item = next(iter(clearance.waiting_positions(DEADLINE - HOUR)))
    assert (item.stage, item.url) == (
        "3 h before",
        f"/statements/{step.statement.slug}/positions/#take",
    )
    assert item.context["missing"].sentence == "Waiting for OHCHR, UNESCO and WHO; nobody objects."


def test_the_principals_offices_are_asked_in_their_step(people, unfpa):
    in_clearance(StepLevel.PRINCIPALS, 2)
    AppointmentFactory(agency=unfpa, role=Role.PRINCIPAL, person=PersonFactory(email=None))

    names = [name for _stage, name in mailed(clearance.waiting_positions, NOW, people)]
    assert names.count("Office of the Executive Director") == 1
    assert len(names) == 5


def test_a_person_of_two_roles_is_asked_once(people, unfpa, focal_point):
    in_clearance(StepLevel.PRINCIPALS, 2)
    AppointmentFactory(agency=unfpa, role=Role.OFFICE, person=focal_point)

    assert [name for _stage, name in mailed(clearance.waiting_positions, NOW, people)].count(
        "Nadia Ferreira"
    ) == 1


def test_sponsors_are_told_what_became_of_their_amendments(people, unfpa, ohchr, chair):
    draft = circulated(StatementState.CONSOLIDATION)
    first = AmendmentFactory(block=draft.blocks.get(key="b3"), agency=unfpa)
    second = AmendmentFactory(block=draft.blocks.get(key="b4"), agency=unfpa)
    settlements.take(first, version=1, by=chair, at=NOW)
    settlements.decline(second, reason="Said already.", version=1, by=chair, at=NOW)
    assert list(amending.settled_amendments(NOW)) == []
    drafts.issue_draft(
        draft.statement, to=StatementState.CLEARANCE, deadline=DEADLINE, by=chair, at=NOW
    )

    assert mailed(amending.settled_amendments, NOW, people) == [
        ("issued", "Nadia Ferreira"),
        ("issued", "Tomás Akande"),
    ]
    item = next(iter(amending.settled_amendments(NOW)))
    assert [
        (each.amendment.state, each.amendment.shown_reason) for each in item.context["outcomes"]
    ] == [
        ("taken", ""),
        ("declined", "Said already."),
    ]
    assert item.url == f"/statements/{draft.statement.slug}/compare/?from=1&to=2"
    assert list(amending.settled_amendments(NOW + stages.RECENT)) == []


def test_the_chairs_team_is_told_of_a_standing_objection(people, ohchr, other_agency):
    step = in_clearance()
    objection = Position.objects.create(
        step=step,
        agency=ohchr,
        person=other_agency,
        kind=PositionKind.OBJECT,
        sha256=step.draft.sha256,
        reason="OP 3.",
        taken_at=NOW,
    )

    assert mailed(clearance.objections, NOW - HOUR, people) == []
    assert mailed(clearance.objections, NOW, people) == [("objected", "Élodie Marchand")]
    assert next(iter(clearance.objections(NOW))).subject == f"position:{objection.pk}"
    Position.objects.create(
        step=step,
        agency=ohchr,
        person=other_agency,
        kind="approve",
        sha256=step.draft.sha256,
        taken_at=NOW + HOUR,
    )
    assert mailed(clearance.objections, NOW + 2 * HOUR, people) == []


def test_an_objection_in_a_vacancy_reaches_nobody(group, ohchr, other_agency):
    step = in_clearance()
    Position.objects.create(
        step=step,
        agency=ohchr,
        person=other_agency,
        kind="object",
        sha256="",
        reason="OP 3.",
        taken_at=NOW,
    )

    assert list(clearance.objections(NOW)) == []


FINDERS = (
    amending.open_to_amendments,
    clearance.waiting_positions,
    amending.settled_amendments,
    clearance.objections,
    clearance.changed_steps,
    amending.reworded_amendments,
    comments.mentions,
    word_files.recorded_amendments,
)


def test_nothing_is_owed_where_nothing_is_under_way(group):
    StatementFactory()

    assert [list(find(NOW)) for find in FINDERS] == [[]] * len(FINDERS)


def test_what_needs_a_decision_cannot_be_off():
    kinds = {
        source.kind: source.can_be_off
        for source in sources()
        if source.kind.startswith("statements.")
    }

    assert kinds == {
        "statements.amend_open": True, "statements.position_due": False, "statements.settled": True, "statements.ended": True, "statements.objection": False,
        "statements.step_changed": False, "statements.short_deadline": False,
        "statements.letter_to_silent": False, "statements.call_recorded": False,
        "statements.recorded": False,
        "statements.reworded": True,
        "statements.mentioned": True,
    }  # fmt: skip
