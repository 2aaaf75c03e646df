"""Reads of the outbox."""

from coordination.reminders.queries.health import Component, components
from coordination.reminders.queries.outbox import counts, digests, frequencies, messages, messages_to, preferences_of

__all__ = ["Component", "components", "counts", "digests", "frequencies", "messages", "messages_to", "preferences_of"]
