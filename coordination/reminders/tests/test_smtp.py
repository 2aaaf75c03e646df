"""One connection to a mail server, and the limit for one whole exchange with it."""

import math
import smtplib
import socket
import threading
import time

import pytest
from django.core.mail import EmailMessage, get_connection

from coordination.reminders.smtp import Watchdog, WorkerStopped
from coordination.tests.services.smtp import SmtpSink
from coordination.tests.services.waiting import PATIENCE


@pytest.fixture
def limited(settings):
    """Allow one second, and return a function that points the app at a port."""
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = (
        "coordination.reminders.smtp.EmailBackend",
        "127.0.0.1",
    )
    settings.MAIL_EXCHANGE_SECONDS = 1

    def point(port):
        settings.EMAIL_PORT = port

    return point


@pytest.fixture
def peer(limited, tmp_path):
    """Return a function that starts a peer with given faults and points the app at it."""
    started = []

    def start(**faults):
        started.append(SmtpSink(tmp_path, **faults).start())
        limited(started[-1].port)
        return started[-1]

    yield start
    for sink in started:
        sink.stop()


def note(address="nadia@example.org"):
    return EmailMessage("Note", "Here", to=[address])


def watchdogs():
    return [thread for thread in threading.enumerate() if thread.name == "mail watchdog"]


def test_a_mail_that_a_page_sends_is_given_up_after_the_limit(limited, tmp_path):
    """A link to set a password goes without the outbox: the request must not wait for ever."""
    sink = SmtpSink(tmp_path, drip=0.5).start()
    limited(sink.port)
    begun = time.monotonic()

    with pytest.raises(TimeoutError, match="The mail server took longer than 1 s for one mail"):
        EmailMessage("Set a password", "Here", to=["nadia@example.org"]).send()

    sink.stop()
    assert time.monotonic() - begun < 15  # the greeting alone takes longer


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

    assert time.monotonic() - begun < 15  # a socket without a watchdog waits for 30


def test_a_server_that_refuses_is_said_to_refuse(limited):
    limited(9)

    with pytest.raises(ConnectionRefusedError):
        get_connection().open()


def test_an_open_connection_is_used_again(peer):
    sink, backend = peer(), get_connection()

    opened = [backend.open(), backend.open()]
    sent = [backend.send_messages([note()]), backend.send_messages([note()])]
    backend.close()
    backend.close()

    assert (opened, sent, sink.connections()) == ([True, False], [1, 1], 1)


def test_a_connection_that_the_server_closed_is_opened_anew(peer):
    sink, backend = peer(hang_up=("gone@example.org",)), get_connection()
    backend.open()
    with pytest.raises(smtplib.SMTPServerDisconnected):
        backend.send_messages([note("gone@example.org")])

    opened = backend.open()
    backend.send_messages([note()])
    backend.close()

    assert (opened, sink.connections(), len(sink.mails())) == (True, 2, 1)


def test_a_connection_that_was_cut_is_opened_anew(peer):
    sink, backend = peer(mute=("mute@example.org",)), get_connection()
    backend.open()
    with pytest.raises(TimeoutError):
        backend.send_messages([note("mute@example.org")])

    opened = backend.open()
    backend.send_messages([note()])
    backend.close()

    assert (opened, sink.connections(), len(sink.mails())) == (True, 2, 1)


def test_each_mail_has_its_whole_time_and_a_connection_at_rest_has_no_limit(peer):
    sink, backend = peer(slow=0.8), get_connection(seconds=2)

    for _ in range(3):
        backend.open()
        backend.send_messages([note()])
        assert backend.watchdog.deadline == math.inf
    backend.close()

    assert (sink.connections(), len(sink.mails())) == (1, 3)


def test_nothing_watches_a_connection_that_failed_or_was_closed(peer):
    before = watchdogs()
    sink, backend = peer(), get_connection()
    backend.send_messages([note()])
    sink.stop()
    with pytest.raises(ConnectionRefusedError):
        backend.open()

    for watchdog in set(watchdogs()) - set(before):
        watchdog.join(PATIENCE)
    assert set(watchdogs()) <= set(before)


def test_no_content_is_sent_once_a_worker_has_been_told_to_stop(peer):
    sink, backend = peer(), get_connection()
    backend.open()
    backend.watchdog.has_stopped = True

    with pytest.raises(WorkerStopped):
        backend.send_messages([note()])

    backend.close()
    assert sink.mails() == []


def test_a_connection_made_after_the_cut_is_shut_at_once():
    ours, theirs = socket.socketpair()
    dog = Watchdog(60)
    dog.cut()

    dog.watch(ours)

    with ours, theirs:
        assert theirs.recv(1) == b""
    dog.end()
    dog.cut()
