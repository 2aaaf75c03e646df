"""SMTP with a time limit for the whole exchange about one mail.

A time limit per read is not enough: a server that sends one byte per second never exceeds it, and
holds the connection for ever.
"""

import smtplib
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend
from django.utils.translation import gettext as _

from coordination.core import clock

CONNECT_SECONDS = 10  # for each address of the server
GOODBYE_SECONDS = 2
TICK_SECONDS = 0.1


def do_nothing() -> None:
    """Do nothing."""


class Watchdog:
    """Shut a connection down once `seconds` have passed since it began or since the last `restart`.

    A thread of its own looks ten times a second, because the thread of the exchange may wait in a
    read or a TLS handshake. It also calls `on_tick`, which may end the exchange earlier.
    """

    def __init__(self, seconds: float, on_tick: Callable[[], None] = do_nothing) -> None:
        """Start the clock. Nothing is watched before `watch`."""
        self.seconds = seconds
        self.on_tick = on_tick
        self.deadline = clock.seconds() + seconds
        self.has_cut = False
        self._link: socket.socket | None = None
        self._ended = threading.Event()
        threading.Thread(target=self._run, name="mail watchdog", daemon=True).start()

    def watch(self, link: socket.socket) -> None:
        """Watch a connected socket.

        The watchdog holds a duplicate, which stays valid when TLS replaces the socket.
        """
        self._link = link.dup()
        if self.has_cut:
            self.cut()

    def restart(self) -> None:
        """Give the next mail its whole time."""
        self.deadline = clock.seconds() + self.seconds

    def shorten(self, seconds: float) -> None:
        """Leave at most so many seconds from now."""
        self.deadline = min(self.deadline, clock.seconds() + seconds)

    def cut(self) -> None:
        """Shut the connection down now: whoever waits for the server gets an error at once."""
        self.has_cut = True
        if self._link:
            with suppress(OSError):  # the server was faster
                self._link.shutdown(socket.SHUT_RDWR)

    def end(self) -> None:
        """Stop watching."""
        self._ended.set()
        if self._link:
            self._link.close()

    def _run(self) -> None:
        while not self._ended.wait(TICK_SECONDS):
            self.on_tick()
            if clock.seconds() > self.deadline:
                self.cut()


class EmailBackend(SmtpBackend):
    """Django's SMTP backend.

    From the connection to the last answer one mail takes at most `seconds`.

    `on_tick` is called ten times a second while a connection is open.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Take the limit from the settings."""
        super().__init__(*args, **kwargs)
        self.seconds: float = settings.MAIL_EXCHANGE_SECONDS
        self.on_tick: Callable[[], None] = do_nothing
        self.watchdog: Watchdog | None = None

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        """Return a class of connection that shows its socket to the watchdog before it reads."""
        watchdog = self.watchdog

        class Watched(smtplib.SMTP):
            def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
                link: socket.socket = super()._get_socket(host, port, CONNECT_SECONDS)  # type: ignore[misc]  # smtplib's hook
                link.settimeout(timeout)
                if watchdog:
                    watchdog.watch(link)
                return link

        class WatchedOverTls(smtplib.SMTP_SSL, Watched):
            """The handshake follows `Watched._get_socket`."""

        return WatchedOverTls if self.use_ssl else Watched

    def open(self) -> bool | None:
        """Connect unless connected.

        Raises OSError, which is a TimeoutError when the limit was exceeded.
        """
        if self.connection:
            return False
        self._end_watchdog()
        self.watchdog = Watchdog(self.seconds, self.on_tick)
        with self.limited():
            return super().open()

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Send the mails of a page.

        Raises OSError, which is a TimeoutError when the limit was exceeded.
        """
        with self.limited():
            return super().send_messages(email_messages) or 0

    @contextmanager
    def limited(self) -> Iterator[None]:
        """Turn the error that follows from a cut connection into the one that says why."""
        try:
            yield
        except OSError as error:
            if self.was_cut:
                raise self.too_slow() from error
            raise

    @property
    def was_cut(self) -> bool:
        """Return whether the watchdog ended the last connection."""
        return self.watchdog is not None and self.watchdog.has_cut

    def close(self) -> None:
        """Say good-bye; a server that is slow to answer it is not waited for."""
        if self.watchdog:
            self.watchdog.shorten(GOODBYE_SECONDS)
        try:
            super().close()
        finally:
            self._end_watchdog()

    def too_slow(self) -> TimeoutError:
        """Return the error of an exchange that the watchdog ended."""
        return TimeoutError(
            _("The mail server took longer than %(seconds)g s for one mail.")
            % {"seconds": self.seconds}
        )

    def _end_watchdog(self) -> None:
        if self.watchdog:
            self.watchdog.end()
