"""Write signatories and lapse open amendments at an adoption."""

from datetime import datetime

from django.utils.translation import gettext as _

from coordination.members.models import Person
from coordination.statements.actions import guards
from coordination.statements.enums import AmendmentState, PositionKind, StandardReason
from coordination.statements.errors import NobodySigns
from coordination.statements.models import ClearanceStep, Signatory, Statement
from coordination.statements.queries import amendments, positions


def write_signatories(statement: Statement, step: ClearanceStep, *, at: datetime) -> None:
    """Save who signs and who does not join.

    The newest positions in `step` decide. Raises NobodySigns when no agency approves.
    """
    missing = positions.missing_positions_at(step, at)
    newest = positions.newest_positions([step]).get(step.pk, {})
    member_positions = [
        position for position in newest.values() if position.agency_id in missing.keys
    ]
    # silent agencies approve; without them all may have declared that they do not join
    if not missing.silent and all(
        position.kind == PositionKind.NOT_JOIN for position in member_positions
    ):
        raise NobodySigns(_("No agency approves this text; there is nothing to adopt."))
    speaking = [
        Signatory(
            statement=statement,
            agency_id=position.agency_id,
            joined=position.kind != PositionKind.NOT_JOIN,
            reservation=positions.reservation_text(position),
        )
        for position in member_positions
    ]
    # agencies that let silence pass approve
    silent = [Signatory(statement=statement, agency=agency) for agency in missing.silent]
    Signatory.objects.bulk_create([*speaking, *silent])


def lapse_amendments(step: ClearanceStep, *, by: Person, at: datetime) -> None:
    """Mark the open amendments of objectors as lapsed.

    The agencies have approved the text without them.
    """
    guards.settle_amendments(
        amendments.open_amendments(step.draft).select_for_update(of=("self",)),
        AmendmentState.LAPSED,
        why=StandardReason.APPROVED_WITHOUT,
        by=by,
        at=at,
    )
