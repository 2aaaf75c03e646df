"""Health: each component in one sentence, red in time, cheap, and quick when a server is silent."""

import socket
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import OperationalError, connection

from coordination.core.actions import beat
from coordination.core.enums import ProxyMismatch
from coordination.members.tests.factories import PersonFactory
from coordination.reminders.enums import Frequency, MessageState
from coordination.reminders.models import MailPreference, OutboxMessage
from coordination.reminders.queries import health
from coordination.reminders.queries.health import components
from coordination.reminders.tests.factories import MOMENT, OutboxMessageFactory, due_for
from coordination.tests.services.ports import free_port

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def at_work(group):
    """Let worker and beat have worked a moment ago."""
    for name in ("worker", "beat"):
        beat(name, at=MOMENT - timedelta(seconds=10))


def state(at=MOMENT, *, forwarded=False) -> dict[str, str]:
    return {part.name: part.detail for part in components(at, forwarded=forwarded)}


def wrong(**options) -> dict[str, str]:
    return {name: detail for name, detail in state(**options).items() if detail != "ok"}


def test_what_has_never_worked_is_said(group):
    assert state() == {
        "database": "ok",
        "broker": "ok",
        "worker": "No worker has done anything since it was installed: reminders are neither planned nor sent.",
        "beat": "Nothing that beat asks for has been done since it was installed: what becomes due with time is not planned.",
        "mail": "ok",
        "proxy": "ok",
    }


def test_silence_is_said_after_three_minutes(at_work):
    assert wrong(at=MOMENT + 2 * MINUTE) == {}
    assert wrong(at=MOMENT + 3 * MINUTE) == {
        "worker": "No worker has done anything for 190 s: reminders are neither planned nor sent.",
        "beat": "Nothing that beat asks for has been done for 190 s: what becomes due with time is not planned.",
    }


def test_the_oldest_late_message_is_named_and_its_recipient_is_not(at_work):
    person = PersonFactory(name="Nadia Ferreira")
    OutboxMessageFactory(recipient=person, kind="rotation.handover", planned_at=MOMENT - 4 * MINUTE)
    OutboxMessageFactory(recipient=person, kind="rotation.vacancy", planned_at=MOMENT - 3 * MINUTE)

    found = wrong()

    assert found == {
        "mail": "Messages are late. The oldest (rotation.handover) waits to be sent: see the outbox for the answer of the mail server. "
        "It is 4 min late."
    }
    assert person.name not in str(found)
    assert person.email not in str(found)


def test_a_message_turns_health_red_two_minutes_after_it_was_planned(at_work):
    OutboxMessageFactory(planned_at=MOMENT)

    assert wrong(at=MOMENT + timedelta(seconds=119)) == {}
    assert wrong(at=MOMENT + timedelta(seconds=120)).keys() == {"mail"}


def test_what_is_due_and_not_planned_is_late_too(group, owed):
    beat("worker", at=MOMENT - 3 * MINUTE)
    beat("beat", at=MOMENT - 3 * MINUTE)
    fresh, older = (
        due_for(PersonFactory()),
        replace(due_for(PersonFactory()), at=MOMENT - timedelta(hours=1)),
    )
    owed.append(fresh)
    assert wrong() == {}

    owed.extend([older, replace(due_for(PersonFactory()), at=MOMENT - timedelta(minutes=2))])
    assert wrong() == {
        "mail": f"Messages are late. The oldest ({older.kind}) is due and not planned yet. It is 3 min late."
    }


def test_what_nobody_wants_or_is_planned_already_is_not_late(group, owed):
    beat("worker", at=MOMENT - 3 * MINUTE)
    beat("beat", at=MOMENT - 3 * MINUTE)
    planned, without_mail, unwilling = (
        due_for(PersonFactory()),
        due_for(PersonFactory(email=None)),
        due_for(PersonFactory()),
    )
    owed.extend([planned, without_mail, unwilling])
    OutboxMessageFactory(key=planned.key, kind=planned.kind, state=MessageState.HELD)
    MailPreference.objects.create(
        person_id=unwilling.person_id, kind=unwilling.kind, frequency=Frequency.OFF
    )

    assert wrong() == {}


