"""The schedule for calendars and programs: the feed and the JSON."""

import json
from datetime import date

import pytest
from django.urls import reverse
from icalendar import Calendar

from coordination.core.tests.pages import text_of
from coordination.members.actions.agencies import end_membership
from coordination.rotation.actions import operations
from coordination.rotation.actions import terms as actions
from coordination.rotation.actions.terms import TermProposal
from coordination.rotation.enums import TermKind, TermState
from coordination.rotation.tests.factories import ChairTermFactory, TermAgencyFactory
from coordination.rotation.tests.schedule import DECIDED
from coordination.tests.cast import NOW
from coordination.tests.many import ROWS, many
from coordination.tests.pseudo import CODE, offered_beside_english

pytestmark = pytest.mark.django_db
FEED, DATA = "/rotation/calendar.ics", "/rotation/schedule.json"


def events(client):
    """Return the events of the feed by the beginning of their UID."""
    found = Calendar.from_ical(client.get(FEED).content).walk("VEVENT")
    return {str(event["UID"]).partition("@")[0]: event for event in found}


def told(event):
    return (
        str(event["SUMMARY"]),
        event.decoded("DTSTART"),
        event.decoded("DTEND"),
        str(event["STATUS"]),
    )


def proposed(agency, chair, first=date(2027, 8, 1), last=date(2027, 12, 31)):
    return actions.propose_term([agency], TermProposal(first, last), by=chair, at=NOW)


def test_the_feed_has_history_and_plan_as_days_of_which_the_last_counts(
    client, now, terms, chair, unfpa
):
    term = proposed(unfpa, chair)
    caretaker = ChairTermFactory(
        first_day=date(2025, 7, 1), last_day=date(2026, 5, 31), kind=TermKind.CARETAKER
    )
    TermAgencyFactory(term=caretaker, agency=unfpa)

    found = events(client)

    unesco, who = (f"term-{term.pk}" for term in terms)
    assert {key: told(event) for key, event in found.items()} == {
        f"term-{caretaker.pk}": (
            "GMG chair: UNFPA (caretaker)",
            date(2025, 7, 1),
            date(2026, 6, 1),
            "CONFIRMED",
        ),
        f"vacancy-term-{caretaker.pk}": (
            "GMG chair: nobody",
            date(2026, 6, 1),
            date(2026, 7, 1),
            "CONFIRMED",
        ),
        unesco: ("GMG chair: UNESCO", date(2026, 7, 1), date(2027, 1, 1), "CONFIRMED"),
        who: ("GMG chair: WHO", date(2027, 1, 1), date(2027, 7, 1), "CONFIRMED"),
        f"vacancy-{who}": (
            "GMG chair: nobody from this day on",
            date(2027, 7, 1),
            date(2030, 1, 1),
            "CONFIRMED",
        ),
        f"term-{term.pk}": (
            "GMG chair: UNFPA (proposed)",
            date(2027, 8, 1),
            date(2028, 1, 1),
            "TENTATIVE",
        ),
    }
    assert {str(event["TRANSP"]) for event in found.values()} == {"TRANSPARENT"}
    assert str(found[unesco]["URL"]) == "http://localhost:8000/rotation/2026-H2/"


def test_events_stay_the_same_by_whatever_address_and_a_vacancy_without_an_end_goes_on(
    client, now, terms, settings
):
    settings.SITE_URL = "https://gmg.example.org"
    bodies = [
        client.get(FEED, headers={"host": host}).content for host in ("testserver", "localhost")
    ]
    found = Calendar.from_ical(bodies[0]).walk("VEVENT")
    key = f"vacancy-term-{terms[1].pk}"
    before = events(client)[key]

    assert bodies[0] == bodies[1]
    assert {str(event["UID"]).partition("@")[2] for event in found} == {"gmg.example.org"}
    assert str(found[0]["URL"]) == "https://gmg.example.org/rotation/2026-H2/"
    assert str(before["DESCRIPTION"]) == "No end is on record; shown until 31 Dec 2029."
    # a year later it lasts a year longer, and calendars take the change over
    now.move_to("2027-11-23T09:00:00Z")
    after = events(client)[key]
    assert after.decoded("DTEND") == date(2031, 1, 1)
    assert after["SEQUENCE"] == before["SEQUENCE"] + 1
    assert client.get(FEED)["Last-Modified"] == "Fri, 01 Jan 2027 00:00:00 GMT"


