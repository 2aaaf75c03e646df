"""Who may do what with meetings."""

from typing import Any

import rules
from django.utils.translation import gettext as _

from coordination.core import permissions
from coordination.core.permissions import On
from coordination.members.rules import belongs, is_administrator, is_focal_point_of
from coordination.rotation.rules import is_chair, who_chairs


@rules.predicate
def owns_item(person: Any, on: On) -> bool:
    """Say whether the person is a focal point of the agency that took the action item (on.thing) on."""
    return bool(is_focal_point_of(person, On(on.day, on.thing.agency)))


def who_reads(person: Any, on: On) -> str:
    """Say who may read meetings."""
    return _("Meetings are for people in office for an agency of the group.")


def who_updates(person: Any, on: On) -> str:
    """Say who may say where an action item stands."""
    return _("Only the focal points of %(agency)s and the chair’s team may say where this item stands.") % {"agency": on.thing.agency}


permissions.add("meetings.read", belongs | is_administrator, who_reads)
permissions.add("meetings.convene", is_chair, who_chairs)
permissions.add("meetings.update_action_item", owns_item | is_chair, who_updates)
