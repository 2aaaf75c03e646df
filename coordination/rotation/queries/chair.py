"""The one place that knows who chairs on a day.

Commands, pages, permissions and mails ask here. It follows from the confirmed terms and the
memberships, and is stored nowhere: an agency chairs on the days of its term on which it is a
member.
"""

import itertools
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    BooleanField,
    Exists,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    prefetch_related_objects,
)
from django.db.models.functions import Coalesce, Greatest, Least

from coordination.core.periods import ONE_DAY, Period
from coordination.members.enums import MembershipStatus, Role
from coordination.members.models import Agency, Appointment, Representation
from coordination.members.queries import periods
from coordination.members.queries.agencies import in_membership
from coordination.rotation.enums import SelectionState, TermState
from coordination.rotation.models import ChairTerm, Selection, TermAgency


@dataclass(frozen=True, slots=True)
class Sitting:
    """Days of a confirmed term (both inclusive) on which the same agencies chair.

    A term has one sitting, and several where an agency of it joins or leaves the group within it.
    `ours`: the reader is a focal point of one of the agencies. `selection` is the address of the
    selection that runs, or "", where `sittings_from` asked for it.
    """

    term: ChairTerm
    agencies: tuple[Agency, ...]
    first_day: date
    last_day: date
    ours: bool = False
    selection: str = ""

    @property
    def period(self) -> Period:
        """Return the days as a Period."""
        return Period(self.first_day, self.last_day)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days on which the same agencies chair, or nobody does.

    Both days are inclusive; None where the stretch has no beginning or end. `sitting` is None
    where nobody chairs. Before the first confirmed term nothing is on record.
    """

    first_day: date | None
    last_day: date | None
    sitting: Sitting | None = None
    on_record: bool = True

    def covers(self, day: date) -> bool:
        """Return whether `day` is one of the days."""
        return (self.first_day is None or self.first_day <= day) and (
            self.last_day is None or day <= self.last_day
        )

    @property
    def state(self) -> str:
        """Return "term", "caretaker", "vacant" or "not on record"."""
        if self.sitting:
            return str(self.sitting.term.kind)
        return "vacant" if self.on_record else "not on record"


@dataclass(frozen=True, slots=True)
class Chair:
    """Who chairs on `day`: a term, or a vacancy.

    `first_day` and `last_day` are those of the sitting or the vacancy; None where nothing is on
    record before or after. `lapsed` is the confirmed term of a vacant day: its agencies are not
    members on it. `spoken_for` are the representations of chairing agencies that have several
    commissions; `heads` are their executive heads on that day.
    """

    day: date
    term: ChairTerm | None
    first_day: date | None
    last_day: date | None
    agencies: tuple[Agency, ...] = ()
    spoken_for: tuple[Representation, ...] = ()
    heads: tuple[Appointment, ...] = field(default=())
    lapsed: ChairTerm | None = None

    @property
    def vacant(self) -> bool:
        """Return whether nobody chairs."""
        return self.term is None

    @property
    def on_record(self) -> bool:
        """Return whether the record says who chairs, or that nobody does.

        It does not before the first confirmed term.
        """
        return not (self.term is None and self.first_day is None)


def with_agencies() -> Prefetch[Any]:
    """Return the prefetch of a term's agencies."""
    return Prefetch("chairs", queryset=TermAgency.objects.select_related("agency"))


def every_term() -> QuerySet[ChairTerm]:
    """Return all terms with their agencies.

    Terms of every state; two queries.
    """
    return ChairTerm.objects.prefetch_related(with_agencies())


def confirmed() -> QuerySet[ChairTerm]:
    """Return the confirmed terms with their agencies, caretakers too."""
    return every_term().filter(state=TermState.CONFIRMED)


def term_on(day: date) -> ChairTerm | None:
    """Return the confirmed term in which somebody chairs on `day`, or None."""
    return confirmed().filter(pk__in=chairing_on(day).values("term")).first()


def next_term(day: date) -> ChairTerm | None:
    """Return the next confirmed term after `day`, or None."""
    return confirmed().filter(first_day__gt=day).order_by("first_day").first()


def ended_before(day: Any) -> QuerySet[ChairTerm]:
    """Return the confirmed terms that end before `day`, latest first.

    Caretakers are included. `day` is a date or an OuterRef.
    """
    return ChairTerm.objects.filter(state=TermState.CONFIRMED, last_day__lt=day).order_by(
        "-last_day"
    )


def term_before(day: date) -> ChairTerm | None:
    """Return the last confirmed term before `day`, or None.

    A vacancy may lie in between.
    """
    return ended_before(day).prefetch_related(with_agencies()).first()


def chairing_agencies(term: ChairTerm) -> tuple[Agency, ...]:
    """Return a term's agencies in their confirmed order.

    Who of them chairs on a day follows from the memberships too: see `agencies_on`. No query when
    they were prefetched, else two, once per object.
    """
    # Does nothing if they are prefetched already.
    prefetch_related_objects([term], "chairs__agency")
    return tuple(chair.agency for chair in term.chairs.all())


