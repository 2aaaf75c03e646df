"""Broken rules of the rotation."""

from coordination.core.errors import RuleBroken


class TermsOverlap(RuleBroken):
    """Another term already covers some of the days."""


class NobodyChairs(RuleBroken):
    """A term needs an agency that is a member.

    Each must be one on the first and on the last day.
    """


class TooManyChairs(RuleBroken):
    """More agencies than the group lets chair together."""


class TermNotProposed(RuleBroken):
    """Only a proposal can be confirmed or withdrawn."""


class TermBegan(RuleBroken):
    """A term that has begun is not proposed or confirmed: the record is corrected."""


class NothingCorrected(RuleBroken):
    """A correction says what the record says, or about a term that has not begun."""


class AdministratorNeeded(RuleBroken):
    """A correction that changes who chairs today or later is an administrator's."""


class SourceNeeded(RuleBroken):
    """A correction needs its source."""


class CorrectionClosed(RuleBroken):
    """The correction was applied or withdrawn, or the term has changed since."""


class NoteNeeded(RuleBroken):
    """An item that does not apply needs a reason."""


class ItemStands(RuleBroken):
    """This state may not follow the item's present state.

    A settled item is opened again first.
    """


class AlreadySigned(RuleBroken):
    """This side has signed already."""


class SelectionOver(RuleBroken):
    """The selection was decided or closed, or the term has its decision."""


class SelectionRuns(RuleBroken):
    """Another selection fills these days, or a confirmed term covers them."""


class DatesOutOfOrder(RuleBroken):
    """The dates of a selection follow each other, and end before its first term."""


class AnswerRefused(RuleBroken):
    """The answer of an agency is incomplete, or may not follow the one before."""


class DecisionRefused(RuleBroken):
    """A decision lacks what it needs, or the outcome is not possible."""


class VoteRefused(RuleBroken):
    """The vote cannot be opened, cast or closed like this."""
