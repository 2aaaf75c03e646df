"""Update items and signatures when a chair's text changes."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from coordination.core import history
from coordination.core.due import wake_on_commit
from coordination.core.enums import ChangeReason
from coordination.core.permissions import On, require
from coordination.core.queries import day_in_group
from coordination.members.models import Person
from coordination.rotation.enums import (
    TEXT_PAGES,
    HandoverChange,
    HandoverSide,
    ItemState,
    RotationChange,
)
from coordination.rotation.errors import HandoverSetAside
from coordination.rotation.models import ChairTerm, Handover, HandoverItem, StateOfPlay
from coordination.rotation.queries import confirmed_terms, texts
from coordination.rotation.queries import handovers as handovers_queries

SIGNATURE_VOID = {
    HandoverSide.OUTGOING: RotationChange.OUTGOING_SIGNATURE_VOID,
    HandoverSide.INCOMING: RotationChange.INCOMING_SIGNATURE_VOID,
}


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes for the chair of a term, and when (UTC)."""

    term: ChairTerm
    by: Person
    at: datetime


def lock_texts(term: ChairTerm) -> ChairTerm:
    """Lock the texts of a term against other writers.

    Lock them before the handover, as whoever writes does.
    """
    return ChairTerm.objects.select_for_update(of=("self",)).get(pk=term.pk)


def lock_term(writer: Writer) -> ChairTerm:
    """Lock the texts of the writer's term.

    Raises NotAllowed.
    """
    term = lock_texts(writer.term)
    require(writer.by, "rotation.write_handover", On(day_in_group(writer.at), term))
    return term


def text_changed(term: ChairTerm, *, by: Person, at: datetime) -> None:
    """Void the signature on a term's texts and update their items, in the caller's transaction."""
    void_file_signature(term, by=by)
    following = texts.handover_after(term, confirmed_terms.load())
    if following:
        handover = Handover.objects.select_for_update(of=("self",)).get(pk=following.pk)
        void_signature(handover, HandoverSide.OUTGOING, by=by)
        follow_texts(handover, by=by, at=at)
    wake_on_commit()


def follow_texts(handover: Handover, *, by: Person | None, at: datetime) -> None:
    """Settle or reopen outgoing items as their texts exist.

    Called whenever a text or the outgoing term changes, in the caller's transaction.
    """
    outgoing = handovers_queries.outgoing_term(handover)
    items = HandoverItem.objects.filter(handover=handover, side=HandoverSide.OUTGOING)
    for item in items.filter(page__in=TEXT_PAGES):
        exists = outgoing is not None and texts.has_text(item.page, outgoing)
        if exists and item.state != ItemState.DONE:
            # no move leads from “not applicable” to “done” (ITEM_LIFE)
            if item.state == ItemState.NOT_APPLICABLE:
                save_state(item, ItemState.OPEN, RotationChange.ITEM_REOPENED, by=by, at=at)
            save_state(item, ItemState.DONE, HandoverChange.ITEM_DONE_BY_TEXT, by=by, at=at)
        elif not exists and item.state == ItemState.DONE:
            save_state(item, ItemState.OPEN, HandoverChange.ITEM_OPEN_WITHOUT_TEXT, by=by, at=at)


def save_state(
    item: HandoverItem, state: ItemState, reason: ChangeReason, *, by: Person | None, at: datetime
) -> None:
    """Save what became of an item, in the caller's transaction."""
    is_done = state == ItemState.DONE
    item.state = state
    item.settled_by, item.settled_at = (by, at) if is_done else (None, None)
    item.version += 1
    history.sign(item, by=by, reason=reason)
    item.save(update_fields=["state", "settled_by", "settled_at", "version"])


def refuse_set_aside(handover: Handover) -> None:
    """Raise HandoverSetAside where nothing is handed over any more."""
    if handover.set_aside_at is not None:
        raise HandoverSetAside(
            _("This handover is set aside: the schedule changed, and nothing is handed over here.")
        )


def void_signature(handover: Handover, side: str, *, by: Person) -> None:
    """Void a side's signature after an edit, with an entry in history."""
    if (
        handover.outgoing_signed_at
        if side == HandoverSide.OUTGOING
        else handover.incoming_signed_at
    ) is None:
        return
    set_signature(handover, side, None, None, "")
    history.sign(handover, by=by, reason=SIGNATURE_VOID[HandoverSide(side)])
    save_signature(handover, side)


def set_signature(
    handover: Handover, side: str, person: Person | None, at: datetime | None, level: str
) -> None:
    """Set or clear a side's signature with its moment and level."""
    if side == HandoverSide.OUTGOING:
        handover.outgoing_signed_by, handover.outgoing_signed_at = person, at
        handover.outgoing_level = level
    else:
        handover.incoming_signed_by, handover.incoming_signed_at = person, at
        handover.incoming_level = level


def save_signature(handover: Handover, side: str) -> None:
    """Save a side's signature with a new handover version."""
    handover.version += 1
    handover.save(
        update_fields=[f"{side}_signed_by", f"{side}_signed_at", f"{side}_level", "version"]
    )


def void_file_signature(term: ChairTerm, *, by: Person) -> None:
    """Remove the file signature after an edit, with a history entry."""
    filed = StateOfPlay.objects.filter(term=term, filed_at__isnull=False).first()
    if filed:
        filed.filed_by, filed.filed_at, filed.filed_level = None, None, ""
        filed.version += 1
        history.sign(filed, by=by, reason=HandoverChange.FILE_SIGNATURE_VOID)
        filed.save(update_fields=["filed_by", "filed_at", "filed_level", "version"])
