"""Work out the effect of an operation without writing it.

The page of an operation shows the result, `operations` writes it. Each function takes terms as they
are saved, and raises the error of what makes the operation impossible.
"""

import itertools
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils.translation import gettext as _

from coordination.core import queries
from coordination.core.clock import day_at
from coordination.core.formatting import plain_day
from coordination.core.models import Group
from coordination.core.periods import ONE_DAY, Period
from coordination.members.models import Agency
from coordination.members.queries.agencies import member_periods
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


def day_of(at: datetime, group: Group | None) -> date:
    """Return the day of a moment in the group's zone; one query where the group is not loaded."""
    return day_at(at, (group or queries.group()).zone)


def refuse_over(term: ChairTerm, *, at: datetime, group: Group | None = None) -> None:
    """Raise TermNotConfirmed, or TermIsOver for a term whose last day is past."""
    if term.state != TermState.CONFIRMED:
        raise TermNotConfirmed(_("Only a confirmed term can be changed so."))
    if term.last_day < day_of(at, group):
        raise TermIsOver(_("This term is over. What the record says of it is corrected instead."))


def refuse_begun(term: ChairTerm, *, at: datetime, group: Group | None = None) -> None:
    """Raise TermIsOver for a term that has begun: it is cut, never taken away."""
    refuse_over(term, at=at, group=group)
    if term.first_day <= day_of(at, group):
        raise TermIsOver(
            _("This term has begun. It can be handed back early, and its past days stay.")
        )


def planned(
    kind: OperationKind,
    *rows: TermAfter,
    at: datetime,
    group: Group | None = None,
    owed: tuple[Agency, ...] = (),
) -> PlannedOperation:
    """Return an operation whose terms are all possible.

    Raises TermIsOver, FarFromToday, LastDayBeforeFirst, TermsOverlap, NobodyChairs, TooManyChairs.
    """
    confirmed = [row for row in rows if row.state == TermState.CONFIRMED]
    if not confirmed:
        return PlannedOperation(kind, rows, owed)
    group = group or queries.group()
    for row in confirmed:
        refuse_days(row, at=at, group=group)
    refuse_overlaps(confirmed, {row.term.pk for row in rows if row.term})
    # an agency that leaves within its running term may still hand it back
    judged = [row for row in confirmed if not is_same_or_shorter(row)]
    members = member_periods({agency for row in judged for agency in row.agencies})
    for row in judged:
        terms.refuse_chairs(row.agencies, proposal_of(row), group, members)
    return PlannedOperation(kind, rows, owed)


def proposal_of(row: TermAfter) -> TermProposal:
    """Return what a term becomes as a proposal is judged."""
    return TermProposal(row.period.first, row.last_day, row.kind, row.theme)


def refuse_days(row: TermAfter, *, at: datetime, group: Group) -> None:
    """Raise the error of what makes the days of one term impossible."""
    proposal = proposal_of(row)
    terms.refuse_backward(proposal)
    terms.refuse_far_end(proposal, at=at)
    if row.term is None and row.period.first < day_of(at, group):
        raise TermIsOver(_("The first day is past."), field="first_day")


def refuse_overlaps(rows: Sequence[TermAfter], moved: Collection[int]) -> None:
    """Raise TermsOverlap where a term shares a day with one that is not `moved`; one query."""
    whole = Period(min(row.period.first for row in rows), max(row.last_day for row in rows))
    # only the sentence about an overlap names the agencies
    near = terms_queries.overlapping(whole).prefetch_related(None)
    others = [other for other in near if other.pk not in moved]
    crossed = [each for row in rows for each in others if each.period.overlaps(row.period)]
    if crossed:
        raise TermsOverlap(terms.overlap_sentence(crossed[0]), field="last_day")


def is_same_or_shorter(row: TermAfter) -> bool:
    """Return whether a saved term keeps its agencies and does not end later."""
    was = as_is(row.term) if row.term else None
    return bool(was and was.agencies == row.agencies and row.last_day <= was.last_day)


def exchanged(
    term: ChairTerm, other: ChairTerm, *, at: datetime, group: Group | None = None
) -> PlannedOperation:
    """Exchange the agencies of two terms that have not begun, with their themes; the days stay."""
    for each in (term, other):
        refuse_begun(each, at=at, group=group)
    one, two = as_is(term), as_is(other)
    if set(one.agencies) == set(two.agencies):
        raise NothingChanges(_("The same agencies chair in both terms."), field="other")
    return planned(
        OperationKind.EXCHANGE,
        held_by(one, two),
        held_by(two, one),
        at=at,
        group=group,
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
    group: Group | None = None,
) -> PlannedOperation:
    """Let other agencies chair in a term; in one that has begun, for its rest from `from_day`."""
    refuse_over(term, at=at, group=group)
    was, today = as_is(term), day_of(at, group)
    if set(agencies) == set(was.agencies):
        raise NothingChanges(_("These agencies chair in this term already."), field="agencies")
    if term.first_day > today:
        return planned(kind, replace(was, agencies=tuple(agencies)), at=at, group=group)
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
    return planned(kind, cut, rest, at=at, group=group)


@dataclass(frozen=True, slots=True)
class Cession:
    """The input of a cession.

    `from_day` is for a term that has begun.
    """

    giver: Agency
    taker: Agency
    from_day: date | None = None


def ceded(
    term: ChairTerm, cession: Cession, *, at: datetime, group: Group | None = None
) -> PlannedOperation:
    """Let the taker chair in the place of the giver; the others of a joint chair stay."""
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
    return rechaired(OperationKind.CEDE, term, after, cession.from_day, at=at, group=group)


