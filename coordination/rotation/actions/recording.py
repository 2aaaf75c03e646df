"""Record an operation for ever.

With its decision, the schedule before and after, and owed turns.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from coordination.core import history
from coordination.members.models import Agency, Person
from coordination.rotation.enums import (
    OperationKind,
    OperationState,
    RotationChange,
    TermKind,
    TermState,
)
from coordination.rotation.errors import DecisionNeeded
from coordination.rotation.models import ChairTerm, OperationTerm, OwedTurn, TermOperation
from coordination.rotation.queries import chair

REASONS = {
    OperationKind.CONFIRM: RotationChange.TERM_CONFIRMED,
    OperationKind.EXCHANGE: RotationChange.TERM_EXCHANGED,
    OperationKind.CEDE: RotationChange.TERM_CEDED,
    OperationKind.DEFER: RotationChange.TERM_DEFERRED,
    OperationKind.PULL_FORWARD: RotationChange.TERM_PULLED_FORWARD,
    OperationKind.MOVE_BOUNDARY: RotationChange.BOUNDARY_MOVED,
    OperationKind.HAND_BACK: RotationChange.HANDED_BACK,
    OperationKind.APPOINT_CARETAKER: RotationChange.CARETAKER_APPOINTED,
    OperationKind.EXTEND: RotationChange.TERM_EXTENDED,
    OperationKind.SET_CHAIRS: RotationChange.CHAIRS_SET,
    OperationKind.WITHDRAW: RotationChange.CONFIRMED_TERM_WITHDRAWN,
    OperationKind.SUBSTITUTE: RotationChange.SUBSTITUTE_NAMED,
    OperationKind.MOVE_UP: RotationChange.TURNS_MOVED_UP,
    OperationKind.LEAVE_VACANT: RotationChange.VACANCY_ACKNOWLEDGED,
    OperationKind.LEFT: RotationChange.TERMS_ENDED_BY_LEAVING,
}
# by these an agency gets a turn; by the others it moves or loses one
GIVES_A_TURN = {OperationKind.CONFIRM, OperationKind.SUBSTITUTE, OperationKind.CEDE}


@dataclass(frozen=True, slots=True)
class GroupDecision:
    """The input of a decision: by whom, with which document, and why.

    `base` are the terms and versions that the person looked at ("12:3,13:1"); empty means that
    nobody looked. `how` are the codes of a decision that a selection made, {} for others.
    """

    decision: str = ""
    document: str = ""
    reason: str = ""
    base: str = ""
    how: Mapping[str, object] = field(default_factory=dict)

    def refuse_missing(self) -> None:
        """Raise DecisionNeeded."""
        if not self.decision.strip():
            raise DecisionNeeded(
                _("Say who decided, such as “Meeting of 3 May, by consensus”."), field="decision"
            )


def record_decided(
    operation: TermOperation, terms: Iterable[ChairTerm], *, by: Person | None, at: datetime
) -> TermOperation:
    """Save an operation as decided, with its terms.

    The caller has set its kind, before and after. An offer keeps who offered it.
    """
    if operation.pk is None:
        operation.made_by, operation.made_at = by, at
    else:
        operation.version += 1
    operation.state = OperationState.DECIDED
    operation.decided_by, operation.decided_at = by, at
    history.sign(operation, by=by, reason=REASONS[OperationKind(operation.kind)])
    operation.save()
    hang_on(operation, terms, by=by)
    return operation


def hang_on(operation: TermOperation, terms: Iterable[ChairTerm], *, by: Person | None) -> None:
    """Note on which terms an operation hangs, and their versions."""
    known = {row.term_id: row for row in operation.terms.all()}
    for position, term in enumerate(terms, 1):
        row = known.get(term.pk) or OperationTerm(operation=operation, term=term, position=position)
        row.term_version = term.version
        history.sign(row, by=by, reason=None)
        row.save()


def settle_owed_turns(
    operation: TermOperation,
    owed: Sequence[Agency],
    terms: Iterable[ChairTerm],
    *,
    by: Person | None,
) -> None:
    """Update the owed turns after an operation.

    It leaves them owed, settles them, or opens them again.
    """
    changed = list(terms)
    settled = list(OwedTurn.objects.filter(settled_by__in=changed))
    for turn in settled:
        follow_turn(turn, changed, by=by)
    # a turn that was given for an owed one is that turn: deferred again, it is owed once
    opened = {turn.agency_id for turn in settled if turn.settled_by_id is None}
    for agency in owed:
        if agency.pk not in opened:
            turn = OwedTurn(agency=agency, operation=operation)
            write_turn(turn, RotationChange.TERM_DEFERRED, by=by)
    for term in changed:
        # who only bridges days for which nobody stood has had no turn
        is_turn = (term.state, term.kind) == (TermState.CONFIRMED, TermKind.TERM)
        if is_turn and operation.kind in GIVES_A_TURN:
            settle_with(term, by=by)


def follow_turn(turn: OwedTurn, changed: Sequence[ChairTerm], *, by: Person | None) -> None:
    """Update an owed turn when its agency's term changes, or reopen it.

    A turn that was ceded stays settled: its agency gave it away.
    """
    held = [
        term
        for term in changed
        if term.state == TermState.CONFIRMED and turn.agency in chair.chairing_agencies(term)
    ]
    [settled_by] = [term for term in changed if term.pk == turn.settled_by_id]
    if settled_by in held:
        return
    taken = OwedTurn.objects.filter(agency=turn.agency, settled_by__in=held)
    free = [term for term in held if term.pk not in set(taken.values_list("settled_by", flat=True))]
    if free:
        turn.settled_by = free[0]
        write_turn(turn, RotationChange.OWED_TURN_SETTLED, by=by)
    elif settled_by.state == TermState.WITHDRAWN:
        turn.settled_by = None
        write_turn(turn, RotationChange.OWED_TURN_REOPENED, by=by)


def settle_with(term: ChairTerm, *, by: Person | None) -> None:
    """Settle the oldest owed turn of each agency of a new term."""
    for agency in chair.chairing_agencies(term):
        turns = OwedTurn.objects.filter(agency=agency)
        turn = turns.filter(settled_by__isnull=True).first()
        if turn and not turns.filter(settled_by=term).exists():
            turn.settled_by = term
            write_turn(turn, RotationChange.OWED_TURN_SETTLED, by=by)


def write_turn(turn: OwedTurn, reason: Any, *, by: Person | None) -> None:
    """Save an owed turn with its reason."""
    history.sign(turn, by=by, reason=reason)
    turn.save()
