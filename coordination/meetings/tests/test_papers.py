"""Agenda and record of a meeting as PDF, read back as text and by their marks."""

import io
from datetime import UTC, date, datetime

import pypdf
import pytest

from coordination.core.pdf import Document, PdfRefused, pdf_bytes
from coordination.meetings.tests.factories import (
    ActionItemFactory,
    AgendaItemFactory,
    AttendanceFactory,
    DecisionFactory,
    DocumentFactory,
    MeetingFactory,
    MeetingVisitorFactory,
)
from coordination.statements.tests.factories import StatementFactory
from coordination.tests.cast import NOW
from coordination.tests.many import many

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now", "terms")]
AGENDA, RECORD = 10, 14


def read(answer):
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    return pypdf.PdfReader(io.BytesIO(answer.content))


def text(answer):
    return " ".join(" ".join(page.extract_text() for page in read(answer).pages).split())


@pytest.fixture
def meeting(unfpa):
    meeting = MeetingFactory(
        slug="2026-paris",
        title="Principals’ meeting, Paris #1 *x*",
        kind="principals",
        state="held",
        place="Paris",
        starts_at=datetime(2026, 11, 3, 14, 0, tzinfo=UTC),
        ends_at=datetime(2026, 11, 3, 16, 0, tzinfo=UTC),
        outcome="Adopted the statement.\n\nSet up a group.",
    )
    AgendaItemFactory(
        meeting=meeting, position=1, title="The statement", lead=unfpa, detail="For adoption"
    )
    DocumentFactory(meeting=meeting, title="Draft 4", link="https://example.org/4")
    return meeting


def test_the_agenda_as_pdf_has_its_items_and_papers(sign_in, focal_point, meeting):
    answer = sign_in(focal_point).get("/meetings/2026-paris/agenda.pdf")

    assert answer["Content-Disposition"] == 'inline; filename="2026-paris-agenda.pdf"'
    words = text(answer)
    assert words.startswith(
        "Global Migration Group Agenda: Principals’ meeting, Paris #1 *x* About"
    )
    assert "Tue 3 Nov 2026, 15:00–17:00 Geneva (09:00–11:00 your time, New York)" in words
    assert "Agenda 1. The statement (UNFPA) For adoption Papers Draft 4 https://example.org/4" in (
        words
    )
    assert "Made on Mon 23 Nov 2026, 04:00, New York time" in words


def test_the_record_as_pdf_says_who_came_and_what_was_decided(
    sign_in, administrator, meeting, unfpa, unesco, who
):
    AttendanceFactory(
        meeting=meeting, agency=unfpa, level="delegate", name_on_day="Jo Ba", delegate_for="A. Diop"
    )
    AttendanceFactory(meeting=meeting, agency=unesco, level="apologies", reason="On mission")
    MeetingVisitorFactory(meeting=meeting, name="Ana Sol", body="ICRC")
    DecisionFactory(meeting=meeting, number=1, text="To adopt it.")
    ActionItemFactory(
        meeting=meeting, number=1, title="Print it", agency=unfpa, due_day=date(2026, 12, 1)
    )
    StatementFactory(title="On transit", slug="transit", meeting=meeting, state="adopted")
    meeting.agreed_at = NOW
    meeting.save()

    words = text(sign_in(administrator).get("/meetings/2026-paris/record.pdf"))

    for part in (
        "This record is agreed since Mon 23 Nov 2026, 10:00.",
        "Attendance 1 of 3 members were represented.",
        "UNFPA delegate Jo Ba A. Diop",
        "UNESCO apologies On mission",
        "WHO not on record",
        "ICRC Ana Sol",
        "Outcome Adopted the statement. Set up a group.",
        "Decisions 1. To adopt it.",
        "Action items 1. Print it UNFPA, due 1 Dec 2026, open",
        "Statements On transit",
    ):
        assert part in words, words


def test_an_empty_record_says_so(sign_in, focal_point):
    MeetingFactory(
        slug="2011", sources=["A book"], starts_at=datetime(2011, 11, 15, 11, 0, tzinfo=UTC)
    )

    words = text(sign_in(focal_point).get("/meetings/2011/record.pdf"))

    assert "When 15 November 2011" in words
    assert words.count("Nothing is on record.") == 7


def test_a_pdf_is_tagged_and_says_that_it_is_accessible(sign_in, focal_point, meeting):
    AttendanceFactory(meeting=meeting)
    reader = read(sign_in(focal_point).get("/meetings/2026-paris/record.pdf"))

    root = reader.trailer["/Root"]
    assert (root["/Lang"], bool(root["/MarkInfo"]["/Marked"])) == ("en", True)
    assert bool(root["/ViewerPreferences"]["/DisplayDocTitle"])
    metadata = root["/Metadata"].get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert "<pdfaid:part>2</pdfaid:part>" in metadata
    assert reader.metadata.title == "Record: Principals’ meeting, Paris #1 *x*"
    roles = set(roles_under(root["/StructTreeRoot"]))
    assert {"/H1", "/H2", "/Table", "/TH", "/TD"} <= roles


def roles_under(node):
    """Yield the roles of the tags under a node."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for child in node:
            yield from roles_under(child)
    elif isinstance(node, dict):
        if "/S" in node:
            yield node["/S"]
        yield from roles_under(node.get("/K", []))


def test_the_same_document_gives_the_same_bytes_and_an_unknown_character_is_refused():
    document = Document("Record", "Group", [])
    assert pdf_bytes(document, at=NOW) == pdf_bytes(document, at=NOW)

    with pytest.raises(PdfRefused) as refused:
        pdf_bytes(Document("\ue000", "Group", []), at=NOW)
    assert refused.value.message.startswith("This document cannot be made: PDF/A-2a")


def test_papers_are_for_who_reads_meetings(client, meeting, sign_in, stranger):
    for name in ("agenda", "record"):
        assert client.get(f"/meetings/2026-paris/{name}.pdf").status_code == 302
    assert sign_in(stranger).get("/meetings/2026-paris/record.pdf").status_code == 403


@pytest.mark.parametrize("rows", [1, 30])
def test_papers_cost_the_same_however_much_is_in_them(
    sign_in, focal_point, meeting, unfpa, rows, django_assert_num_queries
):
    many(AgendaItemFactory, rows, meeting=meeting, lead=unfpa)
    many(DecisionFactory, rows, meeting=meeting)
    many(MeetingVisitorFactory, rows, meeting=meeting)
    many(ActionItemFactory, rows, meeting=meeting, agency=unfpa)
    client = sign_in(focal_point)

    with django_assert_num_queries(AGENDA):
        client.get("/meetings/2026-paris/agenda.pdf")
    with django_assert_num_queries(RECORD):
        client.get("/meetings/2026-paris/record.pdf")
