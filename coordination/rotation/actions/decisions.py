"""The decision on a selection's term, which confirms the chair."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from coordination.core import formatting, history
from coordination.core.due import wake_on_commit
from coordination.core.periods import Period
from coordination.core.permissions import On, require
from coordination.core.queries import day_in_group
from coordination.core.versions import claim
from coordination.members.models import Agency, Person
from coordination.members.queries.agencies import is_member_on
from coordination.rotation.actions import terms
from coordination.rotation.actions.recording import GroupDecision
from coordination.rotation.actions.selections import conclude, lock_running
from coordination.rotation.actions.terms import TermProposal
from coordination.rotation.enums import (
    DecisionMethod,
    SelectionChange,
    SelectionOutcome,
    SelectionState,
    TermKind,
    TermState,
    VoteState,
)
from coordination.rotation.errors import DecisionRefused, NobodyChairs, SelectionOver
from coordination.rotation.models import (
    ChairTerm,
    SelectionDecision,
    SelectionTerm,
    SelectionVote,
)
from coordination.rotation.queries import chair, selections, votes
from coordination.rotation.queries import terms as terms_queries

KINDS = {
    SelectionOutcome.CHAIR: TermKind.TERM,
    SelectionOutcome.EXTENSION: TermKind.EXTENSION,
    SelectionOutcome.CARETAKER: TermKind.CARETAKER,
    SelectionOutcome.TROIKA: TermKind.TROIKA,
}
TROIKA_LEAST = 2
LONGEST_REASON = 300  # characters, as TermOperation.reason


@dataclass(frozen=True, slots=True)
class ChairDecision:
    """The input of a decision: what, how, and what proves it.

    `agencies` are for a chair of those that stand, and for a caretaker; the others follow from the
    terms before and after.
    """

    outcome: str
    method: str
    agencies: Sequence[Agency] = ()
    consulted: Sequence[Agency] = ()
    vote: SelectionVote | None = None
    document: str = ""
    words: str = ""
    limits: str = ""


def holders(term: SelectionTerm, decision: ChairDecision, *, at: datetime) -> list[Agency]:
    """Return the agencies that would chair. Raises NobodyChairs, DecisionRefused."""
    day = day_in_group(at)
    if decision.outcome in {SelectionOutcome.CHAIR, SelectionOutcome.CARETAKER}:
        if not decision.agencies:
            raise NobodyChairs(_("Name at least one agency."), field="agencies")
        return list(decision.agencies)
    if decision.outcome == SelectionOutcome.TROIKA:
        agencies = selections.troika_for(days_to_decide(term, day), day)
        if len(agencies) < TROIKA_LEAST:
            raise DecisionRefused(
                _("A troika needs a previous and a present chair that are members then."),
                field="outcome",
            )
        return agencies
    before = chair.term_before(days_to_decide(term, day).first)
    agencies = [
        agency
        for agency in (chair.chairing_agencies(before) if before else ())
        if is_member_on(agency, term.last_day)
    ]
    if not agencies:
        raise DecisionRefused(_("No chair before this term could go on."), field="outcome")
    return agencies


def refuse_decision(
    term: SelectionTerm, decision: ChairDecision, agencies: Sequence[Agency], *, at: datetime
) -> None:
    """Refuse an incomplete decision or an impossible outcome."""
    view = selections.view_of(
        selections.with_candidatures().get(pk=term.selection_id), day_in_group(at)
    )
    if term.pk not in {undecided.pk for undecided in view.undecided}:
        raise SelectionOver(_("This term has its decision."))
    if term.votes.filter(state=VoteState.OPEN).exists():
        raise DecisionRefused(
            _("A vote on this term is open. Close it first, or wait for its end.")
        )
    if decision.outcome == SelectionOutcome.CHAIR:
        absent = [agency for agency in agencies if agency not in view.standing]
        if absent:
            raise DecisionRefused(
                _("%(agencies)s: does not stand. An agency says on its own page that it stands.")
                % {"agencies": formatting.list_of(agency.acronym for agency in absent)},
                field="agencies",
            )
    elif not view.remedies_apply:
        raise DecisionRefused(
            _(
                "Agencies stand, and the decision is not late. An extension, a caretaker or a "
                "troika is for a term that nobody takes."
            ),
            field="outcome",
        )
    refuse_method(term, decision, agencies)
    terms.refuse_chairs(agencies, proposal_of(term, decision, at=at))


def refuse_method(term: SelectionTerm, decision: ChairDecision, agencies: Sequence[Agency]) -> None:
    """Raise DecisionRefused for a method without its proof."""
    if decision.method == DecisionMethod.CONSENSUS and not decision.consulted:
        raise DecisionRefused(_("Say who was consulted."), field="consulted")
    if decision.method == DecisionMethod.SENIOR and not decision.document.strip():
        raise DecisionRefused(
            _("Name the document of the senior officials: its title, its date, where it is kept."),
            field="document",
        )
    if decision.method != DecisionMethod.VOTE:
        return
    chosen = decision.vote
    vote = votes.with_cast().filter(pk=chosen.pk, term=term).first() if chosen else None
    result = votes.result_of(vote) if vote else None
    if result is None:
        raise DecisionRefused(_("Choose a vote on this term that is closed."), field="vote")
    if not result.has_quorum:
        raise DecisionRefused(
            _("This vote missed its quorum, so it decides nothing."), field="vote"
        )
    if result.winner is None:
        raise DecisionRefused(
            _(
                "This vote is a tie, so it decides nothing. Vote again, seek consensus, or ask the "
                "senior officials."
            ),
            field="vote",
        )
    if list(agencies) != [result.winner]:
        raise DecisionRefused(
            _("The vote went to %(agency)s.") % {"agency": result.winner}, field="agencies"
        )


def proposal_of(term: SelectionTerm, decision: ChairDecision, *, at: datetime) -> TermProposal:
    """Return the term that a decision makes.

    If the decision is late, the term begins on its own day.
    """
    days = days_to_decide(term, day_in_group(at))
    assert days.last
    return TermProposal(days.first, days.last, KINDS[SelectionOutcome(decision.outcome)])


def days_to_decide(term: SelectionTerm, day: date) -> Period:
    """Return the first days that a decision of `day` fills.

    They have no confirmed chair. A caretaker may bridge the first days of a term while its
    selection goes on.
    """
    first = selections.begins_on(term, day)
    free = selections.free_days(term, day)
    return free[0] if free else Period(first, max(first, term.last_day))


@transaction.atomic
def decide(
    term: SelectionTerm, decision: ChairDecision, *, version: int, by: Person, at: datetime
) -> SelectionDecision:
    """Decide a term of a selection, and confirm it.

    `version` is that of the selection. Proposals of others for these days are withdrawn. Raises
    NotAllowed, SelectionOver, Stale, DecisionRefused, NobodyChairs, TooManyChairs, TermBegan.
    """
    selection = lock_running(term.selection)
    require(by, "rotation.run_selection", On(day_in_group(at)))
    claim(selection, version)
    if term.last_day < day_in_group(at):
        raise SelectionOver(_("The last day of this term has passed."))
    agencies = holders(term, decision, at=at)
    refuse_decision(term, decision, agencies, at=at)
    proposal = proposal_of(term, decision, at=at)
    chair_term = confirmed_term(agencies, proposal, kept_decision(term, decision), by=by, at=at)
    row = SelectionDecision(
        term=term,
        chair_term=chair_term,
        outcome=decision.outcome,
        method=decision.method,
        agencies=[agency.pk for agency in agencies],
        consulted=[agency.pk for agency in decision.consulted],
        vote=decision.vote if decision.method == DecisionMethod.VOTE else None,
        document=decision.document.strip(),
        words=decision.words.strip(),
        limits=decision.limits.strip(),
        recorded_by=by,
        recorded_at=at,
    )
    history.sign(row, by=by, reason=SelectionChange.CHAIR_DECIDED)
    row.save()
    if not selection.terms.filter(decision__isnull=True).exists():
        conclude(selection, SelectionState.CONFIRMED, by=by, at=at)
    else:
        selection.save(update_fields=["version"])
    wake_on_commit()
    return row


def rival_proposals(period: Period) -> list[ChairTerm]:
    """Return the proposals that a decision for `period` replaces."""
    proposals = terms_queries.terms_in_order().filter(state=TermState.PROPOSED)
    return list(proposals.filter(first_day__lte=period.last, last_day__gte=period.first))


def kept_decision(term: SelectionTerm, decision: ChairDecision) -> GroupDecision:
    """Return the decision as history keeps it: codes, document and reason."""
    how: dict[str, object] = {
        "selection": term.selection.slug,
        "outcome": decision.outcome,
        "method": decision.method,
    }
    if decision.method == DecisionMethod.CONSENSUS:
        how["consulted"] = [agency.acronym for agency in decision.consulted]
    elif decision.method == DecisionMethod.VOTE and decision.vote:
        vote = votes.with_cast().get(pk=decision.vote.pk)
        result = votes.result_of(vote)
        assert result
        how["is_secret"] = vote.is_secret
        how["tallies"] = [
            [tally.agency.acronym if tally.agency else "", tally.count] for tally in result.tallies
        ]
    reason = Truncator(" ".join(decision.words.split())).chars(LONGEST_REASON)
    return GroupDecision(document=decision.document, reason=reason, how=how)


def confirmed_term(
    agencies: Sequence[Agency],
    proposal: TermProposal,
    decision: GroupDecision,
    *,
    by: Person,
    at: datetime,
) -> ChairTerm:
    """Confirm an identical proposal, or else a new term."""
    same = None
    for rival in rival_proposals(proposal.period):
        is_same = (rival.period, rival.kind) == (proposal.period, proposal.kind) and list(
            chair.chairing_agencies(rival)
        ) == list(agencies)
        if is_same and same is None:
            same = rival
        else:
            terms.withdraw_term(rival, version=rival.version, by=by, at=at)
    term = same or terms.propose_term(agencies, proposal, by=by, at=at)
    return terms.confirm_term(term, version=term.version, by=by, at=at, decision=decision)
