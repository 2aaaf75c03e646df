"""Filters of the outbox pages."""

from django import template

from coordination.reminders import queries
from coordination.reminders.models import OutboxMessage

register = template.Library()


@register.filter
def unsent_reason(message: OutboxMessage) -> str:
    """Return the sentence that says why a mail was withheld or expired."""
    return queries.reason_sentence(message)
