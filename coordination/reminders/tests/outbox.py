"""The outbox as tests see it: what they deliver, and what became of each mail."""

from django.core import mail

from coordination.reminders.actions import delivery
from coordination.reminders.models import OutboxMessage


def deliver(at):
    """Deliver what waits, and return the subjects that went."""
    before = len(mail.outbox)
    delivery.deliver(lambda: at)
    return sorted(each.subject for each in mail.outbox[before:])


def outcomes(kind):
    """Return the state and the reason of each mail of a kind, in the order of planning."""
    return list(
        OutboxMessage.objects.filter(kind=kind).order_by("pk").values_list("state", "reason")
    )
