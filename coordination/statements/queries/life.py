"""A statement's life as the stepper shows it; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from coordination.core import wording
from coordination.statements.enums import STEPS, StatementState, StepLevel
from coordination.statements.models import ClearanceStep, Draft, Statement


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a life: done, now or todo, with its day or deadline."""

    name: str
    state: str
    when: str


@dataclass(frozen=True, slots=True)
class Where:
    """In whose zone, and seen at which moment, times are said."""

    zone: ZoneInfo
    now: datetime

    def day(self, at: datetime | None) -> str:
        """Return the day of a moment."""
        return wording.short_day(at.astimezone(self.zone).date(), self.now.astimezone(self.zone).date()) if at else ""

    def moment(self, at: datetime | None) -> str:
        """Return the moment."""
        return wording.moment(at, self.zone, self.now) if at else ""


PLACE = {StatementState.DRAFTING: 0, StatementState.AMENDMENTS: 1, StatementState.CONSOLIDATION: 2, StatementState.ADOPTED: 5}


def life(
    statement: Statement,
    draft: Draft | None,
    steps: Sequence[ClearanceStep],
    zone: ZoneInfo,
    now: datetime,
) -> list[Step]:
    """Return the steps of the statement's life; `steps` are those of clearance, the newest last."""
    if statement.state == StatementState.WITHDRAWN:
        return []
    where = Where(zone, now)
    current = [step for step in steps if draft is not None and step.draft_id == draft.pk]
    at = _place(statement, current)
    words = (
        (_("Drafting"), where.day(statement.started_at)),
        (_("Amendments open"), _amendments(statement, where)),
        (_("Consolidation"), _consolidation(statement, draft, where)),
        (_("Working-level clearance"), _clearance(StepLevel.WORKING_LEVEL, current, where)),
        (_("Principals’ approval"), _clearance(StepLevel.PRINCIPALS, current, where)),
        (_("Adopted"), _adopted(statement, where)),
    )
    return [Step(name, "done" if i < at else "now" if i == at else "todo", when) for i, (name, when) in enumerate(words)]


def _place(statement: Statement, current: Sequence[ClearanceStep]) -> int:
    if statement.released_at is not None:
        return 6
    if statement.state == StatementState.CLEARANCE:
        return 2 + max((step.position for step in current), default=1)
    return PLACE[StatementState(statement.state)]


def _amendments(statement: Statement, where: Where) -> str:
    until = statement.amendments_until
    if until is None:
        return ""
    if statement.state == StatementState.AMENDMENTS and until > where.now:
        return _("until %(moment)s") % {"moment": where.moment(until)}
    return _("closed %(moment)s") % {"moment": where.moment(until)}


def _consolidation(statement: Statement, draft: Draft | None, where: Where) -> str:
    if draft is None or draft.circulated_at is None:
        return ""
    if statement.state == StatementState.CONSOLIDATION:
        return _("of draft %(number)s") % {"number": draft.number}
    if draft.number == 1:
        return ""
    return _("draft %(number)s issued %(day)s") % {"number": draft.number, "day": where.day(draft.circulated_at)}


def _adopted(statement: Statement, where: Where) -> str:
    day = where.day(statement.adopted_at)
    return _("%(day)s, not released yet") % {"day": day} if day and statement.released_at is None else day


def _clearance(level: StepLevel, current: Sequence[ClearanceStep], where: Where) -> str:
    found = [step for step in current if step.level == level]
    if not found:
        return _("of the final text") if level == STEPS[-1] else ""
    if found[-1].closed_at:
        return _("closed %(day)s") % {"day": where.day(found[-1].closed_at)}
    return _("to %(moment)s") % {"moment": where.moment(found[-1].deadline)}
