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
    """A term that has begun cannot be proposed or confirmed.

    The record is corrected instead.
    """


class NothingCorrected(RuleBroken):
    """A correction changes nothing, or its term has not begun."""


class AdministratorNeeded(RuleBroken):
    """A correction that changes who chairs today or later is an administrator's."""


class SourceNeeded(RuleBroken):
    """A correction needs its source."""


class CorrectionClosed(RuleBroken):
    """The correction was applied or withdrawn, or the term has changed since."""


class PlanChanged(RuleBroken):
    """The terms, members or wishes changed since the plan was shown."""


class PlanChangeRefused(RuleBroken):
    """A changed plan names an unknown term or an ineligible agency."""


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
    """Some agency of the two terms has not agreed to this offer."""


class HandoverSetAside(RuleBroken):
    """Nothing is handed over, so nothing is settled or signed."""


class TextDecides(RuleBroken):
    """An item that asks for a text cannot be settled by hand."""


class NoOutgoingSide(RuleBroken):
    """Nobody chaired before the first term, so nobody signs for that side."""


class LevelNotHeld(RuleBroken):
    """A person signs at a level that is theirs."""


class SuccessorConfirmed(RuleBroken):
    """A term with a confirmed successor cannot be signed to the file."""


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
    """A selection's dates are not in order, or end too late."""


class AnswerRefused(RuleBroken):
    """An agency's answer is incomplete or may not follow the previous."""


class DecisionRefused(RuleBroken):
    """A decision lacks what it needs, or the outcome is not possible."""


class VoteRefused(RuleBroken):
    """The vote cannot be opened, cast or closed like this."""


class LetterRefused(RuleBroken):
    """A letter lacks its title, or would replace an agency's own answer."""
