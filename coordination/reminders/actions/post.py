"""The one connection over which a round of delivery goes.

Opened once, again only when the server has closed it.

Where the server offers PIPELINING (RFC 2920) sender, recipient and DATA go in one packet. What
opens the dialogue of the next mail, up to the server's "go on", is said by a thread beside our
commit of the last one (`announce`); its content is sent only after it. While the server thinks
about one mail, the bytes of the next are written.
"""

import re
import smtplib
import socket
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from coordination.core.mail import EmailBackend
from coordination.reminders.models import OutboxMessage
from coordination.reminders.queries.mime import bare_address, envelope, mime_of

OK = 250
WILL_FORWARD = 251
GO_ON = 354
CLOSING = 421
FIRST_OF_5XX = 500
TOO_LARGE = 552
# how long a worker that must stop waits for the answer to a mail that it has sent
ANSWER_SECONDS = 4
LEADING_DOT = re.compile(rb"(?m)^\.")
Answers = list[tuple[int, bytes]]


def never() -> bool:
    """Return False: nobody asks the worker to stop."""
    return False


class Letter(EmailMessage):
    """A mail with its bytes written, for backends that keep mail in a folder or in memory."""

    raw = b""

    def message(self) -> Message:  # type: ignore[override] # what Django names here is private to it
        """Return the mail as it was written."""
        return message_from_bytes(self.raw)


