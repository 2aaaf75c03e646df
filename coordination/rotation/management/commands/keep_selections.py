"""Open, close and escalate due selections, for cron."""

from typing import Any

from django.core.management.base import BaseCommand

from coordination.rotation import tasks


class Command(BaseCommand):
    """keep_selections; two at once are harmless."""

    help = "Open the selection that is due, close votes, take what is late to the principals."

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what beat asks a worker to do."""
        tasks.keep_selections()
