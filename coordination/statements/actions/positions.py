"""Clearance: positions on one exact text, the next step, the way back, adoption, release."""

from dataclasses import dataclass
from datetime import datetime

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from coordination.core import history, permissions
from coordination.core.due import wake_on_commit
from coordination.core.permissions import On
from coordination.core.queries import day_in_group
from coordination.members.models import Agency, Person
from coordination.statements.actions import guards
from coordination.statements.actions.drafts import open_step
from coordination.statements.enums import (
    REASONED,
    AmendmentState,
    PositionKind,
    StatementsChange,
    StatementState,
)
from coordination.statements.errors import (
    AlreadyReleased,
    DeadlineNotAhead,
    LetterMissing,
    NobodyObjects,
    NobodySigns,
    NoStepLeft,
    NoSuchParagraph,
    NotAMember,
    OtherText,
    PositionsMissing,
    StepClosed,
    StepsLeft,
)
from coordination.statements.models import ClearanceStep, Position, Signatory, Statement
from coordination.statements.queries import amendments, drafts, positions


@dataclass(frozen=True, slots=True)
class PositionInput:
    """What an agency says of a text.

    The kind of position, the reason, and the SHA-256 of the text that its author saw.

    A reservation or an objection may be about some paragraphs only, named as the text numbers them
    ("OP 3").
    """

    kind: PositionKind
    sha256: str
    reason: str = ""
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PositionLetter:
    """The letter by which a position came: its file and who signed it.

    The file was checked already (`core.uploads.checked`).
    """

    file: File[bytes]
    signed_by: str


@transaction.atomic
def take_position(
    step: ClearanceStep, said: PositionInput, *, agency: Agency, by: Person, at: datetime
) -> Position:
    """Record what an agency says of one exact text.

    Append-only: the newest per agency counts; only the agency itself can take back its objection. A
    position never lands on another text: raises OtherText when a newer draft has been issued,
    StepClosed when the step has ended.
    """
    statement = guards.lock(step.statement_id)
    permissions.require(by, "statements.take_position", On(day_in_group(at), step))
    guards.require_agency(by, agency, at)
    guards.refuse_outsider(statement, agency, at)
    step.statement = statement
    return record(step, said, agency=agency, by=by, at=at)


@transaction.atomic
def record_letter(
    step: ClearanceStep,
    said: PositionInput,
    letter: PositionLetter,
    *,
    agency: Agency,
    by: Person,
    at: datetime,
) -> Position:
    """Record a position that an agency sent to the chair's team by letter.

    It is marked so, with the letter attached (design.md 4.6). Raises LetterMissing without the
    letter or the name under it, NotAMember for an agency that is not asked.
    """
    statement = guards.hold(
        step.statement_id, StatementState.CLEARANCE, may="statements.clear", by=by, at=at
    )
    signed_by = letter.signed_by.strip()
    if not letter.file or not signed_by:
        raise LetterMissing(_("Attach the letter, and say who signed it."), field="letter")
    if agency.pk not in positions.missing_in(step, at).keys:
        raise NotAMember(
            _("%(agency)s is not asked in this step.") % {"agency": agency}, field="agency"
        )
    step.statement = statement
    return record(
        step, said, agency=agency, by=by, at=at, letter=PositionLetter(letter.file, signed_by)
    )


