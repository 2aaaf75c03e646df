"""Rules of the statements domain that an act can break."""

from django.utils.translation import gettext as _

from coordination.core.errors import RuleBroken


class WrongState(RuleBroken):
    """The statement is at a point of its life at which this cannot be done."""


class DraftCirculated(RuleBroken):
    """The draft was circulated; a circulated draft never changes."""


class NotNewestDraft(RuleBroken):
    """A newer draft has been issued since."""


class DeadlineNotAhead(RuleBroken):
    """The deadline does not lie in the future."""


class DeadlinePassed(RuleBroken):
    """The deadline for amendments has passed."""


class NothingRecognised(RuleBroken):
    """The text has no words."""


class NothingChanged(RuleBroken):
    """The proposed text is the text as it stands."""


class NoSuchParagraph(RuleBroken):
    """The text has no paragraph of that number."""


class NotParticipating(RuleBroken):
    """The agency is not among those of the statement."""

    def __init__(self, agency: object) -> None:
        """Name the agency."""
        super().__init__(
            _(
                "%(agency)s is not among the agencies of this statement; the chair may add it "
                "until clearance begins."
            )
            % {"agency": agency}
        )


class InClearance(RuleBroken):
    """The agencies are asked for their positions; none can be added now."""


class PutOutLater(RuleBroken):
    """An agency that has been asked cannot be left out any more."""


class DeliveryAhead(RuleBroken):
    """The day of the delivery has not come."""


class DeliverySettled(RuleBroken):
    """The delivery was noted or cancelled."""


class ReasonMissing(RuleBroken):
    """This asks for a reason."""


class AlreadyAmended(RuleBroken):
    """The agency already has an open amendment to the paragraph."""


class OwnAmendment(RuleBroken):
    """An agency does not co-sponsor what it proposed itself."""


class Reworded(RuleBroken):
    """The amendment has other words than those that were seen."""


class LetterMissing(RuleBroken):
    """A position that came by letter has the letter attached."""


class NotAMember(RuleBroken):
    """The agency is not asked for a position."""


class AlreadySent(RuleBroken):
    """What was prepared has been sent or discarded."""


class NotOnThisText(RuleBroken):
    """The paragraph or amendment is not of the statement's newest draft.

    Or the amendment was withdrawn.
    """

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            _(
                "The paragraph or amendment that this is about was withdrawn, or is not in the "
                "newest draft any more."
            )
        )


class CommentWithdrawn(RuleBroken):
    """The comment was withdrawn already."""


class AmendmentSettled(RuleBroken):
    """The amendment is settled or withdrawn already."""


class BlockSettled(RuleBroken):
    """The paragraph already has a settled text, and it is another one."""


class SettledAlready(RuleBroken):
    """The chair settled amendments to the draft already."""


class AmendmentsOpen(RuleBroken):
    """Some amendments are neither taken nor declined."""


class StepClosed(RuleBroken):
    """The step of clearance is closed."""


class OtherText(RuleBroken):
    """The position was taken on a text that is not the one that is asked about now."""


class PositionsMissing(RuleBroken):
    """Some agencies have not spoken, or object."""


class NobodyObjects(RuleBroken):
    """No agency objects to the text."""


class NoStepLeft(RuleBroken):
    """Every step of clearance has been opened."""


class StepsLeft(RuleBroken):
    """Not every step of clearance has been opened on this text."""


class NobodySigns(RuleBroken):
    """No agency approves the text."""


class AlreadyReleased(RuleBroken):
    """The statement is public already."""
