"""Is the machinery well? The measure is work done: the oldest due mail is less than N minutes late."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from celery import current_app
from celery.exceptions import OperationalError
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Case, Min, When

from coordination.core.queries import last_beat
from coordination.reminders.enums import MessageState
from coordination.reminders.models import OutboxMessage

# A person waits for the answer to a request. One attempt, and at most a second in all: Redis may accept the connection and
# then be silent, so half of the second is for each step. Other transports ignore these options.
AT_MOST_A_SECOND = {
    "max_retries": 0,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
    "connect_retries_timeout": 1,
    "socket_connect_timeout": 0.5,
    "socket_timeout": 0.5,
}


@dataclass(frozen=True, slots=True)
class Component:
    """One part of the machinery: whether it is well, and a word on why not."""

    name: str
    well: bool
    detail: str


def components(at: datetime) -> list[Component]:
    """Return database, broker, worker, beat and mail as they are at `at`; nothing secret is in it."""
    return [judged(name, check, at) for name, check in CHECKS.items()]


def judged(name: str, check: Callable[[datetime], str], at: datetime) -> Component:
    """Run one check; a component that cannot be asked is not well."""
    try:
        wrong = check(at)
    except (DatabaseError, OperationalError, OSError) as error:
        wrong = type(error).__name__
    return Component(name, not wrong, wrong or "ok")


def database(at: datetime) -> str:
    """Ask the database one question."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return ""


def quick_link() -> Any:
    """Return a connection to the broker (kombu's), not opened yet, that keeps nobody waiting."""
    return current_app.connection_for_write(transport_options=AT_MOST_A_SECOND)


def broker(at: datetime) -> str:
    """Connect to the broker."""
    with quick_link() as link:
        link.ensure_connection(max_retries=0)
    return ""


def silence(name: str, at: datetime) -> str:
    """Say how long a part has been silent, if for too long."""
    allowed = timedelta(seconds=3 * settings.PLAN_EVERY_SECONDS + 60)
    last = last_beat(name)
    if last is None:
        return "has not worked yet"
    return f"last worked {int((at - last).total_seconds())} s ago" if at - last > allowed else ""


def worker(at: datetime) -> str:
    """Say when a worker last did a task, if too long ago."""
    return silence("worker", at)


def beat(at: datetime) -> str:
    """Say when a task sent by beat was last done, if too long ago."""
    return silence("beat", at)


def oldest_late(at: datetime) -> timedelta:
    """Return how late the oldest due mail is: since it was planned if no server has answered about it, else since its next try.

    So one mailbox that puts us off does not make the whole system unwell, and a server out of reach does.
    """
    since = Case(When(tries=0, then="planned_at"), default="next_try_at")
    waiting = OutboxMessage.objects.filter(state=MessageState.WAITING)
    oldest: datetime | None = waiting.aggregate(oldest=Min(since))["oldest"]
    return max(at - oldest, timedelta(0)) if oldest else timedelta(0)


def mail(at: datetime) -> str:
    """Say how late the oldest due mail is, if too late."""
    late = oldest_late(at)
    if late <= timedelta(minutes=settings.MAIL_LATE_MINUTES):
        return ""
    return f"oldest due mail is {int(late.total_seconds() // 60)} min late"


CHECKS: dict[str, Callable[[datetime], str]] = {"database": database, "broker": broker, "worker": worker, "beat": beat, "mail": mail}
