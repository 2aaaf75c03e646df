"""Pages of the statements domain: one address per view of a statement; links, not modes."""

from coordination.statements.views.acts import (
    act,
    circulate,
    extend,
    issue,
    open_step,
    participants,
    reopen_amendments,
)
from coordination.statements.views.amendments import (
    amend,
    discard_prepared,
    edit_amendment,
    sponsor,
    withdraw_amendment,
)
from coordination.statements.views.comments import discuss, withdraw_comment
from coordination.statements.views.compiled import (
    balance,
    compile_plain,
    compile_text,
    compile_word,
    origins,
)
from coordination.statements.views.deliveries import (
    cancel_delivery,
    edit_delivery,
    note_delivered,
    plan_delivery,
)
from coordination.statements.views.feeds import feed
from coordination.statements.views.lists import list_statements, start
from coordination.statements.views.parts import paragraph, settling
from coordination.statements.views.positions import letter, positions, record_letter
from coordination.statements.views.preparation import add_block, edit_block, paste, remove_block
from coordination.statements.views.reading import compare, draft, history, plain, plain_draft, show
from coordination.statements.views.settlements import (
    adapt,
    adapt_new,
    consolidate,
    decline,
    put_up,
    reopen,
    take,
    take_all_that_merge,
    unsettle,
)

__all__ = [
    "act",
    "adapt",
    "adapt_new",
    "add_block",
    "amend",
    "balance",
    "cancel_delivery",
    "circulate",
    "compare",
    "compile_plain",
    "compile_text",
    "compile_word",
    "consolidate",
    "decline",
    "discard_prepared",
    "discuss",
    "draft",
    "edit_amendment",
    "edit_block",
    "edit_delivery",
    "extend",
    "feed",
    "history",
    "issue",
    "letter",
    "list_statements",
    "note_delivered",
    "open_step",
    "origins",
    "paragraph",
    "participants",
    "paste",
    "plain",
    "plain_draft",
    "plan_delivery",
    "positions",
    "put_up",
    "record_letter",
    "remove_block",
    "reopen",
    "reopen_amendments",
    "settling",
    "show",
    "sponsor",
    "start",
    "take",
    "take_all_that_merge",
    "unsettle",
    "withdraw_amendment",
    "withdraw_comment",
]
