"""Which mails about meetings are due."""

from coordination.meetings.due import agendas, meetings, minutes

__all__ = ["agendas", "meetings", "minutes"]
