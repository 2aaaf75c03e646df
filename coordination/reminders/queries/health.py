"""Whether everything works.

The measure is work done: no due mail is late by more than MAIL_LATE_MINUTES.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from celery import current_app
from celery.exceptions import OperationalError
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Case, Count, Min, When

from coordination.core import due
from coordination.core.due import Due, Source
from coordination.core.enums import ProxyMismatch
from coordination.core.queries import last_beat
from coordination.members.queries import recipients
from coordination.reminders.enums import Frequency, MessageState
from coordination.reminders.models import OutboxMessage
from coordination.reminders.queries.outbox import frequencies

# A person waits for the response, so there is one attempt of at most a second. Redis may accept
# the connection and then be silent, so each step may take half of it. Other transports ignore
# these options.
AT_MOST_A_SECOND = {
    "max_retries": 0,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
    "connect_retries_timeout": 1,
    "socket_connect_timeout": 0.5,
    "socket_timeout": 0.5,
}
REMEMBERED = timedelta(days=1)
# one recipient's mailbox may be at fault; two point to the server
SEVERAL = 2


@dataclass(frozen=True, slots=True)
class Component:
    """One component, and one sentence on what its failure means."""

    name: str
    well: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Late:
    """The oldest late mail.

    `since` is when its wait began, `planned` whether it has a row.
    """

    kind: str
    since: datetime
    planned: bool


def components(at: datetime, *, forwarded: bool = False) -> list[Component]:
    """Return the state of each component at `at`.

    It contains no secret. `forwarded`: the request itself came with X-Forwarded-For. Without a
    database, components that need it are not asked, since each would wait again.
    """
    checks = CHECKS | {"proxy": lambda moment: proxy(moment, forwarded=forwarded)}
    first = run_check("database", database, at)
    rest = [
        run_check(name, check, at) if first.well or name == "broker" else unknown_component(name)
        for name, check in checks.items()
    ]
    return [first, *rest]


def run_check(name: str, check: Callable[[datetime], str], at: datetime) -> Component:
    """Run one check.

    A component that cannot be asked is not well.
    """
    try:
        problem = check(at)
    except (DatabaseError, OperationalError, OSError) as error:
        # the type only: its text may name hosts and users, and this page is public
        problem = AWAY.get(name, "It cannot be asked ({error}).").format(error=type(error).__name__)
    return Component(name, not problem, problem or "ok")


def unknown_component(name: str) -> Component:
    """Return a component that cannot be checked without the database."""
    return Component(name, well=False, detail="Not known while the database does not answer.")


AWAY = {
    "database": (
        "The database does not answer ({error}): pages answer 503, and nothing can be saved."
    ),
    "broker": (
        "The broker (Redis) does not answer ({error}): reminders wait until it is back; "
        "pages and sign-in work."
    ),
}


def database(at: datetime) -> str:
    """Run one query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return ""


def quick_link() -> Any:
    """Return an unopened connection to the broker with a short timeout."""
    return current_app.connection_for_write(transport_options=AT_MOST_A_SECOND)


def broker(at: datetime) -> str:
    """Connect to the broker."""
    with quick_link() as link:
        link.ensure_connection(max_retries=0)
    return ""


def silence(name: str, at: datetime) -> str:
    """Return a component's silence ("for 200 s"), or "".

    "since it was installed" if it never worked.
    """
    last = last_beat(name)
    if last is None:
        return "since it was installed"
    return (
        f"for {int((at - last).total_seconds())} s"
        # a lost message costs one beat, so a single one is no alarm
        if at - last > timedelta(seconds=3 * settings.PLAN_EVERY_SECONDS)
        else ""
    )


def worker(at: datetime) -> str:
    """Return what follows if no worker works, or ""."""
    silent = silence("worker", at)
    return (
        silent and f"No worker has done anything {silent}: reminders are neither planned nor sent."
    )


def beat(at: datetime) -> str:
    """Return what follows if beat does not work, or ""."""
    silent = silence("beat", at)
    return (
        silent
        and f"Nothing that beat asks for has been done {silent}: "
        "what becomes due with time is not planned."
    )


