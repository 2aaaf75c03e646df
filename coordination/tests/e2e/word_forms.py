"""What tests send to the forms of Word files, and their things."""

from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from coordination.members.models import Agency, Person
from coordination.statements.actions import word_import
from coordination.statements.actions.word_inputs import SentFile
from coordination.statements.models import Draft
from coordination.statements.tests.factories import circulated
from coordination.statements.tests.word_files import of_draft

NAMES = ("review_word", "name_word_authors", "discard_word", "word_file")


def sending() -> str:
    return reverse("statements:send_word", args=[circulated().statement.slug])


def sent() -> dict[str, object]:
    draft = Draft.objects.get()
    file = SimpleUploadedFile("comments.docx", of_draft(draft))
    return {"agency": Agency.objects.get(acronym="UNFPA").pk, "file": file}


def things_of_word(
    draft: Draft, agency: Agency, by: Person, at: datetime
) -> dict[str, dict[str, object]]:
    """Return the keys of a Word file that an agency sent back."""
    file = SentFile(ContentFile(of_draft(draft), "sent.docx"), "comments.docx")
    received = word_import.receive_file(draft.statement, file, agency=agency, by=by, at=at)
    return {f"statements:{name}": {"pk": received.pk} for name in NAMES}
