"""The record of principals' meetings in the admin."""

from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from coordination.core import uploads
from coordination.core.uploads import extension_of
from coordination.meetings import actions
from coordination.meetings.admin import DocumentForm
from coordination.meetings.enums import Level, MeetingKind
from coordination.meetings.models import Meeting, MeetingDocument
from coordination.meetings.tests.factories import AttendanceFactory, MeetingFactory
from coordination.members.tests.factories import AgencyFactory, MembershipFactory
from coordination.tests.admin_pages import sent_by
from coordination.tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now", "terms")]
BACKEND = "django.contrib.auth.backends.ModelBackend"
PDF = b"%PDF-1.7 words"


@pytest.fixture
def records(client, administrator):
    client.force_login(administrator, backend=BACKEND)
    return client


def with_inlines(records, path, rows):
    """Return what the admin's form sends for its inlines, those of other domains among them, with `rows` in some."""
    sent = {}
    for inline in records.get(path).context["inline_admin_formsets"]:
        prefix = inline.formset.prefix
        own = rows.get(prefix, [])
        sent |= {f"{prefix}-TOTAL_FORMS": len(own), f"{prefix}-INITIAL_FORMS": 0}
        sent |= {f"{prefix}-{number}-{name}": value for number, row in enumerate(own) for name, value in row.items()}
    return sent


def test_a_record_with_all_its_parts(records, unfpa, unesco, focal_point, administrator):
    sent = {
        "title": "Principals’ meeting, Paris",
        "slug": "2026-principals-paris",
        "state": "held",
        "starts_at_0": "2026-11-03",
        "starts_at_1": "14:00",
        "time_zone": "Europe/Paris",
        "place": "Paris",
        "chair_agency": unesco.pk,
        "chair_name": "The Director-General",
        "outcome": "Adopted the statement.",
        "first_precision": "day",
        "last_precision": "day",
        "sources": "[]",
    }
    rows = {
        "agenda": [{"position": 1, "title": "The statement", "lead": unesco.pk}],
        "attendances": [{"agency": unfpa.pk, "level": "delegate", "person": focal_point.pk, "name_on_day": "Nadia Ferreira, Adviser"}],
        "decisions": [{"number": 1, "text": "To adopt it."}],
        "action_items": [{"number": 1, "title": "Print it", "agency": unesco.pk, "due_day": "2026-12-01", "state": "open"}],
        "documents": [{"title": "Agenda", "file": SimpleUploadedFile("Agenda of 3 Nov.pdf", PDF)}],
    }
    add = "/admin/meetings/principalsmeeting/add/"

    response = records.post(add, sent | with_inlines(records, add, rows))

    assert response.status_code == 302, response.context["errors"]
    meeting = Meeting.objects.get()
    assert (meeting.kind, meeting.history.get().history_user) == (MeetingKind.PRINCIPALS, administrator)
    assert [str(row) for row in meeting.attendances.all()] == ["UNFPA: delegate"]
    assert [str(row) for row in meeting.decisions.all()] == ["1. To adopt it."]
    assert [str(row) for row in meeting.agenda.all()] == ["1. The statement"]
    assert [str(row) for row in meeting.action_items.all()] == ["Print it"]
    [document] = meeting.documents.all()
    with document.file.open() as file:
        assert (str(document), file.read()) == ("Agenda", PDF)
    assert document.file.name.startswith("meetings/")
    assert "Agenda" not in document.file.name
    assert document.file.name.endswith(".pdf")


def test_lists_search_and_open(records, unesco):
    paris = MeetingFactory(title="Paris", kind="principals", chair_agency=unesco)
    MeetingFactory(title="Online", kind="principals")

    page = records.get("/admin/meetings/principalsmeeting/?q=Paris").content.decode()
    assert ("Paris" in page, "Online" in page) == (True, False)
    assert ("UNESCO</td>" in page, "as in the rotation" in page) == (True, False)
    assert "as in the rotation" in records.get("/admin/meetings/principalsmeeting/?q=Online").content.decode()
    assert records.get(f"/admin/meetings/principalsmeeting/{paris.pk}/change/").status_code == 200
    assert records.get(f"/admin/meetings/principalsmeeting/{paris.pk}/history/").status_code == 200
    assert "Online" in records.get("/admin/meetings/meeting/?q=Online&state=convened").content.decode()
    assert records.get("/admin/meetings/actionitem/?q=x").status_code == 200


