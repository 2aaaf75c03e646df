"""The outcome of a meeting, on its page."""

from datetime import UTC, datetime, timedelta

import pytest

from coordination.core.tests.pages import text_of
from coordination.meetings.models import Meeting
from coordination.meetings.tests.factories import MeetingFactory
from coordination.tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now", "terms")]


def test_outcome_is_recorded_and_refused(sign_in, chair):
    MeetingFactory(slug="41", starts_at=NOW - timedelta(days=1))
    client = sign_in(chair)
    assert "Record the outcome" in text_of(client.get("/meetings/41/"))

    assert client.post("/meetings/41/outcome/", {"outcome": "", "version": 1}).status_code == 422
    assert (
        client.post("/meetings/41/outcome/", {"outcome": "Agreed.", "version": 1}).status_code
        == 302
    )
    response = client.post("/meetings/41/outcome/", {"outcome": "Not agreed.", "version": 1})

    assert (response.status_code, Meeting.objects.get().outcome) == (409, "Agreed.")
    assert ("Agreed." in text_of(response), "Not agreed." in text_of(response)) == (True, True)


def test_an_outcome_that_comes_before_the_meeting_is_refused_and_kept_in_the_form(sign_in, chair):
    MeetingFactory(slug="43", starts_at=NOW + timedelta(hours=1))
    client = sign_in(chair)
    assert "Record the outcome" not in text_of(client.get("/meetings/43/"))

    early = client.post("/meetings/43/outcome/", {"outcome": "Agreed too early.", "version": 1})

    assert (early.status_code, "Agreed too early." in text_of(early)) == (422, True)
    assert (
        "This meeting is on Mon 23 Nov 2026, 11:00: its outcome is written once it has begun."
        in text_of(early)
    )
    assert Meeting.objects.get(slug="43").state == "convened"


def test_the_outgoing_team_records_its_last_meeting_after_the_turn(
    sign_in, chair, incoming_chair, focal_point, now
):
    MeetingFactory(slug="41", starts_at=datetime(2026, 12, 30, 14, 0, tzinfo=UTC))
    MeetingFactory(slug="42", starts_at=datetime(2027, 1, 4, 14, 0, tzinfo=UTC))
    now.move_to(datetime(2027, 1, 30, 22, 59, tzinfo=UTC))
    sentence = "Your team chaired on that day; it keeps the record for 30 days after its term."

    def seen(person, slug):
        page = text_of(sign_in(person).get(f"/meetings/{slug}/"))
        return "Record the outcome" in page, sentence in page

    assert [seen(chair, slug) for slug in ("41", "42")] == [(True, True), (False, False)]
    assert [seen(incoming_chair, slug) for slug in ("41", "42")] == [(True, False)] * 2
    assert seen(focal_point, "41") == (False, False)
    assert (
        sign_in(chair)
        .post("/meetings/41/outcome/", {"outcome": "Agreed.", "version": 1})
        .status_code
        == 302
    )
    now.move_to(datetime(2027, 1, 30, 23, 0, tzinfo=UTC))
    assert seen(chair, "41") == (False, False)
    late = sign_in(chair).post(
        "/meetings/41/outcome/", {"outcome": "Agreed after all, at length.", "version": 2}
    )

    assert (late.status_code, "Agreed after all, at length." in text_of(late)) == (403, True)
    assert Meeting.objects.get(slug="41").outcome == "Agreed."
