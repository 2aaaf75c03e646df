"""The roster of any day: agencies with people, seat and flag.

The number of queries does not grow with the data.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from coordination.core.models import Group
from coordination.members.enums import MembershipStatus, Role
from coordination.members.models import Agency, Appointment, Membership, Representation
from coordination.members.queries.agencies import AgencySeat, seat_of
from coordination.members.queries.flags import Flag, flag_of
from coordination.members.queries.periods import running


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """One agency on a day."""

    agency: Agency
    membership: Membership
    place: AgencySeat
    focal_points: tuple[Appointment, ...]
    principals: tuple[Appointment, ...]
    offices: tuple[Appointment, ...]
    flag: Flag | None


@dataclass(frozen=True, slots=True)
class AgencyRecord:
    """All records of one agency, and its state on a day.

    Heads and former people come newest first.
    """

    agency: Agency
    memberships: tuple[Membership, ...]
    representations: tuple[Representation, ...]
    place: AgencySeat
    now: tuple[Appointment, ...]
    heads: tuple[Appointment, ...]
    former: tuple[Appointment, ...]
    ahead: tuple[Appointment, ...]
    standing: str
    flag: Flag | None
    with_role: dict[str, tuple[Appointment, ...]] = field(default_factory=dict)


def roster(
    day: date, group: Group, *, text: str = "", with_places: bool = True
) -> list[RosterEntry]:
    """Return the agencies that belong on `day`, by acronym, with their people.

    Three queries; one less for a page that shows no places, which then tell nothing of commissions.
    `text` limits them to those whose acronym, name or city contains it.
    """
    memberships = (
        Membership.objects.filter(running(day)).select_related("agency").order_by("agency__acronym")
    )
    if text:
        memberships = memberships.filter(
            Q(agency__acronym__icontains=text)
            | Q(agency__name__icontains=text)
            | Q(agency__city__icontains=text),
        )
    representations = _representation_by_agency(day) if with_places else {}
    people = _appointments_by_agency(day)
    return [
        _entry(
            membership,
            people.get(membership.agency_id, []),
            representations.get(membership.agency_id),
            day,
            group,
        )
        for membership in memberships
    ]


def _representation_by_agency(day: date) -> dict[int, Representation]:
    representations = (
        Representation.objects.filter(running(day))
        .select_related("commission")
        .order_by("first_day")
    )
    # of two in one agency the later one stands, as the last assignment wins
    return {row.commission.agency_id: row for row in representations}


def _appointments_by_agency(day: date) -> dict[int, list[Appointment]]:
    """Return the appointments of `day` and later, by agency.

    The flag needs the later ones.
    """
    by_agency: dict[int, list[Appointment]] = defaultdict(list)
    not_ended = Q(last_day__isnull=True) | Q(last_day__gte=day)
    for appointment in (
        Appointment.objects.filter(not_ended)
        .select_related("person")
        .order_by("first_day", "person__name")
    ):
        by_agency[appointment.agency_id].append(appointment)
    return by_agency


def _entry(
    membership: Membership,
    people: Sequence[Appointment],
    representation: Representation | None,
    day: date,
    group: Group,
) -> RosterEntry:
    current = [row for row in people if row.period.covers(day) and row.person.is_active]
    return RosterEntry(
        agency=membership.agency,
        membership=membership,
        place=seat_of(membership.agency, representation),
        focal_points=_with_role(current, Role.FOCAL_POINT),
        principals=_with_role(current, Role.PRINCIPAL),
        offices=_with_role(current, Role.OFFICE),
        flag=flag_of(people, day, group)
        if membership.standing == MembershipStatus.MEMBER
        else None,
    )


def _with_role(appointments: Iterable[Appointment], role: Role) -> tuple[Appointment, ...]:
    return tuple(row for row in appointments if row.role == role)


def agency_record(slug: str, day: date, group: Group) -> AgencyRecord | None:
    """Return all records of the agency with that slug, judged on `day`.

    None where there is no such agency. Two queries, one more where commissions speak for it, and
    one more where it never belonged.
    """
    memberships = tuple(
        Membership.objects.filter(agency__slug=slug).select_related("agency").order_by("first_day")
    )
    agency = memberships[0].agency if memberships else Agency.objects.filter(slug=slug).first()
    if agency is None:
        return None
    appointments = list(
        agency.appointments.select_related("person").order_by("first_day", "person__name")
    )
    representations = (
        ()
        if agency.time_zone
        else tuple(
            Representation.objects.filter(commission__agency=agency)
            .select_related("commission")
            .order_by("first_day"),
        )
    )
    speaking = [row for row in representations if row.period.covers(day)]
    standings = [row.standing for row in memberships if row.period.covers(day)]
    standing = (
        MembershipStatus.MEMBER
        if MembershipStatus.MEMBER in standings
        else next(iter(standings), "")
    )
    now = tuple(row for row in appointments if row.period.covers(day))
    staff = [row for row in appointments if row.role != Role.PRINCIPAL]
    return AgencyRecord(
        agency=agency,
        memberships=memberships,
        representations=representations,
        place=seat_of(agency, speaking[-1] if speaking else None),
        now=now,
        heads=_with_role(reversed(appointments), Role.PRINCIPAL),
        former=tuple(row for row in reversed(staff) if row.last_day and row.last_day < day),
        ahead=tuple(row for row in staff if row.first_day > day),
        standing=standing,
        flag=flag_of(appointments, day, group) if standing == MembershipStatus.MEMBER else None,
        with_role={role: _with_role(now, role) for role in Role},
    )
