"""Compare terms before and after an operation, planned or stored."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Prefetch, QuerySet, Value
from django.utils.translation import gettext as _

from coordination.core import formatting
from coordination.core.periods import Period, gaps
from coordination.members.enums import Role
from coordination.members.models import Agency
from coordination.members.queries import recipients
from coordination.rotation.enums import OperationKind, TermKind, TermState
from coordination.rotation.models import (
    ChairTerm,
    OperationConsent,
    OperationTerm,
    TermAgency,
    TermCorrection,
    TermOperation,
)
from coordination.rotation.planning.situation import ChairedDays
from coordination.rotation.queries import chair, corrections, moved_balances
from coordination.rotation.queries.decision_words import decision_words
from coordination.rotation.queries.moved_balances import MovedBalance
from coordination.rotation.queries.planning import span_of


@dataclass(frozen=True, slots=True)
class TermAfter:
    """A term after an operation; `term` is None for a new one."""

    term: ChairTerm | None
    period: Period
    agencies: tuple[Agency, ...]
    kind: str = TermKind.TERM
    state: str = TermState.CONFIRMED
    theme: str = ""
    # the term whose news a new one continues: it was announced already
    continues: ChairTerm | None = None

    @property
    def last_day(self) -> date:
        """Return the last day; a term always has one."""
        assert self.period.last
        return self.period.last


@dataclass(frozen=True, slots=True)
class PlannedOperation:
    """An operation that was worked out, and not yet written.

    `owed` are the agencies whose turn is owed by it. `until` is the last day of an acknowledged
    vacancy. `base` names the versions of the terms on which it was worked out.
    """

    kind: OperationKind
    terms: tuple[TermAfter, ...]
    owed: tuple[Agency, ...] = ()
    until: date | None = None

    @property
    def base(self) -> str:
        """Return the terms and their versions, "12:3,13:1"."""
        rows = sorted((row.term.pk, row.term.version) for row in self.terms if row.term)
        return ",".join(f"{pk}:{version}" for pk, version in rows)


@dataclass(frozen=True, slots=True)
class StoredTerm:
    """A term in one row of `TermOperation.before` or `after`."""

    slug: str
    period: Period
    agencies: tuple[str, ...]
    agency_keys: tuple[int, ...]
    kind: str
    state: str
    theme: str = ""

    @property
    def names(self) -> str:
        """Return who chairs, "FAO + IOM"."""
        return " + ".join(self.agencies)

    @property
    def bridge(self) -> str:
        """Return "caretaker", "extension" or "troika"; "" for a usual term."""
        return "" if self.kind == TermKind.TERM else str(TermKind(self.kind).label)

    @property
    def chairs(self) -> bool:
        """Return whether the term gives powers."""
        return self.state == TermState.CONFIRMED

    @property
    def text(self) -> str:
        """Return who chairs when: "WHO, 1 Jan 2027 to 30 Jun 2027"."""
        assert self.period.last
        values = {
            "names": f"{self.names} ({self.bridge})" if self.bridge else self.names,
            "first": formatting.plain_day(self.period.first),
            "last": formatting.plain_day(self.period.last),
        }
        if self.chairs:
            return _("%(names)s, %(first)s to %(last)s") % values
        if self.state == TermState.PROPOSED:
            return _("%(names)s, proposed") % values
        return _("nobody")


@dataclass(frozen=True, slots=True)
class OperationRow:
    """One term of an operation, before and after.

    None where there is no term.
    """

    before: StoredTerm | None
    after: StoredTerm | None

    @property
    def slug(self) -> str:
        """Return the address of the term."""
        shown = self.after or self.before
        return shown.slug if shown else ""

    @property
    def text(self) -> str:
        """Return the term before and after: "2027-H1: WHO, … → nobody"."""
        before, after = (side.text if side else _("nobody") for side in (self.before, self.after))
        if not self.slug:
            return f"{before} → {after}"
        return _("%(term)s: %(before)s → %(after)s") % {
            "term": self.slug,
            "before": before,
            "after": after,
        }


@dataclass(frozen=True, slots=True)
class Preparation:
    """An agency's time to prepare, in days, before and after.

    `days` until its new first day, `days_before` until the old one. `days_before` is None where
    it had no turn ahead.
    """

    agency: str
    days: int
    days_before: int | None


@dataclass(frozen=True, slots=True)
class TurnLength:
    """An agency's changed days in the chair within an operation."""

    agency: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Effects:
    """What the page of an operation shows before it asks.

    `opened` are the days that nobody would chair any more, `filled` those that somebody would.
    `told` are the people who get a mail, by agency. `balances` are those of the agencies that it
    touches.
    """

    rows: tuple[OperationRow, ...]
    opened: tuple[Period, ...]
    filled: tuple[Period, ...]
    preparation: tuple[Preparation, ...]
    lengths: tuple[TurnLength, ...]
    told: Mapping[str, int]
    balances: tuple[MovedBalance, ...]


