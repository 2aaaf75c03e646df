"""What if: a plan with several changes at once."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from coordination.rotation.planning import plan
from coordination.rotation.planning.plan import Pins, Plan
from coordination.rotation.planning.situation import Key, Situation, StrategicEvent
from coordination.rotation.planning.spans import DaySpan


@dataclass(frozen=True, slots=True)
class PlanChanges:
    """Changes of a plan; terms are given by their index.

    `unavailable` are days by agency. `fixed` puts an agency in a term, or None for a vacancy.
    `swapped` are pairs of terms whose agencies change places, one pair after the other, once all
    else is planned. `events` reserve the chair.
    """

    unavailable: tuple[tuple[Key, DaySpan], ...] = ()
    fixed: tuple[tuple[int, Key | None], ...] = ()
    swapped: tuple[tuple[int, int], ...] = ()
    events: tuple[StrategicEvent, ...] = ()


@dataclass(frozen=True, slots=True)
class ChangedPlan:
    """A plan with changes, and the situation and pins behind it."""

    situation: Situation
    plan: Plan
    pins: Pins


def planned_with(situation: Situation, changes: PlanChanges) -> ChangedPlan:
    """Return the plan with all changes.

    What no change names is planned again, so it is what the rules give beside the changes. Within
    one round a swap moves nothing but its two terms: the others have the same agencies to choose
    from as before.
    """
    changed = replace(
        situation,
        unavailable=situation.unavailable + changes.unavailable,
        events=situation.events + changes.events,
    )
    pins = dict(changes.fixed)
    made = plan.make(changed, pins)
    if changes.swapped:
        pins |= swapped(made, changes.swapped)
        made = plan.make(changed, pins)
    return ChangedPlan(changed, made, pins)


def swapped(made: Plan, pairs: Iterable[tuple[int, int]]) -> dict[int, Key | None]:
    """Return the agencies of swapped terms.

    Terms that the planner keeps stay as they are.
    """
    holders = {
        at: made.holders[at][0] if made.holders[at] else None
        for each in made.rounds
        for at in each.terms
    }
    moved: set[int] = set()
    for first, second in pairs:
        if first in holders and second in holders:
            holders[first], holders[second] = holders[second], holders[first]
            moved |= {first, second}
    return {at: holders[at] for at in moved}
