"""The models of meetings, listed here for Django."""

from coordination.meetings.models.agenda import AgendaProposal, PaperPin
from coordination.meetings.models.meetings import (
    AgendaItem,
    Attendance,
    Meeting,
    MeetingAnswer,
    MeetingDocument,
    PrincipalsMeeting,
    RefusedReply,
)
from coordination.meetings.models.minutes import (
    Corrigendum,
    Minutes,
    MinutesCorrection,
    MinutesParagraph,
)
from coordination.meetings.models.outcomes import ActionItem, Decision
from coordination.meetings.models.polls import HourPoll, PollAnswer, PollSlot
from coordination.meetings.models.roll import AttendanceClaim, MeetingVisitor
from coordination.meetings.models.series import MeetingSeries
from coordination.meetings.models.working_hours import WorkingHours

__all__ = [
    "ActionItem",
    "AgendaItem",
    "AgendaProposal",
    "Attendance",
    "AttendanceClaim",
    "Corrigendum",
    "Decision",
    "HourPoll",
    "Meeting",
    "MeetingAnswer",
    "MeetingDocument",
    "MeetingSeries",
    "MeetingVisitor",
    "Minutes",
    "MinutesCorrection",
    "MinutesParagraph",
    "PaperPin",
    "PollAnswer",
    "PollSlot",
    "PrincipalsMeeting",
    "RefusedReply",
    "WorkingHours",
]
