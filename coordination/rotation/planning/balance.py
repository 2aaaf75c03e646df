"""What each agency has carried, set against an equal share.

The balance of an agency is the sum, over the days of its membership that anyone chaired, of 1/(the
members of that day), less the days that it chaired, a joint day as 1/(those who chaired). An agency
that has carried less than its share has a positive balance. All balances add up to 0.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction

from coordination.rotation.planning.situation import ChairedDays, Key, PlannedMember
from coordination.rotation.planning.spans import ONE_DAY, DaySpan, joined


def balances(
    members: Iterable[PlannedMember], chaired: Iterable[ChairedDays], through: date = date.max
) -> dict[Key, Fraction]:
    """Return the agencies' balances in days through `through`.

    That day included.
    """
    everyone = tuple(members)
    # Days by denominator, summed as integers: fractions are added once for each denominator.
    shares: dict[Key, Counter[int]] = {member.key: Counter() for member in everyone}
    carried: dict[Key, Counter[int]] = {member.key: Counter() for member in everyone}
    for days, present, holders in equal_days(everyone, chaired, through):
        for key in present:
            shares[key][len(present)] += days
        for key in holders:
            carried[key][len(holders)] += days
    return {key: total(shares[key]) - total(carried[key]) for key in shares}


def total(days: Counter[int]) -> Fraction:
    """Return the sum of days by denominator."""
    return sum((Fraction(count, parts) for parts, count in days.items()), Fraction(0))


def equal_days(
    members: tuple[PlannedMember, ...], chaired: Iterable[ChairedDays], through: date
) -> Iterator[tuple[int, frozenset[Key], frozenset[Key]]]:
    """Yield (number of days, members, chairing agencies) of equal days.

    Each run of days that are alike. Days on which nobody chairs are left out; only a member
    chairs.
    """
    spans = [(member.key, days) for member in members for days in joined(member.memberships)]
    begins = sorted(
        {days.first for _, days in spans}
        | {days.last + ONE_DAY for _, days in spans if days.last < date.max}
    )
    # the members are the same from one of these days to the day before the next
    present_from = [
        frozenset(key for key, days in spans if days.first <= begin <= days.last)
        for begin in begins
    ]
    for term in chaired:
        first, last = term.days.first, min(term.days.last, through)
        # only the stretches that share a day with the term
        for at in range(max(bisect_right(begins, first) - 1, 0), bisect_right(begins, last)):
            ends = begins[at + 1] - ONE_DAY if at + 1 < len(begins) else date.max
            holders = present_from[at].intersection(term.holders)
            part = DaySpan(max(first, begins[at]), min(last, ends))
            if holders and part.days > 0:
                yield part.days, present_from[at], holders


def days_chaired(key: Key, chaired: Iterable[ChairedDays]) -> list[DaySpan]:
    """Return an agency's chaired days in order.

    Alone or jointly.
    """
    return joined(term.days for term in chaired if key in term.holders)
