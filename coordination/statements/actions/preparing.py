"""Amendments and positions that colleagues prepare within their agency.

Only they see them, and they send each one once.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.core import history, permissions, versions
from coordination.core.permissions import On
from coordination.core.queries import day_in_group
from coordination.members.models import Agency, Person
from coordination.statements.actions import guards
from coordination.statements.actions.amendments import AmendmentInput, add, kind_of_new
from coordination.statements.actions.positions import PositionInput, paragraphs_meant, still_asked
from coordination.statements.enums import WITH_AGENCIES, AmendmentKind, StatementsChange
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
    """Raise AlreadySent once it was sent or discarded."""
    if prepared.sent_as_id or prepared.discarded_at:
        raise AlreadySent(
            _("A colleague has sent or discarded this meanwhile; look at the draft as it is now.")
        )


def of_own(
    prepared: PreparedAmendment, version: int, *, by: Person, at: datetime
) -> PreparedAmendment:
    """Lock what an agency prepares, at the version its author saw.

    Raises NotAllowed, Stale or AlreadySent.
    """
    statement = guards.lock(prepared.block.draft.statement_id)
    guards.require_agency(by, prepared.agency, at)
    found = (
        PreparedAmendment.objects.select_for_update(of=("self",))
        .select_related("agency", "block__draft")
        .get(pk=prepared.pk)
    )
    found.block.draft.statement = statement
    refuse_sent(found)
    versions.claim(found, version)
    return found


@transaction.atomic
def prepare_amendment(
    block: Block, proposal: AmendmentInput, *, agency: Agency, by: Person, at: datetime
) -> PreparedAmendment:
    """Keep what an agency may propose for a block, for its own people.

    A reason may come later. Raises NothingChanged.
    """
    statement = guards.lock(block.draft.statement_id)
    permissions.require(by, "statements.amend", On(day_in_group(at), block.draft))
    guards.require_agency(by, agency, at)
    guards.refuse_outsider(statement, agency, at)
    guards.refuse_state(statement, *WITH_AGENCIES)
    block.draft.statement = statement
    guards.refuse_older_draft(block.draft)
    prepared = PreparedAmendment(block=block, agency=agency)
    fill(prepared, proposal, by=by, at=at)
    return prepared


@transaction.atomic
def edit_prepared(
    prepared: PreparedAmendment, proposal: AmendmentInput, *, version: int, by: Person, at: datetime
) -> PreparedAmendment:
    """Change what an agency prepares; raise Stale when a colleague saved meanwhile."""
    prepared = of_own(prepared, version, by=by, at=at)
    guards.refuse_state(prepared.block.draft.statement, *WITH_AGENCIES)
    fill(prepared, proposal, by=by, at=at)
    return prepared


def fill(
    prepared: PreparedAmendment, proposal: AmendmentInput, *, by: Person, at: datetime
) -> None:
    """Save the words, the reason and who wrote them."""
    words = "" if proposal.kind == AmendmentKind.DELETE else guards.block_text(proposal.text)
    if not words and proposal.kind != AmendmentKind.DELETE:
        raise NothingChanged(_("Write the paragraph as it should read."), field="proposed_text")
    prepared.kind, prepared.proposed_text, prepared.rationale = (
        proposal.kind,
        words,
        proposal.rationale.strip(),
    )
    prepared.block_kind = kind_of_new(prepared.block, proposal)
    prepared.author, prepared.saved_at = by, at
    history.sign(prepared, by=by, reason=StatementsChange.PREPARED)
    prepared.save()


@transaction.atomic
def send_prepared(
    prepared: PreparedAmendment, proposal: AmendmentInput, *, version: int, by: Person, at: datetime
) -> Amendment:
    """Propose what was prepared, as it reads now, before the deadline; it is sent once."""
    prepared = of_own(prepared, version, by=by, at=at)
    amendment = add(prepared.block, proposal, agency=prepared.agency, by=by, at=at)
    prepared.sent_as = amendment
    history.sign(prepared, by=by, reason=StatementsChange.PREPARED_SENT)
    prepared.save(update_fields=["sent_as"])
    return amendment


@transaction.atomic
def discard_prepared(
    prepared: PreparedAmendment, *, version: int, by: Person, at: datetime
) -> None:
    """Give up what was prepared; its words stay in the agency's history."""
    prepared = of_own(prepared, version, by=by, at=at)
    prepared.discarded_at = at
    history.sign(prepared, by=by, reason=StatementsChange.PREPARED_DISCARDED)
    prepared.save(update_fields=["discarded_at"])


@transaction.atomic
def prepare_position(
    step: ClearanceStep,
    said: PositionInput,
    *,
    version: int,
    agency: Agency,
    by: Person,
    at: datetime,
) -> PreparedPosition:
    """Keep the position that an agency may take, for its own people alone.

    The step must be open. `version` is 0 when there was no position. Raises Stale when a colleague
    saved meanwhile, OtherText or StepClosed when nothing can be said of that text any more.
    """
    statement = guards.lock(step.statement_id)
    permissions.require(by, "statements.take_position", On(day_in_group(at), step))
    guards.require_agency(by, agency, at)
    guards.refuse_outsider(statement, agency, at)
    step.statement = statement
    step = still_asked(step, said.sha256, agency=agency, by=by, at=at)
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
        prepared.version += 1  # it was taken, and has done its work
    prepared.kind, prepared.reason, prepared.about = (
        said.kind,
        said.reason.strip(),
        paragraphs_meant(step, said),
    )
    prepared.author, prepared.saved_at = by, at
    history.sign(prepared, by=by, reason=StatementsChange.PREPARED)
    prepared.save()
    return prepared
