"""Who is written to, each once."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from coordination.core.due import Due
from coordination.core.queries import day_in_group
from coordination.members.enums import Role
from coordination.members.models import Agency, Appointment
from coordination.members.queries import recipients

People = dict[int, list[Appointment]]


def people_of(agencies: Iterable[Agency], moment: datetime, *roles: Role) -> People:
    """Return who is in office for the agencies at `moment` and can be reached, by agency."""
    return recipients.appointments_by_agency(agencies, day_in_group(moment), *roles)


def to_each(people: Iterable[Appointment], **fields: Any) -> Iterator[Due]:
    """Yield the mail to each person once, with the agency for which they get it."""
    context: Mapping[str, object] = fields.pop("context")
    for appointment in recipients.once_per_person(people):
        yield Due(
            person_id=appointment.person_id,
            context={**context, "agency": appointment.agency},
            **fields,
        )


def to_each_for_agency(people: Iterable[Appointment], **fields: Any) -> Iterator[Due]:
    """Yield the mail to each person once for each of their agencies.

    For mails whose words name the agency.
    """
    by_agency: dict[int, list[Appointment]] = {}
    for appointment in people:
        by_agency.setdefault(appointment.agency_id, []).append(appointment)
    for pk, appointments in by_agency.items():
        yield from to_each(appointments, part=f"agency {pk}", **fields)
