"""Broken rules of the meetings domain."""

from coordination.core.errors import RuleBroken


class EndsBeforeStart(RuleBroken):
    """The meeting ends before it starts."""


class MeetingOver(RuleBroken):
    """A held or cancelled meeting cannot be moved or cancelled."""


class NotBegun(RuleBroken):
    """A meeting that has not begun has no outcome yet."""


class ItemSettled(RuleBroken):
    """A settled item must be opened again before it is settled differently."""


class NotAFile(RuleBroken):
    """The file is too large, or of an unknown type."""
