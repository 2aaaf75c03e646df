"""Load the schedule as data for JSON and the calendar feed.

It has every day once, as `chair.chair_on` answers, and every term of any state.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from django.urls import reverse

from coordination.core import queries as core_queries
from coordination.core.models import Group
from coordination.members.models import Agency, Membership
from coordination.rotation.enums import TermState
from coordination.rotation.models import ChairTerm, TermAgency
from coordination.rotation.queries import chair
from coordination.rotation.queries.chair import Stretch, chairing_agencies

# raised when a field of the JSON changes its meaning or goes away
SCHEMA = 1
Absolute = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Schedule:
    """Who chairs on each day, and all terms, both in order.

    Terms of every state. `changed_at` (UTC) is the last change on record of terms, memberships,
    agencies and the group. `term_changes` counts changes of terms, `seat_changes` those of who
    sits in one: of memberships and of the agencies of terms.
    """

    stretches: tuple[Stretch, ...]
    terms: tuple[ChairTerm, ...]
    changed_at: datetime
    term_changes: int
    seat_changes: int

    @property
    def changes(self) -> int:
        """Return a number that rises with each change of who chairs."""
        return self.term_changes + self.seat_changes

    def read_in(self, year: int) -> "Schedule":
        """Return the schedule with the beginning of a year as a change.

        A feed says more from the first day of each year on.
        """
        begins = datetime(year, 1, 1, tzinfo=UTC)
        return replace(self, changed_at=max(self.changed_at, begins))


def schedule() -> Schedule:
    """Return the whole schedule; six queries, however long it is."""
    terms = tuple(chair.every_term().order_by("first_day", "pk"))
    confirmed = [term.first_day for term in terms if term.state == TermState.CONFIRMED]
    every = chair.stretches(chair.sittings(), min(confirmed, default=None))
    return Schedule(
        tuple(every),
        terms,
        core_queries.newest_change(ChairTerm, TermAgency, Membership, Agency, Group),
        ChairTerm.history.count(),
        TermAgency.history.count() + Membership.history.count(),
    )


def as_data(schedule: Schedule, group: Group, absolute: Absolute) -> dict[str, object]:
    """Return the schedule for JSON, as docs/develop/schedule.md says it. Pure."""
    return {
        "schema": SCHEMA,
        "group": {"name": group.name, "acronym": group.acronym, "time_zone": group.time_zone},
        "days": [
            {
                "first_day": day_or_none(stretch.first_day),
                "last_day": day_or_none(stretch.last_day),
                "state": stretch.state,
                "agencies": acronyms(stretch.sitting.agencies) if stretch.sitting else [],
                "term": stretch.sitting.term.slug if stretch.sitting else None,
            }
            for stretch in schedule.stretches
        ],
        "terms": [
            {
                "term": term.slug,
                "first_day": term.first_day.isoformat(),
                "first_day_known_by": term.first_precision,
                "last_day": term.last_day.isoformat(),
                "last_day_known_by": term.last_precision,
                "kind": term.kind,
                "state": term.state,
                "agencies": [
                    {"acronym": agency.acronym, "name": agency.name}
                    for agency in chairing_agencies(term)
                ],
                "theme": term.theme,
                "sources": term.sources,
                "version": term.version,
                "url": absolute(reverse("rotation:term", args=[term.slug])),
            }
            for term in schedule.terms
        ],
    }


def day_or_none(day: date | None) -> str | None:
    """Return "2026-07-01", or None."""
    return day.isoformat() if day else None


def acronyms(agencies: Iterable[Agency]) -> list[str]:
    """Return the agencies' acronyms."""
    return [agency.acronym for agency in agencies]
