"""Tells an unavailable database or disk from a fault.

The answer is then 503 with Retry-After, not 500.
"""

import errno
import logging
import sqlite3
from collections.abc import Iterator

import psycopg
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader

log = logging.getLogger(__name__)
RETRY_SECONDS = 5

# https://www.postgresql.org/docs/current/errcodes-appendix.html
# connection exception; insufficient resources: disk full, out of memory, too many connections
# The first two characters are the class of an error.
CLASSES_OF_POSTGRESQL = ("08", "53")
CODES_OF_POSTGRESQL = {
    "25006",  # read_only_sql_transaction: a standby answers during a failover
    "55P03",  # lock_not_available
    "57P01",  # admin_shutdown
    "57P02",  # crash_shutdown
    "57P03",  # cannot_connect_now: it starts or recovers
    "58030",  # io_error
}
# https://www.sqlite.org/rescode.html
CODES_OF_SQLITE = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
}
NO_ROOM = {errno.ENOSPC, errno.EDQUOT}


def chain(error: BaseException) -> Iterator[BaseException]:
    """Yield the error and its causes."""
    current: BaseException | None = error
    while current is not None:
        yield current
        current = current.__cause__


def is_unavailable(error: BaseException) -> bool:
    """Return whether the database or the disk cannot serve now.

    A later retry may succeed. A wrong query or a broken constraint is a fault of ours, so it is not
    meant.
    """
    return any(_is_unavailable(cause) for cause in chain(error))


def _is_unavailable(error: BaseException) -> bool:
    if isinstance(error, psycopg.Error):
        # A connection that cannot be made, or is lost, has no code
        if error.sqlstate is None:
            return isinstance(error, psycopg.OperationalError)
        return (
            error.sqlstate.startswith(CLASSES_OF_POSTGRESQL)
            or error.sqlstate in CODES_OF_POSTGRESQL
        )
    if isinstance(error, sqlite3.OperationalError):
        # the low byte is the primary code; an error that Python raises by itself has no code
        return getattr(error, "sqlite_errorcode", 0) & 0xFF in CODES_OF_SQLITE
    if isinstance(error, OSError):
        return error.errno in NO_ROOM
    # Django raises these itself, without a cause, on a connection that is closed
    return isinstance(error, InterfaceError | OperationalError) and error.__cause__ is None


def unavailable_page(request: HttpRequest, typed: list[tuple[str, str]]) -> HttpResponse:
    """Return the 503 page.

    No context processor runs, since most of them ask the database.
    """
    context = {"typed": typed, "is_form": request.method == "POST"}
    response = HttpResponse(loader.render_to_string("503.html", context), status=503)
    response["Retry-After"] = str(RETRY_SECONDS)
    return response


def log_failure(request: HttpRequest, error: BaseException) -> None:
    """Log the failure in one line.

    A traceback adds nothing.
    """
    # Django wraps the driver's error; only the innermost says what happened.
    cause = list(chain(error))[-1]
    log.error(
        "Not available: %s %s: %s: %s",
        request.method,
        request.path,
        type(cause).__name__,
        " ".join(str(cause).split()),
    )
