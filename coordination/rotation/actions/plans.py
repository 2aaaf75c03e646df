"""Work out the effect of an operation without writing it.

The page of an operation shows the result, `operations` writes it. Each function takes terms as they
are saved, and raises the error of what makes the operation impossible.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils.translation import gettext as _

from coordination.core.formatting import plain_day
from coordination.core.periods import ONE_DAY, Period
from coordination.core.queries import day_in_group
from coordination.members.models import Agency
from coordination.rotation.actions import terms
from coordination.rotation.actions.terms import TermProposal
from coordination.rotation.enums import OperationKind, TermKind, TermState
from coordination.rotation.errors import (
    DayOutside,
    NoNeighbour,
    NothingChanges,
    NoVacancy,
    TermIsOver,
    TermNotConfirmed,
    TermsOverlap,
)
from coordination.rotation.models import ChairTerm
from coordination.rotation.queries import chair, vacancies
from coordination.rotation.queries import terms as terms_queries
from coordination.rotation.queries.operations import PlannedOperation, TermAfter


def as_is(term: ChairTerm) -> TermAfter:
    """Return the term as it is."""
    agencies = chair.chairing_agencies(term)
    return TermAfter(term, term.period, agencies, term.kind, term.state, term.theme)


def refuse_over(term: ChairTerm, *, at: datetime) -> None:
    """Raise TermNotConfirmed or TermIsOver for a closed term.

    TermIsOver is for a term whose last day is past.
    """
    if term.state != TermState.CONFIRMED:
        raise TermNotConfirmed(_("Only a confirmed term can be changed so."))
    if term.last_day < day_in_group(at):
        raise TermIsOver(_("This term is over. What the record says of it is corrected instead."))


def refuse_begun(term: ChairTerm, *, at: datetime) -> None:
    """Raise TermIsOver for a term that has begun.

    Such a term can only be cut.
    """
    refuse_over(term, at=at)
    if term.first_day <= day_in_group(at):
        raise TermIsOver(
            _("This term has begun. It can be handed back early, and its past days stay.")
        )


def planned(
    kind: OperationKind, *rows: TermAfter, at: datetime, owed: tuple[Agency, ...] = ()
) -> PlannedOperation:
    """Return an operation whose terms are all possible.

    Raises TermIsOver, FarFromToday, LastDayBeforeFirst, TermsOverlap, NobodyChairs, TooManyChairs.
    """
    moved = {row.term.pk for row in rows if row.term}
    for row in rows:
        if row.state == TermState.CONFIRMED:
            refuse_row(row, moved, at=at)
    return PlannedOperation(kind, rows, owed)


def refuse_row(row: TermAfter, moved: set[int], *, at: datetime) -> None:
    """Raise the error of what makes one term impossible beside the terms that are not `moved`."""
    proposal = TermProposal(row.period.first, row.last_day, row.kind, row.theme)
    terms.refuse_backward(proposal)
    terms.refuse_far_end(proposal, at=at)
    if row.term is None and row.period.first < day_in_group(at):
        raise TermIsOver(_("The first day is past."), field="first_day")
    for other in terms_queries.overlapping(row.period):
        if other.pk not in moved:
            raise TermsOverlap(terms.overlap_sentence(other), field="last_day")
    was = as_is(row.term) if row.term else None
    # an agency that leaves within its running term may still hand it back
    if not (was and was.agencies == row.agencies and row.last_day <= was.last_day):
        terms.refuse_chairs(row.agencies, proposal)


def exchanged(term: ChairTerm, other: ChairTerm, *, at: datetime) -> PlannedOperation:
    """Exchange the agencies and themes of two future terms.

    The days stay.
    """
    for each in (term, other):
        refuse_begun(each, at=at)
    one, two = as_is(term), as_is(other)
    if set(one.agencies) == set(two.agencies):
        raise NothingChanges(_("The same agencies chair in both terms."), field="other")
    return planned(
        OperationKind.EXCHANGE,
        held_by(one, two),
        held_by(two, one),
        at=at,
    )


def held_by(turn: TermAfter, holder: TermAfter) -> TermAfter:
    """Return a turn with the agencies of another one. Pure.

    Who chairs chooses the theme, so it goes along.
    """
    return replace(turn, agencies=holder.agencies, theme=holder.theme)


def rechaired(
    kind: OperationKind,
    term: ChairTerm,
    agencies: Sequence[Agency],
    from_day: date | None,
    *,
    at: datetime,
) -> PlannedOperation:
    """Replace the agencies of a term.

    In a term that has begun, they chair from `from_day` on.
    """
    refuse_over(term, at=at)
    was, today = as_is(term), day_in_group(at)
    if set(agencies) == set(was.agencies):
        raise NothingChanges(_("These agencies chair in this term already."), field="agencies")
    if term.first_day > today:
        return planned(kind, replace(was, agencies=tuple(agencies)), at=at)
    if from_day is None or not today < from_day <= term.last_day:
        raise DayOutside(
            _("This term has begun. Choose a day from %(first)s to %(last)s.")
            % {"first": plain_day(today + ONE_DAY), "last": plain_day(term.last_day)},
            field="from_day",
        )
    rest = TermAfter(
        None,
        Period(from_day, term.last_day),
        tuple(agencies),
        term.kind,
        theme=term.theme,
        continues=term,
    )
    cut = replace(was, period=Period(term.first_day, from_day - ONE_DAY))
    return planned(kind, cut, rest, at=at)


@dataclass(frozen=True, slots=True)
class Cession:
    """The input of a cession.

    `from_day` is for a term that has begun.
    """

    giver: Agency
    taker: Agency
    from_day: date | None = None


def ceded(term: ChairTerm, cession: Cession, *, at: datetime) -> PlannedOperation:
    """Put the taker in the giver's place.

    The other agencies of a joint chair stay.
    """
    giver, taker = cession.giver, cession.taker
    agencies = chair.chairing_agencies(term)
    if giver not in agencies:
        raise NothingChanges(
            _("%(agency)s does not chair in this term.") % {"agency": giver}, field="giver"
        )
    if taker in agencies:
        raise NothingChanges(
            _("%(agency)s chairs in this term already.") % {"agency": taker}, field="taker"
        )
    after = [taker if agency == giver else agency for agency in agencies]
    return rechaired(OperationKind.CEDE, term, after, cession.from_day, at=at)


def chairs_set(
    term: ChairTerm, agencies: Sequence[Agency], from_day: date | None = None, *, at: datetime
) -> PlannedOperation:
    """Make a term joint or single.

    Exactly these agencies chair in it.
    """
    return rechaired(OperationKind.SET_CHAIRS, term, agencies, from_day, at=at)


def withdrawn(term: ChairTerm, *, at: datetime) -> PlannedOperation:
    """Withdraw a future confirmed term; its days become vacant."""
    refuse_begun(term, at=at)
    row = replace(as_is(term), state=TermState.WITHDRAWN)
    return planned(OperationKind.WITHDRAW, row, at=at)


def deferred(term: ChairTerm, *, at: datetime) -> PlannedOperation:
    """Withdraw a future turn; each of its agencies is owed one."""
    refuse_begun(term, at=at)
    row = replace(as_is(term), state=TermState.WITHDRAWN)
    return planned(OperationKind.DEFER, row, owed=row.agencies, at=at)


def handed_back(term: ChairTerm, last_day: date, *, at: datetime) -> PlannedOperation:
    """End a term early; the days after `last_day` are vacant."""
    refuse_over(term, at=at)
    earliest = max(term.first_day, day_in_group(at))
    refuse_day(last_day, earliest, term.last_day - ONE_DAY)
    row = replace(as_is(term), period=Period(term.first_day, last_day))
    return planned(OperationKind.HAND_BACK, row, at=at)


def extended(term: ChairTerm, last_day: date, *, at: datetime) -> PlannedOperation:
    """Extend a term to `last_day` over vacant days."""
    refuse_over(term, at=at)
    if last_day <= term.last_day:
        raise DayOutside(
            _("The term lasts until %(last)s. Choose a later day.")
            % {"last": plain_day(term.last_day)},
            field="last_day",
        )
    row = replace(as_is(term), period=Period(term.first_day, last_day))
    return planned(OperationKind.EXTEND, row, at=at)


def boundary_moved(term: ChairTerm, last_day: date, *, at: datetime) -> PlannedOperation:
    """Move the boundary between a term and the one that follows."""
    refuse_over(term, at=at)
    following = chair.next_term(term.last_day)
    if following is None or following.first_day != term.last_day + ONE_DAY:
        raise NoNeighbour(
            _("No confirmed term follows at once. Extend this term, or hand it back early."),
            field="last_day",
        )
    if last_day == term.last_day:
        raise NothingChanges(_("The boundary is there already."), field="last_day")
    earliest = max(term.first_day, day_in_group(at))
    refuse_day(last_day, earliest, following.last_day - ONE_DAY)
    return planned(
        OperationKind.MOVE_BOUNDARY,
        replace(as_is(term), period=Period(term.first_day, last_day)),
        replace(as_is(following), period=Period(last_day + ONE_DAY, following.last_day)),
        at=at,
    )


def refuse_day(day: date, first: date, last: date) -> None:
    """Raise DayOutside unless first <= day <= last."""
    if first <= day <= last:
        return
    sentence = (
        _("No other last day is possible for this term.")
        if last < first
        else _("Choose a day from %(first)s to %(last)s.")
        % {"first": plain_day(first), "last": plain_day(last)}
    )
    raise DayOutside(sentence, field="last_day")


def vacancy_at(day: date, *, at: datetime) -> Period:
    """Return the vacancy that covers `day`, from today on.

    Raises NoVacancy.
    """
    period = vacancies.vacancy_covering(day, day_in_group(at))
    if period is None:
        raise NoVacancy(_("Somebody chairs on this day, or no turn was to be on it."))
    return period


def filled(
    kind: OperationKind, agencies: Sequence[Agency], period: Period, *, at: datetime
) -> PlannedOperation:
    """Fill vacant days with a caretaker or a substitute's full turn."""
    of_kind = TermKind.CARETAKER if kind == OperationKind.APPOINT_CARETAKER else TermKind.TERM
    return planned(kind, TermAfter(None, period, tuple(agencies), of_kind), at=at)


