"""Forms of the chair's team: convene, edit and cancel a meeting."""

import re
from datetime import UTC, date, datetime

import pytest

from coordination.core.tests.pages import text_of
from coordination.meetings.enums import MeetingState
from coordination.meetings.models import Meeting
from coordination.meetings.tests.factories import (
    MeetingFactory,
)
from coordination.tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now", "terms")]


INVITATION = {
    "title": "Working-level meeting 42",
    "kind": "working_level",
    "day": "2026-12-02",
    "begins": "15:00",
    "ends": "16:15",
    "time_zone": "Europe/Paris",
    "place": "Paris",
    "video_url": "",
    "agenda": "One\nTwo",
}


def text(response):
    return response.content.decode()


def test_convene(sign_in, chair, unesco):
    client = sign_in(chair)
    page = text(client.get("/meetings/convene/"))
    assert [  # the group's zone, though the chair reads in that of Paris; a weekday a week ahead
        words in page for words in ('value="Europe/Zurich"', 'value="2026-12-01"', 'value="15:00"')
    ] == [True] * 3

    response = client.post("/meetings/convene/", INVITATION)

    meeting = Meeting.objects.get()
    assert (response.status_code, response.url) == (
        302,
        "/meetings/2026-12-02-working-level-meeting-42/",
    )
    assert (meeting.starts_at, meeting.chair_agency) == (
        datetime(2026, 12, 2, 14, 0, tzinfo=UTC),
        None,
    )
    assert client.get(response.url).context["chairs"] == (unesco,)
    assert meeting.ends_at == datetime(2026, 12, 2, 15, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("title", "", "This field is required."),
        (
            "time_zone",
            "Europe/Atlantis",
            "“Europe/Atlantis” is not a time zone, such as Europe/Paris.",
        ),
        ("day", "1066-10-14", "This is not a day on which people meet."),
        ("ends", "14:00", "The meeting ends before it starts."),
        ("kind", "picnic", "Select a valid choice."),
    ],
)
def test_convene_says_beside_the_field_what_is_wrong(sign_in, chair, field, value, sentence):
    response = sign_in(chair).post("/meetings/convene/", {**INVITATION, field: value})

    assert (response.status_code, Meeting.objects.count()) == (422, 0)
    assert sentence in text(response)
    assert "One\nTwo" in text(response)


def test_only_the_chairs_team_opens_the_forms(sign_in, focal_point, administrator):
    MeetingFactory(slug="42")

    for person in (focal_point, administrator):
        client = sign_in(person)
        for path in ("convene/", "42/edit/", "42/items/new/"):
            assert client.get(f"/meetings/{path}").status_code == 403
            assert client.post(f"/meetings/{path}", INVITATION).status_code == 403
        for path in ("42/cancel/", "42/outcome/"):
            assert (
                client.post(f"/meetings/{path}", {"outcome": "x", "version": 1}).status_code == 403
            )
    assert Meeting.objects.get().version == 1


def test_edit_shows_what_is_and_saves(sign_in, chair):
    client = sign_in(chair)
    client.post("/meetings/convene/", INVITATION)
    address = "/meetings/2026-12-02-working-level-meeting-42/"
    page = text(client.get(f"{address}edit/"))
    assert [
        words in page
        for words in ('value="15:00"', 'value="16:15"', 'value="2026-12-02"', "One\nTwo")
    ] == [True] * 4

    response = client.post(
        f"{address}edit/", {**INVITATION, "ends": "", "agenda": "Two", "version": 1}
    )

    meeting = Meeting.objects.get()
    assert (response.url, meeting.ends_at, [item.title for item in meeting.agenda.all()]) == (
        address,
        None,
        ["Two"],
    )
    assert (
        client.post(f"{address}edit/", {**INVITATION, "ends": "14:00", "version": 2}).status_code
        == 422
    )
    assert client.post(f"{address}edit/", INVITATION).status_code == 422


