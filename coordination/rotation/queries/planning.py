"""What the planner needs to know, read from the record."""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta

from django.db.models import Value

from coordination.core.actions import ACTS_WITHIN
from coordination.core.models import Group
from coordination.core.periods import Period
from coordination.members.enums import MembershipStatus
from coordination.members.models import Agency, Membership
from coordination.rotation.enums import Answer, SelectionState, TermKind, TermState
from coordination.rotation.models import Candidature, ChairTerm, OwedTurn, Unavailability
from coordination.rotation.planning import months, spans
from coordination.rotation.planning.situation import (
    ChairedDays,
    EntryRule,
    Key,
    OpenTerm,
    PlannedMember,
    Situation,
    StrategicEvent,
)
from coordination.rotation.planning.spans import ONE_DAY, DaySpan
from coordination.rotation.queries import chair, terms
from coordination.rotation.queries.chair import Sitting

USUAL_TERMS, MOST_TERMS = 6, 20


@dataclass(frozen=True, slots=True)
class Wishes:
    """What agencies have said about chairing, and what the group owes or reserves.

    `unavailable` and `declined` are days by agency; `owed` is a number of turns.
    """

    unavailable: tuple[tuple[Key, DaySpan], ...] = ()
    declined: tuple[tuple[Key, DaySpan], ...] = ()
    owed: Mapping[Key, int] = field(default_factory=dict)
    events: tuple[StrategicEvent, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanBase:
    """The situation to plan, with the records that it was made from.

    `proposals` are the proposed terms by the index of the open term that they announce.
    """

    day: date
    situation: Situation
    agencies: Mapping[Key, Agency]
    sittings: tuple[Sitting, ...]
    proposals: Mapping[int, ChairTerm]
    wishes: Wishes

    @property
    def fingerprint(self) -> str:
        """Return a hash of all that decides or changes with a plan."""
        versions = {at: (term.pk, term.version) for at, term in self.proposals.items()}
        content = [asdict(self.situation), versions]
        text = json.dumps(content, default=_as_json, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def horizon(self) -> DaySpan | None:
        """Return the days from tomorrow to the last open term's end.

        None without an open term.
        """
        open_terms = self.situation.open_terms
        return DaySpan(self.day + ONE_DAY, open_terms[-1].days.last) if open_terms else None


def _as_json(value: object) -> object:
    return sorted(value) if isinstance(value, frozenset) else str(value)


def plan_base(
    day: date,
    group: Group,
    *,
    count: int = USUAL_TERMS,
    wishes: Wishes | None = None,
    sittings: Sequence[Sitting] | None = None,
) -> PlanBase:
    """Load what the next `count` terms are planned from.

    Six queries, seven by the alphabet. `wishes` and `sittings` are those on record where none
    are given.

    A term that is proposed is an open term. Other open days make terms of the usual length. Terms
    end within ten years, as acts do.
    """
    known = wishes if wishes is not None else wishes_from(day)
    entry = EntryRule(group.newcomer_entry)
    memberships = member_days()
    agencies = {agency.pk: agency for agency in memberships}
    seated = tuple(chair.sittings() if sittings is None else sittings)
    chaired = tuple(
        ChairedDays(DaySpan(each.first_day, each.last_day), keys_of(each.agencies))
        for each in seated
    )
    holding = list(terms.terms_in_order().filter(last_day__gt=day))
    open_terms, proposals = open_terms_from(day, seated, holding, group.term_months, count)
    situation = Situation(
        planned_members(memberships, entry),
        chaired,
        open_terms,
        known.unavailable,
        known.declined,
        known.owed,
        known.events,
        minimum_months=group.newcomer_months,
        entry=entry,
    )
    return PlanBase(day, situation, agencies, seated, proposals, known)


def wishes_from(day: date) -> Wishes:
    """Load unavailable days from `day` on, and owed turns.

    Two queries.
    """
    away = Unavailability.objects.filter(withdrawn_at__isnull=True, last_day__gte=day)
    declined = Candidature.objects.filter(
        answer=Answer.DECLINES,
        selection__state=SelectionState.RUNNING,
        selection__terms__last_day__gte=day,
    )
    days_of_terms = ("selection__terms__first_day", "selection__terms__last_day")
    owed = OwedTurn.objects.filter(settled_by__isnull=True).values_list("agency", flat=True)
    names = ("kind", "pk", "agency")
    rows = (
        away.order_by()
        .annotate(kind=Value("away"))
        .values_list(*names, "first_day", "last_day")
        .union(
            declined.order_by()
            .annotate(kind=Value("declined"))
            .values_list(*names, *days_of_terms),
            all=True,
        )
    )
    spans: dict[str, list[tuple[Key, DaySpan]]] = {"away": [], "declined": []}
    for kind, _pk, key, first, last in sorted(rows):
        spans[kind].append((key, DaySpan(first, last)))
    return Wishes(
        tuple(spans["away"]),
        tuple(spans["declined"]),
        dict(Counter(owed)),  # a Counter does not survive `asdict`
    )


def keys_of(agencies: Iterable[Agency]) -> tuple[Key, ...]:
    """Return the keys of agencies in their order."""
    return tuple(agency.pk for agency in agencies)


def member_days() -> dict[Agency, tuple[DaySpan, ...]]:
    """Return the memberships of present and former members, by acronym.

    One query.
    """
    rows = Membership.objects.filter(standing=MembershipStatus.MEMBER).select_related("agency")
    days: dict[Agency, list[DaySpan]] = defaultdict(list)
    for row in rows.order_by("agency__acronym", "first_day"):
        days[row.agency].append(span_of(row.period))
    return {agency: tuple(each) for agency, each in days.items()}


def span_of(period: Period) -> DaySpan:
    """Return a period as the planner counts days."""
    return DaySpan(period.first, period.last or date.max)


def planned_members(
    memberships: Mapping[Agency, tuple[DaySpan, ...]], entry: EntryRule
) -> tuple[PlannedMember, ...]:
    """Return the agencies for the planner, placed by acronym.

    One query where names decide.
    """
    names = names_by_day(memberships) if entry == EntryRule.ALPHABETICAL else {}
    return tuple(
        PlannedMember(agency.pk, place, days, names.get(agency.pk, ()))
        for place, (agency, days) in enumerate(memberships.items())
    )


def names_by_day(agencies: Iterable[Agency]) -> dict[Key, tuple[tuple[date, str], ...]]:
    """Return the names of each agency with their first days.

    An agency without history has its present name. One query.
    """
    names: dict[Key, list[tuple[date, str]]] = defaultdict(list)
    rows = Agency.history.order_by("history_date", "history_id")
    for key, moment, name in rows.values_list("id", "history_date", "name"):
        names[key].append((moment.date(), name))
    return {
        agency.pk: tuple(names.get(agency.pk, [(date.min, agency.name)])) for agency in agencies
    }


def open_terms_from(
    day: date, seated: Iterable[Sitting], holding: list[ChairTerm], length: int, count: int
) -> tuple[tuple[OpenTerm, ...], dict[int, ChairTerm]]:
    """Return the next open terms, and their proposals by index.

    Pure. There are `count`, and more where a later term is announced. `holding` are the terms
    after `day` that are not withdrawn, in order.
    """
    first = first_open_day(day, seated)
    taken = [span_of(term.period) for term in holding if term.state == TermState.CONFIRMED]
    announced: dict[DaySpan, ChairTerm] = {}
    for term in holding:
        days = span_of(term.period)
        is_rival = any(days.overlaps(other) for other in taken)
        if term.state == TermState.PROPOSED and not is_rival:
            taken.append(days)
            # A proposal whose first day has come can only be withdrawn; its days are not planned.
            if term.first_day > day:
                announced[days] = term
    latest = day + ACTS_WITHIN
    beyond = DaySpan(first, months.after(latest, length))
    free = [days for gap in spans.uncovered(beyond, taken) for days in spans.terms_in(gap, length)]
    ahead = sorted(days for days in [*free, *announced] if days.last <= latest)
    # A plan that stops before an announced term would give its agency a second one.
    last_announced = max((at for at, days in enumerate(ahead, 1) if days in announced), default=0)
    chosen = ahead[: max(count, last_announced)]
    open_terms = tuple(open_term(days, announced.get(days)) for days in chosen)
    return open_terms, {at: announced[days] for at, days in enumerate(chosen) if days in announced}


def first_open_day(day: date, seated: Iterable[Sitting]) -> date:
    """Return the first day to plan.

    Tomorrow, or in a vacancy the first day of the next month. Nobody takes a vacant chair over
    night, and the terms of a plan do not move from day to day.
    """
    if any(sitting.period.covers(day) for sitting in seated):
        return day + timedelta(days=1)
    return months.after(day.replace(day=1), 1)


def open_term(days: DaySpan, proposal: ChairTerm | None) -> OpenTerm:
    """Return an open term. Pure.

    The planner keeps a joint or a caretaker term as it is proposed.
    """
    if proposal is None:
        return OpenTerm(days)
    holders = keys_of(chair.chairing_agencies(proposal))
    if len(holders) == 1 and proposal.kind == TermKind.TERM:
        return OpenTerm(days, announced=holders[0])
    return OpenTerm(days, kept=holders)
