"""Pages of the statements domain: one address per view of a statement; links, not modes."""

from coordination.statements.views.acts import act, circulate, extend, issue, open_step
from coordination.statements.views.amendments import amend, edit_amendment, withdraw_amendment
from coordination.statements.views.feeds import feed
from coordination.statements.views.lists import list_statements, start
from coordination.statements.views.positions import positions
from coordination.statements.views.preparation import edit_block, paste, remove_block
from coordination.statements.views.reading import compare, draft, history, plain, plain_draft, show
from coordination.statements.views.settlements import adapt, adapt_new, consolidate, decline, reopen, take, take_all_that_merge, unsettle

__all__ = [
    "act",
    "adapt",
    "adapt_new",
    "amend",
    "circulate",
    "compare",
    "consolidate",
    "decline",
    "draft",
    "edit_amendment",
    "edit_block",
    "extend",
    "feed",
    "history",
    "issue",
    "list_statements",
    "open_step",
    "paste",
    "plain",
    "plain_draft",
    "positions",
    "remove_block",
    "reopen",
    "show",
    "start",
    "take",
    "take_all_that_merge",
    "unsettle",
    "withdraw_amendment",
]
