"""Clearance steps, positions, adoption and release."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from coordination.core import history, permissions
from coordination.core.due import wake_on_commit
from coordination.core.permissions import On
from coordination.core.queries import day_in_group
from coordination.members.models import Agency, Person
from coordination.statements.actions import guards, lengths, proof, signatories
from coordination.statements.actions.drafts import open_step
from coordination.statements.enums import (
    KINDS_WITH_REASON,
    PositionKind,
    StatementsChange,
    StatementState,
)
from coordination.statements.errors import (
    AlreadyReleased,
    DeadlineNotAhead,
    LetterMissing,
    NobodyObjects,
    NoStepLeft,
    NoSuchParagraph,
    NotAMember,
    OtherText,
    PositionsMissing,
    StepClosed,
    StepsLeft,
)
from coordination.statements.models import ClearanceStep, Position, Statement
from coordination.statements.queries import drafts, positions


@dataclass(frozen=True, slots=True)
class PositionInput:
    """The position that an agency takes on a text.

    `sha256` is the hash of the text that the author saw. `about` has the numbers of paragraphs
    ("OP 3") when a reservation or an objection concerns only some; empty means the whole text.
    """

    kind: PositionKind
    sha256: str
    reason: str = ""
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PositionLetter:
    """The letter in which an agency sent its position.

    The form has already checked the file (`core.uploads.checked`).
    """

    file: File[bytes]
    signed_by: str

    @property
    def fields(self) -> dict[str, Any]:
        """Return what the position stores of it."""
        return {"letter": self.file, "signed_by": self.signed_by}


@dataclass(frozen=True, slots=True)
class PositionCall:
    """A telephone call in which an agency approved a text."""

    spoken_by: str
    spoken_at: datetime
    heard_by: str

    @property
    def fields(self) -> dict[str, Any]:
        """Return what the position stores of it."""
        return {
            "spoken_by": self.spoken_by,
            "spoken_at": self.spoken_at,
            "heard_by": self.heard_by,
        }


@transaction.atomic
def take_position(
    step: ClearanceStep, position: PositionInput, *, agency: Agency, by: Person, at: datetime
) -> Position:
    """Record an agency's position on one exact text.

    Positions are only added; the newest of each agency counts. Raises OtherText when a newer draft
    was issued, StepClosed when the step has ended or silence has passed for the agency.
    """
    statement = guards.lock_statement(step.statement_id)
    permissions.require(by, "statements.take_position", On(day_in_group(at), step))
    guards.require_agency(by, agency, at)
    guards.refuse_outsider(statement, agency, at)
    step.statement = statement
    return record_position(step, position, agency=agency, by=by, at=at)


@transaction.atomic
def record_letter(
    step: ClearanceStep,
    position: PositionInput,
    letter: PositionLetter,
    *,
    agency: Agency,
    by: Person,
    at: datetime,
) -> Position:
    """Record a position that came by letter.

    The chair's team records it and attaches the letter (design.md 4.6). Raises LetterMissing
    without the file or the signatory's name, NotAMember for an agency that is not asked.
    """
    statement = guards.lock_for_chair(
        step.statement_id, StatementState.CLEARANCE, may="statements.clear", by=by, at=at
    )
    signed_by = letter.signed_by.strip()
    if not letter.file or not signed_by:
        raise LetterMissing(_("Attach the letter, and say who signed it."), field="letter")
    # the chair acts for no agency here, so the agency itself is checked
    if agency.pk not in positions.missing_positions_at(step, at).keys:
        raise NotAMember(
            _("%(agency)s is not asked in this step.") % {"agency": agency}, field="agency"
        )
    step.statement = statement
    evidence = PositionLetter(letter.file, signed_by)
    return record_position(step, position, agency=agency, by=by, at=at, evidence=evidence)


def record_position(
    step: ClearanceStep,
    position: PositionInput,
    *,
    agency: Agency,
    by: Person,
    at: datetime,
    evidence: PositionLetter | PositionCall | None = None,
) -> Position:
    """Add a position to an open step.

    `evidence` is what the chair recorded it from. The caller has locked the step's statement and
    checked permissions.
    """
    step = lock_step_for_agency(step, position.sha256, agency=agency, by=by, at=at)
    reason = clean_reason(position)
    about = clean_about(step, position)
    newest = positions.newest_positions([step]).get(step.pk, {}).get(agency.pk)
    # a form sent twice adds nothing; evidence always adds a row
    if (
        newest
        and not evidence
        and (newest.kind, newest.about, newest.reason) == (position.kind, about, reason)
    ):
        return newest
    recorded = Position(
        step=step,
        agency=agency,
        person=by,
        kind=position.kind,
        sha256=position.sha256,
        about=about,
        reason=reason,
        taken_at=at,
    )
    for name, value in (evidence.fields if evidence else {}).items():
        setattr(recorded, name, value)
    recorded.save()
    # design.md 2: an objection breaks the silence
    if position.kind == PositionKind.OBJECT and step.silence_holds:
        break_silence(step, agency, by=by, at=at)
    wake_on_commit()
    return recorded


def clean_reason(position: PositionInput) -> str:
    """Return the cleaned reason; raise ReasonMissing if needed."""
    if position.kind not in KINDS_WITH_REASON:
        return position.reason.strip()
    return guards.require_reason(position.reason, _("Say why; the chair and the others read it."))


def lock_step_for_agency(
    step: ClearanceStep, sha256: str, *, agency: Agency, by: Person, at: datetime
) -> ClearanceStep:
    """Lock an open step for an agency's position.

    The caller has locked the step's statement. Raises OtherText, WrongState or StepClosed.
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
    # the agency may have read the page before the chair closed the step
    if step.closed_at is not None:
        raise StepClosed(
            _("This step is closed; %(step)s was the one you saw. Look at what is asked now.")
            % {"step": step.get_level_display()}
        )
    if agency in positions.agencies_past_silence(step, at):
        raise StepClosed(
            _(
                "Silence ended on %(moment)s, and nobody had broken it: %(agency)s counts as "
                "approving. Ask the chair if that is wrong."
            )
            % {"moment": guards.format_moment(step.deadline, by), "agency": agency}
        )
    return step


