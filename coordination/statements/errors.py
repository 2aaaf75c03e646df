"""Errors of the statements domain."""

from django.utils.translation import gettext as _

from coordination.core.errors import RuleBroken


class WrongState(RuleBroken):
    """The state of the statement does not allow this action."""


class DraftCirculated(RuleBroken):
    """The draft was circulated; a circulated draft never changes."""


class NotNewestDraft(RuleBroken):
    """A newer draft was issued."""


class DeadlineNotAhead(RuleBroken):
    """The deadline is not in the future."""


class TooShort(RuleBroken):
    """The time is shorter than the group's least, without a reason."""


class DeadlinePassed(RuleBroken):
    """The deadline for amendments has passed."""


class NothingRecognised(RuleBroken):
    """The text has no words."""


class NothingChanged(RuleBroken):
    """The proposed text changes nothing."""


class NoSuchParagraph(RuleBroken):
    """The text has no paragraph with that number."""


class NotParticipating(RuleBroken):
    """The agency does not take part in the statement."""

    def __init__(self, agency: object) -> None:
        """Name the agency."""
        super().__init__(
            _(
                "%(agency)s does not take part in this statement. The chair may add it until "
                "clearance begins."
            )
            % {"agency": agency}
        )


class InClearance(RuleBroken):
    """Agencies cannot be added while positions are taken."""


class PutOutLater(RuleBroken):
    """An agency cannot be removed after circulation."""


class DeliveryAhead(RuleBroken):
    """The day of the delivery has not come."""


class DeliverySettled(RuleBroken):
    """The delivery is already noted or cancelled."""


class ReasonMissing(RuleBroken):
    """A reason is required."""


class AlreadyAmended(RuleBroken):
    """The agency already has an open amendment to the paragraph."""


class OwnAmendment(RuleBroken):
    """An agency cannot co-sponsor its own amendment."""


class Reworded(RuleBroken):
    """The amendment's words changed since the person read them."""


class LetterMissing(RuleBroken):
    """The letter of a position, or its signatory, is missing."""


class CallIncomplete(RuleBroken):
    """A detail of the call is missing or impossible.

    Who spoke, when, or who heard it.
    """


class NobodySilent(RuleBroken):
    """Every agency that is asked has spoken."""


class WrittenToday(RuleBroken):
    """The chair has written to the silent today already."""


class NotAMember(RuleBroken):
    """The agency is not asked for a position."""


class AlreadySent(RuleBroken):
    """The prepared amendment was sent or discarded."""


class NotOnThisText(RuleBroken):
    """The comment's subject is withdrawn or not in the draft."""

    def __init__(self) -> None:
        """Take no arguments: the message is always the same."""
        super().__init__(
            _(
                "The paragraph or amendment of this comment was withdrawn, or is no longer in the "
                "newest draft."
            )
        )


class CommentWithdrawn(RuleBroken):
    """The comment is already withdrawn."""


class NotMentioned(RuleBroken):
    """A comment does not mention the agency."""


class AmendmentSettled(RuleBroken):
    """The amendment is already settled or withdrawn."""


class BlockSettled(RuleBroken):
    """The amendment does not fit the paragraph's settled text."""


class SettledAlready(RuleBroken):
    """The chair has already settled amendments to the draft."""


class AmendmentsOpen(RuleBroken):
    """Some amendments are still open."""


class StepClosed(RuleBroken):
    """The step of clearance is closed."""


class OtherText(RuleBroken):
    """The position is on an older text."""


class TextChanged(RuleBroken):
    """The text is not the one that the chair previewed."""


class PositionsMissing(RuleBroken):
    """Some agencies have not taken a position, or object."""


class NobodyObjects(RuleBroken):
    """No agency objects to the text."""


class NoStepLeft(RuleBroken):
    """Every clearance step is already open or closed."""


class StepsLeft(RuleBroken):
    """Some clearance steps were not opened on this text."""


class NobodySigns(RuleBroken):
    """No agency approves the text."""


class AlreadyReleased(RuleBroken):
    """The statement is already public."""


class ReleaseNotPlanned(RuleBroken):
    """No release is planned."""


class KeyFromSettings(RuleBroken):
    """The app cannot change a signing key in the environment."""


class NotInLanguages(RuleBroken):
    """The language is not another language of the group."""


class ParagraphMissing(RuleBroken):
    """A paragraph has no text in the other language."""


class NothingKept(RuleBroken):
    """No change of a Word file was kept."""


class FileEnded(RuleBroken):
    """A Word file's changes were proposed or discarded already."""


class FileOfAnother(RuleBroken):
    """A Word file was made from another statement."""


class NoWordText(RuleBroken):
    """A Word file could not be read."""
