"""The state of a handover: its sides, their items, who answers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import (
    BooleanField,
    Case,
    Exists,
    Max,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Least

from coordination.core.clock import day_at
from coordination.core.models import Group
from coordination.core.periods import ONE_DAY, Period
from coordination.members.enums import MembershipStatus
from coordination.members.models import Agency, Membership, Person
from coordination.members.queries.agencies import in_membership
from coordination.rotation import enums
from coordination.rotation.models import (
    ChairTerm,
    ChecklistTemplateItem,
    Handover,
    HandoverItem,
    TermAgency,
)
from coordination.rotation.queries.chair import (
    chairing_agencies,
    ended_before,
    same_chair,
    term_before,
)
from coordination.rotation.queries.confirmed_terms import ConfirmedTerms


@dataclass(frozen=True, slots=True)
class Terms:
    """The two terms of a handover.

    `outgoing` is None where nobody chaired before. `until` is the last day of its team's grace.
    """

    incoming: ChairTerm
    outgoing: ChairTerm | None
    until: date | None

    def answering(self, side: str, day: date) -> ChairTerm:
        """Return the term whose team answers on `day` for a side.

        That team settles the items, signs, and is reminded. The outgoing team keeps its side for
        the group's days of grace after its last day. After these, and where nobody chaired before,
        the incoming team answers for both sides. It does so before its own first day too: after a
        long vacancy nobody else could.
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
        """Return whether the incoming team answers for the outgoing side."""
        return side == enums.HandoverSide.OUTGOING and self.answering(side, day) == self.incoming


@dataclass(frozen=True, slots=True)
class HandoverSideView:
    """One side of a handover on a day.

    `agencies` is empty where nobody chaired before. From the day after `terms.until` the incoming
    team stands in for the outgoing one. `settled_by_stand_in` are the items that it settled so.
    """

    key: enums.HandoverSide
    terms: Terms
    agencies: tuple[Agency, ...]
    answering: tuple[Agency, ...]
    stands_in: bool
    items: tuple[HandoverItem, ...]
    late: tuple[HandoverItem, ...]
    settled_by_stand_in: tuple[HandoverItem, ...]
    signed_by: Person | None
    signed_at: datetime | None
    signed_by_stand_in: bool

    @property
    def settled(self) -> int:
        """Return how many items are settled."""
        return sum(item.state != enums.ItemState.OPEN for item in self.items)

    @property
    def total(self) -> int:
        """Return the number of items."""
        return len(self.items)

    @property
    def open(self) -> tuple[HandoverItem, ...]:
        """Return the open items."""
        return tuple(item for item in self.items if item.state == enums.ItemState.OPEN)


@dataclass(frozen=True, slots=True)
class HandoverTeam:
    """A team that answers for a side on a day.

    `outgoing` is the outgoing side where the incoming team stands in for it.
    """

    side: HandoverSideView
    outgoing: HandoverSideView | None = None

    @property
    def open(self) -> int:
        """Return the number of open items of this team."""
        return len(self.side.open) + (len(self.outgoing.open) if self.outgoing else 0)


def with_items() -> QuerySet[Handover]:
    """Return the handovers with their incoming term, items and signatures; two queries."""
    return Handover.objects.select_related(
        "incoming_term", "outgoing_signed_by", "incoming_signed_by"
    ).prefetch_related(Prefetch("items", HandoverItem.objects.select_related("settled_by")))


def handovers() -> QuerySet[Handover]:
    """Return the handovers with terms, items and signatures; three queries."""
    return with_items().prefetch_related(
        Prefetch("incoming_term__chairs", TermAgency.objects.select_related("agency"))
    )


def handover_of(term: ChairTerm) -> Handover | None:
    """Return the handover to `term`; None before it is confirmed."""
    return handovers().filter(incoming_term=term).first()


def has_handover(term: ChairTerm) -> bool:
    """Return whether there is a handover to `term` that is not set aside."""
    return Handover.objects.filter(incoming_term=term, set_aside_at__isnull=True).exists()


