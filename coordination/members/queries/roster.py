"""The roster as of any day: each agency with its people, its place and its flag.

A constant number of queries.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from coordination.core.models import Group
from coordination.members.enums import MembershipStatus, Role
from coordination.members.models import Agency, Appointment, Membership, Representation
from coordination.members.queries.agencies import AgencySeat, place
from coordination.members.queries.flags import Flag, flag_of
from coordination.members.queries.periods import running


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """One agency as it stands on a day."""

    agency: Agency
    membership: Membership
    place: AgencySeat
    focal_points: tuple[Appointment, ...]
    principals: tuple[Appointment, ...]
    offices: tuple[Appointment, ...]
    flag: Flag | None


@dataclass(frozen=True, slots=True)
class AgencyRecord:
    """All that is on record about one agency, and how it stands on a day.

    Heads and former people newest first.
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


def roster(day: date, group: Group, *, text: str = "") -> list[RosterEntry]:
    """Return the agencies that belong on `day`, by acronym, each with its people; three queries.

    `text` keeps those whose acronym, name or city contains it.
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
    representations = _by_agency(day)
    people = _people(day)
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


def _by_agency(day: date) -> dict[int, Representation]:
    found = (
        Representation.objects.filter(running(day))
        .select_related("commission")
        .order_by("first_day")
    )
    return {representation.commission.agency_id: representation for representation in found}


def _people(day: date) -> dict[int, list[Appointment]]:
    """Return the appointments that run on `day` or begin after it, by agency.

    The flag needs those ahead.
    """
    found: dict[int, list[Appointment]] = defaultdict(list)
    not_over = Q(last_day__isnull=True) | Q(last_day__gte=day)
    for appointment in (
        Appointment.objects.filter(not_over)
        .select_related("person")
        .order_by("first_day", "person__name")
    ):
        found[appointment.agency_id].append(appointment)
    return found


def _entry(
    membership: Membership,
    people: Sequence[Appointment],
    representation: Representation | None,
    day: date,
    group: Group,
) -> RosterEntry:
    now = [a for a in people if a.period.covers(day)]
    return RosterEntry(
        agency=membership.agency,
        membership=membership,
        place=place(membership.agency, representation),
        focal_points=_with_role(now, Role.FOCAL_POINT),
        principals=_with_role(now, Role.PRINCIPAL),
        offices=_with_role(now, Role.OFFICE),
        flag=flag_of(people, day, group)
        if membership.standing == MembershipStatus.MEMBER
        else None,
    )


def _with_role(appointments: Iterable[Appointment], role: Role) -> tuple[Appointment, ...]:
    return tuple(a for a in appointments if a.role == role)


def agency_record(slug: str, day: date, group: Group) -> AgencyRecord | None:
    """Return all that is on record about the agency of that address, judged on `day`.

    None where there is none.

    Two queries; one more where commissions speak for it, or where it never belonged.
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
    speaking = [r for r in representations if r.period.covers(day)]
    standings = [m.standing for m in memberships if m.period.covers(day)]
    standing = (
        MembershipStatus.MEMBER
        if MembershipStatus.MEMBER in standings
        else next(iter(standings), "")
    )
    now = tuple(a for a in appointments if a.period.covers(day))
    staff = [a for a in appointments if a.role != Role.PRINCIPAL]
    return AgencyRecord(
        agency=agency,
        memberships=memberships,
        representations=representations,
        place=place(agency, speaking[-1] if speaking else None),
        now=now,
        heads=_with_role(reversed(appointments), Role.PRINCIPAL),
        former=tuple(a for a in reversed(staff) if a.last_day and a.last_day < day),
        ahead=tuple(a for a in staff if a.first_day > day),
        standing=standing,
        flag=flag_of(appointments, day, group) if standing == MembershipStatus.MEMBER else None,
        with_role={role: _with_role(now, role) for role in Role},
    )
