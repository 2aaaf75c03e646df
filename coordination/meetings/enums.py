"""Closed lists of meetings, and which states may follow each."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coordination.core.enums import ChangeReason
from coordination.core.states import Life
from coordination.meetings.slots import recurrence
from coordination.members.enums import ActingLevel


class MeetingKind(TextChoices):
    """Who meets."""

    WORKING_LEVEL = "working_level", _("working-level meeting")
    PRINCIPALS = "principals", _("principals’ meeting")
    WORKING_GROUP = "working_group", _("working-group meeting")
    EVENT = "event", pgettext_lazy("kind of meeting", "event")


class Repeats(TextChoices):
    """How a series repeats.

    Weekday and place in the month are those of its first day.
    """

    WEEKLY = recurrence.WEEKLY, _("every week")
    FORTNIGHTLY = recurrence.FORTNIGHTLY, _("every second week")
    MONTHLY = recurrence.MONTHLY, _("every month, such as the third Wednesday")
    MONTHLY_LAST = recurrence.MONTHLY_LAST, _("every month, such as the last Wednesday")


class MeetingState(TextChoices):
    """The state of a meeting.

    A cancelled one stays on record.
    """

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


class ProposalState(TextChoices):
    """The state of what an agency proposes for an agenda."""

    WAITING = "waiting", pgettext_lazy("proposal", "waiting for the chair")
    ACCEPTED = "accepted", pgettext_lazy("proposal", "on the agenda")
    DECLINED = "declined", pgettext_lazy("proposal", "declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("proposal", "withdrawn")


class PollState(TextChoices):
    """The state of a poll on hours."""

    OPEN = "open", pgettext_lazy("poll", "open")
    CLOSED = "closed", pgettext_lazy("poll", "closed")


class SlotAnswer(TextChoices):
    """What an agency says about a proposed hour."""

    YES = "yes", pgettext_lazy("answer about an hour", "yes")
    IF_NEED_BE = "if_need_be", _("if need be")
    NO = "no", pgettext_lazy("answer about an hour", "no")


class MinutesState(TextChoices):
    """The state of the minutes of a meeting."""

    DRAFT = "draft", pgettext_lazy("minutes", "draft")
    CIRCULATED = "circulated", pgettext_lazy("minutes", "circulated")
    ADOPTED = "adopted", pgettext_lazy("minutes", "adopted")


class ParagraphKind(TextChoices):
    """What a paragraph of minutes records."""

    INFORMATION = "information", pgettext_lazy("paragraph of minutes", "information")
    DECISION = "decision", pgettext_lazy("paragraph of minutes", "decision")
    ACTION = "action", pgettext_lazy("paragraph of minutes", "action")
    ABSENT = "absent", pgettext_lazy("paragraph of minutes", "who was not there for this item")


class CorrectionKind(TextChoices):
    """What a correction does to a paragraph of minutes."""

    CHANGE = "change", pgettext_lazy("correction", "change this paragraph")
    ADD = "add", pgettext_lazy("correction", "add a paragraph after it")
    REMOVE = "remove", pgettext_lazy("correction", "remove this paragraph")


class CorrectionState(TextChoices):
    """The state of a correction of minutes."""

    OPEN = "open", pgettext_lazy("correction", "open")
    TAKEN = "taken", pgettext_lazy("correction", "taken")
    ADAPTED = "adapted", pgettext_lazy("correction", "adapted")
    DECLINED = "declined", pgettext_lazy("correction", "declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("correction", "withdrawn")


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
    SERIES_CONVENED = "series_convened", _("Convened the series")
    SERIES_CHANGED = "series_changed", _("Changed hour or place of the series")
    SERIES_EXTENDED = "series_extended", _("Extended the series")
    SERIES_ENDED = "series_ended", _("Ended the series")
    AGENDA_ITEM_ADDED = "agenda_item_added", _("Put on the agenda")
    AGENDA_ITEM_CHANGED = "agenda_item_changed", _("Changed on the agenda")
    AGENDA_ITEM_MOVED = "agenda_item_moved", _("Moved on the agenda")
    AGENDA_ITEM_REMOVED = "agenda_item_removed", _("Taken off the agenda")
    PAPER_ADDED = "paper_added", _("Added the paper")
    PAPER_RENEWED = "paper_renewed", _("Added a version of the paper")
    PAPER_PINNED = "paper_pinned", _("Put to the agenda item")
    PIN_MOVED = "pin_moved", _("Took the newer version for the agenda item")
    PIN_REMOVED = "pin_removed", _("Took off the agenda item")
    PROPOSAL_MADE = "proposal_made", _("Proposed")
    PROPOSAL_ACCEPTED = "proposal_accepted", _("Took on an agenda")
    PROPOSAL_DECLINED = "proposal_declined", _("Declined")
    PROPOSAL_WITHDRAWN = "proposal_withdrawn", _("Withdrew")
    MINUTES_BEGUN = "minutes_begun", _("Began the minutes")
    MINUTES_CIRCULATED = "minutes_circulated", _("Circulated the minutes")
    MINUTES_ADOPTED = "minutes_adopted", _("Adopted the minutes")
    MINUTES_PARAGRAPH_WRITTEN = "minutes_paragraph_written", _("Wrote the paragraph")
    MINUTES_PARAGRAPH_CHANGED = "minutes_paragraph_changed", _("Changed the paragraph")
    MINUTES_PARAGRAPH_MOVED = "minutes_paragraph_moved", _("Moved the paragraph")
    MINUTES_PARAGRAPH_REMOVED = "minutes_paragraph_removed", _("Removed the paragraph")
    MINUTES_PARAGRAPH_RESTORED = "minutes_paragraph_restored", _("Restored the paragraph")
    MINUTES_PARAGRAPH_CORRECTED = (
        "minutes_paragraph_corrected",
        _("Corrected the paragraph"),
    )
    MINUTES_CORRECTION_PROPOSED = "minutes_correction_proposed", _("Proposed the correction")
    MINUTES_CORRECTION_TAKEN = "minutes_correction_taken", _("Took the correction")
    MINUTES_CORRECTION_ADAPTED = (
        "minutes_correction_adapted",
        _("Adapted the correction"),
    )
    MINUTES_CORRECTION_DECLINED = "minutes_correction_declined", _("Declined the correction")
    MINUTES_CORRECTION_WITHDRAWN = "minutes_correction_withdrawn", _("Withdrew the correction")
    CORRIGENDUM_ISSUED = "corrigendum_issued", _("Issued the corrigendum")
    DECISION_NUMBERED = "decision_numbered", _("Entered in the register of decisions")
    DECISION_CORRECTED = "decision_corrected", _("Followed the corrected minutes")


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
PROPOSAL_LIFE = Life(
    name="agenda-proposal",
    title="The life of a proposal for an agenda",
    states=ProposalState,
    begins=(ProposalState.WAITING,),
    moves={
        ProposalState.WAITING: frozenset(
            {ProposalState.ACCEPTED, ProposalState.DECLINED, ProposalState.WITHDRAWN}
        ),
        ProposalState.ACCEPTED: frozenset(),
        ProposalState.DECLINED: frozenset(),
        ProposalState.WITHDRAWN: frozenset(),
    },
    notes=(
        (
            "Any agency proposes an item. The chair takes it on the agenda of a meeting to come, or"
            " declines it with a reason; the agency may withdraw it before."
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
MINUTES_LIFE = Life(
    name="minutes",
    title="The life of minutes",
    states=MinutesState,
    begins=(MinutesState.DRAFT,),
    moves={
        MinutesState.DRAFT: frozenset({MinutesState.CIRCULATED}),
        MinutesState.CIRCULATED: frozenset({MinutesState.ADOPTED}),
        MinutesState.ADOPTED: frozenset(),
    },
    notes=(
        (
            "A draft is for those who keep the minutes. Circulated minutes change only by "
            "corrections, which agencies propose and the chair decides. Adopted minutes never "
            "change; a corrigendum stands beside them."
        ),
    ),
)
CORRECTION_LIFE = Life(
    name="correction",
    title="The life of a correction of minutes",
    states=CorrectionState,
    begins=(CorrectionState.OPEN,),
    moves={
        CorrectionState.OPEN: frozenset(CorrectionState) - {CorrectionState.OPEN},
        CorrectionState.TAKEN: frozenset(),
        CorrectionState.ADAPTED: frozenset(),
        CorrectionState.DECLINED: frozenset(),
        CorrectionState.WITHDRAWN: frozenset(),
    },
    notes=("Minutes are adopted once no correction is open and the time for corrections is over.",),
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
