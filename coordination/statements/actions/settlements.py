"""What the chair does with each amendment; all of it can be undone until the next draft is issued."""

from collections.abc import Collection, Iterable
from datetime import datetime
from itertools import groupby

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.core import history, versions
from coordination.members.models import Person
from coordination.statements import queries
from coordination.statements.actions import guards
from coordination.statements.enums import AmendmentState, StatementState
from coordination.statements.errors import AmendmentSettled, BlockSettled, NothingChanged
from coordination.statements.models import Amendment, Block, Draft, Settlement


def at_block(block: Block, *, by: Person, at: datetime) -> Block:
    """Lock a block of the newest draft in consolidation, with its settlement, for the chair's team."""
    block = Block.objects.select_related("draft").get(pk=block.pk)
    statement = guards.hold(block.draft.statement_id, StatementState.CONSOLIDATION, may="statements.settle", by=by, at=at)
    block.draft.statement = statement
    guards.refuse_older_draft(block.draft)
    return block


def settlement_of(block: Block) -> Settlement | None:
    """Return the text on which the chair settled for the block, locked, or None."""
    return Settlement.objects.select_for_update(of=("self",)).filter(block=block).first()


def taken_in_hand(amendment: Amendment, version: int, *states: AmendmentState, by: Person, at: datetime) -> Amendment:
    """Lock an amendment that is in one of the states, at the version the chair saw."""
    block = at_block(amendment.block, by=by, at=at)
    amendment = Amendment.objects.select_for_update(of=("self",)).select_related("agency").get(pk=amendment.pk)
    versions.claim(amendment, version)
    if amendment.state not in states:
        raise AmendmentSettled(_("This amendment is “%(state)s” already.") % {"state": AmendmentState(amendment.state).label})
    amendment.block = block
    return amendment


def settle(amendments: Iterable[Amendment], state: AmendmentState, *, reason: str, by: Person, at: datetime) -> None:
    """Note what became of the amendments, by whom and why; OPEN takes it back."""
    undone = state == AmendmentState.OPEN
    for amendment in amendments:
        amendment.state, amendment.settled_reason = state, reason
        amendment.settled_by, amendment.settled_at = (None, None) if undone else (by, at)
        amendment.version += 1
        history.sign(amendment, by=by, reason=_("Undone") if undone else str(state.label).capitalize())
        amendment.save(update_fields=["state", "settled_reason", "settled_by", "settled_at", "version"])


def write_settlement(block: Block, text: str, *, by: Person, at: datetime) -> Settlement:
    """Write the text with which the block goes into the next draft."""
    settlement = settlement_of(block) or Settlement(block=block, version=0)
    settlement.text, settlement.settled_by, settlement.settled_at = text, by, at
    settlement.version += 1
    history.sign(settlement, by=by, reason=_("Settled"))
    settlement.save()
    return settlement


@transaction.atomic
def take(amendment: Amendment, *, version: int, by: Person, at: datetime) -> Amendment:
    """Take an amendment as it is, beside those that are taken already; others of the same words are taken with it.

    Raises BlockSettled when it changes words that one taken before changes, when nothing of the block would be left, or when the chair
    wrote a text of its own for it: then one is declined, or a text written in place of all (`adapt`).
    """
    amendment = taken_in_hand(amendment, version, AmendmentState.OPEN, by=by, at=at)
    block = amendment.block
    live = list(block.amendments.select_for_update(of=("self",)).filter(state__in=(AmendmentState.OPEN, AmendmentState.TAKEN)))
    taken = [one for one in live if one.state == AmendmentState.TAKEN]
    if has_own_text(block, taken):
        raise BlockSettled(_("This paragraph already has another settled text. Undo that first, or write a text in place of both."))
    if queries.laid_together(block.text, [*taken, amendment]).conflicts:
        raise BlockSettled(
            _("It changes the same words as one that you took. Undo that first, or write a text in place of both."),
        )
    same = [one for one in live if one.state == AmendmentState.OPEN and one.proposed_text == amendment.proposed_text]
    text = queries.laid_together(block.text, [*taken, amendment]).text
    if not text.strip():
        raise BlockSettled(
            _("With what you took, this would leave nothing of the paragraph. Undo that first, or write a text in place of both.")
        )
    settle([amendment, *(one for one in same if one.pk != amendment.pk)], AmendmentState.TAKEN, reason="", by=by, at=at)
    write_settlement(block, text, by=by, at=at)
    return amendment


