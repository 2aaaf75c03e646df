"""Rows are claimed with a lease, sent over one connection to a real SMTP peer, and marked at once."""

import threading

import pytest
from django.db import connections

from coordination.reminders import actions
from coordination.reminders.enums import MessageState
from coordination.reminders.models import OutboxMessage
from coordination.reminders.tests.factories import MOMENT, OutboxMessageFactory

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
