"""Terms over any range of days."""

import calendar
from datetime import date

from django.db.models import Prefetch, QuerySet

from coordination.core.models import Group
from coordination.core.periods import ONE_DAY, Period
from coordination.rotation.enums import TermState
from coordination.rotation.models import ChairTerm, TermAgency


def terms_holding_days() -> QuerySet[ChairTerm]:
    """Return all terms but the withdrawn ones, with their agencies."""
    return ChairTerm.objects.exclude(state=TermState.WITHDRAWN).prefetch_related(
        Prefetch("chairs", TermAgency.objects.select_related("agency"))
    )


def terms_in_order() -> QuerySet[ChairTerm]:
    """Return the terms that are not withdrawn, oldest first."""
    return terms_holding_days().order_by("first_day")


def usual_days_ahead(day: date, group: Group) -> tuple[date, date]:
    """Return the usual first and last day of the next term.

    It begins on the day after the last term that is not withdrawn, or today if that is over.
    """
    last = terms_holding_days().order_by("-last_day").values_list("last_day", flat=True).first()
    first = max(day, last + ONE_DAY) if last else day
    years, month = divmod(first.year * 12 + first.month - 1 + group.term_months, 12)
    longest = calendar.monthrange(years, month + 1)[1]
    return first, date(years, month + 1, min(first.day, longest)) - ONE_DAY


def overlapping(period: Period, *, other_than: int | None = None) -> QuerySet[ChairTerm]:
    """Return the confirmed terms that share a day with `period`, in order.

    Proposals may overlap anything. The term with the key `other_than` is left out.
    """
    terms = (
        terms_holding_days()
        .filter(state=TermState.CONFIRMED, first_day__lte=period.last, last_day__gte=period.first)
        .order_by("first_day")
    )
    return terms if other_than is None else terms.exclude(pk=other_than)
