"""The story of the demonstration while it is told."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from coordination.core.history import told_at
from coordination.core.queries import group
from coordination.members.models import Agency, Person
from coordination.rotation import queries as terms


@dataclass
class Story:
    """The story while it is told: its data, its moment, and the people by name and agency."""

    data: Mapping[str, Any]
    at: datetime
    today: date
    administrator: Person
    people: dict[str, Person] = field(default_factory=dict)
    agencies: dict[str, Agency] = field(default_factory=dict)

    def ago(self, **span: float) -> datetime:
        """Return a moment before the present of the story, on the full hour."""
        return (self.at - timedelta(**span)).replace(minute=0, second=0, microsecond=0)

    def speaker(self, acronym: str) -> Person:
        """Return the first focal point of an agency."""
        return self.people[self.data["people"][acronym][0]]

    def chair_at(self, moment: datetime) -> Person:
        """Return the first focal point of the agency that chairs at a moment."""
        term = terms.term_on(moment.astimezone(group().zone).date())
        assert term, "the story has a chair whenever it needs one"
        return self.speaker(terms.chairing_agencies(term)[0].acronym)


def months_later(day: date, months: int) -> date:
    """Return the first of the month that many months after `day`'s month."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(years, month + 1, 1)


@contextmanager
def at_moment(moment: datetime) -> Iterator[datetime]:
    """Date the changes in this block by a moment of the story."""
    with told_at(moment):
        yield moment
