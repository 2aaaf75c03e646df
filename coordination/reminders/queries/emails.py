"""A row of the outbox as a standard e-mail message."""

import re
from email.header import Header
from email.message import Message
from email.policy import Compat32
from email.utils import format_datetime, parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from coordination.core.mails import CONTROL, ENCODED_WORD, is_writable, phrase
from coordination.reminders.enums import Failure
from coordination.reminders.models import OutboxMessage
from coordination.reminders.queries.answers import FailedTry

METHOD = re.compile(r"^METHOD:([A-Z]+)\s*$", re.MULTILINE)
CALENDAR_NAME = "invite.ics"
LONGEST_LINE = 78  # RFC 5322, section 2.1.1: recommended


class UnwritableMail(ValueError):
    """A mail that cannot be written.

    `failed` says why.
    """

    def __init__(self, failure: Failure, **values: str) -> None:
        self.failed = FailedTry(failure=failure, values=values)
        super().__init__(f"{failure.value}: {values}")


class PlainHeaders(Compat32):
    """A policy that leaves short ASCII headers as they are.

    Folding each of them takes a fifth of the work of a mail.
    """

    def fold_binary(self, name: str, value: str) -> bytes:
        """Return a header as bytes, folded if it is long."""
        line = f"{name}: {value}{self.linesep}"
        if len(line) > LONGEST_LINE or not line.isascii() or "\n" in value:
            return super().fold_binary(name, value)
        return line.encode("ascii")


PLAIN_HEADERS = PlainHeaders()


class OutboxEmail(EmailMultiAlternatives):
    """A mail whose copies are equal, byte by byte."""

    def message(self) -> Message:  # type: ignore[override]  # the stubs are of Django 6
        """Return the mail as a message of the standard library.

        The boundary follows from the Message-ID; Django's is random.
        """
        message = super().message()
        message.policy = PLAIN_HEADERS
        key = self.extra_headers["Message-ID"].strip("<>").partition("@")[0]
        # Random boundaries would make each copy differ.
        for level, part in enumerate(part for part in message.walk() if part.is_multipart()):
            part.set_boundary(f"=_{level}_{key}" if level else f"=_{key}")
        return message


def email_message(row: OutboxMessage) -> OutboxEmail:
    """Return the mail of a row, as text and HTML.

    Raises UnwritableMail for a control character in a header and for an address that cannot be
    written, and ValueError for what Django refuses.
    """
    message = OutboxEmail(
        header_text("Subject", row.subject),
        row.text,
        sender(settings.DEFAULT_FROM_EMAIL),
        [checked_address(row.address)],
        headers={
            # not the moment of sending: copies must be equal
            "Date": format_datetime(row.planned_at),
            "Message-ID": row.message_id,
            **row.headers,
        },
    )
    message.attach_alternative(row.html, "text/html")
    if row.calendar:
        attach_calendar(message, row.calendar)
    return message


def attach_calendar(message: OutboxEmail, calendar: str) -> None:
    """Attach a calendar message as an alternative and as a file.

    The alternative is one of the text. Outlook, Google and Apple read the alternative, whose type
    names its method (RFC 6047, section
    2.4). Other programs offer the file.
    """
    method = METHOD.search(calendar)
    assert method
    message.attach_alternative(calendar, f"text/calendar; method={method[1]}")
    message.attach(CALENDAR_NAME, calendar, "application/ics")


def header_text(name: str, text: str) -> str:
    """Return typed text as the value of a header.

    Text that looks like an encoded word is encoded, or a mail program would decode it (RFC 2047).
    Raises UnwritableMail for a control character, which could begin another header.
    """
    if CONTROL.search(text):
        raise UnwritableMail(Failure.CONTROL_CHARACTER, header=name)
    if ENCODED_WORD not in text:
        return text
    # with the name the first encoded word fits on the first line of the header
    return Header(text, "utf-8", header_name=name).encode(linesep="")


def checked_address(address: str) -> str:
    """Return the address.

    Raises UnwritableMail if the mail system cannot write to it.
    """
    if not is_writable(address):
        raise UnwritableMail(Failure.ADDRESS, address=address)
    return address


def sender(written: str) -> str:
    """Return the sender's name and address for a header."""
    name, address = parseaddr(written)
    return f"{phrase(name)} <{address}>" if name else address
