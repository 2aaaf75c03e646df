"""What is done with reminders: plan, deliver, try again, prefer."""

from coordination.reminders.actions.delivery import Delivered, deliver
from coordination.reminders.actions.planning import Planned, plan
from coordination.reminders.actions.preferences import prefer, retry, switch_off

__all__ = ["Delivered", "Planned", "deliver", "plan", "prefer", "retry", "switch_off"]
