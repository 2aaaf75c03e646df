"""Who is reminded of what is late."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from coordination.core import due
from coordination.core.due import LateReminder
from coordination.core.models import Group
from coordination.members.enums import Role
from coordination.members.models import Agency, Appointment, Person
from coordination.members.queries import recipients
from coordination.members.queries.agencies import belonging_on
from coordination.rotation.queries import chair


@dataclass(frozen=True, slots=True)
class LateReaders:
    """The reachable people who may be reminded of something late on a day.

    `present` are the keys of the agencies that belong to the group that day, `chairing` those that
    chair.
    """

    present: frozenset[int] = frozenset()
    chairing: tuple[Agency, ...] = ()
    appointments: dict[int, list[Appointment]] = field(default_factory=dict)

    def have_left(self, owners: Sequence[Agency]) -> bool:
        """Return whether none of the owners belongs to the group any more."""
        return not any(agency.pk in self.present for agency in owners)

    def people(self, agencies: Sequence[Agency], role: Role) -> dict[int, Person]:
        """Return the people with a role for the agencies, by primary key."""
        return {
            appointment.person_id: appointment.person
            for agency in agencies
            for appointment in self.appointments.get(agency.pk, ())
            if appointment.role == role
        }

    def reminders(
        self, owners: Sequence[Agency], due_day: date, group: Group, at: datetime
    ) -> Iterator[tuple[Person, LateReminder]]:
        """Yield whom to remind of what the owners owe since `due_day`, each once.

        At first these are their focal points; of owners that left the group, the chair's team. The
        monthly reminders go to the owners' offices and the chair's team; without any of these they
        stay with the first.
        """
        team = self.people(self.chairing, Role.FOCAL_POINT)
        first = team if self.have_left(owners) else self.people(owners, Role.FOCAL_POINT)
        monthly = self.people(owners, Role.OFFICE) | team or first
        for pk, person in sorted((first | monthly).items()):
            reminder = due.late_reminder(due_day, person.zone or group.zone, at)
            if reminder and pk in (monthly if reminder.monthly else first):
                yield person, reminder


def late_readers(owners: Sequence[Agency], day: date) -> LateReaders:
    """Return who may be reminded on `day`; four queries, none without owners."""
    if not owners:
        return LateReaders()
    chairing = chair.agencies_on(day)
    present = frozenset(belonging_on(day).values_list("pk", flat=True))
    agencies = {agency.pk for agency in (*owners, *chairing)}
    appointments = recipients.appointments_by_agency(agencies, day, Role.FOCAL_POINT, Role.OFFICE)
    return LateReaders(present, chairing, appointments)
