"""What else ends when an agency is a member on fewer days.

A higher app says it: `rotation` knows the terms of the chair. Whoever ends a membership reads it
before.
"""

from collections.abc import Callable, Sequence

from coordination.core.periods import Period
from coordination.members.enums import MembershipStatus
from coordination.members.models import Agency, Membership

# Takes an agency, its present and its new days as a member; returns sentences.
Consequences = Callable[[Agency, Sequence[Period], Sequence[Period]], list[str]]
_consequences: list[Consequences] = []


def register(find: Consequences) -> None:
    """Add what an app has to say when an agency leaves."""
    if find not in _consequences:
        _consequences.append(find)


def member_days(agency: Agency, *, but: int | None = None) -> list[Period]:
    """Return the days of membership without the membership `but`."""
    rows = Membership.objects.filter(agency=agency, standing=MembershipStatus.MEMBER)
    return [row.period for row in rows.order_by("first_day") if row.pk != but]


def consequences(agency: Agency, days: Sequence[Period]) -> list[str]:
    """Return sentences: what ends if `days` are the only days of membership."""
    before = member_days(agency)
    return [sentence for find in _consequences for sentence in find(agency, before, days)]


def consequences_of(membership: Membership) -> list[str]:
    """Return what ends if `membership` is saved as it is now.

    The saved one may be of another agency, which loses its days.
    """
    saved = Membership.objects.select_related("agency").filter(pk=membership.pk).first()
    days = member_days(membership.agency, but=membership.pk)
    if membership.standing == MembershipStatus.MEMBER:
        days.append(membership.period)
    sentences = consequences(membership.agency, days)
    if saved and saved.agency_id != membership.agency_id:
        sentences += consequences(saved.agency, member_days(saved.agency, but=saved.pk))
    return sentences
