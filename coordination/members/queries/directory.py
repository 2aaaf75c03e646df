"""The directory of the people in office on a day."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from coordination.members.models import Appointment
from coordination.members.queries.agencies import AgencySeat
from coordination.members.queries.roster import RosterEntry
from coordination.searchkit import words


@dataclass(frozen=True, slots=True)
class DirectoryLine:
    """One appointment, with where its agency sits."""

    appointment: Appointment
    place: AgencySeat

    def contains(self, text: str) -> bool:
        """Return whether name, title, address or agency contain `text`, without accents."""
        row = self.appointment
        written = (row.person.name, row.title, row.person.email or "", row.agency.acronym)
        return any(words.fold(text) in words.fold(each) for each in written)


@dataclass(frozen=True, slots=True)
class DirectoryFilter:
    """What a directory is limited to.

    "" is everything. `agency` is a slug, `role` a value of Role.
    """

    agency: str = ""
    role: str = ""
    city: str = ""
    text: str = ""


def lines(entries: Iterable[RosterEntry]) -> Iterator[DirectoryLine]:
    """Yield the people of a roster, principals first. Pure.

    Grouped by agency; focal points follow the principals.
    """
    for entry in entries:
        for appointment in (*entry.principals, *entry.focal_points, *entry.offices):
            # the roster has loaded the agency once for all its people
            appointment.agency = entry.agency
            yield DirectoryLine(appointment, entry.place)


def chosen(everybody: Iterable[DirectoryLine], wanted: DirectoryFilter) -> list[DirectoryLine]:
    """Return the lines that a filter leaves. Pure."""
    return [
        line
        for line in everybody
        if wanted.agency in {"", line.appointment.agency.slug}
        and wanted.role in {"", line.appointment.role}
        and wanted.city in {"", line.place.city}
        and line.contains(wanted.text)
    ]
