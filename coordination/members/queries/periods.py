"""Conditions on periods, for every query of the domain."""

from datetime import date

from django.db.models import Q

from coordination.core.periods import Period


def running(day: date, prefix: str = "") -> Q:
    """Return the condition of a period that covers `day`.

    `prefix` is the path to it, such as "memberships__".
    """
    begun = Q(**{f"{prefix}first_day__lte": day})
    return begun & (Q(**{f"{prefix}last_day__isnull": True}) | Q(**{f"{prefix}last_day__gte": day}))


def sharing_a_day(period: Period) -> Q:
    """Return the condition of a period that overlaps `period`."""
    not_over = Q(last_day__isnull=True) | Q(last_day__gte=period.first)
    return not_over if period.last is None else not_over & Q(first_day__lte=period.last)
