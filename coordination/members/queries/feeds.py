"""The calendar feeds of a person: their secret and their events."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from coordination.members.models import FeedToken, Person

# calendars show what was, for a year
BACK = timedelta(days=365)
ASK_AGAIN_AFTER = timedelta(hours=1)
PRODUCT = "-//Coordination//Feeds//EN"


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline as a feed tells of it.

    `key` stays the same as long as it is about the same thing; `sequence` rises with each change.
    `when` is a whole day of the group, or a moment (UTC). `path` is that of the page about it.
    """

    key: str
    sequence: int
    when: date | datetime
    title: str
    path: str
    description: str = ""


def hash_of(token: str) -> str:
    """Return the stored hash of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def token_of(token: str) -> FeedToken | None:
    """Return the stored token with its person, revoked or not, or None.

    It is found by the hash: how long that takes says nothing of the token.
    """
    tokens = FeedToken.objects.select_related("person")
    return tokens.filter(token_sha256=hash_of(token)).first()


def present_token(person: Person) -> FeedToken | None:
    """Return the token that opens a person's feeds now, or None."""
    return FeedToken.objects.filter(person=person, revoked_at=None).first()


def host() -> str:
    """Return the host at the end of each UID.

    It does not depend on the address that a feed is read from.
    """
    return urlsplit(settings.SITE_URL).hostname or "localhost"


def new_feed(name: str) -> Any:
    """Return an empty calendar with the name that programs show."""
    import icalendar  # 2 MiB of each web process that writes none

    calendar = icalendar.Calendar()  # `Calendar.new` would add a random UID
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCT)
    for key in ("name", "x-wr-calname"):
        calendar.add(key, name)
    calendar.add("refresh-interval", ASK_AGAIN_AFTER, parameters={"VALUE": "DURATION"})
    return calendar


def add_deadlines(calendar: Any, deadlines: Iterable[Deadline], stamp: datetime) -> None:
    """Add deadlines to a calendar, in which nobody is busy by them.

    `stamp` (UTC) is the last change that the feed tells of.
    """
    import icalendar

    for deadline in deadlines:
        when = deadline.when
        event = icalendar.Event.new(
            uid=f"{deadline.key}@{host()}",
            sequence=deadline.sequence,
            stamp=stamp,
            # without an end: that whole day, or that one moment (RFC 5545, section 3.6.1)
            start=when.astimezone(UTC) if isinstance(when, datetime) else when,
            summary=deadline.title,
            description=deadline.description or None,
            url=settings.SITE_URL + deadline.path,
        )
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
