"""The mails that statements send."""

from django.utils.translation import gettext_lazy as _

from coordination.core.due import Source, register
from coordination.statements.due import (
    amending,
    clearance,
    comments,
    endings,
    short,
    silent,
    word_files,
)

register(
    Source(
        kind="statements.amend_open",
        label=_("A draft is open to amendments"),
        can_be_off=True,
        find=amending.open_to_amendments,
        changed=_("The deadline was moved, or amendments are closed."),
    )
)
register(
    Source(
        kind="statements.position_due",
        label=_("My agency is asked for a position"),
        can_be_off=False,
        find=clearance.waiting_positions,
        changed=_("The step was closed, its deadline was moved, or its silence was broken."),
    )
)
register(
    Source(
        kind="statements.step_changed",
        label=_("Silence passed or broken, a deadline moved"),
        can_be_off=False,
        find=clearance.changed_steps,
        find_since=clearance.changed_steps,
        changed=_("The step was changed again."),
    )
)
register(
    Source(
        kind="statements.short_deadline",
        label=_("A deadline is shorter than the group’s least"),
        can_be_off=False,
        find=short.short_deadlines,
        changed=_("The deadline was moved, or the step was closed."),
    )
)
register(
    Source(
        kind="statements.letter_to_silent",
        label=_("The chair writes to agencies that have not spoken"),
        can_be_off=False,
        find=silent.letters_to_silent,
        find_since=silent.letters_to_silent,
        changed=_("The agency has spoken, or the step was closed."),
    )
)
register(
    Source(
        kind="statements.call_recorded",
        label=_("The chair records an approval that my agency gave by telephone"),
        can_be_off=False,
        find=silent.recorded_calls,
        find_since=silent.recorded_calls,
    )
)
register(
    Source(
        kind="statements.recorded",
        label=_("The chair records amendments of my agency from a Word file"),
        can_be_off=False,
        find=word_files.recorded_amendments,
        find_since=word_files.recorded_amendments,
        changed=_("The amendments are not open any more."),
    )
)
register(
    Source(
        kind="statements.settled",
        label=_("What became of my agency’s amendments"),
        can_be_off=True,
        find=amending.settled_amendments,
        find_since=amending.settled_amendments,
    )
)
register(
    Source(
        kind="statements.ended",
        label=_("A statement is adopted, released or withdrawn"),
        can_be_off=True,
        find=endings.statement_endings,
        find_since=endings.statement_endings,
    )
)
register(
    Source(
        kind="statements.reworded",
        label=_("An amendment that my agency co-sponsored has other words"),
        can_be_off=True,
        find=amending.reworded_amendments,
        find_since=amending.reworded_amendments,
        changed=_("The amendment is not open any more."),
    )
)
register(
    Source(
        kind="statements.mentioned",
        label=_("A comment mentions my agency, or is on its amendment"),
        can_be_off=True,
        find=comments.mentions,
        find_since=comments.mentions,
        changed=_("The comment was withdrawn."),
    )
)
register(
    Source(
        kind="statements.objection",
        label=_("An agency objects (to the chair’s team)"),
        can_be_off=False,
        find=clearance.objections,
        changed=_("The agency took another position, or the step was closed."),
    )
)