def same_chair(term: ChairTerm, other: ChairTerm) -> bool:
    """Return whether the same agencies are confirmed for both terms."""
    return set(chairing_agencies(term)) == set(chairing_agencies(other))


def chairing_rows() -> QuerySet[Any]:
    """Return the agencies of confirmed terms with `from_day` and `to_day`.

    Both are inclusive: the days of the term on which the agency is a member. A row for each
    membership within the term, by term and position; one query.
    """
    of_membership = "agency__memberships__"
    overlapping = Q(**{f"{of_membership}first_day__lte": F("term__last_day")}) & (
        Q(**{f"{of_membership}last_day__isnull": True})
        | Q(**{f"{of_membership}last_day__gte": F("term__first_day")})
    )
    return (
        TermAgency.objects.filter(
            overlapping,
            _has_not_left(F(f"{of_membership}first_day")),
            _has_not_left(F("term__first_day")),
            term__state=TermState.CONFIRMED,
            **{f"{of_membership}standing": MembershipStatus.MEMBER},
        )
        .annotate(
            from_day=Greatest("term__first_day", f"{of_membership}first_day"),
            # NULL is neither the least nor the greatest on every database.
            to_day=Least(
                "term__last_day",
                Coalesce(f"{of_membership}last_day", "term__last_day"),
                Coalesce("last_day", "term__last_day"),
            ),
        )
        .select_related("term", "agency")
        .order_by("term__first_day", "position", "pk")
    )


def _has_not_left(day: Any) -> Q:
    """Return the condition that no joint chair was left before `day`."""
    return Q(last_day__isnull=True) | Q(last_day__gte=day)


def sittings_of(rows: Iterable[Any]) -> list[Sitting]:
    """Return the sittings of `chairing_rows`, oldest first. Pure."""
    rows_by_term: dict[int, list[Any]] = {}
    for row in rows:
        rows_by_term.setdefault(row.term_id, []).append(row)
    sittings = [sitting for rows in rows_by_term.values() for sitting in _sittings_of_term(rows)]
    return sorted(sittings, key=lambda sitting: sitting.first_day)


def _sittings_of_term(rows: list[Any]) -> list[Sitting]:
    """Split a term into sittings where an agency joins or leaves."""
    begins = sorted({row.from_day for row in rows} | {row.to_day + ONE_DAY for row in rows})
    sittings: list[Sitting] = []
    for first, after in itertools.pairwise(begins):
        present = [row for row in rows if row.from_day <= first <= row.to_day]
        if not present:
            continue
        seated = tuple(row.agency for row in present)
        before = sittings[-1] if sittings else None
        # One membership may follow another at once; the sitting goes on.
        if before and before.agencies == seated and before.last_day + ONE_DAY == first:
            first = sittings.pop().first_day  # noqa: PLW2901 - the joined sitting begins there
        ours = any(getattr(row, "ours", False) for row in present)
        selection = getattr(present[0], "selection", "")
        sittings.append(Sitting(present[0].term, seated, first, after - ONE_DAY, ours, selection))
    return sittings


def sittings() -> list[Sitting]:
    """Return who chairs on which days, oldest first; one query."""
    return sittings_of(chairing_rows())


def sittings_from(day: date, person_id: int = 0, most: int = 8) -> list[Sitting]:
    """Return the sittings not over before `day`, in order.

    One query of `most` rows; a row is an agency of a term. `ours` is about the person.
    """
    return sittings_of(_rows_seen_by(person_id, day).filter(to_day__gte=day)[:most])


def sittings_seen_by(person_id: int, day: date) -> list[Sitting]:
    """Return all sittings, oldest first.

    `ours` is about the person on `day`. One query.
    """
    return sittings_of(_rows_seen_by(person_id, day))


def _rows_seen_by(person_id: int, day: date) -> QuerySet[Any]:
    """Return `chairing_rows` with what the head of a page tells the person."""
    own_roles = Appointment.objects.filter(
        periods.running(day), person_id=person_id, role=Role.FOCAL_POINT, agency=OuterRef("agency")
    )
    ours = Exists(own_roles) if person_id else Value(value=False, output_field=BooleanField())
    selection = Coalesce(Subquery(running_selections()[:1]), Value(""))
    rows: QuerySet[Any] = chairing_rows().annotate(ours=ours, selection=selection)
    return rows


def running_selections() -> QuerySet[Any, str]:
    """Return the addresses of running selections, by decision day.

    The first to be decided comes first.
    """
    running = Selection.objects.filter(state=SelectionState.RUNNING)
    return running.order_by("decision_until", "pk").values_list("slug", flat=True)


