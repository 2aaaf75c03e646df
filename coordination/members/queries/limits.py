"""How much of a limit people used, and who hit one."""

from datetime import datetime

from django.db.models import QuerySet, Value

from coordination.members.models import Invitation, LimitHit, Person


def invitations_sent(person: Person, since: datetime) -> QuerySet[Invitation, tuple[datetime, int]]:
    """Return (moment, 1) for each invitation sent after `since`.

    Withdrawn ones count too, or a limit could be evaded.
    """
    return Invitation.objects.filter(invited_by=person, invited_at__gt=since).values_list(
        "invited_at", Value(1)
    )


def limit_hits(since: datetime) -> QuerySet[LimitHit]:
    """Return who hit a limit after `since`, newest first."""
    return (
        LimitHit.objects.filter(last_at__gt=since)
        .select_related("person")
        .order_by("-last_at", "-pk")
    )
