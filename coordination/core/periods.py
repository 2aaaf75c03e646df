"""Periods of whole days, first and last inclusive. Pure: no database."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)
# Records hold no day outside these; acts are closer to today (see core.actions.refuse_far_day).
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 12, 31)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """From `first` to `last`, inclusive.

    `last` None means it still runs.
    """

    first: date
    last: date | None = None

    def covers(self, day: date) -> bool:
        """Return whether `day` lies in the period."""
        return self.first <= day and (self.last is None or day <= self.last)

    def overlaps(self, other: "Period") -> bool:
        """Return whether the two periods share a day."""
        return (other.last is None or self.first <= other.last) and (
            self.last is None or other.first <= self.last
        )

    @property
    def days(self) -> int:
        """Return the number of days of a period that has ended.

        Raises ValueError for one that still runs.
        """
        if self.last is None:
            message = "an open period has no number of days"
            raise ValueError(message)
        return (self.last - self.first).days + 1


def gaps(periods: Iterable[Period], first: date, last: date) -> list[Period]:
    """Return the parts of first..last (inclusive) that no period covers, in order."""
    uncovered = []
    free_from = first
    for period in sorted(periods):
        if period.first > last or free_from > last:
            break
        if period.first > free_from:
            uncovered.append(Period(free_from, period.first - ONE_DAY))
        if period.last is None:
            return uncovered
        # A period inside an earlier one must not move the mark back.
        free_from = max(free_from, period.last + ONE_DAY)
    if free_from <= last:
        uncovered.append(Period(free_from, last))
    return uncovered
