"""What a plan is made from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from coordination.rotation.planning.spans import DaySpan, joined

Key = int


class EntryRule(StrEnum):
    """Where a newcomer enters the order; `order` describes each."""

    END = "end"
    ALPHABETICAL = "alphabetical"
    BALANCE = "balance"


@dataclass(frozen=True, slots=True)
class PlannedMember:
    """An agency with its memberships.

    `place` is its place where nothing else decides; no two agencies have the same. `names` are its
    names by the day from which each counts, oldest first.
    """

    key: Key
    place: int
    memberships: tuple[DaySpan, ...]
    names: tuple[tuple[date, str], ...] = ()

    def membership_over(self, span: DaySpan) -> DaySpan | None:
        """Return the unbroken membership that covers all of `span`, or None."""
        return next((days for days in joined(self.memberships) if days.covers(span)), None)

    def joined_within(self, span: DaySpan) -> date | None:
        """Return when the last membership within `span` began, or None."""
        memberships = [days for days in joined(self.memberships) if days.overlaps(span)]
        return memberships[-1].first if memberships else None

    def name_on(self, day: date) -> str:
        """Return the name of that day, or the oldest known."""
        names = [name for since, name in self.names if since <= day]
        return names[-1] if names else self.names[0][1] if self.names else ""


@dataclass(frozen=True, slots=True)
class ChairedDays:
    """Days that agencies chair together; terms do not overlap."""

    days: DaySpan
    holders: tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class OpenTerm:
    """A term to plan; `announced` is the agency proposed so far.

    `kept` are agencies that the planner leaves as they are: a joint or a caretaker term.
    """

    days: DaySpan
    announced: Key | None = None
    kept: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True)
class StrategicEvent:
    """Days for which the chair is reserved to these agencies."""

    days: DaySpan
    reserved_for: frozenset[Key]


@dataclass(frozen=True, slots=True)
class Situation:
    """All that decides a plan.

    `chaired` are confirmed terms, past and future. `open_terms` are in order. `unavailable` and
    `declined` are days by agency; `owed` is how many turns an agency is owed. Balances that are
    less than `equal_within` days apart count as equal.
    """

    members: tuple[PlannedMember, ...]
    chaired: tuple[ChairedDays, ...]
    open_terms: tuple[OpenTerm, ...]
    unavailable: tuple[tuple[Key, DaySpan], ...] = ()
    declined: tuple[tuple[Key, DaySpan], ...] = ()
    owed: Mapping[Key, int] = field(default_factory=dict)
    events: tuple[StrategicEvent, ...] = ()
    minimum_months: int = 0
    equal_within: int = 30
    entry: EntryRule = EntryRule.END
