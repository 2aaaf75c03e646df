"""SMTP with a time limit for the whole exchange about one mail.

A time limit per read is not enough. A server that sends one byte per second never exceeds it and
holds the connection for ever.
"""

import math
import smtplib
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend

from coordination.core import clock

CONNECT_SECONDS = 10  # for each address of the server
# QUIT changes nothing: the server has answered for each mail by then
GOODBYE_SECONDS = 2
# How long a worker that must stop waits for the answer to a mail that the server may have.
ANSWER_SECONDS = 4
TICK_SECONDS = 0.1


class WorkerStopped(OSError):
    """The worker must stop.

    The server does not have the mail yet.
    """


class MailTooSlow(TimeoutError):
    """The exchange about one mail took longer than `seconds`."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(f"The mail server took longer than {seconds:g} s for one mail.")


def never() -> bool:
    """Return False: nobody asks the worker to stop."""
    return False


class Watchdog:
    """Shuts a connection down when its time is over.

    Also when the worker must stop. A thread checks ten times a second, because the thread of the
    exchange may be blocked in a read or a TLS handshake.
    """

    def __init__(self, seconds: float, is_stopping: Callable[[], bool] = never) -> None:
        """Start the clock; nothing is watched before `watch`."""
        self.seconds = seconds
        self.is_stopping = is_stopping
        self.deadline = clock.seconds() + seconds
        self.has_cut = False
        self.has_stopped = False
        self._is_sending_content = False
        # `stop` may not cut between the decision to send a content and the flag that records it
        self._lock = threading.Lock()
        self._link: socket.socket | None = None
        self._ended = threading.Event()
        # daemon: a process that ends does not wait for it
        threading.Thread(target=self._run, name="mail watchdog", daemon=True).start()

    @property
    def is_late(self) -> bool:
        return clock.seconds() > self.deadline

    def watch(self, link: socket.socket) -> None:
        """Watch a connected socket.

        The watchdog holds a duplicate, which stays valid when TLS replaces the socket.
        """
        # shutdown() works on the duplicate, whatever wraps the original later.
        self._link = link.dup()
        # The time may have run out while the connection was made.
        if self.has_cut:
            self.cut()

    def rest(self) -> None:
        """Set no deadline while no mail is being sent."""
        self.deadline = math.inf

    def start(self) -> None:
        """Give the next mail its whole time, unless its time already runs."""
        if self.deadline == math.inf:
            self.deadline = clock.seconds() + self.seconds

    def shorten(self, seconds: float) -> None:
        """Leave at most `seconds` from now."""
        self.deadline = min(self.deadline, clock.seconds() + seconds)

    def cut(self) -> None:
        """Shut the connection down.

        A thread that waits for the server gets an error at once.
        """
        self.has_cut = True
        if self._link:
            with suppress(OSError):  # the server has closed it already
                self._link.shutdown(socket.SHUT_RDWR)

    def stop(self) -> None:
        """Cut the connection, unless the server may already have the mail.

        Then its answer is awaited, or the mail would be sent twice.
        """
        with self._lock:
            if self._is_sending_content:
                self.shorten(ANSWER_SECONDS)
            else:
                self.has_stopped = True
                self.cut()

    @contextmanager
    def sending_content(self) -> Iterator[None]:
        """Keep `stop` from cutting the connection in this block.

        Raises SMTPServerDisconnected if the worker was stopped before.
        """
        with self._lock:
            if self.has_stopped:
                raise smtplib.SMTPServerDisconnected("stopped")
            self._is_sending_content = True
        try:
            yield
        finally:
            self._is_sending_content = False

    def end(self) -> None:
        self._ended.set()
        if self._link:
            self._link.close()

    def _run(self) -> None:
        while not self._ended.wait(TICK_SECONDS):
            if self.is_stopping():
                self.stop()
            if self.is_late:
                self.cut()


class WatchedConnection(smtplib.SMTP):
    """An SMTP connection whose socket is watched before the first read."""

    watchdog: Watchdog

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        link: socket.socket = super()._get_socket(host, port, CONNECT_SECONDS)  # type: ignore[misc]  # smtplib's hook
        # CONNECT_SECONDS were for the connection only
        link.settimeout(timeout)
        self.watchdog.watch(link)
        return link

    def data(self, msg: Any) -> tuple[int, bytes]:
        """Send the content of a mail and return the server's answer."""
        with self.watchdog.sending_content():
            return super().data(msg)


class WatchedTlsConnection(smtplib.SMTP_SSL, WatchedConnection):
    """The same with TLS.

    The handshake is watched too.
    """


class EmailBackend(SmtpBackend):
    """Django's SMTP backend, with at most `seconds` for one mail.

    The time runs from the connection, or from `open` on an open one, to the last answer. Once
    `is_stopping()` is true, the exchange ends with WorkerStopped. If the server may already have
    the mail, its answer is awaited for ANSWER_SECONDS.
    """

    def __init__(
        self,
        *args: Any,
        seconds: float | None = None,
        is_stopping: Callable[[], bool] = never,
        **kwargs: Any,
    ) -> None:
        """Take the limit from the settings unless `seconds` is given."""
        super().__init__(*args, **kwargs)
        self.seconds: float = settings.MAIL_EXCHANGE_SECONDS if seconds is None else seconds
        self.is_stopping = is_stopping
        self.watchdog: Watchdog | None = None

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        """Return a class of connections with the present watchdog.

        Django creates the connection itself and passes no arguments of ours.
        """
        kind = WatchedTlsConnection if self.use_ssl else WatchedConnection
        return type(kind.__name__, (kind,), {"watchdog": self.watchdog})

    @property
    def is_connected(self) -> bool:
        """Return whether the connection is open on our side."""
        is_cut = self.watchdog is None or self.watchdog.has_cut
        return self.connection is not None and self.connection.sock is not None and not is_cut

    def open(self) -> bool | None:
        """Connect unless connected, and give the next mail its whole time.

        Raises OSError: MailTooSlow after the limit, WorkerStopped, or what the server said.
        """
        if self.watchdog and self.is_connected:
            self.watchdog.start()
            return False
        self.close()
        self.watchdog = Watchdog(self.seconds, self.is_stopping)
        try:
            with self.limited():
                is_new = super().open()
                if self.connection:
                    # Counted as part of connecting: its failure is the server's, not a mail's.
                    self.connection.ehlo_or_helo_if_needed()
        except OSError:
            self.close()
            raise
        return is_new

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Send the mails, over the open connection if there is one.

        Raises OSError as `open` does, and ValueError for a mail that cannot be written.
        """
        try:
            with self.limited():
                return super().send_messages(email_messages) or 0
        finally:
            if self.watchdog:
                self.watchdog.rest()

    @contextmanager
    def limited(self) -> Iterator[None]:
        """Turn the error of a cut connection into one that says why."""
        try:
            yield
        except OSError as error:
            if self.watchdog and self.watchdog.has_stopped:
                raise WorkerStopped from error
            if self.watchdog and (self.watchdog.has_cut or self.watchdog.is_late):
                raise MailTooSlow(self.seconds) from error
            raise

    def close(self) -> None:
        """Close the connection without waiting for a slow server."""
        if self.watchdog:
            self.watchdog.shorten(GOODBYE_SECONDS)
        try:
            with suppress(OSError):
                super().close()
        finally:
            if self.watchdog:
                self.watchdog.end()
