"""Write to silent agencies, and record their telephone calls."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.core.due import wake_on_commit
from coordination.core.queries import day_in_group
from coordination.members.models import Agency, Person
from coordination.statements.actions import guards
from coordination.statements.actions.positions import (
    PositionCall,
    PositionInput,
    lock_open_step,
    record_position,
)
from coordination.statements.enums import PositionKind, StatementState
from coordination.statements.errors import (
    CallIncomplete,
    NobodySilent,
    NotAMember,
    WrittenToday,
)
from coordination.statements.models import ClearanceStep, LetterToSilent, Position, Statement
from coordination.statements.queries import positions


@transaction.atomic
def write_to_silent(statement: Statement, *, text: str, by: Person, at: datetime) -> LetterToSilent:
    """Write to agencies that are silent in the open step.

    Each gets it by mail with the deadline and the link. Raises NobodySilent, WrittenToday for a
    second letter on a day of the group, or ReasonMissing without words.
    """
    statement = guards.lock_for_chair(
        statement.pk, StatementState.CLEARANCE, may="statements.clear", by=by, at=at
    )
    step = lock_open_step(statement)
    silent = positions.missing_positions_at(step, at).waiting
    if not silent:
        raise NobodySilent(_("Every agency that is asked has spoken; there is nobody to write to."))
    day = day_in_group(at)
    if LetterToSilent.objects.filter(step=step, day=day).exists():
        raise WrittenToday(_("The chair has written to the silent today. Write again tomorrow."))
    words = guards.require_reason(text, _("Write what you ask of the agencies."), field="text")
    letter = LetterToSilent.objects.create(step=step, text=words, sent_by=by, sent_at=at, day=day)
    letter.agencies.set(silent)
    wake_on_commit()
    return letter


@transaction.atomic
def record_call(
    step: ClearanceStep,
    call: PositionCall,
    *,
    sha256: str,
    agency: Agency,
    by: Person,
    at: datetime,
) -> Position:
    """Record an approval that an agency gave by telephone.

    Only an approval: anything else has words of the agency's own, and comes in the app or by
    letter. Raises CallIncomplete without who spoke, when and who heard it, or for a moment outside
    the step; NotAMember for an agency that is not asked.
    """
    statement = guards.lock_for_chair(
        step.statement_id, StatementState.CLEARANCE, may="statements.clear", by=by, at=at
    )
    call = clean_call(call, step, at)
    if agency.pk not in positions.missing_positions_at(step, at).keys:
        raise NotAMember(
            _("%(agency)s is not asked in this step.") % {"agency": agency}, field="agency"
        )
    step.statement = statement
    approval = PositionInput(PositionKind.APPROVE, sha256)
    return record_position(step, approval, agency=agency, by=by, at=at, evidence=call)


def clean_call(call: PositionCall, step: ClearanceStep, at: datetime) -> PositionCall:
    """Return the call with cleaned names; raise CallIncomplete."""
    spoken_by, heard_by = call.spoken_by.strip(), call.heard_by.strip()
    if not spoken_by:
        raise CallIncomplete(_("Say who spoke for the agency."), field="spoken_by")
    if not heard_by:
        raise CallIncomplete(_("Say who heard it."), field="heard_by")
    # an earlier call was about another text
    if not step.opened_at <= call.spoken_at <= at:
        raise CallIncomplete(
            _("Name a moment after this step was opened, and not in the future."), field="spoken_at"
        )
    return PositionCall(spoken_by, call.spoken_at, heard_by)
