"""A series by rule from its form to the mail of each reader, over the changes of clocks in 2013."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from icalendar import Calendar

from coordination.core.tests.pages import text_of
from coordination.meetings.models import Meeting, MeetingSeries
from coordination.members.enums import Role
from coordination.members.tests.factories import AppointmentFactory, PersonFactory
from coordination.reminders.actions import planning
from coordination.reminders.models import OutboxMessage
from coordination.rotation.tests.factories import ChairTermFactory, TermAgencyFactory

pytestmark = pytest.mark.django_db
CONVENED = datetime(2013, 2, 25, 10, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
SHIFT = "one hour later than usual"


def person_of(body, zone):
    person = PersonFactory(time_zone=zone)
    AppointmentFactory(
        person=person, agency=body, role=Role.FOCAL_POINT, first_day=date(2010, 1, 1)
    )
    return person


@pytest.fixture
def people(unfpa, unesco, ohchr):
    """Return a focal point in New York, Bangkok and Geneva; the last one chairs in 2013."""
    term = ChairTermFactory(slug="2013", first_day=date(2013, 1, 1), last_day=date(2013, 12, 31))
    TermAgencyFactory(term=term, agency=ohchr)
    return (
        person_of(unfpa, "America/New_York"),
        person_of(unesco, "Asia/Bangkok"),
        person_of(ohchr, "Europe/Zurich"),
    )


@pytest.fixture
def convened(people, sign_in):
    """Convene on the form: third Wednesday 15:00 Europe/Zurich, from 20 March to May 2013."""
    with time_machine.travel(CONVENED, tick=False):
        answer = sign_in(people[2]).post(
            "/meetings/convene/",
            {
                "title": "Working level",
                "kind": "working_level",
                "day": "2013-03-20",
                "begins": "15:00",
                "ends": "16:00",
                "time_zone": "Europe/Zurich",
                "repeats": "monthly",
                "repeats_until": "2013-05-31",
                "agenda": "The draft",
                "hour_reason": "The only one.",
            },
        )
    made = MeetingSeries.objects.get()
    assert answer.url == f"/meetings/series/{made.pk}/"
    return made


def mails(person, at, kind):
    """Return what a person was sent up to a moment: (subject, text, calendar entry)."""
    with time_machine.travel(at, tick=False):
        planning.plan(at)
    rows = OutboxMessage.objects.filter(recipient=person, kind=kind).order_by("pk")
    return [(row.subject, row.text, row.calendar) for row in rows]


def test_the_hour_stays_in_geneva_and_each_reader_is_told_theirs(people, convened):
    march, april, may = Meeting.objects.order_by("starts_at")
    assert [march.starts_at, april.starts_at, may.starts_at] == [
        datetime(2013, 3, 20, 14, tzinfo=UTC),
        datetime(2013, 4, 17, 13, tzinfo=UTC),
        datetime(2013, 5, 15, 13, tzinfo=UTC),
    ]
    new_york, bangkok, _geneva = people

    [(subject, text, calendar)] = mails(new_york, CONVENED + 10 * MINUTE, "meetings.series")
    assert subject == "Note 3 dates: Working level"
    for line in (
        f"Wed 20 Mar 2013, 15:00–16:00 Geneva (10:00–11:00 your time, New York): {SHIFT}\n",
        "Wed 17 Apr 2013, 15:00–16:00 Geneva (09:00–10:00 your time, New York)\n",
        "Wed 15 May 2013, 15:00–16:00 Geneva (09:00–10:00 your time, New York)\n",
    ):
        assert line in text
    entries = Calendar.from_ical(calendar)
    assert entries["method"] == "PUBLISH"
    assert [event["dtstart"].dt for event in entries.walk("VEVENT")] == [
        march.starts_at,
        april.starts_at,
        may.starts_at,
    ]
    assert mails(new_york, CONVENED + 10 * MINUTE, "meetings.invited") == []

    invited = march.starts_at - 14 * DAY
    [(subject, text, calendar)] = mails(new_york, invited, "meetings.invited")
    assert subject == "Say whether you will attend: Working level, Wed 20 Mar 10:00 New York"
    assert "Wed 20 Mar 2013, 15:00–16:00 Geneva (10:00–11:00 your time, New York)" in text
    assert f"For you this is {SHIFT}." in text
    assert Calendar.from_ical(calendar)["method"] == "REQUEST"
    [(subject, text, _calendar)] = mails(bangkok, invited, "meetings.invited")
    assert subject == "Say whether you will attend: Working level, Wed 20 Mar 21:00 Bangkok"
    assert "than usual" not in text


def test_the_reminder_and_the_pages_tell_it_too(people, convened, sign_in):
    march, april, _may = Meeting.objects.order_by("starts_at")
    new_york, bangkok, geneva = people
    mails(new_york, march.starts_at - 14 * DAY, "meetings.invited")

    [(_subject, text, _calendar)] = mails(new_york, march.starts_at - 7 * DAY, "meetings.coming")
    assert f"For you this is {SHIFT}." in text

    with time_machine.travel(march.starts_at - DAY, tick=False):
        pages = [
            text_of(sign_in(person).get(f"/meetings/{meeting.slug}/"))
            for person in (new_york, bangkok, geneva)
            for meeting in (march, april)
        ]
        page = text_of(sign_in(new_york).get(f"/meetings/series/{convened.pk}/"))
    words = ("later than usual", "earlier than usual")
    assert [[word in page for word in words] for page in pages] == [
        [True, False],
        [False, False],
        [False, False],
        [False, True],
        [False, False],
        [False, False],
    ]
    assert page.count(SHIFT) == 1
    assert "Third Wednesday of each month, 15:00 Geneva" in page


def test_the_desk_asks_once_people_are_invited(people, convened, sign_in):
    def asked(at):
        with time_machine.travel(at, tick=False):
            return text_of(sign_in(people[0]).get("/desk/")).count("Say whether you will attend")

    march = Meeting.objects.earliest("starts_at")
    assert asked(march.starts_at - 15 * DAY) == 0
    assert asked(march.starts_at - 13 * DAY) >= 1
