"""Who reads the answers to our mails: the chair's team.

A higher app says which agencies chair on a day: `rotation` knows the terms.
"""

from collections.abc import Callable, Sequence
from datetime import date
from itertools import islice

from coordination.members.enums import Role
from coordination.members.models import Agency
from coordination.members.queries import recipients

# Takes a day; returns the agencies that chair on it, none in a vacancy.
ChairingAgencies = Callable[[date], Sequence[Agency]]
_chairing: list[ChairingAgencies] = []
# the full teams of two joint chairs, and some more
MOST_READERS = 10


def register(find: ChairingAgencies) -> None:
    """Register the query for who chairs.

    A later call replaces an earlier one.
    """
    _chairing[:] = [find]


def readers_of_answers(day: date) -> list[tuple[str, str]]:
    """Return the names and addresses of the chair's reachable focal points.

    At most MOST_READERS: each mail carries them in a header. Empty while nobody chairs. Two
    queries, one in a vacancy.
    """
    agencies = [agency for find in _chairing for agency in find(day)]
    if not agencies:
        return []
    appointments = recipients.reachable_appointments(agencies, day, Role.FOCAL_POINT)
    # each person has one appointment by agency: so many rows hold enough people
    enough = appointments[: MOST_READERS * len(agencies)]
    return [
        (str(appointment.person), appointment.person.email or "")
        for appointment in islice(recipients.once_per_person(enough), MOST_READERS)
    ]
