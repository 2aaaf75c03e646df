"""Planning costs the same number of queries however many mails it plans, withholds or gathers."""

from datetime import UTC, datetime, timedelta

import pytest

from coordination.members.tests.factories import PersonFactory
from coordination.reminders.actions import planning
from coordination.reminders.enums import Frequency, MessageState, Reason
from coordination.reminders.models import MailPreference, OutboxMessage
from coordination.reminders.tests.factories import AT, KIND, only_source, owed
from coordination.tests.many import many

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("letter", "group")]

# SQLite takes 999 values a statement: some 38 rows of the outbox
ROWS = (8, 36)
MORNING = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)  # 08:00 in New York


def readers(rows, **fields):
    return many(
        PersonFactory,
        rows,
        email=[f"p{n}@example.org" for n in range(rows)],
        time_zone="America/New_York",
        **fields,
    )


def planned(django_assert_num_queries, number, at):
    with django_assert_num_queries(number):
        return planning.plan(at)


@pytest.mark.parametrize("rows", ROWS)
def test_plan_and_plan_again_what_was_withheld(monkeypatch, django_assert_num_queries, rows):
    people = readers(rows)
    only_source(monkeypatch, lambda at: owed(*people))

    planned(django_assert_num_queries, 13, AT)
    OutboxMessage.objects.update(
        state=MessageState.WITHHELD, reason=Reason.LEFT, withheld_at=AT, tries=2
    )
    again = planned(django_assert_num_queries, 14, AT + timedelta(hours=1))

    assert again.new == rows
    assert set(
        OutboxMessage.objects.values_list("state", "reason", "withheld_at", "tries", "planned_at")
    ) == {(MessageState.WAITING, "", None, 0, AT + timedelta(hours=1))}
    assert OutboxMessage.objects.count() == rows


def test_what_another_planner_revived_meanwhile_stays(monkeypatch):
    [row] = _written(monkeypatch, readers(1))
    OutboxMessage.objects.update(state=MessageState.SENT)

    assert planning.revive([row]) == set()
    assert OutboxMessage.objects.get().state == MessageState.SENT


def _written(monkeypatch, people):
    only_source(monkeypatch, lambda at: owed(*people))
    return planning.plan(AT).rows


@pytest.mark.parametrize("rows", ROWS)
def test_digests(monkeypatch, django_assert_num_queries, rows):
    people = readers(rows)
    MailPreference.objects.bulk_create(
        MailPreference(person=person, kind=KIND, frequency=Frequency.DIGEST) for person in people
    )
    only_source(monkeypatch, lambda at: owed(*people))
    planning.plan(AT - timedelta(days=1))
    left = people[: rows // 2]
    only_source(monkeypatch, lambda at: owed(*left, words="Hand over now"))

    digests = planned(django_assert_num_queries, 20, MORNING)

    assert digests.new == rows // 2
    assert OutboxMessage.objects.filter(state=MessageState.WITHHELD).count() == rows // 2
    gathered = OutboxMessage.objects.filter(kind=KIND, state=MessageState.DIGESTED)
    assert {mail.subject for mail in gathered} == {"Hand over now: 30d"}
