"""Periodic tasks of no domain.

Each may run twice.
"""

from celery import shared_task

from coordination.core import actions, clock


@shared_task(name="core.purge")
def purge(**_: object) -> None:
    """Delete expired rows."""
    actions.purge(at=clock.now())
