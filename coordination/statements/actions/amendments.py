"""Amendments, and closing and reopening their round."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from coordination.core import history, permissions, versions
from coordination.core.due import wake_on_commit
from coordination.core.permissions import On
from coordination.core.queries import day_in_group
from coordination.members.models import Agency, Person
from coordination.statements.actions import guards, lengths
from coordination.statements.actions.sponsors import end_cosponsorships
from coordination.statements.enums import (
    SETTLED_STATES,
    AmendmentKind,
    AmendmentState,
    BlockKind,
    StatementsChange,
    StatementState,
)
from coordination.statements.errors import (
    AlreadyAmended,
    DeadlinePassed,
    NothingChanged,
    SettledAlready,
)
from coordination.statements.models import Amendment, Block, Statement
from coordination.statements.queries import amendments, drafts, positions


def refuse_closed(statement: Statement, agency: Agency, *, by: Person, at: datetime) -> None:
    """Raise WrongState or DeadlinePassed if the agency may not amend.

    An agency may amend while amendments are open. In clearance it may if it objects, to propose
    the words that would lift its objection.
    """
    if statement.state == StatementState.CLEARANCE and positions.objects_now(statement, agency):
        return
    # before the state: after the deadline the person must read when amendments closed
    deadline = statement.amendments_until
    if deadline is not None and at >= deadline:
        raise DeadlinePassed(
            _("Amendments closed on %(moment)s. Ask the chair for more time or for another round.")
            % {"moment": guards.format_moment(deadline, by)},
        )
    guards.refuse_state(statement, StatementState.AMENDMENTS)


@dataclass(frozen=True, slots=True)
class AmendmentInput:
    """What an agency proposes for a block, and why.

    `block_kind` is the kind of a new paragraph. `renews` is the returned amendment of the same
    agency to the draft before, if this one replaces it.
    """

    text: str
    rationale: str
    kind: AmendmentKind = AmendmentKind.REPLACE
    block_kind: BlockKind | None = None
    renews: Amendment | None = None


def clean_proposal(block: Block, proposal: AmendmentInput) -> tuple[str, str]:
    """Return the cleaned text and reason; raise NothingChanged or ReasonMissing."""
    cleaned_text = (
        "" if proposal.kind == AmendmentKind.DELETE else guards.clean_block_text(proposal.text)
    )
    if not cleaned_text and proposal.kind != AmendmentKind.DELETE:
        raise NothingChanged(
            _("Write the paragraph as it should read. To have it deleted, propose its deletion."),
            field="proposed_text",
        )
    if cleaned_text == block.text and proposal.kind == AmendmentKind.REPLACE:
        raise NothingChanged(
            _("This is the paragraph as it stands; change some words."),
            field="proposed_text",
        )
    return cleaned_text, guards.require_reason(
        proposal.rationale,
        _("Say in a sentence why; the chair and the others read it."),
        "rationale",
    )


def insertion_kind(block: Block, proposal: AmendmentInput) -> str:
    """Return a new paragraph's kind, "" for other amendments.

    The default is the kind of the block before it, or BODY after a title or heading.
    """
    if proposal.kind != AmendmentKind.INSERT:
        return ""
    default_kind = (
        block.kind if block.kind not in {BlockKind.TITLE, BlockKind.HEADING} else BlockKind.BODY
    )
    return str(proposal.block_kind or default_kind)


@transaction.atomic
def amend(
    block: Block, proposal: AmendmentInput, *, agency: Agency, by: Person, at: datetime
) -> Amendment:
    """Propose an amendment to a block of the newest draft.

    An agency has at most one open amendment to the words of a block, and any number of new
    paragraphs after it. Raises NotNewestDraft, DeadlinePassed, AlreadyAmended, NothingChanged or
    ReasonMissing.
    """
    block = Block.objects.select_related("draft").get(pk=block.pk)
    # a circulated block never changes, so it may be read before the lock
    block.draft.statement = guards.lock_statement(block.draft.statement_id)
    return add_amendment(block, proposal, agency=agency, by=by, at=at)


def add_amendment(
    block: Block, proposal: AmendmentInput, *, agency: Agency, by: Person, at: datetime
) -> Amendment:
    """Add an amendment to a block.

    The caller has locked the statement, and set it on the block's draft.
    """
    statement = block.draft.statement
    permissions.require(by, "statements.amend", On(day_in_group(at), block.draft))
    guards.require_agency(by, agency, at)
    guards.refuse_outsider(statement, agency, at)
    guards.refuse_older_draft(block.draft)
    refuse_closed(statement, agency, by=by, at=at)
    cleaned_text, reason = clean_proposal(block, proposal)
    # under the lock: two colleagues may propose at the same moment
    if proposal.kind != AmendmentKind.INSERT and amendments.own_open_amendment(block, agency):
        raise AlreadyAmended(
            _("%(agency)s already has an open amendment to this paragraph. Edit that one.")
            % {"agency": agency},
            field="proposed_text",
        )
    amendment = Amendment(
        block=block,
        agency=agency,
        author=by,
        proposed_text=cleaned_text,
        rationale=reason,
        proposed_at=at,
    )
    # the lock on the statement keeps the numbers unique
    amendment.number = amendments.next_amendment_number(block.draft)
    amendment.kind, amendment.block_kind = proposal.kind, insertion_kind(block, proposal)
    # the form sends the key of any amendment; only a returned one of this agency counts
    if proposal.renews and proposal.renews in amendments.returned_amendments(block.draft, [agency]):
        amendment.carried_from = proposal.renews
    history.sign(amendment, by=by, reason=StatementsChange.AMENDMENT_PROPOSED)
    amendment.save()
    wake_on_commit()
    return amendment


def lock_own_amendment(amendment: Amendment, *, by: Person, at: datetime) -> Amendment:
    """Lock an open amendment for its agency.

    `by` must act for the agency. Raises NotAllowed, WrongState, or AmendmentSettled when it is
    no longer open.
    """
    statement = guards.lock_statement(amendment.block.draft.statement_id)
    guards.require_agency(by, amendment.agency, at)
    # before the amendment's own state, which is the chair's secret in consolidation
    guards.refuse_state(statement, StatementState.AMENDMENTS, StatementState.CLEARANCE)
    amendment = (
        Amendment.objects.select_for_update(of=("self",))
        .select_related("block__draft", "agency")
        .get(pk=amendment.pk)
    )
    amendment.block.draft.statement = statement
    guards.refuse_settled(amendment)
    return amendment


@transaction.atomic
def edit_amendment(
    amendment: Amendment, proposal: AmendmentInput, *, version: int, by: Person, at: datetime
) -> Amendment:
    """Change an open amendment of one's own agency.

    A replacement may become a deletion and the reverse; a new paragraph stays one. Raises Stale,
    DeadlinePassed, NothingChanged or ReasonMissing.
    """
    amendment = lock_own_amendment(amendment, by=by, at=at)
    refuse_closed(amendment.block.draft.statement, amendment.agency, by=by, at=at)
    versions.claim(amendment, version)
    if (amendment.kind == AmendmentKind.INSERT) != (proposal.kind == AmendmentKind.INSERT):
        raise NothingChanged(
            _("A new paragraph stays one. Withdraw it, then amend the paragraph before it."),
            field="proposed_text",
        )
    before = (amendment.kind, amendment.proposed_text)
    amendment.proposed_text, amendment.rationale = clean_proposal(amendment.block, proposal)
    amendment.kind, amendment.block_kind = proposal.kind, insertion_kind(amendment.block, proposal)
    # co-sponsors agreed to the old words, not to a new reason
    if (amendment.kind, amendment.proposed_text) != before:
        end_cosponsorships(amendment, at=at)
    amendment.author = by
    history.sign(amendment, by=by, reason=StatementsChange.AMENDMENT_EDITED)
    amendment.save(update_fields=["proposed_text", "rationale", "author", "kind", "block_kind"])
    wake_on_commit()
    return amendment


@transaction.atomic
def withdraw_amendment(
    amendment: Amendment, *, version: int, by: Person, at: datetime
) -> Amendment:
    """Withdraw an open amendment of one's own agency.

    It stays on record. Raises Stale, WrongState or AmendmentSettled.
    """
    amendment = lock_own_amendment(amendment, by=by, at=at)
    versions.claim(amendment, version)
    amendment.state = AmendmentState.WITHDRAWN
    history.sign(amendment, by=by, reason=StatementsChange.AMENDMENT_WITHDRAWN)
    amendment.save(update_fields=["state"])
    return amendment


@transaction.atomic
def reopen_amendments(
    statement: Statement, *, deadline: datetime, by: Person, at: datetime, short_reason: str = ""
) -> Statement:
    """Let agencies amend the same draft until a new deadline.

    Works while amendments are open and in consolidation. Raises SettledAlready when the chair has
    settled something, because reopening would show it to the agencies; TooShort without a
    `short_reason` for a short time.
    """
    statement = guards.lock_for_chair(
        statement.pk,
        StatementState.AMENDMENTS,
        StatementState.CONSOLIDATION,
        may="statements.settle",
        by=by,
        at=at,
    )
    draft = drafts.latest_draft(statement)
    until = lengths.amendments_deadline(
        statement, draft, deadline=deadline, reason=short_reason, by=by, at=at
    )
    if draft.blocks.filter(
        Q(settlement__isnull=False) | Q(amendments__state__in=SETTLED_STATES)
    ).exists():
        raise SettledAlready(
            _(
                "You have already settled some amendments. Undo that first, or issue another draft "
                "for amendments."
            )
        )
    if statement.state == StatementState.CONSOLIDATION:
        return return_to_amendments(statement, until, by=by)
    for name, value in until.items():
        setattr(statement, name, value)
    statement.version += 1
    history.sign(statement, by=by, reason=StatementsChange.AMENDMENTS_DEADLINE_MOVED)
    statement.save(update_fields=[*until, "version"])
    wake_on_commit()
    return statement


def return_to_amendments(
    statement: Statement, until: Mapping[str, Any], *, by: Person
) -> Statement:
    """Return a statement from consolidation to amendments.

    `until` are the fields of the new deadline.
    """
    guards.move(
        statement,
        StatementState.AMENDMENTS,
        by=by,
        reason=StatementsChange.AMENDMENTS_REOPENED,
        **until,
    )
    wake_on_commit()
    return statement


@transaction.atomic
def close_amendments(statement: Statement, *, by: Person, at: datetime) -> Statement:
    """Close the amendments and begin consolidation.

    Before the deadline this moves the deadline to `at`.
    """
    statement = guards.lock_for_chair(
        statement.pk, StatementState.AMENDMENTS, may="statements.settle", by=by, at=at
    )
    # a deadline that has passed stays as it was announced
    deadline = min(at, statement.amendments_until or at)
    guards.move(
        statement,
        StatementState.CONSOLIDATION,
        by=by,
        reason=StatementsChange.AMENDMENTS_CLOSED,
        amendments_until=deadline,
    )
    wake_on_commit()
    return statement
