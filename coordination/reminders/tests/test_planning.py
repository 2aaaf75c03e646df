"""What is due becomes rows of the outbox, each once."""

import threading
from datetime import timedelta

import pytest
from django.db import connections

from coordination.core import due
from coordination.core.due import Source
from coordination.members.tests.factories import PersonFactory
from coordination.reminders import actions
from coordination.reminders.enums import Frequency, MessageState
from coordination.reminders.errors import MustArrive
from coordination.reminders.models import MailPreference, OutboxMessage
from coordination.reminders.queries.mails import read_unsubscribe_token
from coordination.reminders.tests.factories import MOMENT, due_for

pytestmark = pytest.mark.django_db


def test_planning_writes_a_whole_mail(group, owed, settings):
    settings.SITE_URL = "https://gmg.example.org"
    person = PersonFactory(name="Nadia Ferreira", time_zone="America/New_York")
    owed.append(due_for(person))

    planned = actions.plan(MOMENT)

    row = OutboxMessage.objects.get()
    assert (planned.new, planned.kept) == (1, 0)
    assert row.key == f"rotation.vacancy:2027-01-01:{person.pk}:1d"
    assert row.subject == "Say whether your agency stands: nobody chairs from Fri 1 Jan"
    assert row.text.startswith("Dear Nadia Ferreira,\n\nNo term covers the days from Friday 1 January 2027.")
    assert "https://gmg.example.org/rotation/" in row.text
    assert 'href="https://gmg.example.org/rotation/"' in row.html
    assert row.message_id.endswith("@gmg.example.org>")
    assert row.headers["List-Id"] == "Global Migration Group <gmg.gmg.example.org>"
    assert row.headers["Auto-Submitted"] == "auto-generated"
    assert row.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    token = row.headers["List-Unsubscribe"].strip("<>").rstrip("/").rpartition("/")[2]
    assert read_unsubscribe_token(token) == (person.pk, "rotation.vacancy")


def test_planning_again_changes_nothing(group, owed):
    owed.append(due_for(PersonFactory()))
    actions.plan(MOMENT)
    first = OutboxMessage.objects.values().get()

    again = actions.plan(MOMENT + timedelta(hours=1))

    assert (again.new, again.kept) == (0, 1)
    assert OutboxMessage.objects.values().get() == first


def test_the_same_key_twice_in_one_source_is_one_mail(group, owed):
    person = PersonFactory()
    owed += [due_for(person), due_for(person)]

    assert actions.plan(MOMENT).new == 1


def test_a_clock_that_jumps_back_and_forth_plans_once(group, owed):
    owed.append(due_for(PersonFactory()))

    news = [actions.plan(MOMENT + timedelta(hours=hours)).new for hours in (0, 1, -1, 0, 1)]

    assert news == [1, 0, 0, 0, 0]


def test_a_reminder_that_must_arrive_has_no_way_out(group, owed):
    person = PersonFactory()
    MailPreference.objects.create(person=person, kind="rotation.handover", frequency=Frequency.OFF)
    context = {"first_day": MOMENT.date(), "incoming": [], "outgoing": [], "days_left": 3, "side": {"open": []}, "handover": None}
    owed.append(due.Due(kind="rotation.handover", subject="1", stage="7d", person_id=person.pk, at=MOMENT, url="/x/", context=context))

    actions.plan(MOMENT)

    assert "List-Unsubscribe" not in OutboxMessage.objects.get().headers


@pytest.mark.parametrize("fields", [{"email": None}, {"is_active": False}])
def test_nobody_writes_to_whoever_cannot_read(group, owed, fields):
    owed.append(due_for(PersonFactory(**fields)))

    assert actions.plan(MOMENT).new == 0


def test_nobody_writes_to_a_person_who_is_gone(group, owed):
    person = PersonFactory()
    owed.append(due_for(person))
    person.delete()

    assert actions.plan(MOMENT).new == 0


def test_off_means_off(group, owed):
    person = PersonFactory()
    actions.prefer(person, "rotation.vacancy", Frequency.OFF, by=person)
    owed.append(due_for(person))

    assert actions.plan(MOMENT).new == 0


def test_a_digest_gathers_a_day(group, owed):
    person = PersonFactory(time_zone="America/New_York")
    actions.prefer(person, "rotation.vacancy", Frequency.DIGEST, by=person)
    owed += [due_for(person, stage="30d"), due_for(person, stage="14d")]
    actions.plan(MOMENT)
    assert set(OutboxMessage.objects.values_list("state", flat=True)) == {MessageState.HELD}

    before = actions.plan(MOMENT.replace(hour=12, minute=59)).new  # 07:59 in New York
    at_eight = actions.plan(MOMENT.replace(hour=13)).new
    later = actions.plan(MOMENT.replace(hour=15)).new

    digest = OutboxMessage.objects.get(kind="reminders.digest")
    assert (before, at_eight, later) == (0, 1, 0)
    assert digest.subject == "Digest of Mon 23 Nov: 2 reminders"
    assert digest.text.count("- Say whether your agency stands") == 2
    assert OutboxMessage.objects.filter(state=MessageState.DIGESTED).count() == 2


def test_a_faulty_source_keeps_none_of_the_others_from_being_planned(group, owed, monkeypatch):
    def fail(at):
        raise ZeroDivisionError

    broken = Source(kind="broken.kind", label="broken", can_be_off=True, find=fail)
    monkeypatch.setattr(due, "_sources", {"a": broken, **due._sources})
    owed.append(due_for(PersonFactory()))

    with pytest.raises(ExceptionGroup, match="some reminders could not be planned"):
        actions.plan(MOMENT)

    assert OutboxMessage.objects.count() == 1


def test_a_subject_is_one_line(group, owed):
    person = PersonFactory(name="Eve\r\nBcc: all@example.org")
    owed.append(due_for(person))
    actions.plan(MOMENT)
    row = OutboxMessage.objects.get()

    assert "\n" not in row.subject
    assert "\n" not in "".join(row.headers.values())


def test_preferences_are_kept_once_and_in_history(group):
    person = PersonFactory()

    actions.prefer(person, "rotation.vacancy", Frequency.DIGEST, by=person)
    actions.prefer(person, "rotation.vacancy", Frequency.DIGEST, by=person)
    actions.switch_off(person, "rotation.vacancy")

    preference = MailPreference.objects.get()
    assert (preference.frequency, preference.history.count()) == (Frequency.OFF, 2)


@pytest.mark.parametrize("kind", ["rotation.handover", "no.such"])
def test_what_needs_a_decision_cannot_be_off(group, kind):
    with pytest.raises(MustArrive):
        actions.prefer(PersonFactory(), kind, Frequency.OFF, by=PersonFactory())


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_planners_at_once_plan_once(group, owed):
    owed += [due_for(person) for person in PersonFactory.create_batch(50)]
    ready = threading.Barrier(2)

    def plan():
        ready.wait(10)
        actions.plan(MOMENT)
        connections.close_all()

    threads = [threading.Thread(target=plan) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert OutboxMessage.objects.count() == 50
