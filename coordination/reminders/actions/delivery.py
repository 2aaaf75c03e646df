"""Delivery: claim rows with a lease, check them, send them, mark each at once.

Rows are checked against the facts of now. All of a round go over one connection.

Promise: none is lost, and at most one extra copy per crash (between the server's 250 and our
commit), with the same Message-ID.
"""

import os
import secrets
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import takewhile

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from coordination.reminders.actions.checking import refresh, refresh_digest, set_aside
from coordination.reminders.enums import MESSAGE_LIFE, MessageState
from coordination.reminders.models import OutboxMessage
from coordination.reminders.queries.answers import server_answer
from coordination.reminders.queries.checks import Check, Facts, check_messages
from coordination.reminders.queries.emails import email_message
from coordination.reminders.queries.mails import DIGEST, Letterhead, letterhead
from coordination.reminders.smtp import WorkerStopped, never

# the one state from which a mail is sent or parked
(UNSENT,) = MESSAGE_LIFE.before(MessageState.SENT)
BATCH = 50
LONGEST_ROUND = timedelta(minutes=2)
# mails in a row for which the server took too long: then it is the server, not a mail
MOST_SLOW_MAILS = 2
# for how long a worker goes by what the sources said: once a round for each kind
FRESH = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=1)
MOST_TRIES = 60  # with pauses of an hour: two days and a half
MOST_SILENT_TRIES = 12  # tries of which no word is known: the mail may be what ends the worker
Clock = Callable[[], datetime]
Tell = Callable[[OutboxMessage, str], None]


def say_nothing(row: OutboxMessage, words: str) -> None:
    """Tell nobody."""


@dataclass(slots=True)
class Delivered:
    """How many went, are put off, could not be delivered, are withheld or expired.

    And why the server was out of reach, if it was.

    `more` says that the round ended while mails waited.
    """

    sent: int = 0
    put_off: int = 0
    parked: int = 0
    withheld: int = 0
    unreachable: str = ""
    more: bool = False


@dataclass(slots=True)
class Round:
    """One round of one worker: its SMTP connection, its clock, and what it has done."""

    clock: Clock
    tell: Tell = say_nothing
    stopping: Callable[[], bool] = never
    connection: BaseEmailBackend = field(init=False)
    facts: Facts | None = None
    slow_mails: int = 0  # the last ones, in a row
    failures: list[Exception] = field(default_factory=list)
    done: Delivered = field(default_factory=Delivered)
    worker: str = field(
        default_factory=lambda: f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(8)}"
    )

    def __post_init__(self) -> None:
        """Prepare the connection. Backends without a server ignore both arguments."""
        self.connection = get_connection(seconds=exchange_seconds(), is_stopping=self.stopping)


def lease() -> timedelta:
    """Return how long a claimed row is kept from others.

    A worker begins no mail in the second half of it.
    """
    return timedelta(seconds=settings.MAIL_LEASE_SECONDS)


def exchange_seconds() -> float:
    """Return the most seconds for one mail.

    At most half a lease, in whose second half no mail is begun.
    """
    return min(settings.MAIL_EXCHANGE_SECONDS, settings.MAIL_LEASE_SECONDS / 2)


def deliver(
    clock: Clock,
    *,
    tell: Tell = say_nothing,
    longest: timedelta = LONGEST_ROUND,
    stopping: Callable[[], bool] = never,
) -> Delivered:
    """Send what waits and may be tried now, for `longest` at most.

    `clock` gives the moment (UTC) of each step.

    Safe to run in many workers at once: a row is claimed by one, and comes back when its lease runs
    out. `tell` hears of each mail what became of it. Once `stopping()` is true, the mail in hand is
    finished and the rest is given back. A mail that cannot be checked is put off; the errors are
    raised at the end.
    """
    work, ends = Round(clock, tell, stopping), clock() + longest
    try:
        while not work.done.unreachable and not stopping():
            if clock() >= ends:
                work.done.more = True
                break
            rows = claim(work.worker, clock())
            if not rows:
                break
            send_batch(still_true(rows, work), work)
    finally:
        work.connection.close()
    if work.failures:
        raise ExceptionGroup("some mails could not be checked", work.failures)
    return work.done


@transaction.atomic
def claim(worker: str, at: datetime) -> list[OutboxMessage]:
    """Take at most 50 rows under a lease.

    A try is counted at once, so that a row that ends workers is found.

    A row whose lease ran out in other hands is taken alone: if it is what ended them, it ends
    nobody else's batch.
    """
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=at)
    waiting = OutboxMessage.objects.select_for_update(skip_locked=True).filter(
        free, state=UNSENT, next_try_at__lte=at
    )
    # all that waits is sorted: no words in it
    found = list(waiting.order_by("next_try_at", "pk").values_list("pk", "leased_by")[:BATCH])
    keys = [pk for pk, _worker in takewhile(lambda one: not one[1], found)] or [
        pk for pk, _worker in found[:1]
    ]
    ours = OutboxMessage.objects.filter(pk__in=keys)
    ours.update(leased_until=at + lease(), leased_by=worker, tries=F("tries") + 1)
    return list(ours.select_related("recipient").order_by("next_try_at", "pk"))


def still_true(rows: Sequence[OutboxMessage], work: Round) -> list[OutboxMessage]:
    """Return the claimed rows that are to be sent, with the words of today.

    Set aside those that are not true any more.
    """
    at = work.clock()
    checks, head = check_claimed(rows, work, at), letterhead()
    return [row for row in rows if is_to_be_sent(row, checks[row.pk], head, work)]


