"""The recipients of mails about statements."""

from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from coordination.core.due import Due
from coordination.core.queries import day_in_group
from coordination.members.enums import Role
from coordination.members.models import Agency, Appointment
from coordination.members.queries import recipients

People = dict[int, list[Appointment]]


def appointments_of(agencies: Iterable[Agency], moment: datetime, *roles: Role) -> People:
    """Return the agencies' mail recipients, by agency key."""
    return recipients.appointments_by_agency(agencies, day_in_group(moment), *roles)


def of_agencies(people: People, keys: Container[int]) -> list[Appointment]:
    """Return the appointments of these agencies in one list.

    `keys` are those of the agencies.
    """
    return [
        appointment
        for key, appointments in people.items()
        if key in keys
        for appointment in appointments
    ]


def one_per_person(people: Iterable[Appointment], **fields: Any) -> Iterator[Due]:
    """Yield one mail per person, for one agency."""
    context: Mapping[str, object] = fields.pop("context")
    for appointment in recipients.once_per_person(people):
        yield Due(
            person_id=appointment.person_id,
            context={**context, "agency": appointment.agency},
            **fields,
        )


def one_per_person_and_agency(people: Iterable[Appointment], **fields: Any) -> Iterator[Due]:
    """Yield one mail per person and agency, as it names the agency."""
    by_agency: dict[int, list[Appointment]] = {}
    for appointment in people:
        by_agency.setdefault(appointment.agency_id, []).append(appointment)
    for pk, appointments in by_agency.items():
        # `part` tells the mails to one person for several agencies apart
        yield from one_per_person(appointments, part=f"agency {pk}", **fields)
