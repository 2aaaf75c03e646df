"""What a person must or may do next with a selection."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import F, Prefetch, QuerySet, Value
from django.utils.translation import gettext as _

from coordination.core.formatting import plain_day
from coordination.core.next_steps import NextStep, Scope
from coordination.members.models import Agency
from coordination.rotation.enums import Answer, SelectionStage, SelectionState
from coordination.rotation.models import (
    Candidature,
    OpenVote,
    PrincipalAnswer,
    SecretVoter,
    Selection,
    SelectionTerm,
)
from coordination.rotation.queries.selections import answering_as_principal, stage_on


@dataclass(frozen=True, slots=True)
class SelectionReader:
    """A reader of steps: their agencies and roles.

    The steps are asked for this reader. `members` are the agencies that they act for;
    `as_principal` the keys of those for whose principal they answer. `may_run` says that they
    may decide.
    """

    members: Collection[Agency] = ()
    as_principal: Collection[int] = ()
    may_run: bool = False


@dataclass(frozen=True, slots=True)
class SelectionAnswers:
    """Which agencies, by their keys, have spoken in a selection.

    `answers` are those to the call. `voted` has who voted, by vote. `principals` are the agencies
    whose principal answered.
    """

    answers: dict[int, str] = field(default_factory=dict)
    voted: defaultdict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    principals: set[int] = field(default_factory=set)


def running_for_steps() -> QuerySet[Selection]:
    """Return running selections with terms, votes and escalations.

    At most four queries.
    """
    return (
        Selection.objects.filter(state=SelectionState.RUNNING)
        .prefetch_related(
            Prefetch("terms", SelectionTerm.objects.select_related("decision")),
            "terms__votes",
            "escalations",
        )
        .order_by("call_until", "pk")
    )


def answers_in(selections: Collection[Selection]) -> dict[int, SelectionAnswers]:
    """Return who has answered in each running selection.

    Selections are of `running_for_steps`; one query, none for none.
    """
    received = {selection.pk: SelectionAnswers() for selection in selections}
    if not received:
        return received
    none = Value("")
    votes = {
        vote.pk: selection.pk
        for selection in selections
        for term in selection.terms.all()
        for vote in term.votes.all()
    }
    candidatures = Candidature.objects.filter(selection__in=received)
    principals = PrincipalAnswer.objects.filter(selection__in=received)
    every = _spoken("answer", candidatures, "selection", F("answer")).union(
        _spoken("principal", principals, "selection", none),
        _spoken("vote", OpenVote.objects.filter(vote__in=votes), "vote", none),
        _spoken("vote", SecretVoter.objects.filter(vote__in=votes), "vote", none),
        all=True,
    )
    for kind, about, agency, answer in every:
        if kind == "answer":
            received[about].answers[agency] = answer
        elif kind == "principal":
            received[about].principals.add(agency)
        else:
            received[votes[about]].voted[about].add(agency)
    return received


def _spoken(kind: str, rows: QuerySet[Any], about: str, answer: F | Value) -> QuerySet[Any]:
    """Return (kind, key of what it is about, agency, answer) of each row."""
    named = rows.order_by().annotate(kind=Value(kind), about=F(about), given=answer)
    spoken: QuerySet[Any] = named.values_list("kind", "about", "agency", "given")
    return spoken


def answers_loaded(selection: Selection) -> SelectionAnswers:
    """Return who has spoken in a selection of `selections.with_votes` and its `votes_of`.

    One query once it is with the principals, none before.
    """
    asked = selection.principal_answers.all() if selection.escalations.all() else ()
    received = SelectionAnswers(
        {row.agency_id: row.answer for row in selection.candidatures.all()},
        principals={row.agency_id for row in asked},
    )
    for vote in (vote for term in selection.terms.all() for vote in term.votes.all()):
        rows = vote.secret_voters.all() if vote.is_secret else vote.open_votes.all()
        received.voted[vote.pk] = {row.agency_id for row in rows}
    return received


def title_of(selection: Selection) -> str:
    """Return a selection's days for a sentence.

    Its terms are loaded.
    """
    terms = selection.terms.all()
    return _("%(first)s to %(last)s") % {
        "first": plain_day(terms[0].first_day),
        "last": plain_day(terms[len(terms) - 1].last_day),
    }


def steps_of(
    selection: Selection, received: SelectionAnswers, reader: SelectionReader, day: date
) -> list[NextStep]:
    """Return a reader's steps in a running selection on `day`.

    Pure, from loaded facts.
    """
    if not selection.is_running:
        return []
    return [
        *stand_steps(selection, received, reader, day),
        *vote_steps(selection, received, reader, day),
        *principal_steps(selection, received, reader),
        *decide_steps(selection, reader, day),
    ]


def stand_steps(
    selection: Selection, received: SelectionAnswers, reader: SelectionReader, day: date
) -> Iterable[NextStep]:
    """Yield the step to answer the call for the reader's agencies."""
    given = {agency for agency, answer in received.answers.items() if answer != Answer.NOT_YET}
    silent = tuple(agency for agency in reader.members if agency.pk not in given)
    if not silent:
        return
    in_call = stage_on(selection, day) == SelectionStage.CALL
    yield NextStep(
        kind="rotation.stand",
        what=_("Say whether your agency stands for the chair"),
        about=title_of(selection),
        verb=_("Answer"),
        scope=Scope.AGENCY,
        day=selection.call_until if in_call else selection.decision_until,
        url_name="rotation:answer",
        url_args=(selection.slug,),
        agencies=silent,
    )


