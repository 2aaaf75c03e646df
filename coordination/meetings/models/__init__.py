"""The models of meetings, listed here for Django."""

from coordination.meetings.models.meetings import (
    ActionItem,
    AgendaItem,
    Attendance,
    Decision,
    Meeting,
    MeetingDocument,
    PrincipalsMeeting,
)

__all__ = [
    "ActionItem",
    "AgendaItem",
    "Attendance",
    "Decision",
    "Meeting",
    "MeetingDocument",
    "PrincipalsMeeting",
]
