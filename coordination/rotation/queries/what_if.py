"""A plan and a plan with changes, side by side."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.utils import dateformat
from django.utils.translation import gettext as _

from coordination.members.models import Agency
from coordination.rotation.errors import PlanChangeRefused
from coordination.rotation.models import ChairTerm
from coordination.rotation.planning import balance, changes, plan
from coordination.rotation.planning.changes import ChangedPlan, PlanChanges
from coordination.rotation.planning.eligibility import Obstacle, obstacle
from coordination.rotation.planning.order import Standing
from coordination.rotation.planning.plan import Plan
from coordination.rotation.planning.situation import ChairedDays, Key, OpenTerm, StrategicEvent
from coordination.rotation.planning.spans import DaySpan
from coordination.rotation.planning.why import Because, because
from coordination.rotation.queries import balances
from coordination.rotation.queries.balances import Carried, Coverage
from coordination.rotation.queries.planning import USUAL_TERMS, PlanBase


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Changes of a plan as its address holds them.

    Agencies by slug, terms by their first day. `puts` with an empty slug leave a term vacant.
    `reservations` are days of events, each with the agencies to which the chair is reserved on
    that day.
    """

    count: int = USUAL_TERMS
    puts: tuple[tuple[date, str], ...] = ()
    swaps: tuple[tuple[date, date], ...] = ()
    pauses: tuple[tuple[str, date, date], ...] = ()
    reservations: tuple[tuple[date, tuple[str, ...]], ...] = ()

    @property
    def has_changes(self) -> bool:
        """Return whether it changes anything."""
        return bool(self.puts or self.swaps or self.pauses or self.reservations)


@dataclass(frozen=True, slots=True)
class PlanLine:
    """An open term with its announced, planned and changed agencies.

    None stands for nobody. `because` and `standing` are about the plan with the changes.
    `obstacle` is what speaks against an agency that a change puts there.
    """

    at: int
    days: DaySpan
    proposal: ChairTerm | None
    announced: tuple[Agency, ...]
    planned: tuple[Agency, ...]
    changed: tuple[Agency, ...]
    because: Because
    standing: Standing | None
    obstacle: Obstacle | None

    @property
    def moves(self) -> bool:
        """Return whether the announced agency would not chair."""
        return self.proposal is not None and self.announced != self.changed

    @property
    def differs(self) -> bool:
        """Return whether the changes give the term to another agency than the plan."""
        return self.planned != self.changed


@dataclass(frozen=True, slots=True)
class BalanceLine:
    """An agency's record, and its balance after both plans."""

    carried: Carried
    planned: Fraction
    changed: Fraction


@dataclass(frozen=True, slots=True)
class PlanComparison:
    """The plan, the plan with changes, and what the record has now.

    `coverage` is from tomorrow to the end of the plan: as announced, as planned, with the changes.
    """

    base: PlanBase
    planned: Plan
    changed: ChangedPlan
    lines: tuple[PlanLine, ...]
    balances: tuple[BalanceLine, ...]
    coverage: tuple[Coverage, Coverage, Coverage] | None

    @property
    def moved(self) -> tuple[PlanLine, ...]:
        """Return the announced terms that would change hands."""
        return tuple(line for line in self.lines if line.moves)

    @property
    def writes(self) -> tuple[PlanLine, ...]:
        """Return the terms for which a proposal would be made, changed or withdrawn."""
        return tuple(line for line in self.lines if line.announced != line.changed)


def resolved(base: PlanBase, what_if: WhatIf) -> PlanChanges:
    """Return the changes with the indexes of terms and the keys of agencies.

    Raises PlanChangeRefused for a term or an agency that is not there, and for an agency that is no
    member in the term. Also for a term that is changed twice, or that the planner keeps. Pure.
    """
    fixed: dict[int, Key | None] = {}
    for first_day, slug in what_if.puts:
        at = index_of(base, first_day)
        if at in fixed:
            raise PlanChangeRefused(
                _("The term from %(day)s is changed twice.") % {"day": day_text(first_day)},
                field="term",
            )
        fixed[at] = key_of(base, slug) if slug else None
        refuse_stranger(base, at, fixed[at])
    swaps = tuple((index_of(base, one), index_of(base, other)) for one, other in what_if.swaps)
    pauses = tuple(
        (key_of(base, slug), DaySpan(first, last)) for slug, first, last in what_if.pauses
    )
    events = tuple(
        StrategicEvent(DaySpan(day, day), frozenset(key_of(base, slug) for slug in slugs))
        for day, slugs in what_if.reservations
    )
    return PlanChanges(pauses, tuple(fixed.items()), swaps, events)


def planned_with(base: PlanBase, what_if: WhatIf) -> ChangedPlan:
    """Return the plan with the changes. Raises PlanChangeRefused. Pure."""
    changed = changes.planned_with(base.situation, resolved(base, what_if))
    for at, key in changed.pins.items():
        refuse_stranger(base, at, key)
    return changed


