"""Mails of the outbox, and what people want by mail."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from coordination.core import due
from coordination.core.due import Source
from coordination.core.models import Group
from coordination.members.models import Person
from coordination.reminders.enums import Frequency, Reason
from coordination.reminders.models import MailPreference, OutboxMessage

# their link opens an account, or speaks for an agency: the chair must not see it in the outbox
SECRET_KINDS = {"members.invitation", "members.roster_check"}
# their link lets its holder answer for the recipient
PERSONAL_KINDS = {"meetings.invited", "meetings.coming", "meetings.moved", "meetings.poll"}


def messages(state: str = "", text: str = "") -> QuerySet[OutboxMessage]:
    """Return the mails in a state ("" for all) without their bodies, newest first.

    The name or address of the recipient, or the subject, contains `text`.
    """
    # the bodies are most of a row, and a list shows none of them
    mails = OutboxMessage.objects.select_related("recipient").defer("text", "html", "headers")
    if state:
        mails = mails.filter(state=state)
    if text:
        mails = mails.filter(
            Q(recipient__name__icontains=text)
            | Q(address__icontains=text)
            | Q(subject__icontains=text)
        )
    return mails.order_by("-due_at", "-pk")


def messages_in_demonstration(person: Person) -> QuerySet[OutboxMessage]:
    """Return the mails that a person of the demonstration may read.

    Newest first. Beside their own these are the invitations to people who have no account yet: no
    mail leaves the machine, so nobody else could show the link.
    """
    invitations = Q(kind__in=SECRET_KINDS, recipient__joined_at=None)
    return (
        OutboxMessage.objects.filter(Q(recipient=person) | invitations)
        .select_related("recipient")
        .order_by("-planned_at", "-pk")
    )


def counts() -> dict[str, int]:
    """Return the number of mails in each state."""
    return dict(OutboxMessage.objects.order_by().values_list("state").annotate(Count("pk")))


def reason_sentence(message: OutboxMessage) -> str:
    """Return why a mail was not sent, in the reader's language and zone, or ""."""
    if not message.reason:
        return ""
    source = due.source_of(message.kind)
    if message.reason == Reason.CHANGED and source:
        return str(source.changed)
    sentence, values = str(Reason(message.reason).label), message.reason_values or {}
    if "until" not in values:
        return sentence
    until = date_format(
        timezone.localtime(datetime.fromisoformat(values["until"])), "D j M Y, H:i T"
    )
    return f"{sentence} " + gettext("It was of use until %(until)s.") % {"until": until}


def frequencies(kind: str, person_ids: Collection[int]) -> dict[int, str]:
    """Return how these people want a kind, where they have chosen."""
    return dict(
        MailPreference.objects.filter(kind=kind, person__in=person_ids).values_list(
            "person_id", "frequency"
        )
    )


def all_frequencies(person_ids: Collection[int]) -> QuerySet[MailPreference, Any]:
    """Return how people want each kind of mail.

    As (kind, key of the person, frequency). One query.
    """
    chosen = MailPreference.objects.filter(person__in=person_ids)
    return chosen.values_list("kind", "person_id", "frequency")


def preferences_of(person: Person) -> list[tuple[Source, str]]:
    """Return every kind with how the person wants it."""
    chosen = dict(MailPreference.objects.filter(person=person).values_list("kind", "frequency"))
    return [(source, chosen.get(source.kind, Frequency.AT_ONCE)) for source in due.sources()]


def digests(
    held: list[OutboxMessage], group: Group, at: datetime
) -> Iterator[tuple[Person, list[OutboxMessage], datetime]]:
    """Yield (person, held mails, morning) for each digest that is due. Pure.

    The morning is the first one after something was held.
    """
    by_person = sorted(held, key=lambda message: message.recipient_id)
    for _pk, group_of_mails in groupby(by_person, key=lambda message: message.recipient_id):
        mails = list(group_of_mails)
        person = mails[0].recipient
        zone = person.zone or group.zone
        today = due.morning_of(at.astimezone(zone).date(), zone)
        # before 08:00 the last morning was that of yesterday
        morning = today if today <= at else today - timedelta(days=1)
        if min(mail.planned_at for mail in mails) <= morning:
            yield person, mails, morning
