"""Permissions on statements.

The chair's team edits the text; agencies amend it and take positions. Who sees
what is `Access` in queries.statements.
"""

from typing import Any

import rules
from django.utils.translation import gettext as _

from coordination.core import permissions
from coordination.core.permissions import On
from coordination.members.queries import held_roles
from coordination.rotation.rules import is_chair, who_chairs


@rules.predicate
def acts_for_member(person: Any, on: On) -> bool:
    """Say whether the person may act for a member agency that day."""
    return bool(held_roles.acting_agencies(held_roles.roles_of(person, on)))


def who_speaks(person: Any, on: On) -> str:
    """Return the sentence for people who may not amend or take positions."""
    return _(
        "Only people who are in office for a member agency may amend a draft or take a position."
    )


permissions.add("statements.amend", acts_for_member, who_speaks)
permissions.add("statements.take_position", acts_for_member, who_speaks)
for _act in (
    "start",
    "edit",
    "circulate",
    "settle",
    "issue",
    "clear",
    "adopt",
    "release",
    "withdraw",
):
    permissions.add(f"statements.{_act}", is_chair, who_chairs)
