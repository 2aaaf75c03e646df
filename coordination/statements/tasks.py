"""Periodic tasks of statements; each may run twice."""

from celery import shared_task

from coordination.core import clock
from coordination.statements.actions import releases, signing, stamping


@shared_task(name="statements.keep")
def keep(**_: object) -> None:
    """Release what is due; sign and stamp the manifests that wait."""
    now = clock.now()
    releases.release_due(at=now)
    signing.keep_key(at=now)
    signing.sign_unsigned(at=now)
    # last: an authority that is slow holds up nothing
    stamping.stamp_unstamped()
