"""Papers with versions, and the version that an agenda item discusses."""

from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from coordination.core.errors import NotAllowed
from coordination.core.tests.pages import text_of
from coordination.meetings import queries as meeting_queries
from coordination.meetings.actions import papers
from coordination.meetings.actions.papers import PaperInput
from coordination.meetings.enums import MeetingState
from coordination.meetings.errors import MeetingOver, SamePaper
from coordination.meetings.models import MeetingDocument, PaperPin
from coordination.meetings.queries import agenda as queries
from coordination.meetings.tests.factories import (
    AgendaItemFactory,
    DocumentFactory,
    MeetingFactory,
)
from coordination.tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now", "terms")]
PDF = b"%PDF-1.4\n% a paper\n"
LINK = "https://example.org/paper"


@pytest.fixture
def meeting():
    return MeetingFactory(slug="42", starts_at=datetime(2026, 12, 2, 14, tzinfo=UTC))


@pytest.fixture
def item(meeting, unfpa):
    return AgendaItemFactory(meeting=meeting, title="The draft", lead=unfpa)


def test_an_item_discusses_the_version_that_was_pinned_until_the_chair_moves_it(
    meeting, item, chair, focal_point
):
    first = papers.add_paper(
        meeting, PaperInput("Draft", link=LINK), by=focal_point, at=NOW, item=item
    )
    second = papers.renew_paper(
        first, PaperInput("Draft, revised", link=LINK), by=focal_point, at=NOW
    )
    third = papers.renew_paper(second, PaperInput("Draft 3", link=LINK), by=chair, at=NOW)

    assert [(each.paper, each.number) for each in (first, second, third)] == [
        (None, 1),
        (first, 2),
        (first, 3),
    ]
    [row] = queries.agenda_of(queries.agenda_record("42").get()).rows
    [pinned] = row.papers
    assert (pinned.pin.version, pinned.newer) == (first, third)
    [paper] = queries.agenda_of(queries.agenda_record("42").get()).papers
    assert (paper.newest, paper.earlier) == (third, (second, first))

    with pytest.raises(NotAllowed):
        papers.move_pin(pinned.pin, third, by=focal_point, at=NOW)
    pin = papers.move_pin(pinned.pin, third, by=chair, at=NOW)
    assert pin.version == third
    [row] = queries.agenda_of(queries.agenda_record("42").get()).rows
    assert row.papers[0].newer is None
    deeds = [entry.deed for entry in meeting_queries.meeting_changes(meeting)]
    assert set(deeds) >= {
        "Took the newer version for the agenda item: paper “Draft 3”",
        "Added a version of the paper: paper “Draft, revised”",
        "Added the paper: paper “Draft”",
        "Put to the agenda item: paper “Draft”",
    }


def test_the_lead_adds_papers_to_its_item_and_to_no_other(
    meeting, item, focal_point, other_agency, chair
):
    other = AgendaItemFactory(meeting=meeting)
    paper = PaperInput("Paper", link=LINK)

    for person, of in ((other_agency, item), (focal_point, other), (focal_point, None)):
        with pytest.raises(NotAllowed):
            papers.add_paper(meeting, paper, by=person, at=NOW, item=of)
    document = papers.add_paper(meeting, paper, by=chair, at=NOW)
    with pytest.raises(NotAllowed):
        papers.renew_paper(document, paper, by=focal_point, at=NOW)
    with pytest.raises(NotAllowed):
        papers.pin_paper(other, document, by=focal_point, at=NOW)
    papers.pin_paper(item, document, by=focal_point, at=NOW)
    assert papers.renew_paper(document, paper, by=focal_point, at=NOW).number == 2


def test_a_paper_is_pinned_once_and_only_to_its_meeting(meeting, item, chair):
    first = DocumentFactory(meeting=meeting, link=LINK)
    second = DocumentFactory(meeting=meeting, link=LINK, paper=first, number=2)
    elsewhere = DocumentFactory(link=LINK)
    pin = papers.pin_paper(item, first, by=chair, at=NOW)

    for document in (first, second, elsewhere):
        with pytest.raises(SamePaper):
            papers.pin_paper(item, document, by=chair, at=NOW)
    with pytest.raises(SamePaper):
        papers.move_pin(pin, DocumentFactory(meeting=meeting, link=LINK), by=chair, at=NOW)
    papers.unpin_paper(pin, by=chair, at=NOW)
    assert (PaperPin.objects.count(), meeting.documents.count()) == (0, 3)


