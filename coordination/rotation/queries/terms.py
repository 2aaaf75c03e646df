"""Terms and vacancies over any range of days."""

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, QuerySet

from coordination.core.models import Group
from coordination.core.periods import ONE_DAY, Period, gaps
from coordination.rotation.enums import TermState
from coordination.rotation.models import ChairTerm, TermAgency
from coordination.rotation.queries.chair import Sitting


@dataclass(frozen=True, slots=True)
class Vacancy:
    """Days on which nobody chairs, both inclusive.

    A day is None where nobody chairs on record on that side. `shown` is the part that was asked
    for.
    """

    first_day: date | None
    last_day: date | None
    shown: Period


def terms_holding_days() -> QuerySet[ChairTerm]:
    """Return all terms but the withdrawn ones, with their agencies."""
    return ChairTerm.objects.exclude(state=TermState.WITHDRAWN).prefetch_related(
        Prefetch("chairs", TermAgency.objects.select_related("agency"))
    )


def terms_in_order() -> QuerySet[ChairTerm]:
    """Return the terms that are not withdrawn, oldest first."""
    return terms_holding_days().order_by("first_day")


def first_year() -> int | None:
    """Return the year of the first term on record, or None."""
    first = terms_holding_days().order_by("first_day").values_list("first_day", flat=True).first()
    return first.year if first else None


def usual_days_ahead(day: date, group: Group) -> tuple[date, date]:
    """Return the first and last day of the next term, as they usually are in the group.

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


def vacancies(sittings: Iterable[Sitting], first: date, last: date) -> list[Vacancy]:
    """Return the parts of first..last on which nobody chairs. Pure.

    Both days are inclusive. In order.
    """
    taken = [sitting.period for sitting in sittings]
    return [vacancy(taken, gap) for gap in gaps(taken, first, last)]


def vacancy(taken: Sequence[Period], within: Period) -> Vacancy:
    """Return the whole vacancy around `within`. Pure.

    `taken` are the periods in which somebody chairs.
    """
    # gaps() of two given days always ends.
    assert within.last
    before = [period.last for period in taken if period.last and period.last < within.first]
    after = [period.first for period in taken if period.first > within.last]
    return Vacancy(
        max(before) + ONE_DAY if before else None, min(after) - ONE_DAY if after else None, within
    )
