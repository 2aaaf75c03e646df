"""Define the rotation's closed lists and allowed moves."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
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
    """The state of a term; only confirmed terms give powers."""

    PROPOSED = "proposed", pgettext_lazy("term of a chair", "proposed")
    CONFIRMED = "confirmed", pgettext_lazy("term of a chair", "confirmed")
    WITHDRAWN = "withdrawn", pgettext_lazy("term of a chair", "withdrawn")


class HandoverSide(TextChoices):
    """The side responsible for an item of a handover."""

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
    TERM_EXCHANGED = "term_exchanged", _("Exchanged with another term")
    TERM_CEDED = "term_ceded", _("Ceded the turn")
    TERM_DEFERRED = "term_deferred", _("Deferred the turn, which is owed")
    TERM_PULLED_FORWARD = "term_pulled_forward", _("Pulled the turn forward")
    BOUNDARY_MOVED = "boundary_moved", _("Moved the boundary between two terms")
    HANDED_BACK = "handed_back", _("Handed the chair back early")
    CARETAKER_APPOINTED = "caretaker_appointed", _("Appointed a caretaker")
    TERM_EXTENDED = "term_extended", _("Extended the term")
    CHAIRS_SET = "chairs_set", _("Changed who chairs in the term")
    CONFIRMED_TERM_WITHDRAWN = "confirmed_term_withdrawn", _("Withdrew the confirmed term")
    SUBSTITUTE_NAMED = "substitute_named", _("Named a substitute for a vacated turn")
    TURNS_MOVED_UP = "turns_moved_up", _("Moved all later turns forward")
    VACANCY_ACKNOWLEDGED = "vacancy_acknowledged", _("Left the chair vacant")
    TERMS_ENDED_BY_LEAVING = (
        "terms_ended_by_leaving",
        _("Ended the turns of an agency that leaves the group"),
    )
    EXCHANGE_OFFERED = "exchange_offered", _("Offered an exchange")
    OFFER_ACCEPTED = "offer_accepted", _("Agreed to the exchange")
    OFFER_DECLINED = "offer_declined", _("Declined the exchange")
    OFFER_WITHDRAWN = "offer_withdrawn", _("Withdrew the offer of an exchange")
    OFFER_VOID = "offer_void", _("The offer is void: one of its terms is changed or withdrawn")
    OFFER_FOLLOWED = "offer_followed", _("The offer followed its terms, and asks again")
    OWED_TURN_SETTLED = "owed_turn_settled", _("Settled the owed turn")
    OWED_TURN_REOPENED = "owed_turn_reopened", _("The turn is owed again")
    HANDOVER_SET_ASIDE = "handover_set_aside", _("Set the handover aside: nothing is handed over")
    HANDOVER_TAKEN_UP = "handover_taken_up", _("Took the handover up again")
    INCOMING_CHANGED = "incoming_changed", _("The incoming chair is now %(agencies)s (%(term)s)")
    INCOMING_CHANGED_SIGNATURE_VOID = (
        "incoming_changed_signature_void",
        _(
            "The incoming chair is now %(agencies)s (%(term)s); the signature of the one before "
            "is void"
        ),
    )
    DUE_DAY_MOVED = "due_day_moved", _("The due day moved with the first day of the term")
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
        TermState.CONFIRMED: frozenset({TermState.WITHDRAWN}),
        TermState.WITHDRAWN: frozenset(),
    },
    notes=(
        (
            "A term of published sources is confirmed from the start. Only a confirmed term gives "
            "powers, from its first to its last day."
        ),
        (
            "A confirmed term is withdrawn before its first day only, by a recorded operation. One "
            "that has begun is cut."
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


class OperationKind(TextChoices):
    """The named operations that change the schedule."""

    CONFIRM = "confirm", _("Confirm a term")
    EXCHANGE = "exchange", _("Exchange two terms")
    CEDE = "cede", _("Cede the turn")
    DEFER = "defer", _("Defer, with the turn owed")
    PULL_FORWARD = "pull_forward", _("Pull a turn forward")
    MOVE_BOUNDARY = "move_boundary", _("Move the boundary with the next term")
    HAND_BACK = "hand_back", _("Hand back early")
    APPOINT_CARETAKER = "caretaker", _("Appoint a caretaker")
    EXTEND = "extend", _("Extend the term")
    SET_CHAIRS = "set_chairs", _("Make joint or single")
    WITHDRAW = "withdraw", _("Withdraw the confirmed term")
    SUBSTITUTE = "substitute", _("Name a substitute")
    MOVE_UP = "move_up", _("All move forward")
    LEAVE_VACANT = "leave_vacant", _("Leave the chair vacant")
    LEFT = "left", _("An agency leaves the group")


class OperationState(TextChoices):
    """The state of an operation; only an exchange waits."""

    OFFERED = "offered", pgettext_lazy("operation", "offered")
    ACCEPTED = "accepted", pgettext_lazy("operation", "agreed by all, to be decided")
    DECIDED = "decided", pgettext_lazy("operation", "decided")
    DECLINED = "declined", pgettext_lazy("operation", "declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("operation", "withdrawn")
    VOID = "void", pgettext_lazy("operation", "void")


OFFER_OPEN = (OperationState.OFFERED, OperationState.ACCEPTED)
OPERATION_LIFE = Life(
    name="term-operation",
    title="The life of an operation on terms",
    states=OperationState,
    begins=(OperationState.OFFERED, OperationState.DECIDED),
    moves={
        OperationState.OFFERED: frozenset(
            {
                OperationState.OFFERED,
                OperationState.ACCEPTED,
                OperationState.DECLINED,
                OperationState.WITHDRAWN,
                OperationState.VOID,
            }
        ),
        OperationState.ACCEPTED: frozenset(
            {
                OperationState.OFFERED,
                OperationState.DECIDED,
                OperationState.DECLINED,
                OperationState.WITHDRAWN,
                OperationState.VOID,
            }
        ),
        OperationState.DECIDED: frozenset(),
        OperationState.DECLINED: frozenset(),
        OperationState.WITHDRAWN: frozenset(),
        OperationState.VOID: frozenset(),
    },
    notes=(
        (
            "Only an exchange begins as an offer. It lapses on its last day, which no act records. "
            "When one of its terms moves, it is offered again and asks each agency anew."
        ),
    ),
)


# Handover: the state of play, lessons, what a checklist's item opens, signatures


class ItemPage(TextChoices):
    """The page that an item of the checklist opens."""

    STATE_OF_PLAY = "state_of_play", _("state of play")
    LESSONS = "lessons", _("lessons of the term")
    EARLIER_LESSONS = "earlier_lessons", _("lessons of earlier chairs")
    PROMISES = "promises", _("promises outside the record")
    PLACES = "places", _("places and keys")
    STATEMENTS = "statements", _("statements")
    MEETINGS = "meetings", _("meetings and action items")
    ROSTER = "roster", _("members and their people")
    TERM = "term", _("the new term")


# the outgoing side writes these: an item that opens one is done when the text exists
TEXT_PAGES = (ItemPage.STATE_OF_PLAY, ItemPage.LESSONS)


class MatterKind(TextChoices):
    """What an open matter of the state of play is."""

    SUCCESSION = "succession", _("who chairs next")
    STATEMENT = "statement", _("statement")
    MEETING = "meeting", _("meeting")
    ACTION = "action", _("action item")
    PEOPLE = "people", _("focal points of an agency")
    PROMISE = "promise", pgettext_lazy("of the chair to somebody", "promise")


class MatterOutlook(TextChoices):
    """How the outgoing chair judges a matter."""

    STABLE = "stable", pgettext_lazy("outlook of a matter", "stable")
    WATCH = "watch", pgettext_lazy("outlook of a matter", "watch")
    URGENT = "urgent", pgettext_lazy("outlook of a matter", "urgent")


class PromiseState(TextChoices):
    """The state of a promise outside the record."""

    OPEN = "open", pgettext_lazy("promise", "open")
    KEPT = "kept", pgettext_lazy("promise", "kept")
    DROPPED = "dropped", pgettext_lazy("promise", "dropped")


class LessonKind(TextChoices):
    """The question that a lesson answers."""

    WORKED = "worked", _("What worked")
    DID_NOT = "did_not", _("What did not")
    OTHERWISE = "otherwise", _("What to do otherwise")


class HandoverChange(ChangeReason):
    """Why history records a change of a chair's texts for the next."""

    SUMMARY_WRITTEN = "summary_written", _("Wrote the summary of the state of play")
    MATTER_JUDGED = "matter_judged", _("Judged the matter")
    PROMISE_PUT_DOWN = "promise_put_down", _("Added the promise")
    PROMISE_EDITED = "promise_edited", _("Edited the promise")
    PROMISE_SETTLED = "promise_settled", _("Settled the promise")
    PLACE_PUT_DOWN = "place_put_down", _("Added the place")
    PLACE_EDITED = "place_edited", _("Edited the place")
    PLACE_ENDED = "place_ended", _("Ended the place")
    LESSON_WRITTEN = "lesson_written", _("Wrote the lesson")
    LESSON_EDITED = "lesson_edited", _("Edited the lesson")
    LESSON_WITHDRAWN = "lesson_withdrawn", _("Withdrew the lesson")
    ITEM_DONE_BY_TEXT = "item_done_by_text", _("Done: the text exists")
    ITEM_OPEN_WITHOUT_TEXT = "item_open_without_text", _("Opened again: the text is gone")
    SIGNED_TO_FILE = "signed_to_file", _("Signed to the file")
    FILE_SIGNATURE_VOID = (
        "file_signature_void",
        _("An edit voided the signature to the file"),
    )
    SIGNATURE_DECLINED = "signature_declined", _("Declined to sign")