def index_of(base: PlanBase, first_day: date) -> int:
    """Return the index of the open term that begins on a day.

    Raises PlanChangeRefused.
    """
    for at, term in enumerate(base.situation.open_terms):
        if term.days.first == first_day:
            if term.kept:
                raise PlanChangeRefused(
                    _("The joint or caretaker term from %(day)s stays as it is proposed.")
                    % {"day": day_text(first_day)},
                    field="term",
                )
            return at
    raise PlanChangeRefused(
        _("No open term of this plan begins on %(day)s.") % {"day": day_text(first_day)},
        field="term",
    )


def key_of(base: PlanBase, slug: str) -> Key:
    """Return the key of an agency by its slug. Raises PlanChangeRefused."""
    for key, agency in base.agencies.items():
        if agency.slug == slug:
            return key
    raise PlanChangeRefused(
        _("“%(agency)s” is no agency of this group.") % {"agency": slug}, field="agency"
    )


def refuse_stranger(base: PlanBase, at: int, key: Key | None) -> None:
    """Raise PlanChangeRefused unless the agency is a member all term."""
    term = base.situation.open_terms[at].days
    if key is None:
        return
    [member] = [each for each in base.situation.members if each.key == key]
    if member.membership_over(term) is None:
        raise PlanChangeRefused(
            _("%(agency)s is not a member on every day from %(first)s to %(last)s.")
            % {
                "agency": base.agencies[key],
                "first": day_text(term.first),
                "last": day_text(term.last),
            },
            field="agency",
        )


def day_text(day: date) -> str:
    """Return a day as sentences have it."""
    return dateformat.format(day, "j F Y")


def comparison(base: PlanBase, what_if: WhatIf) -> PlanComparison:
    """Return the plan and the plan with changes. Raises PlanChangeRefused. Pure."""
    situation = base.situation
    planned = plan.make(situation)
    changed = planned_with(base, what_if) if what_if.has_changes else None
    final = changed or ChangedPlan(situation, planned, {})
    by_plan, by_changes = planned.chaired(situation), final.plan.chaired(situation)
    return PlanComparison(
        base,
        planned,
        final,
        tuple(line_of(base, planned, final, at) for at in range(len(situation.open_terms))),
        balance_lines(base, by_plan, by_changes),
        coverages(base, by_plan, by_changes),
    )


def line_of(base: PlanBase, planned: Plan, final: ChangedPlan, at: int) -> PlanLine:
    """Return the line of an open term. Pure."""
    term = base.situation.open_terms[at]
    against = None
    fixed = final.pins.get(at)
    if fixed is not None:
        [member] = [each for each in final.situation.members if each.key == fixed]
        against = obstacle(final.situation, member, term.days)
    within = final.plan.round_of(at)
    holders = final.plan.holders[at]
    standing = within.ranking.standings.get(holders[0]) if within and holders else None
    return PlanLine(
        at,
        term.days,
        base.proposals.get(at),
        of_keys(base.agencies, announced_holders(term)),
        of_keys(base.agencies, planned.holders[at]),
        of_keys(base.agencies, holders),
        because(final.situation, final.plan, at, final.pins),
        standing,
        against,
    )


def announced_holders(term: OpenTerm) -> tuple[Key, ...]:
    """Return the agencies that are proposed for an open term so far. Pure."""
    return term.kept or (() if term.announced is None else (term.announced,))


def of_keys(agencies: Mapping[Key, Agency], keys: tuple[Key, ...]) -> tuple[Agency, ...]:
    """Return the agencies of keys."""
    return tuple(agencies[key] for key in keys)


def balance_lines(
    base: PlanBase, by_plan: tuple[ChairedDays, ...], by_changes: tuple[ChairedDays, ...]
) -> tuple[BalanceLine, ...]:
    """Return what each member carries, the largest balance first. Pure."""
    members = base.situation.members
    after_plan = balance.balances(members, by_plan)
    after_changes = balance.balances(members, by_changes)
    lines = balances.carried(base.day, members, base.agencies, base.sittings, base.wishes)
    return tuple(
        BalanceLine(line, after_plan[line.agency.pk], after_changes[line.agency.pk])
        for line in sorted(lines, key=lambda line: -line.balance)
    )


def coverages(
    base: PlanBase, by_plan: tuple[ChairedDays, ...], by_changes: tuple[ChairedDays, ...]
) -> tuple[Coverage, Coverage, Coverage] | None:
    """Return the coverage as announced, as planned and with the changes. Pure.

    None where there is no term to plan.
    """
    horizon = base.horizon
    if horizon is None:
        return None
    announced = [
        ChairedDays(term.days, holders)
        for term in base.situation.open_terms
        if (holders := announced_holders(term))
    ]
    return (
        balances.coverage(horizon, (*base.situation.chaired, *announced)),
        balances.coverage(horizon, by_plan),
        balances.coverage(horizon, by_changes),
    )
