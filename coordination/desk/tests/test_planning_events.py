"""Planning around the events on record: the chair is reserved where one falls, and the address keeps it."""

import re
from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from coordination.core.periods import Period
from coordination.core.tests.pages import text_of
from coordination.desk.queries.happenings import marks
from coordination.meetings.enums import MeetingKind
from coordination.meetings.tests.factories import MeetingFactory
from coordination.rotation.models import ChairTerm
from coordination.rotation.queries.happenings import Viewer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now", "terms")]
PLANNING = reverse("rotation:planning")


@pytest.fixture
def dialogue(group):
    return MeetingFactory(
        title="High-level Dialogue",
        kind=MeetingKind.EVENT,
        starts_at=datetime(2027, 9, 15, 9, tzinfo=UTC),
    )


def rows(response):
    return [
        "+".join(agency.acronym for agency in line.changed)
        for line, _reason, _balance in response.context["rows"]
    ]


def permanent(response):
    return re.search(r'<a href="([^"]*)">Permanent link', response.content.decode())[1]


def test_the_chair_is_reserved_for_an_event_on_record_and_the_address_keeps_it(
    sign_in, chair, unfpa, ohchr, group, dialogue
):
    browser = sign_in(chair)
    plain = browser.get(PLANNING, {"terms": 3})
    assert rows(plain) == ["OHCHR", "UNFPA", "UNESCO"]
    assert "15 Sep 2027: High-level Dialogue" in text_of(plain)
    without = browser.get(PLANNING, {"terms": 3, "add": "reserve", "event": "2027-09-15"})
    assert without.status_code == 422

    sent = {"terms": 3, "add": "reserve", "event": "2027-09-15", "agencies": ["who", "unesco"]}
    added = browser.get(PLANNING, sent)
    assert added.url == f"{PLANNING}?terms=3&reserve=2027-09-15:who,unesco"
    page = browser.get(f"{added.url}&why=ohchr:2027-07-01")
    text = text_of(page)

    assert rows(page)[0] == "UNESCO"
    assert "Only WHO and UNESCO may chair on 15 September 2027, for “High-level Dialogue”." in text
    assert "The chair is reserved for other agencies, for an event on 15 September 2027." in text
    link = permanent(page).replace("&amp;", "&")
    assert link == f"{added.url}&why=ohchr:2027-07-01"
    assert permanent(browser.get(PLANNING)) == PLANNING
    assert rows(browser.get(link)) == rows(page)
    # what is written is what was shown
    fields = {"terms": 3, "reserve": "2027-09-15:who,unesco"}
    fields["base"] = page.context["compared"].base.fingerprint
    assert browser.post(PLANNING, fields).status_code == 302
    assert ChairTerm.objects.get(first_day=date(2027, 7, 1)).agencies.get().acronym == "UNESCO"


def test_a_day_without_an_event_stays_in_words_and_strangers_are_refused(sign_in, chair, group):
    browser = sign_in(chair)
    page = text_of(browser.get(f"{PLANNING}?terms=3&reserve=2027-09-15:who"))
    refused = browser.get(f"{PLANNING}?terms=3&reserve=2027-09-15:nobody")
    unread = text_of(browser.get(f"{PLANNING}?terms=3&reserve=2027-09-15:"))

    assert "Only WHO may chair on 15 September 2027." in page
    assert "No event and no principals’ meeting is on record in the days of this plan." in page
    assert refused.status_code == 422
    assert "“nobody” is no agency of this group." in text_of(refused)
    assert "“reserve=2027-09-15:” cannot be read." in unread


def test_the_timeline_marks_events_beside_principals_meetings(group, dialogue):
    everything = Viewer(lambda _name: True, group.zone)

    assert [
        (mark.day, mark.label, mark.title)
        for mark in marks(everything, Period(date(2027, 9, 1), date(2027, 9, 30)))
    ] == [(date(2027, 9, 15), "Event", "High-level Dialogue")]
