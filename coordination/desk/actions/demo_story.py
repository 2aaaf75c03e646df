"""The story of the demonstration, as data for its actions."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from coordination.core.history import told_at
from coordination.core.queries import group
from coordination.members.models import Agency, Person
from coordination.rotation.models import ChairTerm
from coordination.rotation.queries import chair

HALF_YEAR = 6  # months
MONTHS_BEFORE = 4  # the chair is in its fifth month


@dataclass
class Story:
    """The story's data and moment, and the people by name."""

    data: Mapping[str, Any]
    at: datetime
    today: date
    administrator: Person
    people: dict[str, Person] = field(default_factory=dict)
    agencies: dict[str, Agency] = field(default_factory=dict)

    @property
    def begun(self) -> datetime:
        """Return when the group began to use the app.

        It is the first day of the term four before the present one.
        """
        first = months_later(self.today.replace(day=1), -MONTHS_BEFORE - 4 * HALF_YEAR)
        return datetime(first.year, first.month, 1, 9, tzinfo=UTC)

    def ago(self, days: int) -> datetime:
        """Return a moment of work so many days before the story's present."""
        return (self.at - timedelta(days=days)).replace(hour=10, minute=0, second=0, microsecond=0)

    def ahead(self, days: int) -> datetime:
        """Return the end of work, so many days after the story's present."""
        return (self.at + timedelta(days=days)).replace(hour=16, minute=0, second=0, microsecond=0)

    def speaker(self, acronym: str) -> Person:
        """Return the first focal point of an agency."""
        return self.people[self.data["people"][acronym][0]]

    def speaker_of(self, term: ChairTerm) -> Person:
        """Return the first focal point of a term's agency."""
        return self.speaker(chair.chairing_agencies(term)[0].acronym)

    def chair_at(self, moment: datetime) -> Person:
        """Return the chairing agency's first focal point."""
        term = chair.term_on(moment.astimezone(group().zone).date())
        assert term, "the story has a chair whenever it needs one"
        return self.speaker_of(term)


def months_later(day: date, months: int) -> date:
    """Return the first day of the month `months` after that of `day`."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(years, month + 1, 1)


@contextmanager
def dated(moment: datetime) -> Iterator[datetime]:
    """Date the changes in this block by a moment of the story."""
    with told_at(moment):
        yield moment
