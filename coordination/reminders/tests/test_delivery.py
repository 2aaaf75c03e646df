"""Rows are claimed with a lease, sent over one connection to a real SMTP peer, and marked at once."""

import threading
from datetime import timedelta

import pytest
from django.db import connections

from coordination.core.errors import NotAllowed
from coordination.reminders import actions
from coordination.reminders.actions.delivery import MOST_TRIES, claim, mark, pause
from coordination.reminders.enums import MessageState
from coordination.reminders.errors import NotParked
from coordination.reminders.models import OutboxMessage
from coordination.reminders.tests.factories import MOMENT, OutboxMessageFactory
from coordination.tests.services.smtp import SmtpSink

pytestmark = pytest.mark.django_db


def clock():
    return MOMENT


@pytest.fixture
def to_sink(settings):
    def use(sink):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        return sink

    return use


def test_mails_arrive_whole(to_sink, smtp_sink):
    to_sink(smtp_sink)
    row = OutboxMessageFactory(headers={"List-Id": "GMG <gmg.localhost>", "Auto-Submitted": "auto-generated"}, text="Élodie")

    done = actions.deliver(clock)

    [mail] = smtp_sink.mails()
    row.refresh_from_db()
    assert (done.sent, row.state, row.sent_at, row.leased_until, row.tries) == (1, MessageState.SENT, MOMENT, None, 1)
    assert mail["to"] == [row.address]
    assert (mail["headers"]["Message-ID"], mail["headers"]["Auto-Submitted"]) == (row.message_id, "auto-generated")
    assert "multipart/alternative" in mail["headers"]["Content-Type"]


def test_a_recipient_refused_for_good_is_parked_and_the_others_go(to_sink, tmp_path):
    sink = to_sink(SmtpSink(tmp_path, refuse=("gone@example.org",)).start())
    OutboxMessageFactory.create_batch(3)
    refused = OutboxMessageFactory(address="gone@example.org")

    done = actions.deliver(clock)
    sink.stop()

    refused.refresh_from_db()
    assert (done.sent, done.parked, refused.state, refused.last_answer) == (3, 1, MessageState.PARKED, "550 5.1.1 no such person here")
    assert len(sink.mails()) == 3


def test_a_mail_put_off_waits_longer_each_time(to_sink, tmp_path, settings):
    settings.MAIL_RETRY_SECONDS = 60
    sink = to_sink(SmtpSink(tmp_path, later=1.0).start())
    row = OutboxMessageFactory()

    done = actions.deliver(clock)
    sink.stop()

    row.refresh_from_db()
    assert (done.put_off, row.state, row.tries, row.next_try_at) == (1, MessageState.WAITING, 1, MOMENT + timedelta(seconds=60))
    assert row.last_answer == "451 4.7.1 come back later"
    assert [pause(tries).total_seconds() for tries in (1, 2, 3, 40)] == [60, 120, 240, 3600]


def test_a_mail_put_off_too_often_is_parked(to_sink, tmp_path):
    sink = to_sink(SmtpSink(tmp_path, later=1.0).start())
    row = OutboxMessageFactory(tries=MOST_TRIES)

    actions.deliver(clock)
    sink.stop()

    row.refresh_from_db()
    assert row.state == MessageState.PARKED


def test_a_server_out_of_reach_parks_nothing_and_counts_no_try(to_sink, tmp_path, settings):
    settings.MAIL_RETRY_SECONDS = 60
    sink = to_sink(SmtpSink(tmp_path))  # never started
    OutboxMessageFactory.create_batch(3)

    done = actions.deliver(clock)

    assert done.unreachable
    assert set(OutboxMessage.objects.values_list("state", "tries", "next_try_at", "leased_until")) == {
        (MessageState.WAITING, 0, MOMENT + timedelta(seconds=60), None),
    }
    sink.start()
    assert actions.deliver(lambda: MOMENT + timedelta(seconds=61)).sent == 3
    sink.stop()


def test_a_lease_that_runs_out_is_claimed_again(db):
    OutboxMessageFactory()
    first = claim("one", MOMENT)

    assert (len(first), claim("two", MOMENT)) == (1, [])
    [again] = claim("two", MOMENT + timedelta(minutes=3))
    assert (again.pk, again.tries) == (first[0].pk, 2)
    assert mark(first[0], "one", state=MessageState.SENT) == 0
    assert mark(again, "two", state=MessageState.SENT) == 1


def test_a_worker_stops_when_its_lease_ends(to_sink, smtp_sink):
    to_sink(smtp_sink)
    OutboxMessageFactory.create_batch(2)
    moments = iter([MOMENT, MOMENT, MOMENT, MOMENT, MOMENT + timedelta(minutes=3), MOMENT + timedelta(minutes=1)])

    done = actions.deliver(lambda: next(moments, MOMENT))

    assert done.sent == 1


def test_retry_puts_a_parked_mail_back(group, chair, focal_point):
    row = OutboxMessageFactory(state=MessageState.PARKED, tries=5)

    with pytest.raises(NotAllowed):
        actions.retry(row, by=focal_point, at=MOMENT)
    actions.retry(row, by=chair, at=MOMENT)

    row.refresh_from_db()
    assert (row.state, row.tries, row.next_try_at) == (MessageState.WAITING, 0, MOMENT)
    with pytest.raises(NotParked):
        actions.retry(row, by=chair, at=MOMENT)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_workers_send_each_mail_once(to_sink, smtp_sink):
    to_sink(smtp_sink)
    OutboxMessageFactory.create_batch(120)

    def work():
        actions.deliver(clock)
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert len(smtp_sink.mails()) == 120
    assert set(OutboxMessage.objects.values_list("state", flat=True)) == {MessageState.SENT}
