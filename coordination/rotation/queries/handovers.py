"""Where a handover stands: its sides, their items, what is late."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import BooleanField, Case, Exists, OuterRef, Prefetch, Q, QuerySet, When

from coordination.members.models import Agency, Person
from coordination.rotation import enums
from coordination.rotation.models import ChairTerm, Handover, HandoverItem, TermAgency


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a handover on a day: its agencies, its items, its signature."""

    key: enums.Side
    agencies: tuple[Agency, ...]
    items: tuple[HandoverItem, ...]
    late: tuple[HandoverItem, ...]
    signed_by: Person | None
    signed_at: object

    @property
    def settled(self) -> int:
        """Return how many items are done or do not apply."""
        return sum(item.state != enums.ItemState.OPEN for item in self.items)

    @property
    def total(self) -> int:
        """Return how many items there are."""
        return len(self.items)

    @property
    def open(self) -> tuple[HandoverItem, ...]:
        """Return the items that are open."""
        return tuple(item for item in self.items if item.state == enums.ItemState.OPEN)


def parts() -> tuple[Prefetch[Any], ...]:
    """Return what a handover is read with: three queries for both terms' agencies and the items."""
    chairs, items = TermAgency.objects.select_related("agency"), HandoverItem.objects.select_related("settled_by")
    return Prefetch("incoming_term__chairs", chairs), Prefetch("outgoing_term__chairs", chairs), Prefetch("items", items)


def handovers() -> QuerySet[Handover]:
    """Return the handovers with their terms, agencies, items and signatures; four queries."""
    return Handover.objects.select_related("incoming_term", "outgoing_term", "outgoing_signed_by", "incoming_signed_by").prefetch_related(
        *parts(),
    )


def handover_of(term: ChairTerm) -> Handover | None:
    """Return the handover to `term`, or None before the term is confirmed."""
    return handovers().filter(incoming_term=term).first()


def has_handover(term: ChairTerm) -> bool:
    """Say whether there is a handover to `term`: from the day on which it is confirmed."""
    return Handover.objects.filter(incoming_term=term).exists()


def handover_in_progress(day: date, grace_days: int) -> Handover | None:
    """Return the handover that is under way on `day`: the next one, or the last within its days of grace."""
    for handover in handovers().filter(incoming_term__last_day__gte=day).order_by("incoming_term__first_day")[:2]:
        if (day - handover.incoming_term.first_day).days <= grace_days:
            return handover
    return None


def side_agencies(handover: Handover, side: str) -> tuple[Agency, ...]:
    """Return the agencies of a side; after a vacancy nobody hands over, and the incoming side answers for both."""
    term = handover.outgoing_term if side == enums.Side.OUTGOING and handover.outgoing_term else handover.incoming_term
    return tuple(chair.agency for chair in term.chairs.all())


def sides(handover: Handover, day: date) -> tuple[Side, Side]:
    """Return the outgoing and the incoming side as they stand on `day`; no query for a handover of these queries."""
    return _side(handover, enums.Side.OUTGOING, day), _side(handover, enums.Side.INCOMING, day)


def _side(handover: Handover, key: enums.Side, day: date) -> Side:
    """Return one side; open items first, by due day."""
    items = [item for item in handover.items.all() if item.side == key]
    late = tuple(item for item in items if item.state == enums.ItemState.OPEN and item.due_day < day)
    return Side(
        key,
        side_agencies(handover, key),
        in_order(items),
        late,
        handover.outgoing_signed_by if key == enums.Side.OUTGOING else handover.incoming_signed_by,
        handover.outgoing_signed_at if key == enums.Side.OUTGOING else handover.incoming_signed_at,
    )


def in_order(items: Sequence[HandoverItem]) -> tuple[HandoverItem, ...]:
    """Return open items by due day, then the settled, the newest first."""
    open_items = sorted((item for item in items if item.settled_at is None), key=lambda item: (item.due_day, item.position))
    settled = sorted((item for item in items if item.settled_at is not None), key=lambda item: str(item.settled_at), reverse=True)
    return (*open_items, *settled)


def items_ahead(agencies: Sequence[Agency], day: date) -> QuerySet[HandoverItem]:
    """Return the items of handovers to a term that runs on `day` or comes, by due day; one query.

    Each says in `ours` whether the agencies are on its side; after a vacancy the incoming side answers for both.
    """
    chairs = TermAgency.objects.filter(agency__in=agencies)
    incoming = Exists(chairs.filter(term=OuterRef("handover__incoming_term")))
    outgoing = Exists(chairs.filter(term=OuterRef("handover__outgoing_term")))
    answers_in = Q(side=enums.Side.INCOMING) | Q(handover__outgoing_term__isnull=True)
    return (
        HandoverItem.objects.filter(handover__incoming_term__last_day__gte=day)
        .annotate(ours=Case(When(answers_in, then=incoming), default=outgoing, output_field=BooleanField()))
        .select_related("handover__incoming_term")
        .order_by("due_day", "position")
    )


def progress_of(items: Iterable[HandoverItem], term: ChairTerm) -> tuple[int, int]:
    """Return how many of the items belong to the handover to `term` and are settled, and how many belong to it. Pure."""
    own = [item for item in items if item.handover.incoming_term_id == term.pk]
    return sum(item.state != enums.ItemState.OPEN for item in own), len(own)
