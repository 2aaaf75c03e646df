"""Test data of the reminders domain, and sources that a test can fill."""

from datetime import UTC, datetime

import factory
from factory.django import DjangoModelFactory

from coordination.core.due import Due
from coordination.members.tests.factories import PersonFactory
from coordination.reminders.models import OutboxMessage

MOMENT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class OutboxMessageFactory(DjangoModelFactory):
    class Meta:
        model = OutboxMessage

    key = factory.Sequence(lambda n: f"key-{n}")
    kind = "rotation.vacancy"
    recipient = factory.SubFactory(PersonFactory)
    address = factory.LazyAttribute(lambda m: m.recipient.email)
    subject = factory.Sequence(lambda n: f"Subject {n}")
    text = "Words"
    html = "<p>Words</p>"
    message_id = factory.LazyAttribute(lambda m: f"<{m.key}@localhost>")
    due_at = MOMENT
    planned_at = MOMENT
    next_try_at = MOMENT


def due_for(person, *, stage="1d", subject="2027-01-01", kind="rotation.vacancy", days_left=30):
    """Return one reminder of a kind that can be switched off."""
    context = {"begins": datetime(2027, 1, 1, tzinfo=UTC).date(), "days_left": days_left}
    return Due(kind=kind, subject=subject, stage=stage, person_id=person.pk, at=MOMENT, url="/rotation/", context=context)
