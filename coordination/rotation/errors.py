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


class PlanChanged(RuleBroken):
    """The terms, members or wishes are other ones than those that the plan was shown for."""


class PlanChangeRefused(RuleBroken):
    """A change of a plan names no open term or agency, or an agency that is no member then."""


class NothingToPropose(RuleBroken):
    """All terms of the plan are proposed as they are planned."""


class NoteNeeded(RuleBroken):
    """An item that does not apply needs a reason."""


class ItemStands(RuleBroken):
    """This state may not follow the item's present state.

    A settled item is opened again first.
    """


class AlreadySigned(RuleBroken):
    """This side has signed already."""


class TermNotConfirmed(RuleBroken):
    """The operation is about a confirmed term; this one is not."""


class TermIsOver(RuleBroken):
    """The operation would change who chaired on a day that is past."""


class NothingChanges(RuleBroken):
    """The schedule is so already."""


class NoNeighbour(RuleBroken):
    """No confirmed term follows at once, so there is no boundary to move."""


class DayOutside(RuleBroken):
    """The day is not one that the operation can use."""


class DecisionNeeded(RuleBroken):
    """An operation names who decided it."""


class ScheduleChanged(RuleBroken):
    """Somebody changed the schedule since the person looked at it."""


class NoVacancy(RuleBroken):
    """Somebody chairs on these days."""


class OfferClosed(RuleBroken):
    """The offer was decided, declined, withdrawn, or is void or has lapsed."""


class ConsentMissing(RuleBroken):
    """Not all agencies of the two terms agreed to the offer as it is now."""


class HandoverSetAside(RuleBroken):
    """Nothing is handed over, so nothing is settled or signed."""


class TextDecides(RuleBroken):
    """An item that asks for a text is done when the text exists, not by hand."""


class NoOutgoingSide(RuleBroken):
    """Nobody chaired before the first term, so nobody signs for that side."""


class LevelNotHeld(RuleBroken):
    """A person signs at a level that is theirs."""


class SuccessorConfirmed(RuleBroken):
    """A term with a confirmed successor is handed over, not signed to the file."""


class SecretRefused(RuleBroken):
    """The text seems to hold a password."""


class PromiseClosed(RuleBroken):
    """The promise was kept or dropped already."""


class IfAndThen(RuleBroken):
    """“If” and “then” belong together."""


class TextGone(RuleBroken):
    """The lesson was withdrawn, or the place ended."""


class SideChanged(RuleBroken):
    """What a side signs changed after its page was opened."""


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


class LetterRefused(RuleBroken):
    """A letter lacks its title, or may not stand for what the agency said itself."""
