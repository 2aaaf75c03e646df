"""What protects an account: its address, sessions, state and powers."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group as PermissionGroup
from django.contrib.auth.models import Permission
from django.db import transaction
from django.utils.translation import gettext as _

from coordination.core import history, permissions
from coordination.core import queries as core_queries
from coordination.core.due import wake_on_commit
from coordination.core.permissions import On
from coordination.members.actions.invitations import withdraw_invitations_of
from coordination.members.actions.people import lock_person, verify_address
from coordination.members.enums import MembersChange
from coordination.members.errors import AddressTaken
from coordination.members.models import AddressChange, Person
from coordination.members.queries import people

# The name of the group in the admin; it is data, so it is not translated.
KEEPERS = "Administrators"


@dataclass(frozen=True, slots=True)
class Powers:
    """What an account may do in the administration."""

    is_staff: bool
    is_superuser: bool
    groups: Collection[PermissionGroup] = field(default=())
    permissions: Collection[Permission] = field(default=())


def require_account(account: Person, *, by: Person, at: datetime) -> None:
    """Raise NotAllowed unless `by` may change `account`."""
    permissions.require(by, "members.change_account", On(core_queries.day_in_group(at), account))


def refuse_taken(address: str, person: Person) -> None:
    """Raise AddressTaken if another person has or confirmed the address."""
    owners = Person.objects.filter(email__iexact=address).exclude(pk=person.pk)
    confirmed = EmailAddress.objects.filter(email__iexact=address, verified=True).exclude(
        user_id=person.pk
    )
    if owners.exists() or confirmed.exists():
        raise AddressTaken(_("This address cannot be used here. Choose another."), field="email")


@transaction.atomic
def ask_for_address(person: Person, address: str) -> EmailAddress:
    """Note the address that `person` wants to change to.

    It counts once it is confirmed. Another one replaces it. The same one stays, with the link that
    was sent to it.
    """
    person, address = lock_person(person), address.strip().lower()
    others = EmailAddress.objects.filter(user=person).exclude(email__iexact=person.email or "")
    # Only one address can be pending, so that old links stop working.
    others.exclude(email=address, verified=False).delete()
    pending, _is_new = EmailAddress.objects.get_or_create(user=person, email=address)
    return pending


@transaction.atomic
def withdraw_address(person: Person) -> None:
    """Delete the unconfirmed address of `person`."""
    EmailAddress.objects.filter(user=lock_person(person), verified=False).exclude(
        email__iexact=person.email or ""
    ).delete()


@transaction.atomic
def change_address(person: Person, address: str, *, by: Person, at: datetime) -> Person:
    """Change the sign-in address of `person`, and end every session.

    The person changes it after confirming the new address; others need the permission to change the
    account. An AddressChange is stored, from which the old address and the colleagues are told.
    Invitations to the old address are withdrawn. Raises NotAllowed, AddressTaken.
    """
    # invitations are locked before the person, as in accept_invitation, to avoid a deadlock
    withdraw_invitations_of(person, by=by, at=at)
    person, address = lock_person(person), address.strip().lower()
    if by.pk != person.pk:
        require_account(person, by=by, at=at)
    refuse_taken(address, person)
    old = person.email or ""
    person.email = address
    person.version += 1
    person.sessions_ended += 1
    history.sign(person, by=by, reason=MembersChange.ADDRESS_CHANGED)
    person.save(update_fields=["email", "version", "sessions_ended"])
    # an old address must not open the account again
    EmailAddress.objects.filter(user=person).exclude(email=address).delete()
    verify_address(person)
    AddressChange.objects.create(person=person, old=old, new=address, changed_at=at, changed_by=by)
    wake_on_commit()
    return person


@transaction.atomic
def end_sessions(person: Person) -> Person:
    """End every session of `person`, at their own wish.

    The view keeps the present one.
    """
    person = lock_person(person)
    person.sessions_ended += 1
    history.sign(person, by=person, reason=MembersChange.SESSIONS_ENDED)
    person.save(update_fields=["sessions_ended"])
    return person


@transaction.atomic
def set_account_open(person: Person, *, is_open: bool, by: Person, at: datetime) -> Person:
    """Close an account, or open it again.

    Closing ends its sessions for good. Raises NotAllowed.
    """
    person = lock_person(person)
    require_account(person, by=by, at=at)
    person.is_active = is_open
    person.version += 1
    # A closed session stays closed when the account opens again.
    person.sessions_ended += 0 if is_open else 1
    history.sign(
        person,
        by=by,
        reason=MembersChange.ACCOUNT_REOPENED if is_open else MembersChange.ACCOUNT_CLOSED,
    )
    person.save(update_fields=["is_active", "version", "sessions_ended"])
    return person


@transaction.atomic
def set_powers(person: Person, powers: Powers, *, by: Person, at: datetime) -> Person:
    """Set what an account may do in the admin.

    History names what was granted and what was taken. Raises NotAllowed.
    """
    person = lock_person(person)
    permissions.require(by, "members.give_powers", On(core_queries.day_in_group(at), person))
    powers = replace(powers, groups=groups_of(powers))
    granted, taken = _difference(person, powers)
    person.is_staff, person.is_superuser = powers.is_staff, powers.is_superuser
    person.version += 1
    history.sign(person, by=by, **_powers_reason(granted, taken))
    person.save(update_fields=["is_staff", "is_superuser", "version"])
    person.groups.set(powers.groups)
    person.user_permissions.set(powers.permissions)
    return person


def groups_of(powers: Powers) -> list[PermissionGroup]:
    """Return the names of an account's groups.

    An administrator also has the group "Administrators". The permissions of that group are named:
    to see, add and change each record. It is made when the first administrator needs it, and stays
    as superusers change it. What it may not do (grant permissions, set passwords) is asked of
    superusers by `members.give_powers`.
    """
    others = [group for group in powers.groups if group.name != KEEPERS]
    if not powers.is_staff:
        return others
    group, is_new = PermissionGroup.objects.get_or_create(name=KEEPERS)
    if is_new:
        group.permissions.set(people.permissions_on_records())
    return [*others, group]


def _difference(person: Person, powers: Powers) -> tuple[list[str], list[str]]:
    """Return the names of what is granted, and of what is taken."""
    before = {*person.groups.all(), *person.user_permissions.select_related("content_type")}
    after = {*powers.groups, *powers.permissions}
    return sorted(map(str, after - before)), sorted(map(str, before - after))


def _powers_reason(granted: list[str], taken: list[str]) -> dict[str, Any]:
    """Return the reason of a change of permissions, with values."""
    reason = {
        (False, False): MembersChange.PERMISSIONS_CHANGED,
        (True, False): MembersChange.PERMISSIONS_GRANTED,
        (False, True): MembersChange.PERMISSIONS_TAKEN,
        (True, True): MembersChange.PERMISSIONS_GRANTED_AND_TAKEN,
    }[bool(granted), bool(taken)]
    return {"reason": reason, "values": {"granted": granted, "taken": taken}}


@transaction.atomic
def note_password_set(person: Person, *, by: Person, at: datetime) -> Person:
    """Record that `by` set or disabled another person's password.

    No history contains the password itself.
    """
    person = lock_person(person)
    permissions.require(by, "members.give_powers", On(core_queries.day_in_group(at), person))
    is_set = person.has_usable_password()
    reason = MembersChange.PASSWORD_SET if is_set else MembersChange.PASSWORD_DISABLED
    history.sign(person, by=by, reason=reason)
    person.save(update_fields=["version"])
    return person


def note_second_factor_needed(person: Person, *, at: datetime) -> datetime:
    """Return since when the person needs a second factor.

    The first call records `at`.
    """
    # Conditional, so that two requests at once record one moment.
    Person.objects.filter(pk=person.pk, second_factor_since__isnull=True).update(
        second_factor_since=at
    )
    return Person.objects.values_list("second_factor_since", flat=True).get(pk=person.pk) or at
