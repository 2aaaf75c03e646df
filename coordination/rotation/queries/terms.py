"""Terms and vacancies over any range."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, QuerySet

from coordination.core.periods import ONE_DAY, Period, gaps
from coordination.rotation.enums import TermKind, TermState
from coordination.rotation.models import ChairTerm, TermAgency


@dataclass(frozen=True, slots=True)
class TermWords:
    """What a proposal says: its days (both inclusive), its kind and its theme."""

    first_day: date
    last_day: date
    kind: str = TermKind.TERM
    theme: str = ""

    @property
    def period(self) -> Period:
        """Return the days."""
        return Period(self.first_day, self.last_day)


@dataclass(frozen=True, slots=True)
class Vacancy:
    """Days that no confirmed term covers, from `first_day` to `last_day`.

    None where no term is on record on that side.

    `shown` are those of them that were asked for.
    """

    first_day: date | None
    last_day: date | None
    shown: Period


def standing() -> QuerySet[ChairTerm]:
    """Return the terms that hold days: proposed, confirmed, caretaker; not the withdrawn."""
    return ChairTerm.objects.exclude(state=TermState.WITHDRAWN).prefetch_related(
        Prefetch("chairs", TermAgency.objects.select_related("agency"))
    )


def terms_in_order() -> QuerySet[ChairTerm]:
    """Return the terms that hold days, the oldest first."""
    return standing().order_by("first_day")


def first_year() -> int | None:
    """Return the year in which the first term on record begins; None without any."""
    first = standing().order_by("first_day").values_list("first_day", flat=True).first()
    return first.year if first else None


def overlapping(period: Period, *, other_than: int | None = None) -> QuerySet[ChairTerm]:
    """Return the terms that share a day with `period`, except the term `other_than`, in order."""
    found = (
        standing()
        .filter(first_day__lte=period.last, last_day__gte=period.first)
        .order_by("first_day")
    )
    return found if other_than is None else found.exclude(pk=other_than)


def vacancies(terms: Iterable[ChairTerm], first: date, last: date) -> list[Vacancy]:
    """Return the parts of first..last that no confirmed term covers, in order. Pure.

    Both days are inclusive.
    """
    taken = [term.period for term in terms if term.state == TermState.CONFIRMED]
    return [vacancy(taken, gap) for gap in gaps(taken, first, last)]


def vacancy(taken: Sequence[Period], within: Period) -> Vacancy:
    """Return the whole vacancy around `within`, given the confirmed terms' periods. Pure."""
    assert within.last
    before = [period.last for period in taken if period.last and period.last < within.first]
    after = [period.first for period in taken if period.first > within.last]
    return Vacancy(
        max(before) + ONE_DAY if before else None, min(after) - ONE_DAY if after else None, within
    )
