"""The handover between two terms: checklist and signatures.

Powers never wait for either.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coordination.core import history, queries
from coordination.core.actions import create_with_history, update_with_history
from coordination.core.clock import day_at
from coordination.core.due import wake_on_commit
from coordination.core.enums import ChangeReason
from coordination.core.permissions import On, require
from coordination.core.queries import day_in_group
from coordination.core.versions import claim
from coordination.members.models import Person
from coordination.rotation.actions import signatures, texts
from coordination.rotation.enums import (
    ITEM_LIFE,
    HandoverSide,
    ItemPage,
    ItemState,
    RotationChange,
)
from coordination.rotation.errors import ItemStands, NoteNeeded, TextDecides
from coordination.rotation.models import ChairTerm, ChecklistTemplateItem, Handover, HandoverItem
from coordination.rotation.queries import chair, handovers, item_pages, templates
from coordination.rotation.queries import texts as texts_queries

OUTGOING = HandoverSide.OUTGOING
# why an item cannot be marked by hand
WRITTEN = {
    ItemPage.STATE_OF_PLAY: gettext_lazy(
        "This item is done when the state of play has its summary: write it there."
    ),
    ItemPage.LESSONS: gettext_lazy(
        "This item is done when the lessons answer all three questions: write them there."
    ),
}
MARKED = {
    ItemState.DONE: RotationChange.ITEM_DONE,
    ItemState.NOT_APPLICABLE: RotationChange.ITEM_NOT_APPLICABLE,
}
MARKED_FOR_OUTGOING = {
    ItemState.DONE: RotationChange.ITEM_DONE_FOR_OUTGOING,
    ItemState.NOT_APPLICABLE: RotationChange.ITEM_NOT_APPLICABLE_FOR_OUTGOING,
}


@transaction.atomic
def open_handover(term: ChairTerm, *, by: Person | None, at: datetime) -> Handover:
    """Create the handover to `term` with its checklist.

    Due days count from its first day. Without a term before it there is no outgoing side. What the
    outgoing team wrote and signed to the file counts. Called when a term is confirmed.
    """
    handover = Handover(incoming_term=term, created_at=at, template_version=templates.version())
    outgoing = handovers.outgoing_term(handover)
    if outgoing:
        reason, values = RotationChange.HANDOVER_BEGUN_FROM, chair_values(outgoing)
        signatures.take_from_file(handover, outgoing)
    else:
        reason, values = RotationChange.HANDOVER_BEGUN, {}
    history.sign(handover, by=by, reason=reason, values=values)
    handover.save()
    template = ChecklistTemplateItem.objects.filter(active=True)
    add_items(handover, template if outgoing else template.exclude(side=OUTGOING), by=by)
    texts.follow_texts(handover, by=by, at=at)
    return handover


def add_items(
    handover: Handover, template: Iterable[ChecklistTemplateItem], *, by: Person | None
) -> None:
    """Create a handover's items from the template in the caller's transaction."""
    term = handover.incoming_term
    items = [
        # the words are copied: a later change of the template leaves this handover as it is
        HandoverItem(
            handover=handover,
            key=row.key,
            title=row.title,
            detail=row.detail,
            side=row.side,
            page=row.page,
            due_day=term.first_day + timedelta(days=row.due_offset_days),
            position=row.position,
        )
        for row in template
    ]
    for item in items:
        history.sign(item, by=by, reason=RotationChange.ITEM_FROM_TEMPLATE)
    create_with_history(items)


def begin_handover(term: ChairTerm, *, by: Person, at: datetime) -> None:
    """Begin the handover to a newly confirmed term in the caller's transaction.

    An agency that goes on chairing hands nothing over to itself. If it chairs before, there is no
    handover. If it chairs after, the handover to that term moves to this one.
    """
    before = chair.term_before(term.first_day)
    following = chair.next_term(term.last_day)
    if before and chair.same_chair(before, term):
        return
    if before:
        texts.lock_texts(before)
    if following and chair.same_chair(following, term):
        move_handover(following, term, by=by, at=at)
        return
    open_handover(term, by=by, at=at)
    hand_over_from(term, by=by, at=at)


def move_handover(later: ChairTerm, term: ChairTerm, *, by: Person | None, at: datetime) -> None:
    """Move the handover of `later` to an earlier term of its chair.

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
    move_due_days(handover, term.first_day - later.first_day, by=by, reason=reason, term=term)
    texts.follow_texts(handover, by=by, at=at)


