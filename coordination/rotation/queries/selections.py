"""Selections: their stage, who stands, who has not answered, and why."""

import calendar
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    Count,
    Exists,
    Max,
    Min,
    OuterRef,
    Prefetch,
    QuerySet,
    prefetch_related_objects,
)
from django.utils.translation import gettext as _

from coordination.core import formatting
from coordination.core.models import Group
from coordination.core.periods import ONE_DAY, Period, gaps
from coordination.members.enums import Role
from coordination.members.models import Agency, Appointment
from coordination.members.queries import people, recipients
from coordination.members.queries.agencies import members_on
from coordination.rotation.enums import (
    CANDIDATURE_LIFE,
    Answer,
    EscalationReason,
    SelectionStage,
    SelectionState,
)
from coordination.rotation.models import (
    Candidature,
    ChairTerm,
    OwedTurn,
    PrincipalAnswer,
    Selection,
    SelectionTerm,
    SelectionVote,
    Unavailability,
)
from coordination.rotation.queries import chair
from coordination.rotation.queries.votes import load_cast

# the shares of the time to the first day after which the stages end, and their least days
CALL, CONSULTATION, DECISION = (0.3, 7), (0.5, 14), (0.7, 21)
# the answers in the order of the page; None is no answer
ORDER = (Answer.STANDS, Answer.NOT_YET, None, Answer.WITHDRAWN, Answer.DECLINES)


def months_after(day: date, months: int) -> date:
    """Return the day `months` later, within a shorter month.

    Pure.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def answers_after(row: Candidature | None) -> list[Answer]:
    """Return the possible next answers, in the form's order.

    None is an agency that has not answered. Pure.
    """
    if row is None:
        return [each for each in Answer if each in CANDIDATURE_LIFE.begins]
    return [each for each in Answer if CANDIDATURE_LIFE.allows(row.answer, each)]


def stage_on(selection: Selection, day: date) -> SelectionStage:
    """Return the stage of a selection that runs on `day`. Pure."""
    if day <= selection.call_until:
        return SelectionStage.CALL
    if day <= selection.consultation_until:
        return SelectionStage.CONSULTATION
    return SelectionStage.DECISION if day <= selection.decision_until else SelectionStage.OVERDUE


def usual_dates(day: date, first_day: date) -> tuple[date, date, date]:
    """Return the usual last days of call, consultation and decision.

    Shares of the time to the first day of its term, and never on a weekend. Pure.
    """
    days = max(0, (first_day - day).days)
    call, consultation, decision = (
        day + timedelta(days=max(least, int(days * share)))
        for share, least in (CALL, CONSULTATION, DECISION)
    )
    return working_day(call), working_day(consultation), working_day(decision)


def working_day(day: date) -> date:
    """Return `day`, or the Friday before a weekend.

    Pure.
    """
    return day - timedelta(days=max(0, day.weekday() - 4))


def days_to_fill(day: date, group: Group, taken: Sequence[Period] = ()) -> Period | None:
    """Return the first uncovered days from `day`, one usual term long.

    None before the first term on record. They end before the next confirmed term. Days that are
    `taken` count as covered. One query.
    """
    sat = [sitting.period for sitting in chair.sittings()]
    if not sat:
        return None
    sat += taken
    far = months_after(max(period.last or day for period in sat), 2 * group.term_months) + ONE_DAY
    free = gaps(sat, day, max(far, months_after(day, 2 * group.term_months)))[0]
    usual = months_after(free.first, group.term_months) - ONE_DAY
    return Period(free.first, min(usual, free.last or usual))


def run_of_terms(first: Period, number: int, months: int) -> list[Period]:
    """Return `number` consecutive terms, the first one given.

    Each later one has `months`. Months are counted from the day after the first term, so 31
    August and twice six is 31 August. Pure.
    """
    assert first.last
    anchor = first.last + ONE_DAY
    later = [
        Period(
            months_after(anchor, months * place),
            months_after(anchor, months * (place + 1)) - ONE_DAY,
        )
        for place in range(number - 1)
    ]
    return [first, *later]


def with_days() -> QuerySet[Any]:
    """Return all selections with their terms, newest first.

    Each has `first_day`, `last_day` and `count`: the days that it fills, and the number of terms.
    """
    return Selection.objects.prefetch_related("terms").annotate(
        first_day=Min("terms__first_day"), last_day=Max("terms__last_day"), count=Count("terms")
    )


def running() -> QuerySet[Any]:
    """Return the selections that run, as `with_days`, the first to begin first."""
    return with_days().filter(state=SelectionState.RUNNING).order_by("first_day", "pk")


def terms_on_the_way(period: Period, *states: SelectionState) -> QuerySet[SelectionTerm]:
    """Return selections' terms in these states that overlap `period`."""
    assert period.last
    return SelectionTerm.objects.filter(
        selection__state__in=states, first_day__lte=period.last, last_day__gte=period.first
    ).select_related("selection")


