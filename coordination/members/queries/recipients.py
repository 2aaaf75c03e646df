"""Who can get mail: the one home of that condition."""

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Q, QuerySet

from coordination.members.enums import Role
from coordination.members.models import Agency, Appointment, Person
from coordination.members.queries import periods
from coordination.members.queries.agencies import in_membership


def can_be_reached(person: Person) -> bool:
    """Return whether a person has an open account with an address."""
    return person.is_active and bool(person.email)


def reachable(prefix: str = "") -> Q:
    """Return the condition `can_be_reached` for a query.

    `prefix` is the path to the person, such as "person__".
    """
    # email > "" leaves out NULL and "" in one condition.
    return Q(**{f"{prefix}is_active": True, f"{prefix}email__gt": ""})


def reachable_people(people: Collection[int]) -> dict[int, Person]:
    """Return the reachable ones of these people, by primary key."""
    return Person.objects.filter(reachable()).in_bulk(people)


def reachable_appointments(
    agencies: Iterable[Agency | int], day: date, *roles: Role
) -> QuerySet[Appointment]:
    """Return the reachable people in office on `day`, by agency.

    Only of agencies that belong to the group that day.
    """
    rows = Appointment.objects.filter(
        in_membership(day),
        periods.running(day),
        reachable("person__"),
        agency__in=list(agencies),
        role__in=roles,
    )
    return rows.select_related("person", "agency").order_by("agency__acronym", "pk")


def appointments_by_agency(
    agencies: Iterable[Agency | int], day: date, *roles: Role
) -> dict[int, list[Appointment]]:
    """Return `reachable_appointments` by primary key of the agency."""
    by_agency: dict[int, list[Appointment]] = {}
    for appointment in reachable_appointments(agencies, day, *roles):
        by_agency.setdefault(appointment.agency_id, []).append(appointment)
    return by_agency


def once_per_person(appointments: Iterable[Appointment]) -> list[Appointment]:
    """Return the first appointment of each person."""
    first: dict[int, Appointment] = {}
    for appointment in appointments:
        first.setdefault(appointment.person_id, appointment)
    return list(first.values())