def move_due_days(
    handover: Handover, days: timedelta, *, by: Person | None, reason: ChangeReason, term: ChairTerm
) -> None:
    """Move a handover's due days with the first day of its term, in the caller's transaction.

    What was settled or signed stays. Reminders that wait follow, since they are derived from the
    days; `reason` is for history, with the slug of `term`.
    """
    if not days:
        return
    items = list(HandoverItem.objects.filter(handover=handover))
    for item in items:
        item.due_day += days
        history.sign(item, by=by, reason=reason, values={"term": term.slug})
    update_with_history(items, ["due_day"])
    wake_on_commit()


def chair_values(term: ChairTerm) -> dict[str, object]:
    """Return who chairs in a term, as values of a reason."""
    return {
        "agencies": [agency.acronym for agency in chair.chairing_agencies(term)],
        "term": term.slug,
    }


def hand_over_from(term: ChairTerm, *, by: Person, at: datetime) -> None:
    """Record `term` as the outgoing term of the next handover.

    `term` was just confirmed. The outgoing term follows from the terms; only history has to tell
    it. A signature for the term before is voided. Where the agencies of the next term went on until
    now, they are handed something from now on.
    """
    following = chair.next_term(term.last_day)
    if following is None:
        return
    # Locked, since its team may be signing at this moment.
    locked = Handover.objects.select_for_update(of=("self",))
    handover = locked.filter(incoming_term=following).first()
    if handover is None:
        open_handover(following, by=by, at=at)
        return
    if handover.set_aside_at is not None:
        handover.set_aside_at, handover.version = None, handover.version + 1
        history.sign(handover, by=by, reason=RotationChange.HANDOVER_TAKEN_UP)
        handover.save(update_fields=["set_aside_at", "version"])
    record_outgoing(handover, term, by=by, at=at)


def record_outgoing(
    handover: Handover, term: ChairTerm, *, by: Person | None, at: datetime
) -> None:
    """Set the outgoing term, and void a signature for the previous one.

    A handover that had no outgoing side gets the items of that side.
    """
    reason = (
        RotationChange.OUTGOING_CHANGED
        if handover.outgoing_signed_at is None
        else RotationChange.OUTGOING_CHANGED_SIGNATURE_VOID
    )
    texts.set_signature(handover, OUTGOING, None, None, "")
    signatures.take_from_file(handover, term)
    history.sign(handover, by=by, reason=reason, values=chair_values(term))
    texts.save_signature(handover, OUTGOING)
    if not HandoverItem.objects.filter(handover=handover, side=OUTGOING).exists():
        template = ChecklistTemplateItem.objects.filter(active=True, side=OUTGOING)
        add_items(handover, template, by=by)
    texts.follow_texts(handover, by=by, at=at)


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
    texts.refuse_set_aside(handover)
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


@transaction.atomic
def mark_item(
    item: HandoverItem, state: str, *, note: str, version: int, by: Person, at: datetime
) -> HandoverItem:
    """Settle an item as done or not applicable.

    Not applicable needs a note. It voids a signature of that side. Raises NoteNeeded,
    TextDecides, Stale, ItemStands, NotAllowed.
    """
    if state == ItemState.NOT_APPLICABLE and not note.strip():
        raise NoteNeeded(_("Give a reason why this does not apply."), field="note")
    item = lock_item(item, ItemState(state), version=version, by=by, at=at)
    if state == ItemState.DONE:
        refuse_by_hand(item)
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
    outgoing = handovers.outgoing_term(item.handover)
    if item.state == ItemState.DONE and outgoing and texts_queries.has_text(item.page, outgoing):
        refuse_by_hand(item)
    item.state, item.settled_by, item.settled_at = ItemState.OPEN, None, None
    return save_item(item, RotationChange.ITEM_REOPENED, by=by)


def refuse_by_hand(item: HandoverItem) -> None:
    """Raise TextDecides for an outgoing item that asks for a text."""
    if item_pages.asks_for_text(item):
        raise TextDecides(str(WRITTEN[ItemPage(item.page)]))


def save_item(item: HandoverItem, reason: RotationChange, *, by: Person) -> HandoverItem:
    """Save an item and void the signature, in the caller's transaction."""
    history.sign(item, by=by, reason=reason)
    item.save(update_fields=["state", "note", "settled_by", "settled_at", "version"])
    texts.void_signature(item.handover, item.side, by=by)
    wake_on_commit()
    return item
