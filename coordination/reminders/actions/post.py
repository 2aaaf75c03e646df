"""The one connection over which a round of delivery goes; opened once, again only when the server has closed it.

Where the server offers PIPELINING (RFC 2920) sender, recipient and DATA go in one packet. What opens the dialogue of the next mail can
be sent before our commit of the last one (`announce`), and costs no time then; its content is sent only after it. While the server
thinks about one mail, the bytes of the next are written.
"""

import re
import smtplib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend

from coordination.reminders.models import OutboxMessage
from coordination.reminders.queries.mime import bare_address, envelope, mime_of

OK = 250
WILL_FORWARD = 251
GO_ON = 354
CLOSING = 421
FIRST_OF_5XX = 500
TOO_LARGE = 552
LEADING_DOT = re.compile(rb"(?m)^\.")


class Letter(EmailMessage):
    """A mail whose bytes are written already, for the backends that keep mail in a folder or in memory."""

    raw = b""

    def message(self) -> Message:  # type: ignore[override] # what Django names here is private to it
        """Return the mail as it was written."""
        return message_from_bytes(self.raw)


class Post:
    """The mail server, or the folder of the embedded run."""

    def __init__(self) -> None:
        """Begin without a connection."""
        self.backend = get_connection()
        self.sender = bare_address(settings.DEFAULT_FROM_EMAIL)
        self.announced: int | None = None
        self.written: tuple[OutboxMessage, bytes] | None = None

    @property
    def server(self) -> smtplib.SMTP | None:
        """Return the open connection; None before `open`, and for the backends that have no server."""
        return self.backend.connection if isinstance(self.backend, SmtpBackend) else None

    def open(self) -> None:
        """Connect unless connected; raises OSError (SMTPException is one) when the server cannot be reached or refuses us."""
        if self.server and self.server.sock is None:
            self.close()
        self.backend.open()
        if self.server:
            self.server.ehlo_or_helo_if_needed()

    def announce(self, row: OutboxMessage) -> None:
        """Begin the dialogue about a mail without waiting for answers; what goes wrong shows when it is sent."""
        if self.server:
            try:
                self.server.send("".join(self._opening(row)[: 3 if pipelines(self.server) else 1]))
            except (OSError, ValueError):
                return
            self.announced = row.pk

    def send(self, row: OutboxMessage, following: Sequence[OutboxMessage] = ()) -> None:
        """Hand over one mail and return after the server's 250; raises what the server or the network says.

        The bytes of the mail `following` are written meanwhile.
        """
        raw = self._bytes_of(row)
        if self.announced not in {None, row.pk}:
            self.close()
            self.open()
        if self.server:
            if self.announced is None:
                self.announce(row)
            self.announced = None
            self._finish(self.server, row, raw, following)
        else:
            letter = Letter(row.subject, row.text, settings.DEFAULT_FROM_EMAIL, [row.address])
            letter.raw = raw
            self.backend.send_messages([letter])

    def close(self) -> None:
        """Say good-bye; a server that is gone, or that waits for a content, is not waited for."""
        if self.announced is not None and self.server:
            self.server.close()
        self.announced = None
        with suppress(OSError):
            self.backend.close()

    def _opening(self, row: OutboxMessage) -> list[str]:
        return [f"MAIL FROM:<{self.sender}>\r\n", f"RCPT TO:<{envelope(row.address)}>\r\n", "DATA\r\n"]

    def _bytes_of(self, row: OutboxMessage) -> bytes:
        """Return the whole mail; raises ValueError when it cannot be written."""
        written, raw = self.written or (None, b"")
        return raw if written is row else mime_of(row, settings.DEFAULT_FROM_EMAIL)

    def _write_ahead(self, following: Sequence[OutboxMessage]) -> None:
        """Write the bytes of the next mail; one that cannot be written is refused in its turn."""
        for row in following:
            with suppress(ValueError):
                self.written = row, mime_of(row, settings.DEFAULT_FROM_EMAIL)

    def _finish(self, server: smtplib.SMTP, row: OutboxMessage, raw: bytes, following: Sequence[OutboxMessage]) -> None:
        """Bring the dialogue to its end."""
        answers = [server.getreply()]
        for line in self._opening(row)[1:]:
            if not pipelines(server):
                if answers[-1][0] not in {OK, WILL_FORWARD}:
                    break
                server.send(line)
            answers.append(server.getreply())
        error = self._refusal(row, answers)
        if error is None:
            server.send(LEADING_DOT.sub(b"..", raw) + b".\r\n")
            self._write_ahead(following)
            code, words = server.getreply()
            error = None if code == OK else smtplib.SMTPDataError(code, words)
        elif answers[-1][0] == GO_ON:
            server.close()  # nobody to write to, and yet the server waits for content: begin anew
        if error:
            with suppress(OSError):
                server.rset()
            raise error

    def _refusal(self, row: OutboxMessage, answers: list[tuple[int, bytes]]) -> smtplib.SMTPException | None:
        """Return which of sender, recipient and DATA was refused first, if one was."""
        (code, words), *others = answers
        if code != OK:
            return smtplib.SMTPSenderRefused(code, words, self.sender)
        if others[0][0] not in {OK, WILL_FORWARD}:
            return smtplib.SMTPRecipientsRefused({row.address: others[0]})
        return None if others[1][0] == GO_ON else smtplib.SMTPDataError(*others[1])


def pipelines(server: smtplib.SMTP) -> bool:
    """Say whether the server takes several commands in one packet."""
    return server.has_extn("pipelining")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back instead of 250: the server's code (0 for none) and words, and whether the refusal is of this mail."""

    code: int
    words: str
    about_this_mail: bool = True

    @property
    def for_good(self) -> bool:
        """Say whether trying this mail again is useless: 5xx about the recipient or the content."""
        return self.about_this_mail and self.code >= FIRST_OF_5XX

    @property
    def broken(self) -> bool:
        """Say whether the connection is gone: no answer at all, or 421."""
        return self.code in {0, CLOSING}


def answer_of(error: Exception) -> Answer:
    """Read the answer from what was raised.

    A sender refused is a matter between us and the server (a wrong setting, a quota), not of this mail: it is put off, never
    parked at once; except 552, which is the size of this very mail.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(error.recipients.values()))
        return Answer(code, text_of(words))
    if isinstance(error, smtplib.SMTPResponseException):
        own = not isinstance(error, smtplib.SMTPSenderRefused) or error.smtp_code == TOO_LARGE
        return Answer(error.smtp_code, text_of(error.smtp_error), own)
    return Answer(0, str(error) or type(error).__name__)


def text_of(answer: bytes | str) -> str:
    """Return a server's words as text."""
    return answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
