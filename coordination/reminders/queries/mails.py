"""A reminder as a mail, rendered when it is planned."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.template import Context, loader
from django.template.backends.django import Template
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.text import slugify

from coordination.core import due, queries, zones
from coordination.core.due import Due, Source
from coordination.core.models import Group
from coordination.members.models import Person
from coordination.reminders.models import OutboxMessage
from coordination.reminders.queries.emails import CONTROL, phrase

UNSUBSCRIBE_SALT = "reminders.unsubscribe"
# the kind of the digest, a mail that lists held mails
DIGEST = "reminders.digest"


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What all mails share: the group, the site's address and host."""

    group: Group
    site_url: str
    host: str

    @property
    def list_id(self) -> str:
        """Return the List-Id (RFC 2919): the group's name and a stable identifier."""
        return f"{phrase(self.group.name)} <{slugify(self.group.acronym) or 'group'}.{self.host}>"


@dataclass(frozen=True, slots=True)
class Mail:
    """A rendered mail."""

    subject: str
    text: str
    html: str
    headers: dict[str, str]
    message_id: str
    url: str


def letterhead() -> Letterhead:
    """Return what all mails share; one query."""
    return Letterhead(
        queries.group(), settings.SITE_URL, urlsplit(settings.SITE_URL).hostname or "localhost"
    )


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


def render_text(name: str, context: Mapping[str, object]) -> str:
    """Render a text template without escaping."""
    template = loader.get_template(name)
    assert isinstance(template, Template)
    return str(template.template.render(Context(dict(context), autoescape=False)))


def headers_of(
    source_kind: str, head: Letterhead, person: Person, *, can_be_off: bool
) -> dict[str, str]:
    """Return the headers of an automatic mail of this list.

    With a link to leave it where the kind can be off (RFC 8058).
    """
    headers = {
        "List-Id": head.list_id,
        "Auto-Submitted": "auto-generated",
        # Microsoft's header; Exchange then sends no out-of-office answer
        "X-Auto-Response-Suppress": "All",
    }
    if can_be_off:
        path = reverse("reminders:unsubscribe", args=[unsubscribe_token(person, source_kind)])
        headers |= {
            "List-Unsubscribe": f"<{head.site_url}{path}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    return headers


def render_mail(
    stem: str, context: Mapping[str, object], person: Person, group: Group
) -> tuple[str, str, str]:
    """Return subject, text and HTML in the person's zone and language.

    A subject is one line.
    """
    with (
        timezone.override(person.zone or group.zone),
        translation.override(person.reading_language),
    ):
        # A line break in a name must not begin another header.
        subject = " ".join(CONTROL.sub(" ", render_text(f"{stem}.subject.txt", context)).split())[
            :200
        ]
        text, html = (
            render_text(f"{stem}.txt", context).strip() + "\n",
            loader.render_to_string(f"{stem}.html", dict(context)),
        )
    # PostgreSQL cannot store NUL
    return subject, text.replace("\x00", ""), html.replace("\x00", "")


def base_context(
    person: Person, head: Letterhead, url: str, reason: object, *, can_be_off: bool
) -> dict[str, object]:
    """Return the context of the base templates."""
    preferences = head.site_url + reverse("reminders:preferences")
    return {
        "person": person,
        "group": head.group,
        "site_url": head.site_url,
        "url": head.site_url + url,
        "reason": reason,
        "preferences_url": preferences,
        "can_be_off": can_be_off,
        "unknown_zone": next(iter(zones.unknown(person.time_zone or head.group.time_zone)), ""),
    }


def mail_of(source: Source, item: Due, person: Person, head: Letterhead) -> Mail:
    """Return the mail of one reminder."""
    context = {
        **base_context(person, head, item.url, source.label, can_be_off=source.can_be_off),
        "due": item,
        **item.context,
    }
    subject, text, html = render_mail(source.template, context, person, head.group)
    headers = headers_of(source.kind, head, person, can_be_off=source.can_be_off)
    return Mail(subject, text, html, headers, message_id(item.key, head.host), item.url)


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
    subject, text, html = render_mail("reminders/mail/digest", context, person, head.group)
    headers = headers_of(DIGEST, head, person, can_be_off=True)
    return Mail(subject, text, html, headers, message_id(key, head.host), url)
