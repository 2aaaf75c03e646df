"""Where a change came from: a session, a command or a task.

Each record of history stores it as a code.
"""

import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from allauth.account.adapter import get_adapter
from celery import current_task
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.utils.crypto import salted_hmac
from simple_history.models import HistoricalRecords

DIGEST_LENGTH = 16
LONGEST_SOURCE = 150


def current_request() -> Any:
    """Return the request in progress, or None."""
    return getattr(HistoricalRecords.context, "request", None)


def session_digest(session_key: str) -> str:
    """Return the value that stands for a session in history.

    Nobody can sign in with it or compute the key from it.
    """
    return salted_hmac("coordination.history", session_key).hexdigest()[:DIGEST_LENGTH]


def current_source() -> str:
    """Return "session:<digest>", "task:<name>" or "command:<name>".

    "request" stands for a page without a session, "" for anything else. With HISTORY_KEEPS_ADDRESS
    a page's network address follows: "session:<digest>@203.0.113.7".
    """
    request = current_request()
    if request is not None:
        # A request of a test or of a middleware may have no session.
        key = getattr(getattr(request, "session", None), "session_key", None)
        source = f"session:{session_digest(key)}" if key else "request"
        return f"{source}{address_of(request)}"[:LONGEST_SOURCE]
    if current_task:
        return f"task:{current_task.name}"[:LONGEST_SOURCE]
    # A worker also has arguments, but its program is celery, not manage.py.
    by_command = Path(sys.argv[0]).name == "manage.py" and len(sys.argv) > 1
    return f"command:{sys.argv[1]}"[:LONGEST_SOURCE] if by_command else ""


def address_of(request: Any) -> str:
    """Return "@" and the network address of a request.

    Returns "" without HISTORY_KEEPS_ADDRESS.
    """
    if settings.HISTORY_KEEPS_ADDRESS:
        # allauth raises PermissionDenied for an address that it cannot determine
        with suppress(PermissionDenied):
            return f"@{get_adapter().get_client_ip(request)}"
    return ""
