"""What the chair settles is the chair's until the next draft: no page, no answer, no history tells others before, nor what was undone."""

import pytest
from django.db import connection

from coordination.core import append_only
from coordination.statements.actions import amendments, drafts, positions, settlements
from coordination.statements.enums import StatementState
from coordination.statements.errors import WrongState
from coordination.statements.tests.factories import DEADLINE, AmendmentFactory, circulated
from coordination.statements.tests.pages import url
from coordination.tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now", "terms")]
SECRET = "Said in confidence."


@pytest.fixture
def draft(unfpa, ohchr):
    return circulated(StatementState.CONSOLIDATION)


@pytest.fixture
def amendment(draft, unfpa, focal_point):
    return AmendmentFactory(block=draft.blocks.get(key="b3"), agency=unfpa, author=focal_point)


def tried(amendment, chair):
    """Decline with a reason, undo it; return the amendment as it is then."""
    declined = settlements.decline(
        amendment, reason=SECRET, version=amendment.version, by=chair, at=NOW
    )
    return settlements.reopen(declined, version=declined.version, by=chair, at=NOW)


def read(browser, draft) -> str:
    """Return all that a reader sees of the statement, its history too."""
    names = ("show", "history", "compile", "discuss", "balance")
    return "".join(browser.get(url(name, draft)).content.decode() for name in names)


def test_what_was_undone_is_told_to_nobody_after_reopening(
    draft, amendment, chair, of_unfpa, of_chair
):
    tried(amendment, chair)

    amendments.reopen_amendments(draft.statement, deadline=DEADLINE, by=chair, at=NOW)

    page = read(of_unfpa, draft)
    assert (SECRET in page, "Undone" in page, "declined" in page.casefold()) == (
        False,
        False,
        False,
    )
    assert SECRET in of_chair.get(url("history", draft)).content.decode()


def test_what_was_settled_is_told_to_nobody_after_withdrawal(draft, amendment, chair, of_unfpa):
    settlements.decline(amendment, reason=SECRET, version=1, by=chair, at=NOW)

    positions.withdraw_statement(draft.statement, reason="The event is off.", by=chair, at=NOW)

    page = (
        of_unfpa.get(url("show", draft)).content.decode()
        + of_unfpa.get(url("history", draft)).content.decode()
    )
    assert (SECRET in page, "declined" in page.casefold()) == (False, False)


def test_the_order_that_the_chair_tries_is_told_to_nobody(
    draft, chair, unfpa, ohchr, of_unfpa, of_chair
):
    block = draft.blocks.get(key="b3")
    new = [
        AmendmentFactory(block=block, agency=each, kind="insert", proposed_text=f"New of {each};")
        for each in (unfpa, ohchr)
    ]

    settlements.move_insertion_up(new[1], version=1, by=chair, at=NOW)

    page = read(of_unfpa, draft)
    assert ("Put in order" in page, page.index("New of UNFPA;") < page.index("New of OHCHR;")) == (
        False,
        True,
    )
    assert "Put in order" in of_chair.get(url("history", draft)).content.decode()


def test_with_the_next_draft_only_what_became_of_it_is_told(draft, amendment, chair, of_unfpa):
    retried = tried(amendment, chair)
    settlements.take(retried, version=retried.version, by=chair, at=NOW)

    drafts.issue_draft(
        draft.statement, to=StatementState.AMENDMENTS, deadline=DEADLINE, by=chair, at=NOW
    )

    history = of_unfpa.get(url("history", draft)).content.decode()
    assert (SECRET in history, "Undone" in history, "Taken" in history) == (False, False, True)


@pytest.mark.parametrize("settled", [False, True], ids=["open", "declined"])
def test_no_answer_tells_whether_it_is_settled(
    draft, amendment, chair, of_unfpa, settled, unfpa, ohchr
):
    if settled:
        settlements.decline(amendment, reason=SECRET, version=1, by=chair, at=NOW)

    answers = [
        of_unfpa.post(url("withdraw_amendment", draft, amendment.pk), {"version": 1}),
        of_unfpa.post(url("withdraw_amendment", draft, amendment.pk), {"version": 2}),
        of_unfpa.post(url("sponsor", draft, amendment.pk), {"join": unfpa.pk}),
        of_unfpa.get(url("edit_amendment", draft, amendment.pk)),
        of_unfpa.get(url("amend", draft, "b3")),
    ]

    for answer in answers:
        assert answer.status_code == 422
        assert "declined" not in answer.content.decode().casefold()
        assert SECRET not in answer.content.decode()


def test_in_consolidation_an_agency_withdraws_nothing(amendment, focal_point):
    with pytest.raises(WrongState):
        amendments.withdraw_amendment(amendment, version=1, by=focal_point, at=NOW)


def test_what_an_objector_proposes_stays_in_the_history_after_the_return(
    chair, ohchr, other_agency, focal_point, unfpa, of_unfpa
):
    draft = circulated(StatementState.CLEARANCE)
    amendment = AmendmentFactory(
        block=draft.blocks.get(key="b3"),
        agency=ohchr,
        author=other_agency,
        proposed_text="Lifts it;",
    )
    with append_only.lifted(connection, amendment.history.model):
        amendment.history.update(
            history_user=other_agency, history_change_reason="Proposed to lift it"
        )

    draft.statement.state = StatementState.CONSOLIDATION
    draft.statement.save()

    assert "Proposed to lift it" in of_unfpa.get(url("history", draft)).content.decode()