def check_claimed(rows: Sequence[OutboxMessage], work: Round, at: datetime) -> dict[int, Check]:
    """Check the rows by what the sources said some seconds ago.

    Nothing is set aside but by what they say now.
    """
    if work.facts and at - work.facts.at < FRESH:
        checks = check_messages(rows, work.facts)
        if work.facts.at == at or not any(check.reason for check in checks.values()):
            return checks
    work.facts = Facts(at)
    return check_messages(rows, work.facts)


def is_to_be_sent(row: OutboxMessage, check: Check, head: Letterhead, work: Round) -> bool:
    """Act on the check of one row; return whether it is to be sent."""
    if check.error:
        return leave_unchecked(row, check.error, work)
    at = work.clock()
    try:
        if row.kind == DIGEST and not check.reason:
            check = refresh_digest(row, work.facts or Facts(at), head)
        elif not check.reason:
            refresh(row, check.item, head, at)
    except Exception as error:  # noqa: BLE001 - whatever a domain's source or template does wrong
        return leave_unchecked(row, error, work)
    if check.reason:
        work.done.withheld += set_aside(row, check, at)
        work.tell(row, str(check.state.label))
    return not check.reason


def leave_unchecked(row: OutboxMessage, error: Exception, work: Round) -> bool:
    """Put off a mail of which nobody knows whether it is true.

    No try is counted: a fault that lasts for days parks nothing once it is over.
    Return False: it is not to be sent.
    """
    error.add_note(row.key)
    work.failures.append(error)
    words = _("It could not be checked against the facts: %(error)s") % {"error": error}
    put_off(row, work, words, tries=F("tries") - 1)
    return False


def send_batch(rows: Sequence[OutboxMessage], work: Round) -> None:
    """Send claimed rows one by one; when the server is out of reach, give back what is left."""
    if not rows:
        return
    # counted from the claim: the check took time, too
    last_start = (rows[0].leased_until or work.clock()) - lease() / 2
    for place, row in enumerate(rows):
        if work.stopping() or not is_reached(work) or work.clock() >= last_start:
            give_back(rows[place:], work)
            return
        if not send(row, work):
            give_back(rows[place + 1 :], work)
            return


def is_reached(work: Round) -> bool:
    """Connect unless connected; return whether the server is in reach."""
    try:
        work.connection.open()
    except WorkerStopped:
        return False
    except OSError as error:
        work.done.unreachable = server_answer(error).words
        return False
    return True


def send(row: OutboxMessage, work: Round) -> bool:
    """Send one mail and write what became of it; return False if the others are to be given back.

    They are when the lease was lost meanwhile, when the worker must stop, and when the server is
    too slow.
    """
    if row.tries > (MOST_TRIES if row.last_answer else MOST_SILENT_TRIES):
        return park(row, work, row.last_answer or _("Given up: every try ended without an answer."))
    try:
        work.connection.send_messages([email_message(row)])
    except WorkerStopped:
        give_back([row], work)
        return False
    except OSError as error:
        return record_refusal(row, work, error)
    except ValueError as error:
        return park(row, work, str(error))
    work.slow_mails = 0
    return mark_sent(row, work)


def mark_sent(row: OutboxMessage, work: Round) -> bool:
    """Mark a mail as sent.

    It is, whoever holds the lease by now; return whether we still held it.
    """
    work.done.sent += 1
    work.tell(row, _("sent"))
    fields = {"state": MessageState.SENT, "sent_at": work.clock(), "last_answer": ""}
    if mark(row, work, **fields):
        return True
    unsent = OutboxMessage.objects.filter(pk=row.pk, state=UNSENT)
    unsent.update(leased_until=None, leased_by="", **fields)
    return False


def record_refusal(row: OutboxMessage, work: Round, error: OSError) -> bool:
    """Park a mail that the server refuses for good (5xx); put it off on 4xx or no answer.

    Return False if the lease was lost, or if the server was too slow for several mails in a row.
    """
    answer = server_answer(error)
    if answer.is_final:
        return park(row, work, str(answer))
    if answer.is_disconnected:
        work.connection.close()
    work.slow_mails = work.slow_mails + 1 if isinstance(error, TimeoutError) else 0
    if work.slow_mails == MOST_SLOW_MAILS:
        work.done.unreachable = str(error)
    return put_off(row, work, str(answer)) and not work.done.unreachable


def put_off(row: OutboxMessage, work: Round, words: str, **fields: object) -> bool:
    """Let a mail wait for its next try, with the words why, and other fields to write.

    Return whether its lease was still ours.
    """
    work.done.put_off += 1
    work.tell(row, words)
    later = work.clock() + pause(row.tries)
    return mark(row, work, next_try_at=later, last_answer=words[:2000], **fields)


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
    """Return claimed rows that were not tried.

    No try is counted, so a day without a server parks nothing.
    """
    mine = OutboxMessage.objects.filter(
        pk__in=[row.pk for row in rows], leased_by=work.worker, state=UNSENT
    )
    free: dict[str, object] = {"leased_until": None, "leased_by": "", "tries": F("tries") - 1}
    if work.done.unreachable:
        later = work.clock() + timedelta(seconds=settings.MAIL_RETRY_SECONDS)
        free |= {"next_try_at": later, "last_answer": work.done.unreachable[:2000]}
    mine.update(**free)
