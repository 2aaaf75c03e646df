"""Calendar feeds: what calendars read, without signing in, by a secret address."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import vobject
from django.urls import reverse
from icalendar import Calendar

from coordination.core.errors import NotAllowed
from coordination.core.history import dated_at, recorded_reason
from coordination.meetings.actions import meetings
from coordination.meetings.actions.meetings import MeetingDetails
from coordination.meetings.enums import MeetingKind
from coordination.meetings.models import ActionItem, Meeting
from coordination.meetings.tests.factories import (
    ActionItemFactory,
    AgendaItemFactory,
    MeetingFactory,
)
from coordination.members.actions import feeds
from coordination.members.models import Appointment, FeedToken
from coordination.members.queries.feeds import hash_of
from coordination.rotation.tests.factories import HandoverFactory, HandoverItemFactory
from coordination.rotation.tests.selections import opened
from coordination.statements.tests.factories import circulated, in_clearance
from coordination.tests.cast import NOW
from coordination.tests.many import many

pytestmark = pytest.mark.usefixtures("now")
PAGE = "/profile/feeds/"
NAMES = ("meetings", "meetings/working_level", "agencies/unfpa", "terms")


@pytest.fixture
def token(focal_point, chair) -> str:
    return feeds.make_token(focal_point, by=focal_point, at=NOW)


def address(token: str, name: str = "meetings") -> str:
    return f"/feeds/{token}/{name}.ics"


def events(response) -> dict[str, dict[str, str]]:
    """Return the events of a feed by UID, which two independent parsers read alike."""
    assert response.status_code == 200
    one = {
        str(event["UID"]): {
            "summary": str(event["SUMMARY"]),
            "status": str(event.get("STATUS", "")),
            "sequence": str(event["SEQUENCE"]),
        }
        for event in Calendar.from_ical(response.content).walk("VEVENT")
    }
    calendar = vobject.readOne(response.content.decode())
    other = {
        event.uid.value: {
            "summary": event.summary.value,
            "status": event.status.value if hasattr(event, "status") else "",
            "sequence": event.sequence.value,
        }
        for event in calendar.contents.get("vevent", [])
    }
    assert one == other
    return one


def summaries(response) -> list[str]:
    return sorted(event["summary"] for event in events(response).values())


def convene(chair, title: str) -> Meeting:
    details = MeetingDetails(
        title=title,
        kind=MeetingKind.WORKING_LEVEL,
        starts_at=NOW + timedelta(days=9),
        ends_at=None,
        time_zone="Europe/Zurich",
    )
    with dated_at(NOW):
        return meetings.convene(details, by=chair, at=NOW)


def test_the_secret_is_random_shown_once_and_stored_as_its_hash(focal_point, sign_in):
    client = sign_in(focal_point)

    made = client.post(PAGE)
    again = client.get(PAGE)

    token = re.search(r"/feeds/([\w-]+)/meetings\.ics", made.content.decode())[1]
    assert len(token) == 43
    row = FeedToken.objects.get()
    assert (row.person, row.token_sha256, row.revoked_at) == (focal_point, hash_of(token), None)
    assert token not in again.content.decode()
    assert "no-store" in made["Cache-Control"]
    assert [f"/feeds/{token}/{name}.ics" in made.content.decode() for name in NAMES] == [True] * 4
    assert not hasattr(FeedToken.history.get(), "token_sha256")


def test_a_form_sent_twice_makes_one_secret_and_leads_back_without_it(focal_point, sign_in):
    client = sign_in(focal_point)
    sent = {"form_token": "3f0f6f7a-6f6f-4f5e-9b39-3f3d2e8b9a10"}

    answers = [client.post(PAGE, sent) for _time in range(2)]

    assert [answer.status_code for answer in answers] == [200, 302]
    assert answers[1]["Location"] == PAGE
    assert FeedToken.objects.count() == 1


def test_new_addresses_end_the_old_ones(client, focal_point, token):
    newer = feeds.make_token(focal_point, by=focal_point, at=NOW)

    statuses = [client.get(address(each)).status_code for each in (token, newer)]

    assert statuses == [410, 200]
    reasons = [recorded_reason(record) for record in FeedToken.history.order_by("history_id")]
    assert reasons == [
        "Addresses of calendar feeds made",
        "Addresses of calendar feeds revoked",
        "Addresses of calendar feeds renewed",
    ]


def test_one_button_revokes_the_addresses(focal_point, token, sign_in):
    client = sign_in(focal_point)

    answers = [client.post(f"{PAGE}revoke/", follow=True) for _time in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert client.get(address(token)).status_code == 410
    assert client.get(address(token)).content == b"This calendar feed has ended."


def test_nobody_makes_or_revokes_the_addresses_of_another(focal_point, colleague, administrator):
    for other in (colleague, administrator):
        with pytest.raises(NotAllowed, match="Only you yourself"):
            feeds.make_token(focal_point, by=other, at=NOW)
        with pytest.raises(NotAllowed, match="Only you yourself"):
            feeds.revoke_token(focal_point, by=other, at=NOW)
    assert FeedToken.objects.count() == 0


def test_who_is_in_no_office_makes_no_addresses(stranger, sign_in):
    client = sign_in(stranger)

    page = client.get(PAGE)
    answer = client.post(PAGE)

    assert (page.status_code, answer.status_code) == (200, 403)
    assert "Only people in office" in page.content.decode()


def test_all_meetings_of_a_year_back_and_all_to_come(client, token):
    for days, title in ((-366, "Older"), (-364, "A year ago"), (2, "Soon"), (900, "Far")):
        MeetingFactory(title=title, starts_at=NOW + timedelta(days=days))

    assert summaries(client.get(address(token))) == ["A year ago", "Far", "Soon"]


def test_a_cancelled_meeting_stays_in_every_feed_under_the_uid_of_its_mails(client, chair, token):
    meeting = convene(chair, "Working level")
    with dated_at(NOW + timedelta(hours=1)):
        details = MeetingDetails(
            title="Working level",
            kind=MeetingKind.WORKING_LEVEL,
            starts_at=NOW + timedelta(days=10),
            ends_at=None,
            time_zone="Europe/Zurich",
        )
        meetings.edit_meeting(meeting, details, version=1, by=chair, at=NOW + timedelta(hours=1))
    moved = events(client.get(address(token)))
    with dated_at(NOW + timedelta(hours=2)):
        meetings.cancel_meeting(meeting, version=2, by=chair, at=NOW + timedelta(hours=2))

    uid = f"meeting-{meeting.pk}@localhost"
    assert moved[uid] == {"summary": "Working level", "status": "CONFIRMED", "sequence": "1"}
    for name in ("meetings", "meetings/working_level", "agencies/unfpa"):
        assert events(client.get(address(token, name)))[uid] == {
            "summary": "Working level",
            "status": "CANCELLED",
            "sequence": "2",
        }


def test_a_feed_of_one_kind(client, token):
    MeetingFactory(title="Working level")
    MeetingFactory(title="Health", kind=MeetingKind.WORKING_GROUP)

    assert summaries(client.get(address(token, "meetings/working_group"))) == ["Health"]
    assert client.get(address(token, "meetings/no_kind")).status_code == 404


def test_my_agency_has_its_action_items_and_deadlines(client, token, unfpa, ohchr, chair):
    MeetingFactory(title="Working level")
    for agency, due, state in (
        (unfpa, date(2026, 12, 4), "open"),
        (unfpa, date(2026, 12, 5), "done"),
        (ohchr, date(2026, 12, 6), "open"),
    ):
        ActionItemFactory(
            agency=agency, due_day=due, state=state, title=f"Paper {due.day}", meeting__title="Old"
        )
    circulated()
    opened(chair)

    read = summaries(client.get(address(token, "agencies/unfpa")))

    assert "UNFPA: Paper 4" in read
    assert [line for line in read if "Paper" in line] == ["UNFPA: Paper 4"]
    assert len([line for line in read if line.startswith("Amendments close:")]) == 1
    assert [line for line in read if line.startswith("Chair of")] == [
        "Chair of 2027-H2: consultations end",
        "Chair of 2027-H2: decide",
        "Chair of 2027-H2: say whether you stand",
    ]


def test_items_of_the_handover_are_in_the_feed_of_who_answers_for_them(
    client, chair, focal_point, incoming_chair, terms
):
    handover = HandoverFactory(incoming_term=terms[1])
    HandoverItemFactory(handover=handover, title="The list", side="outgoing")
    HandoverItemFactory(handover=handover, title="The keys", side="incoming")

    read = {}
    for person, slug in ((chair, "unesco"), (incoming_chair, "who"), (focal_point, "unfpa")):
        secret = feeds.make_token(person, by=person, at=NOW)
        read[slug] = summaries(client.get(address(secret, f"agencies/{slug}")))

    assert read == {
        "unesco": ["Handover to 2027-H1: The list"],
        "who": ["Handover to 2027-H1: The keys"],
        "unfpa": [],
    }


def test_the_feed_of_another_agency_has_ended(client, token):
    assert client.get(address(token, "agencies/ohchr")).status_code == 410


def test_terms_and_deadlines(client, token, chair):
    in_clearance()

    read = summaries(client.get(address(token, "terms")))

    assert "GMG chair: UNESCO" in read
    assert len([line for line in read if line.startswith("working-level clearance closes:")]) == 1


def test_the_last_day_in_office_is_the_last_day_of_the_feed(client, token, focal_point, now):
    Appointment.objects.filter(person=focal_point).update(last_day=date(2027, 4, 30))

    # the days are those of the group, in Geneva
    now.move_to("2027-04-30 21:59Z")
    last = [client.get(address(token, name)).status_code for name in NAMES]
    now.move_to("2027-04-30 22:00Z")
    after = [client.get(address(token, name)).status_code for name in NAMES]

    assert (last, after) == ([200] * 4, [410] * 4)


def test_a_closed_account_reads_nothing(client, token, focal_point):
    focal_point.is_active = False
    focal_point.save()

    assert client.get(address(token)).status_code == 410


def test_who_has_it_already_gets_304_until_something_changes(client, token, chair, now):
    meeting = convene(chair, "Working level")
    first = client.get(address(token))
    etag, changed = first["ETag"], first["Last-Modified"]
    now.move_to("2026-11-23 12:00Z")

    same = client.get(address(token), headers={"If-None-Match": etag})
    not_since = client.get(address(token), headers={"If-Modified-Since": changed})
    AgendaItemFactory(meeting=meeting, title="Budget")
    after = client.get(address(token), headers={"If-None-Match": etag})
    since = client.get(address(token), headers={"If-Modified-Since": changed})

    assert changed == "Mon, 23 Nov 2026 09:00:00 GMT"
    assert [same.status_code, not_since.status_code] == [304, 304]
    assert [after.status_code, since.status_code] == [200, 200]
    assert [(each["Cache-Control"], each["Referrer-Policy"]) for each in (first, same, after)] == [
        ("private, no-cache", "no-referrer")
    ] * 3


def test_each_day_begins_afresh(client, token, now):
    now.move_to("2026-11-24 12:00Z")

    assert client.get(address(token))["Last-Modified"] == "Mon, 23 Nov 2026 23:00:00 GMT"


def test_an_unknown_address_is_no_page_and_is_counted(client, token):
    statuses = [client.get(address(f"x{time}")).status_code for time in range(61)]

    assert (statuses[:60].count(404), statuses[60]) == (60, 429)
    assert client.get(address(token)).status_code == 200


def test_the_feed_is_read_in_the_language_of_its_person_without_a_session(client, token):
    answer = client.get(address(token))

    assert answer.cookies == {}
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert b"X-WR-CALNAME:GMG: meetings" in answer.content


@pytest.mark.parametrize("count", [3, 30])
@pytest.mark.parametrize(
    # ten of each count the request of a network address (members.attempts)
    ("name", "queries"),
    [("meetings", 19), ("agencies/unfpa", 24), ("terms", 25)],
)
def test_ten_times_the_data_costs_no_more_queries(
    client, token, unfpa, count, name, queries, django_assert_num_queries
):
    made = many(MeetingFactory, count, slug=[f"m{number}" for number in range(count)])
    many(AgendaItemFactory, count, meeting=made)
    many(ActionItemFactory, count, meeting=made, agency=unfpa, due_day=date(2026, 12, 4))
    assert (Meeting.objects.count(), ActionItem.objects.count()) == (count, count)

    with django_assert_num_queries(queries):
        client.get(address(token, name))


def test_the_page_of_feeds_costs_few_queries(focal_point, sign_in, django_assert_max_num_queries):
    client = sign_in(focal_point)
    with django_assert_max_num_queries(14):
        client.get(reverse("desk:feeds"))


def test_moments_are_in_utc(client, token):
    MeetingFactory(starts_at=datetime(2026, 12, 2, 14, 0, tzinfo=UTC))

    assert b"DTSTART:20261202T140000Z" in client.get(address(token)).content
