"""What the log must not hold: the tokens in addresses."""

import logging
import re
import sys
from typing import Any

# Whoever knows such an address may do what it opens. gmgapp/nginx.conf names the same ones.
TOKEN = re.compile(
    r"(/(?:invitations|mail/unsubscribe|meetings/answer/by-link|meetings/polls/link|people/confirm|feeds"
    r"|accounts/confirm-email|accounts/password/reset/key)/)[^/\s?]+"
)


class HideTokens(logging.Filter):
    """Replaces the token of an address in a message by "...".

    Django's own messages name the address of a failed request.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Remove a token from the message of `record`.

        Returns True.
        """
        message = record.getMessage()
        hidden = TOKEN.sub(r"\1...", message)
        if hidden != message:
            record.msg, record.args = hidden, None
        return True


def configuration(level: str) -> dict[str, Any]:
    """Return Django's LOGGING: all to standard error from `level` on, without tokens."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
        "filters": {"hide tokens": {"()": "gmgapp.logs.HideTokens"}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "line",
                "stream": sys.stderr,
                "filters": ["hide tokens"],
            },
        },
        "root": {"handlers": ["stderr"], "level": level},
    }
