"""An amendment moves as its table says, whoever acts on it."""

import pytest

from coordination.statements.actions import amendments, settlements
from coordination.statements.actions.amendments import AmendmentInput
from coordination.statements.enums import AMENDMENT_LIFE, AmendmentState, StatementState
from coordination.statements.errors import AmendmentSettled
from coordination.statements.queries.merged_text import IN_TEXT_STATES
from coordination.statements.tests.factories import AmendmentFactory, circulated
from coordination.tests.cast import NOW

pytestmark = pytest.mark.django_db
ACTS = {
    AmendmentState.TAKEN: lambda amendment, chair: settlements.take(
        amendment, version=1, by=chair, at=NOW
    ),
    AmendmentState.DECLINED: lambda amendment, chair: settlements.decline(
        amendment, reason="No.", version=1, by=chair, at=NOW
    ),
    AmendmentState.OPEN: lambda amendment, chair: settlements.reopen(
        amendment, version=1, by=chair, at=NOW
    ),
    AmendmentState.ADAPTED: lambda amendment, chair: settlements.adapt_insertion(
        amendment, text="Ask;", reason="No.", version=1, by=chair, at=NOW
    ),
}


@pytest.fixture
def block(terms):
    return circulated(StatementState.CONSOLIDATION).blocks.get(key="b3")


def act(to, amendment, chair, *, moves: bool):
    """Let the chair bring an amendment to a state; hold that it comes there, or stays where it is and a named error says where."""
    state = AmendmentState(amendment.state)
    if moves:
        ACTS[to](amendment, chair)
    else:
        with pytest.raises(AmendmentSettled, match=f"This amendment is “{state.label}” already."):
            ACTS[to](amendment, chair)

    amendment.refresh_from_db()
    assert (amendment.state, amendment.version > 1) == ((to if moves else state), moves)


@pytest.mark.parametrize("state", AmendmentState)
@pytest.mark.parametrize("to", ACTS)
def test_a_new_paragraph_moves_as_the_table_says_and_is_not_taken_twice(
    block, unfpa, chair, state, to
):
    amendment = AmendmentFactory(
        block=block,
        agency=unfpa,
        kind="insert",
        block_kind="body",
        proposed_text="Urge States;",
        state=state,
    )

    twice = to == AmendmentState.TAKEN and state in IN_TEXT_STATES
    act(to, amendment, chair, moves=AMENDMENT_LIFE.allows(state, to) and not twice)


@pytest.mark.parametrize("state", AmendmentState)
@pytest.mark.parametrize("to", [AmendmentState.TAKEN, AmendmentState.DECLINED, AmendmentState.OPEN])
def test_other_words_move_so_too_but_once_in_the_text_with_their_paragraph_alone(
    block, unfpa, chair, state, to
):
    amendment = AmendmentFactory(
        block=block, agency=unfpa, proposed_text="Urge States;", state=state
    )

    act(
        to, amendment, chair, moves=AMENDMENT_LIFE.allows(state, to) and state not in IN_TEXT_STATES
    )


@pytest.mark.parametrize("state", AmendmentState)
def test_a_text_of_the_chairs_stands_in_place_of_what_may_be_adapted(block, unfpa, chair, state):
    amendment = AmendmentFactory(
        block=block, agency=unfpa, proposed_text="Urge States;", state=state
    )

    settlements.adapt(
        block, text="Call upon and urge all States;", reason="Both.", version=0, by=chair, at=NOW
    )

    amendment.refresh_from_db()
    assert amendment.state == (
        AmendmentState.ADAPTED if AMENDMENT_LIFE.allows(state, AmendmentState.ADAPTED) else state
    )


@pytest.mark.parametrize("state", AmendmentState)
def test_an_agency_withdraws_and_edits_as_the_table_says(terms, unfpa, focal_point, state):
    amendment = AmendmentFactory(block=circulated().blocks.get(key="b3"), agency=unfpa, state=state)

    def edit():
        return amendments.edit_amendment(
            amendment, AmendmentInput("Urge States;", "Why."), version=1, by=focal_point, at=NOW
        )

    def withdraw(version):
        return amendments.withdraw_amendment(amendment, version=version, by=focal_point, at=NOW)

    if AMENDMENT_LIFE.allows(state, AmendmentState.WITHDRAWN):
        assert edit().state == state
        assert withdraw(2).state == AmendmentState.WITHDRAWN
    else:
        for refused in (edit, lambda: withdraw(1)):
            with pytest.raises(
                AmendmentSettled, match=f"This amendment is “{state.label}” already."
            ):
                refused()
