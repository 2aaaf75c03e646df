"""Rules of the reminders domain that an act can break."""

from coordination.core.errors import RuleBroken


class MustArrive(RuleBroken):
    """A reminder that asks for a decision cannot be switched off."""


class NotParked(RuleBroken):
    """Only what could not be delivered is tried again."""
