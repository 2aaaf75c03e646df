"""Collect a term's story: operations, heads, and handovers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from coordination.core.periods import Period, gaps
from coordination.members.enums import Role
from coordination.members.models import Agency, Appointment, Representation
from coordination.rotation.enums import TermState
from coordination.rotation.models import (
    ChairTerm,
    Handover,
    OperationTerm,
    SelectionDecision,
    TermOperation,
)
from coordination.rotation.queries import chair, corrections, operations
from coordination.rotation.queries.chair import Sitting, chairing_agencies, same_chair
from coordination.rotation.queries.confirmed_terms import ConfirmedTerms
from coordination.rotation.queries.decision_words import decision_words
from coordination.rotation.queries.operations import OperationRow


@dataclass(frozen=True, slots=True)
class Headship:
    """Days of a term on which an agency chaired under one executive head.

    `appointment` is None where no head is on record.
    """

    days: Period
    agency: Agency
    appointment: Appointment | None


@dataclass(frozen=True, slots=True)
class Spokesmanship:
    """Days of a term on which a commission spoke for a chairing agency."""

    days: Period
    representation: Representation


@dataclass(frozen=True, slots=True)
class HandoverShown:
    """A handover into or out of a term: the agencies of both sides.

    `outgoing` is empty for the first term of a group.
    """

    handover: Handover
    outgoing: tuple[Agency, ...]
    incoming: tuple[Agency, ...]


@dataclass(frozen=True, slots=True)
class OperationOnTerm:
    """An operation on a term, with its effects on all terms."""

    operation: TermOperation
    rows: tuple[OperationRow, ...]

    @property
    def decision(self) -> str:
        """Return who decided it, or how."""
        return decision_words(self.operation)


def terms_with_signs() -> QuerySet[Any]:
    """Return the terms of every state, oldest first, each with what else there is to read of it.

    `is_decided`: the decision of a selection made it; `is_operated`: operations were about it;
    `is_corrected`: corrections of it wait. Most terms have none of them. With the handover to each.
    Two queries.
    """
    of_term = {"term": OuterRef("pk")}
    return (
        chair.every_term()
        .select_related("handover")
        .annotate(
            is_decided=Exists(SelectionDecision.objects.filter(chair_term=OuterRef("pk"))),
            is_operated=Exists(OperationTerm.objects.filter(**of_term)),
            is_corrected=Exists(corrections.open_corrections().filter(**of_term)),
        )
        .order_by("first_day")
    )


def operations_on(term: ChairTerm) -> list[OperationOnTerm]:
    """Return the operations and offers about a term, newest first.

    One query.
    """
    made = TermOperation.objects.filter(terms__term=term).distinct().order_by("-made_at", "-pk")
    return [OperationOnTerm(operation, operations.rows_of(operation)) for operation in made]


def during(first: date, last: date) -> Q:
    """Return the condition that a period shares a day with first..last."""
    return Q(first_day__lte=last) & (Q(last_day__isnull=True) | Q(last_day__gte=first))


def cut(days: Period, within: Period) -> Period:
    """Return a period cut to another, which has an end.

    Pure.
    """
    assert within.last
    return Period(max(days.first, within.first), min(days.last or within.last, within.last))


def headships(sittings: Sequence[Sitting], day: date) -> list[Headship]:
    """Return who headed a term's chairing agencies, in order.

    One query, none for no sitting. A head may change in mid-term. Days after `day` without a
    head are left out: one will come.
    """
    if not sittings:
        return []
    agencies = {agency for sitting in sittings for agency in sitting.agencies}
    appointments = list(
        Appointment.objects.filter(
            during(sittings[0].first_day, sittings[-1].last_day),
            agency__in=agencies,
            role=Role.PRINCIPAL,
        )
        .select_related("person", "agency")
        .order_by("first_day")
    )
    return [
        headship
        for sitting in sittings
        for agency in sitting.agencies
        for headship in headships_of(sitting.period, agency, appointments, day)
    ]


def headships_of(
    days: Period, agency: Agency, appointments: Iterable[Appointment], day: date
) -> list[Headship]:
    """Return who headed an agency on its chaired days, in order.

    Pure.
    """
    assert days.last
    held = [
        Headship(cut(row.period, days), agency, row)
        for row in appointments
        if row.agency_id == agency.pk and row.period.overlaps(days)
    ]
    unknown = gaps([headship.days for headship in held], days.first, min(days.last, day))
    held += [Headship(gap, agency, None) for gap in unknown]
    return sorted(held, key=lambda headship: headship.days)


def spokesmanships(sittings: Sequence[Sitting]) -> list[Spokesmanship]:
    """Return which commissions spoke for the chairing agencies.

    One query, none for no sitting.
    """
    if not sittings:
        return []
    agencies = {agency for sitting in sittings for agency in sitting.agencies}
    rows = (
        Representation.objects.filter(
            during(sittings[0].first_day, sittings[-1].last_day),
            commission__agency__in=agencies,
        )
        .select_related("commission")
        .order_by("first_day")
    )
    return [
        Spokesmanship(cut(row.period, sitting.period), row)
        for sitting in sittings
        for row in rows
        if row.period.overlaps(sitting.period)
        and row.commission.agency_id in {agency.pk for agency in sitting.agencies}
    ]


def handovers_around(
    term: ChairTerm, terms: ConfirmedTerms
) -> tuple[HandoverShown | None, HandoverShown | None]:
    """Return the handover into a term and the one out of it, each or None.

    Pure for terms that came with their handovers, as from `terms_with_signs`. A term of the same
    agencies may follow: they hand nothing over to themselves.
    """
    before, following = terms.before(term.first_day), terms.after(term.last_day)
    if following and (term.state != TermState.CONFIRMED or same_chair(following, term)):
        following = None
    into = getattr(term, "handover", None)
    out_of = getattr(following, "handover", None)
    return (
        HandoverShown(into, chairing_agencies(before) if before else (), chairing_agencies(term))
        if into
        else None,
        HandoverShown(out_of, chairing_agencies(term), chairing_agencies(following))
        if out_of and following
        else None,
    )
