"""Terms and vacancies over any range."""

from datetime import date

from django.db.models import QuerySet

from coordination.core.periods import Period, gaps
from coordination.rotation.enums import TermState
from coordination.rotation.models import ChairTerm


def standing() -> QuerySet[ChairTerm]:
    """Return the terms that hold days: proposed, confirmed, caretaker; not the withdrawn."""
    return ChairTerm.objects.exclude(state=TermState.WITHDRAWN).prefetch_related("chairs__agency")


def terms_in_order() -> QuerySet[ChairTerm]:
    """Return the terms that hold days, the oldest first."""
    return standing().order_by("first_day")


def overlapping(period: Period, *, other_than: int | None = None) -> QuerySet[ChairTerm]:
    """Return the terms that share a day with `period`, but for the one with that key."""
    return standing().filter(first_day__lte=period.last, last_day__gte=period.first).exclude(pk=other_than)


def vacancies(first: date, last: date) -> list[Period]:
    """Return the stretches of first..last (inclusive) that no confirmed term covers."""
    rows = ChairTerm.objects.filter(state=TermState.CONFIRMED, last_day__gte=first, first_day__lte=last)
    return gaps((Period(*days) for days in rows.values_list("first_day", "last_day")), first, last)
