"""Closed lists of the rotation, and which states may follow each."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop as _noop
from django.utils.translation import pgettext_lazy

from coordination.core.enums import ChangeReason
from coordination.core.states import Life


class TermKind(TextChoices):
    """The kind of a term.

    A caretaker, an extension of the chair before and a troika bridge days for which nobody stands.
    """

    TERM = "term", pgettext_lazy("kind of term", "term")
    CARETAKER = "caretaker", pgettext_lazy("kind of term", "caretaker")
    EXTENSION = "extension", pgettext_lazy("kind of term", "extension")
    TROIKA = "troika", pgettext_lazy("kind of term", "troika")


class TermState(TextChoices):
    """The state of a term; only a confirmed one gives powers."""

    PROPOSED = "proposed", pgettext_lazy("term of a chair", "proposed")
    CONFIRMED = "confirmed", pgettext_lazy("term of a chair", "confirmed")
    WITHDRAWN = "withdrawn", pgettext_lazy("term of a chair", "withdrawn")


class HandoverSide(TextChoices):
    """The side that is responsible for an item of the handover."""

    OUTGOING = "outgoing", _("outgoing chair")
    INCOMING = "incoming", _("incoming chair")


class ItemState(TextChoices):
    """The state of an item of the handover."""

    OPEN = "open", pgettext_lazy("item of a handover", "open")
    DONE = "done", pgettext_lazy("item of a handover", "done")
    NOT_APPLICABLE = "not_applicable", _("not applicable")


class RotationChange(ChangeReason):
    """Why history records a change of the rotation."""

    TERM_PROPOSED = "term_proposed", _("Proposed the term")
    TERM_CORRECTED = "term_corrected", _("Corrected the term")
    TERM_CONFIRMED = "term_confirmed", _("Confirmed the term")
    RECORD_CORRECTED = (
        "record_corrected",
        _("Corrected the record, by %(source)s; %(agreed)s"),
    )
    CORRECTION_PROPOSED = "correction_proposed", _("Proposed a correction of the record")
    CORRECTION_APPLIED = "correction_applied", _("Applied the correction")
    CORRECTION_WITHDRAWN = "correction_withdrawn", _("Withdrew the correction")
    HANDOVER_MOVED = (
        "handover_moved",
        _("The handover is now to the earlier term of the same chair (%(term)s)"),
    )
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

# Titles and details of the checklist in fixtures/checklist.json, for the catalogues of languages.
# An item stores the English words; what people changed is shown as they wrote it.
CHECKLIST_WORDS = (
    _noop("State of play on one page"),
    _noop("What runs, what waits, what is promised, and to whom."),
    _noop("Open statements, with positions and who is waited for"),
    _noop("Each draft in circulation, its deadline, and the agencies that have not spoken."),
    _noop("Requests and commitments to outside partners"),
    _noop("What the group has promised to others, by when, and who holds the pen."),
    _noop("List of focal points and principals checked"),
    _noop("Each agency has confirmed its two to four focal points and its principal."),
    _noop("Hand over the minutes of the term’s meetings"),
    _noop("Adopted minutes, and those that still wait for corrections."),
    _noop("Open action items with their owners"),
    _noop("Each has an agency, a date, and a word on where it stands."),
    _noop("Give access to the web site and the mailing lists"),
    _noop("Name the keys and their holders; passwords are not kept here."),
    _noop("Move the document archive"),
    _noop("Where papers of past terms lie, and who may read them."),
    _noop("Calendar of the coming six months"),
    _noop("Meetings, external events, deadlines that are fixed already."),
    _noop("Account for funds and contributions of the term"),
    _noop("What agencies bore in money and staff days; the group has no budget of its own."),
    _noop("Write lessons of the term"),
    _noop("What worked, what did not, what to do otherwise: one page for the next chair."),
    _noop("Name the chair’s team"),
    _noop("Two to four people, with a deputy for leave."),
    _noop("Read the lessons of the last three chairs"),
    _noop("Confirm who co-chairs each working group"),
    _noop("Ask the present co-chairs whether they go on."),
    _noop("Joint meeting of both teams"),
    _noop("Go through the dossier together, line by line."),
    _noop("Convene the first meeting of the term"),
    _noop("Propose two hours that spare each city in turn."),
    _noop("Confirm the theme of the term"),
    _noop("Before the principals’ meeting, where there is one."),
    _noop("Write to the principals in the name of the new chair"),
    _noop("Introduce the team, the theme and the dates."),
)


class SelectionState(TextChoices):
    """The state of a selection; its stage follows from its dates while it runs."""

    RUNNING = "running", pgettext_lazy("selection of a chair", "running")
    CONFIRMED = "confirmed", pgettext_lazy("selection of a chair", "confirmed")
    CLOSED = "closed", pgettext_lazy("selection of a chair", "closed without a chair")


class SelectionStage(TextChoices):
    """The stage of a selection on a day; stored nowhere, the dates decide."""

    CALL = "call", pgettext_lazy("stage of a selection", "Call for candidatures")
    CONSULTATION = "consultation", pgettext_lazy("stage of a selection", "Consultation")
    DECISION = "decision", pgettext_lazy("stage of a selection", "Decision")
    OVERDUE = "overdue", pgettext_lazy("stage of a selection", "Decision is late")


class Answer(TextChoices):
    """What an agency says to a call; without one it has not answered."""

    STANDS = "stands", pgettext_lazy("answer of an agency", "stands")
    DECLINES = "declines", pgettext_lazy("answer of an agency", "declines")
    NOT_YET = "not_yet", pgettext_lazy("answer of an agency", "cannot say yet")
    WITHDRAWN = "withdrawn", pgettext_lazy("answer of an agency", "withdrew")


class DeclineReason(TextChoices):
    """Why an agency does not stand."""

    RESOURCES = "resources", pgettext_lazy("reason to decline", "resources")
    STRATEGIC = "strategic", pgettext_lazy("reason to decline", "strategic reasons")
    RECENT = "recent", pgettext_lazy("reason to decline", "chaired recently")
    OTHER = "other", pgettext_lazy("reason to decline", "another reason")


class DecisionMethod(TextChoices):
    """How the group decided who chairs."""

    CONSENSUS = "consensus", pgettext_lazy("how a chair is decided", "consensus")
    VOTE = "vote", pgettext_lazy("how a chair is decided", "vote")
    SENIOR = "senior", pgettext_lazy("how a chair is decided", "senior officials")


class SelectionOutcome(TextChoices):
    """What a selection ends with; all but the first are for a term that nobody takes."""

    CHAIR = "chair", pgettext_lazy("outcome of a selection", "a chair of those that stand")
    EXTENSION = "extension", pgettext_lazy("outcome of a selection", "the chair before goes on")
    CARETAKER = "caretaker", pgettext_lazy("outcome of a selection", "a caretaker")
    TROIKA = "troika", pgettext_lazy("outcome of a selection", "a troika")


class VoteState(TextChoices):
    """The state of a vote."""

    OPEN = "open", pgettext_lazy("vote on the chair", "open")
    CLOSED = "closed", pgettext_lazy("vote on the chair", "closed")


class EscalationReason(TextChoices):
    """Why a selection went to the principals."""

    NOBODY_STANDS = "nobody_stands", _("The call has ended, and nobody stands")
    UNDECIDED = "undecided", _("The deadline of the decision has passed")


class PrincipalView(TextChoices):
    """What a principal answers to an escalated selection."""

    SUPPORTS = "supports", pgettext_lazy("answer of a principal", "supports")
    ANY = "any", pgettext_lazy("answer of a principal", "agrees to whichever agency the others do")
    OTHER = "other", pgettext_lazy("answer of a principal", "proposes something else")


class SelectionChange(ChangeReason):
    """Why history records a change of a selection."""

    SELECTION_OPENED = "selection_opened", _("Opened the selection")
    SELECTION_DATES_SET = "selection_dates_set", _("Changed the dates of the selection")
    SELECTION_CLOSED = "selection_closed", _("Closed the selection without a chair")
    SELECTION_CONFIRMED = "selection_confirmed", _("Confirmed the outcome of the selection")
    SELECTION_SETTLED = (
        "selection_settled",
        _("Ended the selection: its days have a confirmed chair by another act"),
    )
    CHAIR_DECIDED = "chair_decided", _("Recorded the decision on the chair")
    STANDS = "candidature_stands", _("Said that the agency stands")
    DECLINES = "candidature_declines", _("Said that the agency declines")
    NOT_YET = "candidature_not_yet", _("Said that the agency cannot say yet")
    WITHDRAWN = "candidature_withdrawn", _("Said that the agency stands no longer")
    UNAVAILABLE = "unavailable", _("Noted when the agency is not available")
    AVAILABLE_AGAIN = "available_again", _("Took back that the agency is not available")
    VOTE_OPENED = "vote_opened", _("Opened a vote on the chair")
    VOTE_CLOSED = "vote_closed", _("Closed the vote on the chair")
    VOTE_CAST = "vote_cast", _("Cast the vote of the agency")
    ESCALATED = "selection_escalated", _("Took the selection to the principals")
    PRINCIPAL_ANSWERED = "principal_answered", _("Answered for the principal")


SELECTION_LIFE = Life(
    name="selection",
    title="The life of a selection",
    states=SelectionState,
    begins=(SelectionState.RUNNING,),
    moves={
        SelectionState.RUNNING: frozenset({SelectionState.CONFIRMED, SelectionState.CLOSED}),
        SelectionState.CONFIRMED: frozenset(),
        SelectionState.CLOSED: frozenset(),
    },
    notes=(
        (
            "While a selection runs its stage (call, consultation, decision) follows from its "
            "dates. It is confirmed once each of its terms has a decision."
        ),
    ),
)
CANDIDATURE_LIFE = Life(
    name="candidature",
    title="The life of an agency's answer to a call",
    states=Answer,
    begins=(Answer.NOT_YET, Answer.STANDS, Answer.DECLINES),
    moves={
        Answer.STANDS: frozenset({Answer.STANDS, Answer.WITHDRAWN}),
        Answer.DECLINES: frozenset({Answer.DECLINES, Answer.STANDS, Answer.NOT_YET}),
        Answer.NOT_YET: frozenset({Answer.NOT_YET, Answer.STANDS, Answer.DECLINES}),
        Answer.WITHDRAWN: frozenset({Answer.WITHDRAWN, Answer.STANDS}),
    },
    notes=("An answer may change until the decision.",),
)
VOTE_LIFE = Life(
    name="vote",
    title="The life of a vote on the chair",
    states=VoteState,
    begins=(VoteState.OPEN,),
    moves={VoteState.OPEN: frozenset({VoteState.CLOSED}), VoteState.CLOSED: frozenset()},
)
