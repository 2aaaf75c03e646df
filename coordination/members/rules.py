"""Who may read, keep an agency's roster, and act for an agency.

The calendar decides, never a flag of the account. An administrator keeps records but does not act
for an agency (design.md 4.6).
"""

from datetime import date
from typing import Any

import rules
from django.utils import dateformat
from django.utils.translation import gettext as _

from coordination.core import formatting, permissions
from coordination.core.permissions import On
from coordination.members.enums import Role
from coordination.members.models import Person
from coordination.members.queries import held_roles, people

# Django's own permissions, which a superuser grants to administrators
CHANGE_PEOPLE, ADD_RESETS = "members.change_person", "members.add_factorreset"


@rules.predicate
def is_administrator(person: Any, on: On) -> bool:
    """Return whether the person keeps the group's records."""
    return bool(person.is_active and person.is_staff)


@rules.predicate
def belongs(person: Any, on: On) -> bool:
    """Return whether the person has a role that day.

    The role is for a member or observer of that day.
    """
    return bool(held_roles.roles_of(person, on))


@rules.predicate
def is_focal_point_of(person: Any, on: On) -> bool:
    """Return whether the person is the agency's focal point that day.

    Only while the agency is a member or observer.
    """
    return any(
        held.agency == on.subject and held.role == Role.FOCAL_POINT
        for held in held_roles.roles_of(person, on)
    )


@rules.predicate
def has_role_for(person: Any, on: On) -> bool:
    """Return whether the person has any role for the agency.

    On that day, while the agency belongs.
    """
    return any(held.agency == on.subject for held in held_roles.roles_of(person, on))


@rules.predicate
def may_act_for(person: Any, on: On) -> bool:
    """Return whether the person may act for the agency that day.

    Only for a member of that day.
    """
    return on.subject in held_roles.acting_agencies(held_roles.roles_of(person, on))


@rules.predicate
def may_sign_in(person: Any, on: On) -> bool:
    """Return whether the person may have a session that day.

    Not after the last appointment ended, except for administrators.
    """
    # A closed account ends every session; administrators need no appointment.
    if not people.may_have_session(person) or person.is_staff:
        return people.may_have_session(person)
    last_day = people.left_after(person)
    return last_day is None or last_day >= on.day


@rules.predicate
def is_superuser(person: Any, on: On) -> bool:
    """Return whether the person has every permission of the admin."""
    return bool(person.is_active and person.is_staff and person.is_superuser)


@rules.predicate
def may_change_account(person: Any, on: On) -> bool:
    """Return whether the person may change the account (on.subject).

    A superuser may change any account, others none that holds more permissions than they do.
    """
    if is_superuser(person, on):
        return True
    if (
        not (person.is_active and person.is_staff and person.has_perm(CHANGE_PEOPLE))
        or on.subject.is_superuser
    ):
        return False
    # Otherwise an administrator could take over a more powerful account by its address.
    return people.granted_permissions(on.subject) <= people.granted_permissions(person)


@rules.predicate
def is_another(person: Any, on: On) -> bool:
    """Return whether the account (on.subject) is somebody else's."""
    return bool(person.pk != on.subject.pk)


@rules.predicate
def is_own(person: Any, on: On) -> bool:
    """Return whether the account (on.subject) is the person's own."""
    return bool(person.is_active and person.pk == on.subject.pk)


@rules.predicate
def may_use_resets(person: Any, on: On) -> bool:
    """Return whether the person may use the page of resets.

    These are resets of a second factor.
    """
    return bool(person.is_active and person.is_staff and person.has_perm(ADD_RESETS))


def who_can_reset_factor(person: Person, day: date) -> list[Person]:
    """Return the administrators who may reset the factor of `person`."""
    return [
        administrator
        for administrator in people.administrators()
        if permissions.allowed(administrator, "members.reset_factor", On(day, person))
    ]


def _focal_points(on: On) -> str:
    """Return the names of the agency's focal points."""
    return formatting.list_of(
        appointment.person.name for appointment in people.focal_points_of(on.subject, on.day)
    )


def who_keeps_the_roster(person: Any, on: On) -> str:
    """Return who may change the agency's people."""
    names = _focal_points(on)
    if names:
        return _(
            "Only the focal points of %(agency)s (%(names)s) or an administrator may change its "
            "people."
        ) % {
            "agency": on.subject,
            "names": names,
        }
    return _("%(agency)s has no focal point now; an administrator may change its people.") % {
        "agency": on.subject
    }


