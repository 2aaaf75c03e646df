"""States, kinds and transitions of statements and amendments."""

from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coordination.core.enums import ChangeReason
from coordination.core.states import Life


class StatementState(TextChoices):
    """Where a statement is in its life."""

    DRAFTING = "drafting", pgettext_lazy("statement", "drafting")
    AMENDMENTS = "amendments", _("amendments open")
    CONSOLIDATION = "consolidation", pgettext_lazy("statement", "consolidation")
    CLEARANCE = "clearance", pgettext_lazy("statement", "clearance")
    ADOPTED = "adopted", pgettext_lazy("statement", "adopted")
    WITHDRAWN = "withdrawn", pgettext_lazy("statement", "withdrawn")


TRANSITIONS: dict[StatementState, frozenset[StatementState]] = {
    StatementState.DRAFTING: frozenset({StatementState.AMENDMENTS, StatementState.WITHDRAWN}),
    StatementState.AMENDMENTS: frozenset({StatementState.CONSOLIDATION, StatementState.WITHDRAWN}),
    StatementState.CONSOLIDATION: frozenset(
        {StatementState.AMENDMENTS, StatementState.CLEARANCE, StatementState.WITHDRAWN}
    ),
    StatementState.CLEARANCE: frozenset(
        {StatementState.CONSOLIDATION, StatementState.ADOPTED, StatementState.WITHDRAWN}
    ),
    StatementState.ADOPTED: frozenset(),
    StatementState.WITHDRAWN: frozenset(),
}


BEFORE_CLEARANCE = (
    StatementState.DRAFTING,
    StatementState.AMENDMENTS,
    StatementState.CONSOLIDATION,
)
LIVE_STATES = (*BEFORE_CLEARANCE, StatementState.CLEARANCE)
# agencies have a circulated draft in these states
CIRCULATED_STATES = (
    StatementState.AMENDMENTS,
    StatementState.CONSOLIDATION,
    StatementState.CLEARANCE,
)


class BlockKind(TextChoices):
    """What a block of a statement is."""

    TITLE = "title", pgettext_lazy("kind of paragraph", "title")
    HEADING = "heading", pgettext_lazy("kind of paragraph", "heading")
    PREAMBULAR = "preambular", _("preambular paragraph")
    OPERATIVE = "operative", _("operative paragraph")
    BODY = "body", pgettext_lazy("kind of paragraph", "paragraph")


class AmendmentKind(TextChoices):
    """What an amendment proposes for its paragraph."""

    REPLACE = "replace", _("other words")
    INSERT = "insert", _("a new paragraph after it")
    DELETE = "delete", _("delete it")


class AmendmentState(TextChoices):
    """The state of an amendment.

    When another round begins, open amendments become CARRIED, or RETURNED if the words that they
    change have changed. An objector's amendment becomes LAPSED when the text is adopted without it.
    """

    OPEN = "open", pgettext_lazy("amendment", "open")
    TAKEN = "taken", pgettext_lazy("amendment", "taken")
    ADAPTED = "adapted", _("adapted")
    DECLINED = "declined", _("declined")
    CARRIED = "carried", _("carried on")
    RETURNED = "returned", pgettext_lazy("amendment", "returned")
    LAPSED = "lapsed", _("lapsed")
    WITHDRAWN = "withdrawn", pgettext_lazy("amendment", "withdrawn")


class WordFileState(TextChoices):
    """The state of a Word file that an agency returned."""

    REVIEW = "review", pgettext_lazy("Word file", "under review")
    PROPOSED = "proposed", pgettext_lazy("Word file", "proposed")
    DISCARDED = "discarded", pgettext_lazy("Word file", "discarded")


class StepLevel(TextChoices):
    """Who takes an agency's position in a clearance step."""

    WORKING_LEVEL = "working_level", _("working-level clearance")
    PRINCIPALS = "principals", _("principals’ approval")


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """A clearance step in a group's plan.

    `silence`: silence approves. `hours` is its usual length, counted day and night or in working
    hours (see `core.clock.after_hours`).
    """

    level: StepLevel
    silence: bool
    hours: int
    working_hours: bool = False


DEFAULT_PLAN = (  # in this order, each on the same text; a group may plan others (StepTemplate)
    PlannedStep(StepLevel.WORKING_LEVEL, silence=True, hours=24, working_hours=True),
    PlannedStep(StepLevel.PRINCIPALS, silence=False, hours=7 * 24),
)


def default_plan() -> list[dict[str, Any]]:
    """Return the default plan as JSON."""
    return [asdict(step) for step in DEFAULT_PLAN]


class PositionKind(TextChoices):
    """A position of an agency on one exact text."""

    APPROVE = "approve", _("approves")
    RESERVE = "reserve", _("approves with reservation")
    OBJECT = "object", _("objects")
    NOT_JOIN = "not_join", _("does not join")


