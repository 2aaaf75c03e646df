"""Selections: open, change the dates, close, take to the principals."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.core import formatting, history
from coordination.core.actions import refuse_far_day
from coordination.core.due import wake_on_commit
from coordination.core.errors import LastDayBeforeFirst
from coordination.core.periods import Period
from coordination.core.permissions import On, require
from coordination.core.queries import day_in_group, group
from coordination.core.versions import claim
from coordination.members.models import Person
from coordination.rotation.actions import terms
from coordination.rotation.enums import (
    SELECTION_LIFE,
    SelectionChange,
    SelectionState,
    VoteState,
)
from coordination.rotation.errors import DatesOutOfOrder, SelectionOver, SelectionRuns
from coordination.rotation.models import Escalation, Selection, SelectionTerm, SelectionVote
from coordination.rotation.queries import selections

LONGEST_RUN = 6  # terms


@dataclass(frozen=True, slots=True)
class SelectionDates:
    """The last days of call, consultation and decision, in the group's zone."""

    call_until: date
    consultation_until: date
    decision_until: date


@dataclass(frozen=True, slots=True)
class SelectionPlan:
    """The input of a selection: first term, number of terms, dates."""

    period: Period
    number: int
    dates: SelectionDates


def refuse_dates(dates: SelectionDates, first_term: Period, *, at: datetime) -> None:
    """Raise DatesOutOfOrder, which names the field."""
    day = day_in_group(at)
    if dates.consultation_until < dates.call_until:
        raise DatesOutOfOrder(
            _("The consultation ends after the call."), field="consultation_until"
        )
    if dates.decision_until < dates.consultation_until:
        raise DatesOutOfOrder(
            _("The decision comes after the consultation."), field="decision_until"
        )
    if dates.decision_until < day:
        raise DatesOutOfOrder(_("This day has passed."), field="decision_until")
    assert first_term.last
    # In a vacancy the days to fill run already, so a decision within them is in time.
    if dates.decision_until >= max(first_term.first, min(first_term.last, day + terms.MONTH)):
        raise DatesOutOfOrder(
            _("The decision comes before the term begins, on %(day)s.")
            % {"day": formatting.plain_day(first_term.first)},
            field="decision_until",
        )


def refuse_taken(period: Period) -> None:
    """Raise SelectionRuns if these days are already taken.

    By a confirmed term or another selection.
    """
    term = selections.confirmed_in(period).first()
    if term:
        raise SelectionRuns(terms.overlap_sentence(term), field="first_day")
    other = selections.terms_on_the_way(period, SelectionState.RUNNING).first()
    if other:
        raise SelectionRuns(
            _("The selection %(slug)s fills these days already.") % {"slug": other.selection.slug},
            field="first_day",
        )


@transaction.atomic
def open_selection(plan: SelectionPlan, *, by: Person, at: datetime) -> Selection:
    """Open the selection of one or several consecutive terms.

    Raises NotAllowed, LastDayBeforeFirst, FarFromToday, SelectionRuns, DatesOutOfOrder.
    """
    terms.lock_rotation()
    day = day_in_group(at)
    require(by, "rotation.run_selection", On(day))
    first, last = plan.period.first, plan.period.last
    assert last
    if last < first:
        raise LastDayBeforeFirst(_("The last day is before the first."), field="last_day")
    terms.refuse_begun(first, at=at)
    refuse_far_day(last, at=at, field="last_day")
    if plan.dates.call_until < day:
        raise DatesOutOfOrder(_("This day has passed."), field="call_until")
    return create_selection(plan, by=by, at=at)


def create_selection(plan: SelectionPlan, *, by: Person | None, at: datetime) -> Selection:
    """Create a selection under the lock of the rotation.

    `by` is None for the scheduler.
    """
    periods = selections.run_of_terms(
        plan.period, min(plan.number, LONGEST_RUN), group().term_months
    )
    whole = Period(periods[0].first, periods[-1].last)
    refuse_taken(whole)
    refuse_dates(plan.dates, plan.period, at=at)
    selection = Selection(
        slug=free_slug(whole),
        call_until=plan.dates.call_until,
        consultation_until=plan.dates.consultation_until,
        decision_until=plan.dates.decision_until,
        opened_by=by,
        opened_at=at,
    )
    history.sign(selection, by=by, reason=SelectionChange.SELECTION_OPENED)
    selection.save()
    SelectionTerm.objects.bulk_create(
        SelectionTerm(
            selection=selection, first_day=period.first, last_day=period.last or period.first
        )
        for period in periods
    )
    wake_on_commit()
    return selection


def free_slug(period: Period) -> str:
    """Return a slug that no other selection has."""
    assert period.last
    plain = terms.slug_for(period.first, period.last)
    slug, number = plain, 1
    while Selection.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{plain}-{number}"
    return slug


