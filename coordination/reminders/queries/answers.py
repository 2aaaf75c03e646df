"""What a mail server answered instead of accepting a mail."""

import smtplib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from coordination.reminders.enums import Failure
from coordination.reminders.models import OutboxMessage
from coordination.reminders.smtp import MailTooSlow

CLOSING = 421
FIRST_OF_5XX = 500
TOO_LARGE = 552
LONGEST_ANSWER = 2000  # characters


@dataclass(frozen=True, slots=True)
class ServerAnswer:
    """The answer of the server.

    `code` is 0 without an answer. `is_about_this_mail` tells whether it refuses this very mail.
    """

    code: int
    text: str
    is_about_this_mail: bool = True

    @property
    def is_final(self) -> bool:
        """Return whether another try is useless."""
        return self.is_about_this_mail and self.code >= FIRST_OF_5XX

    @property
    def is_disconnected(self) -> bool:
        """Return whether the connection is gone."""
        return self.code in {0, CLOSING}

    def __str__(self) -> str:
        return f"{self.code} {self.text}" if self.code else self.text


def server_answer(error: OSError) -> ServerAnswer:
    """Return the answer from the error of the SMTP backend.

    A refused sender is about our setting or quota, not about one mail: the mail is put off, never
    parked. 552 is the exception, since it is about the size of the mail.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        # A mail has one recipient.
        code, text = next(iter(error.recipients.values()))
        return ServerAnswer(code, as_text(text))
    if isinstance(error, smtplib.SMTPResponseException):
        is_own = not isinstance(error, smtplib.SMTPSenderRefused) or error.smtp_code == TOO_LARGE
        return ServerAnswer(error.smtp_code, as_text(error.smtp_error), is_own)
    # some errors of sockets have no text
    return ServerAnswer(0, str(error) or type(error).__name__)


def as_text(text: bytes | str) -> str:
    """Return a server's text as str."""
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else text


@dataclass(frozen=True, slots=True)
class FailedTry:
    """The stored result of a try: the server's answer, or our code.

    Our code has its values. Without both there is nothing to store. As text it is worded in the
    reader's language.
    """

    answer: str = ""
    failure: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        if not self.failure:
            return self.answer
        try:
            return str(Failure(self.failure).label) % self.values
        except (KeyError, TypeError, ValueError):  # a value is missing, or is of another kind
            return self.answer or _("The details of the failure are not on record.")

    @property
    def fields(self) -> dict[str, object]:
        """Return the fields of the outbox that store it."""
        values = dict(self.values) or None
        return {
            "last_answer": self.answer[:LONGEST_ANSWER],
            "failure": self.failure,
            "failure_values": values,
        }


def failed_try(error: OSError) -> FailedTry:
    """Return what to store of an error of the SMTP backend."""
    if isinstance(error, MailTooSlow):
        return FailedTry(failure=Failure.TOO_SLOW, values={"seconds": error.seconds})
    return FailedTry(str(server_answer(error)))


def last_failure(message: OutboxMessage) -> FailedTry:
    """Return what is stored of the last try."""
    return FailedTry(message.last_answer, message.failure, message.failure_values or {})