def record(
    step: ClearanceStep,
    said: PositionInput,
    *,
    agency: Agency,
    by: Person,
    at: datetime,
    letter: PositionLetter | None = None,
) -> Position:
    """Add a position to those of an open step.

    The step's statement must be the locked one, and who may must have been asked.
    """
    step = still_asked(step, said.sha256, agency=agency, by=by, at=at)
    words = (
        guards.refuse_without(said.reason, _("Say why; the chair and the others read it."))
        if said.kind in REASONED
        else said.reason.strip()
    )
    about = paragraphs_meant(step, said)
    newest = positions.newest_positions([step]).get(step.pk, {}).get(agency.pk)
    if (
        newest
        and not letter
        and (newest.kind, newest.about, newest.reason) == (said.kind, about, words)
    ):
        return newest
    position = Position(
        step=step,
        agency=agency,
        person=by,
        kind=said.kind,
        sha256=said.sha256,
        about=about,
        reason=words,
        taken_at=at,
    )
    if letter:
        position.letter, position.signed_by = letter.file, letter.signed_by
    position.save()
    if said.kind == PositionKind.OBJECT and step.silent:
        break_silence(step, agency, by=by, at=at)
    wake_on_commit()
    return position


def still_asked(
    step: ClearanceStep, sha256: str, *, agency: Agency, by: Person, at: datetime
) -> ClearanceStep:
    """Lock an open step in which the agency may still speak.

    The step must be on the text with that hash. Its statement must be locked already. Raises
    OtherText, WrongState or StepClosed.
    """
    statement = step.statement
    step = (
        ClearanceStep.objects.select_for_update(of=("self",))
        .select_related("draft")
        .get(pk=step.pk)
    )
    step.draft.statement = statement
    refuse_other_text(step, sha256)
    guards.refuse_state(statement, StatementState.CLEARANCE)
    if step.closed_at is not None:
        raise StepClosed(
            _("This step is closed; %(step)s was the one you saw. Look at what is asked now.")
            % {"step": step.get_level_display()}
        )
    if agency in positions.heard(step, at):
        raise StepClosed(
            _(
                "Silence ended on %(moment)s, and nobody had broken it: %(agency)s counts as "
                "approving. Ask the chair if that is wrong."
            )
            % {"moment": guards.said(step.deadline, by), "agency": agency}
        )
    return step


def paragraphs_meant(step: ClearanceStep, said: PositionInput) -> str:
    """Return the paragraphs that a position is about, in the order of the text.

    The position is a reservation or an objection. Raises NoSuchParagraph.
    """
    if not said.about or said.kind not in REASONED:
        return ""
    numbers = drafts.numbered(step.draft)
    for number in said.about:
        if number not in numbers:
            raise NoSuchParagraph(
                _("Draft %(draft)s has no %(number)s.")
                % {"draft": step.draft.number, "number": number},
                field="about",
            )
    return ", ".join(number for number in numbers if number in said.about)


def break_silence(step: ClearanceStep, agency: Agency, *, by: Person, at: datetime) -> None:
    """Stop the clock of a silence procedure.

    From now on every agency must speak, unless the chair begins the silence anew once nobody
    objects.
    """
    step.broken_at = at
    step.version += 1
    history.sign(
        step, by=by, reason=StatementsChange.SILENCE_BROKEN, values={"agency": str(agency)}
    )
    step.save(update_fields=["broken_at", "version"])


@transaction.atomic
def extend_step(
    statement: Statement, *, deadline: datetime, reason: str, by: Person, at: datetime
) -> ClearanceStep:
    """Give the agencies more time in the open step; all are told.

    If silence was broken and nobody objects any more, the silence begins anew. Raises StepClosed
    when silence has passed already: what was let pass is not asked again.
    """
    statement = guards.hold(
        statement.pk, StatementState.CLEARANCE, may="statements.clear", by=by, at=at
    )
    step = running_step(statement)
    guards.refuse_past(deadline, at)
    if step.passed(at):
        raise StepClosed(
            _(
                "Silence has passed; it cannot be extended. Go on with the text, or ask in a new "
                "draft."
            )
        )
    if deadline <= step.deadline and step.broken_at is None:
        raise DeadlineNotAhead(_("Choose a deadline after the one that stands."), field="deadline")
    words = guards.refuse_without(reason, _("Say why; all agencies read it."))
    if not positions.missing_in(step, at).objecting:
        step.broken_at = None
    step.deadline, step.extended_at, step.extension_reason = deadline, at, words
    step.version += 1
    history.sign(step, by=by, reason=StatementsChange.CLEARANCE_EXTENDED, values={"words": words})
    step.save(update_fields=["deadline", "broken_at", "extended_at", "extension_reason", "version"])
    wake_on_commit()
    return step


