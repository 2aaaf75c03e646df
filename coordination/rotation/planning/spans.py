"""Spans of whole days, and the terms that fill them.

First and last day are inclusive.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from coordination.rotation.planning import months

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class DaySpan:
    """From `first` to `last`, inclusive; `last` is date.max where no end is known."""

    first: date
    last: date = date.max

    def covers(self, other: "DaySpan") -> bool:
        """Return whether every day of `other` lies in this span."""
        return self.first <= other.first and other.last <= self.last

    def overlaps(self, other: "DaySpan") -> bool:
        """Return whether the two spans share a day."""
        return self.first <= other.last and other.first <= self.last

    @property
    def days(self) -> int:
        """Return the number of days."""
        return (self.last - self.first).days + 1


def joined(spans: Iterable[DaySpan]) -> list[DaySpan]:
    """Join spans that overlap or follow at once; sort them."""
    whole: list[DaySpan] = []
    for span in sorted(spans):
        before = whole[-1] if whole else None
        if before and (before.last == date.max or span.first <= before.last + ONE_DAY):
            whole[-1] = DaySpan(before.first, max(before.last, span.last))
        else:
            whole.append(span)
    return whole


def uncovered(within: DaySpan, spans: Iterable[DaySpan]) -> list[DaySpan]:
    """Return the uncovered parts of `within`, in order."""
    parts: list[DaySpan] = []
    free_from = within.first
    for span in joined(span for span in spans if span.overlaps(within)):
        if span.first > free_from:
            parts.append(DaySpan(free_from, span.first - ONE_DAY))
        if span.last >= within.last:
            return parts
        free_from = span.last + ONE_DAY
    return [*parts, DaySpan(free_from, within.last)]


def terms_in(span: DaySpan, length: int) -> Iterator[DaySpan]:
    """Yield terms of `length` months that fill the span.

    The last one is cut at its end. A rest of less than a month is no term.
    """
    first, number = span.first, 0
    while months.after(first, 1) - ONE_DAY <= span.last:
        number += 1
        following = months.after(span.first, number * length)
        yield DaySpan(first, min(following - ONE_DAY, span.last))
        first = following