def chair_on(day: date) -> Chair:
    """Return the chair on `day`, or the vacancy.

    Three queries, four before the first chair.
    """
    stretch = stretch_on(day)
    if stretch.sitting:
        return chair_in(stretch.sitting, day)
    return Chair(day, None, stretch.first_day, stretch.last_day, lapsed=lapsed_on(day))


def stretch_on(day: date, loaded: Sequence[Sitting] | None = None) -> Stretch:
    """Return the sitting or the vacancy of `day`; one query, two before the first chair.

    One less where all sittings are loaded.
    """
    seated = sittings() if loaded is None else loaded
    has_been_chaired = bool(seated) and seated[0].first_day <= day
    on_record_from = seated[0].first_day if has_been_chaired else first_day_on_record()
    return next(found for found in stretches(seated, on_record_from) if found.covers(day))


def first_day_on_record() -> date | None:
    """Return the first confirmed day on record, or None.

    The first day of the first confirmed term.
    """
    terms = ChairTerm.objects.filter(state=TermState.CONFIRMED).order_by("first_day")
    return terms.values_list("first_day", flat=True).first()


def stretches(sittings: Iterable[Sitting], on_record_from: date | None) -> list[Stretch]:
    """Return each day once, in sittings and vacancies.

    Vacancies between, before and after sittings. Pure. `sittings` are in order. Nothing is on
    record before `on_record_from`, the first day of the first confirmed term; nobody may chair
    in it.
    """
    every: list[Stretch] = []
    free_from: date | None = None
    for sitting in sittings:
        every += _vacant(free_from, sitting.first_day - ONE_DAY, on_record_from)
        every.append(Stretch(sitting.first_day, sitting.last_day, sitting))
        free_from = sitting.last_day + ONE_DAY
    return every + _vacant(free_from, None, on_record_from)


def _vacant(first: date | None, last: date | None, on_record_from: date | None) -> list[Stretch]:
    """Return the vacant days from `first` to `last`.

    None is without a beginning or end.
    """
    if first is None and on_record_from is None:
        return [Stretch(None, None, on_record=False)]
    begins = first or on_record_from
    assert begins
    before = [] if first else [Stretch(None, begins - ONE_DAY, on_record=False)]
    return before + ([Stretch(begins, last)] if last is None or begins <= last else [])


def lapsed_on(day: date) -> ChairTerm | None:
    """Return a vacant day's confirmed term without members, or None."""
    return confirmed().filter(first_day__lte=day, last_day__gte=day).first()


def chair_in(sitting: Sitting, day: date) -> Chair:
    """Return the chair of a sitting on `day`, which it covers; two queries."""
    spoken_for = Representation.objects.filter(
        periods.running(day), commission__agency__in=sitting.agencies
    ).select_related("commission")
    heads = (
        Appointment.objects.filter(
            periods.running(day), agency__in=sitting.agencies, role=Role.PRINCIPAL
        )
        .select_related("person", "agency")
        .order_by("agency__acronym", "-first_day")
    )
    return Chair(
        day,
        sitting.term,
        sitting.first_day,
        sitting.last_day,
        sitting.agencies,
        tuple(spoken_for),
        tuple(heads),
    )


def agencies_chairing(
    days: Collection[date], sittings: Sequence[Sitting] | None = None
) -> dict[date, tuple[Agency, ...]]:
    """Return the agencies that chair on each of `days`, in their order.

    Empty on a vacant day. One query, none for no day or where the sittings are loaded.
    """
    if not days:
        return {}
    seated = sittings
    if seated is None:
        rows = chairing_rows().filter(from_day__lte=max(days), to_day__gte=min(days))
        seated = sittings_of(rows)
    return {
        day: next((sitting.agencies for sitting in seated if sitting.period.covers(day)), ())
        for day in days
    }


def agencies_on(day: date) -> tuple[Agency, ...]:
    """Return the chairing agencies of `day` in order.

    One query.
    """
    return agencies_chairing([day])[day]


def chairing_on(day: date) -> QuerySet[TermAgency]:
    """Return the rows of the agencies that chair on `day`, for subqueries."""
    return TermAgency.objects.filter(
        in_membership(day, MembershipStatus.MEMBER),
        _has_not_left(day),
        term__state=TermState.CONFIRMED,
        term__first_day__lte=day,
        term__last_day__gte=day,
    )


def agencies_keeping_minutes(past_day: date, day: date, grace_days: int) -> QuerySet[TermAgency]:
    """Return who keeps the minutes of `past_day` on `day`, for subqueries.

    They are the agencies that chair on `day`, and those that chaired on `past_day`, for
    `grace_days` after the last day of their term (design.md 4.2), while they are members.
    """
    outgoing = chairing_on(past_day).filter(
        in_membership(day, MembershipStatus.MEMBER),
        term__last_day__lt=day,
        term__last_day__gte=day - timedelta(days=grace_days),
    )
    # Both filter the same table, so | makes one subquery.
    return chairing_on(day) | outgoing
