"""Planning: each reminder once, as the person wants it, in the person's zone."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from coordination.core import due
from coordination.members.models import Person
from coordination.members.tests.factories import PersonFactory
from coordination.reminders.actions import planning
from coordination.reminders.enums import Frequency, MessageState
from coordination.reminders.models import MailPreference, OutboxMessage
from coordination.reminders.queries.mails import read_unsubscribe_token
from coordination.reminders.tests.factories import (
    AT,
    KIND,
    SampleSource,
    due_for,
    only_source,
    owed,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def nadia(group) -> Person:
    return PersonFactory(
        name="Nadia Ferreira", email="nadia@unfpa.example.org", time_zone="America/New_York"
    )


@pytest.fixture
def source(letter, monkeypatch, nadia):
    only_source(monkeypatch, lambda at: owed(nadia))


def wants(person: Person, frequency: str) -> None:
    MailPreference.objects.create(person=person, kind=KIND, frequency=frequency)


def test_a_reminder_becomes_a_mail(source, nadia):
    planned = planning.plan(AT)

    row = OutboxMessage.objects.get()
    assert (planned.new, planned.already_planned, planned.dropped) == (1, 0, 0)
    assert row.key == f"tests.letter:thing:1:{nadia.pk}:30d"
    assert (row.recipient, row.address, row.kind, row.state) == (
        nadia,
        "nadia@unfpa.example.org",
        KIND,
        MessageState.WAITING,
    )
    assert (row.due_at, row.planned_at, row.next_try_at, row.tries) == (AT, AT, AT, 0)
    assert row.subject == "Hand over: 30d"
    assert row.url == "/desk/#item-1"
    assert row.message_id.endswith("@localhost>")


def test_the_text_stands_alone_with_times_in_the_recipients_zone(source, nadia):
    planning.plan(AT)

    row = OutboxMessage.objects.get()
    assert row.text == (
        "Dear Nadia Ferreira,\n\nHand over at 04:00 EST & <now>\n\nHand it over:\nhttp://localhost:8000/desk/#item-1\n\n--\nGlobal Migration Group\n"
        "You get this because of: Letters. Change what you get: http://localhost:8000/mail/preferences/\n"
    )
    assert '<a class="go" href="http://localhost:8000/desk/#item-1">Hand it over</a>' in row.html


def test_headers_of_a_kind_that_may_be_off(source, nadia):
    planning.plan(AT)

    headers = OutboxMessage.objects.get().headers
    link = headers.pop("List-Unsubscribe")
    assert headers == {
        "List-Id": "Global Migration Group <gmg.localhost>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    assert link.startswith("<http://localhost:8000/mail/unsubscribe/")
    assert link.endswith("/>")


def test_what_asks_for_a_decision_cannot_be_left(letter, monkeypatch, nadia):
    only_source(monkeypatch, lambda at: owed(nadia), can_be_off=False)
    wants(nadia, Frequency.OFF)

    planning.plan(AT)

    row = OutboxMessage.objects.get()
    assert set(row.headers) == {"List-Id", "Auto-Submitted", "X-Auto-Response-Suppress"}
    assert "It asks for a decision, so it cannot be switched off." in row.text


def test_a_group_named_in_any_script(source, group):
    group.name, group.acronym = "Groupe mondial sur la migration, Genève", "日本"
    group.save()

    planning.plan(AT)

    assert OutboxMessage.objects.get().headers["List-Id"] == (
        "=?utf-8?q?Groupe_mondial_sur_la_migration=2C_Gen=C3=A8ve?= <group.localhost>"
    )


def test_planning_twice_changes_nothing(source):
    first = planning.plan(AT)
    again = planning.plan(AT + timedelta(hours=1))
    back = planning.plan(AT - timedelta(hours=1))

    assert (first.new, again.new, back.new) == (1, 0, 0)
    assert (again.already_planned, back.already_planned) == (1, 1)
    assert OutboxMessage.objects.count() == 1


def test_the_same_reminder_found_twice_counts_once(letter, monkeypatch, nadia):
    only_source(monkeypatch, lambda at: owed(nadia) + owed(nadia))

    assert planning.plan(AT).new == 1


def test_a_dry_run_says_what_would_be_planned_and_writes_nothing(source):
    planned = planning.plan(AT, dry=True)

    assert [row.subject for row in planned.rows] == ["Hand over: 30d"]
    assert OutboxMessage.objects.count() == 0


@pytest.mark.parametrize("fields", [{"email": None}, {"email": ""}, {"is_active": False}])
def test_who_cannot_be_written_to_gets_nothing(source, nadia, fields):
    Person.objects.filter(pk=nadia.pk).update(**fields)

    planned = planning.plan(AT)

    assert (planned.new, planned.dropped) == (0, 1)


def test_off_is_off(source, nadia):
    wants(nadia, Frequency.OFF)

    planned = planning.plan(AT)

    assert (planned.new, planned.dropped, OutboxMessage.objects.count()) == (0, 1, 0)


def test_a_subject_is_one_line(letter, monkeypatch, nadia):
    only_source(
        monkeypatch,
        lambda at: owed(nadia, words="Sign\r\nBcc: everybody@example.org\x00" + "x" * 300),
    )

    planning.plan(AT)

    subject = OutboxMessage.objects.get().subject
    assert subject.startswith("Sign Bcc: everybody@example.org xxx")
    assert len(subject) == 200


def test_one_letter_that_fails_keeps_no_other_from_being_planned(letter, monkeypatch, nadia):
    class Unreadable:
        def __str__(self):
            raise LookupError("no such word")

    other = PersonFactory()
    only_source(monkeypatch, lambda at: owed(nadia, words=Unreadable()) + owed(other))

    with pytest.raises(ExceptionGroup) as caught:
        planning.plan(AT)

    assert OutboxMessage.objects.get().recipient == other
    assert caught.value.exceptions[0].__notes__ == [f"tests.letter:thing:1:{nadia.pk}:30d"]


def test_one_source_that_fails_keeps_no_other_from_being_planned(source, nadia):
    def broken(at):
        raise LookupError("no such table")

    due.register(SampleSource(kind="tests.broken", label="Broken", can_be_off=True, find=broken))

    with pytest.raises(ExceptionGroup, match="some reminders could not be planned"):
        planning.plan(AT)

    assert OutboxMessage.objects.get().recipient == nadia


@pytest.mark.parametrize("many", [2, 36])  # a statement of SQLite inserts some 38 rows
def test_a_batch_costs_the_same_queries_however_many(
    letter, monkeypatch, group, django_assert_num_queries, many
):
    people = PersonFactory.create_batch(many)
    only_source(monkeypatch, lambda at: owed(*people))

    with django_assert_num_queries(13):
        planning.plan(AT)

    assert OutboxMessage.objects.count() == many


def test_a_worker_that_must_stop_begins_no_batch(source):
    assert planning.plan(AT, stopping=lambda: True).new == 0
    assert planning.plan(AT).new == 1


def test_a_digest_gathers_what_was_held_and_comes_at_eight_of_the_persons_morning(
    letter, monkeypatch, nadia
):
    wants(nadia, Frequency.DIGEST)
    only_source(monkeypatch, lambda at: owed(nadia) + owed(nadia, stage="14d"))
    planning.plan(AT)
    before = datetime(2026, 11, 23, 12, 59, tzinfo=UTC)
    morning = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)

    early, then, later = (
        planning.plan(before),
        planning.plan(morning),
        planning.plan(morning + timedelta(hours=1)),
    )

    digest = OutboxMessage.objects.get(kind="reminders.digest")
    assert (early.new, then.new, later.new) == (0, 1, 0)
    assert OutboxMessage.objects.filter(state=MessageState.DIGESTED).count() == 2
    assert (digest.state, digest.due_at) == (MessageState.WAITING, morning)
    assert digest.subject == "Digest of Mon 23 Nov: 2 reminders"
    assert "- Hand over: 14d\n  http://localhost:8000/desk/#item-1\n" in digest.text
    token = digest.headers["List-Unsubscribe"].strip("<>").rstrip("/").rpartition("/")[2]
    assert read_unsubscribe_token(token) == (nadia.pk, "reminders.digest")
    assert digest.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_clock_that_goes_back_loses_nothing_that_was_held(letter, monkeypatch, nadia):
    wants(nadia, Frequency.DIGEST)
    found = owed(nadia)
    only_source(monkeypatch, lambda at: found)
    morning = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
    planning.plan(morning - timedelta(hours=2))
    planning.plan(morning)
    found.extend(owed(nadia, stage="14d"))

    planning.plan(morning - timedelta(hours=1))
    planning.plan(morning)

    digests = OutboxMessage.objects.filter(kind="reminders.digest").order_by("pk")
    assert ["30d" in row.text for row in digests] == [True, False]
    assert ["14d" in row.text for row in digests] == [False, True]
    assert len({row.message_id for row in digests}) == 2


def test_what_was_held_in_the_evening_waits_for_the_next_morning(letter, monkeypatch, nadia):
    wants(nadia, Frequency.DIGEST)
    only_source(monkeypatch, lambda at: owed(nadia))
    planning.plan(datetime(2026, 11, 23, 22, 0, tzinfo=UTC))

    assert planning.plan(datetime(2026, 11, 24, 4, 0, tzinfo=UTC)).new == 0
    assert planning.plan(datetime(2026, 11, 24, 13, 0, tzinfo=UTC)).new == 1


def test_a_kind_of_the_rotation_becomes_a_whole_mail(group, owed, settings):
    settings.SITE_URL = "https://gmg.example.org"
    person = PersonFactory(name="Nadia Ferreira", time_zone="America/New_York")
    owed.append(due_for(person))

    planned = planning.plan(AT)

    row = OutboxMessage.objects.get()
    assert (planned.new, planned.already_planned) == (1, 0)
    assert row.key == f"rotation.vacancy:2027-01-01:{person.pk}:1d"
    assert row.subject == "Nobody chairs from Fri 1 Jan, and no selection runs"
    assert row.text.startswith("Dear Nadia Ferreira,\n\nNobody chairs from Friday 1 January 2027.")
    assert "https://gmg.example.org/rotation/" in row.text
    assert 'href="https://gmg.example.org/rotation/"' in row.html
    assert row.message_id.endswith("@gmg.example.org>")
    assert row.headers["List-Id"] == "Global Migration Group <gmg.gmg.example.org>"
    assert row.headers["Auto-Submitted"] == "auto-generated"
    assert row.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    token = row.headers["List-Unsubscribe"].strip("<>").rstrip("/").rpartition("/")[2]
    assert read_unsubscribe_token(token) == (person.pk, "rotation.vacancy")


def test_nobody_writes_to_a_person_who_is_gone(source, nadia):
    nadia.delete()

    assert planning.plan(AT).new == 0


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_planners_at_once_plan_each_once(letter, monkeypatch, group):
    people = PersonFactory.create_batch(200)
    only_source(monkeypatch, lambda at: owed(*people))
    start, failures = threading.Barrier(3), []

    def planner():
        start.wait()
        try:
            planning.plan(AT)
        except Exception as error:  # noqa: BLE001 - whatever it is, the assertion shows it
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=planner) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert OutboxMessage.objects.count() == 200