def refuse_other_text(step: ClearanceStep, sha256: str) -> None:
    """Raise OtherText unless the hash is that of the step's draft, and that draft is the newest."""
    newest = drafts.latest_draft(step.draft.statement)
    if newest.pk != step.draft_id or sha256 != step.draft.sha256:
        raise OtherText(
            _(
                "Draft %(number)s is the text now; yours was about another. Nothing was recorded: "
                "read it, then speak."
            )
            % {"number": newest.number},
        )


def running_step(statement: Statement) -> ClearanceStep:
    """Return the open step of a statement in clearance, locked."""
    return (
        ClearanceStep.objects.select_for_update(of=("self",))
        .select_related("draft")
        .get(statement=statement, closed_at__isnull=True)
    )


def close(step: ClearanceStep, *, by: Person, at: datetime, reason: StatementsChange) -> None:
    """Close a step; what was said in it stays."""
    step.closed_at = at
    step.version += 1
    history.sign(step, by=by, reason=reason)
    step.save(update_fields=["closed_at", "version"])


def refuse_incomplete(step: ClearanceStep, at: datetime) -> None:
    """Raise PositionsMissing unless the step is complete.

    It is complete when every member of the day has spoken and none objects. The error says what is
    missing.
    """
    state = positions.missing_in(step, at)
    if not state.complete:
        raise PositionsMissing(state.sentence)


def lapse(step: ClearanceStep, *, by: Person, at: datetime) -> None:
    """Let the amendments that objectors proposed lapse.

    All agencies have approved the text as it stands.
    """
    guards.settle(
        amendments.open_amendments(step.draft).select_for_update(of=("self",)),
        AmendmentState.LAPSED,
        why=_("The text was approved as it stands."),
        by=by,
        at=at,
    )


@transaction.atomic
def open_next_step(
    statement: Statement, *, deadline: datetime, by: Person, at: datetime
) -> ClearanceStep:
    """Close the running step and open the next one on the same text.

    In the step that closes, all agencies must have spoken and none may object.
    """
    statement = guards.hold(
        statement.pk, StatementState.CLEARANCE, may="statements.clear", by=by, at=at
    )
    step = running_step(statement)
    if step.position == len(statement.planned):
        raise NoStepLeft(
            _("Every step of clearance is open already; the statement can be adopted.")
        )
    guards.refuse_past(deadline, at)
    refuse_incomplete(step, at)
    close(
        step,
        by=by,
        at=at,
        reason=(
            StatementsChange.SILENCE_PASSED if step.passed(at) else StatementsChange.ALL_HAVE_SPOKEN
        ),
    )
    step.draft.statement = statement
    following = open_step(step.draft, place=step.position + 1, deadline=deadline, by=by, at=at)
    wake_on_commit()
    return following


@transaction.atomic
def return_to_consolidation(statement: Statement, *, by: Person, at: datetime) -> Statement:
    """Take the text back for consolidation because an agency objects.

    The next draft asks every agency again.
    """
    statement = guards.hold(
        statement.pk, StatementState.CLEARANCE, may="statements.clear", by=by, at=at
    )
    step = running_step(statement)
    if not positions.missing_in(step, at).objecting:
        raise NobodyObjects(_("No agency objects; the text stays with the agencies."))
    close(step, by=by, at=at, reason=StatementsChange.ENDED_BY_OBJECTION)
    guards.move(
        statement,
        StatementState.CONSOLIDATION,
        by=by,
        reason=StatementsChange.RETURNED_TO_CONSOLIDATION,
    )
    wake_on_commit()
    return statement


