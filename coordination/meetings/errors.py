"""Rules of the meetings domain that an act can break."""

from coordination.core.errors import RuleBroken


class EndsBeforeStart(RuleBroken):
    """The meeting ends before it starts."""


class MeetingOver(RuleBroken):
    """A meeting that was held or cancelled is not moved or cancelled any more."""


class NotBegun(RuleBroken):
    """A meeting that is to come has no outcome yet."""


class ItemSettled(RuleBroken):
    """What is settled is opened again before it is settled in another way."""


class NotAFile(RuleBroken):
    """The file is too large, or not of a type that we keep."""
