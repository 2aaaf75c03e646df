"""The record of principals' meetings in the admin."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from coordination.core import uploads
from coordination.core.models import Group
from coordination.core.tests.pages import text_of
from coordination.meetings.actions import meetings
from coordination.meetings.admin.meetings import DocumentForm
from coordination.meetings.enums import MeetingKind
from coordination.meetings.models import Meeting, MeetingDocument
from coordination.meetings.tests.factories import AttendanceFactory, MeetingFactory
from coordination.statements.tests.factories import StatementFactory
from coordination.tests.admin_pages import sent_by
from coordination.tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now", "terms")]
BACKEND = "django.contrib.auth.backends.ModelBackend"
HOUR = timedelta(hours=1)
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
        sent |= {
            f"{prefix}-{number}-{name}": value
            for number, row in enumerate(own)
            for name, value in row.items()
        }
    return sent


def test_a_record_with_all_its_parts(records, unesco, administrator):
    sent = {
        "title": "Principals’ meeting, Paris",
        "slug": "2026-principals-paris",
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
        "decisions": [{"number": 1, "text": "To adopt it."}],
        "action_items": [
            {"number": 1, "title": "Print it", "agency": unesco.pk, "due_day": "2026-12-01"}
        ],
        "documents": [{"title": "Agenda", "file": SimpleUploadedFile("Agenda of 3 Nov.pdf", PDF)}],
    }
    add = "/admin/meetings/principalsmeeting/add/"

    response = records.post(add, sent | with_inlines(records, add, rows))

    assert response.status_code == 302, response.context["errors"]
    meeting = Meeting.objects.get()
    assert (meeting.kind, meeting.state, meeting.history.get().history_user) == (
        MeetingKind.PRINCIPALS,
        "held",
        administrator,
    )
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
    assert (
        "as in the rotation"
        in records.get("/admin/meetings/principalsmeeting/?q=Online").content.decode()
    )
    assert records.get(f"/admin/meetings/principalsmeeting/{paris.pk}/change/").status_code == 200
    assert records.get(f"/admin/meetings/principalsmeeting/{paris.pk}/history/").status_code == 200
    assert (
        "Online" in records.get("/admin/meetings/meeting/?q=Online&state=convened").content.decode()
    )
    assert records.get("/admin/meetings/actionitem/?q=x").status_code == 200


def test_history_of_a_principals_meeting_tells_of_changes(records, administrator):
    meeting = MeetingFactory(kind="principals", place="Paris")
    address = f"/admin/meetings/principalsmeeting/{meeting.pk}"

    records.post(
        f"{address}/change/", sent_by(records.get(f"{address}/change/")) | {"place": "Geneva"}
    )

    newest = Meeting.history.first()
    assert (newest.history_type, newest.place, newest.history_user) == (
        "~",
        "Geneva",
        administrator,
    )
    assert "Geneva" in records.get(f"{address}/history/").content.decode()


@pytest.mark.parametrize("kind", ["meeting", "principalsmeeting"])
def test_a_meeting_and_what_it_took_down_is_not_deleted(records, unfpa, kind):
    meeting = MeetingFactory(kind="principals")
    AttendanceFactory(meeting=meeting, agency=unfpa)
    address = f"/admin/meetings/{kind}/"
    act = {"action": "delete_selected", "_selected_action": [meeting.pk], "post": "yes"}

    assert records.post(f"{address}{meeting.pk}/delete/", {"post": "yes"}).status_code == 403
    assert "delete_selected" not in records.get(address).content.decode()
    records.post(address, act)

    assert Meeting.objects.count() == 1
    assert meeting.attendances.count() == 1


@pytest.mark.parametrize(("state", "left"), [("convened", 0), ("held", 1), ("cancelled", 1)])
def test_the_agenda_is_struck_off_only_while_the_meeting_is_to_come(records, state, left):
    meeting = MeetingFactory(kind="principals", state=state)
    meeting.agenda.create(position=1, title="The statement")
    meeting.decisions.create(number=1, text="To adopt it.")
    address = f"/admin/meetings/principalsmeeting/{meeting.pk}/change/"
    strike = {f"{name}-0-DELETE": "on" for name in ("agenda", "decisions")}

    sent = records.post(address, sent_by(records.get(address)) | strike)

    assert sent.status_code == 302
    assert (meeting.agenda.count(), meeting.decisions.count()) == (left, 1)


def test_what_a_record_said_before_is_not_put_back_over_what_it_says_now(records):
    meeting = MeetingFactory(kind="principals", outcome="")
    meeting.outcome = "Adopted."
    meeting.save()
    first = Meeting.history.last()
    address = f"/admin/meetings/principalsmeeting/{meeting.pk}/history/{first.history_id}/"

    page = records.get(address)
    sent = records.post(address, sent_by(page) | {"outcome": ""})

    assert (page.status_code, sent.status_code) == (200, 403)
    assert "it is not put back over what is now" in sent.content.decode()
    meeting.refresh_from_db()
    assert meeting.outcome == "Adopted."


def document_form(content, name="agenda.pdf", instance=None, **more):
    return DocumentForm(
        {"title": "Agenda", **more},
        {"file": SimpleUploadedFile(name, content)} if content else {},
        instance=instance,
    )


def test_documents_of_other_types_and_sizes_are_refused():
    assert document_form(b"<script>").errors["file"] == [
        "The content of this file is not that of a .pdf file."
    ]
    assert document_form(PDF, "agenda.docx").errors["file"] == [
        "The content of this file is not that of a .docx file."
    ]
    assert document_form(PDF + bytes(uploads.LARGEST)).errors["file"] == [
        "The file is larger than 20 MB."
    ]


def test_a_document_has_a_file_or_a_link():
    meeting = MeetingFactory()

    assert document_form(
        None, instance=MeetingDocument(meeting=meeting), link="https://example.org/x"
    ).is_valid()
    form = document_form(None, instance=MeetingDocument(meeting=meeting))
    assert form.errors["__all__"] == ["Give a file or a link."]


def test_a_file_that_stays_is_not_looked_at_again():
    form = document_form(PDF, instance=MeetingDocument(meeting=MeetingFactory()))
    saved = form.save()

    again = DocumentForm({"title": "Agenda, corrected"}, {}, instance=saved)

    assert (again.is_valid(), again.save().file.name) == (True, saved.file.name)


@pytest.mark.parametrize("kind", ["meeting", "principalsmeeting"])
def test_the_second_of_two_sees_both_and_loses_nothing(records, chair, kind):
    meeting = MeetingFactory(kind="principals", outcome="", place="Paris", starts_at=NOW)
    address = f"/admin/meetings/{kind}/{meeting.pk}/change/"
    mine = sent_by(records.get(address)) | {"outcome": "Mine."}
    meetings.record_outcome(meeting, "Theirs.", version=meeting.version, by=chair, at=NOW)

    second = records.post(address, mine)

    assert second.status_code == 200
    page = second.content.decode()
    assert f"{chair} saved this while you wrote" in page
    errors = second.context["adminform"].form.errors
    assert (errors["outcome"], len(errors)) == (["Saved now: Theirs."], 2)
    assert "Mine." in page
    meeting.refresh_from_db()
    assert meeting.outcome == "Theirs."

    again = records.post(address, sent_by(second))

    assert again.status_code == 302
    meeting.refresh_from_db()
    assert (meeting.outcome, meeting.place) == ("Mine.", "Paris")


def test_moments_are_shown_and_read_in_the_zone_that_is_named(records, administrator):
    administrator.time_zone = "America/New_York"
    administrator.save()
    meeting = MeetingFactory(
        kind="principals",
        time_zone="Europe/Paris",
        starts_at=datetime(2026, 11, 3, 14, 0, tzinfo=UTC),
        ends_at=None,
    )
    address = f"/admin/meetings/principalsmeeting/{meeting.pk}/change/"

    page = records.get(address)
    shown = sent_by(page)
    records.post(address, shown | {"starts_at_1": "10:30"})

    words = page.content.decode()
    assert (shown["starts_at_0"], shown["starts_at_1"]) == ("2026-11-03", "09:00:00")
    assert words.count("<div>In your time zone, New York.</div>") == 2
    assert (
        "All times are in your time zone, New York."
        in records.get("/admin/meetings/principalsmeeting/").content.decode()
    )
    meeting.refresh_from_db()
    assert meeting.starts_at == datetime(2026, 11, 3, 15, 30, tzinfo=UTC)


def test_who_set_no_zone_reads_in_that_of_the_group(records):
    assert (
        "In your time zone, Geneva." in records.get("/admin/meetings/meeting/add/").content.decode()
    )


@pytest.mark.parametrize("moment", ["2026-11-23", "../../etc/passwd"])
def test_a_moment_in_the_address_is_no_fault(records, moment):
    page = records.get(
        "/admin/meetings/principalsmeeting/add/", {"starts_at": moment, "title": "Senior officials"}
    )

    form = page.context["adminform"].form
    assert (form["starts_at"].value(), form["title"].value()) == (None, "Senior officials")


@pytest.mark.parametrize(("day", "state"), [("2026-11-20", "held"), ("2026-12-20", "convened")])
def test_a_meeting_put_on_record_after_it_began_counts_as_held(records, day, state):
    add = "/admin/meetings/principalsmeeting/add/"
    words = {
        "title": "Principals",
        "slug": "principals",
        "starts_at_0": day,
        "starts_at_1": "14:00",
        "state": "cancelled",
    }

    sent = records.post(add, sent_by(records.get(add)) | words | with_inlines(records, add, {}))

    assert sent.status_code == 302
    assert Meeting.objects.get().state == state


@pytest.mark.parametrize(
    ("before", "outcome", "after"),
    [
        ("convened", "Adopted.", "held"),
        ("convened", "", "convened"),
        ("cancelled", "Adopted.", "cancelled"),
    ],
)
def test_a_meeting_counts_as_held_when_its_outcome_is_recorded(records, before, outcome, after):
    meeting = MeetingFactory(
        kind="principals",
        state=before,
        outcome="",
        starts_at=datetime(2026, 11, 3, 14, 0, tzinfo=UTC),
    )
    address = f"/admin/meetings/principalsmeeting/{meeting.pk}/change/"

    sent = records.post(
        address,
        sent_by(records.get(address))
        | {"outcome": outcome, "state": "cancelled", "place": "Paris"},
    )

    meeting.refresh_from_db()
    assert (sent.status_code, meeting.state, meeting.place) == (302, after, "Paris")
    assert meeting.outcome == (outcome if after == "held" else "")


@pytest.mark.parametrize(
    "change",
    [
        {"outcome": "Adopted."},
        {"outcome": "Adopted.", "sources": '["The press"]', "starts_at_0": "2026-11-24"},
    ],
)
def test_the_outcome_of_a_meeting_that_is_to_come_is_refused(records, change):
    meeting = MeetingFactory(kind="principals")
    address = f"/admin/meetings/principalsmeeting/{meeting.pk}/change/"

    sent = records.post(address, sent_by(records.get(address)) | change)

    when = "24 Nov 2026" if "sources" in change else "Wed 2 Dec 2026, 15:00"
    assert sent.context["adminform"].form.errors == {
        "outcome": [f"This meeting is on {when}: its outcome is written once it has begun."]
    }
    meeting.refresh_from_db()
    assert (meeting.state, meeting.outcome) == ("convened", "")


def test_a_meeting_whose_hour_is_corrected_to_one_to_come_is_convened_again(records, chair):
    meeting = MeetingFactory(kind="principals", starts_at=NOW)
    meetings.record_outcome(meeting, "Adopted.", version=1, by=chair, at=NOW)
    address = f"/admin/meetings/principalsmeeting/{meeting.pk}/change/"
    shown = sent_by(records.get(address)) | {"starts_at_0": "2027-11-23"}

    refused, done = records.post(address, shown), records.post(address, shown | {"outcome": ""})

    assert list(refused.context["adminform"].form.errors) == ["outcome"]
    assert done.status_code == 302
    meeting.refresh_from_db()
    assert (meeting.state, meeting.outcome, meeting.starts_at.year) == ("convened", "", 2027)


def test_an_hour_that_is_none_is_refused_for_itself_alone(records):
    add = "/admin/meetings/principalsmeeting/add/"

    sent = records.post(
        add,
        sent_by(records.get(add))
        | {"title": "Principals", "slug": "p", "starts_at_0": "soon", "outcome": "Adopted."},
    )

    assert list(sent.context["adminform"].form.errors) == ["starts_at"]


def test_where_an_action_item_stands_is_not_said_in_the_records(records, unfpa):
    meeting = MeetingFactory(kind="principals")
    item = meeting.action_items.create(number=1, title="Print it", agency=unfpa, due_day=NOW.date())
    own, of_meeting = (
        f"/admin/meetings/actionitem/{item.pk}/change/",
        f"/admin/meetings/principalsmeeting/{meeting.pk}/change/",
    )

    records.post(
        own,
        sent_by(records.get(own))
        | {
            "state": "done",
            "settled_at_0": "2026-11-01",
            "settled_at_1": "10:00",
            "note": "Asked.",
        },
    )
    changed = {"action_items-0-state": "done", "action_items-0-title": "Print them"}
    records.post(of_meeting, sent_by(records.get(of_meeting)) | changed)

    item.refresh_from_db()
    assert (item.title, item.note, item.state, item.settled_at) == (
        "Print them",
        "Asked.",
        "open",
        None,
    )


def test_the_site_is_named_after_the_group(records):
    for path in ("/admin/", "/admin/meetings/principalsmeeting/"):
        page = text_of(records.get(path))
        assert "Django" not in page
        assert page.count("Records of Global Migration Group") == (3 if path == "/admin/" else 2)
    Group.objects.update(name="")
    assert "<title>Records</title>" in text_of(records.get("/admin/"))


def test_the_address_is_explained_where_it_is_typed(records):
    meeting = text_of(records.get("/admin/meetings/principalsmeeting/add/"))
    agency = text_of(records.get("/admin/members/agency/add/"))

    assert "with 2026-principals-paris it is at /meetings/2026-principals-paris/" in meeting
    assert "The end of the page’s web address: lower-case letters, digits and hyphens." in agency


def test_hours_on_record_name_the_city_of_the_place_and_of_the_reader(records, administrator):
    administrator.time_zone = "America/New_York"
    administrator.save()
    begins = datetime(2026, 12, 2, 22, 0, tzinfo=UTC)
    meeting = MeetingFactory(kind="principals", starts_at=begins, ends_at=begins + 1.5 * HOUR)
    known_by_day = MeetingFactory(
        kind="principals", starts_at=begins, sources=["x"], first_precision="month"
    )
    words = "Wed 2 Dec 2026, 23:00 – Thu 3 Dec, 00:30 Geneva (17:00–18:30 your time, New York)"
    address = "/admin/meetings/principalsmeeting/"

    assert words in text_of(records.get(f"{address}{meeting.pk}/change/"))
    assert "December 2026<" in text_of(records.get(f"{address}{known_by_day.pk}/change/"))
    assert words in text_of(records.get(address))


def test_the_record_leads_to_the_page_and_the_statements_of_the_meeting(records):
    meeting = MeetingFactory(kind="principals", slug="2026-paris")
    address = f"/admin/meetings/principalsmeeting/{meeting.pk}/change/"
    before = text_of(records.get(address))
    assert "No statement is linked." in before
    assert 'href="/admin/statements/statement/"' in before
    statement = StatementFactory(meeting=meeting, title="On transit", slug="on-transit")

    page = text_of(records.get(address))

    assert "No statement is linked." not in page
    assert '<a href="/statements/on-transit/">On transit</a>' in page
    assert f'<a href="/admin/statements/statement/{statement.pk}/change/">Record</a>' in page
    assert '"/meetings/2026-paris/"' in page
    assert "Save the record first." in text_of(
        records.get("/admin/meetings/principalsmeeting/add/")
    )