def as_stored(term: ChairTerm) -> dict[str, object]:
    """Return a term as an operation stores it: codes and ISO dates."""
    agencies = chair.chairing_agencies(term)
    return stored(
        TermAfter(term, term.period, agencies, term.kind, term.state, term.theme), term.slug
    )


def stored(row: TermAfter, slug: str = "") -> dict[str, object]:
    """Return what a term becomes as an operation stores it."""
    return {
        "term": slug or (row.term.slug if row.term else ""),
        "first_day": row.period.first.isoformat(),
        "last_day": row.last_day.isoformat(),
        "agencies": [agency.acronym for agency in row.agencies],
        "keys": [agency.pk for agency in row.agencies],
        "kind": row.kind,
        "state": row.state,
        "theme": row.theme,
    }


def stored_term(row: Mapping[str, Any]) -> StoredTerm | None:
    """Read a stored row; an empty one is None.

    The term does not exist on that side.
    """
    if not row:
        return None
    return StoredTerm(
        row["term"],
        Period(date.fromisoformat(row["first_day"]), date.fromisoformat(row["last_day"])),
        tuple(row["agencies"]),
        tuple(row["keys"]),
        row["kind"],
        row["state"],
        # operations of before did not keep it
        row.get("theme", ""),
    )


def rows_between(
    before: Iterable[Mapping[str, Any]], after: Iterable[Mapping[str, Any]]
) -> tuple[OperationRow, ...]:
    """Return the rows of an operation. Pure."""
    return tuple(
        OperationRow(stored_term(was), stored_term(now))
        for was, now in zip(before, after, strict=True)
    )


def rows_of(operation: TermOperation) -> tuple[OperationRow, ...]:
    """Return the rows that an operation keeps."""
    return rows_between(operation.before, operation.after)


def rows_planned(planned: PlannedOperation) -> tuple[OperationRow, ...]:
    """Return the rows of an operation that is not written yet."""
    return rows_between(
        [as_stored(row.term) if row.term else {} for row in planned.terms],
        [stored(row) for row in planned.terms],
    )


def agencies_moved(rows: Iterable[OperationRow]) -> set[int]:
    """Return the keys of agencies whose chaired days or partners change.

    Pure.
    """
    turns: dict[int, list[set[tuple[Period, frozenset[int]]]]] = defaultdict(lambda: [set(), set()])
    for row in rows:
        for side, shown in enumerate((row.before, row.after)):
            if shown and shown.chairs:
                for key in shown.agency_keys:
                    turns[key][side].add((shown.period, frozenset(shown.agency_keys)))
    return {key for key, (before, after) in turns.items() if before != after}


def vacancies_changed(
    planned: PlannedOperation, day: date, others: Sequence[Period]
) -> tuple[tuple[Period, ...], tuple[Period, ...]]:
    """Return the days from `day` on that lose their chair, and those that get one. Pure.

    `others` are the days of the confirmed terms that the operation leaves as they are. Days after
    the last confirmed term are not counted: nobody was to chair on them.
    """
    was = [row.term.period for row in planned.terms if row.term and is_confirmed(row)]
    becomes = [row.period for row in planned.terms if row.state == TermState.CONFIRMED]
    before, after = [*others, *was], [*others, *becomes]
    last = max((period.last for period in before + after if period.last), default=day)
    return (
        tuple(missing(before, after, day, last)),
        tuple(missing(after, before, day, last)),
    )


def is_confirmed(row: TermAfter) -> bool:
    """Return whether the term of the row is confirmed until now."""
    return row.term is not None and row.term.state == TermState.CONFIRMED


def missing(
    covered: Sequence[Period], other: Sequence[Period], first: date, last: date
) -> list[Period]:
    """Return the days of first..last that `covered` covers and `other` does not. Pure."""
    free = gaps(covered, first, last)
    return gaps([*other, *free], first, last)


def preparation(rows: Sequence[OperationRow], day: date) -> tuple[Preparation, ...]:
    """Return how each agency's time to prepare changes where a first day moves.

    Pure.
    """
    first_days: dict[str, list[date | None]] = defaultdict(lambda: [None, None])
    for row in rows:
        for side, shown in enumerate((row.before, row.after)):
            if shown and shown.chairs and shown.period.first > day:
                for name in shown.agencies:
                    known = first_days[name][side]
                    first_days[name][side] = min(known or shown.period.first, shown.period.first)
    return tuple(
        Preparation(name, (after - day).days, (before - day).days if before else None)
        for name, (before, after) in sorted(first_days.items())
        if after and after != before
    )


