"""Copies of mails for the alternates of people who are away."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from coordination.core import queries as core_queries
from coordination.core.clock import day_at
from coordination.core.due import Due
from coordination.members.models import Absence
from coordination.members.queries import absences

# Their links are the person's own, or open an account. Focal points get their own of each meeting.
NOT_COPIED = {
    "meetings.cancelled",
    "meetings.coming",
    "meetings.invited",
    "meetings.moved",
    "meetings.poll",
    "meetings.series",
    "members.address_changed",
    "members.factor_reset",
    "members.invitation",
    "members.roster_check",
}


class Copies:
    """The copies of what is due as of `at` (UTC).

    A mail is copied that becomes due on a day on which its person is away. One query when first
    asked, and one for the zone of the group if it is not given.
    """

    def __init__(self, at: datetime, zone: ZoneInfo | None = None) -> None:
        self.at = at
        self._zone = zone

    @cached_property
    def zone(self) -> ZoneInfo:
        """Return the group's zone, in which days begin."""
        return self._zone or core_queries.group().zone

    @cached_property
    def absences(self) -> dict[int, list[Absence]]:
        """Return the absences that have an alternate, by key of the person."""
        by_person: dict[int, list[Absence]] = defaultdict(list)
        for row in absences.with_alternate(day_at(self.at, self.zone)):
            by_person[row.person_id].append(row)
        return by_person

    def added_to(self, items: Iterable[Due]) -> Iterable[Due]:
        """Return what is due, with copies for alternates.

        An alternate who gets the same mail anyway gets no copy.
        """
        found = list(items)
        if not found or not self.absences:
            return found
        occasions = {(item.kind, item.subject, item.stage, item.person_id) for item in found}
        copies = []
        for copy in (copy for item in found for copy in self.of(item)):
            occasion = (copy.kind, copy.subject, copy.stage, copy.person_id)
            if occasion not in occasions:
                occasions.add(occasion)
                copies.append(copy)
        return found + copies

    def of(self, item: Due) -> Iterator[Due]:
        """Yield the copy of one mail if its person is away.

        The day is that on which the mail becomes due.
        """
        if item.kind in NOT_COPIED or item.address:
            return
        day = day_at(item.at, self.zone)
        for absence in self.absences.get(item.person_id, ()):
            if absence.alternate_id and absence.period.covers(day):
                yield replace(
                    item,
                    person_id=absence.alternate_id,
                    part=f"{item.part} for {item.person_id}".strip(),
                    context={**item.context, "behalf": absence},
                )
