"""Locks, checks and state changes shared by the actions."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from coordination.core import formatting, history, permissions
from coordination.core.actions import refuse_far_day, update_with_history
from coordination.core.permissions import On
from coordination.core.queries import day_in_group, group
from coordination.members.models import Agency, Person
from coordination.statements.enums import (
    AMENDMENT_LIFE,
    TRANSITIONS,
    AmendmentState,
    StandardReason,
    StatementsChange,
    StatementState,
)
from coordination.statements.errors import (
    AmendmentSettled,
    DeadlineNotAhead,
    NotNewestDraft,
    NotParticipating,
    ReasonMissing,
    WrongState,
)
from coordination.statements.models import Amendment, Draft, Statement
from coordination.statements.queries import drafts, statements
from coordination.textkit import cleaning

# bulk updates name their fields, so that they do not overwrite what another action saved
SETTLED_FIELDS = (
    "state",
    "settled_reason",
    "settled_code",
    "settled_text",
    "settled_by",
    "settled_at",
    "version",
)


def lock_statement(statement_id: int) -> Statement:
    """Lock the statement and read it again.

    Every action takes this lock first, so that two actions never deadlock.
    """
    return Statement.objects.select_for_update(of=("self",)).get(pk=statement_id)


def lock_for_chair(
    statement_id: int, *states: StatementState, may: str, by: Person, at: datetime
) -> Statement:
    """Lock the statement for the chair's team.

    `may` is the permission that `by` needs; the statement must be in one of `states`. Raises
    NotAllowed or WrongState.
    """
    statement = lock_statement(statement_id)
    # checked after the lock: the statement may have changed while this request waited
    permissions.require(by, may, On(day_in_group(at), statement))
    refuse_state(statement, *states)
    return statement


def require_agency(by: Person, agency: Agency, at: datetime) -> None:
    """Raise NotAllowed unless `by` may act for `agency`."""
    permissions.require(by, "members.act_for", On(day_in_group(at), agency))


def refuse_outsider(statement: Statement, agency: Agency, at: datetime) -> None:
    """Raise NotParticipating unless the agency takes part in the statement."""
    if not statements.participants_on(statement.pk, day_in_group(at)).filter(pk=agency.pk).exists():
        raise NotParticipating(agency)


def refuse_state(statement: Statement, *states: StatementState) -> None:
    """Raise WrongState unless the statement's state is allowed.

    `states` are the allowed ones.
    """
    if statement.state not in states:
        raise WrongState(
            _("This cannot be done now: the statement is at “%(state)s”.")
            % {"state": StatementState(statement.state).label},
        )


def refuse_older_draft(draft: Draft) -> None:
    """Raise NotNewestDraft when a newer draft than `draft` was issued."""
    newest = drafts.latest_draft(draft.statement)
    if newest.pk != draft.pk:
        raise NotNewestDraft(
            _(
                "Draft %(new)s has been issued meanwhile; what you sent was for draft %(old)s. "
                "Nothing was changed."
            )
            % {"new": newest.number, "old": draft.number},
        )


def require_future(deadline: datetime, at: datetime) -> None:
    """Raise DeadlineNotAhead unless the deadline is ahead.

    FarFromToday beyond ten years.
    """
    if deadline <= at:
        raise DeadlineNotAhead(_("Choose a deadline in the future."), field="deadline")
    refuse_far_day(deadline.date(), at=at, field="deadline")


def require_reason(reason: str, message: str, field: str = "reason") -> str:
    """Return the cleaned reason; raise ReasonMissing when it is empty."""
    cleaned = cleaning.clean(reason).strip()
    if not cleaned:
        raise ReasonMissing(message, field=field)
    return cleaned


def move(
    statement: Statement,
    to: StatementState,
    *,
    by: Person,
    reason: StatementsChange,
    values: Mapping[str, Any] | None = None,
    **fields: Any,
) -> Statement:
    """Change the state of a statement, and other fields with it.

    Raises WrongState when `TRANSITIONS` does not allow it.
    """
    # refuse_state without allowed states always raises
    if to not in TRANSITIONS[StatementState(statement.state)]:
        refuse_state(statement)
    for name, value in fields.items():
        setattr(statement, name, value)
    statement.state = to
    # forms opened before this change are then stale
    statement.version += 1
    history.sign(statement, by=by, reason=reason, values=values)
    statement.save(update_fields=["state", "version", *fields])
    return statement


def settled_error(amendment: Amendment) -> AmendmentSettled:
    """Return the error that names the amendment's state."""
    return AmendmentSettled(
        _("This amendment is “%(state)s” already.")
        % {"state": AmendmentState(amendment.state).label}
    )


