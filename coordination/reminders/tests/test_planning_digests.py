"""Digests in a dry run and after somebody has left them."""

from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.urls import reverse

from coordination.members.tests.factories import PersonFactory
from coordination.reminders import actions
from coordination.reminders.enums import Frequency, MessageState
from coordination.reminders.models import MailPreference, OutboxMessage
from coordination.reminders.queries.mails import DIGEST, unsubscribe_token
from coordination.reminders.tests.factories import AT, KIND, OutboxMessageFactory, only_source, owed

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)  # 08:00 in New York


@pytest.fixture
def nadia(group):
    return PersonFactory(name="Nadia Ferreira", email="nadia@unfpa.example.org", time_zone="America/New_York")


@pytest.fixture
def wants_digest(letter, monkeypatch, nadia):
    """Owe Nadia one letter, which she wants in her digest."""
    MailPreference.objects.create(person=nadia, kind=KIND, frequency=Frequency.DIGEST)
    only_source(monkeypatch, lambda at: owed(nadia))


def test_a_dry_run_tells_of_the_digests_and_changes_nothing(wants_digest, nadia):
    actions.plan(AT)

    dry = actions.plan(MORNING, dry=True)

    assert [(row.kind, row.subject) for row in dry.rows] == [(DIGEST, "Digest of Mon 23 Nov: 1 reminder")]
    assert OutboxMessage.objects.get().state == MessageState.HELD
    assert [row.kind for row in actions.plan(MORNING).rows] == [DIGEST]


def test_a_dry_run_at_eight_sharp_tells_what_the_run_would_do(wants_digest, nadia):
    dry = [(row.kind, row.subject) for row in actions.plan(MORNING, dry=True).rows]

    assert OutboxMessage.objects.count() == 0
    assert dry == [(row.kind, row.subject) for row in actions.plan(MORNING).rows]
    assert [kind for kind, _subject in dry] == [KIND, DIGEST]


def test_the_command_prints_digests_of_a_dry_run(wants_digest, nadia, capsys):
    actions.plan(AT)

    call_command("send_reminders", "--as-of", MORNING.isoformat(), "--dry-run")

    assert "nadia@unfpa.example.org  Digest of Mon 23 Nov: 1 reminder\n1 would be planned; nothing was changed." in capsys.readouterr().out


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
    assert "You will get no more mail of this kind: Daily digest, and each kind of mail that you get in it." in done
    assert dict(MailPreference.objects.values_list("kind", "frequency")) == {
        "rotation.vacancy": "off",
        "meetings.coming": "off",
        "statements.settled": "at_once",
    }


def test_what_was_held_of_a_kind_that_is_off_by_now_stays_held(wants_digest, nadia, monkeypatch):
    actions.plan(AT)
    OutboxMessageFactory(recipient=nadia, kind="rotation.vacancy", state=MessageState.HELD, subject="Other")
    MailPreference.objects.update(frequency=Frequency.OFF)

    planned = actions.plan(MORNING)

    assert [row.subject for row in planned.rows] == ["Digest of Mon 23 Nov: 1 reminder"]
    assert dict(OutboxMessage.objects.exclude(kind=DIGEST).values_list("kind", "state")) == {KIND: "held", "rotation.vacancy": "digested"}