def vote_steps(
    selection: Selection, received: SelectionAnswers, reader: SelectionReader, day: date
) -> Iterable[NextStep]:
    """Yield the step to vote in each open vote."""
    for vote in (vote for term in selection.terms.all() for vote in term.votes.all()):
        gone = received.voted[vote.pk]
        waiting = tuple(
            agency
            for agency in reader.members
            if agency.pk in vote.electorate and agency.pk not in gone
        )
        if vote.is_open and day <= vote.until and waiting:
            yield NextStep(
                kind="rotation.vote",
                what=_("Cast the vote of your agency on the chair"),
                about=title_of(selection),
                verb=_("Vote"),
                scope=Scope.AGENCY,
                day=vote.until,
                url_name="rotation:vote",
                url_args=(selection.slug, vote.pk),
                agencies=waiting,
            )


def principal_steps(
    selection: Selection, received: SelectionAnswers, reader: SelectionReader
) -> Iterable[NextStep]:
    """Yield the step to answer an escalated selection for a principal."""
    escalations = list(selection.escalations.all())
    waiting = tuple(
        agency
        for agency in reader.members
        if agency.pk in reader.as_principal and agency.pk not in received.principals
    )
    if escalations and waiting:
        yield NextStep(
            kind="rotation.principal",
            what=_("Answer for your principal: who chairs"),
            about=title_of(selection),
            verb=_("Answer"),
            scope=Scope.AGENCY,
            day=escalations[-1].deadline,
            url_name="rotation:principals",
            url_args=(selection.slug,),
            agencies=waiting,
        )


def decide_steps(selection: Selection, reader: SelectionReader, day: date) -> Iterable[NextStep]:
    """Yield the step to decide on the first undecided term.

    It is asked in the stage of the decision, or once the principals were asked, and possible
    before.
    """
    open_terms = [term for term in selection.terms.all() if not hasattr(term, "decision")]
    if not reader.may_run or not open_terms:
        return
    yield NextStep(
        kind="rotation.decide",
        what=_("Record who chairs"),
        about=title_of(selection),
        verb=_("Record the decision"),
        must=stage_on(selection, day) in {SelectionStage.DECISION, SelectionStage.OVERDUE}
        or bool(selection.escalations.all()),
        scope=Scope.CHAIR,
        day=selection.decision_until,
        url_name="rotation:decide",
        url_args=(selection.slug, open_terms[0].pk),
    )


def required_steps(
    person_id: int, members: Collection[Agency], day: date, *, may_run: bool
) -> list[NextStep]:
    """Return what the running selections ask of a person who acts for `members`.

    One query, more while a selection runs.
    """
    selections = list(running_for_steps())
    received = answers_in(selections)
    is_escalated = any(selection.escalations.all() for selection in selections)
    as_principal = answering_as_principal(person_id, members, day) if is_escalated else []
    reader = SelectionReader(members, as_principal, may_run)
    return [
        step
        for selection in selections
        for step in steps_of(selection, received[selection.pk], reader, day)
        if step.must
    ]
