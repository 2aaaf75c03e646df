"""State changes that belong to no domain."""

from datetime import datetime

from coordination.core.models import Heartbeat


def beat(name: str, *, at: datetime) -> None:
    """Record that the part of the machinery called `name` did its work at `at` (UTC)."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": at})
