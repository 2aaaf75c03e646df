"""Broken rules of the reminders domain."""

from coordination.core.errors import RuleBroken


class MustArrive(RuleBroken):
    """A reminder that asks for a decision cannot be switched off."""


class NotParked(RuleBroken):
    """Only a mail that could not be delivered can be retried."""
