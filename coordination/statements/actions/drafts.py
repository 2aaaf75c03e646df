"""Starting a statement, editing its first draft, issuing drafts."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.text import slugify
from django.utils.translation import gettext as _

from coordination.core import history, permissions, versions
from coordination.core.actions import (
    create_with_history,
    delete_with_history,
    update_with_history,
)
from coordination.core.due import wake_on_commit
from coordination.core.models import Group
from coordination.core.permissions import On
from coordination.core.queries import day_in_group, group
from coordination.meetings.models import Meeting
from coordination.members.models import Agency, Person
from coordination.statements.actions import guards, lengths
from coordination.statements.actions.carrying import carry_over_amendments, carry_over_prepared
from coordination.statements.actions.participants import choose_participants
from coordination.statements.enums import (
    AmendmentState,
    BlockKind,
    StatementsChange,
    StatementState,
)
from coordination.statements.errors import (
    AmendmentsOpen,
    DraftCirculated,
    NothingRecognised,
    TextChanged,
)
from coordination.statements.models import Amendment, Block, ClearanceStep, Draft, Statement
from coordination.statements.queries import drafts, statements
from coordination.textkit import alignment, canonical, chosen_kinds
from coordination.textkit.blocks import KINDS, ParsedBlock, recognise, with_kinds
from coordination.textkit.blocks import BlockKind as BlockKindName

LONGEST_ADDRESS = 60


@dataclass(frozen=True, slots=True)
class StatementInput:
    """The occasion, meeting, language and agencies of a new statement.

    No language means the group's first one, no agencies all members. `model` is the draft of an
    earlier statement from which the text was copied; paragraphs found in it keep the kind that they
    have there. `kinds` is the code of what a person said that paragraphs are
    (`textkit.chosen_kinds`).
    """

    occasion: str = ""
    meeting: Meeting | None = None
    language: str = ""
    agencies: tuple[Agency, ...] = ()
    model: Draft | None = None
    kinds: str = ""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What the chair confirmed with an act on a text.

    `short_reason` says why the time is shorter than the group's least. `seen` is the SHA-256 of the
    text that the chair read, "" if it read none.
    """

    short_reason: str = ""
    seen: str = ""


@transaction.atomic
def start_statement(
    title: str, *, text: str, by: Person, at: datetime, details: StatementInput = StatementInput()
) -> Statement:
    """Start a statement from a text, or from its title alone.

    Draft 1 is then in preparation and visible to the chair's team only. Raises NothingRecognised.
    """
    # this lock keeps symbols unique: no two statements take a number at the same time
    own_group = Group.objects.select_for_update(of=("self",)).order_by("pk").first() or Group(
        acronym="GROUP"
    )
    day = day_in_group(at)
    permissions.require(by, "statements.start", On(day))
    title = guards.clean_line(title)
    if not title:
        raise NothingRecognised(_("Give the statement a title; this has no words."), field="title")
    blocks = as_chosen(initial_blocks(title, text, details.model), details.kinds)
    prefix = own_group.symbol_pattern.format(acronym=own_group.acronym, year=day.year)
    number = statements.next_number(prefix)
    statement = Statement(
        title=title,
        symbol=f"{prefix}{number}",
        slug=f"{day.year}-{number:02d}-{slugify(title)[:LONGEST_ADDRESS]}".rstrip("-"),
        occasion=guards.clean_line(details.occasion),
        meeting=details.meeting,
        language=details.language or own_group.statement_languages[0],
        started_at=at,
        started_by=by,
        plan=statements.plan_for_new(),
    )
    history.sign(statement, by=by, reason=StatementsChange.STATEMENT_STARTED)
    statement.save()
    if details.agencies:
        choose_participants(statement, details.agencies, version=statement.version, by=by, at=at)
    write_first_draft(statement, blocks, by=by)
    wake_on_commit()
    return statement


def write_first_draft(statement: Statement, blocks: Iterable[ParsedBlock], *, by: Person) -> None:
    """Save draft 1 of a statement with its blocks."""
    draft = Draft(statement=statement, number=1)
    history.sign(draft, by=by, reason=StatementsChange.DRAFT_PREPARED)
    draft.save()
    write_blocks(
        draft,
        [Block(key=f"b{i}", kind=block.kind, text=block.text) for i, block in enumerate(blocks, 1)],
        by=by,
        reason=StatementsChange.BLOCK_RECOGNISED,
    )


