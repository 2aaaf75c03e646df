"""Delivery: claim rows with a lease, check them, send them.

Rows are checked against the present facts. All mails of a round use one connection. Each row is
marked at once.

No mail is lost. A crash between the server's 250 and our commit causes at most one extra copy, with
the same Message-ID.
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
from coordination.reminders.enums import MESSAGE_LIFE, Failure, MessageState
from coordination.reminders.models import OutboxMessage
from coordination.reminders.queries.answers import (
    FailedTry,
    failed_try,
    last_failure,
    server_answer,
)
from coordination.reminders.queries.checks import Check, Facts, check_messages
from coordination.reminders.queries.emails import UnwritableMail, email_message
from coordination.reminders.queries.mails import DIGEST, Letterhead, letterhead
from coordination.reminders.smtp import WorkerStopped, never

# the one state from which a mail is sent or parked
(UNSENT,) = MESSAGE_LIFE.before(MessageState.SENT)
BATCH = 50
LONGEST_ROUND = timedelta(minutes=2)
# after so many slow mails in a row, the server is slow, not a mail
MOST_SLOW_MAILS = 2
# for how long a worker reuses the facts of the sources, and how often as long as it took to load
# them, up to a limit: a slow machine would load them again for each mail
FRESH, TIMES_LOADING, FRESH_AT_MOST = timedelta(seconds=5), 5, timedelta(minutes=1)
LONGEST_ERROR = 2000  # characters
LONGEST_PAUSE = timedelta(hours=1)
MOST_TRIES = 60  # with pauses of an hour: two days and a half
MOST_SILENT_TRIES = 12  # tries without an answer: the mail itself may end the worker
Clock = Callable[[], datetime]
Tell = Callable[[OutboxMessage, str], None]


def ignore_result(row: OutboxMessage, result: str) -> None:
    """Tell nobody."""


@dataclass(slots=True)
class Delivered:
    """The result of a delivery.

    `unreachable` says why the server was out of reach, if it was. `more` tells that mails still
    wait.
    """

    sent: int = 0
    put_off: int = 0
    parked: int = 0
    withheld: int = 0
    unreachable: FailedTry | None = None
    more: bool = False


@dataclass(slots=True)
class Round:
    """One round of one worker: its connection, clock and results."""

    clock: Clock
    tell: Tell = ignore_result
    stopping: Callable[[], bool] = never
    connection: BaseEmailBackend = field(init=False)
    facts: Facts | None = None
    loading: timedelta = timedelta()  # how long the facts took
    slow_mails: int = 0  # the last ones, in a row
    failures: list[Exception] = field(default_factory=list)
    done: Delivered = field(default_factory=Delivered)
    worker: str = field(
        default_factory=lambda: f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(8)}"
    )

    def __post_init__(self) -> None:
        """Prepare the connection.

        Backends without a server ignore both arguments.
        """
        self.connection = get_connection(seconds=exchange_seconds(), is_stopping=self.stopping)

    def lasting(self, least: timedelta) -> timedelta:
        """Return how long the facts and their round last."""
        return max(least, min(TIMES_LOADING * self.loading, FRESH_AT_MOST))


def lease() -> timedelta:
    """Return how long a claimed row is reserved.

    A worker begins no mail in the second half of it.
    """
    return timedelta(seconds=settings.MAIL_LEASE_SECONDS)


def exchange_seconds() -> float:
    """Return the most seconds for one mail.

    At most half a lease, since no mail begins in the second half.
    """
    return min(settings.MAIL_EXCHANGE_SECONDS, settings.MAIL_LEASE_SECONDS / 2)


def deliver(
    clock: Clock,
    *,
    tell: Tell = ignore_result,
    longest: timedelta = LONGEST_ROUND,
    stopping: Callable[[], bool] = never,
) -> Delivered:
    """Send the waiting mails for `longest`.

    It takes longer if the facts took long to load. `clock` gives the moment (UTC) of each step.
    Many workers may run at once: a row is claimed by one, and is free again when its lease runs
    out. `tell` is called with the result of each mail. Once `stopping()` is true, the present mail
    is finished and the rest is given back. A mail that cannot be checked is put off; the errors are
    raised at the end.
    """
    work, begun = Round(clock, tell, stopping), clock()
    try:
        while not work.done.unreachable and not stopping():
            if clock() - begun >= work.lasting(longest):
                work.done.more = True
                break
            rows = claim_rows(work.worker, clock())
            if not rows:
                break
            send_batch(keep_lease(rows_to_send(rows, work), work), work)
    finally:
        work.connection.close()
    if work.failures:
        raise ExceptionGroup("some mails could not be checked", work.failures)
    return work.done


@transaction.atomic
def claim_rows(worker: str, at: datetime) -> list[OutboxMessage]:
    """Claim at most BATCH rows under a lease.

    A try is counted at once, so that a row that ends workers is found. A row whose lease ran out is
    claimed alone: if it ended its worker, it ends no other batch.
    """
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=at)
    # SKIP LOCKED lets workers claim different rows without waiting for each other.
    waiting = OutboxMessage.objects.select_for_update(skip_locked=True).filter(
        free, state=UNSENT, next_try_at__lte=at
    )
    # the sort reads all waiting rows, so it selects no text
    candidates = list(waiting.order_by("next_try_at", "pk").values_list("pk", "leased_by")[:BATCH])
    keys = [pk for pk, _worker in takewhile(lambda candidate: not candidate[1], candidates)] or [
        pk for pk, _worker in candidates[:1]
    ]
    claimed = OutboxMessage.objects.filter(pk__in=keys)
    claimed.update(leased_until=at + lease(), leased_by=worker, tries=F("tries") + 1)
    return list(claimed.select_related("recipient").order_by("next_try_at", "pk"))


def rows_to_send(rows: Sequence[OutboxMessage], work: Round) -> list[OutboxMessage]:
    """Return the claimed rows to send, with present text.

    Those that are not true any more are set aside.
    """
    at = work.clock()
    checks, head = check_claimed(rows, work, at), letterhead(at)
    return [row for row in rows if is_to_be_sent(row, checks[row.pk], head, work)]


def check_claimed(rows: Sequence[OutboxMessage], work: Round, at: datetime) -> dict[int, Check]:
    """Check the rows by facts that may be some seconds old.

    Before a row is set aside, the sources are asked again.
    """
    if work.facts and at - work.facts.at < work.lasting(FRESH):
        checks = check_messages(rows, work.facts)
        if work.facts.at == at or not any(check.reason for check in checks.values()):
            return checks
    work.facts = Facts(at)
    checks = check_messages(rows, work.facts)
    work.loading = work.clock() - at
    return checks


def is_to_be_sent(row: OutboxMessage, check: Check, head: Letterhead, work: Round) -> bool:
    """Act on the check of one row.

    Returns whether to send it.
    """
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
    """Put off a mail that cannot be checked and return False.

    No try is counted: a fault that lasts for days parks nothing.
    """
    error.add_note(row.key)
    work.failures.append(error)
    failed = FailedTry(failure=Failure.UNCHECKED, values={"error": str(error)[:LONGEST_ERROR]})
    put_off(row, work, failed, tries=F("tries") - 1)
    return False


def keep_lease(rows: Sequence[OutboxMessage], work: Round) -> list[OutboxMessage]:
    """Renew the lease of checked rows if the check was slow.

    Returns the rows still leased. Otherwise a check that takes half a lease would let no mail
    begin, however often it is tried. Rows that another worker has claimed meanwhile are left to it.
    """
    now = work.clock()
    if not rows or now < (rows[0].leased_until or now) - lease() * 3 / 4:
        return list(rows)
    leased = OutboxMessage.objects.filter(
        pk__in=[row.pk for row in rows], leased_by=work.worker, state=UNSENT
    )
    leased.update(leased_until=now + lease())
    keys = set(leased.values_list("pk", flat=True))
    for row in rows:
        row.leased_until = now + lease()
    return [row for row in rows if row.pk in keys]


def send_batch(rows: Sequence[OutboxMessage], work: Round) -> None:
    """Send claimed rows one by one.

    When the server is out of reach, the rest is given back.
    """
    if not rows:
        return
    # counted from the claim, since the check took time too
    last_start = (rows[0].leased_until or work.clock()) - lease() / 2
    for position, row in enumerate(rows):
        if work.stopping() or not is_reached(work) or work.clock() >= last_start:
            give_back(rows[position:], work)
            return
        if not send_mail(row, work):
            give_back(rows[position + 1 :], work)
            return


def is_reached(work: Round) -> bool:
    """Connect unless connected.

    Returns whether the server answers.
    """
    try:
        work.connection.open()
    except WorkerStopped:
        return False
    except OSError as error:
        work.done.unreachable = failed_try(error)
        return False
    return True


def send_mail(row: OutboxMessage, work: Round) -> bool:
    """Send one mail and store the result.

    Returns False if the others are to be given back: when the lease was lost, when the worker must
    stop, and when the server is too slow.
    """
    # the claim has already counted this try, and those that ended a worker
    if row.tries > (MOST_TRIES if row.has_failed else MOST_SILENT_TRIES):
        silent = FailedTry(failure=Failure.SILENT)
        return park(row, work, last_failure(row) if row.has_failed else silent)
    try:
        work.connection.send_messages([email_message(row)])
    except WorkerStopped:
        give_back([row], work)
        return False
    except OSError as error:
        return record_refusal(row, work, error)
    # the mail itself cannot be written, so another try is useless
    except UnwritableMail as error:
        return park(row, work, error.failed)
    except ValueError as error:
        unwritable = FailedTry(failure=Failure.UNWRITABLE, values={"error": str(error)})
        return park(row, work, unwritable)
    work.slow_mails = 0
    return mark_sent(row, work)


def mark_sent(row: OutboxMessage, work: Round) -> bool:
    """Mark a mail as sent, whoever holds the lease by now.

    Returns whether we still held it.
    """
    work.done.sent += 1
    work.tell(row, _("sent"))
    fields = {"state": MessageState.SENT, "sent_at": work.clock(), **FailedTry().fields}
    if end_lease(row, work, **fields):
        return True
    # The server has accepted it, so nobody may send it again.
    unsent = OutboxMessage.objects.filter(pk=row.pk, state=UNSENT)
    unsent.update(leased_until=None, leased_by="", **fields)
    return False


def record_refusal(row: OutboxMessage, work: Round, error: OSError) -> bool:
    """Park a mail on 5xx; otherwise put it off.

    Returns False if the lease was lost, or if the server was too slow several times in a row.
    """
    answer, failed = server_answer(error), failed_try(error)
    if answer.is_final:
        return park(row, work, failed)
    # the next mail then opens a new connection
    if answer.is_disconnected:
        work.connection.close()
    work.slow_mails = work.slow_mails + 1 if isinstance(error, TimeoutError) else 0
    # Each slow mail takes the whole time limit; the round must not spend it on all.
    if work.slow_mails == MOST_SLOW_MAILS:
        work.done.unreachable = failed
    return put_off(row, work, failed) and not work.done.unreachable


def put_off(row: OutboxMessage, work: Round, failed: FailedTry, **fields: object) -> bool:
    """Let a mail wait for its next try, with the reason.

    Returns whether its lease was still ours.
    """
    work.done.put_off += 1
    work.tell(row, str(failed))
    later = work.clock() + pause_after(row.tries)
    return end_lease(row, work, next_try_at=later, **failed.fields, **fields)


def park(row: OutboxMessage, work: Round, failed: FailedTry) -> bool:
    """Park a mail for the chair, with the reason of the failure."""
    work.done.parked += 1
    work.tell(row, str(failed))
    return end_lease(row, work, state=MessageState.PARKED, **failed.fields)


def end_lease(row: OutboxMessage, work: Round, **fields: object) -> bool:
    """Store the result of a row and end its lease.

    Returns False, and stores nothing, if the lease is not ours any more.
    """
    # conditional: after an expired lease another worker may hold the row
    own = OutboxMessage.objects.filter(pk=row.pk, leased_by=work.worker, state=UNSENT)
    return bool(own.update(leased_until=None, leased_by="", **fields))


def pause_after(tries: int) -> timedelta:
    """Return the pause after that many tries.

    It doubles each time, up to an hour.
    """
    # Capped, since the power would overflow a timedelta.
    doublings: int = 2 ** min(tries - 1, 12)
    return min(timedelta(seconds=settings.MAIL_RETRY_SECONDS) * doublings, LONGEST_PAUSE)


def give_back(rows: Sequence[OutboxMessage], work: Round) -> None:
    """Return claimed rows that were not tried.

    No try is counted, so a day without a server parks nothing.
    """
    own = OutboxMessage.objects.filter(
        pk__in=[row.pk for row in rows], leased_by=work.worker, state=UNSENT
    )
    values: dict[str, object] = {"leased_until": None, "leased_by": "", "tries": F("tries") - 1}
    if work.done.unreachable:
        later = work.clock() + timedelta(seconds=settings.MAIL_RETRY_SECONDS)
        values |= {"next_try_at": later, **work.done.unreachable.fields}
    own.update(**values)
