"""An adoption by the cast, with a position of each kind of evidence."""

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from coordination.statements.actions import positions, silent
from coordination.statements.actions.positions import PositionCall, PositionInput, PositionLetter
from coordination.statements.enums import PositionKind
from coordination.statements.models import Statement
from coordination.statements.tests.factories import in_clearance, take_position
from coordination.tests.cast import NOW

LATER = NOW + timedelta(days=5)


def ready(cast, chair, **fields):
    """Return the principals' step, in which every agency of `cast` (agency: person) has spoken.

    UNFPA approves in the app, OHCHR by letter with a reservation, UNESCO by telephone; WHO does not join.
    """
    first = in_clearance(**fields)
    for agency, person in cast.items():
        take_position(first, agency, person)
    step = positions.open_next_step(first.statement, deadline=LATER, by=chair, at=NOW)
    sha256 = step.draft.sha256
    unfpa, ohchr, unesco, who = cast
    positions.take_position(
        step, PositionInput(PositionKind.APPROVE, sha256), agency=unfpa, by=cast[unfpa], at=NOW
    )
    positions.record_letter(
        step,
        PositionInput(PositionKind.RESERVE, sha256, "Our mandate differs.", ("OP 1",)),
        PositionLetter(SimpleUploadedFile("letter.pdf", b"%PDF-1.7"), "Dr Rosa Lima, Director"),
        agency=ohchr,
        by=chair,
        at=NOW,
    )
    silent.record_call(
        step,
        PositionCall("Jean Petit", NOW, "Élodie Marchand"),
        sha256=sha256,
        agency=unesco,
        by=chair,
        at=NOW,
    )
    positions.take_position(
        step, PositionInput(PositionKind.NOT_JOIN, sha256), agency=who, by=cast[who], at=NOW
    )
    return step


def adopted(cast, chair, *, released=False, at=NOW, **fields) -> Statement:
    """Return a statement that the cast has just adopted."""
    step = ready(cast, chair, **fields)
    statement = positions.adopt(step.statement, by=chair, at=at)
    return positions.release(statement, by=chair, at=at) if released else statement