def initial_blocks(title: str, text: str, model: Draft | None) -> tuple[ParsedBlock, ...]:
    """Return the blocks of a new statement.

    Without a text it has one block, the title. A block that `model` has too gets its kind there.
    """
    if not text.strip():
        return (ParsedBlock("title", guards.clean_block_text(title)),)
    model_kinds: dict[str, str] = (
        {block.text: block.kind for block in drafts.blocks_of(model)} if model else {}
    )
    # a model has its kind as any string; the parser wants one of the literals
    kind_by_value: dict[str, BlockKindName] = {kind: kind for kind in KINDS}
    return tuple(
        replace(block, kind=kind_by_value[model_kinds.get(block.text, block.kind)])
        for block in recognise_blocks(text)
    )


def as_chosen(blocks: Sequence[ParsedBlock], kinds: str) -> tuple[ParsedBlock, ...]:
    """Return recognised blocks with their chosen kinds.

    A person chose them (`textkit.chosen_kinds`).
    """
    return with_kinds(blocks, chosen_kinds.decode(blocks, kinds))


def recognise_blocks(text: str) -> tuple[ParsedBlock, ...]:
    """Recognise the blocks of a pasted text.

    Raises NothingRecognised for a text without words.
    """
    blocks = recognise(text)
    if not blocks:
        raise NothingRecognised(
            _("Paste the text of the statement; this has no words."), field="text"
        )
    return blocks


def write_blocks(
    draft: Draft, blocks: Iterable[Block], *, by: Person, reason: StatementsChange
) -> None:
    """Save new blocks of a draft, in order."""
    in_order = list(blocks)
    for place, block in enumerate(in_order, 1):
        block.draft, block.position = draft, place
        history.sign(block, by=by, reason=reason)
    create_with_history(in_order)


def lock_draft_in_preparation(draft: Draft, *, by: Person, at: datetime) -> Draft:
    """Lock a draft that the chair's team still edits.

    Raises DraftCirculated after its circulation, NotAllowed or WrongState.
    """
    # the statement first, then the draft: every action locks in this order
    statement = guards.lock_statement(draft.statement_id)
    permissions.require(by, "statements.edit", On(day_in_group(at), statement))
    draft = Draft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    if draft.circulated_at is not None:
        raise DraftCirculated(
            _("Draft %(number)s was circulated and cannot change.") % {"number": draft.number}
        )
    guards.refuse_state(statement, StatementState.DRAFTING)
    draft.statement = statement
    return draft


@transaction.atomic
def edit_block(
    block: Block, *, text: str, kind: BlockKind, version: int, by: Person, at: datetime
) -> Block:
    """Change the text and kind of a block before circulation.

    Raises NothingRecognised without words, or Stale.
    """
    draft = lock_draft_in_preparation(block.draft, by=by, at=at)
    cleaned_text = guards.clean_block_text(text)
    if not cleaned_text:
        raise NothingRecognised(
            _("A paragraph needs words; to take it out, remove it."), field="text"
        )
    block = Block.objects.select_for_update(of=("self",)).get(pk=block.pk)
    versions.claim(block, version)
    block.draft, block.text, block.kind = draft, cleaned_text, kind
    history.sign(block, by=by, reason=StatementsChange.BLOCK_EDITED)
    block.save(update_fields=["text", "kind"])
    return block


@transaction.atomic
def add_block(after: Block, *, text: str, kind: BlockKind, by: Person, at: datetime) -> Block:
    """Add a block after another one before circulation."""
    draft = lock_draft_in_preparation(after.draft, by=by, at=at)
    cleaned_text = guards.clean_block_text(text)
    if not cleaned_text:
        raise NothingRecognised(_("A paragraph needs words."), field="text")
    blocks = drafts.blocks_of(draft)
    place = next(block.position for block in blocks if block.pk == after.pk) + 1
    # `update` writes no history: the blocks only move
    draft.blocks.filter(position__gte=place).update(position=F("position") + 1)
    block = Block(
        draft=draft,
        key=f"b{drafts.next_key(existing.key for existing in blocks)}",
        kind=kind,
        text=cleaned_text,
        position=place,
    )
    history.sign(block, by=by, reason=StatementsChange.BLOCK_ADDED)
    block.save()
    return block


