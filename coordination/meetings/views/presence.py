"""What the page of a meeting shows of its roll."""

from typing import Any

from coordination.core.http import AuthenticatedRequest
from coordination.core.permissions import offered
from coordination.meetings.enums import MeetingKind
from coordination.meetings.forms.attendance import ClaimForm
from coordination.meetings.models import Meeting
from coordination.meetings.queries import outcomes, roll


def roll_context(request: AuthenticatedRequest, meeting: Meeting) -> dict[str, Any]:
    """Return the roll of a meeting that has begun, with the reader's own, for its page."""
    rows, visitors = roll.seat_rows(meeting), list(roll.visitors_of(meeting))
    count = roll.roll_count(rows, visitors)
    shown: dict[str, Any] = {"rows": rows, "visitors": visitors, "count": count}
    shown |= statements_context(meeting)
    shown["claim_until"] = roll.last_claim_day(meeting.day)
    closed = roll.why_not_claimable(meeting, request.now, request.day)
    if closed or not offered(request, "meetings.claim_presence", meeting):
        return shown
    own = roll.claim_of(meeting, request.user)
    may_claim = own is None and not roll.is_named(request.user, rows)
    return shown | {"own_claim": own, "claim_form": ClaimForm() if may_claim else None}


def statements_context(meeting: Meeting) -> dict[str, Any]:
    """Return the adopted statements of a principals' meeting.

    Also whether it should have one. Empty for other meetings.
    """
    if meeting.kind != MeetingKind.PRINCIPALS:
        return {}
    statements = outcomes.adopted_of(meeting)
    return {
        "statements": statements,
        "lacks_statement": outcomes.lacks_statement(meeting, statements),
    }
