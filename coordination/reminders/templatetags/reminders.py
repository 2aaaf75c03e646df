"""Filters of the outbox pages and of mails."""

from django import template

from coordination.reminders.models import OutboxMessage
from coordination.reminders.queries import answers, outbox

register = template.Library()


@register.filter
def unsent_reason(message: OutboxMessage) -> str:
    """Return why a mail was withheld or expired."""
    return outbox.reason_sentence(message)


@register.filter
def last_failure(message: OutboxMessage) -> str:
    """Return why the last try failed."""
    return str(answers.last_failure(message))


@register.filter
def trim_start(text: str) -> str:
    """Return a mail's text without line breaks that only wrap tags.

    They stand before its first words.
    """
    return text.lstrip()
