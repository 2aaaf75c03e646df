"""Statements, and who may see which."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import (
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
)

from coordination.core import history, permissions
from coordination.core.clock import day_at
from coordination.core.permissions import On
from coordination.members.enums import MembershipStatus
from coordination.members.models import Agency, Membership
from coordination.members.queries import held_roles
from coordination.members.queries.agencies import members_on
from coordination.statements.enums import (
    LIVE_STATES,
    PlannedStep,
    StatementState,
    WordFileState,
    default_plan,
)
from coordination.statements.models import (
    ClearanceStep,
    Delivery,
    Draft,
    Reading,
    Signatory,
    Statement,
    StepTemplate,
    WordFile,
)

# states of each tab of the list; None means all
TABS = {
    "": None,
    "work": LIVE_STATES,
    "adopted": (StatementState.ADOPTED,),
    "withdrawn": (StatementState.WITHDRAWN,),
}


@dataclass(frozen=True, slots=True)
class Access:
    """What a reader may see, and for which agencies they act.

    `chair`: they act for the chairing agency. `belongs`: they may read the working pages.
    `offices` has the keys of the agencies for which they act from the principal's office alone.
    """

    chair: bool = False
    belongs: bool = False
    agencies: tuple[Agency, ...] = ()
    offices: frozenset[int] = frozenset()

    @property
    def agency_keys(self) -> frozenset[int]:
        """Return the keys of the agencies for which the reader may act."""
        return frozenset(agency.pk for agency in self.agencies)


def access_of(person: Any, on: On) -> Access:
    """Return a person's access on the day of `on`.

    The person may be anonymous.
    """
    if not person.is_authenticated or not person.is_active:
        return Access()
    roles = held_roles.roles_of(person, on)
    agencies = tuple(held_roles.acting_agencies(roles))
    as_focal_point = {agency.pk for agency in held_roles.focal_point_agencies(roles)}
    offices = frozenset(agency.pk for agency in agencies) - as_focal_point
    belongs = bool(agencies) or permissions.allowed(person, "members.read", on)
    # who acts for no agency is not in the chair's team, so the second question is spared
    is_chair = bool(agencies) and permissions.allowed(person, "rotation.chair", on)
    return Access(is_chair, belongs, agencies, offices)


def visible_statements(access: Access) -> QuerySet[Statement]:
    """Return the statements visible to a reader, newest first."""
    return Statement.objects.select_related("meeting").filter(visible_to(access))


def visible_to(access: Access, prefix: str = "") -> Q:
    """Return the condition that a reader may see a statement.

    It is released, or circulated to those who belong, or the reader is of the chair's team.
    `prefix` ("statement__") leads from another model to the statement.
    """
    if access.chair:
        return Q()
    # `amendments_until` below is set when draft 1 is circulated
    released = Q(**{f"{prefix}released_at__isnull": False})
    return (
        released | Q(**{f"{prefix}amendments_until__isnull": False}) if access.belongs else released
    )


def visible_text(access: Access, statement: str, draft: str) -> Q:
    """Return the condition that a reader may see the text of a draft.

    Those who belong see what was circulated. Outsiders see the adopted text once it is released,
    never what earlier drafts said. `statement` and `draft` lead there ("statement__", "draft__").
    """
    if access.belongs:
        return Q(**{f"{draft}circulated_at__isnull": False}) & visible_to(access, statement)
    return Q(
        **{
            f"{statement}released_at__isnull": False,
            f"{statement}adopted_sha256": F(f"{draft}sha256"),
        }
    )


def statement_with_draft(access: Access, slug: str) -> tuple[Statement | None, Draft | None]:
    """Return the statement with that slug and its newest draft.

    Each is None if the reader may not see it. One query, or two.

    `draft.unread` says whether one of the reader's agencies has not opened the draft yet.
    `draft.of_some` says whether the statement names its agencies. `draft.in_review` is one of the
    reader's agencies with a Word file that nobody has looked at, by its key, or None.
    """
    drafts = Draft.objects.filter(visible_to(access, "statement__"), statement__slug=slug)
    drafts = drafts.annotate(
        of_some=Exists(
            Statement.participating.through.objects.filter(statement=OuterRef("statement"))
        )
    )
    readings = (
        Reading.objects.filter(draft=OuterRef("pk"), agency__in=access.agency_keys)
        .order_by()
        .values("draft")
        .annotate(n=Count("pk"))
    )
    drafts = drafts.annotate(
        # one row for each agency: read by some of them is still unread
        unread=~Exists(readings.filter(n=len(access.agencies)))
        if access.agencies
        else Value(value=False)
    )
    files = WordFile.objects.filter(
        statement=OuterRef("statement"), agency__in=access.agency_keys, state=WordFileState.REVIEW
    )
    drafts = drafts.annotate(
        in_review=Subquery(files.values("agency")[:1])
        if access.agencies
        else Value(None, IntegerField())
    )
    draft = (
        drafts.select_related("statement__meeting", "statement__short_by", "circulated_by")
        .order_by("-number")
        .first()
    )
    return (
        (draft.statement, draft)
        if draft
        else (visible_statements(access).filter(slug=slug).first(), None)
    )


def participants_on(statement: int, day: date) -> QuerySet[Agency]:
    """Return the participating agencies of a statement (its key), by acronym.

    They are the members on `day`, or those of them that the statement names.
    """
    named = Statement.participating.through.objects.filter(statement=statement)
    # no rows mean all members
    return members_on(day).filter(~Exists(named) | Exists(named.filter(agency=OuterRef("pk"))))


def participants_of_days(statement: int, days: Collection[date]) -> dict[date, tuple[Agency, ...]]:
    """Return the participating agencies of a statement on each day, as `participants_on`.

    One query whatever the number of days.
    """
    named = Statement.participating.through.objects.filter(statement=statement)
    rows = (
        Membership.objects.filter(
            ~Exists(named) | Exists(named.filter(agency=OuterRef("agency"))),
            standing=MembershipStatus.MEMBER,
        )
        .select_related("agency")
        .order_by("agency__acronym", "agency")
    )
    memberships = list(rows)
    return {day: tuple(row.agency for row in memberships if row.period.covers(day)) for day in days}


def named_agencies(statements: Iterable[Statement]) -> dict[int, frozenset[int]]:
    """Return the keys of the named agencies, by statement.

    A statement of all members is not in the result. One query.
    """
    by_statement: dict[int, set[int]] = {}
    rows = Statement.participating.through.objects.filter(statement__in=list(statements))
    for statement, agency in rows.values_list("statement_id", "agency_id"):
        by_statement.setdefault(statement, set()).add(agency)
    return {statement: frozenset(agencies) for statement, agencies in by_statement.items()}


def visible_tabs(access: Access) -> Iterable[str]:
    """Return the tabs that a reader may open; "" for all."""
    return TABS if access.belongs else ("",)


def statement_list(access: Access, *, tab: str = "", text: str = "") -> QuerySet[Statement]:
    """Return the visible statements of a tab, newest first.

    Each has its open step, if any, in `running`. `text` filters by title or symbol. Two queries.
    """
    running = ClearanceStep.objects.filter(closed_at__isnull=True)
    statements = Statement.objects.filter(visible_to(access)).prefetch_related(
        Prefetch("steps", queryset=running, to_attr="running")
    )
    states = TABS.get(tab)
    if states:
        statements = statements.filter(state__in=states)
    if text:
        statements = statements.filter(Q(title__icontains=text) | Q(symbol__icontains=text))
    return statements.order_by("-started_at", "-pk")


def live_statements() -> QuerySet[Statement]:
    """Return the statements under way, oldest first."""
    return Statement.objects.filter(state__in=LIVE_STATES).order_by("started_at", "pk")


def public_statements() -> QuerySet[Statement]:
    """Return the released statements, newest adoption first."""
    return Statement.objects.filter(released_at__isnull=False).order_by("-adopted_at", "-pk")


def statements_with_text() -> QuerySet[Statement]:
    """Return the adopted statements with a text, newest first.

    A new statement may copy its text from one of them.
    """
    return Statement.objects.exclude(adopted_sha256="").order_by("-adopted_at", "-pk")


def signatories_of(statement: Statement) -> list[Signatory]:
    """Return who signed and who did not join, by acronym. One query."""
    return list(statement.signatories.select_related("agency").order_by("agency__acronym"))


def not_among(
    statement: Statement, signatories: Iterable[Signatory], zone: ZoneInfo
) -> list[Agency]:
    """Return the members at the adoption that did not sign.

    None where only the number of signatories is on record. One query.
    """
    keys = [signatory.agency_id for signatory in signatories]
    if not keys or statement.adopted_at is None:
        return []
    return list(members_on(day_at(statement.adopted_at, zone)).exclude(pk__in=keys))


@dataclass(frozen=True, slots=True)
class StatementEnd:
    """The adoption, release or withdrawal of a statement.

    `stage` is "adopted", "released" or "withdrawn"; only a withdrawal has `who` and `reason`.
    """

    statement: Statement
    stage: str
    at: datetime
    who: Any = None
    reason: str = ""


def statement_ends(since: datetime, until: datetime, **filters: Any) -> list[StatementEnd]:
    """Return the adoptions, releases and withdrawals between two moments.

    Keyword arguments filter by fields of the statement. Statements withdrawn before circulation
    are left out, because only the chair's team knew them. Two queries.
    """
    ended = Q(adopted_at__gt=since, adopted_at__lte=until) | Q(
        released_at__gt=since, released_at__lte=until
    )
    ends = []
    for statement in Statement.objects.filter(ended, adopted_sha256__gt="", **filters):
        moments = (("adopted", statement.adopted_at), ("released", statement.released_at))
        ends += [
            StatementEnd(statement, stage, at)
            for stage, at in moments
            if at is not None and since < at <= until
        ]
    withdrawals = Statement.history.filter(
        state=StatementState.WITHDRAWN, history_date__gt=since, history_date__lte=until, **filters
    )
    withdrawals = (
        withdrawals.filter(amendments_until__isnull=False)
        .order_by("history_date", "history_id")
        .select_related("history_user")
    )
    # the first record of each: later ones are corrections of the sources in the admin
    first_records = {record.id: record for record in reversed(withdrawals)}
    ends += [
        StatementEnd(
            record.instance,
            "withdrawn",
            record.history_date,
            record.history_user,
            history.recorded_reason(record),
        )
        for record in first_records.values()
    ]
    return sorted(ends, key=lambda end: end.at)


def withdrawal_of(statement: Statement) -> StatementEnd | None:
    """Return who withdrew a statement, when and why, or None. One query."""
    record = (
        statement.history.filter(state=StatementState.WITHDRAWN)
        .select_related("history_user")
        .order_by("history_date")
        .first()
    )
    return (
        StatementEnd(
            statement,
            "withdrawn",
            record.history_date,
            record.history_user,
            history.recorded_reason(record),
        )
        if record
        else None
    )


def deliveries_of(statement: Statement) -> list[Delivery]:
    """Return the deliveries of a statement by day, cancelled ones excluded.

    One query.
    """
    return list(statement.deliveries.filter(cancelled_at__isnull=True).order_by("day", "pk"))


def plan_for_new() -> list[dict[str, Any]]:
    """Return the clearance steps of a new statement as JSON. One query."""
    names = [field.name for field in fields(PlannedStep)]
    return list(StepTemplate.objects.order_by("position").values(*names)) or default_plan()


def next_number(prefix: str) -> int:
    """Return the next free number after a prefix ("GMG/2026/ST/")."""
    # in Python, because the database would sort "10" before "9"
    symbols = Statement.objects.filter(symbol__startswith=prefix).values_list("symbol", flat=True)
    numbers = [int(tail) for symbol in symbols if (tail := symbol.removeprefix(prefix)).isdecimal()]
    return max(numbers, default=0) + 1
