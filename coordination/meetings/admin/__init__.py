"""Meetings in the admin: every kind, the records of principals' meetings, and minutes."""

from coordination.meetings.admin import meetings, minutes, principals

__all__ = ["meetings", "minutes", "principals"]
