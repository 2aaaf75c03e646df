"""Pages of the rotation."""

from coordination.rotation.views.handovers import handover, handover_history, item, sign
from coordination.rotation.views.terms import confirm, edit, propose, term, timeline, withdraw

__all__ = [
    "confirm",
    "edit",
    "handover",
    "handover_history",
    "item",
    "propose",
    "sign",
    "term",
    "timeline",
    "withdraw",
]
