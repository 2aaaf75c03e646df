"""The limit for one whole exchange with a mail server."""

import socket
import time

import pytest
from django.core.mail import EmailMessage, get_connection

from coordination.core.mail import Watchdog
from coordination.tests.services.smtp import SmtpSink


@pytest.fixture
def limited(settings):
    """Allow one second, and return a function that points the app at a port."""
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "coordination.core.mail.EmailBackend", "127.0.0.1"
    settings.MAIL_EXCHANGE_SECONDS = 1

    def point(port):
        settings.EMAIL_PORT = port

    return point


def test_a_mail_that_a_page_sends_is_given_up_after_the_limit(limited, tmp_path):
    """A link to set a password goes without the outbox: the request must not wait for ever."""
    sink = SmtpSink(tmp_path, drip=0.3).start()
    limited(sink.port)
    begun = time.monotonic()

    with pytest.raises(TimeoutError, match="The mail server took longer than 1 s for one mail"):
        EmailMessage("Set a password", "Here", to=["nadia@example.org"]).send()

    sink.stop()
    assert time.monotonic() - begun < 4


def test_a_mail_that_a_page_sends_arrives(limited, tmp_path):
    sink = SmtpSink(tmp_path).start()
    limited(sink.port)

    EmailMessage("Set a password", "Here", to=["nadia@example.org"]).send()
    sent = [mail["headers"]["Subject"] for mail in sink.mails()]
    sink.stop()

    assert sent == ["Set a password"]


def test_a_tls_handshake_without_an_answer_is_given_up_after_the_limit(limited):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        limited(silent.getsockname()[1])
        backend = get_connection(use_ssl=True)
        begun = time.monotonic()
        with pytest.raises(TimeoutError):
            backend.open()
        backend.close()

    assert time.monotonic() - begun < 4


def test_a_server_that_refuses_is_said_to_refuse(limited):
    limited(9)

    with pytest.raises(ConnectionRefusedError):
        get_connection().open()


def test_an_open_connection_is_used_again(limited, tmp_path):
    sink = SmtpSink(tmp_path).start()
    limited(sink.port)
    backend = get_connection()

    opened = [backend.open(), backend.open()]
    backend.close()
    backend.close()
    sink.stop()

    assert opened == [True, False]


def test_a_connection_made_after_the_cut_is_shut_at_once():
    ours, theirs = socket.socketpair()
    dog = Watchdog(60)
    dog.cut()

    dog.watch(ours)

    with ours, theirs:
        assert theirs.recv(1) == b""
    dog.end()
    dog.cut()
