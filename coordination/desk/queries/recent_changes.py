"""What people of the group changed lately.

For those who belong; nothing that only the chair's team may know.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import CharField, F, JSONField, QuerySet, Value
from django.utils.translation import gettext as _

from coordination.core import history
from coordination.meetings.models import Meeting
from coordination.members.models import Appointment
from coordination.rotation.models import ChairTerm, HandoverItem
from coordination.statements.enums import AmendmentState, PositionKind, StatementState
from coordination.statements.models import Amendment, Position, Statement

MOST = 8
RECENT = timedelta(days=30)
NO_VALUES = Value({}, JSONField())
# a withdrawn statement may never have been circulated
UNSEEN = (StatementState.DRAFTING, StatementState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class RecentChange:
    """One recent change: when, who, for which agency, what."""

    at: datetime
    who: str
    agency: str
    act: str
    title: str
    kind: str
    slug: str


def recent_changes(now: datetime) -> tuple[RecentChange, ...]:
    """Return the newest changes by people in the last thirty days.

    Newest first; one query.
    """
    since = now - RECENT
    # Each branch has its own columns; `rows_of` gives them one shape for the union.
    rows = of_history(
        Statement.history.exclude(state__in=UNSEEN), since, "statement", "title", "slug"
    ).union(
        of_history(ChairTerm.history.all(), since, "term", "slug", "slug"),
        of_history(
            HandoverItem.history.exclude(history_type="+"),
            since,
            "handover",
            "title",
            "handover__incoming_term__slug",
        ),
        of_history(Meeting.history.all(), since, "meeting", "title", "slug"),
        of_history(Appointment.history.all(), since, "agency", "person__name", "agency__slug"),
        amendments(since),
        positions(since),
    )
    return tuple(recent_change(row) for row in rows.order_by("-at")[:MOST])


def recent_change(row: Sequence[Any]) -> RecentChange:
    """Return one row of the union as a RecentChange. Pure."""
    at, who, agency, reason, values, title, kind, slug = row
    if kind == "position":
        return RecentChange(
            at, who, agency, str(PositionKind(reason).label), title, "statement", slug
        )
    if kind == "amendment":
        return RecentChange(at, who, agency, _("proposed an amendment"), title, "statement", slug)
    act = history.reason_sentence(reason, values) or _("changed")
    return RecentChange(at, who, agency, act, title, kind, slug)


def rows_of(
    records: QuerySet[Any], *fields: str, kind: str, reason_values: Any = NO_VALUES
) -> QuerySet[Any]:
    """Return rows of one shape, for the union.

    They are: when, who, for which agency ("": none), why, its values, title, kind, slug.
    """
    names = ("at", "who", "whose", "why", "what")
    values = {
        name: F(field) if field else Value("", CharField())
        for name, field in zip(names, fields, strict=False)
    }
    rows: QuerySet[Any] = records.order_by().annotate(
        **values, with_values=reason_values, of=Value(kind, CharField()), where=F(fields[-1])
    )
    return rows.values_list(*names[:4], "with_values", "what", "of", "where")


def of_history(
    records: QuerySet[Any], since: datetime, kind: str, title: str, slug: str
) -> QuerySet[Any]:
    """Return the records of history that a person made."""
    by_people = records.filter(history_date__gte=since, history_user__isnull=False)
    return rows_of(
        by_people,
        "history_date",
        "history_user__name",
        "",
        "history_change_reason",
        title,
        slug,
        kind=kind,
        reason_values=F("history_reason_values"),
    )


def amendments(since: datetime) -> QuerySet[Any]:
    """Return the amendments that agencies proposed, or proposed anew.

    What the chair decided about them is in the next draft. Amendments that the chair carried over
    are left out: their source is CARRIED, that of a proposal made anew is a returned one.
    """
    proposed = Amendment.history.filter(
        history_date__gte=since, history_type="+", history_user__isnull=False
    )
    proposed = proposed.exclude(carried_from__state=AmendmentState.CARRIED)
    title, slug = "block__draft__statement__title", "block__draft__statement__slug"
    return rows_of(
        proposed,
        "history_date",
        "history_user__name",
        "agency__acronym",
        "history_change_reason",
        title,
        slug,
        kind="amendment",
    )


def positions(since: datetime) -> QuerySet[Any]:
    """Return the positions in steps that were opened lately."""
    taken = Position.objects.filter(step__opened_at__gte=since)
    title, slug = "step__statement__title", "step__statement__slug"
    return rows_of(
        taken, "taken_at", "person__name", "agency__acronym", "kind", title, slug, kind="position"
    )
