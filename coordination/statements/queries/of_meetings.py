"""Find the statements of meetings for the pages of `meetings`.

`meetings` may not import statements.
"""

from collections.abc import Collection

from django.urls import reverse

from coordination.meetings.queries.outcomes import StatementOfMeeting
from coordination.statements.enums import StatementState
from coordination.statements.models import Statement


def statements_of(meetings: Collection[int]) -> dict[int, list[StatementOfMeeting]]:
    """Return statements by meeting key, in order of their start.

    One query.
    """
    found: dict[int, list[StatementOfMeeting]] = {}
    rows = Statement.objects.filter(meeting__in=meetings).order_by("started_at", "pk")
    for row in rows.values("meeting_id", "title", "slug", "state"):
        found.setdefault(row["meeting_id"], []).append(
            StatementOfMeeting(
                row["title"],
                reverse("statements:show", args=[row["slug"]]),
                row["state"] == StatementState.ADOPTED,
            )
        )
    return found
