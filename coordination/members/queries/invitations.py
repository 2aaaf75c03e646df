"""Invitations: which are open, and the token that the mail carries."""

import hashlib
from datetime import datetime

from django.db.models import QuerySet
from django.utils.crypto import constant_time_compare, salted_hmac

from coordination.members.models import Agency, Invitation, Person

SALT = "coordination.members.invitation"


def token_of(nonce: str) -> str:
    """Return the token that follows from the nonce and the secret key.

    It is stored nowhere, the mail is made from it.
    """
    return salted_hmac(SALT, nonce, algorithm="sha256").hexdigest()


def hash_of(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def invitation_of(token: str) -> Invitation | None:
    """Return the invitation that the token opens, in whatever state, or None.

    Found by its hash, compared in constant time.
    """
    kept = hash_of(token)
    found = (
        Invitation.objects.select_related("agency", "invited_by", "person")
        .filter(token_sha256=kept)
        .first()
    )
    return found if found and constant_time_compare(found.token_sha256, kept) else None


def person_of(invitation: Invitation) -> Person | None:
    """Return who is invited; an old invitation names them by address only."""
    return invitation.person or Person.objects.filter(email__iexact=invitation.email).first()


def open_invitations(at: datetime) -> QuerySet[Invitation]:
    """Return the invitations that can be accepted at the moment `at`, the newest first."""
    return Invitation.objects.filter(
        accepted_at__isnull=True,
        withdrawn_at__isnull=True,
        expires_at__gt=at,
    ).select_related("agency", "invited_by", "person")


def invitations_of(agency: Agency, at: datetime) -> QuerySet[Invitation]:
    """Return the agency's invitations that can be accepted at the moment `at`."""
    return open_invitations(at).filter(agency=agency)
