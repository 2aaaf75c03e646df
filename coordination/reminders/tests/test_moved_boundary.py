"""A boundary that moves is another occasion: each stage is sent again for the new day, and once."""

from datetime import date, timedelta

import pytest

from coordination.reminders.actions import planning
from coordination.reminders.models import OutboxMessage
from coordination.rotation.actions import operations
from coordination.rotation.models import ChairTerm
from coordination.rotation.tests.factories import HandoverFactory, HandoverItemFactory
from coordination.rotation.tests.schedule import DECIDED
from coordination.tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def planned(kind):
    rows = OutboxMessage.objects.filter(kind=kind, recipient__name="Ruth Adeyemi")
    return sorted(key.rpartition(":")[2] for key in rows.values_list("key", flat=True))


def test_a_stage_that_was_sent_is_sent_again_for_the_new_day_and_once(terms, chair, incoming_chair):
    handover = HandoverFactory(incoming_term=terms[1])
    item = HandoverItemFactory(handover=handover, side="incoming", due_day=date(2026, 12, 3))
    thirty_days_before = NOW + timedelta(days=10)
    planning.plan(thirty_days_before)
    planning.plan(thirty_days_before + timedelta(days=2))
    late = planned("rotation.item_overdue")
    assert planned("rotation.handover") == ["30d"]
    assert len(late) == 1

    operations.move_boundary(
        terms[0], date(2027, 1, 31), DECIDED, by=chair, at=thirty_days_before + timedelta(days=3)
    )
    item.refresh_from_db()
    assert ChairTerm.objects.get(pk=terms[1].pk).first_day == date(2027, 2, 1)
    for days in (3, 4, 32, 33):
        planning.plan(thirty_days_before + timedelta(days=days))

    assert planned("rotation.handover") == ["30d", "30d 2027-02-01", "60d 2027-02-01"]
    assert planned("rotation.item_overdue") == sorted(
        [*late, f"{late[0]} {item.due_day.isoformat()}"]
    )
    # who moves it back to the first day is not reminded a second time of what was sent for it
    operations.move_boundary(
        terms[0], date(2026, 12, 31), DECIDED, by=chair, at=thirty_days_before + timedelta(days=4)
    )
    planning.plan(thirty_days_before + timedelta(days=4, hours=1))
    assert planned("rotation.handover") == ["30d", "30d 2027-02-01", "60d 2027-02-01"]