def test_a_cancelled_meeting_takes_no_papers(meeting, item, chair):
    meeting.state = MeetingState.CANCELLED
    meeting.save()

    with pytest.raises(MeetingOver):
        papers.add_paper(meeting, PaperInput("Paper", link=LINK), by=chair, at=NOW)


def test_papers_are_added_renewed_and_pinned_on_the_pages(
    sign_in, chair, focal_point, meeting, item
):
    client, path = sign_in(focal_point), f"/meetings/42/agenda/{item.pk}/papers/new/"
    assert "A paper for “The draft”" in text_of(client.get(path))
    file = SimpleUploadedFile("paper.pdf", PDF)
    assert client.post(path, {"title": "Draft", "file": file}).status_code == 302
    first = MeetingDocument.objects.get()
    assert (first.uploaded_by, first.uploaded_at, first.number) == (focal_point, NOW, 1)
    assert first.file.name.startswith("meetings/")
    answer = client.get(f"/meetings/42/documents/{first.pk}/")
    assert answer["Content-Disposition"] == 'attachment; filename="Draft.pdf"'
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    answer.close()

    renew = f"/meetings/42/papers/{first.pk}/renew/"
    assert "A new version of “Draft”" in text_of(client.get(renew))
    assert client.post(renew, {"title": "Draft 2", "link": LINK}).status_code == 302
    second = MeetingDocument.objects.get(number=2)
    page = text_of(client.get("/meetings/42/"))
    assert ("version 2 is newer" in page, "Discuss version 2" in page) == (True, False)
    assert "Earlier versions" in page

    client, pin = sign_in(chair), PaperPin.objects.get()
    assert "Discuss version 2" in text_of(client.get("/meetings/42/"))
    assert client.post(f"/meetings/42/pins/{pin.pk}/{second.pk}/").status_code == 302
    assert "is newer" not in text_of(client.get("/meetings/42/"))
    assert client.post(f"/meetings/42/pins/{pin.pk}/remove/").status_code == 302
    assert "Add a paper" in text_of(client.get("/meetings/42/papers/new/"))
    added = client.post("/meetings/42/papers/new/", {"title": "Other", "link": LINK})
    assert added.status_code == 302
    assert client.post(path, {"existing": str(second.pk)}).status_code == 302
    assert PaperPin.objects.get().version == second


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"title": "Paper"}, "Give a file or a link."),
        ({"link": LINK}, "Give the new paper a title."),
        (
            {"title": "P", "link": LINK, "file": SimpleUploadedFile("a.pdf", PDF)},
            "Give a file or a link, not both.",
        ),
        (
            {"title": "P", "file": SimpleUploadedFile("a.pdf", b"MZ")},
            "The content of this file is not that of a .pdf file.",
        ),
        ({"existing": "999", "title": "P", "link": LINK}, "Select a valid choice."),
    ],
)
def test_what_is_no_paper_is_refused_beside_its_field(
    sign_in, chair, meeting, item, typed, sentence
):
    DocumentFactory(meeting=meeting, link=LINK)

    answer = sign_in(chair).post(f"/meetings/42/agenda/{item.pk}/papers/new/", typed)

    assert (answer.status_code, sentence in text_of(answer)) == (422, True)
    assert MeetingDocument.objects.count() == 1


def test_others_add_no_papers_on_the_pages(sign_in, other_agency, meeting, item):
    document = DocumentFactory(meeting=meeting, link=LINK)
    pin = PaperPin.objects.create(item=item, version=document)
    client = sign_in(other_agency)

    for path in (
        f"/meetings/42/agenda/{item.pk}/papers/new/",
        "/meetings/42/papers/new/",
        f"/meetings/42/papers/{document.pk}/renew/",
        "/meetings/42/agenda/",
    ):
        assert client.get(path).status_code == 403
    for path in (
        f"/meetings/42/pins/{pin.pk}/{document.pk}/",
        f"/meetings/42/pins/{pin.pk}/remove/",
    ):
        assert client.post(path).status_code == 403
    page = text_of(client.get("/meetings/42/"))
    assert "Add a paper" not in page