PROMISE_LIFE = Life(
    name="promise",
    title="The life of a promise outside the record",
    states=PromiseState,
    begins=(PromiseState.OPEN,),
    moves={
        PromiseState.OPEN: frozenset({PromiseState.KEPT, PromiseState.DROPPED}),
        PromiseState.KEPT: frozenset(),
        PromiseState.DROPPED: frozenset(),
    },
    notes=("An open promise passes from chair to chair until one of them settles it.",),
)


class SignatureState(TextChoices):
    """How the signature of a side stands."""

    SIGNED = "signed", _("signed")
    SIGNED_LATE = "signed_late", _("signed late")
    DECLINED = "declined", pgettext_lazy("signature", "declined")
    WAITS = "waits", pgettext_lazy("signature", "waits")
    LATE = "late", pgettext_lazy("signature", "late")
    NO_SIDE = "no_side", _("nobody chaired before")


class SelectionState(TextChoices):
    """The state of a selection; its stage follows from its dates."""

    RUNNING = "running", pgettext_lazy("selection of a chair", "running")
    CONFIRMED = "confirmed", pgettext_lazy("selection of a chair", "confirmed")
    CLOSED = "closed", pgettext_lazy("selection of a chair", "closed without a chair")


class SelectionStage(TextChoices):
    """The stage of a selection, derived from dates and not stored."""

    CALL = "call", pgettext_lazy("stage of a selection", "Call for candidatures")
    CONSULTATION = "consultation", pgettext_lazy("stage of a selection", "Consultation")
    DECISION = "decision", pgettext_lazy("stage of a selection", "Decision")
    OVERDUE = "overdue", pgettext_lazy("stage of a selection", "Decision is late")


class Answer(TextChoices):
    """An agency's answer to a call, if it answered."""

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
    """The outcome of a selection, with or without a candidate."""

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