@transaction.atomic
def remove_block(block: Block, *, version: int, by: Person, at: datetime) -> None:
    """Remove a block before circulation; history keeps its text."""
    draft = lock_draft_in_preparation(block.draft, by=by, at=at)
    block = Block.objects.select_for_update(of=("self",)).get(pk=block.pk)
    versions.claim(block, version)
    # `add_block` needs a block after which it adds one
    if draft.blocks.count() == 1:
        raise NothingRecognised(_("A statement has at least one paragraph."), field="text")
    history.sign(block, by=by, reason=StatementsChange.BLOCK_REMOVED)
    block.delete()


@transaction.atomic
def paste_text(
    draft: Draft, *, text: str, version: int, by: Person, at: datetime, kinds: str = ""
) -> Draft:
    """Replace the whole text of a draft before circulation.

    A paragraph that the new text still has, edited or moved, keeps its key and its history
    (`textkit.alignment`). `kinds` is as in `StatementInput`. Raises NothingRecognised or Stale.
    """
    draft = lock_draft_in_preparation(draft, by=by, at=at)
    versions.claim(draft, version)
    parsed = as_chosen(recognise_blocks(text), kinds)
    old = {block.key: block for block in drafts.blocks_of(draft)}
    # counted before the removal: a new paragraph must not get the key of a removed one
    number = drafts.next_key(old)
    keys = aligned_keys(old.values(), parsed)
    removed = [block for key, block in old.items() if key not in set(keys.values())]
    for block in removed:
        history.sign(block, by=by, reason=StatementsChange.BLOCK_NOT_PASTED)
    delete_with_history(removed)
    new: list[Block] = []
    edited: list[Block] = []
    for place, parsed_block in enumerate(parsed):
        if place in keys:
            block = old[keys[place]]
            if (block.text, block.kind) != (parsed_block.text, parsed_block.kind):
                edited.append(block)
        else:
            block = Block(draft=draft, key=f"b{number + len(new)}", version=0)
            new.append(block)
        block.text, block.kind, block.position = parsed_block.text, parsed_block.kind, place + 1
    for block in (*new, *edited):
        block.version += 1
        history.sign(block, by=by, reason=StatementsChange.BLOCK_RECOGNISED)
    create_with_history(new)
    # `bulk_update` writes no history: a block that only moves has not changed
    Block.objects.bulk_update([old[key] for key in keys.values()], ["position"])
    update_with_history(edited, ["text", "kind", "version"])
    history.sign(draft, by=by, reason=StatementsChange.TEXT_REPLACED)
    draft.save(update_fields=["version"])
    return draft


def aligned_keys(old: Iterable[Block], parsed: Iterable[ParsedBlock]) -> dict[int, str]:
    """Return the keys that pasted paragraphs keep, by place."""
    alignments = alignment.align(
        ((block.key, block.text) for block in old), (block.text for block in parsed)
    )
    return {
        aligned.place: aligned.key
        for aligned in alignments
        if aligned.key is not None and aligned.place is not None
    }


@transaction.atomic
def circulate_draft(
    draft: Draft,
    *,
    deadline: datetime,
    by: Person,
    at: datetime,
    confirmed: Confirmation = Confirmation(),
) -> Draft:
    """Circulate draft 1 for amendments until `deadline`.

    The draft never changes after that. Raises DeadlineNotAhead, TooShort or TextChanged.
    """
    draft = lock_draft_in_preparation(draft, by=by, at=at)
    permissions.require(by, "statements.circulate", On(day_in_group(at), draft.statement))
    blocks = drafts.blocks_of(draft)
    refuse_other_text(blocks, confirmed.seen)
    until = lengths.amendments_deadline(
        draft.statement, draft, deadline=deadline, reason=confirmed.short_reason, by=by, at=at
    )
    fix_text(draft, blocks, by=by, at=at)
    guards.move(
        draft.statement,
        StatementState.AMENDMENTS,
        by=by,
        reason=StatementsChange.FIRST_DRAFT_CIRCULATED,
        **until,
    )
    wake_on_commit()
    return draft


def refuse_other_text(blocks: Iterable[Block], seen: str) -> None:
    """Raise TextChanged unless the blocks have the SHA-256 `seen`.

    An empty `seen` allows any text.
    """
    if seen and canonical.fingerprint(blocks) != seen:
        raise TextChanged(
            _("Somebody changed the text while you looked at it. It is below as it reads now.")
        )


