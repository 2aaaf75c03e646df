"""The models of meetings, listed here for Django."""

from coordination.meetings.models.meetings import (
    ActionItem,
    AgendaItem,
    Attendance,
    Decision,
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
from coordination.meetings.models.polls import HourPoll, PollAnswer, PollSlot
from coordination.meetings.models.roll import AttendanceClaim, MeetingVisitor
from coordination.meetings.models.working_hours import WorkingHours

__all__ = [
    "ActionItem",
    "AgendaItem",
    "Attendance",
    "AttendanceClaim",
    "Corrigendum",
    "Decision",
    "HourPoll",
    "Meeting",
    "MeetingAnswer",
    "MeetingDocument",
    "MeetingVisitor",
    "Minutes",
    "MinutesCorrection",
    "MinutesParagraph",
    "PollAnswer",
    "PollSlot",
    "PrincipalsMeeting",
    "RefusedReply",
    "WorkingHours",
]
