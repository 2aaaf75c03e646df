"""What people do with statements; each state change is one function.

Every act locks the statement first.
"""

from coordination.statements.actions.amendments import (
    Proposal,
    amend,
    close_amendments,
    edit_amendment,
    refuse_closed,
    reopen_amendments,
    withdraw_amendment,
)
from coordination.statements.actions.comments import About, comment, withdraw_comment
from coordination.statements.actions.deliveries import (
    Occasion,
    cancel_delivery,
    edit_delivery,
    note_delivered,
    plan_delivery,
)
from coordination.statements.actions.drafts import (
    Framing,
    add_block,
    circulate_draft,
    edit_block,
    issue_draft,
    paste_text,
    remove_block,
    start_statement,
)
from coordination.statements.actions.participants import choose_participants
from coordination.statements.actions.positions import (
    Letter,
    Said,
    adopt,
    extend_step,
    open_next_step,
    record_letter,
    release,
    return_to_consolidation,
    take_position,
    withdraw_statement,
)
from coordination.statements.actions.preparing import (
    discard_prepared,
    edit_prepared,
    prepare_amendment,
    prepare_position,
    send_prepared,
)
from coordination.statements.actions.readings import note_reading
from coordination.statements.actions.reference import load
from coordination.statements.actions.settlements import (
    adapt,
    adapt_new,
    decline,
    put_up,
    reopen,
    take,
    take_all_that_merge,
    unsettle,
)
from coordination.statements.actions.sponsors import cosponsor, leave_sponsors

__all__ = [
    "About",
    "Framing",
    "Letter",
    "Occasion",
    "Proposal",
    "Said",
    "adapt",
    "adapt_new",
    "add_block",
    "adopt",
    "amend",
    "cancel_delivery",
    "choose_participants",
    "circulate_draft",
    "close_amendments",
    "comment",
    "cosponsor",
    "decline",
    "discard_prepared",
    "edit_amendment",
    "edit_block",
    "edit_delivery",
    "edit_prepared",
    "extend_step",
    "issue_draft",
    "leave_sponsors",
    "load",
    "note_delivered",
    "note_reading",
    "open_next_step",
    "paste_text",
    "plan_delivery",
    "prepare_amendment",
    "prepare_position",
    "put_up",
    "record_letter",
    "refuse_closed",
    "release",
    "remove_block",
    "reopen",
    "reopen_amendments",
    "return_to_consolidation",
    "send_prepared",
    "start_statement",
    "take",
    "take_all_that_merge",
    "take_position",
    "unsettle",
    "withdraw_amendment",
    "withdraw_comment",
    "withdraw_statement",
]
