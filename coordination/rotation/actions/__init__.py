"""What people do with terms and handovers."""

from coordination.rotation.actions.handovers import (
    mark_item,
    open_handover,
    reopen_item,
    sign_handover,
)
from coordination.rotation.actions.reference import load
from coordination.rotation.actions.terms import (
    confirm_term,
    edit_term,
    propose_term,
    slug_for,
    withdraw_term,
)

__all__ = [
    "confirm_term",
    "edit_term",
    "load",
    "mark_item",
    "open_handover",
    "propose_term",
    "reopen_item",
    "sign_handover",
    "slug_for",
    "withdraw_term",
]
