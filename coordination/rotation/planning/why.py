"""Explain a plan in codes; pages choose the words."""

from dataclasses import dataclass
from enum import StrEnum

from coordination.rotation.planning import eligibility, plan
from coordination.rotation.planning.eligibility import Obstacle
from coordination.rotation.planning.order import Tiebreak
from coordination.rotation.planning.plan import Pins, Plan, PlannedRound
from coordination.rotation.planning.situation import Key, Situation


class ProposedFor(StrEnum):
    """Why an agency is proposed for a term."""

    KEPT = "kept"
    FIXED = "fixed"
    OWED = "owed"
    ANNOUNCED = "announced"
    ONLY_ABLE = "only_able"
    DUE_FIRST = "due_first"
    OTHERS_LATER = "others_later"
    NOBODY_ABLE = "nobody_able"
    LEFT_VACANT = "left_vacant"


class Worsened(StrEnum):
    """The first objective that an agency in a term worsens."""

    NOTHING = "nothing"
    KEPT = "kept"
    FIXED = "fixed"
    FIXED_ELSEWHERE = "fixed_elsewhere"
    UNABLE = "unable"
    VACANT = "vacant"
    OWED = "owed"
    MOVED = "moved"
    ORDER = "order"


@dataclass(frozen=True, slots=True)
class Because:
    """Why an agency is proposed for a term.

    `before` are agencies that are due earlier and able, but planned for later terms.
    """

    reason: ProposedFor
    before: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True)
class WhyNot:
    """What is worse if `agency` chairs in the term `at`.

    `term` is the index of the first term in which it shows; there `instead` is planned, and `then`
    would be. For MOVED, `moved` are the further announced terms that would change hands.
    """

    worsened: Worsened
    agency: Key
    at: int
    term: int | None = None
    instead: Key | None = None
    then: Key | None = None
    moved: tuple[int, ...] = ()
    tiebreak: Tiebreak | None = None
    obstacle: Obstacle | None = None


def because(situation: Situation, planned: Plan, at: int, pins: Pins | None = None) -> Because:
    """Return why the agency of the term `at` is proposed for it."""
    fixed = pins or {}
    within = planned.round_of(at)
    holder = holder_of(planned, at)
    if within is None:
        return Because(ProposedFor.KEPT)
    if holder is None:
        return Because(ProposedFor.LEFT_VACANT if at in fixed else ProposedFor.NOBODY_ABLE)
    if at in fixed:
        return Because(ProposedFor.FIXED)
    return because_of_order(situation, planned, within, at, fixed)


def because_of_order(
    situation: Situation, planned: Plan, within: PlannedRound, at: int, fixed: Pins
) -> Because:
    """Return why an agency is planned for an unfixed term."""
    [holder] = planned.holders[at]
    if holder in within.owed:
        return Because(ProposedFor.OWED)
    able = plan.able_agencies(situation, situation.open_terms[at].days)
    elsewhere = {holder_of(planned, term) for term in within.terms if term < at}
    # a change that fixes a later term takes its agency from this one too
    elsewhere |= {fixed[term] for term in within.terms if term in fixed}
    rivals = [key for key in within.ranking.order if key in able and key not in elsewhere]
    if rivals == [holder]:
        return Because(ProposedFor.ONLY_ABLE)
    before = tuple(rivals[: rivals.index(holder)])
    if not before:
        return Because(ProposedFor.DUE_FIRST)
    is_announced = situation.open_terms[at].announced == holder
    return Because(ProposedFor.ANNOUNCED if is_announced else ProposedFor.OTHERS_LATER, before)


def why_not(
    situation: Situation, planned: Plan, agency: Key, at: int, pins: Pins | None = None
) -> WhyNot:
    """Return what gets worse if `agency` takes the term `at`.

    The plan is made again with the agency in that term; the first objective that differs decides.
    """
    fixed = pins or {}
    within = planned.round_of(at)
    if agency in planned.holders[at]:
        return WhyNot(Worsened.NOTHING, agency, at)
    if within is None or at in fixed:
        return WhyNot(Worsened.KEPT if within is None else Worsened.FIXED, agency, at)
    [member] = [each for each in situation.members if each.key == agency]
    hindrance = eligibility.obstacle(situation, member, situation.open_terms[at].days)
    if hindrance:
        return WhyNot(Worsened.UNABLE, agency, at, obstacle=hindrance)
    elsewhere = [term for term in within.terms if fixed.get(term) == agency]
    if elsewhere:
        return WhyNot(Worsened.FIXED_ELSEWHERE, agency, at, elsewhere[0])
    forced = plan.make(situation, {**fixed, at: agency})
    forced_round = forced.round_of(at)
    # Earlier rounds are the same, and the terms of a round do not depend on what is fixed.
    assert forced_round
    return first_worsened(situation, (planned, within), (forced, forced_round), agency, at)


def first_worsened(
    situation: Situation,
    before: tuple[Plan, PlannedRound],
    after: tuple[Plan, PlannedRound],
    agency: Key,
    at: int,
) -> WhyNot:
    """Return the first objective of a round that the plan `after` does worse."""
    (planned, within), (forced, forced_round) = before, after
    old, new = within.score, forced_round.score

    def shown(worsened: Worsened, place: int) -> WhyNot:
        term = within.terms[place]
        instead, then = holder_of(planned, term), holder_of(forced, term)
        tiebreak = (
            within.ranking.deciding(instead, then)
            if worsened == Worsened.ORDER and instead is not None and then is not None
            else None
        )
        return WhyNot(worsened, agency, at, term, instead, then, tiebreak=tiebreak)

    if new.vacant != old.vacant:
        return shown(Worsened.VACANT, first_difference(old.vacant, new.vacant))
    if new.not_owed != old.not_owed:
        return shown(Worsened.OWED, first_difference(old.not_owed, new.not_owed))
    if new.moved != old.moved:
        moved = tuple(
            term
            for term in within.terms
            if situation.open_terms[term].announced is not None
            and holder_of(planned, term) == situation.open_terms[term].announced
            and holder_of(forced, term) != situation.open_terms[term].announced
        )
        return WhyNot(Worsened.MOVED, agency, at, moved=moved)
    return shown(Worsened.ORDER, first_difference(old.ranks, new.ranks))


def first_difference(old: tuple[int, ...], new: tuple[int, ...]) -> int:
    """Return the first place where two tuples differ.

    They have one length.
    """
    return next(at for at, (a, b) in enumerate(zip(old, new, strict=True)) if a != b)


def holder_of(planned: Plan, at: int) -> Key | None:
    """Return the one agency of a term, or None for a vacancy."""
    return planned.holders[at][0] if planned.holders[at] else None
