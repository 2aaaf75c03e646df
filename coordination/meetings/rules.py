"""Who may do what with meetings."""

from dataclasses import replace
from typing import Any

import rules
from django.utils.translation import gettext as _

from coordination.core import permissions, queries
from coordination.core.clock import day_at
from coordination.core.permissions import On
from coordination.members.enums import Role
from coordination.members.queries import held_roles
from coordination.members.rules import belongs, is_administrator, is_focal_point_of
from coordination.rotation.queries import chair
from coordination.rotation.rules import is_chair, is_focal_point_of_any, who_chairs

# Django's own permission, which a superuser grants to administrators
REOPEN = "meetings.reopen_agreed_record"


@rules.predicate
def owns_item(person: Any, on: On) -> bool:
    """Return whether the person's agency took on the item (on.subject).

    The person is one of its focal points that day.
    """
    return bool(is_focal_point_of(person, replace(on, subject=on.subject.agency)))


@rules.predicate
def leads_item(person: Any, on: On) -> bool:
    """Return whether the person's agency leads the agenda item (on.subject) that day."""
    lead = on.subject.lead
    return lead is not None and bool(is_focal_point_of(person, replace(on, subject=lead)))


@rules.predicate
def may_keep_minutes(person: Any, on: On) -> bool:
    """Return whether the person keeps the meeting's minutes that day.

    They are in the chair's team, or focal points of an agency that chaired on the meeting's day.
    The latter keep them for the group's days of grace (30) after that term's last day. One query,
    two where the group is not given; none on a page of the chair's team.
    """
    if on.request and is_chair(person, on):
        return True
    group = on.group or queries.group()
    teams = chair.agencies_keeping_minutes(
        day_at(on.subject.starts_at, group.zone), on.day, group.handover_grace_days
    )
    return is_focal_point_of_any(person, on.day, teams.values("agency"))


@rules.predicate
def is_invited(person: Any, on: On) -> bool:
    """Return whether the person is invited to meetings.

    Focal points of that day are.
    """
    return any(held.role == Role.FOCAL_POINT for held in held_roles.roles_of(person, on))


@rules.predicate
def acts_for_member(person: Any, on: On) -> bool:
    """Return whether the person may act for some member agency that day."""
    return bool(held_roles.acting_agencies(held_roles.roles_of(person, on)))


def who_corrects(person: Any, on: On) -> str:
    """Return who may propose corrections of minutes."""
    return _("Corrections come from people in office for a member agency.")


def who_answers(person: Any, on: On) -> str:
    """Return who may answer an invitation."""
    return _("Meetings are answered by the people who are invited: the focal points of that day.")


def who_records(person: Any, on: On) -> str:
    """Return who may record the outcome of a meeting."""
    return _(
        "Only the chair’s team may record this, and the team that chaired on the day of the "
        "meeting until %(days)s days after its last day."
    ) % {
        "days": (on.group or queries.group()).handover_grace_days,
    }


def who_reads(person: Any, on: On) -> str:
    """Return who may read meetings."""
    return _("Meetings are for people in office for an agency of the group.")


def who_updates(person: Any, on: On) -> str:
    """Return who may update an action item."""
    return _(
        "Only the focal points of %(agency)s and the chair’s team may say where this item stands."
    ) % {"agency": on.subject.agency}


def who_sets_hours(person: Any, on: On) -> str:
    """Return who may set the working hours of an agency."""
    return _(
        "Only the focal points of %(agency)s, the chair’s team or an administrator may set when it "
        "works."
    ) % {"agency": on.subject}


def who_adds_papers(person: Any, on: On) -> str:
    """Return who may add papers to an agenda item."""
    lead = on.subject.lead
    if lead is None:
        return _("Only the chair’s team may add papers to this item.")
    return _("Only the focal points of %(agency)s and the chair’s team may add papers here.") % {
        "agency": lead
    }


def who_proposes(person: Any, on: On) -> str:
    """Return who may propose an item for an agenda."""
    return _("Only the focal points of %(agency)s may propose for it.") % {"agency": on.subject}


@rules.predicate
def may_reopen_records(person: Any, on: On) -> bool:
    """Return whether the person may open an agreed record again."""
    return bool(person.is_active and person.is_staff and person.has_perm(REOPEN))


def who_claims(person: Any, on: On) -> str:
    """Return who may say that they attended."""
    return _("Only the focal points of an agency of the group say that they attended for it.")


def who_keeps_records(person: Any, on: On) -> str:
    """Return who may note that a record is agreed."""
    return _("An administrator notes that a record is agreed.")


def who_reopens(person: Any, on: On) -> str:
    """Return who may open an agreed record again."""
    return _("Only an administrator with the right to reopen records opens an agreed one again.")


permissions.add("meetings.read", belongs | is_administrator, who_reads)
permissions.add("meetings.convene", is_chair, who_chairs)
permissions.add("meetings.answer", is_invited, who_answers)
permissions.add("meetings.correct_minutes", acts_for_member, who_corrects)
permissions.add("meetings.record_outcome", may_keep_minutes, who_records)
permissions.add("meetings.update_action_item", owns_item | is_chair, who_updates)
permissions.add(
    "meetings.set_hours", is_focal_point_of | is_chair | is_administrator, who_sets_hours
)
permissions.add("meetings.add_paper", leads_item | is_chair, who_adds_papers)
permissions.add("meetings.propose", is_focal_point_of, who_proposes)
permissions.add("meetings.claim_presence", is_invited, who_claims)
permissions.add("meetings.agree_record", is_administrator, who_keeps_records)
permissions.add("meetings.reopen_record", may_reopen_records, who_reopens)
