"""Which statements there are, and who sees which."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Value

from coordination.core import history, permissions
from coordination.core.permissions import On
from coordination.members.models import Agency
from coordination.members.queries import people
from coordination.members.queries.agencies import members_on
from coordination.statements.enums import LIVE, PlannedStep, StatementState, default_plan
from coordination.statements.models import (
    ClearanceStep,
    Delivery,
    Draft,
    Reading,
    Signatory,
    Statement,
    StepTemplate,
)

TABS = {
    "": None,
    "work": LIVE,
    "adopted": (StatementState.ADOPTED,),
    "withdrawn": (StatementState.WITHDRAWN,),
}


@dataclass(frozen=True, slots=True)
class Access:
    """What a reader is to the statements on a day.

    Whether they are of the chair's team, whether they belong, and for which member agencies they
    act.
    """

    chair: bool = False
    belongs: bool = False
    agencies: tuple[Agency, ...] = ()

    @property
    def agency_keys(self) -> frozenset[int]:
        """Return the keys of the agencies for which the reader may act."""
        return frozenset(agency.pk for agency in self.agencies)


def reach_of(person: Any, day: date, *, is_chair: Callable[[], bool] | None = None) -> Access:
    """Return what `person` may see and act for on `day`.

    The person may be anonymous. Runs as few queries as possible: `is_chair` is given where somebody
    asked already.
    """
    if not person.is_authenticated or not person.is_active:
        return Access()
    agencies = tuple(people.acting_agencies(person, day))
    belongs = bool(agencies) or permissions.allowed(person, "members.read", On(day))
    asked = is_chair or (lambda: permissions.allowed(person, "rotation.chair", On(day)))
    return Access(chair=bool(agencies) and asked(), belongs=belongs, agencies=agencies)


def visible(reach: Access) -> QuerySet[Statement]:
    """Return the statements that a reader sees, the newest first."""
    return Statement.objects.select_related("meeting").filter(seen_by(reach))


def seen_by(reach: Access, prefix: str = "") -> Q:
    """Return the condition that a statement is one that a reader sees.

    It is released, or circulated to those who belong, or the reader is of the chair's team.
    `prefix` ("statement__") leads from another model to the statement.
    """
    if reach.chair:
        return Q()
    released = Q(**{f"{prefix}released_at__isnull": False})
    return (
        released | Q(**{f"{prefix}amendments_until__isnull": False}) if reach.belongs else released
    )


def statement_at(reach: Access, slug: str) -> tuple[Statement | None, Draft | None]:
    """Return the statement of that address with its newest draft.

    Each is None if the reader does not see it. One query, or two.

    `draft.unread`: whether an agency for which the reader acts has not opened the draft yet.
    `draft.of_some`: whether the statement names its agencies, so that some members are not in.
    """
    drafts = Draft.objects.filter(seen_by(reach, "statement__"), statement__slug=slug)
    drafts = drafts.annotate(
        of_some=Exists(
            Statement.participating.through.objects.filter(statement=OuterRef("statement"))
        )
    )
    read = (
        Reading.objects.filter(draft=OuterRef("pk"), agency__in=reach.agency_keys)
        .order_by()
        .values("draft")
        .annotate(n=Count("pk"))
    )
    drafts = drafts.annotate(
        unread=~Exists(read.filter(n=len(reach.agencies))) if reach.agencies else Value(value=False)
    )
    draft = drafts.select_related("statement__meeting", "circulated_by").order_by("-number").first()
    return (draft.statement, draft) if draft else (visible(reach).filter(slug=slug).first(), None)


def participants_on(statement: int, day: date) -> QuerySet[Agency]:
    """Return the agencies that are in a statement (its key), by acronym.

    They are the members of `day`, or those of them that the statement names.
    """
    named = Statement.participating.through.objects.filter(statement=statement)
    return members_on(day).filter(~Exists(named) | Exists(named.filter(agency=OuterRef("pk"))))


def named_in(statements: Iterable[Statement]) -> dict[int, frozenset[int]]:
    """Return, by statement, the keys of the agencies that it names.

    A statement of all members is not in the result. One query.
    """
    found: dict[int, set[int]] = {}
    rows = Statement.participating.through.objects.filter(statement__in=list(statements))
    for statement, agency in rows.values_list("statement_id", "agency_id"):
        found.setdefault(statement, set()).add(agency)
    return {statement: frozenset(agencies) for statement, agencies in found.items()}


def tabs(reach: Access) -> Iterable[str]:
    """Return the names of the lists by state that a reader may open; outside there is but one."""
    return TABS if reach.belongs else ("",)


def statement_list(reach: Access, *, tab: str = "", text: str = "") -> QuerySet[Statement]:
    """Return what a reader sees of one tab, the newest first.

    Each statement has its open step, if any, in `running`. `text` keeps those whose title or symbol
    contains it. One query, and one for the steps.
    """
    running = ClearanceStep.objects.filter(closed_at__isnull=True)
    found = Statement.objects.filter(seen_by(reach)).prefetch_related(
        Prefetch("steps", queryset=running, to_attr="running")
    )
    states = TABS.get(tab)
    if states:
        found = found.filter(state__in=states)
    if text:
        found = found.filter(Q(title__icontains=text) | Q(symbol__icontains=text))
    return found.order_by("-started_at", "-pk")


def live_statements() -> QuerySet[Statement]:
    """Return the statements under way, the oldest first."""
    return Statement.objects.filter(state__in=LIVE).order_by("started_at", "pk")


def public_statements() -> QuerySet[Statement]:
    """Return the released statements, the newest adoption first: for the public home and feeds."""
    return Statement.objects.filter(released_at__isnull=False).order_by("-adopted_at", "-pk")


def with_text() -> QuerySet[Statement]:
    """Return the adopted statements whose text is here, the newest first.

    A new statement may begin from one of them.
    """
    return Statement.objects.exclude(adopted_sha256="").order_by("-adopted_at", "-pk")


def signatories_of(statement: Statement) -> list[Signatory]:
    """Return the agencies named in an adopted statement, by acronym.

    Those with `joined` False did not join.
    """
    return list(statement.signatories.select_related("agency").order_by("agency__acronym"))


@dataclass(frozen=True, slots=True)
class End:
    """How a statement ended: withdrawn, adopted or released.

    Also when, and by whom and why where that was said.
    """

    statement: Statement
    stage: str
    at: datetime
    who: Any = None
    reason: str = ""


def statement_ends(since: datetime, until: datetime, **chosen: Any) -> list[End]:
    """Return what was adopted, released or withdrawn between two moments.

    `chosen` filters by fields of the statement. Two queries. Of the withdrawn only those come that
    had been circulated: of the others nobody but the chair's team knew.
    """
    lately = Q(adopted_at__gt=since, adopted_at__lte=until) | Q(
        released_at__gt=since, released_at__lte=until
    )
    found = []
    for statement in Statement.objects.filter(lately, adopted_sha256__gt="", **chosen):
        moments = (("adopted", statement.adopted_at), ("released", statement.released_at))
        found += [
            End(statement, stage, at)
            for stage, at in moments
            if at is not None and since < at <= until
        ]
    gone = Statement.history.filter(
        state=StatementState.WITHDRAWN, history_date__gt=since, history_date__lte=until, **chosen
    )
    gone = (
        gone.filter(amendments_until__isnull=False)
        .order_by("history_date", "history_id")
        .select_related("history_user")
    )
    first = {record.id: record for record in reversed(gone)}
    found += [
        End(r.instance, "withdrawn", r.history_date, r.history_user, history.recorded_reason(r))
        for r in first.values()
    ]
    return sorted(found, key=lambda end: end.at)


def withdrawal_of(statement: Statement) -> End | None:
    """Return who withdrew a statement, when and why, as its history says; one query."""
    record = (
        statement.history.filter(state=StatementState.WITHDRAWN)
        .select_related("history_user")
        .order_by("history_date")
        .first()
    )
    return (
        End(
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
    """Return where an adopted statement is or was spoken, in order.

    Cancelled deliveries are left out. One query.
    """
    return list(statement.deliveries.filter(cancelled_at__isnull=True).order_by("day", "pk"))


def plan_for_new() -> list[dict[str, Any]]:
    """Return the steps of clearance of a new statement, as it keeps them; one query."""
    names = [field.name for field in fields(PlannedStep)]
    return list(StepTemplate.objects.order_by("position").values(*names)) or default_plan()


def next_number(prefix: str) -> int:
    """Return the next number of symbols that begin with `prefix` ("GMG/2026/ST/")."""
    symbols = Statement.objects.filter(symbol__startswith=prefix).values_list("symbol", flat=True)
    numbers = [int(tail) for symbol in symbols if (tail := symbol.removeprefix(prefix)).isdecimal()]
    return max(numbers, default=0) + 1
