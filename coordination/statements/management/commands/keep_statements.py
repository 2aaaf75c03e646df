"""Release due statements and complete proofs, for cron."""

from typing import Any

from django.core.management.base import BaseCommand

from coordination.statements.tasks import keep


class Command(BaseCommand):
    """keep_statements; two at once are harmless."""

    help = "Release the statements that are due; sign and stamp the manifests that wait."

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what the worker does every minute."""
        keep()
