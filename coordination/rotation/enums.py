"""Closed lists of the rotation, and which states may follow each."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from coordination.core.states import Life


class TermKind(TextChoices):
    """The kind of a term; a caretaker term bridges a vacancy."""

    TERM = "term", _("term")
    CARETAKER = "caretaker", _("caretaker")


class TermState(TextChoices):
    """The state of a term; only a confirmed one gives powers."""

    PROPOSED = "proposed", _("proposed")
    CONFIRMED = "confirmed", _("confirmed")
    WITHDRAWN = "withdrawn", _("withdrawn")


class HandoverSide(TextChoices):
    """The side that is responsible for an item of the handover."""

    OUTGOING = "outgoing", _("outgoing chair")
    INCOMING = "incoming", _("incoming chair")


class ItemState(TextChoices):
    """The state of an item of the handover."""

    OPEN = "open", _("open")
    DONE = "done", _("done")
    NOT_APPLICABLE = "not_applicable", _("not applicable")


TERM_LIFE = Life(
    name="term",
    title="The life of a chair term",
    states=TermState,
    begins=(TermState.PROPOSED, TermState.CONFIRMED),
    moves={
        TermState.PROPOSED: frozenset({TermState.CONFIRMED, TermState.WITHDRAWN}),
        TermState.CONFIRMED: frozenset(),
        TermState.WITHDRAWN: frozenset(),
    },
    notes=(
        (
            "A term of published sources is confirmed from the start. Only a confirmed term gives "
            "powers, from its first to its last day."
        ),
    ),
)
ITEM_LIFE = Life(
    name="handover-item",
    title="The life of an item of a handover",
    states=ItemState,
    begins=(ItemState.OPEN,),
    moves={
        ItemState.OPEN: frozenset({ItemState.DONE, ItemState.NOT_APPLICABLE}),
        ItemState.DONE: frozenset({ItemState.OPEN, ItemState.DONE}),
        ItemState.NOT_APPLICABLE: frozenset({ItemState.OPEN, ItemState.NOT_APPLICABLE}),
    },
    notes=(
        (
            "A settled item may get another note; it is opened again before it is settled in "
            "another way."
        ),
    ),
)