def test_history_tells_of_changes_and_removals_too(records, administrator):
    meeting = MeetingFactory(kind="principals")
    address = f"/admin/meetings/principalsmeeting/{meeting.pk}"
    assert records.get(f"{address}/history/").status_code == 200

    records.post(f"{address}/delete/", {"post": "yes"})

    assert Meeting.objects.count() == 0
    newest = Meeting.history.first()
    assert (newest.history_type, newest.history_user) == ("-", administrator)


def test_fill_attendance_with_the_members_of_that_day(records, unfpa, ohchr, unesco, who):
    late = AgencyFactory(acronym="LATE")
    MembershipFactory(agency=late, first_day=datetime(2026, 12, 1, tzinfo=UTC).date())
    meeting = MeetingFactory(kind="principals", starts_at=datetime(2026, 11, 3, 14, 0, tzinfo=UTC))
    AttendanceFactory(meeting=meeting, agency=unfpa, level=Level.PRINCIPAL)
    act = {"action": "fill_attendance", "_selected_action": [meeting.pk]}

    for _ in range(2):
        assert records.post("/admin/meetings/principalsmeeting/", act).status_code == 302

    assert [(row.agency.acronym, row.level) for row in meeting.attendances.all()] == [
        ("OHCHR", "absent"),
        ("UNESCO", "absent"),
        ("UNFPA", "principal"),
        ("WHO", "absent"),
    ]


@pytest.mark.parametrize(
    ("head", "name", "kept"),
    [
        (b"%PDF-1.7", "x.exe", "pdf"),
        (b"PK\x03\x04....", "x.docx", "docx"),
        (b"PK\x03\x04....", "x.XLSX", "xlsx"),
        (b"PK\x03\x04....", "x.zip", None),
        (b"\x89PNG\r\n\x1a\n", "x", "png"),
        (b"\xff\xd8\xff\xe0", "x.jpeg", "jpg"),
        (b"<html>..", "x.pdf", None),
        (b"MZ......", "x.docx", None),
    ],
)
def test_the_type_is_told_by_content(head, name, kept):
    assert extension_of(head, name) == kept


def document_form(content, name="agenda.pdf", instance=None, **more):
    return DocumentForm({"title": "Agenda", **more}, {"file": SimpleUploadedFile(name, content)} if content else {}, instance=instance)


def test_documents_of_other_types_and_sizes_are_refused():
    assert document_form(b"<script>").errors["file"] == ["Only PDF, Word, Excel, PowerPoint, PNG and JPEG files are kept."]
    assert document_form(PDF + bytes(uploads.LARGEST)).errors["file"] == ["The file is larger than 20 MB."]


def test_a_document_has_a_file_or_a_link():
    meeting = MeetingFactory()

    assert document_form(None, instance=MeetingDocument(meeting=meeting), link="https://example.org/x").is_valid()
    form = document_form(None, instance=MeetingDocument(meeting=meeting))
    assert form.errors["__all__"] == ["Give a file or a link."]


def test_a_file_that_stays_is_not_looked_at_again():
    form = document_form(PDF, instance=MeetingDocument(meeting=MeetingFactory()))
    saved = form.save()

    again = DocumentForm({"title": "Agenda, corrected"}, {}, instance=saved)

    assert (again.is_valid(), again.save().file.name) == (True, saved.file.name)


@pytest.mark.parametrize("kind", ["meeting", "principalsmeeting"])
def test_the_second_of_two_sees_both_and_loses_nothing(records, chair, kind):
    meeting = MeetingFactory(kind="principals", outcome="", place="Paris")
    address = f"/admin/meetings/{kind}/{meeting.pk}/change/"
    mine = sent_by(records.get(address)) | {"outcome": "Mine."}
    actions.record_outcome(meeting, "Theirs.", version=meeting.version, by=chair, at=NOW)

    second = records.post(address, mine)

    assert second.status_code == 200
    page = second.content.decode()
    assert f"{chair} saved this while you wrote" in page
    errors = second.context["adminform"].form.errors
    assert (errors["state"], errors["outcome"], len(errors)) == (["Saved now: held"], ["Saved now: Theirs."], 3)
    assert "Mine." in page
    meeting.refresh_from_db()
    assert meeting.outcome == "Theirs."

    again = records.post(address, sent_by(second))

    assert again.status_code == 302
    meeting.refresh_from_db()
    assert (meeting.outcome, meeting.place) == ("Mine.", "Paris")