def test_one_mailbox_that_puts_us_off_makes_nothing_unwell_but_all_of_them_do(at_work):
    long_ago, later = MOMENT - timedelta(hours=1), MOMENT + MINUTE
    OutboxMessageFactory(kind="rotation.vacancy", planned_at=long_ago, tries=3, next_try_at=later)
    assert wrong() == {}

    OutboxMessageFactory(planned_at=long_ago + MINUTE, tries=3, next_try_at=later)
    assert wrong() == {
        "mail": "Messages are late. The oldest (rotation.vacancy) waits to be sent: see the outbox for the answer of the mail server. "
        "It is 60 min late."
    }

    OutboxMessageFactory(state=MessageState.SENT, sent_at=MOMENT - MINUTE)
    assert wrong() == {}


def test_mails_that_go_while_health_asks_are_not_late(at_work):
    long_ago, later = MOMENT - timedelta(hours=1), MOMENT + MINUTE
    for _ in range(2):
        OutboxMessageFactory(planned_at=long_ago, tries=3, next_try_at=later)

    def sent_meanwhile(execute, sql, *rest):
        answer = execute(sql, *rest)
        if "COUNT(DISTINCT" in sql:
            OutboxMessage.objects.all().delete()
        return answer

    with connection.execute_wrapper(sent_meanwhile):
        assert wrong() == {}
    assert not OutboxMessage.objects.exists()


def test_health_is_cheap(at_work, django_assert_num_queries):
    with django_assert_num_queries(7):
        state()


def test_a_broker_out_of_reach_is_said(at_work, monkeypatch):
    monkeypatch.setenv("CELERY_BROKER_WRITE_URL", f"redis://127.0.0.1:{free_port()}/0")

    assert wrong() == {
        "broker": "The broker (Redis) does not answer (OperationalError): reminders wait until it is back; pages and sign-in work."
    }


def test_a_silent_broker_is_given_up_within_a_second(at_work, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv(
            "CELERY_BROKER_WRITE_URL", f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        )
        begun = time.monotonic()
        found = wrong()

    assert found.keys() == {"broker"}
    assert time.monotonic() - begun < 10  # it would be silent for ever


def test_without_the_database_nothing_else_asks_for_it(at_work):
    asked = []

    def refuse(execute, sql, *_):
        asked.append(sql)
        raise OperationalError

    with connection.execute_wrapper(refuse):
        found = wrong()

    unknown = "Not known while the database does not answer."
    assert found == {
        "database": "The database does not answer (OperationalError): pages answer 503, and nothing can be saved.",
        **dict.fromkeys(["worker", "beat", "mail", "proxy"], unknown),
    }
    assert asked == ["SELECT 1"]


def test_a_component_that_fails_in_another_way_is_not_well(at_work):
    def fail(at):
        raise OSError

    assert health.run_check("mail", fail, MOMENT) == health.Component(
        "mail", well=False, detail="It cannot be asked (OSError)."
    )


@pytest.mark.parametrize("sign_in", [True, False])
def test_a_proxy_that_is_not_counted_is_said(at_work, settings, sign_in):
    if sign_in:
        beat(ProxyMismatch.FORWARDED, at=MOMENT - timedelta(hours=23))

    assert wrong(forwarded=not sign_in) == {
        "proxy": "Requests come through a proxy (X-Forwarded-For), and TRUSTED_PROXY_COUNT is 0: "
        "all visitors count as one address, so that they share the limits of sign-in."
    }
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert wrong(forwarded=not sign_in) == {}


def test_a_proxy_that_is_counted_and_not_there_is_said_for_a_day(at_work, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    beat(ProxyMismatch.DIRECT, at=MOMENT - timedelta(hours=24))
    assert wrong() == {}

    beat(ProxyMismatch.DIRECT, at=MOMENT - timedelta(hours=23))
    assert wrong() == {
        "proxy": "Somebody signed in without the X-Forwarded-For of 1 proxies, and TRUSTED_PROXY_COUNT is 1: "
        "either no proxy sets it, or the app can be reached past the proxy."
    }
