"""The roles that a person holds for agencies on a day.

Only for agencies that belong to the group that day.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F

from coordination.core.http import HttpRequest, once
from coordination.core.permissions import On, on_page
from coordination.members.enums import MembershipStatus, Role
from coordination.members.models import Agency, Appointment
from coordination.members.queries.periods import running


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role for an agency, with the agency's `standing` that day.

    The agency is a member or an observer.
    """

    agency: Agency
    role: str
    standing: str

    @property
    def is_of_member(self) -> bool:
        """Return whether the agency is a member, not an observer."""
        return self.standing == MembershipStatus.MEMBER


def held_roles(person: Any, day: date) -> tuple[HeldRole, ...]:
    """Return the roles of the person on `day`.

    Ordered by acronym of the agency. One query.
    """
    rows = (
        Appointment.objects.filter(
            running(day), running(day, "agency__memberships__"), person_id=person.pk
        )
        .select_related("agency")
        .annotate(standing=F("agency__memberships__standing"))
        .order_by("agency__acronym", "role")
    )
    return tuple(HeldRole(row.agency, row.role, row.standing) for row in rows)


def roles_of(person: Any, on: On) -> tuple[HeldRole, ...]:
    """Return the roles that permissions are judged by.

    A page loads them once.
    """
    if not person.is_active:
        return ()
    if on.request is None:
        return held_roles(person, on.day)
    return once(on.request, "held roles", person.pk, make=lambda: held_roles(person, on.day))


def of_reader(request: HttpRequest) -> tuple[HeldRole, ...]:
    """Return the roles of a page's reader on its day."""
    return roles_of(request.user, on_page(request))


def acting_agencies(roles: tuple[HeldRole, ...]) -> list[Agency]:
    """Return the member agencies that the holder may act for. Pure.

    Ordered by acronym.
    """
    return list({held.agency.pk: held.agency for held in roles if held.is_of_member}.values())


def focal_point_agencies(roles: tuple[HeldRole, ...]) -> list[Agency]:
    """Return the member agencies with the holder as focal point. Pure."""
    return [held.agency for held in roles if held.is_of_member and held.role == Role.FOCAL_POINT]
