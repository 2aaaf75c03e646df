"""Months counted from an anchor."""

import calendar
from datetime import date

MONTHS_IN_YEAR = 12


def after(anchor: date, months: int) -> date:
    """Return the day `months` after `anchor`, within a shorter month.

    Count from one anchor and never from a result: 31 August is 28 February after 6 months, and 31
    August after 12.
    """
    years, month = divmod(anchor.year * MONTHS_IN_YEAR + anchor.month - 1 + months, MONTHS_IN_YEAR)
    longest = calendar.monthrange(years, month + 1)[1]
    return date(years, month + 1, min(anchor.day, longest))


def between(earlier: date, later: date) -> int:
    """Return the number of whole months between two days.

    `earlier` is not after `later`.
    """
    months = (later.year - earlier.year) * MONTHS_IN_YEAR + later.month - earlier.month
    return months if after(earlier, months) <= later else months - 1
