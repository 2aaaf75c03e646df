"""The handover between two terms: checklist and signatures.

Powers never wait for either.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.core import history, queries
from coordination.core.actions import create_with_history, update_with_history
from coordination.core.clock import day_at
from coordination.core.due import wake_on_commit
from coordination.core.permissions import On, require
from coordination.core.queries import day_in_group
from coordination.core.versions import claim
from coordination.members.models import Person
from coordination.rotation.enums import ITEM_LIFE, HandoverSide, ItemState, RotationChange
from coordination.rotation.errors import AlreadySigned, HandoverSetAside, ItemStands, NoteNeeded
from coordination.rotation.models import ChairTerm, ChecklistTemplateItem, Handover, HandoverItem
from coordination.rotation.queries import chair, corrections, handovers

MARKED = {
    ItemState.DONE: RotationChange.ITEM_DONE,
    ItemState.NOT_APPLICABLE: RotationChange.ITEM_NOT_APPLICABLE,
}
MARKED_FOR_OUTGOING = {
    ItemState.DONE: RotationChange.ITEM_DONE_FOR_OUTGOING,
    ItemState.NOT_APPLICABLE: RotationChange.ITEM_NOT_APPLICABLE_FOR_OUTGOING,
}
SIGNED = {
    HandoverSide.OUTGOING: RotationChange.OUTGOING_SIGNED,
    HandoverSide.INCOMING: RotationChange.INCOMING_SIGNED,
}
SIGNATURE_VOID = {
    HandoverSide.OUTGOING: RotationChange.OUTGOING_SIGNATURE_VOID,
    HandoverSide.INCOMING: RotationChange.INCOMING_SIGNATURE_VOID,
}


@transaction.atomic
def open_handover(term: ChairTerm, *, by: Person | None, at: datetime) -> Handover:
    """Create the handover to `term` with its checklist.

    Due days count from its first day. Called when a term is confirmed.
    """
    handover = Handover(incoming_term=term, created_at=at)
    outgoing = handovers.outgoing_term(handover)
    if outgoing:
        reason, values = RotationChange.HANDOVER_BEGUN_FROM, chair_values(outgoing)
    else:
        reason, values = RotationChange.HANDOVER_BEGUN, {}
    history.sign(handover, by=by, reason=reason, values=values)
    handover.save()
    items = [
        # the words are copied: a later change of the template leaves this handover as it is
        HandoverItem(
            handover=handover,
            key=template.key,
            title=template.title,
            detail=template.detail,
            side=template.side,
            due_day=term.first_day + timedelta(days=template.due_offset_days),
            position=template.position,
        )
        for template in ChecklistTemplateItem.objects.filter(active=True)
    ]
    for item in items:
        history.sign(item, by=by, reason=RotationChange.ITEM_FROM_TEMPLATE)
    create_with_history(items)
    return handover


def begin_handover(term: ChairTerm, *, by: Person, at: datetime) -> None:
    """Begin the handover to a term that was just confirmed, in the caller's transaction.

    An agency that goes on chairing hands nothing over to itself. If it chairs before, there is no
    handover. If it chairs after, the handover to that term moves to this one.
    """
    before = chair.term_before(term.first_day)
    following = chair.next_term(term.last_day)
    if before and chair.same_chair(before, term):
        return
    if following and chair.same_chair(following, term):
        move_handover(following, term, by=by, at=at)
        return
    open_handover(term, by=by, at=at)
    hand_over_from(term, by=by)


def move_handover(later: ChairTerm, term: ChairTerm, *, by: Person | None, at: datetime) -> None:
    """Let the handover to `later` be to `term`, which is earlier and has the same chair.

    Due days move with the first day; what was settled or signed stays.
    """
    handover = Handover.objects.select_for_update(of=("self",)).filter(incoming_term=later).first()
    if handover is None:
        open_handover(term, by=by, at=at)
        return
    handover.incoming_term = term
    handover.version += 1
    reason = RotationChange.HANDOVER_MOVED
    history.sign(handover, by=by, reason=reason, values={"term": term.slug})
    handover.save(update_fields=["incoming_term", "version"])
    items = list(handover.items.all())
    for item in items:
        item.due_day += term.first_day - later.first_day
        history.sign(item, by=by, reason=reason, values={"term": term.slug})
    update_with_history(items, ["due_day"])


def chair_values(term: ChairTerm) -> dict[str, object]:
    """Return who chairs in a term, as values of a reason."""
    return {
        "agencies": [agency.acronym for agency in chair.chairing_agencies(term)],
        "term": term.slug,
    }


def hand_over_from(term: ChairTerm, *, by: Person) -> None:
    """Record in the next handover that `term` is now its outgoing term.

    `term` was just confirmed. The outgoing term follows from the terms; only history has to tell
    it. A signature for the term before is voided.
    """
    following = chair.next_term(term.last_day)
    handover = (
        # Locked, since its team may be signing at this moment.
        Handover.objects.select_for_update(of=("self",)).filter(incoming_term=following).first()
        if following
        else None
    )
    if handover:
        record_outgoing(handover, term, by=by)


def outgoing_changed(before: Mapping[int, ChairTerm | None], *, by: Person) -> None:
    """Record which handovers have another outgoing chair than `before`, by key of the handover."""
    for key, outgoing in corrections.outgoing_by_handover().items():
        was = before.get(key)
        if outgoing and not (was and chair.same_chair(was, outgoing)):
            handover = Handover.objects.select_for_update(of=("self",)).get(pk=key)
            record_outgoing(handover, outgoing, by=by)


def record_outgoing(handover: Handover, term: ChairTerm, *, by: Person | None) -> None:
    """Record that `term` is now the outgoing term, and void a signature for the one before."""
    reason = (
        RotationChange.OUTGOING_CHANGED
        if handover.outgoing_signed_at is None
        else RotationChange.OUTGOING_CHANGED_SIGNATURE_VOID
    )
    handover.outgoing_signed_by, handover.outgoing_signed_at = None, None
    handover.version += 1
    history.sign(handover, by=by, reason=reason, values=chair_values(term))
    handover.save(update_fields=["outgoing_signed_by", "outgoing_signed_at", "version"])


def lock_item(
    item: HandoverItem, to: ItemState, *, version: int, by: Person, at: datetime
) -> HandoverItem:
    """Lock the item and its handover, and claim the version.

    The permission of `by` is checked under the lock, the change to the state `to` after the
    version. Raises NotAllowed, Stale, ItemStands.
    """
    # The handover first: sign_handover locks it too, and voiding a signature writes it.
    handover = Handover.objects.select_for_update(of=("self",)).get(pk=item.handover_id)
    item = HandoverItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    item.handover = handover
    require(by, "rotation.edit_handover_item", On(day_in_group(at), item))
    refuse_set_aside(handover)
    claim(item, version)
    if not ITEM_LIFE.allows(item.state, to):
        values = {"state": ItemState(item.state).label}
        sentence = (
            _("This item is open already.")
            if to == ItemState.OPEN
            else _("This item is “%(state)s” now; open it again first.") % values
        )
        raise ItemStands(sentence)
    return item


def refuse_set_aside(handover: Handover) -> None:
    """Raise HandoverSetAside where nothing is handed over any more."""
    if handover.set_aside_at is not None:
        raise HandoverSetAside(
            _("This handover is set aside: the schedule changed, and nothing is handed over here.")
        )


@transaction.atomic
def mark_item(
    item: HandoverItem, state: str, *, note: str, version: int, by: Person, at: datetime
) -> HandoverItem:
    """Settle an item as done or not applicable (which needs a note).

    It voids a signature of that side. Raises NoteNeeded, Stale, ItemStands, NotAllowed.
    """
    if state == ItemState.NOT_APPLICABLE and not note.strip():
        raise NoteNeeded(_("Give a reason why this does not apply."), field="note")
    item = lock_item(item, ItemState(state), version=version, by=by, at=at)
    item.state, item.note, item.settled_by, item.settled_at = ItemState(state), note.strip(), by, at
    # history says when the incoming team settled an item of the outgoing one
    group = queries.group()
    if handovers.terms_of(item.handover, group).stands_in(item.side, day_at(at, group.zone)):
        return save_item(item, MARKED_FOR_OUTGOING[item.state], by=by)
    return save_item(item, MARKED[item.state], by=by)


@transaction.atomic
def reopen_item(item: HandoverItem, *, version: int, by: Person, at: datetime) -> HandoverItem:
    """Open a settled item again.

    It voids a signature of that side. Raises Stale, ItemStands, NotAllowed.
    """
    item = lock_item(item, ItemState.OPEN, version=version, by=by, at=at)
    item.state, item.settled_by, item.settled_at = ItemState.OPEN, None, None
    return save_item(item, RotationChange.ITEM_REOPENED, by=by)


def save_item(item: HandoverItem, reason: RotationChange, *, by: Person) -> HandoverItem:
    """Save an item in the caller's transaction, and void the signature."""
    history.sign(item, by=by, reason=reason)
    item.save(update_fields=["state", "note", "settled_by", "settled_at", "version"])
    void_signature(item.handover, item.side, by=by)
    wake_on_commit()
    return item