def handovers_in_progress(day: date, group: Group) -> QuerySet[Handover]:
    """Return the handovers in progress on `day`, the next first.

    They are all that come, and those within their days of grace.
    """
    earliest = day - timedelta(days=group.handover_grace_days)
    return (
        handovers()
        .filter(
            set_aside_at__isnull=True,
            incoming_term__first_day__gte=earliest,
            incoming_term__last_day__gte=day,
        )
        .order_by("incoming_term__first_day")
    )


def confirmation(term: ChairTerm, confirmed: ConfirmedTerms) -> dict[str, object]:
    """Return what confirming `term` does with handovers; one query.

    `before` is the confirmed term before it. `goes_on` says whether the same agencies chair in it
    or in the next one. `gap` has the days before the term without a confirmed chair, or None.
    `first_due` is the first due day of the checklist.
    """
    before, following = confirmed.before(term.first_day), confirmed.after(term.last_day)
    goes_on = bool(before and same_chair(before, term))
    items = ChecklistTemplateItem.objects.filter(active=True).order_by()
    offsets = list(items.values_list("due_offset_days", flat=True))
    gap = None
    if before and before.last_day + ONE_DAY < term.first_day:
        gap = Period(before.last_day + ONE_DAY, term.first_day - ONE_DAY)
    return {
        "before": before,
        "gap": gap,
        "goes_on": goes_on,
        "moves_from": following if following and same_chair(following, term) else None,
        "items": len(offsets),
        "first_due": term.first_day + timedelta(days=min(offsets)) if offsets else None,
    }


def outgoing_term(handover: Handover) -> ChairTerm | None:
    """Return the outgoing term of a handover, or None.

    It is the last confirmed term that ends before the incoming one, a caretaker's too. It is stored
    nowhere.
    """
    return term_before(handover.incoming_term.first_day)


def terms_of(handover: Handover, group: Group, confirmed: ConfirmedTerms | None = None) -> Terms:
    """Return a handover's two terms, with the last grace day.

    Three queries, one where the confirmed terms are loaded. Grace: design.md 4.2.
    """
    incoming = handover.incoming_term
    if confirmed is None:
        outgoing = outgoing_term(handover)
    else:
        outgoing = confirmed.before(incoming.first_day)
        # with its agencies; a term that was withdrawn is not among the confirmed ones
        incoming = confirmed.with_slug(incoming.slug) or incoming
    if outgoing is None:
        return Terms(incoming, None, None)
    grace = timedelta(days=group.handover_grace_days)
    return Terms(incoming, outgoing, grace_ends(outgoing, grace))


def grace_ends(term: ChairTerm, grace: timedelta) -> date | None:
    """Return a team's last day to answer after its term.

    The grace ends with the membership of its agencies that had not left a joint chair. None where
    none of them was a member in the term.
    """
    agencies = chairing_agencies(term)
    left = {row.agency_id for row in term.chairs.all() if row.last_day}
    until = term.last_day + grace
    member_until = (
        Membership.objects.filter(
            standing=MembershipStatus.MEMBER,
            agency__in=[agency.pk for agency in agencies if agency.pk not in left],
            first_day__lte=until,
        )
        .annotate(until=Least(Coalesce("last_day", Value(until)), Value(until)))
        .filter(until__gte=term.first_day)
        .aggregate(last=Max("until"))["last"]
    )
    last: date | None = member_until
    return last


def sides(
    handover: Handover, day: date, group: Group, confirmed: ConfirmedTerms | None = None
) -> tuple[HandoverSideView, HandoverSideView]:
    """Return the outgoing and the incoming side on `day`.

    Three queries for a handover from `handovers()`; one for `with_items()` where the confirmed
    terms are loaded.
    """
    terms = terms_of(handover, group, confirmed)
    return _side(handover, enums.HandoverSide.OUTGOING, terms, day, group), _side(
        handover, enums.HandoverSide.INCOMING, terms, day, group
    )


