"""What agencies and their principals answer to a selection."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.core import history
from coordination.core.actions import refuse_far_day
from coordination.core.due import wake_on_commit
from coordination.core.errors import LastDayBeforeFirst
from coordination.core.periods import Period
from coordination.core.permissions import On, require
from coordination.core.queries import day_in_group
from coordination.core.versions import claim
from coordination.members.models import Agency, Person
from coordination.rotation.actions.selections import lock_running
from coordination.rotation.enums import (
    CANDIDATURE_LIFE,
    Answer,
    DeclineReason,
    PrincipalView,
    SelectionChange,
)
from coordination.rotation.errors import AnswerRefused, SelectionOver
from coordination.rotation.models import (
    Candidature,
    PrincipalAnswer,
    Selection,
    SelectionTerm,
    Unavailability,
)
from coordination.rotation.models.letters import AgencyLetter, LetterChange
from coordination.rotation.queries import selections


@dataclass(frozen=True, slots=True)
class AnswerInput:
    """The input of an answer to a call.

    `away` are days on which the agency cannot chair; see `Candidature`. `letter` is that from
    which the chair's team records it, None where the agency answers itself.
    """

    answer: str
    decline_reason: str = ""
    words: str = ""
    priorities: str = ""
    team: str = ""
    preferred: SelectionTerm | None = None
    wishes_next: bool = False
    away: Period | None = None
    away_reason: str = ""
    letter: AgencyLetter | None = None


def refuse_answer(given: AnswerInput, before: str | None, selection: Selection) -> None:
    """Raise AnswerRefused for an incomplete answer or a forbidden change."""
    if before is None and given.answer not in CANDIDATURE_LIFE.begins:
        raise AnswerRefused(_("Only an agency that stands can withdraw."), field="answer")
    if before is not None and not CANDIDATURE_LIFE.allows(before, given.answer):
        raise AnswerRefused(
            _("From “%(before)s” an agency cannot go to “%(after)s”.")
            % {"before": Answer(before).label, "after": Answer(given.answer).label},
            field="answer",
        )
    if given.answer == Answer.DECLINES and not given.decline_reason:
        raise AnswerRefused(_("Choose why your agency declines."), field="decline_reason")
    if (
        given.answer == Answer.DECLINES
        and given.decline_reason == DeclineReason.OTHER
        and not given.words.strip()
    ):
        raise AnswerRefused(_("Say in a few words why."), field="words")
    if given.preferred and given.preferred.selection_id != selection.pk:
        raise AnswerRefused(_("This term is of another selection."), field="preferred")


@transaction.atomic
def answer_call(
    selection: Selection,
    agency: Agency,
    given: AnswerInput,
    *,
    version: int,
    by: Person,
    at: datetime,
) -> Candidature:
    """Record an agency's answer to the call of a selection.

    It stands, declines, cannot say yet, or withdraws. `version` is that of the answer before, 0
    for the first. It may change until the decision. Raises NotAllowed, SelectionOver,
    AnswerRefused, Stale, LastDayBeforeFirst, FarFromToday.
    """
    selection = lock_running(selection)
    require(by, "members.act_for", On(day_in_group(at), agency))
    own = replace(given, letter=None)
    return write_answer(selection, agency, own, version=version, by=by, at=at)


def write_answer(
    selection: Selection,
    agency: Agency,
    given: AnswerInput,
    *,
    version: int,
    by: Person,
    at: datetime,
) -> Candidature:
    """Save an agency's answer.

    In the caller's transaction and under its lock.
    """
    row = Candidature.objects.filter(selection=selection, agency=agency).first()
    if row is None:
        row = Candidature(selection=selection, agency=agency)
    else:
        claim(row, version)
    refuse_answer(given, row.answer if row.pk else None, selection)
    declines, stands = given.answer == Answer.DECLINES, given.answer == Answer.STANDS
    row.answer, row.words = given.answer, given.words.strip()
    row.decline_reason = given.decline_reason if declines else ""
    row.priorities, row.team = given.priorities.strip(), given.team.strip()
    row.preferred = given.preferred if stands else None
    row.wishes_next = given.wishes_next
    row.answered_by, row.answered_at = by, at
    row.keep_letter(given.letter)
    row.sign(
        SelectionChange(f"candidature_{given.answer}"),
        LetterChange(f"letter_{given.answer}"),
        by=by,
    )
    row.save()
    if given.away:
        note_unavailable(agency, given.away, given.away_reason, by=by, at=at)
    wake_on_commit()
    return row


def note_unavailable(
    agency: Agency, away: Period, reason: str, *, by: Person, at: datetime
) -> Unavailability:
    """Note when an agency is not available, in the caller's transaction."""
    assert away.last
    if away.last < away.first:
        raise LastDayBeforeFirst(_("The last day is before the first."), field="away_last")
    refuse_far_day(away.first, at=at, field="away_first")
    refuse_far_day(away.last, at=at, field="away_last")
    row = Unavailability(
        agency=agency,
        first_day=away.first,
        last_day=away.last,
        reason=reason.strip(),
        noted_by=by,
    )
    history.sign(row, by=by, reason=SelectionChange.UNAVAILABLE)
    row.save()
    return row


@transaction.atomic
def withdraw_unavailability(row: Unavailability, *, by: Person, at: datetime) -> Unavailability:
    """Withdraw an agency's note that it is unavailable.

    Raises NotAllowed, AnswerRefused.
    """
    row = Unavailability.objects.select_for_update(of=("self",)).get(pk=row.pk)
    require(by, "members.act_for", On(day_in_group(at), row.agency))
    if row.withdrawn_at:
        raise AnswerRefused(_("This was taken back already."))
    row.withdrawn_at, row.version = at, row.version + 1
    history.sign(row, by=by, reason=SelectionChange.AVAILABLE_AGAIN)
    row.save(update_fields=["withdrawn_at", "version"])
    return row


@dataclass(frozen=True, slots=True)
class PrincipalInput:
    """What a principal answers; `supported` is the agency that they support."""

    view: str
    supported: Agency | None = None
    words: str = ""


@transaction.atomic
def answer_for_principal(
    selection: Selection,
    agency: Agency,
    given: PrincipalInput,
    *,
    version: int,
    by: Person,
    at: datetime,
) -> PrincipalAnswer:
    """Record a principal's answer to an escalated selection.

    `version` is that of the answer before, 0 for the first. Raises NotAllowed, SelectionOver,
    AnswerRefused, Stale.
    """
    selection = lock_running(selection)
    require(by, "rotation.answer_as_principal", On(day_in_group(at), agency))
    if not selection.escalations.exists():
        raise SelectionOver(_("This selection is not with the principals."))
    supports = given.view == PrincipalView.SUPPORTS
    standing = selections.standing_in(selection, day_in_group(at))
    if supports and (given.supported is None or given.supported.pk not in standing):
        raise AnswerRefused(_("Choose one of the agencies that stand."), field="supported")
    if given.view == PrincipalView.OTHER and not given.words.strip():
        raise AnswerRefused(_("Say what you propose."), field="words")
    row = PrincipalAnswer.objects.filter(selection=selection, agency=agency).first()
    if row is None:
        row = PrincipalAnswer(selection=selection, agency=agency)
    else:
        claim(row, version)
    row.view, row.words = given.view, given.words.strip()
    row.supported = given.supported if supports else None
    row.answered_by, row.answered_at = by, at
    history.sign(row, by=by, reason=SelectionChange.PRINCIPAL_ANSWERED)
    row.save()
    wake_on_commit()
    return row
