"""My desk: what is asked of me, of my agency, of the chair; what comes, who chairs, what changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import CharField, F, QuerySet, Value

from coordination.core.asks import Ask, Scope, by_deadline
from coordination.core.models import Group
from coordination.core.permissions import On, allowed
from coordination.meetings import queries as meetings
from coordination.meetings.models import Meeting
from coordination.members.enums import Role
from coordination.members.models import Agency, Appointment, Person
from coordination.members.queries import agencies_of, flag_of
from coordination.members.queries.flags import Flag
from coordination.rotation import queries as rotation
from coordination.rotation.models import ChairTerm, HandoverItem
from coordination.statements import queries as statements
from coordination.statements.enums import StatementState
from coordination.statements.models import Statement

SOURCES = (statements.asks, rotation.asks, meetings.asks)
RECENT = 8


@dataclass(frozen=True, slots=True)
class Team:
    """An agency of the reader: its people and what is flagged about their number."""

    agency: Agency
    people: tuple[Appointment, ...]
    flag: Flag | None


@dataclass(frozen=True, slots=True)
class News:
    """One recent change: when, who, what, and of which thing."""

    at: datetime
    who: str
    reason: str
    title: str
    kind: str
    slug: str


@dataclass(frozen=True, slots=True)
class Board:
    """All that My desk shows."""

    agencies: tuple[Agency, ...]
    asked: list[Ask]
    owed: list[Ask]
    of_chair: list[Ask]
    late: int
    meeting: Meeting | None
    teams: tuple[Team, ...]
    news: list[News]
    is_chair: bool


def board(person: Person, group: Group, day: date, now: datetime) -> Board:
    """Return the desk of `person` at `now` (UTC), which is `day` in the group's zone; a constant number of queries."""
    agencies = list(agencies_of(person, day))
    is_chair = allowed(person, "rotation.chair", On(day))
    asks = by_deadline(ask for source in SOURCES for ask in source(person, agencies, day, now, is_chair=is_chair)) if agencies else []
    asked = [ask for ask in asks if ask.scope != Scope.CHAIR and ask.kind != "action"]
    return Board(
        agencies=tuple(agencies),
        asked=asked,
        owed=[ask for ask in asks if ask.kind == "action"],
        of_chair=[ask for ask in asks if ask.scope == Scope.CHAIR],
        late=sum(is_late(ask, day, now) for ask in asked),
        meeting=meetings.next_meeting(now) if agencies else None,
        teams=teams(agencies, group, day),
        news=news() if agencies else [],
        is_chair=is_chair,
    )


def is_late(ask: Ask, day: date, now: datetime) -> bool:
    """Say whether the ask's moment or day has passed."""
    return ask.deadline < now if ask.deadline else ask.day is not None and ask.day < day


def teams(agencies: Iterable[Agency], group: Group, day: date) -> tuple[Team, ...]:
    """Return the people of each agency and the flag; one query."""
    soon = day + timedelta(days=366)
    rows = list(
        Appointment.objects.filter(agency__in=agencies, role=Role.FOCAL_POINT, first_day__lte=soon)
        .select_related("person")
        .order_by("first_day"),
    )
    return tuple(
        Team(
            agency,
            tuple(row for row in rows if row.agency_id == agency.pk and row.period.covers(day)),
            flag_of((row for row in rows if row.agency_id == agency.pk), day, group),
        )
        for agency in agencies
    )


def told(records: QuerySet[Any], kind: str, title: str, slug: str) -> QuerySet[Any]:
    """Return history records as rows of one shape."""
    rows: QuerySet[Any] = (
        records.order_by()
        .annotate(who=F("history_user__name"), what=F(title), where=F(slug), of=Value(kind, output_field=CharField()))
        .values_list("history_date", "who", "history_change_reason", "what", "of", "where")
    )
    return rows


def news() -> list[News]:
    """Return the newest changes of statements in circulation, terms, handovers and meetings; one query."""
    circulating = Statement.history.exclude(state__in=[StatementState.DRAFTING, StatementState.WITHDRAWN])
    rows = told(circulating, "statement", "title", "slug").union(
        told(ChairTerm.history.all(), "term", "slug", "slug"),
        told(HandoverItem.history.exclude(history_type="+"), "handover", "title", "handover__incoming_term__slug"),
        told(Meeting.history.all(), "meeting", "title", "slug"),
    )
    newest = rows.order_by("-history_date")[:RECENT]
    return [News(at, who or "", reason or "", title, kind, slug) for at, who, reason, title, kind, slug in newest]
