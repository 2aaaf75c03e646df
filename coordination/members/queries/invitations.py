"""Open invitations, and the token in the mail."""

import hashlib
from datetime import date, datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.crypto import constant_time_compare, salted_hmac

from coordination.members.models import Agency, Appointment, Invitation, Person
from coordination.members.queries.agencies import in_membership
from coordination.members.queries.periods import running

SALT = "coordination.members.invitation"


def token_of(nonce: str) -> str:
    """Return the token of a nonce, which follows from the secret key.

    It is stored nowhere: the mail computes it.
    """
    return salted_hmac(SALT, nonce, algorithm="sha256").hexdigest()


def hash_of(token: str) -> str:
    """Return the stored hash of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def invitation_of(token: str) -> Invitation | None:
    """Return the invitation of a token, in any state, or None.

    It is found by the hash, which is compared in constant time.
    """
    token_hash = hash_of(token)
    invitation = (
        Invitation.objects.select_related("agency", "invited_by", "person")
        .filter(token_sha256=token_hash)
        .first()
    )
    return (
        invitation
        if invitation and constant_time_compare(invitation.token_sha256, token_hash)
        else None
    )


def person_of(invitation: Invitation) -> Person | None:
    """Return the invited person, or None.

    An old invitation names them by address only.
    """
    return invitation.person or Person.objects.filter(email__iexact=invitation.email).first()


def open_invitations(at: datetime) -> QuerySet[Invitation]:
    """Return the invitations that are open at `at`, newest first."""
    return Invitation.objects.filter(
        accepted_at__isnull=True,
        withdrawn_at__isnull=True,
        expires_at__gt=at,
    ).select_related("agency", "invited_by", "person")


def lapsed_invitations(day: date, at: datetime) -> QuerySet[Invitation]:
    """Return the invitations that nobody accepted in time, newest first.

    Left out are those of agencies that do not belong on `day`, those that a later invitation
    replaces, and those to people who have the role meanwhile.
    """
    later = Invitation.objects.filter(
        agency=OuterRef("agency"),
        email__iexact=OuterRef("email"),
        role=OuterRef("role"),
        invited_at__gt=OuterRef("invited_at"),
    )
    appointed = Appointment.objects.filter(
        running(day), agency=OuterRef("agency"), role=OuterRef("role"), person=OuterRef("person")
    )
    return Invitation.objects.filter(
        in_membership(day),
        ~Exists(later),
        ~Exists(appointed),
        accepted_at__isnull=True,
        withdrawn_at__isnull=True,
        expires_at__lte=at,
    ).select_related("agency", "invited_by", "person")


def invitations_of(agency: Agency, at: datetime) -> QuerySet[Invitation]:
    """Return the agency's invitations that are open at `at`."""
    return open_invitations(at).filter(agency=agency)
