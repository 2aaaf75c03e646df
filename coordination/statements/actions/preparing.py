"""Amendments and positions that an agency prepares.

Only the agency's own people see them.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.core import history, permissions, versions
from coordination.core.permissions import On
from coordination.core.queries import day_in_group
from coordination.members.models import Agency, Person
from coordination.statements.actions import guards
from coordination.statements.actions.amendments import AmendmentInput, add_amendment, insertion_kind
from coordination.statements.actions.positions import (
    PositionInput,
    clean_about,
    lock_step_for_agency,
)
from coordination.statements.enums import CIRCULATED_STATES, AmendmentKind, StatementsChange
from coordination.statements.errors import AlreadySent, NothingChanged
from coordination.statements.models import (
    Amendment,
    Block,
    ClearanceStep,
    PreparedAmendment,
    PreparedPosition,
)
from coordination.statements.queries import positions


def refuse_sent(prepared: PreparedAmendment) -> None:
    """Raise AlreadySent if the amendment was sent or discarded."""
    if prepared.sent_as_id or prepared.discarded_at:
        raise AlreadySent(
            _("A colleague has already sent or discarded this. Look at the draft as it is now.")
        )


def lock_prepared(
    prepared: PreparedAmendment, version: int, *, by: Person, at: datetime
) -> PreparedAmendment:
    """Lock a prepared amendment at the seen version.

    Raises NotAllowed, Stale or AlreadySent.
    """
    # no check of the state: what was prepared can be discarded at any time
    statement = guards.lock_statement(prepared.block.draft.statement_id)
    guards.require_agency(by, prepared.agency, at)
    locked = (
        PreparedAmendment.objects.select_for_update(of=("self",))
        .select_related("agency", "block__draft")
        .get(pk=prepared.pk)
    )
    locked.block.draft.statement = statement
    refuse_sent(locked)
    versions.claim(locked, version)
    return locked


@transaction.atomic
def prepare_amendment(
    block: Block, proposal: AmendmentInput, *, agency: Agency, by: Person, at: datetime
) -> PreparedAmendment:
    """Save an amendment that only the agency's people see.

    The rationale may be empty until it is sent. Raises NothingChanged.
    """
    statement = guards.lock_statement(block.draft.statement_id)
    permissions.require(by, "statements.amend", On(day_in_group(at), block.draft))
    guards.require_agency(by, agency, at)
    guards.refuse_outsider(statement, agency, at)
    guards.refuse_state(statement, *CIRCULATED_STATES)
    block.draft.statement = statement
    guards.refuse_older_draft(block.draft)
    prepared = PreparedAmendment(block=block, agency=agency)
    save_prepared(prepared, proposal, by=by, at=at)
    return prepared


@transaction.atomic
def edit_prepared(
    prepared: PreparedAmendment, proposal: AmendmentInput, *, version: int, by: Person, at: datetime
) -> PreparedAmendment:
    """Change a prepared amendment; raise Stale or AlreadySent."""
    prepared = lock_prepared(prepared, version, by=by, at=at)
    guards.refuse_state(prepared.block.draft.statement, *CIRCULATED_STATES)
    save_prepared(prepared, proposal, by=by, at=at)
    return prepared


def save_prepared(
    prepared: PreparedAmendment, proposal: AmendmentInput, *, by: Person, at: datetime
) -> None:
    """Save a proposal and its author.

    Raises NothingChanged when it is empty.
    """
    text = "" if proposal.kind == AmendmentKind.DELETE else guards.clean_block_text(proposal.text)
    if not text and proposal.kind != AmendmentKind.DELETE:
        raise NothingChanged(_("Write the paragraph as it should read."), field="proposed_text")
    prepared.kind, prepared.proposed_text, prepared.rationale = (
        proposal.kind,
        text,
        proposal.rationale.strip(),
    )
    prepared.block_kind = insertion_kind(prepared.block, proposal)
    prepared.author, prepared.saved_at = by, at
    history.sign(prepared, by=by, reason=StatementsChange.PREPARED)
    prepared.save()


@transaction.atomic
def send_prepared(
    prepared: PreparedAmendment, proposal: AmendmentInput, *, version: int, by: Person, at: datetime
) -> Amendment:
    """Propose a prepared amendment in the words of `proposal`.

    The errors are those of `amendments.amend`, and Stale or AlreadySent.
    """
    prepared = lock_prepared(prepared, version, by=by, at=at)
    # the same checks as for an amendment that was never prepared
    amendment = add_amendment(prepared.block, proposal, agency=prepared.agency, by=by, at=at)
    prepared.sent_as = amendment
    history.sign(prepared, by=by, reason=StatementsChange.PREPARED_SENT)
    prepared.save(update_fields=["sent_as"])
    return amendment


@transaction.atomic
def discard_prepared(
    prepared: PreparedAmendment, *, version: int, by: Person, at: datetime
) -> None:
    """Discard a prepared amendment.

    Its words stay in the agency's history.
    """
    prepared = lock_prepared(prepared, version, by=by, at=at)
    prepared.discarded_at = at
    history.sign(prepared, by=by, reason=StatementsChange.PREPARED_DISCARDED)
    prepared.save(update_fields=["discarded_at"])


@transaction.atomic
def prepare_position(
    step: ClearanceStep,
    position: PositionInput,
    *,
    version: int,
    agency: Agency,
    by: Person,
    at: datetime,
) -> PreparedPosition:
    """Save a position that only the agency's people see.

    `version` is that of the prepared position that the author saw, 0 for none. Raises Stale, or
    OtherText or StepClosed when the agency cannot take a position on that text any more.
    """
    statement = guards.lock_statement(step.statement_id)
    permissions.require(by, "statements.take_position", On(day_in_group(at), step))
    guards.require_agency(by, agency, at)
    guards.refuse_outsider(statement, agency, at)
    step.statement = statement
    step = lock_step_for_agency(step, position.sha256, agency=agency, by=by, at=at)
    prepared = (
        PreparedPosition.objects.select_for_update(of=("self",))
        .filter(step=step, agency=agency)
        .first()
    )
    if prepared is None:
        prepared = PreparedPosition(step=step, agency=agency)
    elif version or agency in positions.prepared_positions(step, [agency]):
        versions.claim(prepared, version)
    else:
        prepared.version += 1  # the old one was taken; this row is used again for the new one
    # the reason may be empty: it is required only when the position is taken
    prepared.kind, prepared.reason, prepared.about = (
        position.kind,
        position.reason.strip(),
        clean_about(step, position),
    )
    prepared.author, prepared.saved_at = by, at
    history.sign(prepared, by=by, reason=StatementsChange.PREPARED)
    prepared.save()
    return prepared
