"""What people of the group did lately, for those who belong.

Nothing that only the chair's team may know.
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
# withdrawn ones may never have been circulated
UNSEEN = (StatementState.DRAFTING, StatementState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class News:
    """One recent change: when, who (and for which agency), what they did, and to which thing."""

    at: datetime
    who: str
    agency: str
    act: str
    title: str
    kind: str
    slug: str


def news(now: datetime) -> tuple[News, ...]:
    """Return the newest changes by people in the thirty days before `now`, newest first.

    One query.
    """
    since = now - RECENT
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
    return tuple(told(row) for row in rows.order_by("-at")[:MOST])


def told(row: Sequence[Any]) -> News:
    """Return one row of the union as news. Pure."""
    at, who, agency, why, values, title, kind, slug = row
    if kind == "position":
        return News(at, who, agency, str(PositionKind(why).label), title, "statement", slug)
    if kind == "amendment":
        return News(at, who, agency, _("proposed an amendment"), title, "statement", slug)
    act = history.reason_sentence(why, values) or _("changed")
    return News(at, who, agency, act, title, kind, slug)


def rows_of(
    found: QuerySet[Any], *fields: str, kind: str, reason_values: Any = NO_VALUES
) -> QuerySet[Any]:
    """Return rows of one shape: when, who, for which agency ("": none), why, title, kind, slug.

    After why come the values of a reason in history.
    """
    names = ("at", "who", "whose", "why", "what")
    values = {
        name: F(field) if field else Value("", CharField())
        for name, field in zip(names, fields, strict=False)
    }
    rows: QuerySet[Any] = found.order_by().annotate(
        **values, with_values=reason_values, of=Value(kind, CharField()), where=F(fields[-1])
    )
    return rows.values_list(*names[:4], "with_values", "what", "of", "where")


def of_history(
    records: QuerySet[Any], since: datetime, kind: str, title: str, slug: str
) -> QuerySet[Any]:
    """Return the records of history that somebody, not the machinery, made."""
    found = records.filter(history_date__gte=since, history_user__isnull=False)
    return rows_of(
        found,
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
    """Return the amendments as their agencies proposed them, returned ones anew.

    What the chair made of them is told by the next draft.

    What the chair carried on is left out: it comes from one of that state, where what was proposed
    anew comes from a returned one.
    """
    found = Amendment.history.filter(
        history_date__gte=since, history_type="+", history_user__isnull=False
    )
    found = found.exclude(carried_from__state=AmendmentState.CARRIED)
    title, slug = "block__draft__statement__title", "block__draft__statement__slug"
    return rows_of(
        found,
        "history_date",
        "history_user__name",
        "agency__acronym",
        "history_change_reason",
        title,
        slug,
        kind="amendment",
    )


def positions(since: datetime) -> QuerySet[Any]:
    """Return the positions taken in steps that were opened lately."""
    found = Position.objects.filter(step__opened_at__gte=since)
    title, slug = "step__statement__title", "step__statement__slug"
    return rows_of(
        found, "taken_at", "person__name", "agency__acronym", "kind", title, slug, kind="position"
    )
