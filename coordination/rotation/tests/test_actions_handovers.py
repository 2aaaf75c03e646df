"""Handovers: who settles and signs what, and what is refused."""

from datetime import UTC, datetime

import pytest

from coordination.core.errors import NotAllowed, Stale
from coordination.core.history import recorded_reason
from coordination.rotation.actions import handovers, signatures
from coordination.rotation.enums import ITEM_LIFE, HandoverSide, ItemState, RotationChange
from coordination.rotation.errors import (
    AlreadySigned,
    ItemStands,
    NoteNeeded,
)
from coordination.rotation.models import ChecklistTemplateItem, HandoverItem
from coordination.rotation.tests.factories import (
    HandoverFactory,
    HandoverItemFactory,
)
from coordination.tests.cast import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def handover(terms):
    return HandoverFactory(incoming_term=terms[1])


def test_mark_item_done_by_its_side(handover, chair):
    item = HandoverItemFactory(handover=handover)

    handovers.mark_item(item, ItemState.DONE, note=" sent ", version=1, by=chair, at=NOW)

    item.refresh_from_db()
    assert (item.state, item.note, item.settled_by, item.settled_at, item.version) == (
        ItemState.DONE,
        "sent",
        chair,
        NOW,
        2,
    )


def test_not_applicable_needs_a_note(handover, chair):
    with pytest.raises(NoteNeeded):
        handovers.mark_item(
            HandoverItemFactory(handover=handover),
            ItemState.NOT_APPLICABLE,
            note=" ",
            version=1,
            by=chair,
            at=NOW,
        )


def test_the_other_side_may_not_settle_an_item(handover, incoming_chair, focal_point):
    item = HandoverItemFactory(handover=handover)

    for person in (incoming_chair, focal_point):
        with pytest.raises(
            NotAllowed,
            match="focal points of UNESCO may do this until 30 January 2027, from then on those of the incoming chair.",
        ):
            handovers.mark_item(item, ItemState.DONE, note="", version=1, by=person, at=NOW)


def test_two_people_settle_one_item(handover, chair, chair_colleague):
    item = HandoverItemFactory(handover=handover)
    handovers.mark_item(item, ItemState.DONE, note="by Élodie", version=1, by=chair, at=NOW)

    with pytest.raises(Stale) as lost:
        handovers.mark_item(
            item, ItemState.DONE, note="by Kwame", version=1, by=chair_colleague, at=NOW
        )

    assert lost.value.current.note == "by Élodie"


@pytest.mark.parametrize("state", ItemState)
@pytest.mark.parametrize("to", ItemState)
def test_an_item_moves_as_its_table_says(handover, chair, state, to):
    item = HandoverItemFactory(handover=handover, state=state)

    def act():
        if to == ItemState.OPEN:
            return handovers.reopen_item(item, version=1, by=chair, at=NOW)
        return handovers.mark_item(item, to, note="Why.", version=1, by=chair, at=NOW)

    if ITEM_LIFE.allows(state, to):
        assert act().state == to
    else:
        with pytest.raises(ItemStands) as refusal:
            act()
        sentence = (
            "This item is open already."
            if to == ItemState.OPEN
            else f"This item is “{state.label}” now; open it again first."
        )
        assert (refusal.value.message, HandoverItem.objects.get().state) == (sentence, state)


def test_reopen_item(handover, chair):
    item = HandoverItemFactory(handover=handover)
    handovers.mark_item(item, ItemState.DONE, note="", version=1, by=chair, at=NOW)

    handovers.reopen_item(item, version=2, by=chair, at=NOW)

    item.refresh_from_db()
    assert (item.state, item.settled_by, item.settled_at) == (ItemState.OPEN, None, None)


@pytest.mark.parametrize(
    ("moment", "allowed"),
    [
        (datetime(2027, 1, 30, 22, 0, tzinfo=UTC), True),
        (datetime(2027, 1, 31, 0, 0, tzinfo=UTC), False),
    ],
)
def test_the_outgoing_team_keeps_its_items_for_thirty_days(handover, chair, moment, allowed):
    item = HandoverItemFactory(handover=handover)

    if allowed:
        handovers.mark_item(item, ItemState.DONE, note="", version=1, by=chair, at=moment)
    else:
        with pytest.raises(NotAllowed):
            handovers.mark_item(item, ItemState.DONE, note="", version=1, by=chair, at=moment)

    item.refresh_from_db()
    assert (item.state == ItemState.DONE) is allowed


def test_signing_and_voiding(handover, chair, incoming_chair):
    out, into = (
        HandoverItemFactory(handover=handover),
        HandoverItemFactory(handover=handover, side=HandoverSide.INCOMING),
    )
    signatures.sign_handover(handover, HandoverSide.OUTGOING, by=chair, at=NOW)
    signatures.sign_handover(handover, HandoverSide.INCOMING, by=incoming_chair, at=NOW)
    with pytest.raises(AlreadySigned):
        signatures.sign_handover(handover, HandoverSide.INCOMING, by=incoming_chair, at=NOW)

    handovers.mark_item(out, ItemState.DONE, note="", version=1, by=chair, at=NOW)
    handover.refresh_from_db()
    assert (handover.outgoing_signed_at, handover.incoming_signed_by) == (None, incoming_chair)

    handovers.mark_item(into, ItemState.DONE, note="", version=1, by=incoming_chair, at=NOW)
    handover.refresh_from_db()
    assert handover.incoming_signed_at is None
    assert (
        recorded_reason(handover.history.first())
        == "An edit voided the signature of the incoming chair"
    )


def test_the_incoming_side_answers_for_both_where_nobody_chaired_before(terms, chair):
    alone = HandoverFactory(incoming_term=terms[0])
    item = HandoverItemFactory(handover=alone, side=HandoverSide.OUTGOING)

    handovers.mark_item(item, ItemState.DONE, note="", version=1, by=chair, at=NOW)

    item.refresh_from_db()
    assert item.state == ItemState.DONE


def test_items_and_terms_keep_history(handover, chair):
    item = HandoverItemFactory(handover=handover)

    handovers.mark_item(item, ItemState.DONE, note="", version=1, by=chair, at=NOW)

    newest = HandoverItem.history.filter(id=item.pk).first()
    assert (newest.history_user, recorded_reason(newest)) == (chair, "Marked done")


def test_history_names_who_hands_over_if_somebody_does(terms, chair):
    first, later = sorted(terms, key=lambda term: term.first_day)[:2]

    reasons = [
        recorded_reason(handovers.open_handover(term, by=chair, at=NOW).history.get())
        for term in (first, later)
    ]

    assert reasons[0] == "Began the handover"
    assert reasons[1].startswith("Began the handover from ")


@pytest.mark.parametrize("rows", [8, 40])
def test_a_checklist_costs_the_same_however_long(terms, chair, django_assert_num_queries, rows):
    ChecklistTemplateItem.objects.bulk_create(
        ChecklistTemplateItem(
            key=f"item-{n}",
            title=f"Item {n}",
            side=HandoverSide.OUTGOING,
            due_offset_days=-n,
            position=n,
        )
        for n in range(rows)
    )

    with django_assert_num_queries(14):
        handover = handovers.open_handover(terms[1], by=chair, at=NOW)

    assert handover.items.count() == rows
    assert set(
        HandoverItem.history.values_list("history_type", "history_user", "history_change_reason")
    ) == {("+", chair.pk, RotationChange.ITEM_FROM_TEMPLATE)}
    assert HandoverItem.history.count() == rows
