"""Propose the terms of a plan."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.core import history
from coordination.core.actions import (
    create_with_history,
    delete_with_history,
    update_with_history,
)
from coordination.core.due import wake_on_commit
from coordination.core.permissions import On, require
from coordination.core.queries import day_in_group, group
from coordination.members.models import Person
from coordination.rotation.actions import terms
from coordination.rotation.actions.terms import TermProposal
from coordination.rotation.enums import RotationChange, TermState
from coordination.rotation.errors import NothingToPropose, PlanChanged
from coordination.rotation.models import ChairTerm, TermAgency
from coordination.rotation.queries import planning, what_if
from coordination.rotation.queries.what_if import PlanLine, WhatIf


@transaction.atomic
def apply_plan(
    changes: WhatIf, *, shown_base: str, by: Person, at: datetime
) -> tuple[PlanLine, ...]:
    """Write a changed plan as proposals and return them.

    `shown_base` is the fingerprint of what the person saw the plan for. Open terms are proposed,
    proposals of other agencies are changed, and proposals of terms that are left vacant are
    withdrawn. Nothing is confirmed. Raises PlanChanged, NothingToPropose, PlanChangeRefused,
    FarFromToday, TermsOverlap, NobodyChairs, NotAllowed.
    """
    terms.lock_rotation()
    day = day_in_group(at)
    require(by, "rotation.edit_term", On(day))
    base = planning.plan_base(day, group(), count=changes.count)
    if base.fingerprint != shown_base:
        raise PlanChanged(
            _(
                "The terms or members have changed since you saw this plan, so nothing was "
                "proposed. The plan below is made from what is so now."
            )
        )
    lines = what_if.comparison(base, changes).writes
    if not lines:
        raise NothingToPropose(_("Every term is proposed as it is planned already."))
    propose(lines, by=by, at=at)
    change_hands(lines, by=by)
    withdraw(lines, by=by)
    wake_on_commit()
    return lines


def propose(lines: Sequence[PlanLine], *, by: Person, at: datetime) -> None:
    """Propose the open terms that nobody has proposed."""
    new = [(line, proposal_of(line)) for line in lines if line.proposal is None]
    proposed = []
    for line, proposal in new:
        terms.refuse_begun(proposal.first_day, at=at)
        terms.refuse_far_days(proposal, at=at)
        terms.refuse_overlap(proposal)
        terms.refuse_chairs(line.changed, proposal)
        term = ChairTerm(
            slug=terms.free_slug(proposal),
            first_day=proposal.first_day,
            last_day=proposal.last_day,
        )
        history.sign(term, by=by, reason=RotationChange.TERM_PROPOSED)
        proposed.append(term)
    create_with_history(proposed)
    put_in_chair(zip(proposed, (line for line, _proposal in new), strict=True), by=by)


def change_hands(lines: Sequence[PlanLine], *, by: Person) -> None:
    """Give proposals to other agencies.

    Their days, kind and theme stay.
    """
    changed = [(line.proposal, line) for line in lines if line.proposal and line.changed]
    for term, line in changed:
        terms.refuse_chairs(line.changed, TermProposal(term.first_day, term.last_day))
    chairs_before = TermAgency.objects.filter(term__in=[term for term, _line in changed])
    leaving = list(chairs_before.select_related("agency"))
    for row in leaving:
        history.sign(row, by=by, reason=RotationChange.CHAIR_REMOVED)
    delete_with_history(leaving)
    put_in_chair(changed, by=by)
    save_proposals([term for term, _line in changed], RotationChange.TERM_CORRECTED, by=by)


def withdraw(lines: Sequence[PlanLine], *, by: Person) -> None:
    """Withdraw the proposals of terms that are left vacant."""
    vacant = [line.proposal for line in lines if line.proposal and not line.changed]
    for term in vacant:
        term.state = TermState.WITHDRAWN
    save_proposals(vacant, RotationChange.TERM_WITHDRAWN, by=by)


def put_in_chair(planned: Iterable[tuple[ChairTerm, PlanLine]], *, by: Person) -> None:
    """Put the planned agency in the chair of each term."""
    rows = [
        TermAgency(term=term, agency=agency) for term, line in planned for agency in line.changed
    ]
    for row in rows:
        history.sign(row, by=by, reason=RotationChange.CHAIR_ADDED)
    create_with_history(rows)


def save_proposals(proposals: Sequence[ChairTerm], reason: RotationChange, *, by: Person) -> None:
    """Save proposals with a new version.

    The rotation is locked.
    """
    for term in proposals:
        term.version += 1
        history.sign(term, by=by, reason=reason)
    update_with_history(proposals, ["state", "version"])


def proposal_of(line: PlanLine) -> TermProposal:
    """Return the days of a planned term as the input of a term."""
    return TermProposal(line.days.first, line.days.last)