def test_a_change_raises_the_sequence_and_keeps_the_uid(client, now, terms, chair, unfpa):
    term = proposed(unfpa, chair)
    key = f"term-{term.pk}"
    before = events(client)[key]
    actions.edit_term(
        term,
        [unfpa],
        TermProposal(date(2027, 8, 1), date(2027, 11, 30), theme="Youth"),
        version=term.version,
        by=chair,
        at=NOW,
    )

    after = events(client)[key]

    assert after["SEQUENCE"] == before["SEQUENCE"] + 1
    assert after.decoded("DTEND") == date(2027, 12, 1)
    assert str(after["DESCRIPTION"]) == "Youth"


def test_a_withdrawn_proposal_stays_as_cancelled(client, now, terms, chair, unfpa):
    term = proposed(unfpa, chair)
    before = events(client)[f"term-{term.pk}"]
    actions.withdraw_term(term, version=term.version, by=chair, at=NOW)

    after = events(client)[f"term-{term.pk}"]

    assert told(after)[0::3] == ("GMG chair: UNFPA (cancelled)", "CANCELLED")
    assert after["SEQUENCE"] > before["SEQUENCE"]


def test_a_turn_that_is_taken_back_stays_as_cancelled(client, now, terms, chair):
    key = f"term-{terms[1].pk}"
    before = events(client)[key]
    operations.withdraw_confirmed(terms[1], DECIDED, by=chair, at=NOW)

    after = events(client)[key]

    assert told(after)[0::3] == ("GMG chair: WHO (cancelled)", "CANCELLED")
    assert after["SEQUENCE"] > before["SEQUENCE"]


def test_a_boundary_that_moves_raises_the_sequence_of_both_neighbours(client, now, terms, chair):
    keys = [f"term-{term.pk}" for term in terms]
    before = events(client)
    operations.move_boundary(terms[0], date(2027, 1, 31), DECIDED, by=chair, at=NOW)

    after = events(client)

    assert all(after[key]["SEQUENCE"] > before[key]["SEQUENCE"] for key in keys)
    assert [after[key].decoded("DTEND") for key in keys] == [date(2027, 2, 1), date(2027, 7, 1)]


def test_a_membership_that_ends_cuts_the_event_of_a_term_and_raises_its_sequence(
    client, now, terms, administrator, unesco, unfpa
):
    TermAgencyFactory(term=terms[0], agency=unfpa, position=2)
    key = f"term-{terms[0].pk}"
    before = events(client)[key]
    membership = unfpa.memberships.get()
    end_membership(
        membership,
        date(2026, 11, 30),
        version=membership.version,
        by=administrator,
        at=NOW,
        chair_ends=True,
    )

    found = events(client)

    assert told(found[key])[:3] == (
        "GMG chair: UNESCO + UNFPA",
        date(2026, 7, 1),
        date(2026, 12, 1),
    )
    assert told(found[f"{key}-2"])[:3] == (
        "GMG chair: UNESCO",
        date(2026, 12, 1),
        date(2027, 1, 1),
    )
    assert found[key]["SEQUENCE"] > before["SEQUENCE"]


def test_a_confirmed_term_of_an_agency_that_left_before_it_is_cancelled(client, now, terms, who):
    who.memberships.update(last_day=date(2026, 12, 31))

    found = events(client)

    assert str(found[f"term-{terms[1].pk}"]["STATUS"]) == "CANCELLED"
    assert told(found[f"vacancy-term-{terms[0].pk}"])[1] == date(2027, 1, 1)


