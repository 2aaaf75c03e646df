"""End the turns of an agency that leaves the group.

They stay ended if the agency comes back.
"""

from dataclasses import replace
from datetime import date, datetime

from coordination.core import history
from coordination.core.periods import ONE_DAY, Period
from coordination.core.queries import day_in_group
from coordination.members.models import Agency, Person
from coordination.members.queries.leaving import member_days
from coordination.rotation.actions import (
    offer_following,
    operations,
    plans,
    recording,
    terms,
)
from coordination.rotation.actions.recording import GroupDecision
from coordination.rotation.enums import OperationKind, RotationChange, TermState
from coordination.rotation.models import ChairTerm, TermAgency, TermOperation
from coordination.rotation.queries import chair
from coordination.rotation.queries import operations as operations_queries
from coordination.rotation.queries.operations import PlannedOperation, TermAfter


def end_turns(agency: Agency, *, by: Person | None, at: datetime) -> None:
    """End an agency's turns that outlast its membership, in the caller's transaction.

    A turn that has not begun is withdrawn, one that runs is cut after the last day of the
    membership. The others of a joint chair go on. Terms that are over stay as they are.
    """
    terms.lock_rotation()
    days, today = member_days(agency), day_in_group(at)
    ahead = chair.confirmed().filter(
        chairs__agency=agency, chairs__last_day__isnull=True, last_day__gte=today
    )
    rows = []
    for term in ahead.order_by("first_day"):
        last_day = last_day_as_member(term, days, today)
        if last_day is None and term.first_day <= today:
            last_day = term.first_day
        if last_day == term.last_day:
            continue
        others = others_after(term, agency, last_day)
        agencies = tuple(row.agency for row in others)
        # they may leave within the term too
        ends = (min(row.last_day or term.last_day, term.last_day) for row in others)
        until = max(ends, default=last_day)
        if not others or last_day is None:
            rows.append(without(term, agencies, until))
            continue
        leave_joint_chair(term, agency, last_day, agencies, by=by, at=at)
        if until != term.last_day:
            rows.append(without(term, (), until))
    if rows:
        planned = PlannedOperation(OperationKind.LEFT, tuple(rows))
        operations.write(planned, GroupDecision(), by=by, at=at)


def last_day_as_member(term: ChairTerm, days: list[Period], today: date) -> date | None:
    """Return the last day of unbroken membership in a term.

    None if the agency is never a member in it. A break ends the turn: coming back within the
    term does not bring it back. `days` are in order. What broke off before `today` counts only
    if the agency has not come back by then. Pure.
    """
    runs: list[Period] = []
    for period in days:
        if not period.overlaps(term.period):
            continue
        last = min(period.last or term.last_day, term.last_day)
        follows = runs and runs[-1].last and runs[-1].last + ONE_DAY == period.first
        runs.append(Period(runs.pop().first if follows else period.first, last))
    begun = [run for run in runs if run.first <= max(term.first_day, today)]
    chosen = begun[-1:] or runs[:1]
    return chosen[0].last if chosen else None


def others_after(term: ChairTerm, agency: Agency, last_day: date | None) -> list[TermAgency]:
    """Return the agencies of a joint chair that stay after `last_day`."""
    return [
        row
        for row in term.chairs.all()
        if row.agency != agency
        and (row.last_day is None or last_day is None or row.last_day > last_day)
    ]


def without(term: ChairTerm, others: tuple[Agency, ...], last_day: date | None) -> TermAfter:
    """Return a term without an agency that leaves.

    The others go on, or the term ends after `last_day`. Without either it is withdrawn.
    """
    row = plans.as_is(term)
    if last_day is None:
        return replace(row, state=TermState.WITHDRAWN)
    return replace(row, agencies=others or row.agencies, period=Period(term.first_day, last_day))


def leave_joint_chair(
    term: ChairTerm,
    agency: Agency,
    last_day: date,
    others: tuple[Agency, ...],
    *,
    by: Person | None,
    at: datetime,
) -> None:
    """Record when an agency leaves a joint chair that goes on."""
    row = TermAgency.objects.get(term=term, agency=agency)
    row.last_day = last_day
    history.sign(row, by=by, reason=RotationChange.TERMS_ENDED_BY_LEAVING)
    row.save(update_fields=["last_day"])
    rest = replace(
        plans.as_is(term),
        period=Period(last_day + ONE_DAY, term.last_day),
        agencies=others,
    )
    operation = TermOperation(
        kind=OperationKind.LEFT,
        before=[operations_queries.as_stored(term)],
        after=[operations_queries.stored(rest)],
    )
    recording.record_decided(operation, [term], by=by, at=at)
    offer_following.follow_terms([term], by=by, at=at, left=True)
