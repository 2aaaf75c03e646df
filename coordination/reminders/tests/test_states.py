"""A mail of the outbox moves as its table says, whatever runs over it."""

import pytest

from coordination.reminders.actions import delivery, planning, preferences
from coordination.reminders.enums import MESSAGE_LIFE, MessageState
from coordination.reminders.errors import NotParked
from coordination.reminders.models import OutboxMessage
from coordination.reminders.tests.factories import AT, OutboxMessageFactory
from coordination.tests.cast import NOW

pytestmark = pytest.mark.django_db
LATER = AT.replace(day=25)


@pytest.mark.parametrize("state", MessageState)
def test_only_what_waits_is_sent(state):
    OutboxMessageFactory(state=state)

    delivery.deliver(lambda: LATER)

    moves = MESSAGE_LIFE.allows(state, MessageState.SENT)
    assert OutboxMessage.objects.get().state == (MessageState.SENT if moves else state)


@pytest.mark.parametrize("state", MessageState)
def test_only_what_waits_is_parked(state):
    OutboxMessageFactory(state=state, tries=60, last_answer="451 later")

    delivery.deliver(lambda: LATER)

    moves = MESSAGE_LIFE.allows(state, MessageState.PARKED)
    assert OutboxMessage.objects.get().state == (MessageState.PARKED if moves else state)


@pytest.mark.parametrize("state", MessageState)
def test_only_what_is_held_is_gathered(state, group):
    message = OutboxMessageFactory(state=state)

    planning.plan(LATER)

    message.refresh_from_db()
    moves = MESSAGE_LIFE.allows(state, MessageState.DIGESTED)
    assert message.state == (MessageState.DIGESTED if moves else state)


@pytest.mark.parametrize("state", MessageState)
def test_only_what_is_parked_is_tried_again(state, chair):
    message = OutboxMessageFactory(state=state)

    if state == MessageState.PARKED:
        preferences.retry(message, by=chair, at=NOW)
    else:
        with pytest.raises(NotParked):
            preferences.retry(message, by=chair, at=NOW)

    message.refresh_from_db()
    assert message.state == (MessageState.WAITING if state == MessageState.PARKED else state)
