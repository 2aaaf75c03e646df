"""What a test leaves behind that is stopped in the middle of a query: nothing."""

import os
import signal
import threading

import psycopg
import pytest
from django.db import connection, transaction

from coordination.tests import plugin
from coordination.tests.services.waiting import wait_until

pytestmark = [pytest.mark.postgres]
RUNNING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND query LIKE 'SELECT pg_sleep(300)%'"


class OutOfTime(Exception):
    pass


@pytest.fixture
def stopped_soon():
    """Raise OutOfTime while the query runs, as the limit of time does; by another signal than its own."""

    def raise_it(*_: object) -> None:
        raise OutOfTime

    def stop() -> None:
        with psycopg.connect(address, autocommit=True) as other:
            wait_until(lambda: other.execute(RUNNING).fetchone() == (1,))
        os.kill(os.getpid(), signal.SIGUSR1)

    connection.ensure_connection()
    address = connection.connection.info.dsn
    before = signal.signal(signal.SIGUSR1, raise_it)
    clock = threading.Thread(target=stop)
    clock.start()
    yield
    clock.join()
    signal.signal(signal.SIGUSR1, before)


def answer_of(sql: str) -> int:
    with connection.cursor() as cursor:
        return cursor.execute(sql).fetchone()[0]


def is_over(sql: str) -> bool:
    return wait_until(lambda: answer_of(sql) == 0)


@pytest.mark.django_db(transaction=True)
def test_a_query_that_a_time_limit_interrupts_is_ended(stopped_soon):
    with pytest.raises(OutOfTime):
        answer_of("SELECT pg_sleep(300), 1")

    plugin.end_unfinished_query()

    assert answer_of("SELECT 7") == 7
    assert is_over(RUNNING)


@pytest.mark.django_db(transaction=True)
def test_one_inside_of_a_transaction_too(stopped_soon):
    with pytest.raises(OutOfTime), transaction.atomic():
        try:
            answer_of("SELECT pg_sleep(300), 1")
        finally:
            plugin.end_unfinished_query()

    assert answer_of("SELECT 7") == 7


@pytest.mark.django_db(transaction=True)
def test_one_that_clears_up_after_a_test_too(stopped_soon):
    clearing_up = plugin.pytest_runtest_teardown()
    next(clearing_up)

    with pytest.raises(OutOfTime):
        try:
            answer_of("SELECT pg_sleep(300), 1")
        except OutOfTime as stopped:
            clearing_up.throw(stopped)

    assert answer_of("SELECT 7") == 7


@pytest.mark.django_db
def test_a_connection_at_rest_is_left_alone():
    made = connection.connection

    plugin.end_unfinished_query()

    assert connection.connection is made
    assert answer_of("SELECT 7") == 7