def has_own_text(block: Block, taken: Collection[Amendment]) -> bool:
    """Say whether the block is settled on a text that is not made of what was taken."""
    settlement = settlement_of(block)
    return settlement is not None and settlement.text != queries.laid_together(block.text, taken).text


@transaction.atomic
def take_all_that_merge(draft: Draft, *, by: Person, at: datetime) -> list[Amendment]:
    """Take every open amendment of the newest draft of which no word collides with another's; return those taken, in the order of the text.

    Paragraphs for which the chair wrote a text of its own, or of which nothing would be left, are left alone. Each paragraph can be
    undone as if its amendments had been taken one by one.
    """
    statement = guards.hold(draft.statement_id, StatementState.CONSOLIDATION, may="statements.settle", by=by, at=at)
    draft.statement = statement
    guards.refuse_older_draft(draft)
    done: list[Amendment] = []
    found = queries.amendments_of(draft).select_for_update(of=("self",)).filter(state__in=(AmendmentState.OPEN, AmendmentState.TAKEN))
    for block, amendments in groupby(found, key=lambda amendment: amendment.block):
        live = list(amendments)
        taken = [one for one in live if one.state == AmendmentState.TAKEN]
        clean = queries.that_merge(block.text, live)
        text = queries.laid_together(block.text, [*taken, *clean]).text
        if not clean or not text.strip() or has_own_text(block, taken):
            continue
        settle(clean, AmendmentState.TAKEN, reason="", by=by, at=at)
        write_settlement(block, text, by=by, at=at)
        done += clean
    return done


@transaction.atomic
def decline(amendment: Amendment, *, reason: str, version: int, by: Person, at: datetime) -> Amendment:
    """Decline an amendment, with the reason that its agency will read."""
    amendment = taken_in_hand(amendment, version, AmendmentState.OPEN, by=by, at=at)
    words = guards.refuse_without(reason, _("Say why; the agency reads it with the next draft."))
    settle([amendment], AmendmentState.DECLINED, reason=words, by=by, at=at)
    return amendment


@transaction.atomic
def reopen(amendment: Amendment, *, version: int, by: Person, at: datetime) -> Amendment:
    """Undo that an amendment was declined."""
    amendment = taken_in_hand(amendment, version, AmendmentState.DECLINED, by=by, at=at)
    settle([amendment], AmendmentState.OPEN, reason="", by=by, at=at)
    return amendment


@transaction.atomic
def adapt(block: Block, *, text: str, reason: str, version: int, by: Person, at: datetime) -> Settlement:
    """Write a text for the block in place of its open and taken amendments, which are thereby adapted.

    `version` is that of the block's settled text as the chair saw it, 0 when there was none. A block without amendments may
    be settled so too (after an objection).
    """
    block = at_block(block, by=by, at=at)
    settlement = settlement_of(block)
    if settlement:
        versions.claim(settlement, version)
    words = guards.block_text(text)
    if not words or words == block.text:
        raise NothingChanged(_("Write the text that shall stand; to keep the paragraph as it is, decline its amendments."), field="text")
    adapted = block.amendments.select_for_update(of=("self",)).filter(
        state__in=(AmendmentState.OPEN, AmendmentState.TAKEN, AmendmentState.ADAPTED),
    )
    why = guards.refuse_without(reason, _("Say why; the agencies whose amendments this replaces read it.")) if adapted else reason.strip()
    settle(adapted, AmendmentState.ADAPTED, reason=why, by=by, at=at)
    return write_settlement(block, words, by=by, at=at)


@transaction.atomic
def unsettle(block: Block, *, by: Person, at: datetime) -> Block:
    """Undo what was settled for a block: its text stands as circulated, what was taken or adapted is open again."""
    block = at_block(block, by=by, at=at)
    settlement = settlement_of(block)
    if settlement:
        history.sign(settlement, by=by, reason=_("Undone"))
        settlement.delete()
    back = block.amendments.select_for_update(of=("self",)).filter(state__in=(AmendmentState.TAKEN, AmendmentState.ADAPTED))
    settle(back, AmendmentState.OPEN, reason="", by=by, at=at)
    return block
