"""Enforce the least time to amend and before silence approves."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from coordination.core.queries import group
from coordination.members.models import Person
from coordination.statements.actions import guards
from coordination.statements.enums import StatementState
from coordination.statements.errors import TooShort
from coordination.statements.models import ClearanceStep, Draft, Statement
from coordination.textkit import cleaning


def clean_short_reason(
    reason: str, *, begin: datetime, deadline: datetime, least_hours: int, by: Person
) -> str:
    """Return the reason for a short time, or "" for a usual one.

    Short is less than `least_hours` from `begin`. Raises TooShort when it is shorter and no
    reason is given.
    """
    earliest = begin + timedelta(hours=least_hours)
    if deadline >= earliest:
        return ""
    cleaned = cleaning.clean(reason).strip()
    if not cleaned:
        raise TooShort(
            _(
                "In this group agencies have at least %(hours)s hours: choose %(earliest)s or "
                "later. For less time, say why below; all focal points read it, with your name."
            )
            # the form knows minutes only, so the moment named is one that it accepts
            % {"hours": least_hours, "earliest": guards.format_moment(next_minute(earliest), by)},
            field="deadline",
        )
    return cleaned


def next_minute(moment: datetime) -> datetime:
    """Return the moment, or the next full minute after it."""
    minute = moment.replace(second=0, microsecond=0)
    return minute if minute == moment else minute + timedelta(minutes=1)


def amendments_deadline(
    statement: Statement, draft: Draft, *, deadline: datetime, reason: str, by: Person, at: datetime
) -> dict[str, Any]:
    """Return the fields that set a deadline for amendments to `draft`.

    `reason` says why the time is short. Raises DeadlineNotAhead or TooShort.
    """
    guards.require_future(deadline, at)
    stands = statement.amendments_until
    is_longer = (
        statement.state == StatementState.AMENDMENTS
        and stands is not None
        and at < stands <= deadline
    )
    # more time than stands is counted from the circulation, and keeps the reason that agencies know
    begin = (draft.circulated_at if is_longer else None) or at
    words = clean_short_reason(
        reason or (statement.short_reason if is_longer else ""),
        begin=begin,
        deadline=deadline,
        least_hours=group().amendment_hours_min,
        by=by,
    )
    return {
        "amendments_until": deadline,
        "short_reason": words,
        "short_by": by if words else None,
    }


def keep_length(step: ClearanceStep, short_reason: str, *, by: Person) -> None:
    """Set why a step's silence is short.

    Raises TooShort where a reason is missing. More time for a silence that is short already
    keeps its reason.
    """
    if not step.silence_holds:
        return
    step.short_reason = clean_short_reason(
        short_reason or ("" if step.restarted_at == step.extended_at else step.short_reason),
        begin=step.silent_since,
        deadline=step.deadline,
        least_hours=group().silence_hours_min,
        by=by,
    )
    step.short_by = by if step.short_reason else None