def with_candidatures() -> QuerySet[Selection]:
    """Return all selections with their terms and what agencies answered; three queries."""
    return Selection.objects.select_related("opened_by").prefetch_related(
        Prefetch(
            "terms",
            SelectionTerm.objects.select_related("decision__chair_term", "decision__recorded_by"),
        ),
        Prefetch(
            "candidatures",
            Candidature.objects.select_related("agency", "answered_by", "preferred"),
        ),
    )


def with_escalations() -> QuerySet[Selection]:
    """Return all selections with their escalations to the principals; four queries."""
    return with_candidatures().prefetch_related("escalations")


def load_principal_answers(selection: Selection) -> None:
    """Load what the principals answered, once a selection is with them; one query at most."""
    answers = PrincipalAnswer.objects.select_related("agency", "supported", "answered_by")
    if selection.escalations.all():
        prefetch_related_objects([selection], Prefetch("principal_answers", answers))


def with_votes() -> QuerySet[Selection]:
    """Return all selections with their escalations and votes; five queries."""
    return with_escalations().prefetch_related("terms__votes")


def votes_of(selection: Selection) -> list[SelectionVote]:
    """Return the votes of a selection of `with_votes` with what was cast; three queries at most."""
    votes = [vote for term in selection.terms.all() for vote in term.votes.all()]
    load_cast(votes)
    return votes


def confirmed_in(period: Period) -> QuerySet[ChairTerm]:
    """Return the confirmed terms that overlap `period`.

    Whether or not their agencies are members then.
    """
    return chair.confirmed().filter(first_day__lte=period.last, last_day__gte=period.first)


def unavailable_in(period: Period) -> QuerySet[Unavailability]:
    """Return when agencies are not available on a day of `period`."""
    return Unavailability.objects.filter(
        withdrawn_at__isnull=True, first_day__lte=period.last, last_day__gte=period.first
    ).select_related("agency")


