"""Digests gather only what is true; a mail that cannot be checked waits."""

from datetime import timedelta

import pytest
from django.core import mail

from coordination.core.due import Due
from coordination.members.models import Person
from coordination.members.tests.factories import PersonFactory
from coordination.reminders.actions import delivery, planning
from coordination.reminders.enums import Failure, Frequency, MessageState
from coordination.reminders.models import MailPreference, OutboxMessage
from coordination.reminders.queries.mails import DIGEST
from coordination.reminders.tests.factories import AT, KIND, OutboxMessageFactory, only_source, owed
from coordination.reminders.tests.outbox import deliver, outcomes

pytestmark = pytest.mark.django_db


HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def nadia(letter, group):
    return PersonFactory(
        name="Nadia Ferreira", email="nadia@unfpa.example.org", time_zone="America/New_York"
    )


MORNING = AT + 4 * HOUR  # 08:00 in New York


@pytest.fixture
def in_digest(nadia, monkeypatch):
    """Owe Nadia two letters, which she wants in her digest; return the list of what is owed."""
    MailPreference.objects.create(person=nadia, kind=KIND, frequency=Frequency.DIGEST)
    found = owed(nadia) + owed(nadia, stage="14d")
    only_source(monkeypatch, lambda at: found)
    planning.plan(AT)
    return found


def test_a_digest_gathers_only_what_is_true(in_digest, nadia):
    in_digest.pop()
    dry = planning.plan(MORNING, dry=True)

    planning.plan(MORNING)

    assert [row.subject for row in dry.rows] == ["Digest of Mon 23 Nov: 1 reminder"]
    assert outcomes(KIND) == [("digested", ""), ("withheld", "replaced")]
    assert deliver(MORNING) == ["Digest of Mon 23 Nov: 1 reminder"]


def test_a_digest_of_nothing_is_not_made_and_what_is_true_again_is_held_again(in_digest, nadia):
    kept, in_digest[:] = list(in_digest), []

    assert planning.plan(MORNING).new == 0
    assert outcomes(KIND) == [("withheld", "changed")] * 2
    in_digest[:] = kept
    assert planning.plan(MORNING + HOUR).new == 2
    assert outcomes(KIND) == [("held", "")] * 2
    assert [row.kind for row in planning.plan(MORNING + DAY).rows] == [DIGEST]


def test_a_digest_has_the_words_of_its_morning(in_digest, nadia):
    in_digest[:] = owed(nadia, words="Today")

    planning.plan(MORNING)

    assert "- Today: 30d" in OutboxMessage.objects.get(kind=DIGEST).text


def test_what_is_held_for_a_closed_account_is_withheld(in_digest):
    Person.objects.update(is_active=False)

    assert planning.plan(MORNING).new == 0
    assert outcomes(KIND) == [("withheld", "inactive")] * 2


def test_a_digest_that_waited_loses_what_is_not_true_any_more(in_digest, nadia):
    planning.plan(MORNING)
    in_digest.pop()

    assert deliver(MORNING + HOUR) == ["Digest of Mon 23 Nov: 1 reminder"]
    assert "14d" not in mail.outbox[0].body
    assert outcomes(KIND) == [("digested", ""), ("withheld", "replaced")]


def test_a_digest_of_which_nothing_is_true_any_more_is_withheld(in_digest):
    planning.plan(MORNING)
    in_digest.clear()

    assert deliver(MORNING + HOUR) == []
    assert outcomes(DIGEST) == [("withheld", "empty")]


def test_a_digest_of_an_earlier_version_goes_as_it_is(in_digest):
    planning.plan(MORNING)
    OutboxMessage.objects.update(digest=None)
    in_digest.clear()

    assert deliver(MORNING + HOUR) == ["Digest of Mon 23 Nov: 2 reminders"]


def broken(at):
    raise LookupError("no such table")


def test_a_mail_that_cannot_be_checked_waits_and_the_others_go(nadia, monkeypatch):
    found = owed(nadia)
    only_source(monkeypatch, lambda at: found)
    planning.plan(AT)
    OutboxMessageFactory(kind="tests.other", subject="Other")
    only_source(monkeypatch, broken)

    with pytest.raises(ExceptionGroup, match="some mails could not be checked") as caught:
        deliver(AT + HOUR)

    row = OutboxMessage.objects.get(kind=KIND)
    assert caught.value.exceptions[0].__notes__ == [row.key]
    assert [each.subject for each in mail.outbox] == ["Other"]
    assert (row.state, row.failure, row.failure_values) == (
        MessageState.WAITING,
        Failure.UNCHECKED,
        {"error": "no such table"},
    )
    assert row.next_try_at == AT + HOUR + timedelta(minutes=1)
    only_source(monkeypatch, lambda at: found)
    assert deliver(AT + 2 * HOUR) == ["Hand over: 30d"]


