"""The one place that knows who chairs on a day.

Commands, pages, permissions and mails ask here. It follows from the terms and is stored nowhere.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet, prefetch_related_objects

from coordination.core.periods import ONE_DAY
from coordination.members.enums import Role
from coordination.members.models import Agency, Appointment, Representation
from coordination.members.queries import periods
from coordination.rotation.enums import TermState
from coordination.rotation.models import ChairTerm, TermAgency


@dataclass(frozen=True, slots=True)
class Chair:
    """Who chairs on `day`: a term with its agencies, or a vacancy.

    `first_day` or `last_day` is None where nothing is on record before or after. `spoken_for` are
    the representations of chairing agencies that have several commissions; `heads` are their
    executive heads on that day.
    """

    day: date
    term: ChairTerm | None
    first_day: date | None
    last_day: date | None
    agencies: tuple[Agency, ...] = ()
    spoken_for: tuple[Representation, ...] = ()
    heads: tuple[Appointment, ...] = field(default=())

    @property
    def vacant(self) -> bool:
        """Return whether nobody chairs."""
        return self.term is None


def with_agencies() -> Prefetch[Any]:
    """Return the prefetch of a term's agencies."""
    return Prefetch("chairs", queryset=TermAgency.objects.select_related("agency"))


def every_term() -> QuerySet[ChairTerm]:
    """Return the terms of every state with their agencies; two queries."""
    return ChairTerm.objects.prefetch_related(with_agencies())


def confirmed() -> QuerySet[ChairTerm]:
    """Return the confirmed terms with their agencies, caretakers too."""
    return every_term().filter(state=TermState.CONFIRMED)


def term_on(day: date) -> ChairTerm | None:
    """Return the confirmed term that covers `day`, or None."""
    return confirmed().filter(first_day__lte=day, last_day__gte=day).first()


def next_term(day: date) -> ChairTerm | None:
    """Return the first confirmed term that begins after `day`, or None."""
    return confirmed().filter(first_day__gt=day).order_by("first_day").first()


def ended_before(day: Any) -> QuerySet[ChairTerm]:
    """Return the confirmed terms that end before `day`, latest first.

    Caretakers are included. `day` is a date or an OuterRef.
    """
    return ChairTerm.objects.filter(state=TermState.CONFIRMED, last_day__lt=day).order_by(
        "-last_day"
    )


def term_before(day: date) -> ChairTerm | None:
    """Return the last confirmed term that ends before `day`, or None.

    A vacancy may lie in between.
    """
    return ended_before(day).prefetch_related(with_agencies()).first()


def chairing_agencies(term: ChairTerm) -> tuple[Agency, ...]:
    """Return the agencies of a term in their order.

    No query when they were prefetched, else two, once per object.
    """
    # Does nothing if they are prefetched already.
    prefetch_related_objects([term], "chairs__agency")
    return tuple(chair.agency for chair in term.chairs.all())


def vacancy_around(day: date) -> tuple[date | None, date | None]:
    """Return the first and last day of the vacancy around `day`.

    None where nothing is on record on that side.
    """
    terms = ChairTerm.objects.filter(state=TermState.CONFIRMED)
    before = ended_before(day).values_list("last_day", flat=True).first()
    after = (
        terms.filter(first_day__gt=day)
        .order_by("first_day")
        .values_list("first_day", flat=True)
        .first()
    )
    return (before + ONE_DAY if before else None, after - ONE_DAY if after else None)


def chair_on(day: date) -> Chair:
    """Return the chair on `day`, or the vacancy."""
    term = term_on(day)
    if term is None:
        first_day, last_day = vacancy_around(day)
        return Chair(day, None, first_day, last_day)
    return chair_in(term, day)


def chair_in(term: ChairTerm, day: date) -> Chair:
    """Return the chair in `term` on `day`; two queries.

    `term` covers `day`.
    """
    agencies = chairing_agencies(term)
    spoken_for = Representation.objects.filter(
        periods.running(day), commission__agency__in=agencies
    ).select_related("commission")
    heads = (
        Appointment.objects.filter(periods.running(day), agency__in=agencies, role=Role.PRINCIPAL)
        .select_related("person", "agency")
        .order_by("agency__acronym", "-first_day")
    )
    return Chair(
        day, term, term.first_day, term.last_day, agencies, tuple(spoken_for), tuple(heads)
    )


@dataclass(frozen=True, slots=True)
class TermAhead:
    """A term that runs or comes, with its agencies.

    `ours`: the reader is a focal point of one of them.
    """

    term: ChairTerm
    agencies: tuple[Agency, ...]
    ours: bool


def terms_from(day: date, person_id: int = 0, most: int = 4) -> list[TermAhead]:
    """Return the confirmed terms that end on `day` or later.

    The next first. One query of `most` rows.
    """
    own_roles = Appointment.objects.filter(
        periods.running(day), person_id=person_id, role=Role.FOCAL_POINT, agency=OuterRef("agency")
    )
    rows = TermAgency.objects.filter(
        term__state=TermState.CONFIRMED, term__last_day__gte=day
    ).select_related("term", "agency")
    rows_by_term: dict[int, list[Any]] = {}
    for row in rows.annotate(ours=Exists(own_roles)).order_by("term__first_day", "position")[:most]:
        rows_by_term.setdefault(row.term_id, []).append(row)
    return [
        TermAhead(rows[0].term, tuple(row.agency for row in rows), any(row.ours for row in rows))
        for rows in rows_by_term.values()
    ]


def agencies_chairing(days: Collection[date]) -> dict[date, tuple[Agency, ...]]:
    """Return the agencies that chair on each of `days`, in their order.

    Empty on a vacant day. One query, none for no day.
    """
    if not days:
        return {}
    rows = TermAgency.objects.filter(
        term__state=TermState.CONFIRMED,
        term__first_day__lte=max(days),
        term__last_day__gte=min(days),
    )
    # one query for all the days; each day is matched in memory
    chairs = list(rows.select_related("term", "agency").order_by("position", "pk"))
    return {day: tuple(row.agency for row in chairs if row.term.period.covers(day)) for day in days}


def chairing_on(day: date) -> QuerySet[TermAgency]:
    """Return the rows of the agencies that chair on `day`, for subqueries."""
    return TermAgency.objects.filter(
        term__state=TermState.CONFIRMED, term__first_day__lte=day, term__last_day__gte=day
    )


def agencies_keeping_minutes(past_day: date, day: date, grace_days: int) -> QuerySet[TermAgency]:
    """Return who keeps the minutes of `past_day` on `day`, for subqueries.

    They are the agencies that chair on `day`, and those that chaired on `past_day`, for
    `grace_days` after the last day of their term (design.md 4.2).
    """
    outgoing = chairing_on(past_day).filter(
        term__last_day__lt=day, term__last_day__gte=day - timedelta(days=grace_days)
    )
    # Both filter the same table, so | makes one subquery.
    return chairing_on(day) | outgoing
