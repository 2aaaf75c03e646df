"""Reads of the outbox."""

from coordination.reminders.queries.health import Component, components, oldest_late, quick_link
from coordination.reminders.queries.outbox import (
    counts,
    digests,
    frequencies,
    messages,
    messages_to,
    preferences_of,
    reachable,
    reason_sentence,
)

__all__ = [
    "Component",
    "components",
    "counts",
    "digests",
    "frequencies",
    "messages",
    "messages_to",
    "oldest_late",
    "preferences_of",
    "quick_link",
    "reachable",
    "reason_sentence",
]
