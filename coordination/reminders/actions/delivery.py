"""Delivery: claim rows with a lease, send them over one connection, mark each at once.

Promise: none is lost, and at most one extra copy per crash (between the server's 250 and our commit), with the same Message-ID.
"""

import os
import secrets
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import takewhile

from django.conf import settings
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import F, Q
from django.utils.translation import gettext as _

from coordination.reminders.actions.post import Answer, Post, answer_of
from coordination.reminders.enums import MESSAGE_LIFE, MessageState
from coordination.reminders.models import OutboxMessage

(UNSENT,) = MESSAGE_LIFE.before(MessageState.SENT)  # the one state from which a mail is sent or parked
BATCH = 50
LONGEST_ROUND = timedelta(minutes=2)
LONGEST_PAUSE = timedelta(hours=1)
MOST_TRIES = 60  # with pauses of an hour: two days and a half
MOST_SILENT_TRIES = 12  # tries of which no word is known: the mail may be what ends the worker
# The one statement per mail that is always there, spelt out: composing it each time would take as long as sending the mail
MARK_SENT = f"""
UPDATE {OutboxMessage._meta.db_table} SET state = '{MessageState.SENT}', sent_at = %s, leased_until = NULL, leased_by = '', last_answer = ''
WHERE id = %s AND leased_by = %s AND state = '{UNSENT}'
"""  # noqa: S608, SLF001 - only the names of our own table and states are put in; Django's public name

Clock = Callable[[], datetime]
Tell = Callable[[OutboxMessage, str], None]


def say_nothing(row: OutboxMessage, words: str) -> None:
    """Tell nobody."""


def own_cursor() -> CursorWrapper:
    """Return a cursor of the connection of the thread that asks (`connection.cursor` alone is of the thread that imported this)."""
    return connection.cursor()


@dataclass(slots=True)
class Delivered:
    """How many went, are put off, could not be delivered; and why the server was out of reach, if it was."""

    sent: int = 0
    put_off: int = 0
    parked: int = 0
    unreachable: str = ""


@dataclass(frozen=True, slots=True)
class Round:
    """One round of one worker: its two connections, its clock, whom it tells, and what it has done."""

    clock: Clock
    tell: Tell = say_nothing
    post: Post = field(default_factory=Post)
    cursor: CursorWrapper = field(default_factory=own_cursor)  # one for all mails: to open one costs a third of a statement
    done: Delivered = field(default_factory=Delivered)
    worker: str = field(default_factory=lambda: f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(8)}")


def lease() -> timedelta:
    """Return how long a claimed row is kept from others; a worker begins no mail in the second half of it."""
    return timedelta(seconds=settings.MAIL_LEASE_SECONDS)


def deliver(clock: Clock, *, tell: Tell = say_nothing) -> Delivered:
    """Send what waits and may be tried now, for two minutes at most; `clock` gives the moment (UTC) of each step.

    Safe to run in many workers at once: a row is claimed by one, and comes back when its lease runs out. `tell` hears of each
    mail what became of it.
    """
    work, ends = Round(clock, tell), clock() + LONGEST_ROUND
    try:
        while not work.done.unreachable and clock() < ends and (rows := claim(work.worker, clock())):
            send_batch(rows, work)
    finally:
        work.post.end()
        work.cursor.close()
    return work.done


@transaction.atomic
def claim(worker: str, at: datetime) -> list[OutboxMessage]:
    """Take at most 50 rows under a lease; a try is counted at once, so that a row that ends workers is found.

    A row whose lease ran out in other hands is taken alone: if it is what ended them, it ends nobody else's batch.
    """
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=at)
    waiting = OutboxMessage.objects.select_for_update(skip_locked=True).filter(free, state=UNSENT, next_try_at__lte=at)
    found = list(waiting.order_by("next_try_at", "pk").values_list("pk", "leased_by")[:BATCH])  # all that waits is sorted: no words in it
    keys = [pk for pk, _worker in takewhile(lambda one: not one[1], found)] or [pk for pk, _worker in found[:1]]
    ours = OutboxMessage.objects.filter(pk__in=keys)
    ours.update(leased_until=at + lease(), leased_by=worker, tries=F("tries") + 1)
    return list(ours.order_by("next_try_at", "pk"))


