"""Who has carried how much of the chair."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from coordination.members.models import Agency
from coordination.rotation.planning import balance, months, spans
from coordination.rotation.planning.situation import ChairedDays, EntryRule, Key, PlannedMember
from coordination.rotation.planning.spans import DaySpan
from coordination.rotation.queries import chair, planning
from coordination.rotation.queries.chair import Sitting
from coordination.rotation.queries.planning import Wishes


@dataclass(frozen=True, slots=True)
class Carried:
    """What an agency carried up to a day, declined and is owed.

    `terms` have begun; `days` are all days on which it chaired, a joint day as a whole one.
    `months_since` are whole months since it last chaired: 0 while it chairs, None if it never has.
    `balance` is in days (see `planning.balance`), positive for less than an equal share.
    """

    agency: Agency
    terms: int
    days: int
    months_since: int | None
    declines: int
    owed: int
    balance: Fraction


@dataclass(frozen=True, slots=True)
class Coverage:
    """The chaired share of some days, and the gaps."""

    within: DaySpan
    gaps: tuple[DaySpan, ...]

    @property
    def days(self) -> int:
        """Return the number of days on which somebody chairs."""
        return self.within.days - self.vacant_days

    @property
    def vacant_days(self) -> int:
        """Return the number of days on which nobody chairs."""
        return sum(gap.days for gap in self.gaps)


def carried_on(day: date, wishes: Wishes | None = None) -> list[Carried]:
    """Return what each member of `day` has carried.

    By acronym; two queries.
    """
    memberships = planning.member_days()
    members = planning.planned_members(memberships, EntryRule.BALANCE)
    agencies = {agency.pk: agency for agency in memberships}
    return carried(day, members, agencies, chair.sittings(), wishes or Wishes())


def carried(
    day: date,
    members: Sequence[PlannedMember],
    agencies: Mapping[Key, Agency],
    seated: Iterable[Sitting],
    wishes: Wishes,
) -> list[Carried]:
    """Return what each member of `day` has carried, in the order of `members`.

    Pure.
    """
    begun = [sitting for sitting in seated if sitting.first_day <= day]
    chaired = [
        ChairedDays(
            DaySpan(sitting.first_day, min(sitting.last_day, day)),
            planning.keys_of(sitting.agencies),
        )
        for sitting in begun
    ]
    terms = Counter(
        key
        for key, _term in {(a.pk, sitting.term.pk) for sitting in begun for a in sitting.agencies}
    )
    declines = Counter(key for key, _days in wishes.declined)
    balance_of = balance.balances(members, chaired)
    today = DaySpan(day, day)
    present = [member for member in members if member.membership_over(today)]
    lines = []
    for member in present:
        own = balance.days_chaired(member.key, chaired)
        lines.append(
            Carried(
                agencies[member.key],
                terms[member.key],
                sum(days.days for days in own),
                months.between(own[-1].last, day) if own else None,
                declines[member.key],
                wishes.owed.get(member.key, 0),
                balance_of[member.key],
            )
        )
    return lines


def coverage(within: DaySpan, chaired: Iterable[ChairedDays]) -> Coverage:
    """Return on which of these days somebody chairs. Pure."""
    return Coverage(within, tuple(spans.uncovered(within, (term.days for term in chaired))))


def coverage_until(day: date, seated: Sequence[Sitting]) -> Coverage | None:
    """Return the coverage from the first recorded day to `day`.

    None before it. Pure.
    """
    chaired = [DaySpan(sitting.first_day, sitting.last_day) for sitting in seated]
    if not chaired or min(chaired).first > day:
        return None
    within = DaySpan(min(chaired).first, day)
    return Coverage(within, tuple(spans.uncovered(within, chaired)))
