"""Django's migrate, safe beside a running app.

It never waits for a lock longer than a page can wait.
"""

import time
from typing import Any

from django.core.management.commands import migrate
from django.db import OperationalError, connections

# A change of a table waits for all that use the table, and later queries wait behind it. So it
# gives up soon and tries again.
LOCK_TIMEOUT = "2s"
PAUSES = (1, 2, 4, 8, 15, 30, 60)
LOCK_NOT_AVAILABLE = "55P03"  # PostgreSQL's code of the error


class Command(migrate.Command):
    """Applies migrations without a long wait for locks on PostgreSQL.

    It gives up a lock after two seconds, then continues where it stopped, for two minutes.
    """

    def handle(self, *args: Any, **options: Any) -> None:
        """Run Django's command until it gets every lock.

        Raises the last error if it does not.
        """
        connection = connections[options["database"]]
        if connection.vendor != "postgresql":
            super().handle(*args, **options)
            return
        try:
            for pause in (*PAUSES, None):
                with connection.cursor() as cursor:
                    cursor.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
                try:
                    super().handle(*args, **options)
                except OperationalError as error:
                    if (
                        pause is None
                        or getattr(error.__cause__, "sqlstate", "") != LOCK_NOT_AVAILABLE
                    ):
                        raise
                    self.stderr.write(f"A table is in use; the next try is in {pause} s.")
                    time.sleep(pause)
                else:
                    return
        finally:
            with connection.cursor() as cursor:
                # The connection may serve other commands afterwards.
                cursor.execute("RESET lock_timeout")
