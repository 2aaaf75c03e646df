"""Tasks that beat and the actions ask of a worker.

Each task may run twice. A lost message costs one beat.

Planning and delivery have a queue and a worker each, so a slow mail server does not delay planning.
"""

import logging
import mmap
from datetime import UTC, datetime, timedelta
from typing import Any

from celery import shared_task
from celery.exceptions import OperationalError
from celery.signals import worker_shutting_down
from django.conf import settings
from django.dispatch import receiver

from coordination.core import clock
from coordination.core.actions import beat
from coordination.core.due import facts_changed
from coordination.reminders.actions import delivery, planning
from coordination.reminders.queries import health

log = logging.getLogger(__name__)
PAUSE = timedelta(seconds=15)
# tasks stay short: after this time a task asks for another round
LONGEST_ROUND = timedelta(seconds=4)
# Celery tells only its main process to stop. The children of its pool share this byte with it, and
# read there that they must stop.
stop_requested = mmap.mmap(-1, 1)


class Broker:
    """Until when (UTC) this process does not ask the broker again."""

    paused_until = datetime.min.replace(tzinfo=UTC)


@worker_shutting_down.connect
def request_stop(**_: Any) -> None:
    """Let running tasks finish their present mail and give back the rest."""
    stop_requested[0] = 1


def is_stopping() -> bool:
    """Return whether this worker must stop."""
    return stop_requested[0] == 1


@shared_task(name="reminders.plan")
def plan(*, sent_by: str = "", **_: object) -> None:
    """Plan what is due now, and ask for its delivery."""
    now = clock.now()
    beat("worker", at=now)
    if sent_by == "beat":
        beat("beat", at=now)
    if planning.plan(now, stopping=is_stopping).new:
        deliver.delay()


@shared_task(name="reminders.deliver")
def deliver(**_: object) -> None:
    """Deliver for some seconds, then ask for another round if needed."""
    if delivery.deliver(clock.now, longest=LONGEST_ROUND, stopping=is_stopping).more:
        deliver.delay()


@receiver(facts_changed, dispatch_uid="reminders")
def wake(**_: object) -> None:
    """Ask a worker to plan.

    Without a broker nothing is lost: beat plans within a minute. After a failure no request asks
    the broker until PAUSE is over, or each would wait for it.
    """
    # Tests and commands plan by themselves.
    if not settings.WAKE_PLANNER or clock.now() < Broker.paused_until:
        return
    try:
        with health.quick_link() as link:
            if link.transport_cls == "memory":  # nobody else reads the memory of this process
                settings.WAKE_FILE.touch()
                return
            # no retry: a person waits for this request, and beat plans anyway
            plan.apply_async(producer=link.Producer(), retry=False, ignore_result=True)
    except (OperationalError, OSError) as error:
        Broker.paused_until = clock.now() + PAUSE
        log.warning("The broker is out of reach (%s); beat will plan later.", error)
