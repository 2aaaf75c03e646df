"""The records of meetings in the admin."""

from coordination.meetings.admin import meetings, minutes

__all__ = ["meetings", "minutes"]
