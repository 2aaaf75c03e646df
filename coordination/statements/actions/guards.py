"""What each act on a statement begins with, and how states change.

Lock, read again, check who may act and what the state allows.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from coordination.core import formatting, history, permissions
from coordination.core.actions import update_with_history
from coordination.core.permissions import On
from coordination.core.queries import day_in_group, group
from coordination.members.models import Agency, Person
from coordination.statements.enums import (
    AMENDMENT_LIFE,
    TRANSITIONS,
    AmendmentState,
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

SETTLED_FIELDS = (
    "state",
    "settled_reason",
    "settled_text",
    "settled_by",
    "settled_at",
    "version",
)


def lock(statement_id: int) -> Statement:
    """Lock the statement, the first lock of every act, and return it as saved."""
    return Statement.objects.select_for_update(of=("self",)).get(pk=statement_id)


def hold(
    statement_id: int, *states: StatementState, may: str, by: Person, at: datetime
) -> Statement:
    """Lock the statement for an act of the chair's team, in one of the states.

    Raises NotAllowed or WrongState.
    """
    statement = lock(statement_id)
    permissions.require(by, may, On(day_in_group(at), statement))
    refuse_state(statement, *states)
    return statement


def require_agency(by: Person, agency: Agency, at: datetime) -> None:
    """Raise NotAllowed unless `by` may act for `agency` on the day of `at`."""
    permissions.require(by, "members.act_for", On(day_in_group(at), agency))


def refuse_outsider(statement: Statement, agency: Agency, at: datetime) -> None:
    """Raise NotParticipating unless the agency is in the statement on the day of `at`."""
    if not statements.participants_on(statement.pk, day_in_group(at)).filter(pk=agency.pk).exists():
        raise NotParticipating(agency)


def refuse_state(statement: Statement, *states: StatementState) -> None:
    """Raise WrongState unless the statement is in one of the states."""
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


def refuse_past(deadline: datetime, at: datetime) -> None:
    """Raise DeadlineNotAhead unless the deadline lies after `at`."""
    if deadline <= at:
        raise DeadlineNotAhead(_("Choose a deadline in the future."), field="deadline")


def refuse_without(reason: str, sentence: str, field: str = "reason") -> str:
    """Return the reason, cleaned; raise ReasonMissing with the sentence when there is none."""
    words = cleaning.clean(reason).strip()
    if not words:
        raise ReasonMissing(sentence, field=field)
    return words


def move(
    statement: Statement,
    to: StatementState,
    *,
    by: Person,
    reason: StatementsChange,
    values: Mapping[str, Any] | None = None,
    **fields: Any,
) -> Statement:
    """Bring the statement to its next state, with other fields of it.

    `values` are those of the reason in history.

    Raises WrongState for a transition that is not in the table.
    """
    if to not in TRANSITIONS[StatementState(statement.state)]:
        refuse_state(statement)
    for name, value in fields.items():
        setattr(statement, name, value)
    statement.state = to
    statement.version += 1
    history.sign(statement, by=by, reason=reason, values=values)
    statement.save(update_fields=["state", "version", *fields])
    return statement


def settled_already(amendment: Amendment) -> AmendmentSettled:
    """Return the error that says what became of the amendment."""
    return AmendmentSettled(
        _("This amendment is “%(state)s” already.")
        % {"state": AmendmentState(amendment.state).label}
    )


def refuse_way(amendment: Amendment, to: AmendmentState) -> None:
    """Raise AmendmentSettled for a way of an amendment that is not in the table."""
    if not AMENDMENT_LIFE.allows(amendment.state, to):
        raise settled_already(amendment)


def refuse_settled(amendment: Amendment) -> None:
    """Raise AmendmentSettled once an amendment is no longer its agency's.

    Until then the agency may edit or withdraw it, and others may co-sponsor it.
    """
    refuse_way(amendment, AmendmentState.WITHDRAWN)


SETTLED_AS = {
    AmendmentState.OPEN: StatementsChange.UNDONE,
    AmendmentState.TAKEN: StatementsChange.AMENDMENT_TAKEN,
    AmendmentState.ADAPTED: StatementsChange.AMENDMENT_ADAPTED,
    AmendmentState.DECLINED: StatementsChange.AMENDMENT_DECLINED,
    AmendmentState.CARRIED: StatementsChange.AMENDMENT_CARRIED,
    AmendmentState.RETURNED: StatementsChange.AMENDMENT_RETURNED,
    AmendmentState.LAPSED: StatementsChange.AMENDMENT_LAPSED,
}


def settle(
    amendments: Iterable[Amendment], to: AmendmentState, *, why: str, by: Person, at: datetime
) -> None:
    """Note what became of locked amendments, by whom and why; OPEN takes it back.

    Raises AmendmentSettled for a transition that is not in the table. Three queries.
    """
    settled = list(amendments)
    undone = to == AmendmentState.OPEN
    reason = SETTLED_AS[to]
    for amendment in settled:
        refuse_way(amendment, to)
        amendment.state, amendment.settled_reason = to, why
        amendment.settled_by, amendment.settled_at = (None, None) if undone else (by, at)
        amendment.version += 1
        history.sign(amendment, by=by, reason=reason)
    update_with_history(settled, SETTLED_FIELDS)


def block_text(text: str) -> str:
    """Return a paragraph as it is compared, stored and hashed: cleaned, in one piece."""
    return "\n".join(line for line in cleaning.clean(text).split("\n") if line.strip())


def one_line(text: str) -> str:
    """Return a one-line text, such as a title, as it is stored.

    It is cleaned, and its lines are joined.
    """
    return " ".join(line for line in cleaning.clean(text).split("\n") if line)


def said(at: datetime, person: Person) -> str:
    """Return a moment in the person's zone, with the zone named.

    Such as "Fri 20 Nov 2026, 18:00 (New York)".
    """
    zone: ZoneInfo = person.zone or group().zone
    return f"{formatting.moment(at, zone)} ({zone.key.rpartition('/')[2].replace('_', ' ')})"
