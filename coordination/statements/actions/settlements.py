"""What the chair does with each amendment.

All of it can be undone until the next draft is issued.
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
from coordination.statements.queries.amendments import DROPPED, amendments_of
from coordination.statements.queries.merged_text import IN_TEXT, STANDING


def at_block(block: Block, *, by: Person, at: datetime) -> Block:
    """Lock a block of the newest draft for the chair's team.

    The statement must be in consolidation. The block comes with its settlement.
    """
    block = Block.objects.select_related("draft").get(pk=block.pk)
    statement = guards.hold(
        block.draft.statement_id,
        StatementState.CONSOLIDATION,
        may="statements.settle",
        by=by,
        at=at,
    )
    block.draft.statement = statement
    guards.refuse_older_draft(block.draft)
    return block


def settlements_of(blocks: Collection[Block]) -> dict[int, Settlement]:
    """Return the texts on which the chair settled for the blocks, locked, by block."""
    settlements = Settlement.objects.select_for_update(of=("self",)).filter(block__in=blocks)
    return {settlement.block_id: settlement for settlement in settlements}


def claim_settlement(block: Block, version: int) -> Settlement | None:
    """Lock and return the settled text of a block.

    `version` is the one that the chair saw (0: none). Raises Stale when a colleague was first.
    Where a colleague undid it, what is there now is the paragraph as circulated.
    """
    settlement = settlements_of([block]).get(block.pk)
    if settlement:
        versions.claim(settlement, version)
    elif version:
        last = Settlement.history.filter(block=block.pk).first()
        current = last.instance if last else Settlement(block=block)
        current.text, current.version = block.text, 0
        raise Stale(
            _("A colleague undid what was settled here; the paragraph stands as circulated."),
            current=current,
        )
    return settlement


def taken_in_hand(
    amendment: Amendment, version: int, to: AmendmentState, *, by: Person, at: datetime
) -> Amendment:
    """Lock an amendment from which a way leads to the state `to`, at the version the chair saw."""
    block = at_block(amendment.block, by=by, at=at)
    amendment = (
        Amendment.objects.select_for_update(of=("self",))
        .select_related("agency")
        .get(pk=amendment.pk)
    )
    versions.claim(amendment, version)
    guards.refuse_way(amendment, to)
    amendment.block = block
    return amendment


def refuse_in_text(amendment: Amendment) -> None:
    """Raise AmendmentSettled for what is taken or adapted.

    It is undone or reworded together with its paragraph.
    """
    if amendment.state in IN_TEXT:
        raise guards.settled_already(amendment)


def last_versions(blocks: Collection[Block]) -> dict[int, int]:
    """Return the highest version that the settled texts of each block reached, by block.

    So a text that was undone is never mistaken for a later one.
    """
    past = Settlement.history.filter(block__in=blocks).order_by().values("block")
    return dict(past.annotate(last=Max("version")).values_list("block", "last"))


def write_settlements(texts: Mapping[Block, str], *, by: Person, at: datetime) -> list[Settlement]:
    """Write the texts with which blocks go into the next draft; at most seven queries.

    After an undone text the versions go on from there.
    """
    there = settlements_of(texts)
    last = last_versions([block for block in texts if block.pk not in there])
    settlements = [
        there.get(block.pk) or Settlement(block=block, version=last.get(block.pk, 0))
        for block in texts
    ]
    for settlement, text in zip(settlements, texts.values(), strict=True):
        settlement.text, settlement.settled_by, settlement.settled_at = text, by, at
        settlement.version += 1
        history.sign(settlement, by=by, reason=StatementsChange.SETTLED)
    create_with_history([settlement for settlement in settlements if not settlement.pk])
    update_with_history(list(there.values()), ["text", "settled_by", "settled_at", "version"])
    return settlements


@transaction.atomic
def take(amendment: Amendment, *, version: int, by: Person, at: datetime) -> Amendment:
    """Take an amendment as it is, beside those that are taken already.

    Others that propose the same are taken with it. Raises BlockSettled when it changes words that
    one taken before changes, when nothing of the block would be left, or when the chair wrote a
    text of its own for it: then one is declined, or a text written in place of all (`adapt`).
    """
    amendment = taken_in_hand(amendment, version, AmendmentState.TAKEN, by=by, at=at)
    refuse_in_text(amendment)
    block = amendment.block
    live = list(block.amendments.select_for_update(of=("self",)).filter(state__in=STANDING))
    same = [one for one in live if proposes_the_same(one, amendment)]
    if amendment.kind == AmendmentKind.INSERT:
        guards.settle([amendment, *same], AmendmentState.TAKEN, why="", by=by, at=at)
        return amendment
    taken = [one for one in merged_text.own_words(live) if one.state == AmendmentState.TAKEN]
    if has_own_text(block, taken, settlements_of([block]).get(block.pk)):
        raise BlockSettled(
            _(
                "This paragraph already has another settled text. Undo that first, or write a "
                "text in place of both."
            )
        )
    if merged_text.laid_together(block.text, [*taken, amendment]).conflicts:
        raise BlockSettled(
            _(
                "It changes the same words as one that you took. Undo that first, or write a text "
                "in place of both."
            ),
        )
    text = merged_text.laid_together(block.text, [*taken, amendment]).text
    if merged_text.leaves_nothing(text, [*taken, amendment]):
        raise BlockSettled(
            _(
                "With what you took, this would leave nothing of the paragraph. Undo that first, "
                "or write a text in place of both."
            )
        )
    guards.settle([amendment, *same], AmendmentState.TAKEN, why="", by=by, at=at)
    write_settlements({block: text}, by=by, at=at)
    return amendment


def proposes_the_same(other: Amendment, amendment: Amendment) -> bool:
    """Say whether another open amendment to the same paragraph proposes what this one does."""
    same = (other.kind, other.proposed_text, other.block_kind) == (
        amendment.kind,
        amendment.proposed_text,
        amendment.block_kind,
    )
    return same and other.pk != amendment.pk and other.state == AmendmentState.OPEN


def has_own_text(block: Block, taken: Collection[Amendment], settlement: Settlement | None) -> bool:
    """Say whether the block is settled on a text that is not made of what was taken. Pure."""
    return (
        settlement is not None
        and settlement.text != merged_text.laid_together(block.text, taken).text
    )


@transaction.atomic
def take_all_that_merge(draft: Draft, *, by: Person, at: datetime) -> list[Amendment]:
    """Take every open amendment of the newest draft that collides with no other.

    Returns those taken, in the order of the text. Paragraphs for which the chair wrote a text of
    its own, or of which nothing would be left, are left alone. Each paragraph can be undone as if
    its amendments had been taken one by one.
    """
    statement = guards.hold(
        draft.statement_id, StatementState.CONSOLIDATION, may="statements.settle", by=by, at=at
    )
    draft.statement = statement
    guards.refuse_older_draft(draft)
    amendments = list(
        amendments_of(draft).select_for_update(of=("self",)).filter(state__in=STANDING)
    )
    settlements = settlements_of({amendment.block for amendment in amendments})
    taken: list[Amendment] = []
    texts: dict[Block, str] = {}
    for block, live in groupby(amendments, key=lambda amendment: amendment.block):
        text, merging = merged_by_chair(block, list(live), settlements.get(block.pk))
        taken += merging
        if text is not None:
            texts[block] = text
    write_settlements(texts, by=by, at=at)
    guards.settle(taken, AmendmentState.TAKEN, why="", by=by, at=at)
    return taken


def merged_by_chair(
    block: Block, live: Sequence[Amendment], settlement: Settlement | None
) -> tuple[str | None, list[Amendment]]:
    """Return the text of a block with all that merges, and the amendments to take for it.

    The text is None where the block's own words stay: then only new paragraphs are taken. Pure.
    """
    clean = merged_text.that_merge(block.text, live)
    words = merged_text.own_words(clean)
    taken = [each for each in merged_text.own_words(live) if each.state == AmendmentState.TAKEN]
    if words and not has_own_text(block, taken, settlement):
        text = merged_text.laid_together(block.text, [*taken, *words]).text
        if not merged_text.leaves_nothing(text, [*taken, *words]):
            return text, clean
    return None, [each for each in clean if each.kind == AmendmentKind.INSERT]


@transaction.atomic
def decline(
    amendment: Amendment, *, reason: str, version: int, by: Person, at: datetime
) -> Amendment:
    """Decline an amendment, with the reason that its agency will read."""
    amendment = taken_in_hand(amendment, version, AmendmentState.DECLINED, by=by, at=at)
    words = guards.refuse_without(reason, _("Say why; the agency reads it with the next draft."))
    guards.settle([amendment], AmendmentState.DECLINED, why=words, by=by, at=at)
    return amendment


@transaction.atomic
def reopen(amendment: Amendment, *, version: int, by: Person, at: datetime) -> Amendment:
    """Undo that an amendment was declined.

    For a new paragraph, undo also that it was taken or adapted.
    """
    amendment = taken_in_hand(amendment, version, AmendmentState.OPEN, by=by, at=at)
    if amendment.kind != AmendmentKind.INSERT:
        refuse_in_text(amendment)
    amendment.settled_text = ""
    guards.settle([amendment], AmendmentState.OPEN, why="", by=by, at=at)
    return amendment


@transaction.atomic
def adapt_new(
    amendment: Amendment, *, text: str, reason: str, version: int, by: Person, at: datetime
) -> Amendment:
    """Replace a proposed new paragraph by the chair's own text.

    The agency that proposed it reads the reason.
    """
    amendment = taken_in_hand(amendment, version, AmendmentState.ADAPTED, by=by, at=at)
    words = guards.block_text(text)
    if amendment.kind != AmendmentKind.INSERT or not words or words == amendment.proposed_text:
        raise NothingChanged(
            _("Write the text that shall stand; to have it as it was proposed, take it."),
            field="text",
        )
    amendment.settled_text = words
    why = guards.refuse_without(reason, _("Say why; the agency reads it with the next draft."))
    guards.settle([amendment], AmendmentState.ADAPTED, why=why, by=by, at=at)
    return amendment


@transaction.atomic
def put_up(amendment: Amendment, *, version: int, by: Person, at: datetime) -> Amendment:
    """Move a new paragraph one place up.

    It moves among those proposed after the same paragraph. Raises NothingChanged when it is no new
    paragraph, or the first.
    """
    # only what may be in the text has a place there
    amendment = taken_in_hand(amendment, version, AmendmentState.TAKEN, by=by, at=at)
    standing = amendment.block.amendments.select_for_update(of=("self",)).filter(
        kind=AmendmentKind.INSERT
    )
    rivals = list(standing.exclude(state__in=DROPPED).order_by("place", "proposed_at", "pk"))
    now = next((place for place, each in enumerate(rivals) if each.pk == amendment.pk), 0)
    if not now:
        raise NothingChanged(_("This is the first of the new paragraphs here already."))
    rivals[now - 1 : now + 1] = [amendment, rivals[now - 1]]
    moved = [(place, each) for place, each in enumerate(rivals, 1) if each.place != place]
    for place, each in moved:
        each.place = place
        history.sign(each, by=by, reason=StatementsChange.PUT_IN_ORDER)
    update_with_history([each for _place, each in moved], ["place"])
    return amendment


@transaction.atomic
def adapt(
    block: Block, *, text: str, reason: str, version: int, by: Person, at: datetime
) -> Settlement:
    """Settle the block on a text that the chair wrote.

    Its open and taken amendments are thereby adapted; those that the text has in full are taken.
    `version` is that of the block's settled text as the chair saw it, 0 when there was none. A
    block without amendments may be settled so too (after an objection).
    """
    block = at_block(block, by=by, at=at)
    claim_settlement(block, version)
    words = guards.block_text(text)
    if not words or words == block.text:
        raise NothingChanged(
            _(
                "Write the text that shall stand; to keep the paragraph as it is, decline its "
                "amendments."
            ),
            field="text",
        )
    adapted = list(to_own_words(block, *AMENDMENT_LIFE.before(AmendmentState.ADAPTED)))
    whole = [each for each in adapted if merged_text.has_in_full(each, block.text, words)]
    others = [each for each in adapted if each not in whole]
    why = (
        guards.refuse_without(
            reason, _("Say why; the agencies whose amendments this replaces read it.")
        )
        if others
        else reason.strip()
    )
    guards.settle(whole, AmendmentState.TAKEN, why=reason.strip(), by=by, at=at)
    guards.settle(others, AmendmentState.ADAPTED, why=why, by=by, at=at)
    return write_settlements({block: words}, by=by, at=at)[0]


def to_own_words(block: Block, *states: AmendmentState) -> QuerySet[Amendment]:
    """Return the amendments to the block's own words that are in one of the states, locked."""
    found = block.amendments.select_for_update(of=("self",)).filter(state__in=states)
    return found.exclude(kind=AmendmentKind.INSERT)


@transaction.atomic
def unsettle(block: Block, *, version: int, by: Person, at: datetime) -> Block:
    """Undo what was settled for a block.

    Its text stands as circulated; what was taken or adapted is open again. `version` is that of the
    settled text as the chair saw it; raises Stale when a colleague settled on another meanwhile.
    """
    block = at_block(block, by=by, at=at)
    settlement = claim_settlement(block, version)
    if settlement:
        history.sign(settlement, by=by, reason=StatementsChange.UNDONE)
        settlement.delete()
    back = to_own_words(block, *IN_TEXT)
    guards.settle(back, AmendmentState.OPEN, why="", by=by, at=at)
    return block
