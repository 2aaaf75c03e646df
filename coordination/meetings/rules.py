"""Who may do what with meetings."""

from typing import Any

import rules
from django.utils.translation import gettext as _

from coordination.core import permissions, queries
from coordination.core.clock import day_at
from coordination.core.permissions import On
from coordination.members.rules import belongs, is_administrator, is_focal_point_of
from coordination.rotation.queries import chair
from coordination.rotation.rules import focal_point_for, is_chair, who_chairs


@rules.predicate
def owns_item(person: Any, on: On) -> bool:
    """Say whether the person is a focal point of the agency that took on the item (on.thing)."""
    return bool(is_focal_point_of(person, On(on.day, on.thing.agency)))


@rules.predicate
def keeps_minutes(person: Any, on: On) -> bool:
    """Say whether the person keeps the minutes of the meeting (on.thing) that day.

    One query, two where the group is not at hand.

    They are in the chair's team, or a focal point of an agency that chaired on the day of the
    meeting. The latter may for the group's days of grace (30) after that term's last day.
    """
    group = on.group or queries.group()
    teams = chair.keeping_minutes_of(
        day_at(on.thing.starts_at, group.zone), on.day, group.handover_grace_days
    )
    return focal_point_for(person, on.day, teams.values("agency"))


def who_records(person: Any, on: On) -> str:
    """Say who may record the outcome of a meeting."""
    return _(
        "Only the chair’s team may record this, and the team that chaired on the day of the "
        "meeting until %(days)s days after its last day."
    ) % {
        "days": (on.group or queries.group()).handover_grace_days,
    }


def who_reads(person: Any, on: On) -> str:
    """Say who may read meetings."""
    return _("Meetings are for people in office for an agency of the group.")


def who_updates(person: Any, on: On) -> str:
    """Say who may say where an action item stands."""
    return _(
        "Only the focal points of %(agency)s and the chair’s team may say where this item stands."
    ) % {"agency": on.thing.agency}


permissions.add("meetings.read", belongs | is_administrator, who_reads)
permissions.add("meetings.convene", is_chair, who_chairs)
permissions.add("meetings.record_outcome", keeps_minutes, who_records)
permissions.add("meetings.update_action_item", owns_item | is_chair, who_updates)
