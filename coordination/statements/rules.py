"""Permissions on statements.

The chair's team edits the text; agencies amend it and take positions. Before the release others
have no permission at all.
"""

from typing import Any

import rules
from django.utils.translation import gettext as _

from coordination.core import permissions
from coordination.core.permissions import On
from coordination.members.queries import people
from coordination.rotation.rules import is_chair, who_chairs


@rules.predicate
def is_released(person: Any, on: On) -> bool:
    """Say whether the statement (on.subject) is public."""
    return on.subject.released_at is not None


@rules.predicate
def is_circulated(person: Any, on: On) -> bool:
    """Say whether a draft of the statement (on.subject) was circulated."""
    return on.subject.amendments_until is not None


@rules.predicate
def is_circulated_draft(person: Any, on: On) -> bool:
    """Say whether the draft (on.subject) was circulated."""
    return on.subject.circulated_at is not None


@rules.predicate
def reads_working_pages(person: Any, on: On) -> bool:
    """Say whether the person may read the working pages that day."""
    return bool(person.is_authenticated) and permissions.allowed(person, "members.read", On(on.day))


@rules.predicate
def acts_for_member(person: Any, on: On) -> bool:
    """Say whether the person may act for a member agency that day."""
    return bool(person.is_active) and people.acting_agencies(person, on.day).exists()


def who_reads(person: Any, on: On) -> str:
    """Return the sentence for people who may not read a statement."""
    return _(
        "Until its release only people who are in office for an agency of the group may read a "
        "statement."
    )


def who_speaks(person: Any, on: On) -> str:
    """Return the sentence for people who may not amend or take positions."""
    return _(
        "Only people who are in office for a member agency may amend a draft or take a position."
    )


permissions.add(
    "statements.read", is_released | is_chair | (is_circulated & reads_working_pages), who_reads
)
permissions.add(
    "statements.read_draft", is_chair | (is_circulated_draft & reads_working_pages), who_reads
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
