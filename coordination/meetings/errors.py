"""Rules of the meetings domain that an act can break."""

from coordination.core.errors import RuleBroken


class EndsBeforeStart(RuleBroken):
    """The meeting ends before it starts."""


class MeetingOver(RuleBroken):
    """A meeting that was held or cancelled is not convened or cancelled again."""


class NotAFile(RuleBroken):
    """The file is too large, or not of a type that we keep."""
