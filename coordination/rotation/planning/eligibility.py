"""Whether an agency is able to chair in a term."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from coordination.rotation.planning import months
from coordination.rotation.planning.situation import PlannedMember, Situation
from coordination.rotation.planning.spans import DaySpan


class ObstacleKind(StrEnum):
    """What keeps an agency from a term."""

    NOT_A_MEMBER = "not_a_member"
    TOO_NEW = "too_new"
    UNAVAILABLE = "unavailable"
    DECLINED = "declined"
    RESERVED = "reserved"


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What keeps an agency from a term, and on which days.

    `day` is the first day from which a new member may chair.
    """

    kind: ObstacleKind
    days: DaySpan
    day: date | None = None


def obstacle(situation: Situation, member: PlannedMember, term: DaySpan) -> Obstacle | None:
    """Return the first obstacle between agency and term, or None."""
    membership = member.membership_over(term)
    if membership is None:
        return Obstacle(ObstacleKind.NOT_A_MEMBER, term)
    full_member_from = months.after(membership.first, situation.minimum_months)
    if full_member_from > term.first:
        return Obstacle(ObstacleKind.TOO_NEW, membership, full_member_from)
    for kind, periods in (
        (ObstacleKind.UNAVAILABLE, situation.unavailable),
        (ObstacleKind.DECLINED, situation.declined),
    ):
        for key, days in periods:
            if key == member.key and days.overlaps(term):
                return Obstacle(kind, days)
    for event in situation.events:
        if event.days.overlaps(term) and member.key not in event.reserved_for:
            return Obstacle(ObstacleKind.RESERVED, event.days)
    return None