def clean_about(step: ClearanceStep, position: PositionInput) -> str:
    """Return the paragraphs that a position concerns, in text order.

    The result reads "PP 1, OP 3". It is "" for a kind of position that needs no reason. Raises
    NoSuchParagraph.
    """
    if not position.about or position.kind not in KINDS_WITH_REASON:
        return ""
    # the form accepts any number, because its page may show an older draft
    numbers = drafts.keys_by_number(drafts.blocks_of(step.draft))
    for number in position.about:
        if number not in numbers:
            raise NoSuchParagraph(
                _("Draft %(draft)s has no %(number)s.")
                % {"draft": step.draft.number, "number": number},
                field="about",
            )
    return ", ".join(number for number in numbers if number in position.about)


def break_silence(step: ClearanceStep, agency: Agency, *, by: Person, at: datetime) -> None:
    """Break the silence of a step.

    Every agency must then take a position, until the chair restarts the silence (`extend_step`).
    """
    step.broken_at = at
    step.version += 1
    history.sign(
        step, by=by, reason=StatementsChange.SILENCE_BROKEN, values={"agency": str(agency)}
    )
    step.save(update_fields=["broken_at", "version"])


@transaction.atomic
def extend_step(
    statement: Statement,
    *,
    deadline: datetime,
    reason: str,
    by: Person,
    at: datetime,
    short_reason: str = "",
) -> ClearanceStep:
    """Move the deadline of the open step.

    This restarts a broken silence if nobody objects any more. Raises StepClosed when silence has
    already passed, because silent agencies then count as approving, and TooShort without a
    `short_reason` for a silence shorter than the group's least.
    """
    statement = guards.lock_for_chair(
        statement.pk, StatementState.CLEARANCE, may="statements.clear", by=by, at=at
    )
    step = lock_open_step(statement)
    guards.require_future(deadline, at)
    if step.silence_passed(at):
        raise StepClosed(
            _(
                "Silence has passed; it cannot be extended. Go on with the text, or ask in a new "
                "draft."
            )
        )
    # a broken silence stands still, so it may restart with an earlier deadline
    if deadline <= step.deadline and step.broken_at is None:
        raise DeadlineNotAhead(_("Choose a deadline after the one that stands."), field="deadline")
    words = guards.require_reason(reason, _("Say why; all agencies read it."))
    # an objection keeps the silence broken: only the objector can lift it
    if step.broken_at and not positions.missing_positions_at(step, at).objecting:
        step.broken_at, step.restarted_at = None, at
    step.deadline, step.extended_at, step.extension_reason = deadline, at, words
    lengths.keep_length(step, short_reason, by=by)
    step.version += 1
    history.sign(step, by=by, reason=StatementsChange.CLEARANCE_EXTENDED, values={"words": words})
    step.save(
        update_fields=[
            "deadline",
            "broken_at",
            "restarted_at",
            "extended_at",
            "extension_reason",
            "short_reason",
            "short_by",
            "version",
        ]
    )
    wake_on_commit()
    return step


def refuse_other_text(step: ClearanceStep, sha256: str) -> None:
    """Raise OtherText unless the hash is of the newest draft.

    The step must be on that draft too.
    """
    newest = drafts.latest_draft(step.draft.statement)
    if newest.pk != step.draft_id or sha256 != step.draft.sha256:
        raise OtherText(
            _(
                "Your position was on an older text. Nothing was recorded. Read draft "
                "%(number)s, then take a position."
            )
            % {"number": newest.number},
        )


