"""Find the troika: the previous, the present and the next chair.

Pure. It follows from who chairs on which days, and is stored nowhere.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from coordination.core.periods import ONE_DAY, Period, gaps
from coordination.members.models import Agency
from coordination.rotation.models import ChairTerm
from coordination.rotation.queries.chair import Sitting, chairing_agencies


@dataclass(frozen=True, slots=True)
class Troika:
    """The chairs before, on and after some days.

    `present` is None in a vacancy. `vacant_before` and `vacant_after` are the days without a
    chair on either side.
    """

    previous: Sitting | None
    present: Sitting | None
    following: Sitting | None
    vacant_before: int = 0
    vacant_after: int = 0


def troika_on(sittings: Sequence[Sitting], day: date) -> Troika:
    """Return the troika of a day.

    In a vacancy the previous and the next chair stand beside nobody. Joint chairs stand together.
    The same agencies in another term (a caretaker's, an extension) are not their own neighbours,
    nor are those with whom a joint term began.
    """
    present = next((sitting for sitting in sittings if sitting.period.covers(day)), None)
    if present is None:
        return troika_between(sittings, Period(day, day), None, ())
    return troika_between(sittings, present.period, present, present.agencies)


def troika_of_term(sittings: Sequence[Sitting], term: ChairTerm) -> Troika:
    """Return the troika of a term of any state.

    A confirmed term has the troika of its first sitting.
    """
    present = next((sitting for sitting in sittings if sitting.term == term), None)
    return troika_between(sittings, term.period, present, chairing_agencies(term))


def troika_between(
    sittings: Sequence[Sitting],
    days: Period,
    present: Sitting | None,
    agencies: Iterable[Agency],
) -> Troika:
    """Return the troika around some days, on which `agencies` chair or would."""
    assert days.last
    chairing = set(agencies)
    others = [
        sitting
        for sitting in sittings
        if set(sitting.agencies) != chairing and not (present and sitting.term == present.term)
    ]
    previous = [sitting for sitting in others if sitting.last_day < days.first]
    following = [sitting for sitting in others if sitting.first_day > days.last]
    before, after = next(reversed(previous), None), next(iter(following), None)
    return Troika(
        before,
        present,
        after,
        vacant_days(sittings, before.last_day, days.first) if before else 0,
        vacant_days(sittings, days.last, after.first_day) if after else 0,
    )


def vacant_days(sittings: Iterable[Sitting], last_day: date, first_day: date) -> int:
    """Return the days without a chair after `last_day` and before `first_day`."""
    free = gaps([sitting.period for sitting in sittings], last_day + ONE_DAY, first_day - ONE_DAY)
    return sum(gap.days for gap in free)