class PositionEvidence(TextChoices):
    """How a position came, as named in the manifest."""

    CLICK = "click", _("in the app")
    LETTER = "letter", _("by letter")
    TELEPHONE = "telephone", _("by telephone")
    SILENCE = "silence", _("by silence")


class StandardReason(TextChoices):
    """Why an amendment was settled without a person's reason."""

    PARAGRAPH_GONE = "paragraph_gone", _("The paragraph is not in the new draft any more.")
    PARAGRAPH_CHANGED = "paragraph_changed", _("The paragraph has other words in the new draft.")
    WORDS_CHANGED = "words_changed", _("The words that it changes have changed in the new draft.")
    IN_NEW_DRAFT = "in_new_draft", _("The new draft has it already.")
    APPROVED_WITHOUT = "approved_without", _("The text was approved as it stands.")


class StatementsChange(ChangeReason):
    """The reasons of changes in the history of statements."""

    STATEMENT_STARTED = "statement_started", _("Started")
    PARTICIPANTS = "participants", _("Agencies that are in: %(agencies)s")
    PARTICIPANTS_ALL = "participants_all", _("Agencies that are in: all members")
    DRAFT_PREPARED = "draft_prepared", _("In preparation")
    BLOCK_RECOGNISED = "block_recognised", _("Recognised in the pasted text")
    BLOCK_NOT_PASTED = "block_not_pasted", _("Not in the pasted text")
    BLOCK_EDITED = "block_edited", _("Edited before circulation")
    BLOCK_ADDED = "block_added", _("Added before circulation")
    BLOCK_REMOVED = "block_removed", _("Removed before circulation")
    TEXT_REPLACED = "text_replaced", _("Text replaced")
    FIRST_DRAFT_CIRCULATED = "first_draft_circulated", _("Draft 1 circulated")
    DRAFT_CIRCULATED = "draft_circulated", _("Circulated")
    ISSUED = "issued", _("Issued")
    DRAFT_ISSUED = "draft_issued", _("Draft %(number)s issued")
    CLEARANCE_OPENED = "clearance_opened", _("Opened")
    CLEARANCE_OPENED_SHORT = (
        "clearance_opened_short",
        _("Opened for less than %(hours)s hours: %(words)s"),
    )
    AMENDMENT_PROPOSED = "amendment_proposed", _("Proposed")
    AMENDMENT_EDITED = "amendment_edited", _("Edited")
    AMENDMENT_WITHDRAWN = "amendment_withdrawn", _("Withdrawn")
    AMENDMENT_FROM_WORD = "amendment_from_word", _("Proposed in a Word file")
    AMENDMENT_RECORDED = "amendment_recorded", _("Recorded by the chair from a Word file")
    WORD_FILE_RECEIVED = "word_file_received", _("Word file received")
    WORD_FILE_PROPOSED = "word_file_proposed", _("Changes of a Word file proposed")
    WORD_FILE_DISCARDED = "word_file_discarded", _("Word file discarded")
    WORD_AUTHOR_NAMED = "word_author_named", _("Agency of an author chosen")
    CARRIED_ON = "carried_on", _("Carried on to draft %(number)s")
    AMENDMENTS_DEADLINE_MOVED = "amendments_deadline_moved", _("Deadline for amendments moved")
    AMENDMENTS_REOPENED = "amendments_reopened", _("Amendments reopened")
    AMENDMENTS_CLOSED = "amendments_closed", _("Amendments closed")
    UNDONE = "undone", _("Undone")
    AMENDMENT_TAKEN = "amendment_taken", _("Taken")
    AMENDMENT_ADAPTED = "amendment_adapted", _("Adapted")
    AMENDMENT_DECLINED = "amendment_declined", _("Declined")
    AMENDMENT_CARRIED = "amendment_carried", _("Carried on")
    AMENDMENT_RETURNED = "amendment_returned", _("Returned")
    AMENDMENT_LAPSED = "amendment_lapsed", _("Lapsed")
    SETTLED = "settled", _("Settled")
    JOINED = "joined", _("Joined to the paragraph before")
    PUT_IN_ORDER = "put_in_order", _("Put in order")
    PREPARED = "prepared", _("Prepared")
    PREPARED_SENT = "prepared_sent", _("Sent")
    PREPARED_DISCARDED = "prepared_discarded", _("Discarded")
    SILENCE_BROKEN = "silence_broken", _("%(agency)s broke the silence")
    CLEARANCE_EXTENDED = "clearance_extended", _("Extended: %(words)s")
    SILENCE_PASSED = "silence_passed", _("Silence has passed")
    ALL_HAVE_SPOKEN = "all_have_spoken", _("All have spoken")
    ENDED_BY_OBJECTION = "ended_by_objection", _("Ended by an objection")
    RETURNED_TO_CONSOLIDATION = "returned_to_consolidation", _("Returned to consolidation")
    ADOPTED = "adopted", _("Adopted")
    RELEASED = "released", _("Released")
    RELEASE_PLANNED = "release_planned", _("Release planned")
    RELEASE_MOVED = "release_moved", _("Release moved")
    RELEASE_UNPLANNED = "release_unplanned", _("Planned release withdrawn")
    RELEASED_AS_PLANNED = "released_as_planned", _("Released as planned")
    KEY_MADE = "key_made", _("Made")
    KEY_REPLACED = "key_replaced", _("Replaced by another key")
    LANGUAGE_ADDED = "language_added", _("Language added")
    LANGUAGE_CHANGED = "language_changed", _("Language version changed")
    STATEMENT_WITHDRAWN = "statement_withdrawn", _("%(words)s")
    CLEARANCE_WITHDRAWN = "clearance_withdrawn", _("Statement withdrawn")
    DELIVERY_PLANNED = "delivery_planned", _("Delivery planned")
    DELIVERY_CHANGED = "delivery_changed", _("Delivery changed")
    DELIVERED = "delivered", _("Delivered")
    DELIVERY_CANCELLED = "delivery_cancelled", _("Delivery cancelled")


