"""Mails about comments."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Q
from django.urls import reverse

from coordination.core.due import Due
from coordination.members.enums import Role
from coordination.members.models import Agency
from coordination.members.queries import recipients
from coordination.statements.due.recipients import appointments_of
from coordination.statements.due.stages import RECENT
from coordination.statements.models import Comment
from coordination.statements.queries import comments as comments_queries

HOUR = timedelta(hours=1)
# more comments within a clock hour come in one mail, so that a discussion does not flood anybody
SINGLE_MAILS_PER_HOUR = 3


def mentions(moment: datetime, since: datetime | None = None) -> Iterator[Due]:
    """Yield mails about comments to the agencies concerned.

    These are the agencies that it mentions and the agency whose amendment it is on, but not its
    own. In each clock hour (UTC) a person gets SINGLE_MAILS_PER_HOUR mails, then one mail with the
    other comments when the hour ends.
    """
    for person_id, hour, comments in mentions_by_hour(moment, (since or moment) - RECENT):
        # a withdrawn comment keeps its place, so that no other moves from one mail to another
        yield from (
            mention(person_id, *pair)
            for pair in comments[:SINGLE_MAILS_PER_HOUR]
            if pair[1].withdrawn_at is None
        )
        later = [pair for pair in comments[SINGLE_MAILS_PER_HOUR:] if pair[1].withdrawn_at is None]
        if later and hour + HOUR <= moment:
            yield collected_mentions(person_id, hour, later)


def mention(person_id: int, agency: Agency, comment: Comment) -> Due:
    """Return a person's mail about one comment."""
    return Due(
        kind="statements.mentioned",
        person_id=person_id,
        subject=f"comment:{comment.pk}",
        stage="said",
        at=comment.said_at,
        url=comment_url(comment),
        context={"statement": comment.statement, "comment": comment, "agency": agency},
    )


def collected_mentions(
    person_id: int, hour: datetime, comments: list[tuple[Agency, Comment]]
) -> Due:
    """Return a person's mail about the later comments of an hour."""
    agency, first = comments[0]
    return Due(
        kind="statements.mentioned",
        person_id=person_id,
        subject=f"comments:{hour:%Y%m%d%H}",
        stage="gathered",
        at=hour + HOUR,
        url=comment_url(first),
        context={
            "statement": first.statement,
            "comment": first,
            "agency": agency,
            "gathered": [comment for _agency, comment in comments],
        },
    )


def comment_url(comment: Comment) -> str:
    """Return the URL for an answer to a comment."""
    place = comments_queries.place_of(comment)
    return (
        reverse("statements:discuss", args=[comment.statement.slug]) + f"?about={place}#t-{place}"
    )


def mentions_by_hour(
    moment: datetime, after: datetime
) -> Iterator[tuple[int, datetime, list[tuple[Agency, Comment]]]]:
    """Yield (person key, hour, comments), oldest first.

    A clock hour with its comments. Each comment comes with the agency for which the person gets
    it. Only hours with a comment after `after` are yielded, but with all their comments,
    withdrawn ones too.
    """
    # an hour more, so that the first clock hour is complete and its comments are counted right
    recent = Comment.objects.filter(said_at__lte=moment, said_at__gt=after - HOUR)
    concerning = recent.filter(Q(mentions__isnull=False) | Q(amendment__isnull=False)).distinct()
    comments = list(
        concerning.select_related(
            "statement", "agency", "author", "amendment__agency"
        ).prefetch_related("mentions")
    )
    concerned = {comment.pk: _concerned_agencies(comment) for comment in comments}
    agencies = {agency for concerned_by in concerned.values() for agency in concerned_by}
    people = appointments_of(agencies, moment, Role.FOCAL_POINT) if comments else {}
    by_hour: dict[tuple[int, datetime], list[tuple[Agency, Comment]]] = {}
    for comment in comments:
        # clock hours, not hours from the first comment: they do not move with new comments
        hour = comment.said_at.replace(minute=0, second=0, microsecond=0)
        appointments = [
            appointment
            for agency in sorted(concerned[comment.pk], key=str)
            for appointment in people.get(agency.pk, [])
        ]
        for appointment in recipients.once_per_person(appointments):
            by_hour.setdefault((appointment.person_id, hour), []).append(
                (appointment.agency, comment)
            )
    for (person_id, hour), of_hour in by_hour.items():
        if of_hour[-1][1].said_at > after:
            yield person_id, hour, of_hour


def _concerned_agencies(comment: Comment) -> set[Agency]:
    """Return the agencies concerned by a comment, except its own.

    The mentioned ones and the agency of the amendment.
    """
    agencies = set(comment.mentions.all())
    if comment.amendment:
        agencies.add(comment.amendment.agency)
    return agencies - {comment.agency}