def test_a_mail_that_could_not_be_checked_for_days_goes_when_the_fault_is_over(nadia, monkeypatch):
    only_source(monkeypatch, lambda at: owed(nadia))
    planning.plan(AT)
    only_source(monkeypatch, broken)
    for hours in range(1, delivery.MOST_TRIES + 3):
        with pytest.raises(ExceptionGroup):
            deliver(AT + hours * HOUR)
    row = OutboxMessage.objects.get()
    assert (row.state, row.tries) == (MessageState.WAITING, 0)

    only_source(monkeypatch, lambda at: owed(nadia))

    assert deliver(row.next_try_at + HOUR) == ["Hand over: 30d"]


class Unreadable:
    def __str__(self):
        raise LookupError("no such word")


def test_a_mail_whose_words_cannot_be_made_waits(nadia, monkeypatch):
    only_source(monkeypatch, lambda at: owed(nadia))
    planning.plan(AT)
    only_source(monkeypatch, lambda at: owed(nadia, words=Unreadable()))

    with pytest.raises(ExceptionGroup):
        deliver(AT + HOUR)

    assert OutboxMessage.objects.get().failure_values == {"error": "no such word"}


@pytest.mark.parametrize("find", [broken, None])
def test_what_cannot_be_checked_stays_held(in_digest, nadia, monkeypatch, find):
    only_source(
        monkeypatch,
        find
        or (
            lambda at: (
                owed(nadia, words=Unreadable()) + owed(nadia, stage="14d", words=Unreadable())
            )
        ),
    )

    with pytest.raises(ExceptionGroup):
        planning.plan(MORNING)

    assert outcomes(KIND) == [("held", "")] * 2


def test_a_digest_whose_mails_cannot_be_checked_waits(in_digest, monkeypatch):
    planning.plan(MORNING)
    only_source(monkeypatch, broken)

    with pytest.raises(ExceptionGroup):
        deliver(MORNING + HOUR)

    assert outcomes(DIGEST) == [("waiting", "")]


def test_a_source_is_asked_once_for_many_mails_and_again_before_one_is_withheld(
    letter, monkeypatch, group
):
    people, asked = PersonFactory.create_batch(120), []

    def find(at):
        asked.append(at)
        return owed(*people)

    only_source(monkeypatch, find)
    planning.plan(AT)
    asked.clear()
    OutboxMessageFactory(
        kind=KIND,
        key="tests.letter:thing:1:0:gone",
        planned_at=AT,
        next_try_at=AT + timedelta(seconds=1),
    )
    moments = iter([AT + timedelta(milliseconds=n) for n in range(1000, 3000)])

    done = delivery.deliver(lambda: next(moments))

    assert (done.sent, done.withheld) == (120, 1)
    assert len(asked) == 2


def test_a_kind_that_no_app_registers_any_more_is_sent_unless_its_moment_has_passed(group):
    OutboxMessageFactory(kind="old.kind", subject="True")
    OutboxMessageFactory(kind="old.kind", subject="Past", until=AT)

    assert deliver(AT + HOUR) == ["True"]


def test_the_part_of_a_mail_counts_when_a_later_one_replaces_it(nadia, monkeypatch):
    def item(stage, part=""):
        return Due(
            kind=KIND,
            subject="thing:1",
            stage=stage,
            part=part,
            person_id=nadia.pk,
            at=AT,
            url="/",
            context={"words": "Hand over"},
        )

    only_source(
        monkeypatch,
        lambda at: [item("opened"), item("opened", "agency 1"), item("opened", "agency 2")],
    )
    planning.plan(AT)
    only_source(monkeypatch, lambda at: [item("48 h before", "agency 2")])

    assert deliver(AT + HOUR) == []
    assert outcomes(KIND) == [
        ("withheld", "replaced"),
        ("withheld", "not_addressed"),
        ("withheld", "replaced"),
    ]


def test_a_mail_that_another_worker_took_meanwhile_is_left_to_it(nadia, monkeypatch):
    only_source(monkeypatch, lambda at: owed(nadia))
    planning.plan(AT)

    def find(at):
        OutboxMessage.objects.update(leased_by="other")
        return []

    only_source(monkeypatch, find)
    done = delivery.deliver(lambda: AT)

    assert (done.withheld, OutboxMessage.objects.get().state) == (0, MessageState.WAITING)
