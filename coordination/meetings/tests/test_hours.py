"""Finding an hour: the page, the ledger, the reason that is asked for, and when agencies work."""

import json
import re
from datetime import UTC, date, datetime, time, timedelta
from html import unescape
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import translation

from coordination.core.errors import NotAllowed, Stale
from coordination.core.tests.pages import text_of
from coordination.meetings.actions import meetings, working_hours
from coordination.meetings.actions.meetings import MeetingDetails
from coordination.meetings.actions.working_hours import HoursInput
from coordination.meetings.enums import MeetingState
from coordination.meetings.errors import NotWorkingHours, SamePaysAgain
from coordination.meetings.models import Meeting, WorkingHours
from coordination.meetings.queries import holidays, ledger
from coordination.meetings.queries.hours import HourPage, HourQuestion
from coordination.meetings.queries.stations import Stations
from coordination.meetings.tests.factories import MeetingFactory
from coordination.members.actions import reference
from coordination.members.models import Agency, Membership
from coordination.members.tests.factories import (
    AgencyFactory,
    CommissionFactory,
    MembershipFactory,
    RepresentationFactory,
)
from coordination.rotation.tests.factories import ChairTermFactory, TermAgencyFactory
from coordination.tests.cast import NOW, TODAY, agency, appointed
from coordination.tests.many import ROWS

pytestmark = pytest.mark.django_db

PATH = "/meetings/hours/"
DAY = date(2026, 12, 2)  # a Wednesday
HOUR = timedelta(hours=1)


@pytest.fixture
def seats(now, group, terms, unfpa, ohchr, chair):
    """UNESCO, WHO and OHCHR in Europe, UNFPA and UNDP in New York, UNRC spoken for in Bangkok."""
    agency("UNDP", "New York", "America/New_York")
    escap = CommissionFactory()
    MembershipFactory(agency=escap.agency)
    RepresentationFactory(commission=escap, first_day=date(2026, 1, 1), last_day=None)
    return escap.agency


def held(day, hour=14, **values):
    begins = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    return MeetingFactory(
        **{"starts_at": begins, "ends_at": begins + HOUR, "state": MeetingState.HELD, **values}
    )


def details(starts_at, **values):
    return MeetingDetails(
        "Meeting 43", "working_level", starts_at, starts_at + HOUR, "Europe/Zurich", **values
    )


def asked(**values):
    return HourQuestion(**{"first_day": DAY, "last_day": DAY, "minutes": 60, **values})


