"""What the log must not hold: the tokens in addresses."""

import logging
import re

# Whoever knows such an address may do what it opens. gmgapp/nginx.conf names the same ones.
TOKEN = re.compile(
    r"(/(?:invitations|mail/unsubscribe|accounts/confirm-email|accounts/password/reset/key)/)[^/\s?]+"
)


class HideTokens(logging.Filter):
    """Replaces the token of an address in a message by "...".

    Django's own messages name the address of a failed request.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Change the message of `record` if there is a token in it; return True."""
        message = record.getMessage()
        hidden = TOKEN.sub(r"\1...", message)
        if hidden != message:
            record.msg, record.args = hidden, None
        return True