def unavailable_ahead(agency: Agency, day: date) -> QuerySet[Unavailability]:
    """Return when the agency is not available from `day` on."""
    return Unavailability.objects.filter(
        agency=agency, withdrawn_at__isnull=True, last_day__gte=day
    )


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact about an agency for the group: code, sentence, words."""

    code: str
    sentence: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class CandidateLine:
    """An agency in a selection, with its answer and facts."""

    agency: Agency
    candidature: Candidature | None
    facts: tuple[Fact, ...] = ()

    @property
    def answer(self) -> Answer | None:
        """Return the answer, None if the agency has not given one."""
        return Answer(self.candidature.answer) if self.candidature else None

    @property
    def is_silent(self) -> bool:
        """Return whether the agency is still asked for its answer."""
        return self.answer in {None, Answer.NOT_YET}

    @property
    def takes_letter(self) -> bool:
        """Return whether a letter may replace the present answer.

        The agency said nothing itself that is final.
        """
        return self.is_silent or bool(self.candidature and self.candidature.letter)


@dataclass(frozen=True, slots=True)
class SelectionView:
    """A selection on a day: its stage, and each member's line."""

    selection: Selection
    stage: SelectionStage
    lines: tuple[CandidateLine, ...]
    terms: tuple[SelectionTerm, ...] = field(default=())

    @property
    def standing(self) -> list[Agency]:
        """Return the agencies that stand."""
        return [line.agency for line in self.lines if line.answer == Answer.STANDS]

    @property
    def silent(self) -> list[Agency]:
        """Return the agencies that have not said whether they stand."""
        return [line.agency for line in self.lines if line.is_silent]

    @property
    def declined(self) -> list[Agency]:
        """Return the agencies that declined or withdrew."""
        gone = {Answer.DECLINES, Answer.WITHDRAWN}
        return [line.agency for line in self.lines if line.answer in gone]

    @property
    def first_day(self) -> date:
        """Return the first day that the selection fills."""
        return self.terms[0].first_day

    @property
    def last_day(self) -> date:
        """Return the last day that the selection fills."""
        return self.terms[-1].last_day

    @property
    def members(self) -> list[Agency]:
        """Return the agencies, by acronym."""
        return sorted((line.agency for line in self.lines), key=lambda agency: agency.acronym)

    @property
    def undecided(self) -> list[SelectionTerm]:
        """Return the terms without a decision."""
        return [term for term in self.terms if not hasattr(term, "decision")]

    @property
    def remedies_apply(self) -> bool:
        """Return whether the group may end it without a candidate.

        That is when nobody stands, or when the deadline of the decision has passed.
        """
        return not self.standing or self.stage == SelectionStage.OVERDUE


def view_of(selection: Selection, day: date) -> SelectionView:
    """Return a selection from `with_candidatures` as its page shows it; two queries.

    The agencies are the members of `day`, and those that answered and have left since are left out.
    """
    terms = tuple(selection.terms.all())
    answers = {row.agency_id: row for row in selection.candidatures.all()}
    away: dict[int, list[Unavailability]] = {}
    for row in unavailable_in(Period(terms[0].first_day, terms[-1].last_day)):
        away.setdefault(row.agency_id, []).append(row)
    owed = OwedTurn.objects.filter(settled_by=None, agency=OuterRef("pk"))
    members: QuerySet[Any] = members_on(day).annotate(is_owed=Exists(owed))
    lines = [
        CandidateLine(
            agency,
            answers.get(agency.pk),
            facts_of(answers.get(agency.pk), away.get(agency.pk, ()), is_owed=agency.is_owed),
        )
        for agency in members
    ]
    lines.sort(key=lambda line: ORDER.index(line.answer))
    return SelectionView(selection, stage_on(selection, day), tuple(lines), terms)


def to_vote_on(view: SelectionView) -> list[SelectionTerm]:
    """Return the terms on which a vote may open.

    Pure, from loaded votes.
    """
    if len(view.standing) < 2:  # noqa: PLR2004 - a vote decides between two
        return []
    return [term for term in view.undecided if not any(vote.is_open for vote in term.votes.all())]


def facts_of(
    candidature: Candidature | None, away: Iterable[Unavailability], *, is_owed: bool
) -> tuple[Fact, ...]:
    """Return the facts about one agency; none of them follows from another. Pure."""
    facts = []
    if candidature and candidature.answer == Answer.DECLINES:
        facts.append(
            Fact(
                "declined",
                _("declines this selection: %(reason)s")
                % {"reason": candidature.get_decline_reason_display()},
                candidature.words,
            )
        )
    facts += [
        Fact(
            "unavailable",
            _("not available from %(first)s to %(last)s")
            % {
                "first": formatting.plain_day(row.first_day),
                "last": formatting.plain_day(row.last_day),
            },
            row.reason,
        )
        for row in away
    ]
    if is_owed:
        facts.append(Fact("owed", _("is owed a turn")))
    if candidature and candidature.wishes_next:
        facts.append(Fact("wishes_next", _("wishes the term after this selection")))
    return tuple(facts)


