"""An agency acts while the chair closes the amendments, over two real connections."""

import pytest

from coordination.core.errors import Stale
from coordination.statements.actions import preparing, sponsors
from coordination.statements.actions.amendments import (
    AmendmentInput,
    close_amendments,
    edit_amendment,
    withdraw_amendment,
)
from coordination.statements.enums import StatementState
from coordination.statements.errors import (
    DeadlinePassed,
    Reworded,
    WrongState,
)
from coordination.statements.models import (
    Amendment,
    CoSponsor,
    PreparedAmendment,
    Settlement,
)
from coordination.statements.tests.factories import AmendmentFactory, circulated
from coordination.statements.tests.races import (
    MENTAL,
    WOMEN,
    decided,
    each_first,
    states,
    take,
    take_all,
)
from coordination.tests.cast import NOW

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def close(draft, by):
    return lambda: close_amendments(draft.statement, by=by, at=NOW)


def opened(unfpa, by):
    """Return a draft that is open to amendments, with one of UNFPA."""
    draft = circulated()
    return draft, AmendmentFactory(
        block=draft.blocks.get(key="b3"), agency=unfpa, author=by, proposed_text=WOMEN
    )


def was_first(saved, closed):
    """Say whether what an agency did came before the window closed, as the histories date both."""
    return saved.history.first().history_date < closed.history.first().history_date


def edit(amendment, by):
    return lambda: edit_amendment(
        amendment, AmendmentInput(MENTAL, "Why."), version=1, by=by, at=NOW
    )


def test_what_an_agency_saves_while_the_window_closes_is_what_the_chair_takes(
    unfpa, focal_point, chair
):
    for both in each_first():
        draft, amendment = opened(unfpa, focal_point)

        saved, closed = both(edit(amendment, focal_point), close(draft, chair))

        now = Amendment.objects.get(pk=amendment.pk)
        assert (closed.state, type(saved)) == (
            StatementState.CONSOLIDATION,
            WrongState if now.version == 1 else Amendment,
        )
        assert now.proposed_text == (WOMEN if now.version == 1 else MENTAL)
        assert now.version == 1 or was_first(now, closed)
        take(now, chair, now.version)()
        assert Settlement.objects.get(block=amendment.block).text == now.proposed_text


def test_who_had_the_page_open_does_not_take_other_words_than_were_seen(unfpa, focal_point, chair):
    """The chair closes the window and takes at once, from a page that shows version 1."""
    for both in each_first():
        draft, amendment = opened(unfpa, focal_point)

        def close_and_take(draft=draft, amendment=amendment):
            close(draft, chair)()
            return take(amendment, chair)()

        saved, taken = both(edit(amendment, focal_point), close_and_take)

        settled = [each.text for each in Settlement.objects.filter(block=amendment.block)]
        if isinstance(saved, Amendment):
            assert (type(taken), taken.current.proposed_text, settled, states(amendment)) == (
                Stale,
                MENTAL,
                [],
                ["open"],
            )
        else:
            assert (type(saved), taken, settled, states(amendment)) == (
                WrongState,
                amendment,
                [WOMEN],
                ["taken"],
            )


def test_an_agency_withdraws_while_the_window_closes(unfpa, focal_point, chair):
    for both in each_first():
        draft, amendment = opened(unfpa, focal_point)

        def withdraw(amendment=amendment):
            return withdraw_amendment(amendment, version=1, by=focal_point, at=NOW)

        withdrawn, closed = both(withdraw, close(draft, chair))

        gone = isinstance(withdrawn, Amendment)
        assert (closed.state, gone or type(withdrawn)) == (
            StatementState.CONSOLIDATION,
            gone or WrongState,
        )
        assert (states(amendment), decided(amendment)) == (
            (["withdrawn"], ["Withdrawn"]) if gone else (["open"], [])
        )
        assert not gone or was_first(withdrawn, closed)
        assert take_all(draft, chair)() == ([] if gone else [amendment])


def test_an_agency_stands_behind_another_or_not_while_the_window_closes(
    unfpa, ohchr, focal_point, other_agency, chair
):
    for both in each_first():
        draft, amendment = opened(unfpa, focal_point)

        joined, closed = both(join(amendment, ohchr, other_agency), close(draft, chair))

        is_cosponsor = isinstance(joined, CoSponsor)
        assert (closed.state, is_cosponsor or type(joined)) == (
            StatementState.CONSOLIDATION,
            is_cosponsor or WrongState,
        )
        assert [each.agency for each in amendment.cosponsors.filter(left_at=None)] == (
            [ohchr] if is_cosponsor else []
        )


def join(amendment, agency, by):
    return lambda: sponsors.add_cosponsor(amendment, version=1, agency=agency, by=by, at=NOW)


def test_nobody_stands_behind_words_that_it_did_not_see(
    unfpa, ohchr, focal_point, other_agency, chair
):
    for both in each_first():
        _draft, amendment = opened(unfpa, focal_point)

        joined, saved = both(join(amendment, ohchr, other_agency), edit(amendment, focal_point))

        assert (saved, saved.proposed_text) == (amendment, MENTAL)
        rows = [(each.agency, each.reworded) for each in amendment.cosponsors.all()]
        assert isinstance(joined, CoSponsor | Reworded)
        assert rows == ([(ohchr, True)] if isinstance(joined, CoSponsor) else [])
        assert amendment.cosponsors.filter(left_at=None).count() == 0


def test_what_was_prepared_is_sent_or_stays_prepared_while_the_window_closes(
    unfpa, focal_point, chair
):
    for both in each_first():
        block = circulated().blocks.select_related("draft__statement").get(key="b3")
        proposal = AmendmentInput(WOMEN, "Why.")
        prepared = preparing.prepare_amendment(
            block, proposal, agency=unfpa, by=focal_point, at=NOW
        )

        def send(prepared=prepared, proposal=proposal):
            return preparing.send_prepared(prepared, proposal, version=1, by=focal_point, at=NOW)

        sent, closed = both(send, close(block.draft, chair))

        assert closed.state == StatementState.CONSOLIDATION
        assert isinstance(sent, Amendment | DeadlinePassed)
        saved = PreparedAmendment.objects.get(pk=prepared.pk)
        assert (saved.sent_as, list(block.amendments.all())) == (
            (sent, [sent]) if isinstance(sent, Amendment) else (None, [])
        )
        assert saved.sent_as is None or was_first(sent, closed)