class Post:
    """The mail server, or the folder of the embedded run.

    One mail takes at most `exchange_seconds`, from the connection to the last answer. When
    `stopping()` turns true, the exchange ends at once (`interrupted`), unless the server already
    has the content: then its answer is awaited for some seconds.
    """

    def __init__(self, stopping: Callable[[], bool] = never) -> None:
        """Begin without a connection."""
        self.backend = get_connection()
        self.stopping = stopping
        self.interrupted = False
        self.in_doubt = False  # the server may have the content of a mail, and has not answered yet
        # the watchdog must not cut between the decision to send a content and `in_doubt`
        self.lock = threading.Lock()
        self.smtp = self.backend if isinstance(self.backend, EmailBackend) else None
        if self.smtp:
            self.smtp.seconds = exchange_seconds()
            self.smtp.on_tick = self._stop_if_asked
        self.sender = bare_address(settings.DEFAULT_FROM_EMAIL)
        self.helper = ThreadPoolExecutor(1, "post")
        self.announced: tuple[OutboxMessage, Future[Answers]] | None = None
        self.written: tuple[OutboxMessage, bytes] | None = None

    @property
    def server(self) -> smtplib.SMTP | None:
        """Return the open connection.

        None before `open`, and for the backends that have no server.
        """
        return self.smtp.connection if self.smtp else None

    def open(self) -> None:
        """Connect unless connected.

        Raises OSError (SMTPException is one) when the server cannot be reached or refuses us.
        """
        if self.announced:
            wait([self.announced[1]])
            self._check_time()
        else:
            self._restart_time()
        if self.smtp and self.server and (self.server.sock is None or self.smtp.was_cut):
            self.close()
        if self.backend.open():
            # if no thread can be started, it shows now, before a mail is on its way
            self.helper.submit(int).result()
        if self.smtp and self.server:
            with self.smtp.limited():
                self.server.ehlo_or_helo_if_needed()

    def announce(self, row: OutboxMessage) -> None:
        """Let the dialogue about a mail begin, up to where its content follows, without waiting.

        What goes wrong shows when it is sent.
        """
        if self.server:
            # no such address; or the interpreter is ending
            with suppress(ValueError, RuntimeError):
                self.announced = row, self.helper.submit(opened, self.server, self._opening(row))

    def send(self, row: OutboxMessage, following: Sequence[OutboxMessage] = ()) -> None:
        """Hand over one mail and return after the server's 250.

        Raises what the server or the network says.

        The bytes of the mail `following` are written meanwhile.
        """
        raw = self._bytes_of(row)
        if self.announced and self.announced[0] is not row:
            self.close()
            self.open()
        if self.smtp and self.server:
            with self.smtp.limited():
                self._exchange(self.server, row, raw, following)
            self._restart_time()
        else:
            letter = Letter(row.subject, row.text, settings.DEFAULT_FROM_EMAIL, [row.address])
            letter.raw = raw
            self.backend.send_messages([letter])

    def _exchange(
        self,
        server: smtplib.SMTP,
        row: OutboxMessage,
        raw: bytes,
        following: Sequence[OutboxMessage],
    ) -> None:
        ahead, self.announced = self.announced, None
        answers = ahead[1].result() if ahead else opened(server, self._opening(row))
        self._finish(server, row, answers, raw, following)

    def _stop_if_asked(self) -> None:
        """End the exchange of a worker that must stop.

        The watchdog calls this ten times a second.
        """
        watchdog = self.smtp.watchdog if self.smtp else None
        if watchdog and self.stopping():
            with self.lock:
                if self.in_doubt:
                    watchdog.shorten(ANSWER_SECONDS)
                else:
                    self.interrupted = True
                    watchdog.cut()

    def _restart_time(self) -> None:
        if self.smtp and self.smtp.watchdog:
            self.smtp.watchdog.restart()

    def _check_time(self) -> None:
        """Raise TimeoutError if the watchdog ended the exchange."""
        if self.smtp and self.smtp.was_cut:
            raise self.smtp.too_slow()

    def close(self) -> None:
        """Say good-bye; a server that is gone, or that waits for a content, is not waited for."""
        if self.announced and self.server:
            if (link := self.server.sock) is not None:
                with suppress(OSError):  # gone already
                    # ends the waiting of the thread; TLS would first go on in plain text
                    socket.socket.shutdown(link, socket.SHUT_RDWR)
            wait([self.announced[1]])
            self.server.close()
        self.announced = None
        with suppress(OSError):
            self.backend.close()

    def end(self) -> None:
        """Say good-bye for the last time."""
        self.close()
        self.helper.shutdown()

    def _opening(self, row: OutboxMessage) -> list[str]:
        return [
            f"MAIL FROM:<{self.sender}>\r\n",
            f"RCPT TO:<{envelope(row.address)}>\r\n",
            "DATA\r\n",
        ]

    def _bytes_of(self, row: OutboxMessage) -> bytes:
        """Return the whole mail; raises ValueError when it cannot be written."""
        written, raw = self.written or (None, b"")
        return raw if written is row else mime_of(row, settings.DEFAULT_FROM_EMAIL)

    def _write_ahead(self, following: Sequence[OutboxMessage]) -> None:
        """Write the bytes of the next mail; one that cannot be written is refused in its turn."""
        for row in following:
            with suppress(ValueError):
                self.written = row, mime_of(row, settings.DEFAULT_FROM_EMAIL)

    def _finish(
        self,
        server: smtplib.SMTP,
        row: OutboxMessage,
        answers: Answers,
        raw: bytes,
        following: Sequence[OutboxMessage],
    ) -> None:
        """Bring the dialogue to its end."""
        error = self._refusal(row, answers)
        if error is None:
            error = self._send_content(server, raw, following)
        elif answers[-1][0] == GO_ON:
            server.close()  # nobody to write to, and yet the server waits for content: begin anew
        if error:
            with suppress(OSError):
                server.rset()
            raise error

    def _send_content(
        self, server: smtplib.SMTP, raw: bytes, following: Sequence[OutboxMessage]
    ) -> smtplib.SMTPException | None:
        """Send the content and return the refusal, if there is one."""
        with self.lock:
            if self.interrupted:
                raise smtplib.SMTPServerDisconnected("interrupted")
            self.in_doubt = True
        try:
            server.send(LEADING_DOT.sub(b"..", raw) + b".\r\n")
            self._write_ahead(following)
            code, words = server.getreply()
        finally:
            self.in_doubt = False
        return None if code == OK else smtplib.SMTPDataError(code, words)

    def _refusal(self, row: OutboxMessage, answers: Answers) -> smtplib.SMTPException | None:
        """Return which of sender, recipient and DATA was refused first, if one was."""
        (code, words), *others = answers
        if code != OK:
            return smtplib.SMTPSenderRefused(code, words, self.sender)
        if others[0][0] not in {OK, WILL_FORWARD}:
            return smtplib.SMTPRecipientsRefused({row.address: others[0]})
        return None if others[1][0] == GO_ON else smtplib.SMTPDataError(*others[1])


def exchange_seconds() -> float:
    """Return the most seconds for one mail.

    At most half a lease, in whose second half no mail is begun.
    """
    return min(settings.MAIL_EXCHANGE_SECONDS, settings.MAIL_LEASE_SECONDS / 2)


def opened(server: smtplib.SMTP, lines: Sequence[str]) -> Answers:
    """Say what opens the dialogue about a mail, as far as the server follows.

    Return what it answered.
    """
    if pipelines(server):
        server.send("".join(lines))
        return [server.getreply() for _line in lines]
    answers: Answers = []
    while len(answers) < len(lines) and (not answers or answers[-1][0] in {OK, WILL_FORWARD}):
        server.send(lines[len(answers)])
        answers.append(server.getreply())
    return answers


def pipelines(server: smtplib.SMTP) -> bool:
    """Say whether the server takes several commands in one packet."""
    return server.has_extn("pipelining")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back instead of 250.

    The server's code (0 for none) and words, and whether the refusal is of this mail.
    """

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

    A sender refused is a matter between us and the server (a wrong setting, a quota), not of this
    mail: it is put off, never parked at once; except 552, which is the size of this very mail.
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
