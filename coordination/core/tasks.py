"""Periodic tasks that belong to no domain. Each is safe to run twice."""

from celery import shared_task

from coordination.core import actions, clock


@shared_task(name="core.purge")
def purge(**_: object) -> None:
    """Delete what nobody needs any more."""
    actions.purge(at=clock.now())
