"""Mails about a term that was confirmed."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from django.urls import reverse

from coordination.core.due import Due
from coordination.core.queries import day_in_group
from coordination.members.enums import Role
from coordination.members.models import Agency
from coordination.members.queries import recipients
from coordination.members.queries.agencies import members_on
from coordination.rotation.due.stages import acronyms_of
from coordination.rotation.models import ChairTerm
from coordination.rotation.queries import chair

CONFIRMED_IS_NEWS = timedelta(days=8)


def confirmations(at: datetime, since: datetime | None = None) -> Iterator[Due]:
    """Yield the news of each term that was confirmed.

    It goes to the focal points of all members, and in the agencies that will chair to their
    principal and the principal's office too. `since` is the moment at which it was news; it is
    `at` if not given. A term that was put on record by a correction is no news.
    """
    terms = chair.confirmed().filter(
        confirmed_at__gt=(since or at) - CONFIRMED_IS_NEWS, confirmed_at__lte=at
    )
    for term in terms:
        assert term.confirmed_at
        own, day = chair.chairing_agencies(term), day_in_group(term.confirmed_at)
        team = recipients.reachable_appointments(own, day, *Role)
        others = recipients.reachable_appointments(members_on(day), day, Role.FOCAL_POINT)
        ours = {appointment.person_id for appointment in team}
        for appointment in recipients.once_per_person([*team, *others]):
            yield Due(
                kind="rotation.confirmed",
                subject=f"term:{term.pk}",
                stage="confirmed",
                person_id=appointment.person_id,
                at=term.confirmed_at,
                url=reverse("rotation:term", args=[term.slug]),
                until=term.confirmed_at + CONFIRMED_IS_NEWS,
                context={
                    "term": term,
                    "chair": acronyms_of(own),
                    "joint": len(own) > 1,
                    "ours": appointment.person_id in ours,
                },
            )


def people_told(term: ChairTerm, day: date) -> int:
    """Return how many people hear of a term's confirmation.

    When it is confirmed on `day`.
    """
    return people_told_of(chair.chairing_agencies(term), day)


def people_told_of(agencies: Sequence[Agency], day: date) -> int:
    """Return how many people are told when a term of `agencies` is confirmed on `day`."""
    members = set(members_on(day))
    reachable = recipients.reachable_appointments({*agencies, *members}, day, *Role)
    return len(
        {
            row.person_id
            for row in reachable
            if row.agency in agencies or (row.role == Role.FOCAL_POINT and row.agency in members)
        }
    )