def chairs_set(
    term: ChairTerm,
    agencies: Sequence[Agency],
    from_day: date | None = None,
    *,
    at: datetime,
    group: Group | None = None,
) -> PlannedOperation:
    """Make a term joint or single: exactly these agencies chair in it."""
    return rechaired(OperationKind.SET_CHAIRS, term, agencies, from_day, at=at, group=group)


def withdrawn(term: ChairTerm, *, at: datetime, group: Group | None = None) -> PlannedOperation:
    """Withdraw a confirmed term that has not begun; its days are vacant."""
    refuse_begun(term, at=at, group=group)
    row = replace(as_is(term), state=TermState.WITHDRAWN)
    return planned(OperationKind.WITHDRAW, row, at=at, group=group)


def deferred(term: ChairTerm, *, at: datetime, group: Group | None = None) -> PlannedOperation:
    """Withdraw a turn that has not begun; each of its agencies is owed one."""
    refuse_begun(term, at=at, group=group)
    row = replace(as_is(term), state=TermState.WITHDRAWN)
    return planned(OperationKind.DEFER, row, owed=row.agencies, at=at, group=group)


def handed_back(
    term: ChairTerm, last_day: date, *, at: datetime, group: Group | None = None
) -> PlannedOperation:
    """End a term on `last_day`, before its time; the days after it are vacant."""
    refuse_over(term, at=at, group=group)
    earliest = max(term.first_day, day_of(at, group))
    refuse_day(last_day, earliest, term.last_day - ONE_DAY)
    row = replace(as_is(term), period=Period(term.first_day, last_day))
    return planned(OperationKind.HAND_BACK, row, at=at, group=group)


def extended(
    term: ChairTerm, last_day: date, *, at: datetime, group: Group | None = None
) -> PlannedOperation:
    """Let a term go on until `last_day`, over days that are vacant."""
    refuse_over(term, at=at, group=group)
    if last_day <= term.last_day:
        raise DayOutside(
            _("The term lasts until %(last)s. Choose a later day.")
            % {"last": plain_day(term.last_day)},
            field="last_day",
        )
    row = replace(as_is(term), period=Period(term.first_day, last_day))
    return planned(OperationKind.EXTEND, row, at=at, group=group)


def boundary_moved(
    term: ChairTerm, last_day: date, *, at: datetime, group: Group | None = None
) -> PlannedOperation:
    """Let a term end on `last_day`, and the term that follows at once begin the day after."""
    refuse_over(term, at=at, group=group)
    following = chair.next_term(term.last_day)
    if following is None or following.first_day != term.last_day + ONE_DAY:
        raise NoNeighbour(
            _("No confirmed term follows at once. Extend this term, or hand it back early."),
            field="last_day",
        )
    if last_day == term.last_day:
        raise NothingChanges(_("The boundary is there already."), field="last_day")
    earliest = max(term.first_day, day_of(at, group))
    refuse_day(last_day, earliest, following.last_day - ONE_DAY)
    return planned(
        OperationKind.MOVE_BOUNDARY,
        replace(as_is(term), period=Period(term.first_day, last_day)),
        replace(as_is(following), period=Period(last_day + ONE_DAY, following.last_day)),
        at=at,
        group=group,
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


def vacancy_at(day: date, *, at: datetime, group: Group | None = None) -> Period:
    """Return the vacancy that covers `day`, from today on; raise NoVacancy."""
    period = vacancies.vacancy_covering(day, day_of(at, group), group)
    if period is None:
        raise NoVacancy(_("Somebody chairs on this day, or no turn was to be on it."))
    return period


def filled(
    kind: OperationKind,
    agencies: Sequence[Agency],
    period: Period,
    *,
    at: datetime,
    group: Group | None = None,
) -> PlannedOperation:
    """Fill vacant days with a caretaker or a substitute's full turn."""
    of_kind = TermKind.CARETAKER if kind == OperationKind.APPOINT_CARETAKER else TermKind.TERM
    return planned(kind, TermAfter(None, period, tuple(agencies), of_kind), at=at, group=group)


def pulled_forward(
    term: ChairTerm, vacancy: Period, *, at: datetime, group: Group | None = None
) -> PlannedOperation:
    """Let the agencies of a later term chair on the vacant days; their own days become vacant."""
    refuse_begun(term, at=at, group=group)
    assert vacancy.last
    if term.first_day < vacancy.first:
        raise DayOutside(_("This term is before the vacancy. Choose a later one."), field="term")
    was = as_is(term)
    return planned(
        OperationKind.PULL_FORWARD,
        TermAfter(None, vacancy, was.agencies, was.kind, theme=was.theme, continues=term),
        replace(was, state=TermState.WITHDRAWN),
        at=at,
        group=group,
    )


def moved_up(vacancy: Period, *, at: datetime, group: Group | None = None) -> PlannedOperation:
    """Let the holder of each later turn move to the turn before; the first fills the vacancy.

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
        group=group,
    )


def left_vacant(
    vacancy: Period, until: date, *, at: datetime, group: Group | None = None
) -> PlannedOperation:
    """Acknowledge that nobody chairs on the vacant days, until `until`."""
    assert vacancy.last
    earliest = day_of(at, group)
    if not earliest <= until <= vacancy.last:
        raise DayOutside(
            _("Choose a day from %(first)s to %(last)s.")
            % {"first": plain_day(earliest), "last": plain_day(vacancy.last)},
            field="until",
        )
    # a row without agencies: it stands in the history, and makes no term
    row = TermAfter(None, vacancy, (), state=TermState.WITHDRAWN)
    return PlannedOperation(OperationKind.LEAVE_VACANT, (row,), until=until)
