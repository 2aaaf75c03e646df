"""The chair's arrangement of the paragraphs of the next draft.

Paragraphs are moved and joined here; an empty line in a settled text splits one
(`settlements.adapt`). Open amendments follow their words into the next draft.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.core import history, versions
from coordination.core.errors import Stale
from coordination.members.models import Person
from coordination.statements.actions.settlements import last_versions, lock_block, lock_settlement
from coordination.statements.enums import BlockKind, StatementsChange
from coordination.statements.errors import NothingChanged
from coordination.statements.models import Block, Draft, ParagraphOrder, Settlement
from coordination.statements.queries import drafts


@transaction.atomic
def move_paragraph(
    block: Block, *, up: bool, version: int, by: Person, at: datetime
) -> ParagraphOrder:
    """Move a paragraph up or down in the next draft.

    By one place; the title stays first. `version` is that of the order that the chair saw, 0
    for none. Raises NothingChanged, Stale, NotAllowed or WrongState.
    """
    block = lock_block(block, by=by, at=at)
    order = _lock_order(block.draft, version)
    keys = [each.key for each in drafts.blocks_in_next_order(block.draft)]
    fixed = 1 if _has_title(block.draft) else 0
    place = keys.index(block.key)
    other = place - 1 if up else place + 1
    if not fixed <= other < len(keys) or place < fixed:
        raise NothingChanged(_("This paragraph cannot move further."))
    keys[place], keys[other] = keys[other], keys[place]
    order.keys, order.moved_by, order.moved_at = keys, by, at
    history.sign(order, by=by, reason=StatementsChange.PUT_IN_ORDER)
    order.save()
    return order


@transaction.atomic
def reset_order(draft: Draft, *, version: int, by: Person, at: datetime) -> None:
    """Let the paragraphs keep their order in the next draft.

    Raises Stale, NotAllowed or WrongState.
    """
    draft = lock_block(draft.blocks.order_by("position")[:1].get(), by=by, at=at).draft
    order = _lock_order(draft, version)
    if order.pk:
        history.sign(order, by=by, reason=StatementsChange.UNDONE)
        order.delete()


@transaction.atomic
def join_to_previous(block: Block, *, version: int, by: Person, at: datetime) -> Settlement:
    """Join a paragraph to the one before it in the next draft.

    Undone by `settlements.unsettle`. `version` is that of the settlement that the chair saw, 0 for
    none. Raises NothingChanged, Stale, NotAllowed or WrongState.
    """
    block = lock_block(block, by=by, at=at)
    settlement = lock_settlement(block, version)
    before = drafts.previous_in_next_order(block)
    whole = {BlockKind.TITLE, BlockKind.HEADING}
    if before is None or {before.kind, block.kind} & whole:
        raise NothingChanged(_("Only a paragraph that follows another can be joined to it."))
    if settlement is None:
        # versions never go back, see `settlements.write_settlements`
        last = last_versions([block]).get(block.pk, 0)
        settlement = Settlement(block=block, text=block.text, version=last + 1)
    settlement.joins_previous = True
    settlement.settled_by, settlement.settled_at = by, at
    history.sign(settlement, by=by, reason=StatementsChange.JOINED)
    settlement.save()
    return settlement


def _lock_order(draft: Draft, version: int) -> ParagraphOrder:
    """Lock and return the next draft's order, creating it if needed."""
    order = ParagraphOrder.objects.select_for_update(of=("self",)).filter(draft=draft).first()
    if order:
        versions.claim(order, version)
        return order
    order = ParagraphOrder(draft=draft)
    if version:
        order.version = 0
        raise Stale(_("A colleague undid the order of the paragraphs."), current=order)
    return order


def _has_title(draft: Draft) -> bool:
    return draft.blocks.filter(kind=BlockKind.TITLE).exists()