@transaction.atomic
def adopt(statement: Statement, *, by: Person, at: datetime) -> Statement:
    """Adopt the newest draft.

    Every member agency of the day approves it, or does not join, in each step (design.md 4.5).

    Signatories are those that approve in the last step, with their reservations; those that do not
    join are left out by name.
    """
    statement = guards.hold(
        statement.pk, StatementState.CLEARANCE, may="statements.adopt", by=by, at=at
    )
    step = running_step(statement)
    steps = ClearanceStep.objects.filter(statement=statement, draft=step.draft).select_related(
        "draft"
    )
    if {each.position for each in steps} != set(range(1, len(statement.planned) + 1)):
        raise StepsLeft(
            _("Not every step of clearance has been opened on this text; open the next one first.")
        )
    for each in steps:
        refuse_incomplete(each, at)
    sign_for_all(statement, step, at=at)
    lapse(step, by=by, at=at)
    close(step, by=by, at=at, reason=StatementsChange.ADOPTED)
    guards.move(
        statement,
        StatementState.ADOPTED,
        by=by,
        reason=StatementsChange.ADOPTED,
        adopted_at=at,
        adopted_sha256=step.draft.sha256,
    )
    wake_on_commit()
    return statement


def sign_for_all(statement: Statement, step: ClearanceStep, *, at: datetime) -> None:
    """Write who signs and who does not join.

    That follows from what the members of the day said last. Raises NobodySigns when none signs.
    """
    state = positions.missing_in(step, at)
    said = positions.newest_positions([step]).get(step.pk, {})
    members = [position for position in said.values() if position.agency_id in state.keys]
    if not state.silent and all(position.kind == PositionKind.NOT_JOIN for position in members):
        raise NobodySigns(_("No agency approves this text; there is nothing to adopt."))
    spoken = [
        Signatory(
            statement=statement,
            agency_id=position.agency_id,
            joined=position.kind != PositionKind.NOT_JOIN,
            reservation=reservation_of(position),
        )
        for position in members
    ]
    silent = [Signatory(statement=statement, agency=agency) for agency in state.silent]
    Signatory.objects.bulk_create([*spoken, *silent])


def reservation_of(position: Position) -> str:
    """Return the words with which an agency signs under reservation.

    They say which paragraphs it is about, and why. For other positions "".
    """
    if position.kind != PositionKind.RESERVE:
        return ""
    return f"{position.about}: {position.reason}" if position.about else position.reason


@transaction.atomic
def release(statement: Statement, *, by: Person, at: datetime) -> Statement:
    """Make an adopted statement public, at its own address."""
    statement = guards.hold(
        statement.pk, StatementState.ADOPTED, may="statements.release", by=by, at=at
    )
    if statement.released_at is not None:
        raise AlreadyReleased(_("The statement is public already."))
    statement.released_at = at
    statement.version += 1
    history.sign(statement, by=by, reason=StatementsChange.RELEASED)
    statement.save(update_fields=["released_at", "version"])
    wake_on_commit()
    return statement


@transaction.atomic
def withdraw_statement(statement: Statement, *, reason: str, by: Person, at: datetime) -> Statement:
    """Give a statement up before it is adopted; all that was said stays on record."""
    statement = guards.lock(statement.pk)
    permissions.require(by, "statements.withdraw", On(day_in_group(at), statement))
    words = guards.refuse_without(reason, _("Say why; the agencies read it."))
    guards.move(
        statement,
        StatementState.WITHDRAWN,
        by=by,
        reason=StatementsChange.STATEMENT_WITHDRAWN,
        values={"words": words},
    )
    for step in ClearanceStep.objects.select_for_update(of=("self",)).filter(
        statement=statement, closed_at__isnull=True
    ):
        close(step, by=by, at=at, reason=StatementsChange.CLEARANCE_WITHDRAWN)
    wake_on_commit()
    return statement
