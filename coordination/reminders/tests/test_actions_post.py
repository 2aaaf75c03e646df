"""One connection to a real SMTP peer, begun anew whenever its dialogue is broken."""

import signal
import smtplib
from concurrent.futures import wait

import pytest

from coordination.reminders.actions.post import Post
from coordination.reminders.models import OutboxMessage
from coordination.reminders.tests.factories import OutboxMessageFactory
from coordination.tests.services.smtp import SmtpSink

pytestmark = pytest.mark.django_db


@pytest.fixture
def peer(settings, tmp_path):
    """Start a peer with given faults; stop it at the end."""
    started = []

    def start(**faults) -> SmtpSink:
        sink = SmtpSink(tmp_path, **faults).start()
        started.append(sink)
        settings.EMAIL_BACKEND = "coordination.core.mail.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        return sink

    yield start
    for sink in started:
        sink.stop()


@pytest.fixture
def post(peer):
    """Return an open connection to a peer without faults, and the peer."""
    sink = peer()
    made = Post()
    made.open()
    yield made, sink
    made.end()


def test_a_connection_that_was_closed_is_opened_anew(post):
    made, sink = post
    made.server.close()

    made.open()
    made.send(OutboxMessageFactory())

    assert (sink.connections(), len(sink.mails())) == (2, 1)


def test_a_mail_announced_on_a_broken_connection_goes_over_a_new_one(post):
    made, sink = post
    row = OutboxMessageFactory()
    made.server.close()

    made.announce(row)
    assert made.announced[0] is row
    made.open()
    made.send(row)

    assert (sink.connections(), [mail["to"] for mail in sink.mails()]) == (2, [[row.address]])


def test_what_goes_wrong_when_a_mail_is_announced_is_said_when_it_is_sent(peer):
    sink = peer(hang_up=("gone@example.org",))
    made, row = Post(), OutboxMessageFactory(address="gone@example.org")
    made.open()
    made.announce(row)
    wait([made.announced[1]])

    with pytest.raises(smtplib.SMTPServerDisconnected):
        made.send(row)

    made.open()
    made.send(OutboxMessageFactory())
    made.end()
    assert len(sink.mails()) == 1


@pytest.mark.timeout(15)  # less than a mail server is waited for: EMAIL_TIMEOUT
def test_a_server_that_does_not_answer_is_left_at_once(post):
    made, sink = post
    sink.process.send_signal(signal.SIGSTOP)
    made.announce(OutboxMessageFactory())
    assert not made.announced[1].done()

    made.close()

    assert (made.announced, made.server) == (None, None)
    sink.process.send_signal(signal.SIGCONT)
    made.open()
    made.send(OutboxMessageFactory())
    assert len(sink.mails()) == 1


def test_a_mail_announced_in_vain_does_not_stand_in_the_way_of_another(post):
    made, sink = post
    made.announce(OutboxMessageFactory())
    other = OutboxMessageFactory()

    made.send(other)

    assert [mail["to"] for mail in sink.mails()] == [[other.address]]


def test_a_mail_whose_address_changed_meanwhile_goes_to_the_new_one(post):
    """Another worker parked it, and the chair had it tried again elsewhere: the row is the same, what was announced is not."""
    made, sink = post
    row = OutboxMessageFactory()
    made.announce(row)
    OutboxMessage.objects.filter(pk=row.pk).update(address="elsewhere@example.org")

    made.send(OutboxMessage.objects.get(pk=row.pk))

    assert [mail["to"] for mail in sink.mails()] == [["elsewhere@example.org"]]


def test_a_server_that_waits_for_the_content_of_a_refused_mail_is_left(peer):
    sink = peer(pipelining=True, careless=True, refuse=("gone@example.org",))
    made = Post()
    made.open()

    with pytest.raises(smtplib.SMTPRecipientsRefused):
        made.send(OutboxMessageFactory(address="gone@example.org"))
    made.open()
    made.send(OutboxMessageFactory())
    made.end()

    assert len(sink.mails()) == 1


def test_without_a_server_nothing_is_announced_and_the_folder_gets_the_mail(settings, tmp_path):
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = "django.core.mail.backends.filebased.EmailBackend", str(tmp_path / "out")
    made, row = Post(), OutboxMessageFactory()

    made.open()
    made.announce(row)
    made.send(row)
    made.end()

    [file] = (tmp_path / "out").iterdir()
    assert row.message_id in file.read_text()
