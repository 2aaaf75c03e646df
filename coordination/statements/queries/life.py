"""A statement's life as the stepper shows it; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from coordination.core import formatting
from coordination.statements.enums import PlannedStep, StatementState
from coordination.statements.models import ClearanceStep, Draft, Statement


@dataclass(frozen=True, slots=True)
class LifecycleStep:
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
        return (
            formatting.short_day(
                at.astimezone(self.zone).date(), self.now.astimezone(self.zone).date()
            )
            if at
            else ""
        )

    def moment(self, at: datetime | None) -> str:
        """Return the moment."""
        return formatting.moment(at, self.zone, self.now) if at else ""


# then the steps of clearance, then adoption
PLACE = (StatementState.DRAFTING, StatementState.AMENDMENTS, StatementState.CONSOLIDATION)


def life(
    statement: Statement,
    draft: Draft | None,
    steps: Sequence[ClearanceStep],
    zone: ZoneInfo,
    now: datetime,
) -> list[LifecycleStep]:
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
        *(
            _clearance(place, planned, current, where)
            for place, planned in enumerate(statement.planned, 1)
        ),
        (_("Adopted"), _adopted(statement, where)),
    )
    return [
        LifecycleStep(name, "done" if i < at else "now" if i == at else "todo", when)
        for i, (name, when) in enumerate(words)
    ]


def _place(statement: Statement, current: Sequence[ClearanceStep]) -> int:
    before = len(PLACE)
    if statement.state == StatementState.ADOPTED:
        return before + len(statement.planned) + (statement.released_at is not None)
    if statement.state == StatementState.CLEARANCE:
        return before - 1 + max((step.position for step in current), default=1)
    return PLACE.index(StatementState(statement.state))


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
    return _("draft %(number)s issued %(day)s") % {
        "number": draft.number,
        "day": where.day(draft.circulated_at),
    }


def _adopted(statement: Statement, where: Where) -> str:
    day = where.day(statement.adopted_at)
    return (
        _("%(day)s, not released yet") % {"day": day}
        if day and statement.released_at is None
        else day
    )


def _clearance(
    place: int, planned: PlannedStep, current: Sequence[ClearanceStep], where: Where
) -> tuple[str, str]:
    """Return the name of a planned step, and what is to say of it."""
    name = str(planned.level.label)[:1].upper() + str(planned.level.label)[1:]
    found = [step for step in current if step.position == place]
    if not found:
        return name, _("silence approves") if planned.silence else _("of the final text")
    step = found[-1]
    if step.closed_at:
        return name, _("closed %(day)s") % {"day": where.day(step.closed_at)}
    if step.broken_at:
        return name, _("silence broken %(moment)s") % {"moment": where.moment(step.broken_at)}
    if step.passed(where.now):
        return name, _("silence passed %(moment)s") % {"moment": where.moment(step.deadline)}
    return name, _("to %(moment)s") % {"moment": where.moment(step.deadline)}