def test_a_cancelled_meeting_stays_where_it_was(sign_in, chair):
    client = sign_in(chair)
    client.post("/meetings/convene/", INVITATION)
    address = "/meetings/2026-12-02-working-level-meeting-42/"
    client.post(f"{address}cancel/", {"seen-version": 1})

    refused = client.post(f"{address}edit/", {**INVITATION, "day": "2026-12-09", "version": 2})
    corrected = client.post(f"{address}edit/", {**INVITATION, "title": "Meeting 42", "version": 2})

    sentence = "This meeting was cancelled and cannot be moved; convene another."
    assert (refused.status_code, refused.context["form"].errors) == (422, {"day": [sentence]})
    assert corrected.status_code == 302
    assert (Meeting.objects.get().title, Meeting.objects.get().starts_at.day) == ("Meeting 42", 2)


def test_the_second_editor_sees_both_hours(sign_in, chair):
    client = sign_in(chair)
    client.post("/meetings/convene/", INVITATION)
    address = "/meetings/2026-12-02-working-level-meeting-42/edit/"
    client.post(address, {**INVITATION, "begins": "15:30", "version": 1})

    response = client.post(
        address, {**INVITATION, "begins": "14:45", "agenda": "One\r\nTwo", "version": 1}
    )

    assert response.status_code == 409
    page = text(response)
    assert ("15:30" in page, "14:45" in page, 'name="version" value="2"' in page) == (
        True,
        True,
        True,
    )
    assert "What shall stand" in page
    assert "16:15:00" not in page
    assert 'id="both-agenda"' not in page


def test_a_meeting_that_was_changed_since_is_not_cancelled_unseen(sign_in, chair):
    client = sign_in(chair)
    client.post("/meetings/convene/", INVITATION)
    address = "/meetings/2026-12-02-working-level-meeting-42/"
    fields = r'<input type="hidden" name="(seen-[a-z_]+)" value="([^"]*)">'
    seen = {
        name: value.replace("\n", "\r\n")
        for name, value in re.findall(fields, text(client.get(f"{address}cancel/")))
    }
    client.post(f"{address}edit/", {**INVITATION, "begins": "15:30", "version": 1})

    refused = client.post(f"{address}cancel/", seen)

    rows = re.findall(
        r'<th scope="row" role="rowheader">(.*?)</th><td[^>]*>(.*?)</td><td[^>]*><b>(.*?)</b>',
        text_of(refused),
    )
    assert (refused.status_code, Meeting.objects.get().state) == (409, MeetingState.CONVENED)
    assert rows == [("Begins", "15:00", "15:30")]
    assert (
        client.post(f"{address}cancel/", dict(re.findall(fields, text(refused)))).status_code == 302
    )
    assert Meeting.objects.get().state == MeetingState.CANCELLED


def test_cancel_asks_first_and_says_who_is_told(sign_in, chair, focal_point):
    MeetingFactory(slug="42", title="Meeting 42")
    client = sign_in(chair)
    assert 'href="/meetings/42/cancel/"' in text(client.get("/meetings/42/"))
    assert 'action="/meetings/42/cancel/"' not in text(client.get("/meetings/42/"))

    page = client.get("/meetings/42/cancel/")

    words = text_of(page)
    assert page.status_code == 200
    for sentence in (
        "Cancel Meeting 42?",
        "Wed 2 Dec 2026, 15:00 Geneva",
        "2 people by mail, at once: the focal points of every agency.",
    ):
        assert sentence in words
    assert Meeting.objects.get().state == MeetingState.CONVENED
    assert client.post("/meetings/42/cancel/", {"seen-version": 1}).status_code == 302
    assert "This meeting was cancelled." in text(client.get("/meetings/42/"))


def test_cancel_of_a_meeting_whose_hour_has_passed_says_that_nobody_is_told(sign_in, chair):
    MeetingFactory(slug="42", starts_at=NOW)

    page = text_of(sign_in(chair).get("/meetings/42/cancel/"))

    assert "Nobody by mail: its hour has passed." in page


def test_a_meeting_that_is_over_or_cancelled_is_not_cancelled(sign_in, chair):
    MeetingFactory(slug="42", state=MeetingState.CANCELLED)
    client = sign_in(chair)

    asked, sent = client.get("/meetings/42/cancel/"), client.post("/meetings/42/cancel/")

    sentence = "Only a meeting that is to come can be cancelled."
    assert [(page.status_code, sentence in text(page)) for page in (asked, sent)] == [
        (409, True),
        (422, True),
    ]


