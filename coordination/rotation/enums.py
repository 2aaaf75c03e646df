"""Closed lists of the rotation domain, with the life cycles of terms and handover items."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from coordination.core.enums import ChangeReason
from coordination.core.states import Life


class TermKind(TextChoices):
    """A caretaker term bridges a vacancy, and is marked as such."""

    TERM = "term", _("term")
    CARETAKER = "caretaker", _("caretaker")


class TermState(TextChoices):
    """Only a confirmed term gives powers; a withdrawn proposal stays on record."""

    PROPOSED = "proposed", _("proposed")
    CONFIRMED = "confirmed", _("confirmed")
    WITHDRAWN = "withdrawn", _("withdrawn")


class HandoverSide(TextChoices):
    """Who is responsible for an item of the handover."""

    OUTGOING = "outgoing", _("outgoing chair")
    INCOMING = "incoming", _("incoming chair")


class ItemState(TextChoices):
    """Where an item of the handover stands."""

    OPEN = "open", _("open")
    DONE = "done", _("done")
    NOT_APPLICABLE = "not_applicable", _("not applicable")


class RotationChange(ChangeReason):
    """Why history records a change of terms, the seats in the chair, handovers and their items."""

    TERM_PROPOSED = "term_proposed", _("Proposed the term")
    TERM_CORRECTED = "term_corrected", _("Corrected the term")
    TERM_CONFIRMED = "term_confirmed", _("Confirmed the term")
    TERM_WITHDRAWN = "term_withdrawn", _("Withdrew the proposal")
    CHAIR_ADDED = "chair_added", _("Put in the chair")
    CHAIR_MOVED = "chair_moved", _("Put in another place in the chair")
    CHAIR_REMOVED = "chair_removed", _("Taken out of the chair")
    HANDOVER_BEGUN = "handover_begun", _("Began the handover")
    HANDOVER_BEGUN_FROM = (
        "handover_begun_from",
        _("Began the handover from %(agencies)s (%(term)s)"),
    )
    OUTGOING_CHANGED = "outgoing_changed", _("The outgoing chair is now %(agencies)s (%(term)s)")
    OUTGOING_CHANGED_SIGNATURE_VOID = (
        "outgoing_changed_signature_void",
        _(
            "The outgoing chair is now %(agencies)s (%(term)s); the signature of the one before "
            "is void"
        ),
    )
    ITEM_FROM_TEMPLATE = "item_from_template", _("From the checklist’s template")
    ITEM_DONE = "item_done", _("Marked done")
    ITEM_NOT_APPLICABLE = "item_not_applicable", _("Marked not applicable")
    ITEM_DONE_FOR_OUTGOING = (
        "item_done_for_outgoing",
        _("Marked done by the incoming chair, for the outgoing one"),
    )
    ITEM_NOT_APPLICABLE_FOR_OUTGOING = (
        "item_not_applicable_for_outgoing",
        _("Marked not applicable by the incoming chair, for the outgoing one"),
    )
    ITEM_REOPENED = "item_reopened", _("Opened again")
    OUTGOING_SIGNED = "outgoing_signed", _("Signed for the outgoing chair")
    INCOMING_SIGNED = "incoming_signed", _("Signed for the incoming chair")
    INCOMING_SIGNED_FOR_OUTGOING = (
        "incoming_signed_for_outgoing",
        _("Signed by the incoming chair, for what it found of the outgoing one"),
    )
    OUTGOING_SIGNATURE_VOID = (
        "outgoing_signature_void",
        _("An edit voided the signature of the outgoing chair"),
    )
    INCOMING_SIGNATURE_VOID = (
        "incoming_signature_void",
        _("An edit voided the signature of the incoming chair"),
    )


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