def effects(
    planned: PlannedOperation, day: date, confirmed: Iterable[ChairTerm] | None = None
) -> Effects:
    """Return what an operation does, for its page; `confirmed` terms where they are loaded.

    Two queries, three without them.
    """
    rows = rows_planned(planned)
    keys = {row.term.pk for row in planned.terms if row.term}
    if confirmed is None:
        others = moved_balances.confirmed_days(keys)
    else:
        others = moved_balances.days_of(confirmed, keys)
    opened, filled = vacancies_changed(
        planned, day, [Period(each.days.first, each.days.last) for each in others]
    )
    return Effects(
        rows,
        opened,
        filled,
        preparation(rows, day),
        lengths(rows),
        people_told(rows, day),
        balances_moved(rows, others),
    )


def balances_moved(
    rows: Sequence[OperationRow], others: Sequence[ChairedDays]
) -> tuple[MovedBalance, ...]:
    """Return the balances of the agencies of an operation before and after it; one query.

    `others` are the `confirmed_days` of the terms that it leaves as they are.
    """
    return moved_balances.moved_balances(
        days_in_the_chair(row.before for row in rows),
        days_in_the_chair(row.after for row in rows),
        others,
    )


def balances_if_confirmed(
    term: ChairTerm, confirmed: Iterable[ChairTerm]
) -> tuple[MovedBalance, ...]:
    """Return the balances of a proposal's agencies before and after it is confirmed; one query."""
    before = as_stored(term)
    rows = rows_between([before], [{**before, "state": TermState.CONFIRMED}])
    return balances_moved(rows, moved_balances.days_of(confirmed, {term.pk}))


def days_in_the_chair(sides: Iterable[StoredTerm | None]) -> list[ChairedDays]:
    """Return the days in the chair of the confirmed terms on one side of an operation.

    Pure.
    """
    return [
        ChairedDays(span_of(side.period), side.agency_keys)
        for side in sides
        if side and side.chairs
    ]


def lengths(rows: Iterable[OperationRow]) -> tuple[TurnLength, ...]:
    """Return the agencies whose turns on both sides differ in length.

    Pure.
    """
    days: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for row in rows:
        for side, shown in enumerate((row.before, row.after)):
            if shown and shown.chairs:
                for name in shown.agencies:
                    days[name][side] += shown.period.days
    return tuple(
        TurnLength(name, before, after)
        for name, (before, after) in sorted(days.items())
        if before and after and before != after
    )


def people_told(rows: Sequence[OperationRow], day: date) -> dict[str, int]:
    """Return how many people of each moved agency get a mail; one query."""
    counts: dict[str, int] = {}
    for appointment in recipients.reachable_appointments(
        agencies_moved(rows), day, Role.FOCAL_POINT
    ):
        counts[appointment.agency.acronym] = counts.get(appointment.agency.acronym, 0) + 1
    return counts


def operations() -> QuerySet[TermOperation]:
    """Return the operations with people, agencies, terms and consents, newest first.

    Four queries.
    """
    return TermOperation.objects.select_related(
        "made_by", "decided_by", "offered_for"
    ).prefetch_related(
        Prefetch("terms", OperationTerm.objects.select_related("term")),
        Prefetch("terms__term__chairs", TermAgency.objects.select_related("agency")),
        Prefetch("consents", OperationConsent.objects.select_related("agency", "given_by")),
    )


def history_keys() -> QuerySet[Any]:
    """Return ("operation" or "correction", key, moment) of the schedule's history, newest first."""
    names = ("kind_of_row", "pk", "at")
    made = TermOperation.objects.order_by().annotate(
        kind_of_row=Value("operation"), at=F("made_at")
    )
    corrected = (
        TermCorrection.objects.filter(applied_at__isnull=False)
        .order_by()
        .annotate(kind_of_row=Value("correction"), at=F("applied_at"))
    )
    return made.values_list(*names).union(corrected.values_list(*names)).order_by("-at", "-pk")


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One entry of the schedule's history: an operation or a correction."""

    at: Any
    operation: TermOperation | None = None
    correction: TermCorrection | None = None

    @property
    def rows(self) -> tuple[OperationRow, ...]:
        """Return the rows of an operation."""
        return rows_of(self.operation) if self.operation else ()

    @property
    def decision(self) -> str:
        """Return who decided an operation, or how."""
        return decision_words(self.operation) if self.operation else ""


def history_lines(keys: Iterable[tuple[str, int, Any]]) -> list[HistoryLine]:
    """Return the lines of `history_keys`; at most six queries."""
    keys = list(keys)
    by_kind = {
        kind: [pk for of_kind, pk, _at in keys if of_kind == kind]
        for kind in ("operation", "correction")
    }
    made = operations().in_bulk(by_kind["operation"])
    corrected = corrections.corrections().in_bulk(by_kind["correction"])
    return [
        HistoryLine(at, operation=made[pk])
        if kind == "operation"
        else HistoryLine(at, correction=corrected[pk])
        for kind, pk, at in keys
    ]
