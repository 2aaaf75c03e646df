"""One connection to a real SMTP peer, begun anew whenever its dialogue is broken."""

import signal
import smtplib
import threading
import time
from concurrent.futures import wait
from datetime import timedelta

import pytest

from coordination.reminders.actions import delivery
from coordination.reminders.actions import post as posts
from coordination.reminders.actions.post import Post
from coordination.reminders.enums import MessageState
from coordination.reminders.models import OutboxMessage
from coordination.reminders.tests.factories import AT, OutboxMessageFactory
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
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = (
        "django.core.mail.backends.filebased.EmailBackend",
        str(tmp_path / "out"),
    )
    made, row = Post(), OutboxMessageFactory()

    made.open()
    made.announce(row)
    made.send(row)
    made.end()

    [file] = (tmp_path / "out").iterdir()
    assert row.message_id in file.read_text()


TOO_SLOW = "The mail server took longer than 1 s for one mail."


def deliver(stopping=lambda: False):
    """Deliver, and return what was done and how many seconds it took."""
    begun = time.monotonic()
    done = delivery.deliver(lambda: AT, stopping=stopping)
    return done, time.monotonic() - begun


def rows():
    return sorted(OutboxMessage.objects.values_list("state", "tries", "leased_by", "last_answer"))


def stop_after(seconds):
    """Return what a worker asks, which is told to stop after so many seconds."""
    asked = threading.Event()
    threading.Timer(seconds, asked.set).start()
    return asked.is_set


def test_a_server_that_drips_its_greeting_is_left_after_the_limit_and_all_mails_wait(
    peer, settings
):
    settings.MAIL_EXCHANGE_SECONDS = 1
    peer(drip=0.2)
    OutboxMessageFactory.create_batch(3)

    done, seconds = deliver()

    assert (done.sent, done.put_off, done.unreachable) == (0, 0, TOO_SLOW)
    assert rows() == [("waiting", 0, "", TOO_SLOW)] * 3
    assert set(OutboxMessage.objects.values_list("next_try_at", flat=True)) == {
        AT + timedelta(minutes=1)
    }
    assert seconds < 4


def test_a_server_that_drips_its_last_answer_is_left_and_the_others_wait(peer, settings):
    settings.MAIL_EXCHANGE_SECONDS = 1
    peer(drip=3, drip_content=True)  # cut before the third byte: "250" would count as the answer
    OutboxMessageFactory.create_batch(3)

    done, seconds = deliver()

    assert (done.sent, done.put_off, done.unreachable) == (0, 1, TOO_SLOW)
    assert rows() == [("waiting", 0, "", TOO_SLOW)] * 2 + [("waiting", 1, "", TOO_SLOW)]
    assert seconds < 6


def test_the_limit_is_at_most_half_a_lease(settings):
    settings.MAIL_LEASE_SECONDS = 10

    assert posts.exchange_seconds() == 5


def test_a_server_that_falls_silent_after_an_announcement_is_left_after_the_limit(peer, settings):
    settings.MAIL_EXCHANGE_SECONDS = 1
    peer(mute=("mute@example.org",))
    made = Post()
    made.open()
    made.announce(OutboxMessageFactory(address="mute@example.org"))

    with pytest.raises(TimeoutError, match=TOO_SLOW):
        made.open()
    made.end()


def test_each_mail_has_its_whole_time(peer, settings):
    settings.MAIL_EXCHANGE_SECONDS = 1
    sink = peer(slow=0.6)
    OutboxMessageFactory.create_batch(4)

    done, seconds = deliver()

    assert (done.sent, len(sink.mails())) == (4, 4)
    assert seconds > 2


def test_a_worker_that_must_stop_sends_nothing_more(peer):
    sink = peer()
    OutboxMessageFactory()

    done, _seconds = deliver(stopping=lambda: True)

    assert (done.sent, done.more, sink.mails()) == (0, False, [])
    assert rows() == [("waiting", 0, "", "")]


def test_a_worker_that_must_stop_cuts_a_dialogue_before_the_content_and_gives_all_back(peer):
    sink = peer(mute=("mute@example.org",))
    OutboxMessageFactory(recipient__email="mute@example.org")
    OutboxMessageFactory()

    done, seconds = deliver(stop_after(0.5))

    assert (done.sent, done.put_off, done.unreachable, sink.mails()) == (0, 0, "", [])
    assert rows() == [("waiting", 0, "", "")] * 2
    assert seconds < 4


def test_a_worker_that_must_stop_while_it_connects_gives_all_back(peer):
    peer(drip=0.3)
    OutboxMessageFactory()

    done, seconds = deliver(stop_after(0.5))

    assert (done.sent, done.put_off, done.unreachable) == (0, 0, "")
    assert rows() == [("waiting", 0, "", "")]
    assert seconds < 4


def test_a_worker_that_must_stop_awaits_the_answer_to_what_it_has_sent(peer):
    sink = peer(slow=1)
    OutboxMessageFactory.create_batch(2)

    done, _seconds = deliver(stop_after(0.5))

    assert (done.sent, len(sink.mails())) == (1, 1)
    assert [row[:3] for row in rows()] == [("sent", 1, ""), ("waiting", 0, "")]


def test_a_worker_that_must_stop_awaits_an_answer_for_some_seconds_only(peer, monkeypatch):
    monkeypatch.setattr(posts, "ANSWER_SECONDS", 1)
    peer(slow=60)
    row = OutboxMessageFactory()

    done, seconds = deliver(stop_after(0.5))

    row.refresh_from_db()
    assert (done.put_off, row.state, row.tries) == (1, MessageState.WAITING, 1)
    assert seconds < 5


def test_no_content_is_sent_once_a_worker_has_been_told_to_stop(post):
    made, sink = post
    made.interrupted = True

    with pytest.raises(smtplib.SMTPServerDisconnected):
        made.send(OutboxMessageFactory())

    assert sink.mails() == []
