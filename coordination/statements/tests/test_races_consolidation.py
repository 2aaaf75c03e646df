"""Two of the chair's team settle at once, over two real connections."""

from datetime import timedelta

import pytest

from coordination.core.errors import Stale
from coordination.statements.actions import drafts, settlements
from coordination.statements.actions.amendments import (
    reopen_amendments,
)
from coordination.statements.enums import AmendmentState, StatementState
from coordination.statements.errors import (
    AmendmentsOpen,
    BlockSettled,
    SettledAlready,
    WrongState,
)
from coordination.statements.models import (
    Amendment,
    Draft,
    Settlement,
    Statement,
)
from coordination.statements.queries import merged_text
from coordination.statements.queries.drafts import blocks_of, latest_draft
from coordination.statements.tests.factories import AmendmentFactory, circulated
from coordination.statements.tests.races import (
    CARE,
    MENTAL,
    ROUNDS,
    WOMEN,
    decided,
    each_first,
    states,
    take,
    take_all,
)
from coordination.statements.tests.test_races import at_once
from coordination.tests.cast import NOW

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
LATER = NOW + timedelta(days=5)
BOTH = WOMEN.replace("health", "mental and other health")
ALL, MOST = "Call upon all States;", "Call upon most States;"
OWN = "Call upon and urge all States;"


def to_settle(*proposed, key="b3"):
    """Return a draft in consolidation, one of its paragraphs, and amendments to it.

    There is one for each agency and text.
    """
    draft = circulated(StatementState.CONSOLIDATION)
    block = draft.blocks.get(key=key)
    return (
        draft,
        block,
        *(
            AmendmentFactory(block=block, agency=agency, proposed_text=text)
            for agency, text in proposed
        ),
    )


def decline(amendment, by):
    return lambda: settlements.decline(amendment, reason="Said in OP 2.", version=1, by=by, at=NOW)


def adapt(block, by, text=OWN, version=0):
    return lambda: settlements.adapt(
        block, text=text, reason="Names both.", version=version, by=by, at=NOW
    )


def unsettle(block, by, version=1):
    return lambda: settlements.unsettle(block, version=version, by=by, at=NOW)


def issue(draft, by, to=StatementState.AMENDMENTS):
    return lambda: drafts.issue_draft(draft.statement, to=to, deadline=LATER, by=by, at=NOW)


def texts(draft):
    return [block.text for block in blocks_of(draft)]


def with_what_was_taken(draft):
    """Return the texts of a draft with all laid into them that is recorded as taken."""
    taken = AmendmentState.TAKEN
    return [
        merged_text.merge_amendments(block.text, block.amendments.filter(state=taken)).text
        for block in blocks_of(draft)
    ]


def each_has_one_outcome(old, new):
    """Hold that each amendment to the old draft has one outcome.

    None is open, those carried on are in the new draft once, and its text has what was taken.
    """
    outcomes = Amendment.objects.filter(block__draft=old)
    assert AmendmentState.OPEN not in states(*outcomes)
    carried = [amendment.pk for amendment in outcomes if amendment.state == AmendmentState.CARRIED]
    assert sorted(
        Amendment.objects.filter(block__draft=new).values_list("carried_from", flat=True)
    ) == sorted(carried)
    assert texts(new) == with_what_was_taken(old)
    assert latest_draft(old.statement) == new


def test_of_two_rivals_one_is_taken_and_the_other_is_told(unfpa, ohchr, chair, chair_colleague):
    for both in each_first():
        _draft, block, one, other = to_settle((unfpa, ALL), (ohchr, MOST))

        results = both(take(one, chair), take(other, chair_colleague))

        [won] = [result for result in results if isinstance(result, Amendment)]
        [lost] = [result for result in results if isinstance(result, BlockSettled)]
        assert "changes the same words" in lost.message
        left = other if won == one else one
        assert (states(won, left), decided(won), decided(left)) == (
            ["taken", "open"],
            ["Taken"],
            [],
        )
        settled = Settlement.objects.get(block=block)
        assert (settled.text, settled.settled_by, settled.version) == (
            won.proposed_text,
            chair if won == one else chair_colleague,
            1,
        )