@transaction.atomic
def open_due_selection(*, at: datetime) -> Selection | None:
    """Open the next selection at the group's lead time.

    For the scheduler: two at once open one. Days for which a selection runs, or was closed by
    people, are left to people; the days after them are not.
    """
    terms.lock_rotation()
    day, settings = day_in_group(at), group()
    answered_for = SelectionTerm.objects.filter(
        selection__state__in=(SelectionState.RUNNING, SelectionState.CLOSED), last_day__gte=day
    )
    taken = [term.period for term in answered_for]
    lead = settings.selection_lead_months
    while free := selections.days_to_fill(day, settings, taken):
        if not lead or free.first > selections.months_after(day, lead):
            return None
        # a term whose agencies have left the group is withdrawn by people first
        if selections.confirmed_in(free).exists():
            return None
        dates = SelectionDates(*selections.usual_dates(day, free.first))
        assert free.last
        if free.last > dates.decision_until:
            return create_selection(SelectionPlan(free, 1, dates), by=None, at=at)
        # a few free days between two terms are no term
        taken.append(free)
    return None


def lock_running(selection: Selection) -> Selection:
    """Lock the rotation and a running selection; return it as saved.

    Raises SelectionOver.
    """
    terms.lock_rotation()
    selection = Selection.objects.select_for_update(of=("self",)).get(pk=selection.pk)
    if not selection.is_running:
        raise SelectionOver(_("This selection is over."))
    return selection


@transaction.atomic
def set_dates(
    selection: Selection, dates: SelectionDates, *, version: int, by: Person, at: datetime
) -> Selection:
    """Change a selection's dates.

    Raises SelectionOver, Stale, DatesOutOfOrder, NotAllowed.
    """
    selection = lock_running(selection)
    require(by, "rotation.run_selection", On(day_in_group(at)))
    claim(selection, version)
    # what is decided waits for no date
    undecided = selection.terms.filter(decision__isnull=True)
    refuse_dates(dates, undecided[0].period, at=at)
    selection.call_until = dates.call_until
    selection.consultation_until = dates.consultation_until
    selection.decision_until = dates.decision_until
    history.sign(selection, by=by, reason=SelectionChange.SELECTION_DATES_SET)
    selection.save(update_fields=["call_until", "consultation_until", "decision_until", "version"])
    wake_on_commit()
    return selection


@transaction.atomic
def close_selection(
    selection: Selection, words: str, *, version: int, by: Person, at: datetime
) -> Selection:
    """Close a selection without a chair.

    The scheduler does not open another one. Raises SelectionOver, Stale, NotAllowed.
    """
    selection = lock_running(selection)
    require(by, "rotation.run_selection", On(day_in_group(at)))
    claim(selection, version)
    conclude(selection, SelectionState.CLOSED, by=by, at=at, words=words.strip())
    return selection


@transaction.atomic
def end_settled_selections(*, at: datetime) -> int:
    """End selections whose days another act confirmed; return how many.

    For the scheduler: nobody is asked any more for days that have their chair. While only a part of
    them has it (a caretaker bridges some), the selection goes on for the rest.
    """
    terms.lock_rotation()
    day, count = day_in_group(at), 0
    for selection in selections.running():
        undecided = selection.terms.filter(decision__isnull=True)
        if all(
            selections.confirmed_in(term.period).exists() and not selections.free_days(term, day)
            for term in undecided
        ):
            selection.version += 1
            conclude(selection, SelectionState.CONFIRMED, by=None, at=at)
            count += 1
    return count


def conclude(
    selection: Selection, state: SelectionState, *, by: Person | None, at: datetime, words: str = ""
) -> None:
    """End a locked selection and its open votes.

    Raises SelectionOver.
    """
    if not SELECTION_LIFE.allows(selection.state, state):
        raise SelectionOver(_("This selection is over."))
    for vote in SelectionVote.objects.filter(term__selection=selection, state=VoteState.OPEN):
        vote.state, vote.closed_at, vote.version = VoteState.CLOSED, at, vote.version + 1
        history.sign(vote, by=by, reason=SelectionChange.VOTE_CLOSED)
        vote.save(update_fields=["state", "closed_at", "version"])
    selection.state, selection.closed_at, selection.closing_words = state, at, words
    reasons = {
        SelectionState.CLOSED: SelectionChange.SELECTION_CLOSED,
        SelectionState.CONFIRMED: SelectionChange.SELECTION_CONFIRMED,
    }
    history.sign(
        selection, by=by, reason=reasons[state] if by else SelectionChange.SELECTION_SETTLED
    )
    selection.save(update_fields=["state", "closed_at", "closing_words", "version"])
    wake_on_commit()


@transaction.atomic
def escalate_overdue(*, at: datetime) -> int:
    """Escalate each overdue selection to the principals; return how many.

    Its deadline has passed. For the scheduler: each deadline escalates once, however often it
    is called.
    """
    terms.lock_rotation()
    day, count = day_in_group(at), 0
    for selection in selections.running():
        reason = selections.escalation_due(selection, day)
        if reason is None:
            continue
        deadline = selections.deadline_of(selection, reason)
        key = {"selection": selection, "reason": reason, "deadline": deadline}
        if Escalation.objects.filter(**key).exists():
            continue
        escalation = Escalation(**key, at=at)
        history.sign(escalation, by=None, reason=SelectionChange.ESCALATED)
        escalation.save()
        count += 1
    if count:
        wake_on_commit()
    return count