def lock_open_step(statement: Statement) -> ClearanceStep:
    """Lock and return a statement's open clearance step."""
    return (
        ClearanceStep.objects.select_for_update(of=("self",))
        .select_related("draft")
        .get(statement=statement, closed_at__isnull=True)
    )


def close_step(step: ClearanceStep, *, by: Person, at: datetime, reason: StatementsChange) -> None:
    """Close a step; its positions stay on record."""
    step.closed_at = at
    step.version += 1
    history.sign(step, by=by, reason=reason)
    step.save(update_fields=["closed_at", "version"])


def refuse_incomplete(step: ClearanceStep, at: datetime) -> None:
    """Raise PositionsMissing while an agency is silent or objects.

    The message names the agencies.
    """
    missing = positions.missing_positions_at(step, at)
    if not missing.complete:
        raise PositionsMissing(missing.sentence)


@transaction.atomic
def open_next_step(
    statement: Statement, *, deadline: datetime, by: Person, at: datetime, short_reason: str = ""
) -> ClearanceStep:
    """Close the open step and open the next one.

    Raises NoStepLeft, or PositionsMissing while an agency is silent or objects. `short_reason` is
    as in `drafts.open_step`.
    """
    statement = guards.lock_for_chair(
        statement.pk, StatementState.CLEARANCE, may="statements.clear", by=by, at=at
    )
    step = lock_open_step(statement)
    if step.position == len(statement.planned):
        raise NoStepLeft(
            _("Every step of clearance is open already; the statement can be adopted.")
        )
    guards.require_future(deadline, at)
    refuse_incomplete(step, at)
    close_step(
        step,
        by=by,
        at=at,
        reason=(
            StatementsChange.SILENCE_PASSED
            if step.silence_passed(at)
            else StatementsChange.ALL_HAVE_SPOKEN
        ),
    )
    step.draft.statement = statement  # the locked row
    following = open_step(
        step.draft,
        place=step.position + 1,
        deadline=deadline,
        by=by,
        at=at,
        short_reason=short_reason,
    )
    wake_on_commit()
    return following


@transaction.atomic
def return_to_consolidation(statement: Statement, *, by: Person, at: datetime) -> Statement:
    """Return the text to consolidation after an objection.

    Every agency takes a new position on the next draft. Raises NobodyObjects.
    """
    statement = guards.lock_for_chair(
        statement.pk, StatementState.CLEARANCE, may="statements.clear", by=by, at=at
    )
    step = lock_open_step(statement)
    if not positions.missing_positions_at(step, at).objecting:
        raise NobodyObjects(_("No agency objects; the text stays with the agencies."))
    close_step(step, by=by, at=at, reason=StatementsChange.ENDED_BY_OBJECTION)
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

    In each step every participating agency must have approved, let silence pass or declared that
    it does not join (design.md 4.5). Raises StepsLeft, PositionsMissing or NobodySigns.
    """
    statement = guards.lock_for_chair(
        statement.pk, StatementState.CLEARANCE, may="statements.adopt", by=by, at=at
    )
    step = lock_open_step(statement)
    steps = ClearanceStep.objects.filter(statement=statement, draft=step.draft).select_related(
        "draft"
    )
    if {opened_step.position for opened_step in steps} != set(range(1, len(statement.planned) + 1)):
        raise StepsLeft(
            _("Not every step of clearance has been opened on this text; open the next one first.")
        )
    # design.md 4.5 asks this of each step, not only of the last
    for opened_step in steps:
        refuse_incomplete(opened_step, at)
    # before the state changes: triggers refuse new signatories of an adopted statement
    signatories.write_signatories(statement, step, at=at)
    signatories.lapse_amendments(step, by=by, at=at)
    close_step(step, by=by, at=at, reason=StatementsChange.ADOPTED)
    planned = statement.release_planned_for
    guards.move(
        statement,
        StatementState.ADOPTED,
        by=by,
        reason=StatementsChange.ADOPTED,
        adopted_at=at,
        adopted_sha256=step.draft.sha256,
        # a moment that has passed would release the text at once, before anybody looked at it
        release_planned_for=planned if planned and planned > at else None,
    )
    proof.make_manifest(statement, step.draft, at=at)
    wake_on_commit()
    return statement


@transaction.atomic
def release(statement: Statement, *, by: Person, at: datetime) -> Statement:
    """Make an adopted statement public."""
    statement = guards.lock_for_chair(
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
    """Withdraw a statement before its adoption.

    Its amendments and positions stay on record. Raises ReasonMissing.
    """
    statement = guards.lock_statement(statement.pk)
    permissions.require(by, "statements.withdraw", On(day_in_group(at), statement))
    words = guards.require_reason(reason, _("Say why; the agencies read it."))
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
        close_step(step, by=by, at=at, reason=StatementsChange.CLEARANCE_WITHDRAWN)
    wake_on_commit()
    return statement