def standing_in(selection: Selection, day: date) -> list[int]:
    """Return the keys of the day's members that stand, as saved now; one query."""
    rows = selection.candidatures.filter(answer=Answer.STANDS, agency__in=members_on(day))
    return list(rows.values_list("agency_id", flat=True))


def silent_in(selection: Selection, day: date) -> list[Agency]:
    """Return the day's members that have not answered the call.

    One query.
    """
    answered = selection.candidatures.exclude(answer=Answer.NOT_YET).values("agency")
    return list(members_on(day).exclude(pk__in=answered))


def escalation_due(
    selection: Selection, day: date, standing: Collection[Agency] | None = None
) -> EscalationReason | None:
    """Return why a running selection is with the principals on `day`, or None.

    An undecided one after the deadline of the decision; before that, one for which nobody stands
    after the call. One query at most, none where those that stand are loaded.
    """
    if day > selection.decision_until:
        return EscalationReason.UNDECIDED
    if day <= selection.call_until:
        return None
    if not (standing_in(selection, day) if standing is None else standing):
        return EscalationReason.NOBODY_STANDS
    return None


def deadline_of(selection: Selection, reason: str) -> date:
    """Return the deadline whose passing is the reason of an escalation. Pure."""
    by_reason = {
        EscalationReason.NOBODY_STANDS: selection.call_until,
        EscalationReason.UNDECIDED: selection.decision_until,
    }
    return by_reason[EscalationReason(reason)]


@dataclass(frozen=True, slots=True)
class PrincipalLine:
    """An agency before the principals: its head, and what was answered."""

    agency: Agency
    head: Appointment | None
    answer: PrincipalAnswer | None


def principal_lines(view: SelectionView, day: date) -> list[PrincipalLine]:
    """Return each member of `day` with its principal and their answer.

    None before a selection is with the principals, so no query; else one.
    """
    if not view.selection.escalations.all():
        return []
    heads = people.principals_on(day)
    answers = {row.agency_id: row for row in view.selection.principal_answers.all()}
    return [
        PrincipalLine(agency, heads.get(agency.pk), answers.get(agency.pk))
        for agency in view.members
    ]


def answering_as_principal(person_id: int, agencies: Iterable[Agency], day: date) -> list[int]:
    """Return keys of agencies whose principal the person answers for.

    One query. The principal or the office; where neither has an account, whoever is in office
    for the agency. The person acts for all of `agencies`.
    """
    own = list(agencies)
    seniors = recipients.appointments_by_agency(own, day, Role.PRINCIPAL, Role.OFFICE)
    return [
        agency.pk
        for agency in own
        if agency.pk not in seniors or person_id in {row.person_id for row in seniors[agency.pk]}
    ]


def agencies_by_key(keys: Sequence[int]) -> list[Agency]:
    """Return agencies by their keys, in that order; one query."""
    by_key = Agency.objects.in_bulk(keys)
    return [by_key[key] for key in keys if key in by_key]


def troika_for(period: Period, day: date) -> list[Agency]:
    """Return the previous, present and next chair around `period`.

    Each agency once. Only members of its first day and its last day. Without a next chair on
    record there are two.
    """
    first = max(period.first, day)
    assert period.last
    before = list(chair.ended_before(first).prefetch_related(chair.with_agencies())[:2])
    after = chair.next_term(period.last)
    holders: list[Any] = [
        agency
        for term in (*reversed(before), *([after] if after else ()))
        for agency in chair.chairing_agencies(term)
    ]
    members = set(members_on(first)) & set(members_on(period.last))
    return [agency for agency in dict.fromkeys(holders) if agency in members]


def begins_on(term: SelectionTerm, day: date) -> date:
    """Return when a term decided on `day` begins.

    Pure.
    """
    return max(term.first_day, day)


def free_days(term: SelectionTerm, day: date) -> list[Period]:
    """Return a term's days without a confirmed chair, from `day` on.

    Two queries.
    """
    sat = [each.period for each in confirmed_in(term.period)]
    return gaps(sat, begins_on(term, day), term.last_day)
