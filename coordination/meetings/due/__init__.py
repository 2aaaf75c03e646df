"""Which mails about meetings are due."""

from coordination.meetings.due import meetings, minutes

__all__ = ["meetings", "minutes"]
