"""Conditions on periods, for every query of the domain."""

from datetime import date

from django.db.models import Q

from coordination.core.periods import Period


def running(day: date, prefix: str = "") -> Q:
    """Return the condition that a period covers `day`.

    `prefix` is the path to the period, such as "memberships__".
    """
    has_begun = Q(**{f"{prefix}first_day__lte": day})
    return has_begun & (
        Q(**{f"{prefix}last_day__isnull": True}) | Q(**{f"{prefix}last_day__gte": day})
    )


def sharing_a_day(period: Period) -> Q:
    """Return the condition that a period overlaps `period`."""
    not_ended = Q(last_day__isnull=True) | Q(last_day__gte=period.first)
    return not_ended if period.last is None else not_ended & Q(first_day__lte=period.last)
