"""What is owed to agencies that a comment mentions."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Q
from django.urls import reverse

from coordination.core.due import Due
from coordination.members.enums import Role
from coordination.members.models import Agency
from coordination.members.queries import recipients
from coordination.statements.due.occasions import RECENT
from coordination.statements.due.recipients import people_of
from coordination.statements.models import Comment

HOUR = timedelta(hours=1)
# mails about comments that a person gets within a clock hour; the others come in one
MENTIONS_AT_ONCE = 3


def mentions(moment: datetime, since: datetime | None = None) -> Iterator[Due]:
    """Yield each comment to the agencies that it concerns.

    These are the agencies that it mentions and the agency whose amendment it is on, but not the
    agency that made it.

    Of the comments of one clock hour (UTC) a person gets the first MENTIONS_AT_ONCE one by one, and
    the others in one mail when the hour has ended. A comment that is withdrawn keeps its place in
    the count, so that no other one moves from one mail to another.
    """
    for person_id, hour, comments in mentions_by_hour(moment, (since or moment) - RECENT):
        yield from (
            mention(person_id, *each)
            for each in comments[:MENTIONS_AT_ONCE]
            if each[1].withdrawn_at is None
        )
        later = [each for each in comments[MENTIONS_AT_ONCE:] if each[1].withdrawn_at is None]
        if later and hour + HOUR <= moment:
            yield gathered_mentions(person_id, hour, later)


def mention(person_id: int, agency: Agency, said: Comment) -> Due:
    """Return the mail about one comment."""
    return Due(
        kind="statements.mentioned",
        person_id=person_id,
        subject=f"comment:{said.pk}",
        stage="said",
        at=said.said_at,
        url=address_of(said),
        context={"statement": said.statement, "said": said, "agency": agency},
    )


def gathered_mentions(
    person_id: int, hour: datetime, comments: list[tuple[Agency, Comment]]
) -> Due:
    """Return the one mail about the later comments of an hour."""
    agency, first = comments[0]
    return Due(
        kind="statements.mentioned",
        person_id=person_id,
        subject=f"comments:{hour:%Y%m%d%H}",
        stage="gathered",
        at=hour + HOUR,
        url=address_of(first),
        context={
            "statement": first.statement,
            "said": first,
            "agency": agency,
            "gathered": [said for _agency, said in comments],
        },
    )


def address_of(said: Comment) -> str:
    """Return the address of the place where a comment can be answered."""
    place = f"a{said.amendment_id}" if said.amendment_id else said.key
    return reverse("statements:discuss", args=[said.statement.slug]) + f"?about={place}#t-{place}"


def mentions_by_hour(
    moment: datetime, after: datetime
) -> Iterator[tuple[int, datetime, list[tuple[Agency, Comment]]]]:
    """Yield (person, clock hour, comments of that hour), oldest first.

    Each comment comes with the agency for which the person gets it, also if it is withdrawn. Only
    hours with a comment later than `after` are yielded, but with all of their comments.
    """
    lately = Comment.objects.filter(said_at__lte=moment, said_at__gt=after - HOUR)
    to_somebody = lately.filter(Q(mentions__isnull=False) | Q(amendment__isnull=False)).distinct()
    found = list(
        to_somebody.select_related(
            "statement", "agency", "author", "amendment__agency"
        ).prefetch_related("mentions")
    )
    told = {
        said.pk: {*said.mentions.all(), *([said.amendment.agency] if said.amendment else [])}
        - {said.agency}
        for said in found
    }
    people = (
        people_of(
            {agency for agencies in told.values() for agency in agencies}, moment, Role.FOCAL_POINT
        )
        if found
        else {}
    )
    by_hour: dict[tuple[int, datetime], list[tuple[Agency, Comment]]] = {}
    for said in found:
        hour = said.said_at.replace(minute=0, second=0, microsecond=0)
        team = [
            appointment
            for agency in sorted(told[said.pk], key=str)
            for appointment in people.get(agency.pk, [])
        ]
        for appointment in recipients.once_per_person(team):
            by_hour.setdefault((appointment.person_id, hour), []).append((appointment.agency, said))
    for (person_id, hour), comments in by_hour.items():
        if comments[-1][1].said_at > after:
            yield person_id, hour, comments