def mail(at: datetime) -> str:
    """Return how late the oldest mail is, or "".

    It names the kind, never the recipient: the page is public.
    """
    late = oldest_late(at)
    if late is None:
        return ""
    minutes = int((at - late.since).total_seconds() // 60)
    why = (
        "waits to be sent: see the outbox for the answer of the mail server"
        if late.planned
        else "is due and not planned yet"
    )
    return f"Messages are late. The oldest ({late.kind}) {why}. It is {minutes} min late."


def oldest_late(at: datetime) -> Late | None:
    """Return the mail that is late for longest, planned or not.

    None if none is late by MAIL_LATE_MINUTES.
    """
    limit = at - timedelta(minutes=settings.MAIL_LATE_MINUTES)
    # Each of the three finds another kind of delay.
    late_mails = [
        late
        for late in (longest_waiting(), oldest_put_off(limit), oldest_unplanned(at, limit))
        if late and late.since <= limit
    ]
    return min(late_mails, key=lambda late: late.since, default=None)


def longest_waiting() -> Late | None:
    """Return the mail that waits for longest.

    Its wait began when it was planned, or at its next try if a server put it off. So one mailbox
    that refuses for now is no alarm, while a mail server that does not answer is one.
    """
    waiting = OutboxMessage.objects.filter(state=MessageState.WAITING)
    # A mail put off by a server waits only from its next try on.
    since = Case(When(tries=0, then="planned_at"), default="next_try_at")
    first = waiting.annotate(since=since).order_by("since").values_list("kind", "since").first()
    return first and Late(*first, planned=True)


def oldest_put_off(limit: datetime) -> Late | None:
    """Return the oldest mail put off, if all are.

    Then nothing has been sent since it was planned.
    """
    waiting = OutboxMessage.objects.filter(
        state=MessageState.WAITING, tries__gt=0, planned_at__lte=limit
    )
    put_off = waiting.aggregate(first=Min("planned_at"), recipients=Count("address", distinct=True))
    if (
        put_off["recipients"] < SEVERAL
        or OutboxMessage.objects.filter(
            state=MessageState.SENT, sent_at__gte=put_off["first"]
        ).exists()
    ):
        return None
    # a worker may have sent them all since they were counted
    kind = waiting.order_by("planned_at").values_list("kind", flat=True).first()
    return Late(kind, put_off["first"], planned=True) if kind else None


def oldest_unplanned(at: datetime, limit: datetime) -> Late | None:
    """Return the mail that is due longest and not in the outbox.

    What was due when a worker last planned is in the outbox. So the sources are asked only if a
    worker has not planned for longer than the limit.
    """
    planned = last_beat("worker")
    if planned is None or planned > limit:
        return None
    oldest: Late | None = None
    for source in due.sources():
        for item in wanted_reminders(source, at):
            # the wait begins when planning stopped, at the earliest
            since = max(item.at, planned)
            if oldest is None or since < oldest.since:
                oldest = Late(source.kind, since, planned=False)
    return oldest


def wanted_reminders(source: Source, at: datetime) -> Iterator[Due]:
    """Yield what the planner would write for a source.

    Not in the outbox, to somebody who can be reached and wants it.
    """
    dues = {item.key: item for item in source.find(at)}
    known = set(
        OutboxMessage.objects.filter(kind=source.kind, key__in=dues).values_list("key", flat=True)
    )
    fresh = [item for key, item in dues.items() if key not in known]
    people = recipients.reachable_people({item.person_id for item in fresh})
    chosen = frequencies(source.kind, people) if source.can_be_off else {}
    return (
        item
        for item in fresh
        if item.person_id in people and chosen.get(item.person_id) != Frequency.OFF
    )


def proxy(at: datetime, *, forwarded: bool) -> str:
    """Return how requests contradict TRUSTED_PROXY_COUNT, or "".

    With a wrong count, limits count the wrong address. The request itself shows an uncounted proxy.
    Sign-ins of the last day show both errors; a stranger cannot forge one.
    """
    count = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    last = last_beat(ProxyMismatch.DIRECT if count else ProxyMismatch.FORWARDED)
    is_recent = last is not None and at - last < REMEMBERED
    if not count and (forwarded or is_recent):
        return (
            "Requests come through a proxy (X-Forwarded-For), and TRUSTED_PROXY_COUNT is 0: "
            "all visitors count as one address, so that they share the limits of sign-in."
        )
    if count and is_recent:
        return (
            f"Somebody signed in without the X-Forwarded-For of {count} proxies, and "
            f"TRUSTED_PROXY_COUNT is {count}: "
            "either no proxy sets it, or the app can be reached past the proxy."
        )
    return ""


CHECKS: dict[str, Callable[[datetime], str]] = {
    "broker": broker,
    "worker": worker,
    "beat": beat,
    "mail": mail,
}
