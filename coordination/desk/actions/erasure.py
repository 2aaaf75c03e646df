"""Erase the personal data of a person who left.

The public record keeps the name.
"""

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from coordination.core import history, versions
from coordination.core.permissions import On, require
from coordination.core.queries import day_in_group
from coordination.members.actions import feeds
from coordination.members.actions.people import lock_person
from coordination.members.enums import MembersChange
from coordination.members.errors import StillInOffice
from coordination.members.models import (
    Absence,
    AddressChange,
    Appointment,
    FeedToken,
    Invitation,
    LimitHit,
    Person,
)
from coordination.reminders.enums import MESSAGE_LIFE, MessageState, Reason
from coordination.reminders.models import MailPreference, OutboxMessage
from coordination.statements.models import PersonReading

ERASED_ADDRESS = "erased@erased.invalid"
FIELDS = (
    "email",
    "password",
    "time_zone",
    "language",
    "is_active",
    "is_staff",
    "is_superuser",
    "joined_at",
    "last_login",
    "demo_role",
    "sessions_ended",
    "second_factor_since",
    "erased_at",
)


@transaction.atomic
def erase_person(person: Person, *, version: int, by: Person, at: datetime) -> Person:
    """Erase account, address, tokens and preferences of a person.

    The person must not be in office. Name, appointments and what they said and signed stay: they
    are the record of the group. So do former addresses in the history, which no page can change
    (docs/operate/kept.md). Raises NotAllowed, StillInOffice, Stale.
    """
    person = lock_person(person)
    day = day_in_group(at)
    require(by, "members.erase_person", On(day, person))
    if Appointment.objects.filter(
        Q(last_day__isnull=True) | Q(last_day__gte=day), person=person
    ).exists():
        raise StillInOffice(_("This person is in office, or will be. End the appointments first."))
    versions.claim(person, version)
    erase_account(person, by=by, at=at)
    erase_mails(person, at)
    for model in (Absence, AddressChange, LimitHit, MailPreference, PersonReading):
        model._default_manager.filter(person=person).delete()
    # what the agency did stays: whom it invited, and when
    Invitation.objects.filter(person=person).update(email=ERASED_ADDRESS)
    return person


def erase_account(person: Person, *, by: Person, at: datetime) -> None:
    """Empty the account and delete what opens it, in the caller's transaction."""
    feeds.revoke_present(person, by=by, at=at)
    for rows in (
        FeedToken.objects.filter(person=person),
        EmailAddress.objects.filter(user=person),
        Authenticator.objects.filter(user=person),
        UserSession.objects.filter(user=person),
    ):
        rows.delete()
    person.groups.clear()
    person.user_permissions.clear()
    person.email, person.time_zone, person.language, person.demo_role = None, "", "", ""
    person.is_active = person.is_staff = person.is_superuser = False
    person.joined_at = person.last_login = person.second_factor_since = None
    person.sessions_ended += 1
    person.erased_at = at
    person.set_unusable_password()
    history.sign(person, by=by, reason=MembersChange.PERSON_ERASED)
    person.save(update_fields=FIELDS)


def erase_mails(person: Person, at: datetime) -> None:
    """Empty the mails to a person.

    That they were sent stays on record. What was not sent is withheld.
    """
    mails = OutboxMessage.objects.filter(recipient=person)
    mails.filter(state__in=MESSAGE_LIFE.before(MessageState.WITHHELD), leased_by="").update(
        state=MessageState.WITHHELD, reason=Reason.INACTIVE, withheld_at=at
    )
    mails.update(address="", text="", html="", headers={}, calendar="", url="")
