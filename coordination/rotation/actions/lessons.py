"""Write the lessons of a term, which pass from chair to chair."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.core import history
from coordination.core.versions import claim
from coordination.rotation.actions import texts
from coordination.rotation.actions.texts import Writer
from coordination.rotation.enums import HandoverChange
from coordination.rotation.errors import TextGone
from coordination.rotation.models import Lesson


@dataclass(frozen=True, slots=True)
class LessonInput:
    """A lesson and the question that it answers."""

    kind: str
    text: str


@transaction.atomic
def write_lesson(writer: Writer, lesson: LessonInput) -> Lesson:
    """Write a lesson of the writer's term. It voids the signature.

    Raises NotAllowed.
    """
    term = texts.lock_term(writer)
    row = Lesson(
        term=term,
        kind=lesson.kind,
        text=lesson.text.strip(),
        written_by=writer.by,
        written_at=writer.at,
    )
    history.sign(row, by=writer.by, reason=HandoverChange.LESSON_WRITTEN)
    row.save()
    texts.text_changed(term, by=writer.by, at=writer.at)
    return row


@transaction.atomic
def edit_lesson(row: Lesson, lesson: LessonInput, writer: Writer, *, version: int) -> Lesson:
    """Edit a lesson, which voids the signature.

    It is a lesson of the writer's term. Raises TextGone, Stale, NotAllowed.
    """
    row = lock_lesson(row, writer, version=version)
    row.kind, row.text = lesson.kind, lesson.text.strip()
    history.sign(row, by=writer.by, reason=HandoverChange.LESSON_EDITED)
    row.save(update_fields=["kind", "text", "version"])
    texts.text_changed(row.term, by=writer.by, at=writer.at)
    return row


@transaction.atomic
def withdraw_lesson(row: Lesson, writer: Writer, *, version: int) -> Lesson:
    """Withdraw a lesson, which voids the signature.

    It stays in history. Raises TextGone, Stale, NotAllowed.
    """
    row = lock_lesson(row, writer, version=version)
    row.withdrawn_at = writer.at
    history.sign(row, by=writer.by, reason=HandoverChange.LESSON_WITHDRAWN)
    row.save(update_fields=["withdrawn_at", "version"])
    texts.text_changed(row.term, by=writer.by, at=writer.at)
    return row


def lock_lesson(row: Lesson, writer: Writer, *, version: int) -> Lesson:
    """Lock a lesson and claim its version.

    It is a lesson of the writer's term. Raises TextGone, Stale, NotAllowed.
    """
    texts.lock_term(writer)
    locked = Lesson.objects.select_for_update(of=("self",)).select_related("term")
    row = locked.get(pk=row.pk, term=writer.term)
    if row.withdrawn_at is not None:
        raise TextGone(_("This lesson was withdrawn."))
    claim(row, version)
    return row
