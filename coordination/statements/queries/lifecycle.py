"""The life of a statement as its stepper shows it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from coordination.core import formatting
from coordination.statements.enums import PlannedStep, StatementState
from coordination.statements.models import ClearanceStep, Draft, Statement


@dataclass(frozen=True, slots=True)
class LifecycleStep:
    """A step of the stepper; `state` is "done", "now" or "todo"."""

    name: str
    state: str
    when: str


@dataclass(frozen=True, slots=True)
class ReaderTime:
    """Formats times in the reader's zone; years other than `now`'s are shown.

    The day of adoption is that of the group's zone, and the same for all readers.
    """

    zone: ZoneInfo
    now: datetime
    group_zone: ZoneInfo

    def day(self, at: datetime | None) -> str:
        """Return the day of a moment as text, "" for None."""
        return (
            formatting.short_day(
                at.astimezone(self.zone).date(), self.now.astimezone(self.zone).date()
            )
            if at
            else ""
        )

    def moment(self, at: datetime | None) -> str:
        """Return a moment as text, "" for None."""
        return formatting.moment(at, self.zone, self.now) if at else ""


# then the steps of clearance, then adoption
FIRST_STATES = (StatementState.DRAFTING, StatementState.AMENDMENTS, StatementState.CONSOLIDATION)


def lifecycle_steps(
    statement: Statement,
    draft: Draft | None,
    steps: Sequence[ClearanceStep],
    reader_time: ReaderTime,
) -> list[LifecycleStep]:
    """Return the steps of a statement's life, none once it is withdrawn.

    `steps` are its clearance steps, newest last.
    """
    if statement.state == StatementState.WITHDRAWN:
        return []
    current = [step for step in steps if draft is not None and step.draft_id == draft.pk]
    current_index = _current_index(statement, current)
    rows = (
        (_("Drafting"), reader_time.day(statement.started_at)),
        (_("Amendments open"), _amendments(statement, reader_time)),
        (_("Consolidation"), _consolidation(statement, draft, reader_time)),
        *(
            _clearance(place, planned, current, reader_time, statement)
            for place, planned in enumerate(statement.planned, 1)
        ),
        (_("Adopted"), _adopted(statement, reader_time)),
    )
    return [
        LifecycleStep(
            name,
            "done" if index < current_index else "now" if index == current_index else "todo",
            when,
        )
        for index, (name, when) in enumerate(rows)
    ]


def _current_index(statement: Statement, current: Sequence[ClearanceStep]) -> int:
    first_count = len(FIRST_STATES)
    if statement.state == StatementState.ADOPTED:
        return first_count + len(statement.planned) + (statement.released_at is not None)
    if statement.state == StatementState.CLEARANCE:
        return first_count - 1 + max((step.position for step in current), default=1)
    return FIRST_STATES.index(StatementState(statement.state))


def _amendments(statement: Statement, reader_time: ReaderTime) -> str:
    deadline = statement.amendments_until
    if deadline is None:
        return ""
    if statement.state == StatementState.AMENDMENTS and deadline > reader_time.now:
        return _("until %(moment)s") % {"moment": reader_time.moment(deadline)}
    return _("closed %(moment)s") % {"moment": reader_time.moment(deadline)}


def _consolidation(statement: Statement, draft: Draft | None, reader_time: ReaderTime) -> str:
    if draft is None or draft.circulated_at is None:
        return ""
    if statement.state == StatementState.CONSOLIDATION:
        return _("of draft %(number)s") % {"number": draft.number}
    if draft.number == 1:
        return ""
    return _("draft %(number)s issued %(day)s") % {
        "number": draft.number,
        "day": reader_time.day(draft.circulated_at),
    }


def _adopted(statement: Statement, reader_time: ReaderTime) -> str:
    day = replace(reader_time, zone=reader_time.group_zone).day(statement.adopted_at)
    return (
        _("%(day)s, not released yet") % {"day": day}
        if day and statement.released_at is None
        else day
    )


def _clearance(
    place: int,
    planned: PlannedStep,
    current: Sequence[ClearanceStep],
    reader_time: ReaderTime,
    statement: Statement,
) -> tuple[str, str]:
    """Return the name of a planned step and the text under it."""
    name = str(planned.level.label)[:1].upper() + str(planned.level.label)[1:]
    opened = [step for step in current if step.position == place]
    if not opened:
        return name, _("silence approves") if planned.silence else _("of the final text")
    step = opened[-1]
    if step.closed_at and statement.state == StatementState.CONSOLIDATION:
        # the text came back after an objection, so this step is still to come
        words = {"number": step.draft.number, "day": reader_time.day(step.closed_at)}
        return name, _("objection to draft %(number)s, %(day)s") % words
    if step.closed_at:
        return name, _("closed %(day)s") % {"day": reader_time.day(step.closed_at)}
    if step.broken_at:
        return name, _("silence broken %(moment)s") % {"moment": reader_time.moment(step.broken_at)}
    if step.silence_passed(reader_time.now):
        return name, _("silence passed %(moment)s") % {"moment": reader_time.moment(step.deadline)}
    return name, _("to %(moment)s") % {"moment": reader_time.moment(step.deadline)}