def refuse_transition(amendment: Amendment, to: AmendmentState) -> None:
    """Raise AmendmentSettled when the life of amendments forbids the transition."""
    if not AMENDMENT_LIFE.allows(amendment.state, to):
        raise settled_error(amendment)


def refuse_settled(amendment: Amendment) -> None:
    """Raise AmendmentSettled unless the amendment is open.

    Only an open amendment can be edited, withdrawn or co-sponsored.
    """
    # only an open amendment can be withdrawn, and then it can be edited too
    refuse_transition(amendment, AmendmentState.WITHDRAWN)


SETTLED_AS = {
    AmendmentState.OPEN: StatementsChange.UNDONE,
    AmendmentState.TAKEN: StatementsChange.AMENDMENT_TAKEN,
    AmendmentState.ADAPTED: StatementsChange.AMENDMENT_ADAPTED,
    AmendmentState.DECLINED: StatementsChange.AMENDMENT_DECLINED,
    AmendmentState.CARRIED: StatementsChange.AMENDMENT_CARRIED,
    AmendmentState.RETURNED: StatementsChange.AMENDMENT_RETURNED,
    AmendmentState.LAPSED: StatementsChange.AMENDMENT_LAPSED,
}


def settle_amendments(
    amendments: Iterable[Amendment], to: AmendmentState, *, why: str, by: Person, at: datetime
) -> None:
    """Change the state of locked amendments.

    OPEN undoes an earlier settlement. `why` has the words of a person, or a StandardReason.
    Raises AmendmentSettled for a forbidden transition. Three queries.
    """
    settled = list(amendments)  # a queryset takes its locks here
    reopened = to == AmendmentState.OPEN
    # codes are worded in each reader's language (docs/decisions/0011)
    is_standard = isinstance(why, StandardReason)
    for amendment in settled:
        refuse_transition(amendment, to)
        amendment.state = to
        amendment.settled_reason = "" if is_standard else why
        amendment.settled_code = why if is_standard else ""
        amendment.settled_by, amendment.settled_at = (None, None) if reopened else (by, at)
        amendment.version += 1
        history.sign(amendment, by=by, reason=SETTLED_AS[to])
    update_with_history(settled, SETTLED_FIELDS)


def clean_block_text(text: str) -> str:
    """Return a paragraph cleaned and without empty lines.

    Paragraphs are compared, stored and hashed in this form.
    """
    return "\n".join(line for line in cleaning.clean(text).split("\n") if line.strip())


def clean_settled_text(text: str) -> str:
    """Clean a text that the chair wrote for a paragraph.

    An empty line in it begins a new paragraph.
    """
    paragraphs = (clean_block_text(each) for each in cleaning.clean(text).split("\n\n"))
    return "\n\n".join(each for each in paragraphs if each)


def clean_line(text: str) -> str:
    """Return a cleaned text, such as a title, on one line."""
    return " ".join(line for line in cleaning.clean(text).split("\n") if line)


def format_moment(at: datetime, person: Person) -> str:
    """Format a moment in the person's named zone.

    For instance "Fri 20 Nov 2026, 18:00 (New York)".
    """
    zone: ZoneInfo = person.zone or group().zone
    return f"{formatting.moment(at, zone)} ({zone.key.rpartition('/')[2].replace('_', ' ')})"
