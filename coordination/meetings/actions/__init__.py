"""What people do with meetings."""

from coordination.meetings.actions.items import Task, add_action_item, update_action_item
from coordination.meetings.actions.meetings import (
    cancel_meeting,
    convene,
    edit_meeting,
    record_outcome,
)
from coordination.meetings.actions.reference import load

__all__ = [
    "Task",
    "add_action_item",
    "cancel_meeting",
    "convene",
    "edit_meeting",
    "load",
    "record_outcome",
    "update_action_item",
]
