"""What agencies propose, until the deadline."""

from datetime import timedelta

import pytest

from coordination.core.errors import NotAllowed, Stale
from coordination.core.history import recorded_reason
from coordination.statements.actions import amendments, settlements
from coordination.statements.actions.amendments import AmendmentInput
from coordination.statements.enums import AmendmentKind, AmendmentState, StatementState
from coordination.statements.errors import (
    AlreadyAmended,
    AmendmentSettled,
    DeadlineNotAhead,
    DeadlinePassed,
    NothingChanged,
    NotNewestDraft,
    ReasonMissing,
    SettledAlready,
    WrongState,
)
from coordination.statements.tests.factories import (
    DEADLINE,
    AmendmentFactory,
    DraftFactory,
    circulated,
)
from coordination.tests.cast import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def block(terms):
    return circulated().blocks.get(key="b3")


def amend(block, agency, by, **changes):
    fields = {
        "proposed_text": "Call upon all States;",
        "rationale": "Everybody.",
        "kind": AmendmentKind.REPLACE,
        "at": NOW,
    } | changes
    proposal = AmendmentInput(fields["proposed_text"], fields["rationale"], fields["kind"])
    return amendments.amend(block, proposal, agency=agency, by=by, at=fields["at"])


def test_amend_keeps_text_reason_and_author(block, unfpa, focal_point):
    amendment = amend(block, unfpa, focal_point, proposed_text=" Call  upon all States; \n\n ")

    assert (amendment.proposed_text, amendment.rationale, amendment.author) == (
        "Call upon all States;",
        "Everybody.",
        focal_point,
    )
    assert (amendment.state, amendment.proposed_at) == (AmendmentState.OPEN, NOW)
    assert amendment.history.get().history_user == focal_point


def test_the_chairs_own_agency_may_amend_too(block, unesco, chair):
    assert amend(block, unesco, chair).agency == unesco


def test_nobody_amends_for_another_agency(
    block, ohchr, focal_point, stranger, former_focal_point, unfpa
):
    for agency, person in ((ohchr, focal_point), (unfpa, former_focal_point), (unfpa, stranger)):
        with pytest.raises(NotAllowed):
            amend(block, agency, person)


def test_one_moment_before_the_deadline_is_in_time(block, unfpa, focal_point):
    assert amend(block, unfpa, focal_point, at=DEADLINE - timedelta(microseconds=1)).pk


def test_at_the_deadline_it_is_late_said_in_the_persons_zone(block, unfpa, focal_point):
    with pytest.raises(DeadlinePassed) as refused:
        amend(block, unfpa, focal_point, at=DEADLINE)

    assert "Mon 30 Nov 2026, 12:00 (New York)" in refused.value.message


def test_late_said_in_the_groups_zone_to_who_has_none(block, unfpa, focal_point):
    focal_point.time_zone = ""

    with pytest.raises(DeadlinePassed) as refused:
        amend(block, unfpa, focal_point, at=DEADLINE)

    assert "Mon 30 Nov 2026, 18:00 (Zurich)" in refused.value.message


def test_amend_in_another_state_is_refused(terms, unfpa, focal_point):
    block = circulated(StatementState.CONSOLIDATION).blocks.get(key="b3")

    with pytest.raises(WrongState) as refused:
        amend(block, unfpa, focal_point)

    assert refused.value.message == "This cannot be done now: the statement is at “consolidation”."


def test_amend_an_older_draft_is_refused(block, unfpa, focal_point):
    DraftFactory(statement=block.draft.statement, number=2)

    with pytest.raises(NotNewestDraft) as refused:
        amend(block, unfpa, focal_point)

    assert "Draft 2 has been issued meanwhile" in refused.value.message


@pytest.mark.parametrize(
    ("changes", "error", "field"),
    [
        ({"proposed_text": "  "}, NothingChanged, "proposed_text"),
        ({"rationale": "  "}, ReasonMissing, "rationale"),
    ],
)
def test_amend_needs_words_and_a_reason(block, unfpa, focal_point, changes, error, field):
    with pytest.raises(error) as refused:
        amend(block, unfpa, focal_point, **changes)

    assert refused.value.field == field


def test_amend_changes_something(block, unfpa, focal_point):
    with pytest.raises(NothingChanged):
        amend(block, unfpa, focal_point, proposed_text=block.text)


def test_an_agency_has_one_open_amendment_per_block(
    block, unfpa, ohchr, focal_point, colleague, other_agency
):
    amend(block, unfpa, focal_point)

    with pytest.raises(AlreadyAmended):
        amend(block, unfpa, colleague)
    assert amend(block, ohchr, other_agency).pk


def edit(amendment, by, at=NOW, **changes):
    fields = {
        "proposed_text": "Urge all States;",
        "rationale": "Stronger.",
        "kind": AmendmentKind.REPLACE,
    } | changes
    proposal = AmendmentInput(fields["proposed_text"], fields["rationale"], fields["kind"])
    return amendments.edit_amendment(
        amendment, proposal, version=fields.get("version", amendment.version), by=by, at=at
    )


