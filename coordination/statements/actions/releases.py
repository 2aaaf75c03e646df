"""Release statements at moments that the chair planned."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.core import history, versions
from coordination.core.actions import refuse_far_day
from coordination.core.due import wake_on_commit
from coordination.members.models import Person
from coordination.statements.actions import guards
from coordination.statements.enums import LIVE_STATES, StatementsChange, StatementState
from coordination.statements.errors import AlreadyReleased, DeadlineNotAhead, ReleaseNotPlanned
from coordination.statements.models import Statement

PLANNABLE = (*LIVE_STATES, StatementState.ADOPTED)


@transaction.atomic
def plan_release(
    statement: Statement, *, release_at: datetime, version: int, by: Person, at: datetime
) -> Statement:
    """Set or move the planned release of a statement.

    It may be set before the adoption. Raises Stale, AlreadyReleased or DeadlineNotAhead.
    """
    statement = _lock(statement, version, by=by, at=at)
    if release_at <= at:
        raise DeadlineNotAhead(_("Choose a moment in the future."), field="release_at")
    refuse_far_day(release_at.date(), at=at, field="release_at")
    is_moved = statement.release_planned_for is not None
    statement.release_planned_for = release_at
    history.sign(
        statement,
        by=by,
        reason=StatementsChange.RELEASE_MOVED if is_moved else StatementsChange.RELEASE_PLANNED,
    )
    statement.save(update_fields=["release_planned_for"])
    return statement


@transaction.atomic
def unplan_release(statement: Statement, *, version: int, by: Person, at: datetime) -> Statement:
    """Withdraw a planned release.

    The statement then waits for the chair. Raises Stale, AlreadyReleased or ReleaseNotPlanned.
    """
    statement = _lock(statement, version, by=by, at=at)
    if statement.release_planned_for is None:
        raise ReleaseNotPlanned(_("No release is planned for this statement."))
    statement.release_planned_for = None
    history.sign(statement, by=by, reason=StatementsChange.RELEASE_UNPLANNED)
    statement.save(update_fields=["release_planned_for"])
    return statement


def _lock(statement: Statement, version: int, *, by: Person, at: datetime) -> Statement:
    """Lock a statement that is not released yet.

    Raises Stale or AlreadyReleased.
    """
    statement = guards.lock_for_chair(
        statement.pk, *PLANNABLE, may="statements.release", by=by, at=at
    )
    if statement.released_at is not None:
        raise AlreadyReleased(_("The statement is public already."))
    versions.claim(statement, version)
    return statement


def release_due(*, at: datetime) -> int:
    """Release the adopted statements that are due; return how many.

    Late ones too. Each in a transaction of its own. A second call at the same moment releases
    nothing.
    """
    due = Statement.objects.filter(
        state=StatementState.ADOPTED, released_at__isnull=True, release_planned_for__lte=at
    )
    keys = list(due.order_by("release_planned_for", "pk").values_list("pk", flat=True))
    return sum(_release(key, at=at) for key in keys)


@transaction.atomic
def _release(key: int, *, at: datetime) -> bool:
    """Release one statement, unless its release moved meanwhile."""
    statement = guards.lock_statement(key)
    planned = statement.release_planned_for
    if statement.released_at is not None or planned is None or planned > at:
        return False
    statement.released_at = at
    statement.version += 1
    history.sign(statement, by=None, reason=StatementsChange.RELEASED_AS_PLANNED)
    statement.save(update_fields=["released_at", "version"])
    wake_on_commit()
    return True