def _side(
    handover: Handover, key: enums.HandoverSide, terms: Terms, day: date, group: Group
) -> HandoverSideView:
    """Return one side; open items first, by due day."""
    items = [item for item in handover.items.all() if item.side == key]
    is_outgoing = key == enums.HandoverSide.OUTGOING
    signed_at = handover.outgoing_signed_at if is_outgoing else handover.incoming_signed_at

    # judged by the day of the act: today another team may answer
    def by_stand_in(at: datetime | None) -> bool:
        return at is not None and terms.stands_in(key, day_at(at, group.zone))

    return HandoverSideView(
        key=key,
        terms=terms,
        agencies=chairing_agencies(term)
        if (term := terms.outgoing if is_outgoing else terms.incoming)
        else (),
        answering=chairing_agencies(terms.answering(key, day)),
        stands_in=terms.stands_in(key, day),
        items=in_order(items),
        late=tuple(
            item for item in items if item.state == enums.ItemState.OPEN and item.due_day < day
        ),
        settled_by_stand_in=tuple(item for item in items if by_stand_in(item.settled_at)),
        signed_by=handover.outgoing_signed_by if is_outgoing else handover.incoming_signed_by,
        signed_at=signed_at,
        signed_by_stand_in=by_stand_in(signed_at),
    )


def teams(handover: Handover, day: date, group: Group) -> tuple[HandoverTeam, ...]:
    """Return the teams that answer on `day`.

    Two, or the incoming one alone when it stands in for the outgoing one.
    """
    outgoing, incoming = sides(handover, day, group)
    return (
        (HandoverTeam(incoming, outgoing),)
        if outgoing.stands_in
        else (HandoverTeam(outgoing), HandoverTeam(incoming))
    )


def in_order(items: Sequence[HandoverItem]) -> tuple[HandoverItem, ...]:
    """Return open items by due day, then settled ones, newest first."""
    open_items = sorted(
        (item for item in items if item.settled_at is None),
        key=lambda item: (item.due_day, item.position),
    )
    settled = sorted(
        (item for item in items if item.settled_at is not None),
        # All are UTC, so their text sorts by time.
        key=lambda item: str(item.settled_at),
        reverse=True,
    )
    return (*open_items, *settled)


def items_ahead(agencies: Sequence[Agency], day: date, group: Group) -> QuerySet[HandoverItem]:
    """Return the items of handovers to a present or coming term.

    By due day; one query. `ours` tells whether the agencies answer for the item's side on that day:
    it is `Terms.answering` as SQL.
    """
    # The outgoing term is not stored, so a subquery finds it for each row.
    before = ended_before(OuterRef("handover__incoming_term__first_day"))
    # who left a joint chair and came back as a member does not answer for it
    present = TermAgency.objects.filter(
        Q(last_day=None) | Q(last_day__gte=day), in_membership(day, MembershipStatus.MEMBER)
    )
    chairs = present.filter(agency__in=agencies)
    # The grace of an outgoing team ends with its membership: `grace_ends` as SQL.
    outgoing_is_member = Exists(present.filter(term=OuterRef("outgoing")))
    incoming, outgoing = (
        Exists(chairs.filter(term=OuterRef(name)))
        for name in ("handover__incoming_term", "outgoing")
    )
    outgoing_answers = Q(
        outgoing_is_member=True,
        side=enums.HandoverSide.OUTGOING,
        outgoing_last_day__gte=day - timedelta(days=group.handover_grace_days),
    )
    return (
        HandoverItem.objects.filter(
            handover__set_aside_at__isnull=True, handover__incoming_term__last_day__gte=day
        )
        .annotate(
            outgoing=Subquery(before.values("pk")[:1]),
            outgoing_last_day=Subquery(before.values("last_day")[:1]),
        )
        .annotate(outgoing_is_member=outgoing_is_member)
        .annotate(
            ours=Case(
                When(outgoing_answers, then=outgoing), default=incoming, output_field=BooleanField()
            )
        )
        .select_related("handover__incoming_term")
        .order_by("due_day", "position")
    )


def progress_of(items: Iterable[HandoverItem], term: ChairTerm) -> tuple[int, int]:
    """Return (settled, all) items of the handover to `term`. Pure."""
    of_term = [item for item in items if item.handover.incoming_term_id == term.pk]
    return sum(item.state != enums.ItemState.OPEN for item in of_term), len(of_term)
