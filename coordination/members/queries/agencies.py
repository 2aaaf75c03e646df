"""Which agencies belong on a day, who speaks for them, and where."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, QuerySet

from coordination.core import zones
from coordination.core.enums import Precision
from coordination.core.models import SourceDisagreement
from coordination.core.periods import Period
from coordination.core.queries import disagreements
from coordination.members.enums import MembershipStatus
from coordination.members.models import Agency, Membership, Representation
from coordination.members.queries.periods import running, sharing_a_day


@dataclass(frozen=True, slots=True)
class AgencySeat:
    """Where an agency sits on a day.

    `commission` is the acronym of the one that speaks for it, if it has several.
    """

    city: str
    zone: ZoneInfo | None
    commission: str = ""
    # the stored name, where `zone` is UTC because this machine does not know it
    unknown_zone: str = ""


@dataclass(frozen=True, slots=True)
class MembershipChange:
    """A day on which the number of members changed.

    `joined` and `left` are acronyms.
    """

    day: date
    precision: str
    members: int
    joined: tuple[str, ...]
    left: tuple[str, ...]


def in_membership(day: date, *standings: MembershipStatus, agency: str = "agency") -> Exists:
    """Return the condition that a row's agency belongs on `day`.

    Without `standings`, as a member or an observer. `agency` is the path to the agency. What an
    agency may do, and whether its people are counted or told, ends with its membership.
    """
    memberships = Membership.objects.filter(running(day), agency=OuterRef(agency))
    return Exists(memberships.filter(standing__in=standings) if standings else memberships)


def _belonging(day: date, *standings: MembershipStatus) -> QuerySet[Agency]:
    return Agency.objects.filter(in_membership(day, *standings, agency="pk")).order_by("acronym")


def members_on(day: date) -> QuerySet[Agency]:
    """Return the member agencies of `day`, by acronym.

    No observers.
    """
    return _belonging(day, MembershipStatus.MEMBER)


def members_of_days(days: Collection[date]) -> dict[date, tuple[Agency, ...]]:
    """Return the member agencies of each day, by acronym.

    One query.
    """
    rows = Membership.objects.filter(standing=MembershipStatus.MEMBER).select_related("agency")
    memberships = list(rows.order_by("agency__acronym", "agency"))
    return {day: tuple(row.agency for row in memberships if row.period.covers(day)) for day in days}


def belonging_on(day: date) -> QuerySet[Agency]:
    """Return the members and observers of `day`, by acronym."""
    return _belonging(day, MembershipStatus.MEMBER, MembershipStatus.OBSERVER)


def is_member_on(agency: Agency, day: date) -> bool:
    """Return whether the agency is a member (not an observer) on `day`."""
    return agency.memberships.filter(running(day), standing=MembershipStatus.MEMBER).exists()


def member_periods(agencies: Iterable[Agency]) -> dict[int, list[Period]]:
    """Return the days on which each of the agencies is a member, by its key; one query."""
    periods: dict[int, list[Period]] = {agency.pk: [] for agency in agencies}
    rows = Membership.objects.filter(standing=MembershipStatus.MEMBER, agency__in=periods)
    for row in rows.order_by("first_day"):
        periods[row.agency_id].append(row.period)
    return periods


def belonging_periods(agency: Agency) -> list[Period]:
    """Return the periods in which the agency is member or observer."""
    rows = Membership.objects.filter(agency_id=agency.pk).order_by("first_day")
    return [row.period for row in rows]


def memberships_in_order() -> QuerySet[Membership]:
    """Return all memberships with their agency, oldest first."""
    return Membership.objects.select_related("agency").order_by("first_day", "agency__acronym")


def membership_changes(memberships: Iterable[Membership]) -> list[MembershipChange]:
    """Return how the number of members changed, oldest first. Pure.

    Observers do not count.
    """
    joined: dict[date, list[Membership]] = {}
    left: dict[date, list[Membership]] = {}
    for membership in memberships:
        if membership.standing != MembershipStatus.MEMBER:
            continue
        joined.setdefault(membership.first_day, []).append(membership)
        if membership.last_day:
            left.setdefault(membership.last_day + timedelta(days=1), []).append(membership)
    changes, count = [], 0
    for day in sorted(joined.keys() | left.keys()):
        arrivals, departures = joined.get(day, []), left.get(day, [])
        count += len(arrivals) - len(departures)
        precisions = [membership.first_precision for membership in arrivals] or [
            membership.last_precision for membership in departures
        ]
        # Precision.values goes from day to year, so the highest index is the least exact.
        roughest = max(precisions, key=Precision.values.index)
        changes.append(
            MembershipChange(day, roughest, count, _acronyms(arrivals), _acronyms(departures))
        )
    return changes


def _acronyms(memberships: list[Membership]) -> tuple[str, ...]:
    return tuple(sorted(m.agency.acronym for m in memberships))


def representation_on(agency: Agency, day: date) -> Representation | None:
    """Return the representation of the agency on `day`, or None."""
    return (
        Representation.objects.filter(running(day), commission__agency=agency)
        .select_related("commission")
        .order_by("-first_day")
        .first()
    )


def zone_and_city(agency: Agency, day: date) -> AgencySeat:
    """Return where the agency sits on `day`.

    Its own seat, else that of the commission that speaks for it.
    """
    return seat_of(agency, None if agency.time_zone else representation_on(agency, day))


def seat_of(agency: Agency, representation: Representation | None) -> AgencySeat:
    """Return where an agency sits, given its representation. Pure."""
    if representation and not agency.time_zone:
        commission = representation.commission
        return AgencySeat(
            commission.city,
            zones.zone_of(commission.time_zone),
            commission.acronym,
            *zones.unknown(commission.time_zone),
        )
    if not agency.time_zone:
        return AgencySeat(agency.city, None)
    return AgencySeat(
        agency.city, zones.zone_of(agency.time_zone), "", *zones.unknown(agency.time_zone)
    )


def disagreements_about(agency: Agency) -> QuerySet[SourceDisagreement]:
    """Return where sources disagree about the agency's membership."""
    return disagreements("membership").filter(about__contains=agency.acronym)


def overlapping_memberships(agency: Agency, period: Period) -> QuerySet[Membership]:
    """Return the agency's memberships that share a day with `period`."""
    return agency.memberships.filter(sharing_a_day(period))


def overlapping_representations(agency: Agency, period: Period) -> QuerySet[Representation]:
    """Return the agency's representations that share a day with `period`."""
    return Representation.objects.filter(
        sharing_a_day(period), commission__agency=agency
    ).select_related("commission")
