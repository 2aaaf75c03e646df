"""Delivery: claim rows with a lease, send them over one connection, mark each at once.

Promise: none is lost, and at most one extra copy per crash (between the server's 250 and our commit), with the same Message-ID.
"""

import os
import smtplib
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F, Q

from coordination.reminders.enums import MessageState
from coordination.reminders.models import OutboxMessage

BATCH = 50
LONGEST_PAUSE = timedelta(hours=1)
MOST_TRIES = 60
LAST_OF_4XX = 500


@dataclass(slots=True)
class Delivered:
    """How many went, are put off, could not be delivered; and whether the server was out of reach."""

    sent: int = 0
    put_off: int = 0
    parked: int = 0
    unreachable: bool = False


def deliver(clock: Callable[[], datetime]) -> Delivered:
    """Send all that waits and may be tried now; `clock` gives the moment (UTC) of each step.

    Safe to run in many workers at once: a row is claimed by one, and comes back when its lease runs out.
    """
    worker, done = f"{socket.gethostname()}:{os.getpid()}"[:80], Delivered()
    connection = get_connection()
    try:
        while not done.unreachable and (rows := claim(worker, clock())):
            send_batch(rows, connection, worker, clock, done)
    finally:
        connection.close()
    return done


def lease() -> timedelta:
    """Return for how long a worker keeps what it claimed."""
    return timedelta(seconds=settings.MAIL_LEASE_SECONDS)


@transaction.atomic
def claim(worker: str, at: datetime) -> list[OutboxMessage]:
    """Take at most 50 rows for two minutes; a try is counted at once, so that a row that kills workers is found."""
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=at)
    waiting = OutboxMessage.objects.select_for_update(skip_locked=True).filter(free, state=MessageState.WAITING, next_try_at__lte=at)
    rows = list(waiting.order_by("next_try_at", "pk")[:BATCH])
    keys = [row.pk for row in rows]
    OutboxMessage.objects.filter(pk__in=keys).update(leased_until=at + lease(), leased_by=worker, tries=F("tries") + 1)
    for row in rows:
        row.tries += 1
    return rows


def send_batch(
    rows: list[OutboxMessage], connection: BaseEmailBackend, worker: str, clock: Callable[[], datetime], done: Delivered
) -> None:
    """Send claimed rows one by one; when the server is out of reach, give back what is left."""
    lease_ends = clock() + lease()
    for place, row in enumerate(rows):
        if clock() >= lease_ends:
            return
        try:
            connection.send_messages([message_of(row, connection)])
        except smtplib.SMTPRecipientsRefused as error:
            code, answer = next(iter(error.recipients.values()))
            answered(row, worker, clock(), code, text_of(answer), done)
        except smtplib.SMTPResponseException as error:
            answered(row, worker, clock(), error.smtp_code, text_of(error.smtp_error), done)
        except (smtplib.SMTPException, OSError) as error:
            done.unreachable = True
            give_back(rows[place:], worker, clock(), str(error))
            return
        else:
            done.sent += mark(row, worker, state=MessageState.SENT, sent_at=clock(), last_answer="")


def message_of(row: OutboxMessage, connection: BaseEmailBackend) -> EmailMultiAlternatives:
    """Return the mail of a row; its Message-ID and date never change from try to try."""
    headers = {**row.headers, "Message-ID": row.message_id}
    mail = EmailMultiAlternatives(row.subject, row.text, settings.DEFAULT_FROM_EMAIL, [row.address], headers=headers, connection=connection)
    mail.attach_alternative(row.html, "text/html")
    return mail


def text_of(answer: bytes | str) -> str:
    """Return a server's answer as text."""
    return answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer


def mark(row: OutboxMessage, worker: str, **fields: object) -> int:
    """Write what became of a row, if it is still ours; return 1 if it was."""
    mine = OutboxMessage.objects.filter(pk=row.pk, leased_by=worker, state=MessageState.WAITING)
    return mine.update(leased_until=None, leased_by="", **fields)


def answered(row: OutboxMessage, worker: str, at: datetime, code: int, answer: str, done: Delivered) -> None:
    """Park what the server refuses for good (5xx), put off what it refuses for now (4xx)."""
    words = f"{code} {answer}"[:2000]
    if code >= LAST_OF_4XX or row.tries >= MOST_TRIES:
        done.parked += mark(row, worker, state=MessageState.PARKED, last_answer=words)
    else:
        done.put_off += mark(row, worker, next_try_at=at + pause(row.tries), last_answer=words)


def pause(tries: int) -> timedelta:
    """Return how long to wait after that many tries: twice as long each time, at most an hour."""
    doublings: int = 2 ** min(tries - 1, 12)
    return min(timedelta(seconds=settings.MAIL_RETRY_SECONDS) * doublings, LONGEST_PAUSE)


def give_back(rows: list[OutboxMessage], worker: str, at: datetime, words: str) -> None:
    """Return claimed rows when the server is out of reach: no try is counted, so a day without a server parks nothing."""
    mine = OutboxMessage.objects.filter(pk__in=[row.pk for row in rows], leased_by=worker, state=MessageState.WAITING)
    later = at + timedelta(seconds=settings.MAIL_RETRY_SECONDS)
    mine.update(leased_until=None, leased_by="", tries=F("tries") - 1, next_try_at=later, last_answer=words[:2000])
