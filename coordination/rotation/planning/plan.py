"""The next terms, as the rules of the group give them.

Each open term goes to one agency that is able, and each agency gets one term before any gets a
second. Of all plans this one is taken, and there is only one such plan:

1. no term is vacant that can be filled, earlier terms first;
2. agencies that are owed a turn come as early as they can;
3. as few announced terms as possible change hands;
4. the first term goes to the agency that is due first (see `order`), then the second, and so on.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from coordination.rotation.planning import eligibility, order
from coordination.rotation.planning.assignment import assign
from coordination.rotation.planning.order import Ranking
from coordination.rotation.planning.situation import ChairedDays, Key, Situation
from coordination.rotation.planning.spans import DaySpan

Pins = Mapping[int, Key | None]


@dataclass(frozen=True, slots=True)
class RoundScore:
    """The score of a round; the lesser tuple is the better one.

    Scores are compared part by part. Each tuple has an entry for each term of the round:
    whether it is vacant, whether no owed turn is in it, and the rank of its agency. `moved`
    counts announced terms that change hands.
    """

    vacant: tuple[bool, ...]
    not_owed: tuple[bool, ...]
    moved: int
    ranks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PlannedRound:
    """Terms (by index) in which each agency chairs once at most.

    `ranking` is the order that decides.
    """

    terms: tuple[int, ...]
    ranking: Ranking
    owed: frozenset[Key]
    score: RoundScore


@dataclass(frozen=True, slots=True)
class Plan:
    """The agencies of each open term, in order.

    None for a vacancy.
    """

    holders: tuple[tuple[Key, ...], ...]
    rounds: tuple[PlannedRound, ...]

    def round_of(self, at: int) -> PlannedRound | None:
        """Return the round of a term, or None for a kept term."""
        return next((each for each in self.rounds if at in each.terms), None)

    def chaired(self, situation: Situation) -> tuple[ChairedDays, ...]:
        """Return the confirmed terms and those of the plan."""
        planned = zip(situation.open_terms, self.holders, strict=True)
        return situation.chaired + tuple(
            ChairedDays(term.days, holders) for term, holders in planned if holders
        )


def make(situation: Situation, pins: Pins | None = None) -> Plan:
    """Return the plan of all open terms.

    `pins` fixes the agency of a term by its index, or None for a vacancy.
    """
    fixed = pins or {}
    terms = situation.open_terms
    able = [able_agencies(situation, term.days) for term in terms]
    holders = [term.kept for term in terms]
    left = [at for at, term in enumerate(terms) if not term.kept]
    # kept terms count in the order as if they were confirmed
    chaired = list(situation.chaired) + [ChairedDays(t.days, t.kept) for t in terms if t.kept]
    given: Counter[Key] = Counter()
    rounds = []
    while left:
        # each agency chairs once in a round, so a round has as many terms as able agencies
        size = len(frozenset[Key]().union(*(able[at] for at in left))) or len(left)
        chosen, left = left[:size], left[size:]
        over = DaySpan(terms[chosen[0]].days.first, terms[chosen[-1]].days.last)
        ranking = order.ranking(situation, chaired, over)
        # a turn that an earlier round gave is not owed any more
        owed = frozenset(key for key, turns in situation.owed.items() if turns > given[key])
        planned = plan_round(situation, [(at, able[at]) for at in chosen], ranking, owed, fixed)
        for at, key in planned.items():
            holders[at] = () if key is None else (key,)
        chaired += [ChairedDays(terms[at].days, holders[at]) for at in chosen if holders[at]]
        given.update(key for key in planned.values() if key is not None)
        rounds.append(
            PlannedRound(tuple(chosen), ranking, owed, score_of(situation, planned, ranking, owed))
        )
    return Plan(tuple(holders), tuple(rounds))


def able_agencies(situation: Situation, days: DaySpan) -> frozenset[Key]:
    """Return the agencies that nothing keeps from a term."""
    return frozenset(
        member.key
        for member in situation.members
        if eligibility.obstacle(situation, member, days) is None
    )


def plan_round(
    situation: Situation,
    terms: Sequence[tuple[int, frozenset[Key]]],
    ranking: Ranking,
    owed: frozenset[Key],
    pins: Pins,
) -> dict[int, Key | None]:
    """Assign agencies to terms (index, able agencies).

    None is a vacancy.
    """
    planned = {at: pins[at] for at, _ in terms if at in pins}
    free = [(at, able) for at, able in terms if at not in pins]
    columns = [key for key in ranking.order if key not in planned.values()]
    costs = packed_costs(situation, free, columns, ranking, owed)
    for (at, _), column in zip(free, assign(costs), strict=True):
        planned[at] = columns[column] if column < len(columns) else None
    return planned


def packed_costs(
    situation: Situation,
    terms: Sequence[tuple[int, frozenset[Key]]],
    columns: Sequence[Key],
    ranking: Ranking,
    owed: frozenset[Key],
) -> list[list[int]]:
    """Return the cost of each agency and vacancy in each term.

    There are as many vacancies as terms. One integer holds the four objectives, the first one
    in the highest digits. The sum of a part over all terms is less than the least difference in
    the part before it.
    """
    number = len(terms)
    for_ranks = (len(columns) + 1) ** number
    for_moves = for_ranks * (number + 1)
    for_owed = for_moves * 2**number
    # more than a plan with every term vacant costs, so no agency gets a term that it cannot take
    forbidden = for_owed * 2**number * (number + 1)
    place = {key: at for at, key in enumerate(columns)}
    costs = []
    # the first term has the highest digit: it is decided before the others
    for later, (at, able) in zip(reversed(range(number)), terms, strict=True):
        announced = situation.open_terms[at].announced
        row = [
            place[key] * (len(columns) + 1) ** later
            + (for_ranks if announced is not None and announced != key else 0)
            + (0 if key in owed else for_moves * 2**later)
            if key in able
            else forbidden
            for key in columns
        ]
        vacancy = (
            len(columns) * (len(columns) + 1) ** later
            + (for_ranks if announced is not None else 0)
            + for_moves * 2**later
            + for_owed * 2**later
        )
        # one for each term: any number of terms may stay vacant
        costs.append(row + [vacancy] * number)
    return costs


def score_of(
    situation: Situation, planned: Mapping[int, Key | None], ranking: Ranking, owed: frozenset[Key]
) -> RoundScore:
    """Return the score of a round.

    `planned` has the agency of each term, by its index.
    """
    in_order = [planned[at] for at in sorted(planned)]
    announced = [situation.open_terms[at].announced for at in sorted(planned)]
    return RoundScore(
        tuple(key is None for key in in_order),
        tuple(key not in owed for key in in_order),
        sum(
            before is not None and before != key
            for before, key in zip(announced, in_order, strict=True)
        ),
        tuple(len(ranking.order) if key is None else ranking.rank[key] for key in in_order),
    )
