"""Leases: two workers share the mails, and none is lost or sent twice."""

import threading
from datetime import timedelta

import pytest
from django.db import connections

from coordination.reminders.actions import delivery
from coordination.reminders.actions.delivery import (
    MOST_SILENT_TRIES,
    Round,
    claim_rows,
    deliver,
)
from coordination.reminders.enums import Failure, MessageState
from coordination.reminders.models import OutboxMessage
from coordination.reminders.tests.factories import AT, OutboxMessageFactory
from coordination.tests.services.waiting import PATIENCE

pytestmark = pytest.mark.django_db


MINUTE = timedelta(minutes=1)


def clock():
    return AT


def test_two_workers_share_and_a_lease_keeps_others_away():
    OutboxMessageFactory.create_batch(60)

    one, two, three = claim_rows("one", AT), claim_rows("two", AT), claim_rows("three", AT)

    assert (len(one), len(two), len(three)) == (50, 10, 0)
    assert not {row.pk for row in one} & {row.pk for row in two}


def test_a_lease_that_ran_out_comes_back_one_row_at_a_time(settings):
    fresh = OutboxMessageFactory(next_try_at=AT - MINUTE)
    rows = OutboxMessageFactory.create_batch(2, leased_by="killed", leased_until=AT, tries=1)
    after = AT + timedelta(seconds=1)

    assert [row.pk for row in claim_rows("one", after)] == [fresh.pk]
    assert [(row.pk, row.tries) for row in claim_rows("one", after)] == [(rows[0].pk, 2)]
    assert [row.pk for row in claim_rows("one", after)] == [rows[1].pk]


def test_a_mail_that_ends_every_worker_is_parked_unsent(sink):
    peer = sink()
    poison = OutboxMessageFactory(
        leased_by="killed", leased_until=AT - MINUTE, tries=MOST_SILENT_TRIES
    )
    other = OutboxMessageFactory(
        leased_by="killed", leased_until=AT - MINUTE, tries=MOST_SILENT_TRIES - 1
    )

    done = deliver(clock)

    poison.refresh_from_db()
    assert (done.sent, done.parked) == (1, 1)
    assert (poison.state, poison.last_answer, poison.failure) == (
        MessageState.PARKED,
        "",
        Failure.SILENT,
    )
    assert [mail["to"] for mail in peer.mails()] == [[other.address]]


def test_no_mail_is_begun_in_the_second_half_of_a_lease(sink):
    peer = sink()
    OutboxMessageFactory.create_batch(3)
    work = Round(clock)
    rows = claim_rows(work.worker, AT)
    times = iter([AT, AT, AT + timedelta(seconds=90), AT + timedelta(seconds=90)])

    later = Round(lambda: next(times), worker=work.worker)
    delivery.send_batch(rows, later)
    later.connection.close()

    assert len(peer.mails()) == 1
    assert sorted(OutboxMessage.objects.values_list("state", "tries", "leased_by")) == [
        ("sent", 1, ""),
        ("waiting", 0, ""),
        ("waiting", 0, ""),
    ]


def test_a_check_that_takes_most_of_a_lease_stops_no_mail(sink, monkeypatch):
    peer = sink()
    OutboxMessageFactory.create_batch(2)
    moments = [AT]
    rows_to_send = delivery.rows_to_send

    def slow_check(rows, work):
        checked = rows_to_send(rows, work)
        moments.append(moments[-1] + timedelta(seconds=90))
        return checked

    monkeypatch.setattr(delivery, "rows_to_send", slow_check)
    done = deliver(lambda: moments[-1])

    assert (done.sent, len(peer.mails()), len(moments)) == (2, 2, 2)


def test_after_a_slow_check_a_mail_that_another_worker_took_is_left_to_it():
    first, second = OutboxMessageFactory.create_batch(2)
    work = Round(clock)
    rows = claim_rows(work.worker, AT)
    OutboxMessage.objects.filter(pk=first.pk).update(leased_by="other")
    late = Round(lambda: AT + timedelta(seconds=90), worker=work.worker)

    kept = delivery.keep_lease(rows, late)

    assert [row.pk for row in kept] == [second.pk]
    assert dict(OutboxMessage.objects.values_list("pk", "leased_until")) == {
        first.pk: AT + timedelta(seconds=120),
        second.pk: AT + timedelta(seconds=210),
    }


def test_a_mail_that_went_is_marked_even_when_another_took_the_lease_and_the_rest_is_left_to_them(
    sink,
):
    peer = sink()
    first, second = OutboxMessageFactory.create_batch(2)
    work = Round(clock)
    rows = claim_rows(work.worker, AT)
    OutboxMessage.objects.update(leased_by="other", leased_until=AT + MINUTE)

    delivery.send_batch(rows, work)
    work.connection.close()

    first.refresh_from_db()
    second.refresh_from_db()
    assert len(peer.mails()) == 1
    assert (first.state, first.leased_by) == (MessageState.SENT, "")
    assert (second.state, second.leased_by) == (MessageState.WAITING, "other")


def test_a_round_ends_after_two_minutes():
    OutboxMessageFactory()
    times = iter([AT, AT + timedelta(minutes=2)])

    assert deliver(lambda: next(times)).sent == 0


def test_facts_that_took_long_to_load_serve_mails_that_are_claimed_one_by_one(sink, monkeypatch):
    """Else a slow machine would load them for each mail of a worker that was killed, and do little else."""
    peer = sink()
    OutboxMessageFactory.create_batch(3, leased_by="killed", leased_until=AT - MINUTE, tries=1)
    moments, loaded = [AT], []
    check_messages = delivery.check_messages

    def slow_to_load(rows, facts):
        if facts not in loaded:
            loaded.append(facts)
            moments.append(moments[-1] + timedelta(seconds=10))
        return check_messages(rows, facts)

    monkeypatch.setattr(delivery, "check_messages", slow_to_load)
    done = deliver(lambda: moments[-1], longest=timedelta(seconds=4))

    assert (done.sent, done.more, len(loaded), len(peer.mails())) == (3, False, 1, 3)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_workers_send_each_mail_once(sink):
    peer = sink()
    OutboxMessageFactory.create_batch(120)

    def work():
        deliver(clock)
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)

    assert len(peer.mails()) == 120
    assert set(OutboxMessage.objects.values_list("state", flat=True)) == {MessageState.SENT}