def test_two_that_change_other_words_are_both_taken(unfpa, ohchr, chair, chair_colleague):
    for both in each_first():
        _draft, block, one, other = to_settle((unfpa, WOMEN), (ohchr, MENTAL))

        results = both(take(one, chair), take(other, chair_colleague))

        assert results == [one, other]
        assert (decided(one), decided(other)) == (["Taken"], ["Taken"])
        settled = Settlement.objects.get(block=block)
        assert (settled.text, settled.version) == (BOTH, 2)


def test_equal_words_are_taken_together_once(unfpa, ohchr, chair, chair_colleague):
    for both in each_first():
        _draft, block, one, other = to_settle((unfpa, ALL), (ohchr, ALL))

        results = both(take(one, chair), take(other, chair_colleague))

        assert sorted(type(result).__name__ for result in results) == ["Amendment", "Stale"]
        assert (decided(one), decided(other)) == (["Taken"], ["Taken"])
        assert [each.text for each in Settlement.history.filter(block=block)] == [ALL]


def test_one_takes_what_another_declines(unfpa, chair, chair_colleague):
    for both in each_first():
        _draft, block, amendment = to_settle((unfpa, ALL))

        taken, declined = both(take(amendment, chair), decline(amendment, chair_colleague))

        won, lost = (declined, taken) if isinstance(taken, Stale) else (taken, declined)
        assert (won, type(lost), lost.current.state) == (amendment, Stale, won.state)
        assert decided(amendment) == (["Taken"] if won is taken else ["Declined"])
        assert states(amendment) == ["taken" if won is taken else "declined"]
        assert [each.text for each in Settlement.objects.filter(block=block)] == (
            [ALL] if won is taken else []
        )


def test_one_takes_what_another_puts_in_other_words(unfpa, ohchr, chair, chair_colleague):
    for both in each_first():
        _draft, block, one, other = to_settle((unfpa, WOMEN), (ohchr, MENTAL))

        taken, adapted = both(take(one, chair), adapt(block, chair_colleague))

        settled = Settlement.objects.get(block=block)
        if isinstance(taken, Amendment):
            assert (type(adapted), adapted.current, adapted.current.text) == (Stale, settled, WOMEN)
            assert (settled.text, states(one, other), decided(one)) == (
                WOMEN,
                ["taken", "open"],
                ["Taken"],
            )
        else:
            assert (type(taken), taken.current.state) == (Stale, "adapted")
            assert (settled.text, states(one, other), decided(one)) == (
                OWN,
                ["adapted", "adapted"],
                ["Adapted"],
            )


def test_one_declines_what_another_puts_in_other_words(unfpa, chair, chair_colleague):
    for both in each_first():
        _draft, block, amendment = to_settle((unfpa, ALL))

        declined, adapted = both(
            decline(amendment, chair), adapt(block, chair_colleague, text="Urge each State;")
        )

        assert (adapted, adapted.text) == (Settlement.objects.get(block=block), "Urge each State;")
        # the paragraph is put in other words nevertheless, but not in place of this amendment
        if isinstance(declined, Amendment):
            assert (states(amendment), decided(amendment)) == (["declined"], ["Declined"])
        else:
            assert (type(declined), declined.current.state) == (Stale, "adapted")
            assert (states(amendment), decided(amendment)) == (["adapted"], ["Adapted"])


def test_of_two_texts_for_one_paragraph_the_second_is_shown_the_first(
    unfpa, chair, chair_colleague
):
    for both in each_first():
        _draft, block, amendment = to_settle((unfpa, ALL))

        results = both(adapt(block, chair), adapt(block, chair_colleague, text="Urge each State;"))

        [won] = [result for result in results if isinstance(result, Settlement)]
        [lost] = [result for result in results if isinstance(result, Stale)]
        assert lost.current.text == won.text == Settlement.objects.get(block=block).text
        assert decided(amendment) == ["Adapted"]


def test_undone_in_two_tabs_what_was_taken_meanwhile_stays(unfpa, ohchr, chair, chair_colleague):
    for turn in range(3 * ROUNDS):
        _draft, block, one, other = to_settle((unfpa, ALL), (ohchr, MOST))
        take(one, chair)()

        acts = [unsettle(block, chair), unsettle(block, chair), take(other, chair_colleague)]
        results = at_once(*acts[turn % 3 :], *acts[: turn % 3])
        taken = results[(2 - turn) % 3]

        assert states(one) == ["open"]
        if isinstance(taken, Amendment):
            assert (states(other), Settlement.objects.get(block=block).text) == (["taken"], MOST)
        else:
            assert (type(taken), states(other), Settlement.objects.filter(block=block).count()) == (
                BlockSettled,
                ["open"],
                0,
            )


