"""A mail server that is slow, silent or away, and a worker that must stop meanwhile."""

import threading
import time
from datetime import timedelta

import pytest

from coordination.reminders import smtp
from coordination.reminders.actions import delivery
from coordination.reminders.enums import Failure, MessageState
from coordination.reminders.models import OutboxMessage
from coordination.reminders.tests.factories import AT, OutboxMessageFactory

pytestmark = pytest.mark.django_db

TOO_SLOW = "The mail server took longer than 1 s for one mail."
STORED = ("", "too_slow", {"seconds": 1.0})
NOTHING = ("", "", None)


def deliver(stopping=lambda: False):
    """Deliver, and return what was done and how many seconds it took."""
    begun = time.monotonic()
    done = delivery.deliver(lambda: AT, stopping=stopping)
    return done, time.monotonic() - begun


def rows():
    fields = ("state", "tries", "leased_by", "last_answer", "failure", "failure_values")
    return sorted(OutboxMessage.objects.values_list(*fields), key=lambda row: row[:2])


def stop_after(seconds):
    """Return what a worker asks, which is told to stop after so many seconds."""
    asked = threading.Event()
    threading.Timer(seconds, asked.set).start()
    return asked.is_set


def test_a_server_that_drips_its_greeting_is_left_after_the_limit_and_all_mails_wait(
    sink, settings
):
    settings.MAIL_EXCHANGE_SECONDS = 1
    sink(drip=0.4)
    OutboxMessageFactory.create_batch(3)

    done, seconds = deliver()

    assert (done.sent, done.put_off, str(done.unreachable)) == (0, 0, TOO_SLOW)
    assert rows() == [("waiting", 0, "", *STORED)] * 3
    assert set(OutboxMessage.objects.values_list("next_try_at", flat=True)) == {
        AT + timedelta(minutes=1)
    }
    assert seconds < 15  # the greeting alone takes longer


def test_a_server_that_is_slow_for_two_mails_in_a_row_is_left_and_the_others_wait(sink, settings):
    settings.MAIL_EXCHANGE_SECONDS = 1
    sink(drip=3, drip_content=True)  # cut before the third byte: "250" would count as the answer
    OutboxMessageFactory.create_batch(4)

    done, seconds = deliver()

    assert (done.sent, done.put_off, str(done.unreachable)) == (0, 2, TOO_SLOW)
    assert rows() == [("waiting", 0, "", *STORED)] * 2 + [("waiting", 1, "", *STORED)] * 2
    assert seconds < 20  # the answer to one mail takes longer


def test_a_server_that_is_silent_about_one_mail_delays_no_other(sink, settings):
    settings.MAIL_EXCHANGE_SECONDS = 1
    peer = sink(mute=("mute@example.org",))
    silent, *others = [
        OutboxMessageFactory(recipient__email="mute@example.org"),
        *OutboxMessageFactory.create_batch(2),
    ]

    done, seconds = deliver()

    silent.refresh_from_db()
    assert (done.sent, done.put_off, done.unreachable) == (2, 1, None)
    assert [mail["to"] for mail in peer.mails()] == [[row.address] for row in others]
    assert (silent.state, silent.tries, silent.failure) == (
        MessageState.WAITING,
        1,
        Failure.TOO_SLOW,
    )
    assert seconds < 60  # it would be silent for an hour


def test_slow_mails_that_do_not_follow_each_other_end_no_round(sink, settings):
    settings.MAIL_EXCHANGE_SECONDS = 1
    sink(mute=("mute@example.org", "silent@example.org"))
    for address in (
        "mute@example.org",
        "nadia@example.org",
        "silent@example.org",
        "li@example.org",
    ):
        OutboxMessageFactory(recipient__email=address)

    done, _seconds = deliver()

    assert (done.sent, done.put_off, done.unreachable) == (2, 2, None)


def test_the_limit_is_at_most_half_a_lease(settings):
    settings.MAIL_LEASE_SECONDS = 10

    assert delivery.exchange_seconds() == 5


def test_each_mail_has_its_whole_time(sink, settings):
    settings.MAIL_EXCHANGE_SECONDS = 3
    peer = sink(slow=0.9)
    OutboxMessageFactory.create_batch(4)

    done, seconds = deliver()

    assert (done.sent, len(peer.mails())) == (4, 4)
    assert seconds > 3


def test_a_worker_that_must_stop_sends_nothing_more(sink):
    peer = sink()
    OutboxMessageFactory()

    done, _seconds = deliver(stopping=lambda: True)

    assert (done.sent, done.more, peer.mails()) == (0, False, [])
    assert rows() == [("waiting", 0, "", *NOTHING)]


def test_a_worker_that_must_stop_cuts_a_dialogue_before_the_content_and_gives_all_back(sink):
    peer = sink(mute=("mute@example.org",))
    OutboxMessageFactory(recipient__email="mute@example.org")
    OutboxMessageFactory()

    done, seconds = deliver(stop_after(0.5))

    assert (done.sent, done.put_off, done.unreachable, peer.mails()) == (0, 0, None, [])
    assert rows() == [("waiting", 0, "", *NOTHING)] * 2
    assert seconds < 20


def test_a_worker_that_must_stop_while_it_connects_gives_all_back(sink):
    sink(drip=0.8)
    OutboxMessageFactory()

    done, seconds = deliver(stop_after(0.5))

    assert (done.sent, done.put_off, done.unreachable) == (0, 0, None)
    assert rows() == [("waiting", 0, "", *NOTHING)]
    assert seconds < 20


def test_a_worker_that_must_stop_awaits_the_answer_to_what_it_has_sent(sink):
    peer = sink(slow=1)
    OutboxMessageFactory.create_batch(2)

    done, _seconds = deliver(lambda: bool(peer.mails()))

    assert (done.sent, len(peer.mails())) == (1, 1)
    assert [row[:3] for row in rows()] == [("sent", 1, ""), ("waiting", 0, "")]


def test_a_worker_that_must_stop_awaits_an_answer_for_some_seconds_only(sink, monkeypatch):
    monkeypatch.setattr(smtp, "ANSWER_SECONDS", 1)
    peer = sink(slow=60)
    row = OutboxMessageFactory()

    done, seconds = deliver(lambda: bool(peer.mails()))

    row.refresh_from_db()
    assert (done.put_off, row.state, row.tries) == (1, MessageState.WAITING, 1)
    assert seconds < 25  # the exchange may take 30
