"""Plans and delivers what is due, for cron.

It replaces beat and worker.
"""

import sys
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand

from coordination.core import clock, zones
from coordination.core.actions import purge
from coordination.core.queries import group
from coordination.reminders.actions import delivery, planning
from coordination.reminders.models import OutboxMessage


class Command(BaseCommand):
    """send_reminders [--as-of MOMENT] [--dry-run]; two at once are harmless."""

    help = "Plan what is due and deliver what waits."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--as-of",
            metavar="MOMENT",
            help="such as 2026-12-24T08:00 (zone of the group if none is given); default: now",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would be planned, and change nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a line for each mail, and a count."""
        at, dry = self.moment(options["as_of"]), options["dry_run"]
        planned = planning.plan(at, dry=dry)
        for row in planned.rows:
            self.stdout.write(
                f"planned  {row.due_at.isoformat(timespec='minutes')}  {row.address}  {row.subject}"
            )
        if dry:
            self.stdout.write(f"{planned.new} would be planned; nothing was changed.")
            return
        purge(at=clock.now())  # beat has a worker do it
        done = delivery.deliver(lambda: max(at, clock.now()), tell=self.tell)
        self.stdout.write(
            f"{planned.new} planned, {done.sent} sent, {done.put_off} put off, "
            f"{done.parked} could not be delivered, {done.withheld} withheld or expired."
        )
        if done.unreachable:
            self.stderr.write(
                f"The mail server is out of reach ({done.unreachable}); what waits is kept."
            )
            sys.exit(1)

    def tell(self, row: OutboxMessage, result: str) -> None:
        """Print the result for a mail."""
        self.stdout.write(f"{result}  {row.address}  {row.subject}")

    def moment(self, text: str | None) -> datetime:
        """Return the moment asked for, or refuse it with one sentence."""
        if text is None:
            return clock.now()
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            self.stderr.write(f"“{text}” is not a moment such as 2026-12-24T08:00.")
            sys.exit(2)
        try:
            return moment if moment.tzinfo else zones.moment_at(moment, group().zone)
        except zones.HourSkipped as skipped:
            self.stderr.write(f"{text} does not exist in the zone of the group: {skipped}.")
        except zones.HourRepeated as repeated:
            self.stderr.write(f"{text} comes twice in the zone of the group: say {repeated}.")
        sys.exit(2)
