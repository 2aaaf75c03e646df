"""Who is in office for two agencies gets a mail for each where each has its own content: once and only once, whatever else is due."""

from datetime import timedelta

import pytest

from coordination.members.tests.factories import AppointmentFactory
from coordination.reminders.actions import planning
from coordination.reminders.models import OutboxMessage
from coordination.statements.actions import drafts, settlements
from coordination.statements.enums import StatementState
from coordination.statements.models import Position, Statement
from coordination.statements.tests.factories import (
    CIRCULATED,
    DEADLINE,
    AmendmentFactory,
    circulated,
    in_clearance,
)
from coordination.tests.cast import NOW

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def of_two(focal_point, unfpa, ohchr):
    """Let Nadia Ferreira be in office for UNFPA and for OHCHR."""
    AppointmentFactory(person=focal_point, agency=ohchr)
    return focal_point


def sent(person, kind):
    """Return the first line of each mail of a kind to a person, in the order in which they were planned."""
    found = OutboxMessage.objects.filter(recipient=person, kind=f"statements.{kind}").order_by("pk")
    return [message.text.split("\n\n")[1] for message in found]


def asked(*agencies):
    return [
        f"{agency} is asked for its position on draft 1 of “Transit”: working-level clearance."
        for agency in agencies
    ]


def speaks(step, agency, person):
    Position.objects.create(
        step=step,
        agency=agency,
        person=person,
        kind="approve",
        sha256=step.draft.sha256,
        taken_at=CIRCULATED,
    )


def test_each_agency_of_a_person_is_asked_for_its_position(of_two):
    in_clearance(title="Transit")

    planning.plan(CIRCULATED)
    again = planning.plan(CIRCULATED + HOUR)

    assert sent(of_two, "position_due") == asked("OHCHR", "UNFPA")
    subjects = OutboxMessage.objects.filter(
        recipient=of_two, kind="statements.position_due"
    ).values_list("subject", flat=True)
    assert [subject.partition(" by ")[0] for subject in subjects.order_by("pk")] == [
        "Approve or object for OHCHR",
        "Approve or object for UNFPA",
    ]
    assert again.new == 0
    assert (
        OutboxMessage.objects.values("message_id").distinct().count()
        == OutboxMessage.objects.count()
    )


def test_an_agency_is_asked_once_while_the_other_speaks(of_two, ohchr):
    step = in_clearance(title="Transit")
    planning.plan(CIRCULATED)
    speaks(step, ohchr, of_two)

    planning.plan(CIRCULATED + HOUR)

    assert sent(of_two, "position_due") == asked("OHCHR", "UNFPA")


def test_an_agency_that_joins_is_asked_and_the_other_is_not_asked_again(focal_point, unfpa, ohchr):
    in_clearance(title="Transit")
    planning.plan(CIRCULATED)
    AppointmentFactory(person=focal_point, agency=ohchr)

    planning.plan(CIRCULATED + HOUR)

    assert sent(focal_point, "position_due") == asked("UNFPA", "OHCHR")


def test_a_draft_is_told_once_and_each_agency_that_proposed_nothing_is_named(of_two):
    circulated(title="Transit")

    planning.plan(CIRCULATED)
    planning.plan(DEADLINE - HOUR)

    assert sent(of_two, "amend_open") == [
        "Draft 1 of “Transit” is open to amendments.",
        "OHCHR has proposed nothing yet to draft 1 of “Transit”.",
        "UNFPA has proposed nothing yet to draft 1 of “Transit”.",
    ]


def test_each_agency_of_a_person_is_told_what_became_of_its_amendments(of_two, chair, unfpa, ohchr):
    draft = circulated(StatementState.CONSOLIDATION, title="Transit")
    for key, agency in (("b3", ohchr), ("b4", unfpa)):
        settlements.decline(
            AmendmentFactory(block=draft.blocks.get(key=key), agency=agency),
            reason="No.",
            version=1,
            by=chair,
            at=NOW,
        )
    drafts.issue_draft(
        Statement.objects.get(), to=StatementState.CLEARANCE, deadline=DEADLINE, by=chair, at=NOW
    )

    planning.plan(NOW)

    told = [words.splitlines()[0] for words in sent(of_two, "settled")]
    assert told == [
        f"Draft 2 of “Transit” is issued. What became of the amendments of {agency}:"
        for agency in ("OHCHR", "UNFPA")
    ]
