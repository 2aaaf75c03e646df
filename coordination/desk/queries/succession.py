"""Who chairs next, for the state of play.

Running selections, and days without a chair.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from coordination.core import formatting
from coordination.desk.queries.matters import AsOf, Matter, acronyms_of
from coordination.members.models import Agency
from coordination.members.queries.agencies import members_on
from coordination.rotation.enums import Answer, EscalationReason, MatterKind, SelectionStage
from coordination.rotation.models import ChairTerm, Selection
from coordination.rotation.queries import chair, selection_steps, undecided
from coordination.rotation.queries.selection_steps import SelectionAnswers
from coordination.rotation.queries.selections import stage_on

NEXT = "next"  # key of the days without a chair


def succession_matters(as_of: AsOf) -> Iterator[Matter]:
    """Yield the running selections and the first days without a chair.

    Days for which a selection runs are told with it, so each matter stands once. At most three
    queries, five more while a selection runs.
    """
    gap = undecided.undecided_days(as_of.on, as_of.sittings)
    selections = list(selection_steps.running_for_steps())
    received = selection_steps.answers_in(selections)
    members = list(members_on(as_of.on)) if selections else []
    is_told = False
    for selection in selections:
        terms = selection.terms.all()
        fills_gap = bool(
            gap
            and any(
                term.first_day <= gap.last_day and term.last_day >= gap.first_day for term in terms
            )
        )
        is_told = is_told or fills_gap
        facts = [*selection_facts(selection, received[selection.pk], members, as_of)]
        if gap and fills_gap:
            facts.insert(0, f"{nobody_from(gap)}.")
        yield Matter(
            MatterKind.SUCCESSION,
            f"selection-{selection.pk}",
            _("Selection: who chairs from %(days)s")
            % {"days": selection_steps.title_of(selection)},
            reverse("rotation:selection", args=[selection.slug]),
            tuple(facts),
            is_late=stage_on(selection, as_of.on) == SelectionStage.OVERDUE,
        )
    if gap and not is_told:
        yield undecided_matter(gap)


def nobody_from(gap: undecided.UndecidedDays) -> str:
    """Return "Nobody chairs from 1 Jul 2027". Pure."""
    return _("Nobody chairs from %(first)s") % {"first": formatting.plain_day(gap.first_day)}


def undecided_matter(gap: undecided.UndecidedDays) -> Matter:
    """Return the days without a chair for which no selection runs. Pure."""
    url = reverse("rotation:timeline")
    fact = _("No term is planned.")
    if gap.term:
        url = reverse("rotation:term", args=[gap.term.slug])
        fact = _("The term of %(agencies)s is %(state)s.") % {
            "agencies": gap.agencies,
            "state": gap.term.get_state_display(),
        }
    return Matter(MatterKind.SUCCESSION, NEXT, nobody_from(gap), url, (fact,), is_late=True)


def selection_facts(
    selection: Selection, received: SelectionAnswers, members: Sequence[Agency], as_of: AsOf
) -> Iterator[str]:
    """Yield the facts of a running selection.

    Its stage, who stands, and who is silent. `members` are those of `as_of.on`; answers of other
    agencies are left out. Pure, from a selection of `running_for_steps`.
    """
    yield stage_words(selection, as_of.on)
    answers = received.answers
    standing = [agency for agency in members if answers.get(agency.pk) == Answer.STANDS]
    gone = {Answer.DECLINES, Answer.WITHDRAWN}
    declined = [agency for agency in members if answers.get(agency.pk) in gone]
    silent = [agency for agency in members if agency not in {*standing, *declined}]
    yield (
        _("Stands: %(agencies)s.") % {"agencies": acronyms_of(standing)}
        if standing
        else _("Nobody stands.")
    )
    yield from named(_("Has not said: %(agencies)s."), silent)
    yield from named(_("Declined or withdrew: %(agencies)s."), declined)
    yield from vote_facts(selection, received, members, as_of.on)
    escalations = list(selection.escalations.all())
    if escalations:
        yield _("With the principals since %(day)s: %(reason)s.") % {
            "day": formatting.plain_day(escalations[0].at.astimezone(as_of.group.zone).date()),
            "reason": EscalationReason(escalations[-1].reason).label,
        }
        waiting = [agency for agency in members if agency.pk not in received.principals]
        yield from named(_("Their principals have not answered: %(agencies)s."), waiting)


def named(sentence: str, agencies: Sequence[Agency]) -> Iterable[str]:
    """Return the sentence about these agencies, nothing without any. Pure."""
    return [sentence % {"agencies": acronyms_of(agencies)}] if agencies else []


def stage_words(selection: Selection, day: date) -> str:
    """Return the stage of a selection and its last day. Pure.

    On a given day.
    """
    stage = stage_on(selection, day)
    if stage == SelectionStage.OVERDUE:
        return _("The decision was due on %(day)s.") % {
            "day": formatting.plain_day(selection.decision_until)
        }
    until = {
        SelectionStage.CALL: selection.call_until,
        SelectionStage.CONSULTATION: selection.consultation_until,
        SelectionStage.DECISION: selection.decision_until,
    }
    return _("%(stage)s until %(until)s; decision by %(decision)s.") % {
        "stage": stage.label,
        "until": formatting.plain_day(until[stage]),
        "decision": formatting.plain_day(selection.decision_until),
    }


def vote_facts(
    selection: Selection, received: SelectionAnswers, members: Sequence[Agency], day: date
) -> Iterator[str]:
    """Yield each open vote and the members of `day` who have not voted.

    Pure.
    """
    for vote in (vote for term in selection.terms.all() for vote in term.votes.all()):
        if not vote.is_open or day > vote.until:
            continue
        cast = received.voted[vote.pk]
        yield _("A vote is open until %(day)s.") % {"day": formatting.plain_day(vote.until)}
        waiting = [each for each in members if each.pk in vote.electorate and each.pk not in cast]
        yield from named(_("Has not voted: %(agencies)s."), waiting)


def succession_sentence(following: ChairTerm | None) -> str:
    """Return who chairs after a term.

    For a page without an undecided day. Two queries.
    """
    if following is None:
        return _("Nothing has to be decided within three months.")
    return _("%(agencies)s from %(day)s.") % {
        "agencies": acronyms_of(chair.chairing_agencies(following)),
        "day": formatting.plain_day(following.first_day),
    }
