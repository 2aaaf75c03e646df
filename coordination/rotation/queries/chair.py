"""The one resolver: who chairs on a day.

Command, page, permission, mail and feed ask here; no pointer is stored.
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
    """Who chairs on `day`: a term with its agencies, or the stretch of days that is vacant.

    `first_day` or `last_day` is None where nothing is on record before or after. `spoken_for` holds
    the commissions that speak for chairing agencies that have several; `heads` their executive
    heads on that day.
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
        """Say whether nobody chairs."""
        return self.term is None


def with_agencies() -> Prefetch[Any]:
    """Return what a term is read with, so that its agencies cost no further query."""
    return Prefetch("chairs", queryset=TermAgency.objects.select_related("agency"))


def every_term() -> QuerySet[ChairTerm]:
    """Return the terms of every state with their agencies; two queries."""
    return ChairTerm.objects.prefetch_related(with_agencies())


def confirmed() -> QuerySet[ChairTerm]:
    """Return the confirmed terms, caretakers among them, with their agencies."""
    return every_term().filter(state=TermState.CONFIRMED)


def term_on(day: date) -> ChairTerm | None:
    """Return the confirmed term that covers `day`, or None: the chair is vacant."""
    return confirmed().filter(first_day__lte=day, last_day__gte=day).first()


def next_term(day: date) -> ChairTerm | None:
    """Return the first confirmed term that begins after `day`, or None."""
    return confirmed().filter(first_day__gt=day).order_by("first_day").first()


def ended_before(day: Any) -> QuerySet[ChairTerm]:
    """Return the confirmed terms that end before `day`, the last first.

    Caretakers are among them. `day` is a date, or one of an outer query.
    """
    return ChairTerm.objects.filter(state=TermState.CONFIRMED, last_day__lt=day).order_by(
        "-last_day"
    )


def term_before(day: date) -> ChairTerm | None:
    """Return the last confirmed term that ends before `day`, or None.

    However long the chair was vacant in between.
    """
    return ended_before(day).prefetch_related(with_agencies()).first()


def chairing_agencies(term: ChairTerm) -> tuple[Agency, ...]:
    """Return the agencies of a term in their order, and keep them with it.

    No query when they were prefetched, else two.
    """
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
    """Return who chairs on `day`, who speaks for them, and who heads them; or the vacancy."""
    term = term_on(day)
    if term is None:
        first_day, last_day = vacancy_around(day)
        return Chair(day, None, first_day, last_day)
    return chair_in(term, day)


def chair_in(term: ChairTerm, day: date) -> Chair:
    """Return who chairs in `term`, who speaks for them and heads them on `day`; two queries.

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
    """A term that runs or comes, its agencies, and whether one of them is the reader's.

    The reader is a focal point of such an agency.
    """

    term: ChairTerm
    agencies: tuple[Agency, ...]
    ours: bool


def terms_from(day: date, person_id: int = 0, most: int = 4) -> list[TermAhead]:
    """Return the confirmed terms that end on `day` or later, the next first.

    One query, `most` rows.
    """
    mine = Appointment.objects.filter(
        periods.running(day), person_id=person_id, role=Role.FOCAL_POINT, agency=OuterRef("agency")
    )
    rows = TermAgency.objects.filter(
        term__state=TermState.CONFIRMED, term__last_day__gte=day
    ).select_related("term", "agency")
    found: dict[int, list[Any]] = {}
    for row in rows.annotate(ours=Exists(mine)).order_by("term__first_day", "position")[:most]:
        found.setdefault(row.term_id, []).append(row)
    return [
        TermAhead(rows[0].term, tuple(row.agency for row in rows), any(row.ours for row in rows))
        for rows in found.values()
    ]


def agencies_chairing(days: Collection[date]) -> dict[date, tuple[Agency, ...]]:
    """Return which agencies chair on each of `days`, in their order; none on a vacant day.

    One query, none for no day.
    """
    if not days:
        return {}
    rows = TermAgency.objects.filter(
        term__state=TermState.CONFIRMED,
        term__first_day__lte=max(days),
        term__last_day__gte=min(days),
    )
    found = list(rows.select_related("term", "agency").order_by("position", "pk"))
    return {day: tuple(row.agency for row in found if row.term.period.covers(day)) for day in days}


def chairing_on(day: date) -> QuerySet[TermAgency]:
    """Return the rows of the agencies that chair on `day`, for use inside another query."""
    return TermAgency.objects.filter(
        term__state=TermState.CONFIRMED, term__first_day__lte=day, term__last_day__gte=day
    )


def keeping_minutes_of(past_day: date, day: date, grace_days: int) -> QuerySet[TermAgency]:
    """Return the agencies that keep the minutes of `past_day` on `day`, for use in a query.

    Those that chair on `day`; and those that chaired on `past_day`, for `grace_days` after the last
    day of their term (design.md 4.2).
    """
    outgoing = chairing_on(past_day).filter(
        term__last_day__lt=day, term__last_day__gte=day - timedelta(days=grace_days)
    )
    return chairing_on(day) | outgoing
