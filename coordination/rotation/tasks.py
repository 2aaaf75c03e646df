"""Periodic tasks of the rotation; each may run twice."""

from celery import shared_task

from coordination.core import clock
from coordination.rotation.actions import selections, votes


@shared_task(name="rotation.keep_selections")
def keep_selections(**_: object) -> None:
    """End, close, escalate and open what is due in selections."""
    now = clock.now()
    selections.end_settled_selections(at=now)
    votes.close_overdue_votes(at=now)
    selections.escalate_overdue(at=now)
    selections.open_due_selection(at=now)
