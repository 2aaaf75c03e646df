"""Forms of the chair's team: convene, edit and cancel a meeting."""

import re
from datetime import UTC, datetime

import pytest

from coordination.core.tests.pages import text_of
from coordination.meetings.enums import MeetingState
from coordination.meetings.models import Meeting
from coordination.meetings.tests.factories import (
    MeetingFactory,
)

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
    assert 'value="Europe/Paris"' in text(client.get("/meetings/convene/"))

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
        for name, value in re.findall(fields, text(client.get(address)))
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


def test_cancel_and_its_refusal(sign_in, chair):
    MeetingFactory(slug="42")
    client = sign_in(chair)

    assert client.post("/meetings/42/cancel/", {"seen-version": 1}).status_code == 302
    assert "This meeting was cancelled." in text(client.get("/meetings/42/"))
    response = client.post("/meetings/42/cancel/")
    assert (
        response.status_code,
        "Only a meeting that is to come can be cancelled." in text(response),
    ) == (422, True)
    assert client.get("/meetings/42/cancel/").status_code == 405
