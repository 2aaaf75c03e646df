"""Makes the search index anew."""

from typing import Any

from django.core.management.base import BaseCommand

from coordination.desk.actions import search_index


class Command(BaseCommand):
    """rebuild_search."""

    help = "Make the search index anew from the records; people can search meanwhile."

    def handle(self, *args: Any, **options: Any) -> None:
        """Rebuild, and say how many records can be found."""
        count = search_index.rebuild()
        if options["verbosity"]:
            self.stdout.write(f"{count} records can be found.")
