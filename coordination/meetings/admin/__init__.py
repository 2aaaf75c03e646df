"""Meetings in the admin.

Every kind, the records of principals' meetings, and minutes.
"""

from coordination.meetings.admin import agendas, meetings, minutes, principals

__all__ = ["agendas", "meetings", "minutes", "principals"]
