"""Digests in a dry run and after somebody has left them."""

from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.urls import reverse

from coordination.members.tests.factories import PersonFactory
from coordination.reminders.actions import planning, preferences
from coordination.reminders.enums import Frequency, MessageState
from coordination.reminders.models import MailPreference, OutboxMessage
from coordination.reminders.queries.mails import DIGEST, unsubscribe_token
from coordination.reminders.tests.factories import AT, KIND, OutboxMessageFactory, only_source, owed

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)  # 08:00 in New York


@pytest.fixture
def nadia(group):
    return PersonFactory(
        name="Nadia Ferreira", email="nadia@unfpa.example.org", time_zone="America/New_York"
    )


@pytest.fixture
def wants_digest(letter, monkeypatch, nadia):
    """Owe Nadia one letter, which she wants in her digest."""
    MailPreference.objects.create(person=nadia, kind=KIND, frequency=Frequency.DIGEST)
    only_source(monkeypatch, lambda at: owed(nadia))


def test_a_dry_run_tells_of_the_digests_and_changes_nothing(wants_digest, nadia):
    planning.plan(AT)

    dry = planning.plan(MORNING, dry=True)

    assert [(row.kind, row.subject) for row in dry.rows] == [
        (DIGEST, "Digest of Mon 23 Nov: 1 reminder")
    ]
    assert OutboxMessage.objects.get().state == MessageState.HELD
    assert [row.kind for row in planning.plan(MORNING).rows] == [DIGEST]


def test_a_mail_with_a_calendar_entry_waits_for_no_digest(wants_digest, monkeypatch, nadia):
    only_source(
        monkeypatch, lambda at: owed(nadia), calendar=lambda item, person: f"{item.stage}: {person}"
    )

    planning.plan(AT)

    row = OutboxMessage.objects.get()
    assert (row.state, row.calendar) == (MessageState.WAITING, "30d: Nadia Ferreira")


def test_a_dry_run_at_eight_sharp_tells_what_the_run_would_do(wants_digest, nadia):
    dry = [(row.kind, row.subject) for row in planning.plan(MORNING, dry=True).rows]

    assert OutboxMessage.objects.count() == 0
    assert dry == [(row.kind, row.subject) for row in planning.plan(MORNING).rows]
    assert [kind for kind, _subject in dry] == [KIND, DIGEST]


def test_the_command_prints_digests_of_a_dry_run(wants_digest, nadia, capsys):
    planning.plan(AT)

    call_command("send_reminders", "--as-of", MORNING.isoformat(), "--dry-run")

    assert (
        "nadia@unfpa.example.org  Digest of Mon 23 Nov: 1 reminder\n1 would be planned; nothing was changed."
        in capsys.readouterr().out
    )


def test_leaving_the_digest_switches_off_what_comes_in_it(client, now, group):
    person = PersonFactory()
    for kind, frequency in (
        ("rotation.vacancy", Frequency.DIGEST),
        ("meetings.coming", Frequency.DIGEST),
        ("statements.settled", "at_once"),
    ):
        MailPreference.objects.create(person=person, kind=kind, frequency=frequency)
    address = reverse("reminders:unsubscribe", args=[unsubscribe_token(person, DIGEST)])

    asked, done = client.get(address).content.decode(), client.post(address).content.decode()

    assert "Daily digest, and each kind of mail that you get in it" in asked
    assert (
        "You will get no more mail of this kind: Daily digest, and each kind of mail that you get in it."
        in done
    )
    assert dict(MailPreference.objects.values_list("kind", "frequency")) == {
        "rotation.vacancy": "off",
        "meetings.coming": "off",
        "statements.settled": "at_once",
    }


def states():
    return dict(OutboxMessage.objects.exclude(kind=DIGEST).values_list("kind", "state"))


def test_what_is_held_of_a_kind_that_is_switched_off_does_not_come_when_it_is_switched_on_again(
    wants_digest, nadia, monkeypatch
):
    planning.plan(AT)
    OutboxMessageFactory(kind=KIND, state=MessageState.HELD)
    for key, state in enumerate((MessageState.HELD, MessageState.SENT)):
        OutboxMessageFactory(
            key=f"{state}:{key}", recipient=nadia, kind=f"rotation.{state}", state=state
        )

    preferences.switch_off(nadia, KIND)
    assert dict(OutboxMessage.objects.filter(recipient=nadia).values_list("kind", "state")) == {
        KIND: "unwanted",
        "rotation.held": "held",
        "rotation.sent": "sent",
    }
    assert OutboxMessage.objects.exclude(recipient=nadia).get().state == "held"
    preferences.set_preference(nadia, KIND, Frequency.DIGEST, by=nadia)
    only_source(monkeypatch, lambda at: [])
    planned = planning.plan(MORNING)

    assert [row.subject for row in planned.rows if row.recipient == nadia] == [
        "Digest of Mon 23 Nov: 1 reminder"
    ]
    assert OutboxMessage.objects.get(recipient=nadia, kind=KIND).state == "unwanted"


def test_a_kind_that_is_wanted_at_once_again_loses_nothing_that_is_held(wants_digest, nadia):
    planning.plan(AT)

    preferences.set_preference(nadia, KIND, Frequency.AT_ONCE, by=nadia)

    assert states() == {KIND: "held"}


def test_what_came_to_be_held_while_its_kind_was_switched_off_is_let_go(wants_digest, nadia):
    """A planner read that it is wanted just before; or an earlier version left it."""
    planning.plan(AT)
    OutboxMessageFactory(
        recipient=nadia, kind="rotation.vacancy", state=MessageState.HELD, subject="Other"
    )
    MailPreference.objects.update(frequency=Frequency.OFF)

    dry = planning.plan(MORNING, dry=True)
    assert states() == {KIND: "held", "rotation.vacancy": "held"}
    planned = planning.plan(MORNING)

    assert (
        [row.subject for row in planned.rows]
        == [row.subject for row in dry.rows]
        == ["Digest of Mon 23 Nov: 1 reminder"]
    )
    assert states() == {KIND: "unwanted", "rotation.vacancy": "digested"}
