"""Starting a statement, preparing its first draft, circulating it, issuing the next."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

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
from coordination.core.queries import day_in_group
from coordination.meetings.models import Meeting
from coordination.members.models import Agency, Person
from coordination.statements.actions import guards
from coordination.statements.actions.carrying import carry_on, carry_prepared
from coordination.statements.actions.participants import choose_participants
from coordination.statements.enums import (
    AmendmentState,
    BlockKind,
    StatementLanguage,
    StatementsChange,
    StatementState,
)
from coordination.statements.errors import AmendmentsOpen, DraftCirculated, NothingRecognised
from coordination.statements.models import Amendment, Block, ClearanceStep, Draft, Statement
from coordination.statements.queries import drafts, statements
from coordination.textkit import alignment, canon
from coordination.textkit.blocks import KINDS, ParsedBlock, recognise

LONGEST_ADDRESS = 60


@dataclass(frozen=True, slots=True)
class Framing:
    """What a statement is for: its occasion, meeting, language and agencies.

    If no agencies are named, all members of each day are in.

    `model` is the draft of an earlier statement from which the text was taken: paragraphs that it
    has too are what they are there.
    """

    occasion: str = ""
    meeting: Meeting | None = None
    language: StatementLanguage = StatementLanguage.ENGLISH
    agencies: tuple[Agency, ...] = ()
    model: Draft | None = None


@transaction.atomic
def start_statement(
    title: str, *, text: str, by: Person, at: datetime, framing: Framing = Framing()
) -> Statement:
    """Start a statement from a text, or with its title alone.

    Blocks are recognised in the text. Draft 1 is in preparation, for the chair's team.
    """
    group = Group.objects.select_for_update(of=("self",)).order_by("pk").first() or Group(
        acronym="GROUP"
    )
    day = day_in_group(at)
    permissions.require(by, "statements.start", On(day))
    title = guards.one_line(title)
    if not title:
        raise NothingRecognised(_("Give the statement a title; this has no words."), field="title")
    blocks = first_blocks(title, text, framing.model)
    prefix = f"{group.acronym}/{day.year}/ST/"
    number = statements.next_number(prefix)
    address = f"{day.year}-{number:02d}-{slugify(title)[:LONGEST_ADDRESS]}".rstrip("-")
    statement = Statement(
        title=title,
        symbol=f"{prefix}{number}",
        slug=address,
        occasion=guards.one_line(framing.occasion),
        meeting=framing.meeting,
        language=framing.language,
        started_at=at,
        started_by=by,
        plan=statements.plan_for_new(),
    )
    history.sign(statement, by=by, reason=StatementsChange.STATEMENT_STARTED)
    statement.save()
    if framing.agencies:
        choose_participants(statement, framing.agencies, version=statement.version, by=by, at=at)
    draft = Draft(statement=statement, number=1)
    history.sign(draft, by=by, reason=StatementsChange.DRAFT_PREPARED)
    draft.save()
    write_blocks(
        draft,
        [Block(key=f"b{i}", kind=block.kind, text=block.text) for i, block in enumerate(blocks, 1)],
        by=by,
        reason=StatementsChange.BLOCK_RECOGNISED,
    )
    wake_on_commit()
    return statement


def first_blocks(title: str, text: str, model: Draft | None) -> tuple[ParsedBlock, ...]:
    """Return the blocks of a new statement.

    Without a text, that is its title. Blocks that the model has too are what they are there.
    """
    if not text.strip():
        return (ParsedBlock("title", guards.block_text(title)),)
    known = {kind: kind for kind in KINDS}
    kinds = {block.text: known[block.kind] for block in drafts.blocks_of(model)} if model else {}  # type: ignore[index]  # one of the kinds
    return tuple(
        replace(block, kind=kinds.get(block.text, block.kind)) for block in recognised(text)
    )


def recognised(text: str) -> tuple[ParsedBlock, ...]:
    """Return the blocks of a pasted text; raise NothingRecognised when it has no words."""
    blocks = recognise(text)
    if not blocks:
        raise NothingRecognised(
            _("Paste the text of the statement; this has no words."), field="text"
        )
    return blocks


def write_blocks(
    draft: Draft, blocks: Iterable[Block], *, by: Person, reason: StatementsChange
) -> None:
    """Write a draft's blocks, not saved yet, in their order."""
    placed = list(blocks)
    for place, block in enumerate(placed, 1):
        block.draft, block.position = draft, place
        history.sign(block, by=by, reason=reason)
    create_with_history(placed)


