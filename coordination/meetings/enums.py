"""Closed lists of meetings, and which states may follow each."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coordination.core.enums import ChangeReason
from coordination.core.states import Life
from coordination.members.enums import ActingLevel


class MeetingKind(TextChoices):
    """Who meets."""

    WORKING_LEVEL = "working_level", _("working-level meeting")
    PRINCIPALS = "principals", _("principals’ meeting")
    WORKING_GROUP = "working_group", _("working-group meeting")
    EVENT = "event", pgettext_lazy("kind of meeting", "event")


class MeetingState(TextChoices):
    """The state of a meeting; a cancelled one stays on record."""

    CONVENED = "convened", pgettext_lazy("meeting", "convened")
    HELD = "held", pgettext_lazy("meeting", "held")
    CANCELLED = "cancelled", pgettext_lazy("meeting", "cancelled")


class Level(TextChoices):
    """At what level an agency attended."""

    PRINCIPAL = ActingLevel.PRINCIPAL.value, ActingLevel.PRINCIPAL.label
    DEPUTY = ActingLevel.DEPUTY.value, ActingLevel.DEPUTY.label
    DELEGATE = ActingLevel.DELEGATE.value, ActingLevel.DELEGATE.label
    FOCAL_POINT = ActingLevel.FOCAL_POINT.value, ActingLevel.FOCAL_POINT.label
    APOLOGIES = "apologies", _("apologies")
    ABSENT = "absent", pgettext_lazy("level of attendance", "absent")


class Where(TextChoices):
    """How somebody took part in a meeting."""

    ROOM = "room", _("in the room")
    VIDEO = "video", _("by video")
    PHONE = "phone", _("by phone")


class ClaimState(TextChoices):
    """The state of a person's claim that they attended."""

    WAITING = "waiting", pgettext_lazy("claim", "waiting")
    CONFIRMED = "confirmed", pgettext_lazy("claim", "confirmed")
    DECLINED = "declined", pgettext_lazy("claim", "declined")


class Reply(TextChoices):
    """What a person answers to an invitation.

    The values are those of iCalendar's PARTSTAT in lower case (RFC 5545, section 3.2.12).
    """

    ACCEPTED = "accepted", _("I will attend")
    TENTATIVE = "tentative", _("Perhaps")
    DECLINED = "declined", _("I cannot attend")
    DELEGATED = "delegated", _("A colleague goes instead")


class RefusalReason(TextChoices):
    """Why a mail with a calendar's answer changed nothing."""

    UNKNOWN_SENDER = "unknown_sender", _("nobody here has this address")
    FORGED = "forged", _("the sender is not the one who answers")
    UNKNOWN_MEETING = "unknown_meeting", _("it names no meeting of ours")
    NOT_INVITED = "not_invited", _("the sender is not invited")
    OUTDATED = "outdated", _("the meeting has begun, was moved or was cancelled")
    UNREADABLE = "unreadable", _("the answer cannot be read")


class ActionState(TextChoices):
    """The state of an action item."""

    OPEN = "open", pgettext_lazy("action item", "open")
    IN_PROGRESS = "in_progress", _("in progress")
    DONE = "done", pgettext_lazy("action item", "done")
    DROPPED = "dropped", pgettext_lazy("action item", "dropped")


class PollState(TextChoices):
    """The state of a poll on hours."""

    OPEN = "open", pgettext_lazy("poll", "open")
    CLOSED = "closed", pgettext_lazy("poll", "closed")


class SlotAnswer(TextChoices):
    """What an agency says about a proposed hour."""

    YES = "yes", pgettext_lazy("answer about an hour", "yes")
    IF_NEED_BE = "if_need_be", _("if need be")
    NO = "no", pgettext_lazy("answer about an hour", "no")


