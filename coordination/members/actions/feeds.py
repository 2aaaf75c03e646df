"""The secret of a person's calendar feeds: make, renew, revoke."""

import secrets
from datetime import datetime

from django.db import transaction

from coordination.core import history, permissions
from coordination.core.permissions import On
from coordination.core.queries import day_in_group
from coordination.members.actions.people import lock_person
from coordination.members.enums import MembersChange
from coordination.members.models import FeedToken, Person
from coordination.members.queries import feeds

TOKEN_BYTES = 32


@transaction.atomic
def make_token(person: Person, *, by: Person, at: datetime) -> str:
    """Create the secret of a person's feeds and return it.

    Only its hash is stored. A former one is revoked: its addresses are dead from now on. Raises
    NotAllowed.
    """
    lock_person(person)
    permissions.require(by, "members.make_feeds", On(day_in_group(at), person))
    former = revoke_present(person, by=by, at=at)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    row = FeedToken(person=person, token_sha256=feeds.hash_of(token), made_at=at)
    reason = MembersChange.FEEDS_RENEWED if former else MembersChange.FEEDS_MADE
    history.sign(row, by=by, reason=reason)
    row.save()
    return token


@transaction.atomic
def revoke_token(person: Person, *, by: Person, at: datetime) -> FeedToken | None:
    """Revoke the secret of a person's feeds.

    Returns None if there is none. Raises NotAllowed.
    """
    lock_person(person)
    permissions.require(by, "members.revoke_feeds", On(day_in_group(at), person))
    return revoke_present(person, by=by, at=at)


def revoke_present(person: Person, *, by: Person, at: datetime) -> FeedToken | None:
    """Revoke the secret in use and return it.

    Runs in the caller's transaction.
    """
    row = feeds.present_token(person)
    if row is None:
        return None
    row.revoked_at = at
    history.sign(row, by=by, reason=MembersChange.FEEDS_REVOKED)
    row.save(update_fields=["revoked_at"])
    return row