@pytest.mark.parametrize(
    ("begins", "ends", "last_day", "end"),
    [
        ("23:00", "00:30", "", datetime(2026, 12, 2, 23, 30, tzinfo=UTC)),
        ("13:00", "00:59", "", datetime(2026, 12, 2, 23, 59, tzinfo=UTC)),
        ("09:00", "17:00", "2026-12-04", datetime(2026, 12, 4, 16, 0, tzinfo=UTC)),
    ],
)
def test_a_meeting_may_end_after_midnight_or_days_later(
    sign_in, chair, begins, ends, last_day, end
):
    client = sign_in(chair)
    sent = {**INVITATION, "begins": begins, "ends": ends, "last_day": last_day}

    address = client.post("/meetings/convene/", sent).url

    meeting = Meeting.objects.get()
    assert meeting.ends_at == end
    form = client.get(f"{address}edit/").context["form"]
    shown = form["last_day"].value()
    assert shown == (date.fromisoformat(last_day) if last_day else None)
    client.post(f"{address}edit/", {**sent, "title": "Meeting 43", "version": 1})
    assert Meeting.objects.get().ends_at == end


def test_an_end_on_another_day_of_the_reader_names_the_day(sign_in, chair, focal_point):
    client = sign_in(chair)
    address = client.post(
        "/meetings/convene/", {**INVITATION, "begins": "23:00", "ends": "00:30"}
    ).url

    for path in ("/meetings/", address):
        assert "to Thu 3 Dec, 00:30" in text_of(client.get(path)), path
    page = text_of(sign_in(focal_point).get(address))
    assert "17:00</time> to 18:30" in page
    assert "23:00</time> to Thu 3 Dec, 00:30 Paris" in page


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"begins": "15:00", "ends": "03:00"}, "ends", "The meeting ends before it starts."),
        ({"last_day": "2026-12-01"}, "last_day", "The last day is before the first."),
        ({"last_day": "9999-12-31"}, "last_day", "This is not a day on which people meet."),
        (
            {"last_day": "2026-12-03", "ends": ""},
            "ends",
            "Say at what hour of the last day it ends.",
        ),
    ],
)
def test_an_end_that_is_none_is_refused_beside_its_field(sign_in, chair, changes, field, sentence):
    refused = sign_in(chair).post("/meetings/convene/", {**INVITATION, **changes})

    assert refused.status_code == 422
    assert refused.context["form"].errors == {field: [sentence]}


def test_a_meeting_that_has_begun_is_recorded_and_promises_nothing(sign_in, chair, focal_point):
    client = sign_in(chair)
    past = {**INVITATION, "day": "2026-11-20"}

    asked = client.post("/meetings/convene/", past)

    words = text_of(asked)
    assert (asked.status_code, Meeting.objects.count()) == (422, 0)
    assert "This hour has passed. The meeting is put on record" in words
    assert "Record the meeting</button>" in words
    done = client.post("/meetings/convene/", {**past, "as_record": "yes"}, follow=True)
    page = text_of(done)
    assert "The meeting is recorded. It has begun, so nobody is invited or reminded." in page
    assert "each agency is reminded" not in page
    assert Meeting.objects.get().state == MeetingState.HELD
    again = {**INVITATION, "as_record": "yes"}
    assert "Its invitations go out in ten minutes" in text_of(
        client.post("/meetings/convene/", again, follow=True)
    )


def test_who_moves_a_meeting_reads_how_many_are_told(sign_in, chair, focal_point):
    client = sign_in(chair)
    address = client.post("/meetings/convene/", INVITATION).url
    sentence = "The meeting has moved; 2 focal points are told by mail in ten minutes."

    moved = client.post(
        f"{address}edit/", {**INVITATION, "place": "Lyon", "version": 1}, follow=True
    )
    same = client.post(
        f"{address}edit/", {**INVITATION, "place": "Lyon", "version": 2}, follow=True
    )

    assert (sentence in text_of(moved), "focal points are told" in text_of(same)) == (True, False)
