"""Meetings in the admin: every kind, and the records of principals' meetings."""

from coordination.meetings.admin import meetings, principals

__all__ = ["meetings", "principals"]