def words(response):
    """Return the words of a page, without tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text_of(response))).split())


def rows_of(response):
    return response.context["candidates"].object_list


def test_16_january_2013_has_no_hour_for_all_and_geneva_15_comes_first(group, sign_in):
    with time_machine.travel(datetime(2013, 1, 7, 9, tzinfo=UTC), tick=False):
        fixture = Path(settings.BASE_DIR) / "fixtures/members.json"
        reference.load(json.loads(fixture.read_text()), at=datetime(2013, 1, 7, tzinfo=UTC))
        term = ChairTermFactory(first_day=date(2013, 1, 1), last_day=date(2013, 6, 30))
        TermAgencyFactory(term=term, agency=Agency.objects.get(acronym="IOM"))
        chair = appointed("Kim", "kim@iom.example.org", Agency.objects.get(acronym="IOM"))
        chair.appointments.update(first_day=date(2012, 1, 1))

        response = sign_in(chair).get(f"{PATH}?first_day=2013-01-16&last_day=2013-01-16&minutes=60")
        page = words(response)
        second = sign_in(chair).get(
            f"{PATH}?first_day=2013-01-16&last_day=2013-01-16&minutes=60&pick=2013-01-16T12:00"
        )

    assert "Picked: Wed 16 Jan 15:00 Geneva" in page
    assert "no hour suits all" in page
    assert "1 of 16 outside, 60 min: UNRC" in page
    first = rows_of(response)[0]
    assert [(city.column.station.city, city.clock) for city in first.cities] == [
        ("Geneva", "15:00"),
        ("New York", "09:00"),
        ("Bangkok", "21:00"),
        ("Paris", "15:00"),
        ("Vienna", "15:00"),
        ("Washington DC", "09:00"),
    ]
    noon = second.context["picked"]
    assert (noon.clock, len(noon.outside), noon.seat_count) == ("13:00", 7, 16)
    assert "7 seats sit outside their hours" in words(second)


def test_page_shows_both_orders_the_ledger_and_leads_to_the_form(sign_in, chair, seats):
    for weeks in (2, 5):  # six weeks ago was a holiday in New York
        held(TODAY - timedelta(weeks=weeks))
    held(TODAY - timedelta(weeks=60))
    held(TODAY - timedelta(weeks=1), kind="principals", place="Paris")
    MeetingFactory(title="Taken", starts_at=datetime(2026, 12, 2, 15, tzinfo=UTC))
    client = sign_in(chair)
    question = f"{PATH}?first_day=2026-12-02&last_day=2026-12-03&minutes=60"

    response = client.get(question)
    page = words(response)
    equal = client.get(f"{question}&order=equal")
    part = client.get(f"{question}&page=2", headers={"HX-Request": "true"})

    assert "UNRC pays again" in page
    assert "UNRC (Bangkok) 120 2 meetings, last on 9 Nov 2026" in page
    assert "Never asked: OHCHR, UNDP, UNESCO, UNFPA and WHO" in page
    assert "from 2 meetings held" in page
    assert "Left out: the hours of “Taken”" in page
    assert [row.when for row in rows_of(response)[:2]] == ["Wed 2 Dec 15:00", "Wed 2 Dec 17:00"]
    # New York is asked, so that nobody has more than UNRC's 120 minutes
    assert [row.names for row in rows_of(equal)[:2]] == ["UNDP and UNFPA"] * 2
    assert (rows_of(equal)[0].equal_rank, rows_of(equal)[0].when) == (1, "Wed 2 Dec 09:00")
    assert "<h1" not in part.content.decode()
    assert len(rows_of(part)) == 20
    assert client.get(f"{question}&seats=who&seats=ohchr").context["picked"].outside == ()
    link = response.context["convene_url"]
    form = words(client.get(link))
    assert "UNRC sits outside its working hours then, as at the last meeting." in form
    assert client.get(link).context["form"].initial["begins"] == time(15)
    for wrong in ("x", "9999-12-31T23:30"):
        form = client.get(f"/meetings/convene/?starts={wrong}&minutes=60").context["form"]
        assert form.initial["day"] == date(2026, 12, 1)


def test_convening_asks_for_a_reason_where_the_same_agency_pays_again(sign_in, chair, seats):
    held(TODAY - timedelta(weeks=2))
    client = sign_in(chair)
    sent = {
        "title": "Meeting 43",
        "kind": "working_level",
        "day": "2026-12-02",
        "begins": "15:00",
        "ends": "16:00",
        "time_zone": "Europe/Zurich",
    }

    refused = client.post("/meetings/convene/", sent)
    assert refused.status_code == 422
    assert (
        "UNRC sits outside its working hours, as at the last meeting. Say why; all agencies read it."
        in words(refused)
    )
    assert '<textarea name="hour_reason"' in refused.content.decode()
    client.post("/meetings/convene/", sent | {"hour_reason": "New York cannot join before 09:00."})
    meeting = Meeting.objects.get(title="Meeting 43")
    shown = words(client.get(f"/meetings/{meeting.slug}/"))
    assert "Why this hour New York cannot join before 09:00." in shown
    assert (
        '<textarea name="hour_reason"'
        in client.get(f"/meetings/{meeting.slug}/edit/").content.decode()
    )


def test_a_reason_is_asked_for_when_moved_there_and_only_where_people_sit_at_home(chair, seats):
    held(TODAY - timedelta(weeks=2))
    geneva_nine, geneva_three = (datetime(2026, 12, 2, hour, tzinfo=UTC) for hour in (8, 14))
    convened = meetings.convene(details(geneva_nine), by=chair, at=NOW)

    with pytest.raises(SamePaysAgain):
        meetings.edit_meeting(
            convened, details(geneva_three), version=convened.version, by=chair, at=NOW
        )
    moved = meetings.edit_meeting(
        convened,
        details(geneva_three, hour_reason="Urgent"),
        version=convened.version,
        by=chair,
        at=NOW,
    )
    assert moved.hour_reason == "Urgent"
    in_paris = MeetingDetails(
        "Heads", "principals", geneva_three, None, "Europe/Paris", place="Paris"
    )
    assert meetings.convene(in_paris, by=chair, at=NOW).hour_reason == ""
    past = NOW - timedelta(days=1)
    assert meetings.convene(details(past), by=chair, at=NOW).state == MeetingState.HELD
    assert ledger.is_counted("principals", "https://meet.example.org/1")
    assert not ledger.is_counted("event", "https://meet.example.org/1")


def test_days_without_an_hour_say_so(sign_in, chair, seats):
    client = sign_in(chair)

    def answer(**values):
        return client.get(
            PATH, {"first_day": "2026-12-05", "last_day": "2026-12-06", "minutes": 60} | values
        )

    assert "Nobody works in these days" in words(answer())
    assert "These days have passed." in words(answer(first_day="2026-11-01", last_day="2026-11-02"))
    for wrong in (
        {"minutes": 5},
        {"last_day": "2026-12-04"},
        {"last_day": "2027-02-06"},
        {"first_day": "1800-01-01"},
        {"seats": "nobody"},
    ):
        assert answer(**wrong).status_code == 422
    part = client.get(f"{PATH}?first_day=2026-12-05&minutes=x", headers={"HX-Request": "true"})
    assert part.headers["HX-Redirect"] == f"{PATH}?first_day=2026-12-05&minutes=x"
    all_day = datetime(2026, 12, 4, 12, tzinfo=UTC)
    MeetingFactory(title="Retreat", starts_at=all_day, ends_at=all_day + timedelta(days=4))
    assert "No hour is left" in words(answer())


def test_a_group_without_seats_says_what_is_missing(sign_in, chair, seats):
    client = sign_in(chair)
    held(TODAY - timedelta(weeks=2))
    seats.commissions.get().representations.update(last_day=date(2026, 11, 30))
    Agency.objects.filter(acronym="OHCHR").update(time_zone="Mars/Olympus")

    page = words(client.get(f"{PATH}?first_day=2026-12-02&last_day=2026-12-02&minutes=60"))
    assert "UNRC is not counted:" in page
    assert "OHCHR is not counted:" in page
    Membership.objects.update(last_day=date(2026, 12, 1))
    page = words(client.get(f"{PATH}?first_day=2026-12-02&last_day=2026-12-02&minutes=60"))
    assert "No seat to look for" in page


def test_seat_of_the_commissions_moves_within_the_days_that_are_asked(seats, group):
    eclac = CommissionFactory(
        agency=seats, acronym="ECLAC", city="Santiago", time_zone="America/Santiago"
    )
    seats.commissions.get(acronym="ESCAP").representations.update(last_day=DAY)
    RepresentationFactory(commission=eclac, first_day=DAY + timedelta(days=1), last_day=None)
    AgencyFactory(acronym="OHCHR")
    Membership.objects.filter(agency__acronym="OHCHR").update(last_day=DAY)
    page = HourPage(asked(last_day=DAY + timedelta(days=1)), NOW, group)

    first, last = (page.row(page.picked(f"2026-12-0{day}T14:00")) for day in (2, 3))
    cells = {city.column.station.city: city.clock for city in first.cities}
    assert (cells["Bangkok"], cells["Santiago"], first.seat_count) == ("21:00", "–", 6)
    cells = {city.column.station.city: city.clock for city in last.cities}
    assert (cells["Bangkok"], cells["Santiago"], last.seat_count) == ("–", "11:00", 5)
    assert [bar.city.column.station.city for bar in page.bars(last)] == [
        "Geneva",
        "New York",
        "Paris",
        "Santiago",
    ]


def test_own_hours_and_holidays_count_and_clock_changes_are_told(seats, group, chair, focal_point):
    unfpa = Agency.objects.get(acronym="UNFPA")
    working_hours.set_working_hours(
        unfpa, HoursInput(time(7), time(15)), version=0, by=chair, at=NOW
    )
    who = Agency.objects.get(acronym="WHO")
    working_hours.set_working_hours(
        who, HoursInput(None, None, "CH", "GE"), version=0, by=chair, at=NOW
    )
    page = HourPage(asked(first_day=date(2026, 12, 31), last_day=date(2027, 1, 9)), NOW, group)

    eve = page.row(page.picked("2026-12-31T12:00"))  # 07:00 in New York
    assert eve.names == "UNDP, UNRC and WHO"
    why = {city.column.names: city.why for city in eve.cities}
    assert (why["WHO"], why["OHCHR"], why["UNFPA"], why["UNDP"]) == ("Restoration Day", "", "", "")
    assert [column.hours for column in page.columns if column.station.city == "Geneva"] == [
        "09:00–18:00",
        "09:00–18:00",
    ]
    saturday = page.row(page.picked("2027-01-09T14:00"))
    why = {city.column.names: city.why for city in saturday.cities}
    assert (why["WHO"], why["UNFPA"], why["UNRC"]) == (
        "weekend",
        "weekend",
        "National Children's Day",
    )
    spring = HourPage(asked(first_day=date(2027, 3, 29), last_day=date(2027, 3, 30)), NOW, group)
    assert spring.clock_sentences() == [
        "Clocks go forward by 60 minutes on Sun 14 Mar 2027 in New York.",
        "Clocks go forward by 60 minutes on Sun 28 Mar 2027 in Geneva, Paris.",
    ]
    winter = HourPage(asked(first_day=date(2027, 11, 8), last_day=date(2027, 11, 8)), NOW, group)
    assert "Clocks go back by 60 minutes on Sun 7 Nov 2027 in New York." in winter.clock_sentences()
    shifts = {
        each.column.names: each.clock_shift
        for each in spring.rows(spring.ranking.by_time[:1])[0].cities
    }
    assert (shifts["UNFPA"], shifts["UNRC"]) == ("+1 h", "")


def test_who_sets_working_hours_and_what_is_refused(
    seats, chair, focal_point, other_agency, administrator
):
    unfpa = Agency.objects.get(acronym="UNFPA")

    def save(by, version, *hours):
        return working_hours.set_working_hours(
            unfpa, HoursInput(*hours), version=version, by=by, at=NOW
        )

    with pytest.raises(NotAllowed):
        save(other_agency, 0, time(8), time(16))
    save(focal_point, 0, time(8), time(16))
    with pytest.raises(Stale):
        save(chair, 0, time(9), time(16))
    with pytest.raises(Stale):
        working_hours.set_working_hours(seats, HoursInput(None, None), version=3, by=chair, at=NOW)
    save(administrator, 1, None, None)
    for hours, field in (
        ((time(8), None), "ends"),
        ((None, time(8)), "begins"),
        ((time(8), time(8)), "ends"),
        ((None, None, "", "GE"), "country"),
        ((None, None, "XX"), "country"),
        ((None, None, "CH", "XX"), "part"),
        ((None, None, "TH", "XX"), "part"),
    ):
        with pytest.raises(NotWorkingHours) as refused:
            save(focal_point, 2, *hours)
        assert refused.value.field == field
    with pytest.raises(IntegrityError), transaction.atomic():
        WorkingHours.objects.update(begins=time(9))


def test_holidays_follow_the_time_zone_and_weekends_the_country(settings):
    assert [
        holidays.country_of(zone) for zone in ("Asia/Kathmandu", "Europe/Zurich", "UTC", "Nowhere")
    ] == ["NP", "CH", "", ""]
    assert holidays.days_off("EG", "", [2026]).weekend == {4, 5}
    assert holidays.days_off("CH", "XX", [2026]) == holidays.days_off("", "", [2026])
    assert holidays.days_off("TH", "", [2026]).holidays[date(2026, 1, 1)]
    assert holidays.country_name("CH") == "Switzerland"
    with translation.override("fr"):
        assert holidays.days_off("CH", "GE", [2026]).holidays[date(2026, 9, 10)] == "Jeûne genevois"
    with translation.override("cy"):  # not among the languages of the package
        assert holidays.days_off("TH", "", [2026]).holidays[date(2026, 1, 1)]


def test_pages_of_seats_list_and_save(sign_in, focal_point, seats, other_agency):
    client = sign_in(focal_point)

    page = words(client.get(f"{PATH}seats/"))
    assert "UNRC Bangkok (ESCAP) Mon 16:00 09:00–18:00" in page
    assert page.count("Change") == 2  # the head of the column, and UNFPA's own
    edit = f"{PATH}seats/unfpa/"
    form = words(client.get(edit))
    assert "Empty: the hours of the group, 09:00–18:00." in form
    assert "That of its time zone: United States" in form
    client.post(edit, {"begins": "08:00", "ends": "16:00", "country": "", "part": "", "version": 0})
    page = words(client.get(f"{PATH}seats/"))
    assert "UNFPA New York Mon 04:00 08:00–16:00 its own" in page
    sent = {"begins": "08:30", "ends": "16:00", "country": "US", "part": "ny", "version": 0}
    assert client.post(edit, sent).status_code == 409
    client.post(edit, sent | {"version": 1})
    assert WorkingHours.objects.get().part == "NY"
    assert "Set the working hours" in words(client.get(edit))
    assert client.post(edit, sent | {"version": 2, "ends": ""}).status_code == 422
    assert sign_in(other_agency).get(edit).status_code == 403
    Membership.objects.update(last_day=TODAY)
    seats.commissions.get().representations.update(last_day=date(2026, 1, 1))
    assert str(WorkingHours.objects.get()) == "UNFPA"
    assert "No seat on record for today" in words(client.get(f"{PATH}seats/"))


def test_a_group_without_members_has_no_seats(sign_in, administrator, group, now):
    assert "The group has no member today" in words(sign_in(administrator).get(f"{PATH}seats/"))


@pytest.mark.parametrize("rows", ROWS)
def test_pages_cost_the_same_whatever_the_number_of_seats_and_meetings(
    sign_in, chair, seats, rows, django_assert_num_queries
):
    for number in range(rows):
        MembershipFactory(agency__acronym=f"X{number}")
        held(TODAY - timedelta(days=number + 1))
    client = sign_in(chair)

    with django_assert_num_queries(10):
        client.get(PATH)
    with django_assert_num_queries(8):
        client.get(f"{PATH}seats/")
    with django_assert_num_queries(8):
        client.get(f"{PATH}seats/unrc/")
    with django_assert_num_queries(8):
        client.get("/meetings/convene/?starts=2026-12-02T14:00&minutes=60")


def test_stations_of_seats_that_nobody_has(group):
    assert Stations(DAY, DAY, group).seats(DAY, DAY) == []