class MeetingChange(ChangeReason):
    """Why history records a change of meetings and action items."""

    MEETING_CONVENED = "meeting_convened", _("Convened the meeting")
    MEETING_RECORDED = "meeting_recorded", _("Put the meeting on record after it was held")
    MEETING_CORRECTED = "meeting_corrected", _("Corrected the meeting")
    MEETING_AND_AGENDA_CORRECTED = (
        "meeting_and_agenda_corrected",
        _("Corrected the meeting and its agenda"),
    )
    MEETING_CANCELLED = "meeting_cancelled", _("Cancelled the meeting")
    WORKING_HOURS_SET = "working_hours_set", _("Set the working hours")
    POLL_OPENED = "poll_opened", _("Opened the poll")
    POLL_ANSWERED = "poll_answered", _("Answered")
    POLL_CLOSED = "poll_closed", _("Closed the poll")
    POLL_SETTLED = "poll_settled", _("Convened the meeting of the poll")
    PRESENCE_CLAIMED = "presence_claimed", _("Said that they attended")
    CLAIM_CONFIRMED = "claim_confirmed", _("Confirmed that they attended")
    CLAIM_DECLINED = "claim_declined", _("Did not confirm that they attended")
    RECORD_AGREED = "record_agreed", _("Noted that the record is agreed")
    RECORD_REOPENED = "record_reopened", _("Opened the agreed record again: %(why)s")
    OUTCOME_RECORDED = "outcome_recorded", _("Recorded the outcome")
    ANSWER_ACCEPTED = "answer_accepted", _("Will attend")
    ANSWER_TENTATIVE = "answer_tentative", _("Will perhaps attend")
    ANSWER_DECLINED = "answer_declined", _("Cannot attend")
    ANSWER_DELEGATED = "answer_delegated", _("Sends a colleague")
    ACTION_ITEM_NOTED = "action_item_noted", _("Noted")
    ACTION_ITEM_OPEN = "action_item_open", _("Now open")
    ACTION_ITEM_IN_PROGRESS = "action_item_in_progress", _("Now in progress")
    ACTION_ITEM_DONE = "action_item_done", _("Now done")
    ACTION_ITEM_DROPPED = "action_item_dropped", _("Now dropped")


MEETING_LIFE = Life(
    name="meeting",
    title="The life of a meeting",
    states=MeetingState,
    begins=(MeetingState.CONVENED, MeetingState.HELD),
    moves={
        MeetingState.CONVENED: frozenset({MeetingState.HELD, MeetingState.CANCELLED}),
        MeetingState.HELD: frozenset({MeetingState.HELD, MeetingState.CONVENED}),
        MeetingState.CANCELLED: frozenset(),
    },
    notes=(
        (
            "A meeting counts as held once its outcome is recorded, after it began; the outcome "
            "may be corrected. A meeting of published sources is held from the start, and so is one"
            " that the chair puts on record after it ended."
        ),
        (
            "Administrators keep the records in the admin: a meeting that they put on record after"
            " it began counts as held; one whose hour they move to the future is convened again."
        ),
    ),
)
POLL_LIFE = Life(
    name="poll",
    title="The life of a poll on hours",
    states=PollState,
    begins=(PollState.OPEN,),
    moves={PollState.OPEN: frozenset({PollState.CLOSED}), PollState.CLOSED: frozenset()},
    notes=(
        (
            "An open poll takes answers until its end. The chair closes it, or convenes a meeting "
            "at one of its hours, which closes it too."
        ),
    ),
)
ACTION_LIFE = Life(
    name="action-item",
    title="The life of an action item",
    states=ActionState,
    begins=(ActionState.OPEN,),
    moves={
        ActionState.OPEN: frozenset(ActionState),
        ActionState.IN_PROGRESS: frozenset(ActionState),
        ActionState.DONE: frozenset({ActionState.OPEN, ActionState.IN_PROGRESS, ActionState.DONE}),
        ActionState.DROPPED: frozenset(
            {ActionState.OPEN, ActionState.IN_PROGRESS, ActionState.DROPPED}
        ),
    },
    notes=(
        (
            "The same state may be recorded again with another note. An item that is done is "
            "opened again before it is dropped, and the other way round."
        ),
    ),
)
CLAIM_LIFE = Life(
    name="attendance-claim",
    title="The life of a claim to have attended",
    states=ClaimState,
    begins=(ClaimState.WAITING,),
    moves={
        ClaimState.WAITING: frozenset({ClaimState.CONFIRMED, ClaimState.DECLINED}),
        ClaimState.CONFIRMED: frozenset(),
        ClaimState.DECLINED: frozenset(),
    },
    notes=(
        (
            "A focal point says within five working days that they attended. Who keeps the minutes "
            "confirms it, which puts it on the roll, or declines it."
        ),
    ),
)
