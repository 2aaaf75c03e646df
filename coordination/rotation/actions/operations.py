"""Carry out the named operations on confirmed terms.

One function each, with the group's decision. Each works out what it does (`plans`), writes the
terms, keeps the operation with the schedule before and after, and lets handovers, offers and owed
turns follow. An operation never changes who chaired on a past day. Each raises DecisionNeeded,
ScheduleChanged, NotAllowed, and what its plan raises.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.core import history
from coordination.core.due import wake_on_commit
from coordination.core.periods import Period
from coordination.core.permissions import On, require
from coordination.core.queries import day_in_group
from coordination.members.models import Agency, Person
from coordination.rotation.actions import handover_terms, offer_following, plans, recording, terms
from coordination.rotation.actions.plans import Cession
from coordination.rotation.actions.recording import REASONS, GroupDecision
from coordination.rotation.actions.terms import TermProposal
from coordination.rotation.enums import OperationKind, TermState
from coordination.rotation.errors import ScheduleChanged
from coordination.rotation.models import ChairTerm, TermOperation
from coordination.rotation.queries import chair
from coordination.rotation.queries import operations as operations_queries
from coordination.rotation.queries.operations import PlannedOperation, TermAfter


@transaction.atomic
def cede_term(
    term: ChairTerm, cession: Cession, decision: GroupDecision, *, by: Person, at: datetime
) -> TermOperation:
    """Let another agency take over a turn.

    In a term that has begun it takes over the rest.
    """
    return carry_out(lambda: plans.ceded(saved(term), cession, at=at), decision, by=by, at=at)


@transaction.atomic
def set_chairs(
    term: ChairTerm,
    agencies: Sequence[Agency],
    decision: GroupDecision,
    *,
    by: Person,
    at: datetime,
    from_day: date | None = None,
) -> TermOperation:
    """Make a term joint or single.

    One that has begun changes from `from_day` on.
    """
    return carry_out(
        lambda: plans.chairs_set(saved(term), agencies, from_day, at=at), decision, by=by, at=at
    )


@transaction.atomic
def withdraw_confirmed(
    term: ChairTerm, decision: GroupDecision, *, by: Person, at: datetime
) -> TermOperation:
    """Withdraw a future confirmed term; its days become vacant."""
    return carry_out(lambda: plans.withdrawn(saved(term), at=at), decision, by=by, at=at)


@transaction.atomic
def defer_term(
    term: ChairTerm, decision: GroupDecision, *, by: Person, at: datetime
) -> TermOperation:
    """Withdraw a future turn; each of its agencies is owed one."""
    return carry_out(lambda: plans.deferred(saved(term), at=at), decision, by=by, at=at)


@transaction.atomic
def hand_back(
    term: ChairTerm, last_day: date, decision: GroupDecision, *, by: Person, at: datetime
) -> TermOperation:
    """End a term before its time, with `last_day`."""
    return carry_out(
        lambda: plans.handed_back(saved(term), last_day, at=at), decision, by=by, at=at
    )


@transaction.atomic
def extend_term(
    term: ChairTerm, last_day: date, decision: GroupDecision, *, by: Person, at: datetime
) -> TermOperation:
    """Extend a term over vacant days until `last_day`.

    Nothing is handed over.
    """
    return carry_out(lambda: plans.extended(saved(term), last_day, at=at), decision, by=by, at=at)


@transaction.atomic
def move_boundary(
    term: ChairTerm, last_day: date, decision: GroupDecision, *, by: Person, at: datetime
) -> TermOperation:
    """Move the boundary between a term and the next.

    The term ends on `last_day`.
    """
    return carry_out(
        lambda: plans.boundary_moved(saved(term), last_day, at=at), decision, by=by, at=at
    )


@transaction.atomic
def appoint_caretaker(
    agencies: Sequence[Agency], period: Period, decision: GroupDecision, *, by: Person, at: datetime
) -> TermOperation:
    """Let agencies bridge vacant days as a caretaker."""
    kind = OperationKind.APPOINT_CARETAKER
    return carry_out(lambda: plans.filled(kind, agencies, period, at=at), decision, by=by, at=at)


@transaction.atomic
def name_substitute(
    agencies: Sequence[Agency], period: Period, decision: GroupDecision, *, by: Person, at: datetime
) -> TermOperation:
    """Let agencies chair on vacant days with a full turn."""
    kind = OperationKind.SUBSTITUTE
    return carry_out(lambda: plans.filled(kind, agencies, period, at=at), decision, by=by, at=at)


@transaction.atomic
def pull_forward(
    term: ChairTerm, vacant_day: date, decision: GroupDecision, *, by: Person, at: datetime
) -> TermOperation:
    """Move a later term's agencies into a vacancy.

    Their own days become vacant.
    """
    return carry_out(
        lambda: plans.pulled_forward(saved(term), plans.vacancy_at(vacant_day, at=at), at=at),
        decision,
        by=by,
        at=at,
    )


@transaction.atomic
def move_up(
    vacant_day: date, decision: GroupDecision, *, by: Person, at: datetime
) -> TermOperation:
    """Move every later turn forward by one into a vacancy."""
    return carry_out(
        lambda: plans.moved_up(plans.vacancy_at(vacant_day, at=at), at=at), decision, by=by, at=at
    )


@transaction.atomic
def leave_vacant(
    vacant_day: date, until: date, decision: GroupDecision, *, by: Person, at: datetime
) -> TermOperation:
    """Acknowledge a vacancy until `until`, without reminders.

    The vacancy covers `vacant_day`.
    """
    return carry_out(
        lambda: plans.left_vacant(plans.vacancy_at(vacant_day, at=at), until, at=at),
        decision,
        by=by,
        at=at,
    )


def saved(term: ChairTerm) -> ChairTerm:
    """Return the term as it is saved, with its agencies."""
    return chair.every_term().get(pk=term.pk)


def saved_pair(term: ChairTerm, other: ChairTerm) -> tuple[ChairTerm, ChairTerm]:
    """Return two terms as they are saved, with their agencies."""
    by_key = chair.every_term().in_bulk([term.pk, other.pk])
    return by_key[term.pk], by_key[other.pk]


def carry_out(
    plan: Callable[[], PlannedOperation],
    decision: GroupDecision,
    *,
    by: Person,
    at: datetime,
    offer: TermOperation | None = None,
) -> TermOperation:
    """Plan an operation under the lock, and write it.

    `offer` is the accepted offer that the group decided. Raises ScheduleChanged where the terms are
    not those that the person looked at.
    """
    terms.lock_rotation()
    require(by, "rotation.operate", On(day_in_group(at)))
    decision.refuse_missing()
    # a callable, so that it reads the terms under the lock
    planned = plan()
    refuse_other_base(planned, decision.base)
    return write(planned, decision, by=by, at=at, offer=offer)


def refuse_other_base(planned: PlannedOperation, base: str) -> None:
    """Raise ScheduleChanged if the terms changed since the page was shown.

    An empty `base` means that nobody looked.
    """
    if base and base != planned.base:
        raise ScheduleChanged(
            _(
                "Somebody changed these terms meanwhile. Below is what the operation would do now; "
                "nothing was changed."
            )
        )


def write(
    planned: PlannedOperation,
    decision: GroupDecision,
    *,
    by: Person | None,
    at: datetime,
    offer: TermOperation | None = None,
    is_history: bool = False,
) -> TermOperation:
    """Write a planned operation.

    In the caller's transaction and under its lock. `is_history`: it is loaded from published
    sources, so nobody hands anything over by it.
    """
    # before the terms are written: who hands over follows from the terms
    before = handover_terms.handovers_before()
    was = [operations_queries.as_stored(row.term) if row.term else {} for row in planned.terms]
    written = write_terms(planned, by=by, at=at)
    operation = offer or TermOperation(kind=planned.kind)
    operation.decision, operation.document = decision.decision.strip(), decision.document.strip()
    operation.reason = decision.reason.strip() or operation.reason
    operation.lapses_on = planned.until or operation.lapses_on
    operation.before = was
    operation.after = [
        operations_queries.as_stored(term) if term else operations_queries.stored(row)
        for row, term in zip(planned.terms, written, strict=True)
    ]
    changed = [term for term in written if term]
    recording.record_decided(operation, changed, by=by, at=at)
    recording.settle_owed_turns(operation, planned.owed, changed, by=by)
    if not is_history:
        handover_terms.follow_terms(before, changed, by=by, at=at)
    offer_following.follow_terms(changed, by=by, at=at)
    wake_on_commit()
    return operation


def write_terms(
    planned: PlannedOperation, *, by: Person | None, at: datetime
) -> list[ChairTerm | None]:
    """Save the terms of an operation and return them in order.

    A row that makes no term gives None.
    """
    keys: dict[int, int] = {}
    rows = list(enumerate(planned.terms))
    # days are given up before they are taken: PostgreSQL looks after each row
    for number, row in sorted(rows, key=lambda numbered: takes_days(numbered[1])):
        if row.term or row.state == TermState.CONFIRMED:
            keys[number] = write_term(row, planned.kind, by=by, at=at).pk
    saved_terms = chair.every_term().in_bulk(keys.values())
    return [saved_terms[keys[number]] if number in keys else None for number, _row in rows]


def takes_days(row: TermAfter) -> int:
    """Return the saving order: 0 frees days, 1 extends, 2 adds terms."""
    if row.term is None:
        return 2
    grows = row.period.first < row.term.first_day or row.last_day > row.term.last_day
    return int(grows and row.state == TermState.CONFIRMED)


def write_term(
    row: TermAfter, kind: OperationKind, *, by: Person | None, at: datetime
) -> ChairTerm:
    """Save one term of an operation with its agencies."""
    proposal = TermProposal(row.period.first, row.last_day, row.kind, row.theme)
    fields: list[str] | None = None
    if row.term:
        term = row.term
        fields = ["first_day", "last_day", "kind", "state", "theme", "version"]
        term.version += 1
    else:
        # a turn that goes on in another term was news already: only those that moved are told
        confirmed_at = None if row.continues else at
        term = ChairTerm(slug=terms.free_slug(proposal), confirmed_at=confirmed_at)
    term.first_day, term.last_day = proposal.first_day, proposal.last_day
    term.kind, term.state, term.theme = row.kind, row.state, row.theme
    history.sign(term, by=by, reason=REASONS[kind])
    terms.save_term(term, proposal, fields)
    terms.set_agencies(term, row.agencies, by=by)
    return term
