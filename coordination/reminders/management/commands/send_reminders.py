"""Plans and delivers what is due, for those who run cron instead of beat and worker."""

import sys
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand

from coordination.core import clock, due
from coordination.core.queries import group
from coordination.members.models import Person
from coordination.reminders import actions
from coordination.reminders.models import OutboxMessage


class Command(BaseCommand):
    """send_reminders [--as-of MOMENT] [--dry-run]; two at once are harmless."""

    help = "Plan what is due and deliver what waits."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Name the options."""
        parser.add_argument("--as-of", metavar="MOMENT", help="such as 2026-12-24T08:00 (zone of the group if none is given); default: now")
        parser.add_argument("--dry-run", action="store_true", help="say what would be planned, and change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what is planned and what went."""
        at = self.moment(options["as_of"])
        if options["dry_run"]:
            self.tell(at)
            return
        planned = actions.plan(at)
        done = actions.deliver(lambda: max(at, clock.now()))
        self.stdout.write(f"{planned.new} planned, {done.sent} sent, {done.put_off} put off, {done.parked} could not be delivered.")
        if done.unreachable:
            self.stderr.write("The mail server is out of reach; what waits is kept.")
            sys.exit(1)

    def moment(self, text: str | None) -> datetime:
        """Return the moment asked for; refuse what is none with one sentence."""
        if text is None:
            return clock.now()
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            self.stderr.write(f"“{text}” is not a moment such as 2026-12-24T08:00.")
            sys.exit(2)
        return moment if moment.tzinfo else moment.replace(tzinfo=group().zone)

    def tell(self, at: datetime) -> None:
        """Print each mail that is due and not planned yet."""
        names = dict(Person.objects.values_list("pk", "name"))
        known = set(OutboxMessage.objects.values_list("key", flat=True))
        count = 0
        for source in due.sources():
            for item in source.find(at):
                if item.key not in known:
                    count += 1
                    self.stdout.write(f"{item.at.isoformat(timespec='minutes')} {item.kind} {item.stage} to {names[item.person_id]}")
        self.stdout.write(f"{count} would be planned; nothing was changed.")