def pulled_forward(term: ChairTerm, vacancy: Period, *, at: datetime) -> PlannedOperation:
    """Move a later term's agencies to vacant days.

    Their own days become vacant.
    """
    refuse_begun(term, at=at)
    assert vacancy.last
    if term.first_day < vacancy.first:
        raise DayOutside(_("This term is before the vacancy. Choose a later one."), field="term")
    was = as_is(term)
    return planned(
        OperationKind.PULL_FORWARD,
        TermAfter(None, vacancy, was.agencies, was.kind, theme=was.theme, continues=term),
        replace(was, state=TermState.WITHDRAWN),
        at=at,
    )


def moved_up(vacancy: Period, *, at: datetime) -> PlannedOperation:
    """Move each later turn forward by one, into the vacancy.

    The days of the turns stay, and so does the order; each theme goes with its agency. The last
    turn becomes vacant. Terms of caretakers are no turns: they stay.
    """
    later = vacancies.turns_after(vacancy)
    if not later:
        raise NothingChanges(_("No confirmed turn comes after these days."))
    rows = [as_is(term) for term in later]
    first = rows[0]
    return planned(
        OperationKind.MOVE_UP,
        TermAfter(None, vacancy, first.agencies, first.kind, theme=first.theme, continues=later[0]),
        *(held_by(row, following) for row, following in itertools.pairwise(rows)),
        replace(rows[-1], state=TermState.WITHDRAWN),
        at=at,
    )


def left_vacant(vacancy: Period, until: date, *, at: datetime) -> PlannedOperation:
    """Acknowledge that nobody chairs on the vacant days, until `until`."""
    assert vacancy.last
    earliest = day_in_group(at)
    if not earliest <= until <= vacancy.last:
        raise DayOutside(
            _("Choose a day from %(first)s to %(last)s.")
            % {"first": plain_day(earliest), "last": plain_day(vacancy.last)},
            field="until",
        )
    # a row without agencies: it stands in the history, and makes no term
    row = TermAfter(None, vacancy, (), state=TermState.WITHDRAWN)
    return PlannedOperation(OperationKind.LEAVE_VACANT, (row,), until=until)
