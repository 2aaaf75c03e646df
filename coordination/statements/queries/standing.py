"""How a statement stands in consolidation and in clearance, each in one query.

The bar of each page reads it, so it must cost little.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value

from coordination.core.clock import day_at
from coordination.members.models import Agency
from coordination.members.queries.agencies import members_on
from coordination.statements.enums import (
    AmendmentKind,
    AmendmentState,
    PositionKind,
    StatementState,
)
from coordination.statements.models import (
    Amendment,
    ClearanceStep,
    ParagraphOrder,
    Position,
    Settlement,
)
from coordination.statements.queries.merged_text import IN_TEXT_STATES
from coordination.statements.queries.positions import MissingPositions, missing_positions
from coordination.statements.queries.statements import participants_on

OPEN, CHANGED, OBJECTS = "open", "changed", "objects"


@dataclass(slots=True)
class Work:
    """What the chair has to settle in the newest draft of a statement.

    `proposing` has the agency (by key) of each open amendment. `objecting` are the agencies whose
    newest position is an objection, the acronym by key. `changed` says whether the next draft
    would differ.
    """

    proposing: list[int] = field(default_factory=list)
    objecting: dict[int, str] = field(default_factory=dict)
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Clearance:
    """How an open step stands.

    `past_silence` has the keys of the agencies for which silence has passed, `objected` those of
    the agencies that objected to an earlier draft and have not spoken since.
    """

    missing: MissingPositions
    past_silence: frozenset[int]
    objected: frozenset[int]


def work_on(drafts: Collection[int], day: date) -> dict[int, Work]:
    """Return the unsettled matters of drafts by statement key.

    `drafts` are keys. One query. Each is the newest draft of its statement. The objections are
    of members of `day`; only those to statements in consolidation are there.
    """
    by_statement: dict[int, Work] = {}
    for statement, fact, agency, acronym in _work_rows(drafts, day):
        work = by_statement.setdefault(statement, Work())
        if fact == OPEN:
            work.proposing.append(agency)
        elif fact == OBJECTS:
            work.objecting[agency] = acronym
        else:
            work.changed = True
    return by_statement


def _work_rows(drafts: Collection[int], day: date) -> Any:
    """Return (statement, fact, agency, acronym) of all that `work_on` counts."""
    of_drafts = Amendment.objects.filter(block__draft__in=drafts)
    new_paragraphs = of_drafts.filter(state__in=IN_TEXT_STATES, kind=AmendmentKind.INSERT)
    same_text = Q(text=F("block__text"), joins_previous=False)
    settled = Settlement.objects.filter(~same_text, block__draft__in=drafts)
    objections = Position.objects.filter(
        ~Exists(_later()),
        kind=PositionKind.OBJECT,
        step__statement__state=StatementState.CONSOLIDATION,
        step__statement__drafts__in=drafts,
        agency__in=members_on(day).values("pk"),
    )
    in_draft, nobody = "block__draft__statement", (Value(0), Value("", CharField()))
    return (
        _facts(of_drafts.filter(state=AmendmentState.OPEN), in_draft, OPEN, "agency", Value(""))
        .union(
            _facts(new_paragraphs, in_draft, CHANGED, *nobody),
            _facts(settled, in_draft, CHANGED, *nobody),
            _facts(
                ParagraphOrder.objects.filter(draft__in=drafts),
                "draft__statement",
                CHANGED,
                *nobody,
            ),
            _facts(objections, "step__statement", OBJECTS, "agency", "agency__acronym"),
            # else two open amendments of one agency would be one row
            all=True,
        )
        .order_by("acronym")
    )


def _facts(
    rows: QuerySet[Any], statement: str, fact: str, agency: str | Value, acronym: str | Value
) -> Any:
    """Return rows as (statement, fact, agency, acronym), to be united with others."""
    columns = {
        "of": F(statement),
        "fact": Value(fact, CharField()),
        "who": F(agency) if isinstance(agency, str) else agency,
        "acronym": F(acronym) if isinstance(acronym, str) else acronym,
    }
    return rows.order_by().annotate(**columns).values_list(*columns)


def _later() -> QuerySet[Position]:
    """Return what an agency said later than a position, in the same statement."""
    return Position.objects.filter(
        Q(taken_at__gt=OuterRef("taken_at"))
        | Q(taken_at=OuterRef("taken_at"), pk__gt=OuterRef("pk")),
        step__statement=OuterRef("step__statement"),
        agency=OuterRef("agency"),
    )


def clearance_of(step: ClearanceStep, at: datetime, day: date, zone: ZoneInfo) -> Clearance:
    """Return the state of an open step at `at`.

    `day` is its day in the group's `zone`. One query.
    """
    newest = Position.objects.filter(agency=OuterRef("pk")).order_by("-taken_at", "-pk")
    here = newest.filter(step=step)
    ever = newest.filter(step__statement=step.statement_id)
    rows = participants_on(step.statement_id, day).annotate(
        last_kind=Subquery(here.values("kind")[:1]),
        last_about=Subquery(here.values("about")[:1]),
        ever_last_kind=Subquery(ever.values("kind")[:1]),
        ever_last_draft=Subquery(ever.values("step__draft")[:1]),
    )
    if step.silence_holds:
        # who joined after the silence began never counts as approving by it (docs/decisions/0013)
        for name, moment in (("first", step.silent_since), ("last", min(step.deadline, at))):
            members = members_on(day_at(moment, zone)).filter(pk=OuterRef("pk"))
            rows = rows.annotate(**{f"in_silence_{name}": Exists(members)})
    asked: list[Any] = list(rows)
    spoken = {
        each.pk: Position(kind=each.last_kind, about=each.last_about)
        for each in asked
        if each.last_kind
    }
    whole: list[Agency] | None = None
    if step.silence_holds:
        whole = [each for each in asked if each.in_silence_first and each.in_silence_last]
    past_silence = (whole or []) if step.silence_passed(at) else []
    return Clearance(
        missing_positions(spoken, asked, past_silence, whole),
        frozenset(agency.pk for agency in past_silence),
        frozenset(
            each.pk
            for each in asked
            if each.ever_last_kind == PositionKind.OBJECT and each.ever_last_draft != step.draft_id
        ),
    )
