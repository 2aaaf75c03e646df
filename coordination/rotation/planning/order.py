"""The order in which agencies are due.

The largest balance comes first. Balances that are less than `equal_within` days apart count as
equal: half a year has 181 to 184 days, and nobody should wait for a round because of a leap day. Of
equal balances the agency comes first that has chaired least recently, one that never has before all
others, and then that of the lower `place`.

A newcomer has a balance of about 0, which is neither the first nor the last. `EntryRule` says where
it enters: at the END of those who were members before it and have not chaired since it joined;
ALPHABETICAL, before the agency whose name follows its own; by its BALANCE like all others.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from coordination.rotation.planning import balance
from coordination.rotation.planning.situation import (
    ChairedDays,
    EntryRule,
    Key,
    PlannedMember,
    Situation,
)
from coordination.rotation.planning.spans import DaySpan


class Tiebreak(StrEnum):
    """What puts one agency before another."""

    BALANCE = "balance"
    LONGEST_SINCE = "longest_since"
    PLACE = "place"
    ENTRY = "entry"


@dataclass(frozen=True, slots=True)
class Standing:
    """An agency's standing: what decides its rank.

    Agencies with equal balances have the same `step`; the largest balance is on step 0.
    """

    key: Key
    balance: Fraction
    step: int
    last_chaired: date | None
    place: int

    @property
    def sort_key(self) -> tuple[int, date, int]:
        """Return a sort key with the agencies due first."""
        return self.step, self.last_chaired or date.min, self.place


class Ranking:
    """The agencies in due order, with the reasons."""

    def __init__(self, standings: list[Standing]) -> None:
        self.standings = {standing.key: standing for standing in standings}
        self.order = [standing.key for standing in standings]
        self.rank = {key: rank for rank, key in enumerate(self.order)}

    def deciding(self, first: Key, second: Key) -> Tiebreak:
        """Return what puts the agency `first` before `second`."""
        a, b = self.standings[first], self.standings[second]
        if a.sort_key > b.sort_key:
            return Tiebreak.ENTRY
        if a.step != b.step:
            return Tiebreak.BALANCE
        return Tiebreak.LONGEST_SINCE if a.last_chaired != b.last_chaired else Tiebreak.PLACE


def ranking(situation: Situation, chaired: Iterable[ChairedDays], over: DaySpan) -> Ranking:
    """Rank the agencies after the terms in `chaired`.

    It has the agencies that are members on a day of `over`, the days to plan.
    """
    terms = tuple(chaired)
    balance_of = balance.balances(situation.members, terms)
    last_days: dict[Key, date] = {}
    for term in terms:
        for key in term.holders:
            last_days[key] = max(term.days.last, last_days.get(key, date.min))
    joining = {member.key: member.joined_within(over) for member in situation.members}
    present = [member for member in situation.members if joining[member.key]]
    step_of = steps(
        {member.key: balance_of[member.key] for member in present}, situation.equal_within
    )
    standings = sorted(
        (
            Standing(key, balance_of[key], step_of[key], last_days.get(key), member.place)
            for key, member in ((member.key, member) for member in present)
        ),
        key=lambda standing: standing.sort_key,
    )
    if situation.entry != EntryRule.BALANCE:
        since = {key: day for key, day in joining.items() if day}
        by_key = {member.key: member for member in present}
        standings = with_newcomers(standings, since, by_key, situation.entry)
    return Ranking(standings)


def steps(balance_of: Mapping[Key, Fraction], equal_within: int) -> dict[Key, int]:
    """Return the step of each balance.

    The largest is on step 0. A step has the balances that are less than `equal_within` days
    below its largest one.
    """
    step_of: dict[Key, int] = {}
    top: Fraction | None = None
    step = -1
    for key, owing in sorted(balance_of.items(), key=lambda item: -item[1]):
        if top is None or (top != owing and top - owing >= equal_within):
            top, step = owing, step + 1
        step_of[key] = step
    return step_of


def with_newcomers(
    standings: list[Standing],
    since: dict[Key, date],
    members: dict[Key, PlannedMember],
    entry: EntryRule,
) -> list[Standing]:
    """Return the order with each newcomer where the rule puts it.

    `since` has the first day of each agency's membership.
    """
    newcomers = [each for each in standings if is_newcomer(each, since)]
    settled = [each for each in standings if each not in newcomers]
    for newcomer in sorted(newcomers, key=lambda each: (since[each.key], each.sort_key)):
        if entry == EntryRule.ALPHABETICAL:
            at = place_by_name(newcomer.key, settled, members, since[newcomer.key])
        else:
            at = place_at_end(newcomer, settled, since)
        settled.insert(at, newcomer)
    return settled


def is_newcomer(standing: Standing, since: dict[Key, date]) -> bool:
    """Return whether an agency is new and has not chaired.

    It joined after another one and has not chaired since.
    """
    day = since[standing.key]
    if standing.last_chaired and standing.last_chaired >= day:
        return False
    return any(other < day for other in since.values())


def place_at_end(newcomer: Standing, settled: list[Standing], since: dict[Key, date]) -> int:
    """Return the place after earlier members that wait to chair.

    They have not chaired since the newcomer joined.
    """
    day = since[newcomer.key]
    waiting = [
        at
        for at, each in enumerate(settled, 1)
        if since[each.key] < day and (each.last_chaired is None or each.last_chaired < day)
    ]
    by_balance = sum(each.sort_key < newcomer.sort_key for each in settled)
    return max([*waiting, by_balance])


def place_by_name(
    key: Key, settled: list[Standing], members: dict[Key, PlannedMember], day: date
) -> int:
    """Return a newcomer's place by its name, in alphabetical order.

    Its name of `day` counts; after Z comes A.
    """
    name = alphabetical(members[key].name_on(day))
    names = [alphabetical(members[each.key].name_on(day)) for each in settled]
    following = [other for other in names if other > name] or names
    return names.index(min(following))


def alphabetical(name: str) -> str:
    """Return a name's sort key without accents and capitals."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))
