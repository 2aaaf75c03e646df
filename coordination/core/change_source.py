"""Where a change came from: the session of a page, a command or a task.

A record of history keeps it as a code.
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
    """Return the request that is answered now, or None."""
    return getattr(HistoricalRecords.context, "request", None)


def session_digest(session_key: str) -> str:
    """Return what stands for a session in history.

    Nobody can sign in with it, or find the key from it.
    """
    return salted_hmac("coordination.history", session_key).hexdigest()[:DIGEST_LENGTH]


def current_source() -> str:
    """Return "session:<digest>", "task:<name>" or "command:<name>".

    "request" for a page without a session, else "".

    With HISTORY_KEEPS_ADDRESS the network address follows that of a page:
    "session:<digest>@203.0.113.7".
    """
    request = current_request()
    if request is not None:
        key = getattr(getattr(request, "session", None), "session_key", None)
        source = f"session:{session_digest(key)}" if key else "request"
        return f"{source}{address_of(request)}"[:LONGEST_SOURCE]
    if current_task:
        return f"task:{current_task.name}"[:LONGEST_SOURCE]
    by_command = Path(sys.argv[0]).name == "manage.py" and len(sys.argv) > 1
    return f"command:{sys.argv[1]}"[:LONGEST_SOURCE] if by_command else ""


def address_of(request: Any) -> str:
    """Return "@" and the network address of a request, or "" without HISTORY_KEEPS_ADDRESS."""
    if settings.HISTORY_KEEPS_ADDRESS:
        with suppress(PermissionDenied):  # allauth's answer to an address that it cannot determine
            return f"@{get_adapter().get_client_ip(request)}"
    return ""