def test_the_json_has_each_day_once_and_each_term(client, now, terms, chair, unfpa):
    term = proposed(unfpa, chair)

    answer = client.get(DATA)

    assert answer["Content-Type"] == "application/json"
    data = json.loads(answer.content)
    assert (data["schema"], data["group"]) == (
        1,
        {"name": "Global Migration Group", "acronym": "GMG", "time_zone": "Europe/Zurich"},
    )
    assert [tuple(row.values()) for row in data["days"]] == [
        (None, "2026-06-30", "not on record", [], None),
        ("2026-07-01", "2026-12-31", "term", ["UNESCO"], "2026-H2"),
        ("2027-01-01", "2027-06-30", "term", ["WHO"], "2027-H1"),
        ("2027-07-01", None, "vacant", [], None),
    ]
    assert [(row["term"], row["state"]) for row in data["terms"]] == [
        ("2026-H2", "confirmed"),
        ("2027-H1", "confirmed"),
        (term.slug, "proposed"),
    ]
    assert data["terms"][0] == {
        "term": "2026-H2",
        "first_day": "2026-07-01",
        "first_day_known_by": "day",
        "last_day": "2026-12-31",
        "last_day_known_by": "day",
        "kind": "term",
        "state": "confirmed",
        "agencies": [{"acronym": "UNESCO", "name": "Agency UNESCO"}],
        "theme": "",
        "sources": [],
        "version": 1,
        "url": "http://testserver/rotation/2026-H2/",
    }


@pytest.mark.parametrize("address", [FEED, DATA])
def test_who_has_it_already_gets_304_until_something_changes(
    client, now, terms, chair, unfpa, address
):
    first = client.get(address)
    etag, changed = first["ETag"], first["Last-Modified"]

    same = client.get(address, headers={"If-None-Match": etag})
    not_since = client.get(address, headers={"If-Modified-Since": changed})
    now.move_to("2026-11-24 09:00Z")
    actions.propose_term(
        [unfpa],
        TermProposal(date(2027, 8, 1), date(2027, 12, 31)),
        by=chair,
        at=NOW,
    )
    after = client.get(address, headers={"If-None-Match": etag, "If-Modified-Since": changed})

    assert (same.status_code, same.content, same["ETag"]) == (304, b"", etag)
    assert not_since.status_code == 304
    assert (after.status_code, after["ETag"] != etag) == (200, True)
    assert after["Last-Modified"] == "Tue, 24 Nov 2026 09:00:00 GMT"


@pytest.mark.parametrize("address", [FEED, DATA])
def test_everybody_gets_the_same(client, sign_in, now, terms, chair, focal_point, address):
    """Members and visitors, in each language: there is one address, and it has no secrets."""
    public = client.get(address)
    focal_point.language = CODE
    focal_point.save()
    sign_in(focal_point)
    with offered_beside_english():
        member = client.get(address)
        page = client.get(reverse("rotation:timeline")).content.decode()

    assert f'lang="{CODE}"' in page
    assert public.content == member.content
    assert "public" in member["Cache-Control"]
    assert b"Marchand" not in public.content


@pytest.mark.parametrize("address", [FEED, DATA])
def test_a_group_without_terms_has_an_empty_schedule(client, now, group, address):
    group.acronym = ""
    group.save()

    answer = client.get(address)

    assert answer.status_code == 200
    assert b"VEVENT" not in answer.content
    if address == FEED:
        assert b"NAME:Global Migration Group: who chairs" in answer.content


@pytest.mark.parametrize("address", [FEED, DATA])
@pytest.mark.parametrize("count", ROWS)
def test_the_schedule_costs_the_same_however_long(
    client, now, unesco, django_assert_num_queries, count, address
):
    days = [date(2006, 1, 1).replace(year=2006 + number // 12) for number in range(count)]
    many(
        TermAgencyFactory,
        count,
        term=many(
            ChairTermFactory,
            count,
            first_day=days,
            last_day=days,
            slug=[f"t{number}" for number in range(count)],
            state=TermState.PROPOSED,
        ),
        agency=unesco,
    )

    with django_assert_num_queries(8):
        client.get(address)


def test_the_page_leads_to_both(client, now, terms):
    page = text_of(client.get(reverse("rotation:timeline")))

    assert f'href="{FEED}"' in page
    assert f'href="{DATA}"' in page
