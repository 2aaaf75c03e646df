"""Vacancies ahead, and the turns after them."""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from coordination.core import queries
from coordination.core.models import Group
from coordination.core.periods import ONE_DAY, Period, gaps
from coordination.rotation.enums import (
    OperationKind,
    OperationState,
    SelectionState,
    TermKind,
    TermState,
)
from coordination.rotation.models import ChairTerm, OperationTerm, Selection, TermOperation
from coordination.rotation.planning import months
from coordination.rotation.queries import chair, selections
from coordination.rotation.queries.chair import Sitting

DAYS = ("first_day", "last_day")


@dataclass(frozen=True, slots=True)
class VacancyRemedies:
    """A vacancy from today on, and what may be done about it.

    `acknowledged` is the decision to leave the chair vacant, while it holds. `selection` is the one
    that runs for its first day, or None. `later` are the confirmed turns after it, in order.
    `before` is the term that ends the day before it, or None.
    """

    period: Period
    acknowledged: TermOperation | None
    later: Sequence[ChairTerm]
    before: ChairTerm | None
    selection: Selection | None


def vacancies_ahead(
    today: date,
    sittings: Sequence[Sitting] | None = None,
    group: Group | None = None,
    taken_back: Sequence[Period] | None = None,
) -> list[Period]:
    """Return the vacancies from `today` on, in order; three queries.

    One query less for each that is loaded: the sittings, the group, and the days of the turns that
    were taken back.

    Where a turn was taken back, its days are a vacancy of their own. After the last turn on
    record, one that was taken back included, the days of one term of the usual length are vacant.
    """
    sittings = chair.sittings() if sittings is None else sittings
    seated = [sitting.period for sitting in sittings]
    open_turns = taken_back
    if open_turns is None:
        open_turns = [Period(*days) for days in turns_taken_back().values_list(*DAYS)]
    last = max((period.last for period in (*seated, *open_turns) if period.last), default=None)
    if last is None:
        return []
    begins = max(today, last + ONE_DAY)
    usual = (group or queries.group()).term_months
    return [
        part
        for gap in (gaps(seated, today, last) if today <= last else ())
        for part in cut(gap, [day for turn in open_turns for day in (turn.first, after(turn))])
    ] + [Period(begins, months.after(begins, usual) - ONE_DAY)]


def turns_taken_back() -> QuerySet[ChairTerm]:
    """Return the terms that were confirmed and then withdrawn by an operation."""
    return ChairTerm.objects.filter(is_taken_back())


def is_taken_back() -> Q:
    """Return the condition that a term was confirmed and then withdrawn by an operation."""
    decided = OperationTerm.objects.filter(
        term=OuterRef("pk"), operation__state=OperationState.DECIDED
    )
    return Q(Exists(decided), state=TermState.WITHDRAWN)


def terms_and_turns_taken_back() -> tuple[list[ChairTerm], list[Period]]:
    """Return the terms that are not withdrawn, oldest first, and the days of turns taken back.

    Two queries.
    """
    terms = chair.every_term().filter(~Q(state=TermState.WITHDRAWN) | is_taken_back())
    every = list(terms.order_by("first_day"))
    return (
        [term for term in every if term.state != TermState.WITHDRAWN],
        [term.period for term in every if term.state == TermState.WITHDRAWN],
    )


def after(period: Period) -> date:
    """Return the day after a period that ends."""
    assert period.last
    return period.last + ONE_DAY


def cut(gap: Period, days: Iterable[date]) -> list[Period]:
    """Split a period before each of `days` that lies in it.

    The period has an end. Pure.
    """
    begins = sorted({gap.first, *(day for day in days if gap.covers(day))})
    return [
        Period(first, following - ONE_DAY)
        for first, following in itertools.pairwise([*begins, after(gap)])
    ]


def vacancy_covering(
    day: date,
    today: date,
    group: Group | None = None,
    sittings: Sequence[Sitting] | None = None,
) -> Period | None:
    """Return the vacancy from `today` on that covers `day`, or None; queries as above."""
    ahead = vacancies_ahead(today, sittings, group)
    return next((gap for gap in ahead if gap.covers(day)), None)


def turns_after(vacancy: Period) -> list[ChairTerm]:
    """Return the confirmed turns after a vacancy, without caretakers, in order; three queries."""
    terms = chair.confirmed().filter(first_day__gt=vacancy.last, kind=TermKind.TERM)
    return list(terms.order_by("first_day"))


def acknowledged_on(vacancy: Period, day: date) -> TermOperation | None:
    """Return the decision to leave a vacancy that still holds on `day`."""
    decisions = TermOperation.objects.filter(
        kind=OperationKind.LEAVE_VACANT,
        state=OperationState.DECIDED,
        lapses_on__gte=max(day, vacancy.first),
        lapses_on__lte=vacancy.last,
    )
    return decisions.order_by("-decided_at").first()


def remedies(vacancy: Period, day: date) -> VacancyRemedies:
    """Return a vacancy with its possible remedies.

    At most seven queries.
    """
    before = chair.confirmed().filter(last_day=vacancy.first - ONE_DAY).first()
    first_day = Period(vacancy.first, vacancy.first)
    to_fill = selections.terms_on_the_way(first_day, SelectionState.RUNNING).first()
    return VacancyRemedies(
        vacancy,
        acknowledged_on(vacancy, day),
        turns_after(vacancy),
        before,
        to_fill.selection if to_fill else None,
    )
