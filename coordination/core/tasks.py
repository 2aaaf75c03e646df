"""Periodic tasks that belong to no domain. Each is safe to run twice."""

from celery import shared_task

from coordination.core import actions, clock


@shared_task(name="core.purge_form_submissions")
def purge_form_submissions(**_: object) -> None:
    """Delete old form tokens."""
    actions.purge_form_submissions(at=clock.now())