def in_preparation(draft: Draft, *, by: Person, at: datetime) -> Draft:
    """Lock a draft that the chair prepares.

    Raises DraftCirculated once it was circulated, because it never changes after that.
    """
    statement = guards.lock(draft.statement_id)
    permissions.require(by, "statements.edit", On(day_in_group(at), statement))
    draft = Draft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    if draft.circulated_at is not None:
        raise DraftCirculated(
            _("Draft %(number)s was circulated; it never changes.") % {"number": draft.number}
        )
    guards.refuse_state(statement, StatementState.DRAFTING)
    draft.statement = statement
    return draft


@transaction.atomic
def edit_block(
    block: Block, *, text: str, kind: BlockKind, version: int, by: Person, at: datetime
) -> Block:
    """Change a paragraph of a draft in preparation: its words and what it is."""
    draft = in_preparation(block.draft, by=by, at=at)
    words = guards.block_text(text)
    if not words:
        raise NothingRecognised(
            _("A paragraph needs words; to take it out, remove it."), field="text"
        )
    block = Block.objects.select_for_update(of=("self",)).get(pk=block.pk)
    versions.claim(block, version)
    block.draft, block.text, block.kind = draft, words, kind
    history.sign(block, by=by, reason=StatementsChange.BLOCK_EDITED)
    block.save(update_fields=["text", "kind"])
    return block


@transaction.atomic
def add_block(after: Block, *, text: str, kind: BlockKind, by: Person, at: datetime) -> Block:
    """Put a new paragraph after another one of a draft in preparation."""
    draft = in_preparation(after.draft, by=by, at=at)
    words = guards.block_text(text)
    if not words:
        raise NothingRecognised(_("A paragraph needs words."), field="text")
    blocks = drafts.blocks_of(draft)
    place = next(block.position for block in blocks if block.pk == after.pk) + 1
    draft.blocks.filter(position__gte=place).update(position=F("position") + 1)
    block = Block(
        draft=draft,
        key=f"b{drafts.next_key(each.key for each in blocks)}",
        kind=kind,
        text=words,
        position=place,
    )
    history.sign(block, by=by, reason=StatementsChange.BLOCK_ADDED)
    block.save()
    return block


@transaction.atomic
def remove_block(block: Block, *, version: int, by: Person, at: datetime) -> None:
    """Take a paragraph out of a draft in preparation; its words stay in the history."""
    draft = in_preparation(block.draft, by=by, at=at)
    block = Block.objects.select_for_update(of=("self",)).get(pk=block.pk)
    versions.claim(block, version)
    if draft.blocks.count() == 1:
        raise NothingRecognised(_("A statement has at least one paragraph."), field="text")
    history.sign(block, by=by, reason=StatementsChange.BLOCK_REMOVED)
    block.delete()


@transaction.atomic
def paste_text(draft: Draft, *, text: str, version: int, by: Person, at: datetime) -> Draft:
    """Replace the whole text of a draft in preparation; its blocks are recognised anew.

    A paragraph that is in the new text too, edited or moved or as it was, keeps its key and its
    history (`textkit.align`).
    """
    draft = in_preparation(draft, by=by, at=at)
    versions.claim(draft, version)
    parsed = recognised(text)
    old = {block.key: block for block in drafts.blocks_of(draft)}
    number = drafts.next_key(old)
    fates = alignment.align(
        ((block.key, block.text) for block in old.values()), (each.text for each in parsed)
    )
    keys = {fate.place: fate.key for fate in fates if fate.key is not None}
    gone = [block for key, block in old.items() if key not in set(keys.values())]
    for block in gone:
        history.sign(block, by=by, reason=StatementsChange.BLOCK_NOT_PASTED)
    delete_with_history(gone)
    new: list[Block] = []
    edited: list[Block] = []
    for place, each in enumerate(parsed):
        if place in keys:
            block = old[keys[place]]
            edited += [block] if (block.text, block.kind) != (each.text, each.kind) else []
        else:
            block = Block(draft=draft, key=f"b{number + len(new)}", version=0)
            new.append(block)
        block.text, block.kind, block.position = each.text, each.kind, place + 1
    for block in (*new, *edited):
        block.version += 1
        history.sign(block, by=by, reason=StatementsChange.BLOCK_RECOGNISED)
    create_with_history(new)
    # a paragraph that only moves is no change of its own in the history
    Block.objects.bulk_update([old[key] for key in keys.values()], ["position"])
    update_with_history(edited, ["text", "kind", "version"])
    history.sign(draft, by=by, reason=StatementsChange.TEXT_REPLACED)
    draft.save(update_fields=["version"])
    return draft