def test_undone_and_put_in_other_words_the_second_is_told(unfpa, chair, chair_colleague):
    for both in each_first():
        _draft, block, amendment = to_settle((unfpa, ALL))
        take(amendment, chair)()

        undone, adapted = both(
            unsettle(block, chair),
            adapt(block, chair_colleague, text="Urge each State;", version=1),
        )

        settled = [each.text for each in Settlement.objects.filter(block=block)]
        if isinstance(adapted, Settlement):
            assert (type(undone), undone.current.text) == (Stale, "Urge each State;")
            assert (states(amendment), settled) == (["adapted"], ["Urge each State;"])
        else:
            assert (undone, type(adapted), adapted.current.text) == (block, Stale, CARE)
            assert (states(amendment), settled) == (["open"], [])


def test_what_is_taken_while_the_draft_is_issued_is_in_it_or_carried_on(
    unfpa, ohchr, chair, chair_colleague
):
    for both in each_first():
        draft, _block, one, _other = to_settle((unfpa, WOMEN), (ohchr, MENTAL))

        taken, new = both(take(one, chair), issue(draft, chair_colleague))

        assert type(taken) in {Amendment, WrongState}
        assert (states(one), decided(one)) == (
            (["taken"], ["Taken"])
            if isinstance(taken, Amendment)
            else (["carried"], ["Carried on"])
        )
        each_has_one_outcome(draft, new)


def test_what_is_undone_while_the_draft_is_issued_is_carried_on_or_in_it(
    unfpa, chair, chair_colleague
):
    for both in each_first():
        draft, block, amendment = to_settle((unfpa, WOMEN))
        take(amendment, chair)()

        undone, new = both(unsettle(block, chair), issue(draft, chair_colleague))

        assert undone == block or isinstance(undone, WrongState)
        after = ["Taken", "Undone", "Carried on"] if undone == block else ["Taken"]
        assert (states(amendment), decided(amendment)) == (
            ["carried" if undone == block else "taken"],
            after,
        )
        each_has_one_outcome(draft, new)


def test_what_is_adapted_while_the_draft_is_issued_is_in_it_or_carried_on(
    unfpa, chair, chair_colleague
):
    for both in each_first():
        draft, block, amendment = to_settle((unfpa, WOMEN))

        adapted, new = both(adapt(block, chair), issue(draft, chair_colleague))

        assert type(adapted) in {Settlement, WrongState}
        assert states(amendment) == ["adapted" if isinstance(adapted, Settlement) else "carried"]
        assert new.blocks.get(key="b3").text == (OWN if isinstance(adapted, Settlement) else CARE)
        assert Amendment.objects.filter(carried_from=amendment).count() == (
            0 if isinstance(adapted, Settlement) else 1
        )


def test_a_text_for_clearance_waits_for_the_last_decision(unfpa, chair, chair_colleague):
    for both in each_first():
        draft, _block, amendment = to_settle((unfpa, WOMEN))

        taken, new = both(
            take(amendment, chair), issue(draft, chair_colleague, StatementState.CLEARANCE)
        )

        assert (taken, decided(amendment)) == (amendment, ["Taken"])
        if isinstance(new, Draft):
            each_has_one_outcome(draft, new)
        else:
            assert (type(new), Draft.objects.filter(statement=draft.statement).count()) == (
                AmendmentsOpen,
                1,
            )
            assert (
                Statement.objects.get(pk=draft.statement_id).state == StatementState.CONSOLIDATION
            )


@pytest.mark.parametrize("settled", ["taken", "declined"])
def test_nothing_is_undone_once_the_text_is_in_clearance(unfpa, chair, chair_colleague, settled):
    for both in each_first():
        draft, block, amendment = to_settle((unfpa, WOMEN))
        was = (take if settled == "taken" else decline)(amendment, chair)()

        def undo(block=block, was=was):
            if settled == "taken":
                return settlements.unsettle(block, version=1, by=chair, at=NOW)
            return settlements.reopen(was, version=was.version, by=chair, at=NOW)

        undone, new = both(undo, issue(draft, chair_colleague, StatementState.CLEARANCE))

        if isinstance(new, Draft):
            assert (type(undone), states(amendment)) == (WrongState, [settled])
            each_has_one_outcome(draft, new)
        else:
            assert (type(new), undone) == (
                AmendmentsOpen,
                block if settled == "taken" else amendment,
            )
            assert (states(amendment), Draft.objects.filter(statement=draft.statement).count()) == (
                ["open"],
                1,
            )