def who_exports(person: Any, on: On) -> str:
    """Return who may take along what is stored of somebody."""
    return _("Only the person and an administrator who may change the account may do this.")


def who_erases(person: Any, on: On) -> str:
    """Return who may erase what is personal of somebody."""
    return _("Only a superuser may erase a person, and never themselves.")


def who_is_away(person: Any, on: On) -> str:
    """Return who may note days away."""
    return _("You note only your own days away, while you are in office.")


def who_confirms(person: Any, on: On) -> str:
    """Return who may say that the agency's people are as recorded."""
    return _("Only people in office for %(agency)s may confirm who its people are.") % {
        "agency": on.subject
    }


def who_keeps_memberships(person: Any, on: On) -> str:
    """Return who may change when agencies belong."""
    return _("Only an administrator may change when agencies belong to the group.")


def who_words_the_mandate(person: Any, on: On) -> str:
    """Return who may change the words of the agency's mandate."""
    return _(
        "Only the focal points of %(agency)s or an administrator may change the words of its "
        "mandate."
    ) % {"agency": on.subject}


def who_acts(person: Any, on: On) -> str:
    """Return who may act for the agency."""
    return _(
        "Only people who are in office for %(agency)s on %(day)s may act for it, while it is a "
        "member."
    ) % {
        "agency": on.subject,
        "day": on.day.isoformat(),
    }


def who_reads(person: Any, on: On) -> str:
    """Return who may read the working pages."""
    return _(
        "These pages are for people who are in office today for an agency of the group. "
        "If you should be one of them, ask your agency’s focal points to invite you.",
    )


def who_signs_in(person: Any, on: On) -> str:
    """Return why a session ended, or why none begins."""
    last = people.last_appointment(person) if person.is_active else None
    if last is None or last.last_day is None:
        return _("Your account is closed. An administrator can open it again.")
    return _(
        "Your appointment as %(role)s of %(agency)s ended on %(day)s, and you have no other one. "
        "You cannot sign in any more. "
        "If this is a mistake, ask the focal points of %(agency)s.",
    ) % {
        "role": last.get_role_display(),
        "agency": last.agency,
        "day": dateformat.format(last.last_day, "j F Y"),
    }


def who_keeps_accounts(person: Any, on: On) -> str:
    """Return who may change an account."""
    return _(
        "Only a superuser may change the account of somebody who holds more permissions than you."
    )


def who_makes_feeds(person: Any, on: On) -> str:
    """Return who may make and revoke the addresses of somebody's calendar feeds."""
    return _(
        "Only you yourself can make or revoke the addresses of your calendar feeds, and make them "
        "while you are in office."
    )


def who_gives_powers(person: Any, on: On) -> str:
    """Return who may grant permissions."""
    return _(
        "Only a superuser may grant or take permissions, and set a password for somebody else."
    )


def who_resets_factors(person: Any, on: On) -> str:
    """Return who may take away a second factor."""
    return _(
        "A second factor is reset by two administrators, and neither of them is the person who "
        "lost it."
    )


permissions.add("members.sign_in", may_sign_in, who_signs_in)
permissions.add("members.change_account", may_change_account, who_keeps_accounts)
permissions.add("members.give_powers", is_superuser, who_gives_powers)
permissions.add(
    "members.reset_factor", is_another & may_use_resets & may_change_account, who_resets_factors
)
permissions.add("members.read", is_administrator | belongs, who_reads)
permissions.add("members.edit_roster", is_administrator | is_focal_point_of, who_keeps_the_roster)
permissions.add("members.invite", is_administrator | is_focal_point_of, who_keeps_the_roster)
permissions.add("members.edit_mandate", is_administrator | is_focal_point_of, who_words_the_mandate)
permissions.add("members.edit_membership", is_administrator, who_keeps_memberships)
# no administrator: nobody acts for an agency that they do not belong to (design.md 4.6)
permissions.add("members.act_for", may_act_for, who_acts)
permissions.add("members.make_feeds", is_own & (is_administrator | belongs), who_makes_feeds)
permissions.add("members.revoke_feeds", is_own, who_makes_feeds)
# no administrator either: the agency itself says it
permissions.add("members.confirm_roster", has_role_for, who_confirms)
permissions.add("members.note_absence", is_own & (is_administrator | belongs), who_is_away)
permissions.add("members.export_data", is_own | may_change_account, who_exports)
permissions.add("members.erase_person", is_superuser & is_another, who_erases)
