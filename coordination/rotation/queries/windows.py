"""Choose the days that the timeline shows.

Readers choose between zooms. Pure.
"""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils import dateformat
from django.utils.translation import gettext as _

from coordination.core.periods import Period

YEARS_AHEAD, DECADE_BACK, LONGEST = 3, 6, 60
MONTHS_BESIDE = 3  # shown before and after the days of a term
MOST_MONTHS = 48
MONTHS = 12
FIRST_YEAR, LAST_YEAR = 1990, 2150  # that can be drawn
# how many years or months stand side by side on a wide page
WIDEST_ROW, MONTHS_IN_ROW, FEW = 8, 6, 3


@dataclass(frozen=True, slots=True)
class Window:
    """The days shown, both inclusive: whole years, or whole months."""

    first: date
    last: date
    by_month: bool = False

    @property
    def name(self) -> str:
        """Return "2009", "2006 to 2029" or "April 2026 to March 2027"."""
        shape = "F Y" if self.by_month else "Y"
        first, last = dateformat.format(self.first, shape), dateformat.format(self.last, shape)
        if first == last:
            return first
        return _("%(first)s to %(last)s") % {"first": first, "last": last}

    @property
    def columns(self) -> int:
        """Return how many parts stand side by side on a wide page."""
        if self.by_month:
            return MONTHS_IN_ROW
        years = self.last.year - self.first.year + 1
        if years <= FEW:
            return years
        # a decade fills two rows, and not one and a bit
        rows = -(-years // WIDEST_ROW)
        return -(-years // rows)

    def parts(self) -> Iterator[tuple[str, Period]]:
        """Yield the years, or the months, with their names."""
        if not self.by_month:
            for year in range(self.first.year, self.last.year + 1):
                yield str(year), Period(date(year, 1, 1), date(year, 12, 31))
            return
        for month in range(month_number(self.first), month_number(self.last) + 1):
            period = month_of(month)
            yield dateformat.format(period.first, "M Y"), period


def month_number(day: date) -> int:
    """Return the months since the year 0."""
    return day.year * MONTHS + day.month - 1


def month_of(number: int) -> Period:
    """Return the days of a month, counted as in `month_number`."""
    year, month = divmod(number, MONTHS)
    last = calendar.monthrange(year, month + 1)[1]
    return Period(date(year, month + 1, 1), date(year, month + 1, last))


def years(first: int, last: int) -> Window:
    """Return the window of whole years; at most 60, each is drawn."""
    last = min(max(first, last), first + LONGEST, LAST_YEAR)
    return Window(date(first, 1, 1), date(last, 12, 31))


def decade(day: date) -> Window:
    """Return the window of the ten years around `day`."""
    return years(day.year - DECADE_BACK, day.year + YEARS_AHEAD)


def three_years(day: date) -> Window:
    """Return the window of the previous, this and the next year."""
    return years(day.year - 1, day.year + 1)


def months_around(first: date, last: date) -> Window:
    """Return the window of a term with some months around it."""
    begins = month_number(first) - MONTHS_BESIDE
    ends = min(month_number(last) + MONTHS_BESIDE, begins + MOST_MONTHS - 1)
    end = month_of(ends).last
    assert end
    return Window(month_of(begins).first, end, by_month=True)


def year_from(text: str) -> int | None:
    """Return a four-digit year that can be drawn, or None."""
    has_four_digits = len(text) == len("2026") and text.isascii() and text.isdigit()
    year = int(text) if has_four_digits else 0
    return year if FIRST_YEAR <= year <= LAST_YEAR else None


@dataclass(frozen=True, slots=True)
class Zoom:
    """A zoom of the timeline: its address, and whether it is current."""

    label: str
    query: str
    is_current: bool
