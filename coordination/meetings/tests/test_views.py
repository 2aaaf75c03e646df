"""The pages of meetings."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.base import ContentFile

from coordination.core.tests.pages import text_of
from coordination.meetings.enums import ActionState, MeetingState
from coordination.meetings.models import ActionItem, Meeting
from coordination.meetings.tests.factories import (
    ActionItemFactory,
    AgendaItemFactory,
    AttendanceFactory,
    DecisionFactory,
    DocumentFactory,
    MeetingFactory,
    MeetingVisitorFactory,
)
from coordination.members.tests.factories import AgencyFactory, PersonFactory
from coordination.rotation.tests.factories import TermAgencyFactory
from coordination.tests.cast import NOW
from coordination.tests.many import ROWS, many

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now", "terms")]


def test_pages_are_for_people_in_office(client, sign_in, former_focal_point, stranger):
    MeetingFactory(slug="42")

    for path in (
        "/meetings/",
        "/meetings/42/",
        "/meetings/42/history/",
        "/meetings/42/calendar/",
        "/meetings/42/documents/1/",
    ):
        client.logout()
        assert client.get(path).status_code == 302
        assert sign_in(stranger).get(path).status_code == 403
        assert sign_in(former_focal_point).get(path).url.startswith("/accounts/login/")


def test_unknown_meetings_are_not_found(sign_in, chair):
    client = sign_in(chair)

    for path in (
        "42/",
        "42/history/",
        "42/calendar/",
        "42/edit/",
        "42/items/new/",
        "42/documents/1/",
    ):
        assert client.get(f"/meetings/{path}").status_code == 404
    for path in ("42/cancel/", "42/outcome/", "42/items/1/"):
        assert client.post(f"/meetings/{path}").status_code == 404


def test_list_has_both_parts_and_filters_by_kind(sign_in, focal_point):
    MeetingFactory(
        title="Meeting 42",
        starts_at=datetime(2026, 12, 2, 14, 0, tzinfo=UTC),
        ends_at=datetime(2026, 12, 2, 15, 15, tzinfo=UTC),
    )
    MeetingFactory(title="Meeting 41", starts_at=NOW - timedelta(days=20), state=MeetingState.HELD)
    MeetingFactory(
        title="Paris",
        kind="principals",
        starts_at=NOW - timedelta(days=400),
        state=MeetingState.CANCELLED,
    )
    client = sign_in(focal_point)

    page = text_of(client.get("/meetings/"))
    assert "Wed 2 Dec, 09:00</time> to 10:15" in page
    assert [title in page for title in ("Meeting 42", "Meeting 41", "Paris", "Cancelled")] == [
        True
    ] * 4
    page = text_of(client.get("/meetings/?kind=principals"))
    assert [title in page for title in ("Meeting 41", "Paris")] == [False, True]
    assert "Meeting 41" in text_of(client.get("/meetings/?kind=nonsense&page=x"))
    assert "No meeting of this kind is on record" in text_of(client.get("/meetings/?kind=event"))


def test_empty_list_says_what_belongs_there(sign_in, focal_point, chair):
    page = text_of(sign_in(focal_point).get("/meetings/"))

    assert ("No meeting is convened" in page, "Convene a meeting" in page) == (True, False)
    assert "Convene a meeting" in text_of(sign_in(chair).get("/meetings/"))


@pytest.mark.parametrize("rows", ROWS)
def test_list_costs_the_same_whatever_its_length(
    sign_in, focal_point, rows, django_assert_num_queries
):
    Meeting.objects.bulk_create(
        Meeting(slug=f"m{n}", title=f"M{n}", starts_at=NOW + timedelta(days=n % 2 or -n - 1))
        for n in range(rows)
    )
    client = sign_in(focal_point)

    with django_assert_num_queries(11):
        client.get("/meetings/")


def test_meeting_shows_the_readers_hour_first_and_all_its_parts(
    sign_in, focal_point, unfpa, unesco
):
    meeting = MeetingFactory(
        slug="41",
        title="Meeting 41",
        starts_at=datetime(2026, 11, 3, 14, 0, tzinfo=UTC),
        ends_at=datetime(2026, 11, 3, 15, 15, tzinfo=UTC),
        outcome="Agreed to go on.",
        chair_agency=unesco,
        place="Room XII",
        video_url="https://meet.example.org/41",
    )
    AgendaItemFactory(meeting=meeting, title="The draft", detail="Second reading", lead=unfpa)
    DecisionFactory(meeting=meeting, text="To circulate it.")
    AttendanceFactory(meeting=meeting, agency=unfpa, name_on_day="Nadia Ferreira, Adviser")
    AttendanceFactory(meeting=meeting, agency=unesco, person=PersonFactory(name="Kwame B."))
    DocumentFactory(meeting=meeting, title="Annotated agenda", link="https://example.org/agenda")
    own = ActionItemFactory(meeting=meeting, agency=unfpa, title="Send data", person=focal_point)
    others = ActionItemFactory(meeting=meeting, agency=unesco, title="Book a room")

    page = text_of(sign_in(focal_point).get("/meetings/41/"))

    assert "Tue 3 Nov, 09:00</time> to 10:15</b> your time, New York" in page
    assert "Tue 3 Nov, 15:00</time> to 16:15 Geneva" in page
    for words in (
        "The draft",
        "Second reading",
        "To circulate it.",
        "Nadia Ferreira, Adviser",
        "Kwame B.",
        "Annotated agenda",
        "Agreed to go on.",
    ):
        assert words in page
    assert f'action="/meetings/41/items/{own.pk}/"' in page
    assert f'action="/meetings/41/items/{others.pk}/"' not in page
    assert [
        words in page
        for words in (
            "Record the outcome",
            "Cancel the meeting",
            "Add an action item",
            "Add to calendar",
        )
    ] == [False] * 4


def test_a_meeting_of_another_city_says_its_hour_there(sign_in, other_agency):
    MeetingFactory(
        slug="rome", time_zone="Europe/Helsinki", starts_at=datetime(2026, 12, 2, 14, 0, tzinfo=UTC)
    )

    page = text_of(sign_in(other_agency).get("/meetings/rome/"))

    assert "Wed 2 Dec, 15:00</time></b> your time, Geneva" in page
    assert "Wed 2 Dec, 16:00</time> Helsinki" in page


def test_a_meeting_from_sources_has_a_day_and_no_hour(sign_in, focal_point):
    MeetingFactory(
        slug="2010",
        starts_at=datetime(2010, 9, 30, 10, 0, tzinfo=UTC),
        sources=["Press text"],
        state=MeetingState.HELD,
    )

    page = text_of(sign_in(focal_point).get("/meetings/2010/"))

    assert ("30 September 2010" in page, "your time" in page, "Press text" in page) == (
        True,
        False,
        True,
    )


def test_a_record_from_sources_that_has_an_end_has_its_hours(sign_in, focal_point):
    starts = datetime(2010, 9, 30, 10, 0, tzinfo=UTC)
    MeetingFactory(
        slug="2010",
        starts_at=starts,
        ends_at=starts + timedelta(hours=2),
        sources=["Press text"],
        state=MeetingState.HELD,
    )

    page = text_of(sign_in(focal_point).get("/meetings/2010/"))

    assert "Thu 30 Sep 2010, 06:00</time> to 08:00</b> your time, New York" in page


def test_the_chair_and_the_administrator_see_their_controls(sign_in, chair, administrator):
    meeting = MeetingFactory(slug="42")

    page = text_of(sign_in(chair).get("/meetings/42/"))
    assert [
        words in page
        for words in ("Cancel the meeting", "Add an action item", "Correct", "Add to calendar")
    ] == [True] * 4
    assert "Record the outcome" not in page
    page = text_of(sign_in(administrator).get("/meetings/42/"))
    assert f"/admin/meetings/meeting/{meeting.pk}/change/" in page
    assert "Cancel the meeting" not in page


@pytest.mark.parametrize("rows", ROWS)
@pytest.mark.parametrize(
    ("reader", "days", "queries"),
    [("chair", 20, 13), ("chair", -20, 14), ("focal_point", 20, 13), ("focal_point", -20, 15)],
)
def test_meeting_costs_the_same_whatever_is_in_it(
    sign_in, chair, focal_point, reader, days, queries, rows, django_assert_num_queries
):
    meeting = MeetingFactory(slug="41", starts_at=NOW + timedelta(days=days))
    agencies, people = many(AgencyFactory, rows), many(PersonFactory, rows)
    many(AgendaItemFactory, rows, meeting=meeting, lead=agencies)
    many(DecisionFactory, rows, meeting=meeting)
    many(AttendanceFactory, rows, meeting=meeting, agency=agencies, person=people)
    many(DocumentFactory, rows, meeting=meeting, link="https://example.org/")
    many(ActionItemFactory, rows, meeting=meeting, agency=agencies, person=people)
    client = sign_in({"chair": chair, "focal_point": focal_point}[reader])

    with django_assert_num_queries(queries):
        client.get("/meetings/41/")


def test_history_is_a_page_of_its_own(sign_in, focal_point, chair, unfpa):
    decision = DecisionFactory(
        meeting__slug="41", meeting__title="Meeting 41", number=3, text="To wait."
    )
    decision._history_user = chair
    decision.delete()
    client = sign_in(focal_point)
    assert text_of(client.get("/meetings/41/")).count('href="/meetings/41/history/"') == 2

    page = text_of(client.get("/meetings/41/history/"))

    assert f"<b>{chair}</b> removed decision 3" in page
    assert "text: <del>To wait.</del> → nothing" in page


@pytest.mark.parametrize("rows", [1, 40])
def test_history_costs_the_same_however_much_changed(
    sign_in, chair, rows, django_assert_num_queries
):
    meeting = MeetingFactory(slug="41")
    for number in range(rows):
        agency = AgencyFactory(acronym=f"X{number}")
        parts = (
            AgendaItemFactory(meeting=meeting, lead=agency),
            DecisionFactory(meeting=meeting),
            MeetingVisitorFactory(meeting=meeting),
            AttendanceFactory(meeting=meeting, agency=agency, person=PersonFactory()),
            DocumentFactory(meeting=meeting, link="https://example.org/"),
            ActionItemFactory(meeting=meeting, agency=agency, person=PersonFactory()),
        )
        for part in parts:
            part._history_user = PersonFactory()
            part.delete()
        meeting.chair_agency = agency
        meeting.save()
    client = sign_in(chair)
    client.get("/meetings/41/history/")

    with django_assert_num_queries(14):
        client.get("/meetings/41/history/")


def test_pages_name_joint_chairs_and_the_chair_that_a_record_names(
    sign_in, focal_point, terms, unfpa, ohchr
):
    TermAgencyFactory(term=terms[0], agency=unfpa, position=2)
    MeetingFactory(slug="joint", starts_at=NOW - timedelta(days=1))
    MeetingFactory(
        slug="named",
        starts_at=NOW - timedelta(days=2),
        chair_agency=ohchr,
        chair_name="Samira Okonkwo, Director",
    )
    MeetingFactory(slug="vacant", starts_at=NOW - timedelta(days=400), chair_name="A. N. Other")
    client = sign_in(focal_point)

    def chair_on_page(slug):
        return re.sub(
            r"<[^>]+>",
            "",
            text_of(client.get(f"/meetings/{slug}/"))
            .partition("<dt>Chair</dt>")[2]
            .partition("</dd>")[0],
        )

    assert [chair_on_page(slug) for slug in ("joint", "named", "vacant")] == [
        "UNESCO and UNFPA",
        "OHCHR, Samira Okonkwo, Director",
        "A. N. Other",
    ]
    rows = client.get("/meetings/").context["rows"]
    assert [[agency.acronym for agency in agencies] for _meeting, agencies in rows] == [
        ["UNESCO", "UNFPA"],
        ["OHCHR"],
        [],
    ]


def test_add_an_item(sign_in, chair, focal_point, unfpa, ohchr):
    MeetingFactory(slug="41")
    client = sign_in(chair)
    page = text_of(client.get("/meetings/41/items/new/"))
    assert f'<option value="{focal_point.pk}">Nadia Ferreira (UNFPA)</option>' in page

    response = client.post(
        "/meetings/41/items/new/",
        {"title": "Write", "agency": unfpa.pk, "person": focal_point.pk, "due_day": "2026-12-01"},
    )

    item = ActionItem.objects.get()
    assert (item.agency, item.person, response.url) == (
        unfpa,
        focal_point,
        f"/meetings/41/#action-{item.pk}",
    )
    response = client.post(
        "/meetings/41/items/new/", {"title": "Send", "agency": ohchr.pk, "due_day": "2026-12-01"}
    )
    assert ActionItem.objects.get(title="Send").person is None


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"agency": "none"}, "Select a valid choice."),
        ({"agency": "ohchr"}, "This person is not a focal point of that agency."),
        ({"due_day": "0001-01-01"}, "This is not a day on which something is due."),
        ({"due_day": ""}, "This field is required."),
    ],
)
def test_add_an_item_says_what_is_wrong(sign_in, chair, focal_point, unfpa, ohchr, wrong, sentence):
    MeetingFactory(slug="41")
    form = {
        "title": "Write",
        "agency": unfpa.pk,
        "person": focal_point.pk,
        "due_day": "2026-12-01",
        **wrong,
    }
    form["agency"] = ohchr.pk if form["agency"] == "ohchr" else form["agency"]

    response = sign_in(chair).post("/meetings/41/items/new/", form)

    assert (response.status_code, sentence in text_of(response), ActionItem.objects.count()) == (
        422,
        True,
        0,
    )


def test_say_where_an_item_stands(sign_in, focal_point, other_agency, unfpa):
    item = ActionItemFactory(agency=unfpa, meeting__slug="41")
    address = f"/meetings/41/items/{item.pk}/"
    assert sign_in(other_agency).post(address, {"state": "done", "version": 1}).status_code == 403
    client = sign_in(focal_point)

    response = client.post(address, {"state": "in_progress", "note": "Half done", "version": 1})

    item.refresh_from_db()
    assert (response.url, item.state, item.note) == (
        f"/meetings/41/#action-{item.pk}",
        ActionState.IN_PROGRESS,
        "Half done",
    )
    response = client.post(address, {"state": "done", "note": "My own words", "version": 1})
    assert response.status_code == 409
    assert ("Half done" in text_of(response), "My own words" in text_of(response)) == (True, True)
    response = client.post(address, {"state": "lost", "version": 2})
    assert (response.status_code, "Choose where this item stands." in text_of(response)) == (
        422,
        True,
    )
    assert client.get(address).status_code == 405


def test_every_state_of_an_item_is_said(sign_in, chair, unfpa):
    meeting = MeetingFactory(slug="41")
    for state in ActionState:
        ActionItemFactory(
            meeting=meeting,
            agency=unfpa,
            state=state,
            settled_at=NOW if state in {"done", "dropped"} else None,
        )
    ActionItemFactory(meeting=meeting, agency=unfpa, due_day=NOW.date() - timedelta(days=2))

    page = text_of(sign_in(chair).get("/meetings/41/"))

    for state in ActionState:
        assert f"· {state.label}" in page
    assert "2 days late" in page


def test_calendar_entry_is_a_download(sign_in, focal_point):
    MeetingFactory(slug="42", title="Meeting 42")

    response = sign_in(focal_point).get("/meetings/42/calendar/")

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="42.ics"'
    assert "URL:http://localhost:8000/meetings/42/\r\n" in response.content.decode()


def test_a_paper_is_always_a_download(sign_in, focal_point, stranger):
    document = DocumentFactory(
        title='Agenda "42"', file=ContentFile(b"%PDF-1.7 words", name="x.pdf"), meeting__slug="42"
    )
    address = f"/meetings/42/documents/{document.pk}/"

    response = sign_in(focal_point).get(address)

    assert b"".join(response.streaming_content) == b"%PDF-1.7 words"
    assert response["Content-Disposition"].startswith("attachment; filename=")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert sign_in(stranger).get(address).status_code == 403
    document.file.storage.delete(document.file.name)
    assert sign_in(focal_point).get(address).status_code == 404


def test_a_link_has_no_file_to_hand_out(sign_in, focal_point):
    document = DocumentFactory(link="https://example.org/agenda", meeting__slug="42")

    assert sign_in(focal_point).get(f"/meetings/42/documents/{document.pk}/").status_code == 404