def send_batch(rows: Sequence[OutboxMessage], work: Round) -> None:
    """Send claimed rows one by one; when the server is out of reach, give back what is left."""
    last_start = work.clock() + lease() / 2
    for place, row in enumerate(rows):
        if not reached(work) or work.clock() >= last_start:
            give_back(rows[place:], work)
            return
        if not send(row, work, rows[place + 1 : place + 2]):
            give_back(rows[place + 1 :], work)
            return


def reached(work: Round) -> bool:
    """Have a connection, and say whether there is one."""
    try:
        work.post.open()
    except OSError as error:
        work.done.unreachable = answer_of(error).words
        return False
    return True


def send(row: OutboxMessage, work: Round, following: Sequence[OutboxMessage]) -> bool:
    """Send one mail and write what became of it; return False if the lease was lost meanwhile.

    The dialogue about the one that follows is begun before our commit, so that the server works while we wait for the disk.
    """
    if row.tries > (MOST_TRIES if row.last_answer else MOST_SILENT_TRIES):
        return park(row, work, row.last_answer or _("Given up: every try ended without an answer."))
    try:
        work.post.send(row, following)
    except OSError as error:
        return answered(row, work, answer_of(error))
    except ValueError as error:
        return park(row, work, str(error))
    for other in following:
        work.post.announce(other)
    return went(row, work)


def went(row: OutboxMessage, work: Round) -> bool:
    """Mark a mail as sent. It is, whoever holds the lease by now; return whether we still held it."""
    work.done.sent += 1
    work.tell(row, _("sent"))
    at = connection.ops.adapt_datetimefield_value(work.clock())
    work.cursor.execute(MARK_SENT, [at, row.pk, work.worker])
    if work.cursor.rowcount:
        return True
    OutboxMessage.objects.filter(pk=row.pk, state=UNSENT).update(
        state=MessageState.SENT, sent_at=work.clock(), leased_until=None, leased_by="", last_answer=""
    )
    return False


def answered(row: OutboxMessage, work: Round, answer: Answer) -> bool:
    """Park what the server refuses for good (5xx), put off what it refuses for now (4xx) or does not answer."""
    words = f"{answer.code} {answer.words}" if answer.code else answer.words
    if answer.for_good:
        return park(row, work, words)
    work.done.put_off += 1
    work.tell(row, words)
    if answer.broken:
        work.post.close()
    return mark(row, work, next_try_at=work.clock() + pause(row.tries), last_answer=words[:2000])


def park(row: OutboxMessage, work: Round, words: str) -> bool:
    """Put a mail aside for the chair to see, with the words why."""
    work.done.parked += 1
    work.tell(row, words)
    return mark(row, work, state=MessageState.PARKED, last_answer=words[:2000])


def mark(row: OutboxMessage, work: Round, **fields: object) -> bool:
    """Write what became of a row and end its lease, if it is still ours; return whether it was."""
    mine = OutboxMessage.objects.filter(pk=row.pk, leased_by=work.worker, state=UNSENT)
    return bool(mine.update(leased_until=None, leased_by="", **fields))


def pause(tries: int) -> timedelta:
    """Return how long to wait after that many tries: twice as long each time, at most an hour."""
    doublings: int = 2 ** min(tries - 1, 12)
    return min(timedelta(seconds=settings.MAIL_RETRY_SECONDS) * doublings, LONGEST_PAUSE)


def give_back(rows: Sequence[OutboxMessage], work: Round) -> None:
    """Return claimed rows that were not tried: no try is counted, so a day without a server parks nothing."""
    mine = OutboxMessage.objects.filter(pk__in=[row.pk for row in rows], leased_by=work.worker, state=UNSENT)
    free: dict[str, object] = {"leased_until": None, "leased_by": "", "tries": F("tries") - 1}
    if work.done.unreachable:
        later = work.clock() + timedelta(seconds=settings.MAIL_RETRY_SECONDS)
        free |= {"next_try_at": later, "last_answer": work.done.unreachable[:2000]}
    mine.update(**free)
