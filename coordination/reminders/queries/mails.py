"""A reminder as a mail, rendered when it is planned."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import translation
from django.utils.text import slugify

from coordination.core import due, mails, queries, zones
from coordination.core.clock import day_at
from coordination.core.due import Due, Source
from coordination.core.http import reader_in
from coordination.core.models import Group
from coordination.members.models import Person
from coordination.members.queries import replies
from coordination.reminders.models import OutboxMessage

UNSUBSCRIBE_SALT = "reminders.unsubscribe"
# the kind of the digest, a mail that lists held mails
DIGEST = "reminders.digest"


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What all mails of a day share: group, site address, host.

    `reply_to` has the name and the address of each person who reads the answers.
    """

    group: Group
    site_url: str
    host: str
    reply_to: tuple[tuple[str, str], ...] = ()

    @property
    def list_id(self) -> str:
        """Return the List-Id (RFC 2919): the group's name and a stable identifier."""
        name = mails.phrase(self.group.name)
        return f"{name} <{slugify(self.group.acronym) or 'group'}.{self.host}>"


@dataclass(frozen=True, slots=True)
class Mail:
    """A rendered mail."""

    subject: str
    text: str
    html: str
    headers: dict[str, str]
    message_id: str
    url: str
    calendar: str = ""


def letterhead(at: datetime) -> Letterhead:
    """Return what all mails of a day share.

    Three queries, two if nobody chairs.
    """
    group = queries.group()
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    readers = replies.readers_of_answers(day_at(at, group.zone))
    return Letterhead(group, settings.SITE_URL, host, tuple(readers))


def message_id(key: str, host: str) -> str:
    """Return the Message-ID that follows from the unique key.

    A copy after a crash has the same one.
    """
    # hashed: a key has characters that a Message-ID must not have
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{host}>"


def unsubscribe_token(person: Person, kind: str) -> str:
    """Return a signed token for one person and one kind."""
    return signing.dumps([person.pk, kind], salt=UNSUBSCRIBE_SALT)


def read_unsubscribe_token(token: str) -> tuple[int, str] | None:
    """Return (key of the person, kind) of a token, or None."""
    try:
        pk, kind = signing.loads(token, salt=UNSUBSCRIBE_SALT)
    except (signing.BadSignature, ValueError):
        return None
    return pk, kind


def label_of(kind: str) -> str | None:
    """Return the label of a kind that can be off, or None."""
    if kind == DIGEST:
        return translation.gettext("Daily digest, and each kind of mail that you get in it")
    return next(
        (
            str(source.label)
            for source in due.sources()
            if source.kind == kind and source.can_be_off
        ),
        None,
    )


def headers_of(
    source_kind: str, head: Letterhead, person: Person, *, can_be_off: bool
) -> dict[str, str]:
    """Return the headers of an automatic mail of this list.

    With a link to leave it where the kind can be off (RFC 8058).
    """
    headers = {"List-Id": head.list_id, **mails.automatic_headers(head.reply_to)}
    if can_be_off:
        path = reverse("reminders:unsubscribe", args=[unsubscribe_token(person, source_kind)])
        headers |= {
            "List-Unsubscribe": f"<{head.site_url}{path}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    return headers


def base_context(
    person: Person, head: Letterhead, url: str, reason: object, *, can_be_off: bool
) -> dict[str, object]:
    """Return the context of the base templates."""
    preferences = head.site_url + reverse("reminders:preferences")
    return {
        "person": person,
        "group": head.group,
        "reader": reader_in(person.time_zone, head.group),
        "site_url": head.site_url,
        "url": head.site_url + url,
        "reason": reason,
        "preferences_url": preferences,
        "can_be_off": can_be_off,
        # an alternate is told for whom they get it: see `coordination.reminders.queries.copies`
        "behalf": None,
        "unknown_zone": next(iter(zones.unknown(person.time_zone or head.group.time_zone)), ""),
    }


def mail_of(source: Source, item: Due, person: Person, head: Letterhead) -> Mail:
    """Return the mail of one reminder."""
    context = {
        **base_context(person, head, item.url, source.label, can_be_off=source.can_be_off),
        "due": item,
        **item.context,
    }
    words = rendered(source.template, context, person, head.group)
    headers = headers_of(source.kind, head, person, can_be_off=source.can_be_off)
    return Mail(
        words.subject,
        words.text,
        words.html,
        headers,
        message_id(item.key, head.host),
        item.url,
        source.calendar(item, person) if source.calendar else "",
    )


def rendered(
    stem: str, context: Mapping[str, object], person: Person, group: Group
) -> mails.Rendered:
    """Return the words of a mail in the person's zone and language."""
    return mails.render_mail(stem, context, person.zone or group.zone, person.reading_language)


def digest_mail(
    key: str, person: Person, held: Sequence[OutboxMessage], head: Letterhead, morning: datetime
) -> Mail:
    """Return one mail that lists all mails held for a person."""
    url = reverse("reminders:preferences")
    rows = [{"subject": message.subject, "url": head.site_url + message.url} for message in held]
    context = {
        **base_context(
            person,
            head,
            reverse("desk:desk"),
            translation.gettext_lazy("Daily digest"),
            can_be_off=True,
        ),
        "rows": rows,
        "morning": morning,
    }
    words = rendered("reminders/mail/digest", context, person, head.group)
    headers = headers_of(DIGEST, head, person, can_be_off=True)
    return Mail(words.subject, words.text, words.html, headers, message_id(key, head.host), url)
