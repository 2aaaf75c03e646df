"""What agencies propose to a draft, and the end of the window."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from coordination.core import history, permissions, versions
from coordination.core.due import wake_on_commit
from coordination.core.permissions import On
from coordination.core.queries import day_in_group
from coordination.members.models import Agency, Person
from coordination.statements.actions import guards
from coordination.statements.actions.sponsors import release_sponsors
from coordination.statements.enums import (
    SETTLED,
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
    """Raise WrongState or DeadlinePassed unless the agency may amend at `at`.

    It may while amendments are open, or if it objects: it then says what would lift that.
    """
    if statement.state == StatementState.CLEARANCE and positions.objects_now(statement, agency):
        return
    until = statement.amendments_until
    if until is not None and at >= until:
        raise DeadlinePassed(
            _(
                "Amendments closed on %(moment)s. Ask the chair to take yours up, or to open "
                "another round."
            )
            % {"moment": guards.said(until, by)},
        )
    guards.refuse_state(statement, StatementState.AMENDMENTS)


@dataclass(frozen=True, slots=True)
class AmendmentInput:
    """What an agency proposes for a paragraph.

    Other words for it, a new one after it (of which kind), or that it goes; and why.

    `renews` is an amendment of the same agency to the draft before, which was returned.
    """

    text: str
    rationale: str
    kind: AmendmentKind = AmendmentKind.REPLACE
    block_kind: BlockKind | None = None
    renews: Amendment | None = None


def proposed(block: Block, proposal: AmendmentInput) -> tuple[str, str]:
    """Return text and reason, cleaned; raise NothingChanged or ReasonMissing."""
    words = "" if proposal.kind == AmendmentKind.DELETE else guards.block_text(proposal.text)
    if not words and proposal.kind != AmendmentKind.DELETE:
        raise NothingChanged(
            _("Write the paragraph as it should read. To have it deleted, propose its deletion."),
            field="proposed_text",
        )
    if words == block.text and proposal.kind == AmendmentKind.REPLACE:
        raise NothingChanged(
            _("This is the paragraph as it stands; change the words that should change."),
            field="proposed_text",
        )
    return words, guards.refuse_without(
        proposal.rationale,
        _("Say in a sentence why; the chair and the others read it."),
        "rationale",
    )


def kind_of_new(block: Block, proposal: AmendmentInput) -> str:
    """Return what the new paragraph is.

    As said, else what the one before it is, where that is no title; "" where none is proposed.
    """
    if proposal.kind != AmendmentKind.INSERT:
        return ""
    same = block.kind if block.kind not in {BlockKind.TITLE, BlockKind.HEADING} else BlockKind.BODY
    return str(proposal.block_kind or same)


@transaction.atomic
def amend(
    block: Block, proposal: AmendmentInput, *, agency: Agency, by: Person, at: datetime
) -> Amendment:
    """Propose something for a block of the newest draft, for an agency.

    Only before the deadline. Of its own words an agency has one open amendment; of new paragraphs
    after it as many as it likes.
    """
    block = Block.objects.select_related("draft").get(pk=block.pk)
    block.draft.statement = guards.lock(block.draft.statement_id)
    return add(block, proposal, agency=agency, by=by, at=at)


def add(
    block: Block, proposal: AmendmentInput, *, agency: Agency, by: Person, at: datetime
) -> Amendment:
    """Add an amendment to a block.

    The statement must be locked already, and the block read after that.
    """
    statement = block.draft.statement
    permissions.require(by, "statements.amend", On(day_in_group(at), block.draft))
    guards.require_agency(by, agency, at)
    guards.refuse_outsider(statement, agency, at)
    guards.refuse_older_draft(block.draft)
    refuse_closed(statement, agency, by=by, at=at)
    words, reason = proposed(block, proposal)
    if proposal.kind != AmendmentKind.INSERT and amendments.own_open_amendment(block, agency):
        raise AlreadyAmended(
            _("%(agency)s already has an open amendment to this paragraph; edit that one.")
            % {"agency": agency},
            field="proposed_text",
        )
    amendment = Amendment(
        block=block, agency=agency, author=by, proposed_text=words, rationale=reason, proposed_at=at
    )
    amendment.number = amendments.next_amendment_number(block.draft)
    amendment.kind, amendment.block_kind = proposal.kind, kind_of_new(block, proposal)
    if proposal.renews and proposal.renews in amendments.returned_to(block.draft, [agency]):
        amendment.carried_from = proposal.renews
    history.sign(amendment, by=by, reason=StatementsChange.AMENDMENT_PROPOSED)
    amendment.save()
    wake_on_commit()
    return amendment


def own(amendment: Amendment, *, by: Person, at: datetime) -> Amendment:
    """Lock an open amendment of an agency for which `by` may act.

    Raises WrongState in consolidation, whatever the chair has done with the amendment, so that its
    state stays secret. Raises AmendmentSettled when it is no longer open.
    """
    statement = guards.lock(amendment.block.draft.statement_id)
    guards.require_agency(by, amendment.agency, at)
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
    """Change one's agency's open amendment while amendments are open.

    Raises Stale when a colleague saved meanwhile. Other words may become a deletion and the other
    way round; a new paragraph stays one.
    """
    amendment = own(amendment, by=by, at=at)
    refuse_closed(amendment.block.draft.statement, amendment.agency, by=by, at=at)
    versions.claim(amendment, version)
    if (amendment.kind == AmendmentKind.INSERT) != (proposal.kind == AmendmentKind.INSERT):
        raise NothingChanged(
            _("A new paragraph stays one: withdraw it, and amend the paragraph before it."),
            field="proposed_text",
        )
    before = (amendment.kind, amendment.proposed_text)
    amendment.proposed_text, amendment.rationale = proposed(amendment.block, proposal)
    amendment.kind, amendment.block_kind = proposal.kind, kind_of_new(amendment.block, proposal)
    if (amendment.kind, amendment.proposed_text) != before:
        release_sponsors(amendment, at=at)
    amendment.author = by
    history.sign(amendment, by=by, reason=StatementsChange.AMENDMENT_EDITED)
    amendment.save(update_fields=["proposed_text", "rationale", "author", "kind", "block_kind"])
    wake_on_commit()
    return amendment


@transaction.atomic
def withdraw_amendment(
    amendment: Amendment, *, version: int, by: Person, at: datetime
) -> Amendment:
    """Withdraw one's agency's amendment while amendments are open.

    It was read at `version`, and it stays on record. Raises Stale when a colleague changed it
    meanwhile.
    """
    amendment = own(amendment, by=by, at=at)
    versions.claim(amendment, version)
    amendment.state = AmendmentState.WITHDRAWN
    history.sign(amendment, by=by, reason=StatementsChange.AMENDMENT_WITHDRAWN)
    amendment.save(update_fields=["state"])
    return amendment


@transaction.atomic
def reopen_amendments(
    statement: Statement, *, deadline: datetime, by: Person, at: datetime
) -> Statement:
    """Let agencies amend the same draft until a new deadline.

    This gives more time while amendments are open, or allows late ones after they were closed. What
    the chair settled is nobody else's to know yet: raises SettledAlready while anything is, which
    the chair may undo.
    """
    statement = guards.hold(
        statement.pk,
        StatementState.AMENDMENTS,
        StatementState.CONSOLIDATION,
        may="statements.settle",
        by=by,
        at=at,
    )
    guards.refuse_past(deadline, at)
    draft = drafts.latest_draft(statement)
    if draft.blocks.filter(Q(settlement__isnull=False) | Q(amendments__state__in=SETTLED)).exists():
        raise SettledAlready(
            _(
                "You settled some amendments already: undo that first, or issue another draft for "
                "amendments."
            )
        )
    if statement.state == StatementState.CONSOLIDATION:
        return reopened(statement, deadline, by=by)
    statement.amendments_until = deadline
    statement.version += 1
    history.sign(statement, by=by, reason=StatementsChange.AMENDMENTS_DEADLINE_MOVED)
    statement.save(update_fields=["amendments_until", "version"])
    wake_on_commit()
    return statement


def reopened(statement: Statement, deadline: datetime, *, by: Person) -> Statement:
    """Bring a statement in consolidation back to amendments."""
    guards.move(
        statement,
        StatementState.AMENDMENTS,
        by=by,
        reason=StatementsChange.AMENDMENTS_REOPENED,
        amendments_until=deadline,
    )
    wake_on_commit()
    return statement


@transaction.atomic
def close_amendments(statement: Statement, *, by: Person, at: datetime) -> Statement:
    """End the amendments and begin consolidation.

    The chair may do so before the deadline too; the deadline is then now.
    """
    statement = guards.hold(
        statement.pk, StatementState.AMENDMENTS, may="statements.settle", by=by, at=at
    )
    until = min(at, statement.amendments_until or at)
    guards.move(
        statement,
        StatementState.CONSOLIDATION,
        by=by,
        reason=StatementsChange.AMENDMENTS_CLOSED,
        amendments_until=until,
    )
    wake_on_commit()
    return statement
