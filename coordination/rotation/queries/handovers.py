"""Where a handover stands: its sides, who answers for them, their items, what is late."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import (
    BooleanField,
    Case,
    Exists,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    When,
)

from coordination.core.clock import day_at
from coordination.core.models import Group
from coordination.members.models import Agency, Person
from coordination.rotation import enums
from coordination.rotation.models import ChairTerm, Handover, HandoverItem, TermAgency
from coordination.rotation.queries.chair import chairing_agencies, ended_before, term_before


@dataclass(frozen=True, slots=True)
class Terms:
    """The two terms of a handover, the outgoing None where nobody chaired before.

    `until` is the last day of its team's grace.
    """

    incoming: ChairTerm
    outgoing: ChairTerm | None
    until: date | None

    def answering(self, side: str, day: date) -> ChairTerm:
        """Return the term whose team answers on `day` for a side.

        It settles the items, signs, and is reminded.

        The outgoing team keeps its side for the group's days of grace after its last day. After
        these, and where nobody chaired before, the incoming team answers for both sides, before its
        own first day too: else nobody could after a long vacancy.
        """
        if (
            side == enums.HandoverSide.OUTGOING
            and self.outgoing
            and self.until
            and day <= self.until
        ):
            return self.outgoing
        return self.incoming

    def stands_in(self, side: str, day: date) -> bool:
        """Say whether on `day` the incoming team answers for the outgoing side."""
        return side == enums.HandoverSide.OUTGOING and self.answering(side, day) == self.incoming


@dataclass(frozen=True, slots=True)
class HandoverSideView:
    """One side of a handover on a day.

    Its agencies (none where nobody chaired before), who answers for it, its items, its signature.

    From the day after `terms.until` the incoming team stands in for the outgoing one; `found` are
    the items that it settled so.
    """

    key: enums.HandoverSide
    terms: Terms
    agencies: tuple[Agency, ...]
    answering: tuple[Agency, ...]
    stands_in: bool
    items: tuple[HandoverItem, ...]
    late: tuple[HandoverItem, ...]
    found: tuple[HandoverItem, ...]
    signed_by: Person | None
    signed_at: datetime | None
    signed_as_found: bool

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


@dataclass(frozen=True, slots=True)
class HandoverTeam:
    """Who answers on a day for one side of a handover.

    `left` is the outgoing side where the incoming team stands in for it.
    """

    side: HandoverSideView
    left: HandoverSideView | None = None

    @property
    def open(self) -> int:
        """Return how many items are open with this team."""
        return len(self.side.open) + (len(self.left.open) if self.left else 0)


def handovers() -> QuerySet[Handover]:
    """Return the handovers with their terms, agencies, items and signatures; three queries."""
    return Handover.objects.select_related(
        "incoming_term", "outgoing_signed_by", "incoming_signed_by"
    ).prefetch_related(
        Prefetch("incoming_term__chairs", TermAgency.objects.select_related("agency")),
        Prefetch("items", HandoverItem.objects.select_related("settled_by")),
    )


def handover_of(term: ChairTerm) -> Handover | None:
    """Return the handover to `term`, or None before the term is confirmed."""
    return handovers().filter(incoming_term=term).first()


def has_handover(term: ChairTerm) -> bool:
    """Say whether there is a handover to `term`: from the day on which it is confirmed."""
    return Handover.objects.filter(incoming_term=term).exists()


def handovers_in_progress(day: date, group: Group) -> QuerySet[Handover]:
    """Return the handovers that are under way on `day`, the first first.

    All that come, and those within their days of grace.
    """
    begun_after = day - timedelta(days=group.handover_grace_days)
    return (
        handovers()
        .filter(incoming_term__first_day__gte=begun_after, incoming_term__last_day__gte=day)
        .order_by("incoming_term__first_day")
    )


def outgoing_term(handover: Handover) -> ChairTerm | None:
    """Return the term from which the chair is handed over.

    The last confirmed one, a caretaker's too, that ends before the incoming one.

    It follows from the terms and is stored nowhere. None where nobody chaired before.
    """
    return term_before(handover.incoming_term.first_day)


def terms_of(handover: Handover, group: Group) -> Terms:
    """Return the two terms of a handover with the last day of grace (design.md 4.2).

    Two queries.
    """
    outgoing = outgoing_term(handover)
    until = outgoing.last_day + timedelta(days=group.handover_grace_days) if outgoing else None
    return Terms(handover.incoming_term, outgoing, until)


def sides(handover: Handover, day: date, group: Group) -> tuple[HandoverSideView, HandoverSideView]:
    """Return the outgoing and the incoming side as they stand on `day`.

    Two queries for a handover of these queries.
    """
    terms = terms_of(handover, group)
    return _side(handover, enums.HandoverSide.OUTGOING, terms, day, group), _side(
        handover, enums.HandoverSide.INCOMING, terms, day, group
    )


def _side(
    handover: Handover, key: enums.HandoverSide, terms: Terms, day: date, group: Group
) -> HandoverSideView:
    """Return one side; open items first, by due day."""
    items = [item for item in handover.items.all() if item.side == key]
    outgoing = key == enums.HandoverSide.OUTGOING
    signed_at = handover.outgoing_signed_at if outgoing else handover.incoming_signed_at

    def as_found(at: datetime | None) -> bool:
        return at is not None and terms.stands_in(key, day_at(at, group.zone))

    return HandoverSideView(
        key=key,
        terms=terms,
        agencies=chairing_agencies(own)
        if (own := terms.outgoing if outgoing else terms.incoming)
        else (),
        answering=chairing_agencies(terms.answering(key, day)),
        stands_in=terms.stands_in(key, day),
        items=in_order(items),
        late=tuple(
            item for item in items if item.state == enums.ItemState.OPEN and item.due_day < day
        ),
        found=tuple(item for item in items if as_found(item.settled_at)),
        signed_by=handover.outgoing_signed_by if outgoing else handover.incoming_signed_by,
        signed_at=signed_at,
        signed_as_found=as_found(signed_at),
    )


def teams(handover: Handover, day: date, group: Group) -> tuple[HandoverTeam, ...]:
    """Return who answers on `day`.

    Two teams, or the incoming one alone when it stands in for the outgoing.
    """
    outgoing, incoming = sides(handover, day, group)
    return (
        (HandoverTeam(incoming, outgoing),)
        if outgoing.stands_in
        else (HandoverTeam(outgoing), HandoverTeam(incoming))
    )


def in_order(items: Sequence[HandoverItem]) -> tuple[HandoverItem, ...]:
    """Return open items by due day, then the settled, the newest first."""
    open_items = sorted(
        (item for item in items if item.settled_at is None),
        key=lambda item: (item.due_day, item.position),
    )
    settled = sorted(
        (item for item in items if item.settled_at is not None),
        key=lambda item: str(item.settled_at),
        reverse=True,
    )
    return (*open_items, *settled)


def items_ahead(agencies: Sequence[Agency], day: date, group: Group) -> QuerySet[HandoverItem]:
    """Return the items of handovers to a term that runs on `day` or comes, by due day; one query.

    Each says in `ours` whether the agencies answer for its side on that day: `Terms.answering`, as
    a condition on rows.
    """
    before = ended_before(OuterRef("handover__incoming_term__first_day"))
    chairs = TermAgency.objects.filter(agency__in=agencies)
    incoming, outgoing = (
        Exists(chairs.filter(term=OuterRef(name)))
        for name in ("handover__incoming_term", "outgoing")
    )
    kept = Q(
        side=enums.HandoverSide.OUTGOING,
        outgoing_last_day__gte=day - timedelta(days=group.handover_grace_days),
    )
    return (
        HandoverItem.objects.filter(handover__incoming_term__last_day__gte=day)
        .annotate(
            outgoing=Subquery(before.values("pk")[:1]),
            outgoing_last_day=Subquery(before.values("last_day")[:1]),
        )
        .annotate(
            ours=Case(When(kept, then=outgoing), default=incoming, output_field=BooleanField())
        )
        .select_related("handover__incoming_term")
        .order_by("due_day", "position")
    )


def progress_of(items: Iterable[HandoverItem], term: ChairTerm) -> tuple[int, int]:
    """Return how many items of the handover to `term` are settled, and how many there are. Pure."""
    own = [item for item in items if item.handover.incoming_term_id == term.pk]
    return sum(item.state != enums.ItemState.OPEN for item in own), len(own)
