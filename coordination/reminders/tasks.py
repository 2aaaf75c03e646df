"""What beat and the actions ask of a worker. Each task is safe to run twice; a lost message costs one beat."""

import logging
import time

from celery import shared_task
from celery.exceptions import OperationalError
from django.conf import settings
from django.dispatch import receiver

from coordination.core import clock
from coordination.core.actions import beat
from coordination.core.due import facts_changed
from coordination.reminders import actions, queries

log = logging.getLogger(__name__)
PAUSE_SECONDS = 15


class Broker:
    """What this process knows about the broker: until when (monotonic seconds) it does not ask it again."""

    paused_until = 0.0


@shared_task(name="reminders.plan")
def plan(*, sent_by: str = "", **_: object) -> None:
    """Plan what is due now, and have it delivered."""
    now = clock.now()
    beat("worker", at=now)
    if sent_by == "beat":
        beat("beat", at=now)
    if actions.plan(now).new:
        deliver.delay()


@shared_task(name="reminders.deliver")
def deliver(**_: object) -> None:
    """Deliver what waits."""
    actions.deliver(clock.now)


@receiver(facts_changed, dispatch_uid="reminders")
def wake(**_: object) -> None:
    """Ask a worker to plan. Without a broker nothing is lost: beat asks again within a minute.

    After a failure no request asks the broker for PAUSE_SECONDS: else each request would wait for it.
    """
    if not settings.WAKE_PLANNER or time.monotonic() < Broker.paused_until:
        return
    try:
        with queries.quick_link() as link:
            plan.apply_async(producer=link.Producer(), retry=False, ignore_result=True)
    except (OperationalError, OSError) as error:
        Broker.paused_until = time.monotonic() + PAUSE_SECONDS
        log.warning("The broker is out of reach (%s); beat will plan later.", error)
