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
    """Only an administrator may correct who chairs from today on."""


class SourceNeeded(RuleBroken):
    """A correction needs its source."""


class CorrectionClosed(RuleBroken):
    """The correction was applied or withdrawn, or its term changed."""


class PlanChanged(RuleBroken):
    """The terms, members or wishes changed since the plan was shown."""


class PlanChangeRefused(RuleBroken):
    """A changed plan names an unknown term or an ineligible agency."""


class NothingToPropose(RuleBroken):
    """All terms of the plan are proposed already."""


class NoteNeeded(RuleBroken):
    """An item that does not apply needs a reason."""


class ItemStands(RuleBroken):
    """This state may not follow the item's present state.

    A settled item is opened again first.
    """


class AlreadySigned(RuleBroken):
    """This side has signed already."""


class TermNotConfirmed(RuleBroken):
    """The operation needs a confirmed term; this one is not."""


class TermIsOver(RuleBroken):
    """The operation would change who chaired in the past."""


class NothingChanges(RuleBroken):
    """The schedule is so already."""


class NoNeighbour(RuleBroken):
    """No confirmed term follows at once.

    So there is no boundary to move.
    """


class DayOutside(RuleBroken):
    """The day is not one that the operation can use."""


class DecisionNeeded(RuleBroken):
    """An operation names who decided it."""


class ScheduleChanged(RuleBroken):
    """Somebody changed the schedule since the person looked at it."""


class NoVacancy(RuleBroken):
    """Somebody chairs on these days."""


class OfferClosed(RuleBroken):
    """The offer is not open any more.

    It was decided, declined or withdrawn, is void or has lapsed.
    """


class ConsentMissing(RuleBroken):
    """Some agency of the two terms has not agreed to this offer."""


class HandoverSetAside(RuleBroken):
    """Nothing is handed over, so nothing is settled or signed."""


class TextDecides(RuleBroken):
    """An item that asks for a text cannot be settled by hand."""


class NoOutgoingSide(RuleBroken):
    """Nobody chaired before the first term to sign for it."""


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
    """The selection is over, or its term has a decision."""


class SelectionRuns(RuleBroken):
    """The days have a confirmed chair or another selection."""


class DatesOutOfOrder(RuleBroken):
    """A selection's dates are not in order, or end too late."""


class AnswerRefused(RuleBroken):
    """An agency's answer is incomplete or may not follow the previous."""


class DecisionRefused(RuleBroken):
    """A decision is incomplete, or its outcome is impossible."""


class VoteRefused(RuleBroken):
    """The vote cannot be opened, cast or closed like this."""


class LetterRefused(RuleBroken):
    """A letter lacks its title, or would replace an agency's own answer."""
