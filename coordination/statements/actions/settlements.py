"""The chair's decisions on amendments.

Each can be undone until the next draft is issued.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from itertools import groupby

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from coordination.core import history, versions
from coordination.core.actions import create_with_history, update_with_history
from coordination.core.errors import Stale
from coordination.members.models import Person
from coordination.statements.actions import guards
from coordination.statements.enums import (
    AMENDMENT_LIFE,
    AmendmentKind,
    AmendmentState,
    StatementsChange,
    StatementState,
)
from coordination.statements.errors import BlockSettled, NothingChanged
from coordination.statements.models import Amendment, Block, Draft, Settlement
from coordination.statements.queries import merged_text
from coordination.statements.queries.amendments import DROPPED_STATES, amendments_of
from coordination.statements.queries.merged_text import IN_TEXT_STATES, STANDING_STATES


def lock_block(block: Block, *, by: Person, at: datetime) -> Block:
    """Lock a block's statement in consolidation; return the block.

    Raises NotAllowed, WrongState or NotNewestDraft.
    """
    # a circulated block never changes, so it may be read before the lock
    block = Block.objects.select_related("draft").get(pk=block.pk)
    statement = guards.lock_for_chair(
        block.draft.statement_id,
        StatementState.CONSOLIDATION,
        may="statements.settle",
        by=by,
        at=at,
    )
    block.draft.statement = statement  # the locked row, not the one read before the lock
    guards.refuse_older_draft(block.draft)
    return block


def lock_settlements(blocks: Collection[Block]) -> dict[int, Settlement]:
    """Lock and return the settlements of blocks, by block key."""
    settlements = Settlement.objects.select_for_update(of=("self",)).filter(block__in=blocks)
    return {settlement.block_id: settlement for settlement in settlements}


def lock_settlement(block: Block, version: int) -> Settlement | None:
    """Lock and return the settlement of a block.

    `version` is the one that the chair saw, 0 for none. Raises Stale when a colleague changed or
    undid the settlement; its `current` is then what the block would become.
    """
    settlement = lock_settlements([block]).get(block.pk)
    if settlement:
        versions.claim(settlement, version)
    elif version:
        # the form shows a text that was undone; the edit-conflict page needs the present text
        last_record = Settlement.history.filter(block=block.pk).first()
        current = last_record.instance if last_record else Settlement(block=block)
        current.text, current.version = block.text, 0
        raise Stale(
            _("A colleague undid the settled text. The paragraph is as circulated again."),
            current=current,
        )
    return settlement


def lock_amendment(
    amendment: Amendment, version: int, to: AmendmentState, *, by: Person, at: datetime
) -> Amendment:
    """Lock an amendment that can move to the state `to`.

    `version` is the one that the chair saw. Raises Stale or AmendmentSettled.
    """
    block = lock_block(amendment.block, by=by, at=at)
    amendment = (
        Amendment.objects.select_for_update(of=("self",))
        .select_related("agency")
        .get(pk=amendment.pk)
    )
    versions.claim(amendment, version)
    guards.refuse_transition(amendment, to)
    amendment.block = block  # with its draft and the locked statement
    return amendment


def refuse_taken_or_adapted(amendment: Amendment) -> None:
    """Raise AmendmentSettled if the amendment is taken or adapted.

    Such an amendment changes only together with its paragraph (`unsettle`, `adapt`).
    """
    if amendment.state in IN_TEXT_STATES:
        raise guards.settled_error(amendment)


def last_versions(blocks: Collection[Block]) -> dict[int, int]:
    """Return the highest past settlement version, by block key."""
    records = Settlement.history.filter(block__in=blocks).order_by().values("block")
    return dict(records.annotate(last=Max("version")).values_list("block", "last"))


def write_settlements(texts: Mapping[Block, str], *, by: Person, at: datetime) -> list[Settlement]:
    """Save the texts of blocks for the next draft.

    At most seven queries.
    """
    existing = lock_settlements(texts)
    # A form opened before an undo carries the old version. Versions that went back to 1 would let
    # it overwrite a later text, so they continue.
    versions_before = last_versions([block for block in texts if block.pk not in existing])
    settlements = [
        existing.get(block.pk) or Settlement(block=block, version=versions_before.get(block.pk, 0))
        for block in texts
    ]
    for settlement, text in zip(settlements, texts.values(), strict=True):
        settlement.text, settlement.settled_by, settlement.settled_at = text, by, at
        settlement.version += 1
        history.sign(settlement, by=by, reason=StatementsChange.SETTLED)
    # in bulk: "take all" may settle hundreds of blocks
    create_with_history([settlement for settlement in settlements if not settlement.pk])
    update_with_history(list(existing.values()), ["text", "settled_by", "settled_at", "version"])
    return settlements


@transaction.atomic
def take(amendment: Amendment, *, version: int, by: Person, at: datetime) -> Amendment:
    """Take an amendment, and open ones that propose the same.

    Raises BlockSettled when it conflicts with a taken amendment, would empty the block, or the
    chair has written a text for the block. The chair then declines it or uses `adapt`.
    """
    amendment = lock_amendment(amendment, version, AmendmentState.TAKEN, by=by, at=at)
    refuse_taken_or_adapted(amendment)
    block = amendment.block
    standing = list(
        block.amendments.select_for_update(of=("self",)).filter(state__in=STANDING_STATES)
    )
    duplicates = [other for other in standing if proposes_same(other, amendment)]
    # a new paragraph does not touch the text of the block
    if amendment.kind == AmendmentKind.INSERT:
        guards.settle_amendments(
            [amendment, *duplicates], AmendmentState.TAKEN, why="", by=by, at=at
        )
        return amendment
    taken = [
        other
        for other in merged_text.without_insertions(standing)
        if other.state == AmendmentState.TAKEN
    ]
    if has_chair_text(block, taken, lock_settlements([block]).get(block.pk)):
        raise BlockSettled(
            _(
                "This paragraph already has another settled text. Undo that text first, or write "
                "one text in place of both."
            )
        )
    # before anything is written: this raises for a conflict
    text = text_with(amendment, taken)
    guards.settle_amendments([amendment, *duplicates], AmendmentState.TAKEN, why="", by=by, at=at)
    write_settlements({block: text}, by=by, at=at)
    return amendment


def text_with(amendment: Amendment, taken: Sequence[Amendment]) -> str:
    """Return the block's text with one more amendment taken.

    It may touch other amendments. Raises BlockSettled when that one conflicts with the others,
    or no text would be left.
    """
    merged = merged_text.merge_amendments(amendment.block.text, [*taken, amendment])
    if merged.conflicts:
        raise BlockSettled(
            _(
                "This amendment changes the same words as one that you took. Undo that one first, "
                "or write one text in place of both."
            ),
        )
    if merged_text.empties_block(merged.as_read, [*taken, amendment]):
        raise BlockSettled(
            _(
                "Together with the amendments that you took, this one would empty the paragraph. "
                "Undo those first, or write one text in place of all."
            )
        )
    return merged.as_read


def proposes_same(other: Amendment, amendment: Amendment) -> bool:
    """Return whether another open amendment proposes the same.

    To the same block.
    """
    same = (other.kind, other.proposed_text, other.block_kind) == (
        amendment.kind,
        amendment.proposed_text,
        amendment.block_kind,
    )
    return same and other.pk != amendment.pk and other.state == AmendmentState.OPEN


def has_chair_text(
    block: Block, taken: Collection[Amendment], settlement: Settlement | None
) -> bool:
    """Say whether the chair wrote the settled text. Pure.

    Otherwise it is what the taken amendments make of the block.
    """
    return (
        settlement is not None
        and settlement.text != merged_text.merge_amendments(block.text, taken).as_read
    )


@transaction.atomic
def take_all_mergeable(
    draft: Draft, *, by: Person, at: datetime, only_typography: bool = False
) -> list[Amendment]:
    """Take all open amendments that neither conflict nor touch.

    With `only_typography`, only those that change the form of quotes, spaces or dashes. Returns
    those taken, in text order. It skips blocks for which the chair wrote a text, and those
    that would become empty. Each block can be undone on its own (`unsettle`).
    """
    statement = guards.lock_for_chair(
        draft.statement_id, StatementState.CONSOLIDATION, may="statements.settle", by=by, at=at
    )
    draft.statement = statement
    guards.refuse_older_draft(draft)
    amendments = list(
        amendments_of(draft).select_for_update(of=("self",)).filter(state__in=STANDING_STATES)
    )
    settlements = lock_settlements({amendment.block for amendment in amendments})
    taken: list[Amendment] = []
    texts: dict[Block, str] = {}
    for block, standing in groupby(amendments, key=lambda amendment: amendment.block):
        considered = [
            amendment
            for amendment in standing
            if not only_typography
            or amendment.state == AmendmentState.TAKEN
            or merged_text.is_typographic(block.text, amendment)
        ]
        text, block_taken = merge_block(block, considered, settlements.get(block.pk))
        taken += block_taken
        if text is not None:
            texts[block] = text
    write_settlements(texts, by=by, at=at)
    guards.settle_amendments(taken, AmendmentState.TAKEN, why="", by=by, at=at)
    return taken


def merge_block(
    block: Block, standing: Sequence[Amendment], settlement: Settlement | None
) -> tuple[str | None, list[Amendment]]:
    """Return a block's merged text and the amendments to take.

    Pure. The text is None when the block keeps its words; only new paragraphs are then taken.
    """
    mergeable = merged_text.mergeable_amendments(block.text, standing)
    edits = merged_text.without_insertions(mergeable)
    taken = [
        amendment
        for amendment in merged_text.without_insertions(standing)
        if amendment.state == AmendmentState.TAKEN
    ]
    # a text that the chair wrote is not merged over
    if edits and not has_chair_text(block, taken, settlement):
        text = merged_text.merge_amendments(block.text, [*taken, *edits]).as_read
        if not merged_text.empties_block(text, [*taken, *edits]):
            return text, mergeable
    return None, [amendment for amendment in mergeable if amendment.kind == AmendmentKind.INSERT]


@transaction.atomic
def decline(
    amendment: Amendment, *, reason: str, version: int, by: Person, at: datetime
) -> Amendment:
    """Decline an amendment for a reason that its agency will read."""
    amendment = lock_amendment(amendment, version, AmendmentState.DECLINED, by=by, at=at)
    cleaned_reason = guards.require_reason(
        reason, _("Say why; the agency reads it with the next draft.")
    )
    guards.settle_amendments([amendment], AmendmentState.DECLINED, why=cleaned_reason, by=by, at=at)
    return amendment


@transaction.atomic
def reopen(amendment: Amendment, *, version: int, by: Person, at: datetime) -> Amendment:
    """Undo that an amendment was declined.

    This undoes a new paragraph that was taken or adapted too, as it has no settlement.
    """
    amendment = lock_amendment(amendment, version, AmendmentState.OPEN, by=by, at=at)
    if amendment.kind != AmendmentKind.INSERT:
        refuse_taken_or_adapted(amendment)
    # where an adapted new paragraph keeps the chair's text: it has no settlement
    amendment.settled_text = ""
    guards.settle_amendments([amendment], AmendmentState.OPEN, why="", by=by, at=at)
    return amendment


@transaction.atomic
def adapt_insertion(
    amendment: Amendment, *, text: str, reason: str, version: int, by: Person, at: datetime
) -> Amendment:
    """Replace a proposed new paragraph by the chair's text.

    The agency that proposed it reads the reason. Raises NothingChanged or ReasonMissing.
    """
    amendment = lock_amendment(amendment, version, AmendmentState.ADAPTED, by=by, at=at)
    chair_text = guards.clean_block_text(text)
    if (
        amendment.kind != AmendmentKind.INSERT
        or not chair_text
        or chair_text == amendment.proposed_text
    ):
        raise NothingChanged(
            _("Write your text for the new paragraph. To keep it as proposed, take it."),
            field="text",
        )
    amendment.settled_text = chair_text
    why = guards.require_reason(reason, _("Say why; the agency reads it with the next draft."))
    guards.settle_amendments([amendment], AmendmentState.ADAPTED, why=why, by=by, at=at)
    return amendment


@transaction.atomic
def move_insertion_up(amendment: Amendment, *, version: int, by: Person, at: datetime) -> Amendment:
    """Move a new paragraph up among its neighbours.

    They are after the same paragraph. Raises NothingChanged when it is the first, or no new
    paragraph.
    """
    # a declined or lapsed paragraph has no place in the text: TAKEN must be reachable
    amendment = lock_amendment(amendment, version, AmendmentState.TAKEN, by=by, at=at)
    insertions = amendment.block.amendments.select_for_update(of=("self",)).filter(
        kind=AmendmentKind.INSERT
    )
    in_order = list(
        insertions.exclude(state__in=DROPPED_STATES).order_by("place", "proposed_at", "pk")
    )
    index = next((place for place, each in enumerate(in_order) if each.pk == amendment.pk), 0)
    if not index:
        raise NothingChanged(_("This is already the first of the new paragraphs here."))
    in_order[index - 1 : index + 1] = [amendment, in_order[index - 1]]
    # until the chair first orders them, all have place 0, so several rows may change
    moved = [(place, each) for place, each in enumerate(in_order, 1) if each.place != place]
    for place, each in moved:
        each.place = place
        history.sign(each, by=by, reason=StatementsChange.PUT_IN_ORDER)
    update_with_history([each for _place, each in moved], ["place"])
    return amendment


@transaction.atomic
def adapt(
    block: Block, *, text: str, reason: str, version: int, by: Person, at: datetime
) -> Settlement:
    """Settle a block on a text that the chair wrote.

    Amendments that the text contains in full become taken, the others adapted. An empty line in the
    text begins a new paragraph; a text that only does that leaves the amendments as they are.
    `version` is that of the settlement that the chair saw, 0 for none. A block without amendments
    can be settled too, for instance after an objection. Raises NothingChanged, ReasonMissing or
    Stale.
    """
    block = lock_block(block, by=by, at=at)
    settlement = lock_settlement(block, version)
    chair_text = guards.clean_settled_text(text)
    if not chair_text or chair_text == block.text:
        raise NothingChanged(
            _("Write your text for this paragraph. To keep it as it is, decline its amendments."),
            field="text",
        )
    if chair_text.split() == (settlement.text if settlement else block.text).split():
        return write_settlements({block: chair_text}, by=by, at=at)[0]
    replaced = list(lock_amendments_to_block(block, *AMENDMENT_LIFE.before(AmendmentState.ADAPTED)))
    contained = [
        amendment
        for amendment in replaced
        if merged_text.is_fully_in(amendment, block.text, chair_text)
    ]
    others = [amendment for amendment in replaced if amendment not in contained]
    why = (
        guards.require_reason(
            reason, _("Say why; the agencies whose amendments this replaces read it.")
        )
        if others
        else reason.strip()
    )
    guards.settle_amendments(contained, AmendmentState.TAKEN, why=reason.strip(), by=by, at=at)
    guards.settle_amendments(others, AmendmentState.ADAPTED, why=why, by=by, at=at)
    return write_settlements({block: chair_text}, by=by, at=at)[0]


def lock_amendments_to_block(block: Block, *states: AmendmentState) -> QuerySet[Amendment]:
    """Lock a block's amendments in `states`.

    New paragraphs are excluded.
    """
    amendments = block.amendments.select_for_update(of=("self",)).filter(state__in=states)
    return amendments.exclude(kind=AmendmentKind.INSERT)


@transaction.atomic
def unsettle(block: Block, *, version: int, by: Person, at: datetime) -> Block:
    """Undo the settlement of a block.

    Its text is as circulated again, and its taken and adapted amendments are open again. `version`
    is that of the settlement that the chair saw. Raises Stale.
    """
    block = lock_block(block, by=by, at=at)
    settlement = lock_settlement(block, version)
    if settlement:
        # the history entry of the deletion keeps the text, which `lock_settlement` may show later
        history.sign(settlement, by=by, reason=StatementsChange.UNDONE)
        settlement.delete()
    reopened = lock_amendments_to_block(block, *IN_TEXT_STATES)
    guards.settle_amendments(reopened, AmendmentState.OPEN, why="", by=by, at=at)
    return block