def fix_text(draft: Draft, blocks: Iterable[Block], *, by: Person, at: datetime) -> None:
    """Mark a draft as circulated and store the hash of its text.

    The text is that of its blocks in order.
    """
    # positions are bound to this hash (design.md 4.4)
    draft.sha256 = canonical.fingerprint(blocks)
    draft.circulated_at, draft.circulated_by = at, by
    history.sign(draft, by=by, reason=StatementsChange.DRAFT_CIRCULATED)
    draft.save()


@transaction.atomic
def issue_draft(
    statement: Statement,
    *,
    to: StatementState,
    deadline: datetime,
    by: Person,
    at: datetime,
    confirmed: Confirmation = Confirmation(),
) -> Draft:
    """Issue the next draft from the settled blocks.

    `to` is CLEARANCE, or AMENDMENTS for another round until `deadline`. Another round carries open
    amendments over (`carrying`). Raises AmendmentsOpen if any is open before clearance,
    NothingRecognised if no block is left, TooShort without a `short_reason` for a short time.
    """
    statement = guards.lock_for_chair(
        statement.pk, StatementState.CONSOLIDATION, may="statements.issue", by=by, at=at
    )
    old = drafts.latest_draft(statement)
    until: dict[str, Any] = {}
    if to == StatementState.CLEARANCE:
        guards.require_future(deadline, at)
        refuse_open_amendments(old)
    else:
        until = lengths.amendments_deadline(
            statement, old, deadline=deadline, reason=confirmed.short_reason, by=by, at=at
        )
    draft = Draft(statement=statement, number=old.number + 1)
    history.sign(draft, by=by, reason=StatementsChange.ISSUED)
    draft.save()
    planned = drafts.next_draft_blocks(old, drafts.blocks_with_settlements(old))
    if not planned:
        raise NothingRecognised(
            _("A statement has at least one paragraph; this draft would have none.")
        )
    blocks = [drafts.new_block(draft, place, each) for place, each in enumerate(planned, 1)]
    refuse_other_text(blocks, confirmed.seen)
    write_blocks(draft, blocks, by=by, reason=StatementsChange.ISSUED)
    fix_text(draft, blocks, by=by, at=at)
    by_source: defaultdict[str, list[Block]] = defaultdict(list)
    for each, block in zip(planned, blocks, strict=True):
        for key in each.sources:
            by_source[key].append(block)
    # after the blocks are saved: carried amendments point to the new ones
    carry_over_amendments(old, draft, by_source, by=by, at=at)
    carry_over_prepared(old, draft, by_source, by=by, at=at)
    reason, values = StatementsChange.DRAFT_ISSUED, {"number": draft.number}
    if to == StatementState.CLEARANCE:
        open_step(
            draft, place=1, deadline=deadline, by=by, at=at, short_reason=confirmed.short_reason
        )
    guards.move(statement, to, by=by, reason=reason, values=values, **until)
    wake_on_commit()
    return draft


def refuse_open_amendments(draft: Draft) -> None:
    """Raise AmendmentsOpen, with their number, if any amendment is open."""
    open_count = Amendment.objects.filter(block__draft=draft, state=AmendmentState.OPEN).count()
    if open_count:
        raise AmendmentsOpen(
            _("Settle every amendment first: %(n)d are neither taken nor declined.")
            % {"n": open_count}
        )


def open_step(
    draft: Draft,
    *,
    place: int,
    deadline: datetime,
    by: Person,
    at: datetime,
    short_reason: str = "",
) -> ClearanceStep:
    """Open the clearance step at `place` (from 1) on a draft.

    Raises TooShort for a silence shorter than the group's least without a `short_reason`.
    """
    # the plan was stored when the statement started, so new settings do not change it
    planned = draft.statement.planned[place - 1]
    least_hours = group().silence_hours_min
    # where every agency must speak, a deadline approves nothing
    words = (
        lengths.clean_short_reason(
            short_reason, begin=at, deadline=deadline, least_hours=least_hours, by=by
        )
        if planned.silence
        else ""
    )
    step = ClearanceStep(
        statement=draft.statement,
        draft=draft,
        level=planned.level,
        silence=planned.silence,
        position=place,
        opened_at=at,
        deadline=deadline,
        short_reason=words,
        short_by=by if words else None,
    )
    reason = StatementsChange.CLEARANCE_OPENED_SHORT if words else StatementsChange.CLEARANCE_OPENED
    values = {"hours": least_hours, "words": words} if words else None
    history.sign(step, by=by, reason=reason, values=values)
    step.save()
    return step