def test_a_colleague_edits_and_the_history_says_who(block, unfpa, focal_point, colleague):
    amendment = amend(block, unfpa, focal_point)

    saved = edit(amendment, colleague)

    assert (saved.proposed_text, saved.author, saved.version) == ("Urge all States;", colleague, 2)
    assert [record.history_user for record in saved.history.all()] == [colleague, focal_point]


def test_two_editors_the_second_sees_both_texts(block, unfpa, focal_point, colleague):
    amendment = amend(block, unfpa, focal_point)
    edit(amendment, colleague)

    with pytest.raises(Stale) as lost:
        edit(amendment, focal_point, proposed_text="Mine;")

    assert lost.value.current.proposed_text == "Urge all States;"


def test_edit_after_the_deadline_or_by_others_is_refused(block, unfpa, focal_point, other_agency):
    amendment = amend(block, unfpa, focal_point)

    with pytest.raises(DeadlinePassed):
        edit(amendment, focal_point, at=DEADLINE)
    with pytest.raises(NotAllowed):
        edit(amendment, other_agency)


def test_withdraw_is_a_state_and_another_may_follow(block, unfpa, focal_point):
    amendment = amend(block, unfpa, focal_point)

    gone = amendments.withdraw_amendment(
        amendment, version=amendment.version, by=focal_point, at=NOW
    )

    assert gone.state == AmendmentState.WITHDRAWN
    assert amend(block, unfpa, focal_point).pk != amendment.pk
    with pytest.raises(AmendmentSettled) as refused:
        amendments.withdraw_amendment(amendment, version=amendment.version, by=focal_point, at=NOW)
    assert refused.value.message == "This amendment is “withdrawn” already."


def test_what_would_lift_an_objection_can_be_withdrawn_in_clearance(terms, unfpa, focal_point):
    amendment = AmendmentFactory(
        block=circulated(StatementState.CLEARANCE).blocks.get(key="b3"), agency=unfpa
    )

    assert (
        amendments.withdraw_amendment(
            amendment, version=amendment.version, by=focal_point, at=NOW
        ).state
        == AmendmentState.WITHDRAWN
    )


def test_withdraw_after_adoption_is_refused(terms, unfpa, focal_point):
    amendment = AmendmentFactory(
        block=circulated(StatementState.ADOPTED).blocks.get(key="b3"), agency=unfpa
    )

    with pytest.raises(WrongState):
        amendments.withdraw_amendment(amendment, version=amendment.version, by=focal_point, at=NOW)


def test_close_before_the_deadline_moves_the_deadline(block, chair):
    statement = amendments.close_amendments(block.draft.statement, by=chair, at=NOW)

    assert (statement.state, statement.amendments_until) == (StatementState.CONSOLIDATION, NOW)


def test_close_after_the_deadline_leaves_it(block, chair):
    statement = amendments.close_amendments(
        block.draft.statement, by=chair, at=DEADLINE + timedelta(hours=1)
    )

    assert statement.amendments_until == DEADLINE


def test_only_the_chair_closes(block, focal_point):
    with pytest.raises(NotAllowed):
        amendments.close_amendments(block.draft.statement, by=focal_point, at=NOW)


# more time


def test_more_time_for_amendments_and_late_ones(block, unfpa, focal_point, chair):
    later = DEADLINE + timedelta(days=2)
    statement = amendments.reopen_amendments(
        block.draft.statement, deadline=later, by=chair, at=NOW
    )
    assert (statement.state, statement.amendments_until) == (StatementState.AMENDMENTS, later)

    amendments.close_amendments(statement, by=chair, at=NOW)
    with pytest.raises(DeadlinePassed):
        amend(block, unfpa, focal_point)
    with pytest.raises(DeadlineNotAhead):
        amendments.reopen_amendments(statement, deadline=NOW, by=chair, at=NOW)
    reopened = amendments.reopen_amendments(statement, deadline=later, by=chair, at=NOW)

    assert reopened.state == StatementState.AMENDMENTS
    assert amend(block, unfpa, focal_point).pk
    assert recorded_reason(reopened.history.first()) == "Amendments reopened"


def test_amendments_are_not_reopened_over_what_the_chair_settled(block, unfpa, focal_point, chair):
    amendment = amend(block, unfpa, focal_point)
    statement = amendments.close_amendments(block.draft.statement, by=chair, at=NOW)
    settlements.decline(amendment, reason="No.", version=1, by=chair, at=NOW)

    with pytest.raises(SettledAlready):
        amendments.reopen_amendments(statement, deadline=DEADLINE, by=chair, at=NOW)
    with pytest.raises(NotAllowed):
        amendments.reopen_amendments(statement, deadline=DEADLINE, by=focal_point, at=NOW)
