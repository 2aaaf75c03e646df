"""The records of meetings in the admin."""

from coordination.meetings.admin import agendas, meetings, minutes

__all__ = ["agendas", "meetings", "minutes"]
