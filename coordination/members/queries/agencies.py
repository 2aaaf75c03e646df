"""Which agencies belong on a day, who speaks for them, and where they sit."""

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
    """Where an agency sits on a day, and the commission that speaks for it, if it has several."""

    city: str
    zone: ZoneInfo | None
    commission: str = ""
    # the stored name, where `zone` is UTC because this machine does not know it
    unknown_zone: str = ""


@dataclass(frozen=True, slots=True)
class MembershipChange:
    """A day on which the number of members changed, with the agencies that joined or left."""

    day: date
    precision: str
    members: int
    joined: tuple[str, ...]
    left: tuple[str, ...]


def _belonging(day: date, *standings: MembershipStatus) -> QuerySet[Agency]:
    memberships = Membership.objects.filter(
        running(day), agency=OuterRef("pk"), standing__in=standings
    )
    return Agency.objects.filter(Exists(memberships)).order_by("acronym")


def members_on(day: date) -> QuerySet[Agency]:
    """Return the member agencies of `day`, by acronym; observers are not among them."""
    return _belonging(day, MembershipStatus.MEMBER)


def members_by_day(days: Collection[date]) -> dict[date, frozenset[int]]:
    """Return the keys of the member agencies of each of the days; one query."""
    periods = list(
        Membership.objects.filter(standing=MembershipStatus.MEMBER).values_list(
            "agency_id", "first_day", "last_day"
        )
    )
    return {
        day: frozenset(
            key for key, first, last in periods if first <= day and (last is None or day <= last)
        )
        for day in days
    }


def belonging_on(day: date) -> QuerySet[Agency]:
    """Return the agencies that belong on `day`, as members or as observers."""
    return _belonging(day, MembershipStatus.MEMBER, MembershipStatus.OBSERVER)


def is_member_on(agency: Agency, day: date) -> bool:
    """Say whether the agency is a member (not an observer) on `day`."""
    return agency.memberships.filter(running(day), standing=MembershipStatus.MEMBER).exists()


def memberships_in_order() -> QuerySet[Membership]:
    """Return every membership with its agency, the oldest first."""
    return Membership.objects.select_related("agency").order_by("first_day", "agency__acronym")


def member_steps(memberships: Iterable[Membership]) -> list[MembershipChange]:
    """Return how the number of members changed, oldest first; observers do not count. Pure."""
    joined: dict[date, list[Membership]] = {}
    left: dict[date, list[Membership]] = {}
    for membership in memberships:
        if membership.standing != MembershipStatus.MEMBER:
            continue
        joined.setdefault(membership.first_day, []).append(membership)
        if membership.last_day:
            left.setdefault(membership.last_day + timedelta(days=1), []).append(membership)
    steps, count = [], 0
    for day in sorted(joined.keys() | left.keys()):
        came, went = joined.get(day, []), left.get(day, [])
        count += len(came) - len(went)
        precisions = [m.first_precision for m in came] or [m.last_precision for m in went]
        roughest = max(precisions, key=Precision.values.index)
        steps.append(MembershipChange(day, roughest, count, _acronyms(came), _acronyms(went)))
    return steps


def _acronyms(memberships: list[Membership]) -> tuple[str, ...]:
    return tuple(sorted(m.agency.acronym for m in memberships))


def representation_on(agency: Agency, day: date) -> Representation | None:
    """Return which commission speaks for the agency on `day`, or None."""
    return (
        Representation.objects.filter(running(day), commission__agency=agency)
        .select_related("commission")
        .order_by("-first_day")
        .first()
    )


def zone_and_city(agency: Agency, day: date) -> AgencySeat:
    """Return where the agency sits on `day`.

    Its own city, else that of the commission that speaks for it.
    """
    return place(agency, None if agency.time_zone else representation_on(agency, day))


def place(agency: Agency, representation: Representation | None) -> AgencySeat:
    """Return where an agency sits, given the representation of the day. Pure."""
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
    """Return where sources disagree about the agency's membership: those that name it."""
    return disagreements("membership").filter(about__contains=agency.acronym)


def overlapping_memberships(agency: Agency, period: Period) -> QuerySet[Membership]:
    """Return the agency's memberships that share a day with `period`."""
    return agency.memberships.filter(sharing_a_day(period))


def overlapping_representations(agency: Agency, period: Period) -> QuerySet[Representation]:
    """Return the representations of the agency that share a day with `period`."""
    return Representation.objects.filter(
        sharing_a_day(period), commission__agency=agency
    ).select_related("commission")