@pytest.mark.parametrize("to", [StatementState.AMENDMENTS, StatementState.CLEARANCE])
def test_the_next_draft_is_issued_once(unfpa, chair, chair_colleague, to):
    for both in each_first():
        draft, _block, amendment = to_settle((unfpa, WOMEN))
        take(amendment, chair)()

        results = both(issue(draft, chair, to), issue(draft, chair_colleague, to))

        [new] = [result for result in results if isinstance(result, Draft)]
        assert [type(result) for result in results if result != new] == [WrongState]
        assert list(draft.statement.drafts.values_list("number", flat=True)) == [1, 2]
        each_has_one_outcome(draft, new)


def test_all_that_merge_are_taken_once_in_two_tabs(unfpa, ohchr, who, chair):
    for both in each_first():
        draft, block, one, other = to_settle((unfpa, WOMEN), (ohchr, MENTAL))
        clash = AmendmentFactory(
            block=draft.blocks.get(key="b4"), agency=unfpa, proposed_text="Commit ourselves to act."
        )
        rival = AmendmentFactory(
            block=clash.block, agency=who, proposed_text="Commit ourselves to help."
        )
        alone = AmendmentFactory(
            block=draft.blocks.get(key="b2"), agency=who, proposed_text="Recalling rights,"
        )

        results = both(take_all(draft, chair), take_all(draft, chair))

        assert sorted(results, key=len) == [[], [alone, one, other]]
        assert [decided(each) for each in (one, other, alone, clash, rival)] == [["Taken"]] * 3 + [
            []
        ] * 2
        assert [each.text for each in Settlement.history.filter(block=block)] == [BOTH]
        each_has_one_outcome_but_the_clash(draft, drafts.issue_draft, chair, clash, rival)


def each_has_one_outcome_but_the_clash(draft, act, chair, *clashing):
    """Issue the next draft, and hold that those left open are carried on."""
    new = act(draft.statement, to=StatementState.AMENDMENTS, deadline=LATER, by=chair, at=NOW)
    assert states(*clashing) == ["carried", "carried"]
    each_has_one_outcome(draft, new)


@pytest.mark.parametrize("act", [take, decline])
def test_one_is_settled_while_all_that_merge_are_taken(unfpa, ohchr, chair, chair_colleague, act):
    for both in each_first():
        _draft, block, one, other = to_settle((unfpa, WOMEN), (ohchr, MENTAL))

        settled, rest = both(act(one, chair), take_all(block.draft, chair_colleague))

        if isinstance(settled, Amendment):
            assert (settled, rest) == (one, [other])
        else:
            assert (type(settled), rest) == (Stale, [one, other])
        declined = act is decline and isinstance(settled, Amendment)
        assert (decided(one), decided(other)) == (["Declined" if declined else "Taken"], ["Taken"])
        assert Settlement.objects.get(block=block).text == (MENTAL if declined else BOTH)


def test_amendments_are_reopened_or_one_is_taken(unfpa, chair, chair_colleague):
    for both in each_first():
        draft, block, amendment = to_settle((unfpa, WOMEN))

        def reopen(statement=draft.statement):
            return reopen_amendments(statement, deadline=LATER, by=chair_colleague, at=NOW)

        taken, reopened = both(take(amendment, chair), reopen)

        state = Statement.objects.get(pk=draft.statement_id).state
        if isinstance(taken, Amendment):
            assert (type(reopened), state, states(amendment)) == (
                SettledAlready,
                StatementState.CONSOLIDATION,
                ["taken"],
            )
        else:
            assert (type(taken), state, states(amendment)) == (
                WrongState,
                StatementState.AMENDMENTS,
                ["open"],
            )
        assert Settlement.objects.filter(block=block).count() == (
            1 if isinstance(taken, Amendment) else 0
        )