@transaction.atomic
def circulate_draft(draft: Draft, *, deadline: datetime, by: Person, at: datetime) -> Draft:
    """Send draft 1 to the agencies, who may amend it until the deadline.

    From now on the draft never changes.
    """
    draft = in_preparation(draft, by=by, at=at)
    permissions.require(by, "statements.circulate", On(day_in_group(at), draft.statement))
    guards.refuse_past(deadline, at)
    circulated(draft, by=by, at=at)
    guards.move(
        draft.statement,
        StatementState.AMENDMENTS,
        by=by,
        reason=StatementsChange.FIRST_DRAFT_CIRCULATED,
        amendments_until=deadline,
    )
    wake_on_commit()
    return draft


def circulated(draft: Draft, *, by: Person, at: datetime) -> None:
    """Fix the draft's text by its hash."""
    draft.sha256 = canon.fingerprint(drafts.blocks_of(draft))
    draft.circulated_at, draft.circulated_by = at, by
    history.sign(draft, by=by, reason=StatementsChange.DRAFT_CIRCULATED)
    draft.save()


@transaction.atomic
def issue_draft(
    statement: Statement, *, to: StatementState, deadline: datetime, by: Person, at: datetime
) -> Draft:
    """Issue the next draft from what the chair settled.

    It goes to clearance, or to another round of amendments until the deadline. Its blocks keep
    their keys. For clearance every amendment must be settled: raises AmendmentsOpen while one is
    neither taken nor declined. For another round open amendments are carried on (see
    `carrying.carry_on`).
    """
    statement = guards.hold(
        statement.pk, StatementState.CONSOLIDATION, may="statements.issue", by=by, at=at
    )
    guards.refuse_past(deadline, at)
    old = drafts.latest_draft(statement)
    if to == StatementState.CLEARANCE:
        refuse_open(old)
    draft = Draft(statement=statement, number=old.number + 1)
    history.sign(draft, by=by, reason=StatementsChange.ISSUED)
    draft.save()
    blocks = drafts.settled_blocks(old)
    if not blocks:
        raise NothingRecognised(_("A statement has at least one paragraph; this would have none."))
    write_blocks(draft, blocks, by=by, reason=StatementsChange.ISSUED)
    circulated(draft, by=by, at=at)
    carry_on(old, draft, by=by, at=at)
    carry_prepared(old, draft, by=by, at=at)
    reason, values = StatementsChange.DRAFT_ISSUED, {"number": draft.number}
    if to == StatementState.CLEARANCE:
        open_step(draft, place=1, deadline=deadline, by=by, at=at)
        guards.move(statement, to, by=by, reason=reason, values=values)
    else:
        guards.move(statement, to, by=by, reason=reason, values=values, amendments_until=deadline)
    wake_on_commit()
    return draft


def refuse_open(draft: Draft) -> None:
    """Raise AmendmentsOpen, with their number, while the chair has not settled all."""
    left = Amendment.objects.filter(block__draft=draft, state=AmendmentState.OPEN).count()
    if left:
        raise AmendmentsOpen(
            _("Settle every amendment first: %(n)d are neither taken nor declined.") % {"n": left}
        )


def open_step(
    draft: Draft, *, place: int, deadline: datetime, by: Person, at: datetime
) -> ClearanceStep:
    """Open the step of clearance at `place` (1 is the first) on the draft."""
    planned = draft.statement.planned[place - 1]
    step = ClearanceStep(
        statement=draft.statement,
        draft=draft,
        level=planned.level,
        silence=planned.silence,
        position=place,
        opened_at=at,
        deadline=deadline,
    )
    history.sign(step, by=by, reason=StatementsChange.CLEARANCE_OPENED)
    step.save()
    return step