KINDS_WITH_REASON = frozenset({PositionKind.RESERVE, PositionKind.OBJECT})  # these say why
SETTLED_STATES = frozenset({AmendmentState.TAKEN, AmendmentState.ADAPTED, AmendmentState.DECLINED})
# the outcomes that agencies learn with the next draft; LAPSED comes with the adoption
OUTCOME_STATES = SETTLED_STATES | {AmendmentState.CARRIED, AmendmentState.RETURNED}


AMENDMENT_MOVES: dict[AmendmentState, frozenset[AmendmentState]] = {
    AmendmentState.OPEN: frozenset(set(AmendmentState) - {AmendmentState.OPEN}),
    # TAKEN again: the chair's next text may contain the amendment too (settlements.adapt)
    AmendmentState.TAKEN: frozenset(
        {AmendmentState.OPEN, AmendmentState.TAKEN, AmendmentState.ADAPTED}
    ),
    AmendmentState.ADAPTED: frozenset(
        {AmendmentState.OPEN, AmendmentState.TAKEN, AmendmentState.ADAPTED}
    ),
    AmendmentState.DECLINED: frozenset({AmendmentState.OPEN}),
    AmendmentState.CARRIED: frozenset(),
    AmendmentState.RETURNED: frozenset(),
    AmendmentState.LAPSED: frozenset(),
    AmendmentState.WITHDRAWN: frozenset(),
}
STATEMENT_LIFE = Life(
    name="statement",
    title="The life of a statement",
    states=StatementState,
    begins=(StatementState.DRAFTING,),
    moves=TRANSITIONS,
    notes=(
        (
            "Clearance has these steps, one after the other, on one text, unless the group plans "
            "others:"
        ),
        "",
        *(
            f"{number}. {step.level.value.replace('_', ' ')}, "
            f"{'under silence' if step.silence else 'every agency must speak'}"
            for number, step in enumerate(DEFAULT_PLAN, 1)
        ),
        "",
        (
            "An adopted statement is published when the chair releases it, at once or at a moment "
            "set beforehand, and delivered at events: each delivery is planned (check against "
            "delivery), then noted as delivered, or cancelled. Neither changes the text."
        ),
    ),
)
WORD_FILE_LIFE = Life(
    name="word-file",
    title="The life of a Word file that came back",
    states=WordFileState,
    begins=(WordFileState.REVIEW,),
    moves={
        WordFileState.REVIEW: frozenset({WordFileState.PROPOSED, WordFileState.DISCARDED}),
        WordFileState.PROPOSED: frozenset(),
        WordFileState.DISCARDED: frozenset(),
    },
    notes=(
        (
            "Nothing of a file is proposed before a person has looked at its changes. It stays on "
            "record in every state; only its agency opens it, and the chair once it is proposed."
        ),
    ),
)
AMENDMENT_LIFE = Life(
    name="amendment",
    title="The life of an amendment",
    states=AmendmentState,
    begins=(AmendmentState.OPEN,),
    moves=AMENDMENT_MOVES,
    notes=(
        (
            "The chair undoes what it settled (back to open) until the next draft is issued. Then "
            "what is open is carried on to that draft as an amendment of its own, returned to its "
            "agency, or taken where the new draft has its words already. What an objector proposed"
            " in clearance lapses when the text is adopted as it stands."
        ),
    ),
)