def void_signature(handover: Handover, side: str, *, by: Person) -> None:
    """Remove a side's signature after an edit, with an entry in history."""
    fields = f"{side}_signed_by", f"{side}_signed_at"
    if (
        handover.outgoing_signed_at
        if side == HandoverSide.OUTGOING
        else handover.incoming_signed_at
    ) is None:
        return
    if side == HandoverSide.OUTGOING:
        handover.outgoing_signed_by, handover.outgoing_signed_at = None, None
    else:
        handover.incoming_signed_by, handover.incoming_signed_at = None, None
    handover.version += 1
    history.sign(
        handover,
        by=by,
        reason=SIGNATURE_VOID[HandoverSide(side)],
    )
    handover.save(update_fields=[*fields, "version"])


@transaction.atomic
def sign_handover(handover: Handover, side: str, *, by: Person, at: datetime) -> Handover:
    """Sign for one side.

    Open items do not prevent it: they stay visible. If the incoming team stands in for the outgoing
    one, the record says so. Raises AlreadySigned, NotAllowed.
    """
    handover = Handover.objects.select_for_update(of=("self",)).get(pk=handover.pk)
    group = queries.group()
    terms, day = handovers.terms_of(handover, group), day_at(at, group.zone)
    require(by, "rotation.sign_handover", On(day, (terms, side)))
    refuse_set_aside(handover)
    if (
        handover.outgoing_signed_at
        if side == HandoverSide.OUTGOING
        else handover.incoming_signed_at
    ) is not None:
        raise AlreadySigned(_("This side has signed already."))
    if side == HandoverSide.OUTGOING:
        handover.outgoing_signed_by, handover.outgoing_signed_at = by, at
    else:
        handover.incoming_signed_by, handover.incoming_signed_at = by, at
    handover.version += 1
    if terms.stands_in(side, day):
        reason = RotationChange.INCOMING_SIGNED_FOR_OUTGOING
    else:
        reason = SIGNED[HandoverSide(side)]
    history.sign(handover, by=by, reason=reason)
    handover.save(update_fields=[f"{side}_signed_by", f"{side}_signed_at", "version"])
    wake_on_commit()
    return handover
