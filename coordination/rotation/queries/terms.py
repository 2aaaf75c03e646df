"""Terms and vacancies over any range."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, QuerySet

from coordination.core.periods import Period, gaps
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


def standing() -> QuerySet[ChairTerm]:
    """Return the terms that hold days: proposed, confirmed, caretaker; not the withdrawn."""
    return ChairTerm.objects.exclude(state=TermState.WITHDRAWN).prefetch_related(
        Prefetch("chairs", TermAgency.objects.select_related("agency"))
    )


def terms_in_order() -> QuerySet[ChairTerm]:
    """Return the terms that hold days, the oldest first."""
    return standing().order_by("first_day")


def overlapping(period: Period, *, other_than: int | None = None) -> QuerySet[ChairTerm]:
    """Return the terms that share a day with `period`, but for the one with that key, the first first."""
    found = standing().filter(first_day__lte=period.last, last_day__gte=period.first).order_by("first_day")
    return found if other_than is None else found.exclude(pk=other_than)


def vacancies(first: date, last: date) -> list[Period]:
    """Return the stretches of first..last (inclusive) that no confirmed term covers."""
    rows = ChairTerm.objects.filter(state=TermState.CONFIRMED, last_day__gte=first, first_day__lte=last)
    return gaps((Period(*days) for days in rows.values_list("first_day", "last_day")), first, last)
