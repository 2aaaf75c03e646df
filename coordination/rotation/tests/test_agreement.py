"""One resolver: command, masthead, timeline, table, JSON, calendar feed, powers and recipients agree with `chair_on` on each day, whatever the schedule."""

import itertools
import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from coordination.core.models import Group
from coordination.core.periods import ONE_DAY
from coordination.core.permissions import On, allowed
from coordination.members.enums import MembershipStatus
from coordination.members.models import Agency, Membership
from coordination.rotation.due.stages import reachable_team
from coordination.rotation.enums import TermKind, TermState
from coordination.rotation.models import ChairTerm, TermAgency
from coordination.rotation.queries import chair, feed, schedule, timeline, windows
from coordination.rotation.queries.chair import chair_on
from coordination.rotation.queries.chair_now import chair_now
from coordination.tests.house.source import ROOT

pytestmark = pytest.mark.django_db
START = date(2026, 6, 1)
NAMES = ("OHCHR", "UNESCO", "UNFPA", "WHO")
# the days of a schedule that is drawn begin and end within these
FIRST, LAST = START - timedelta(days=60), START + timedelta(days=400)


@st.composite
def memberships_of_one(draw):
    """Draw up to two memberships that share no day, as member or observer: (first, last or None, standing)."""
    first = START + timedelta(days=draw(st.integers(-60, 60)))
    last = draw(st.none() | st.integers(61, 200).map(lambda days: START + timedelta(days=days)))
    rows = [(first, last, draw(st.sampled_from(MembershipStatus)))]
    if last and draw(st.booleans()):
        back = last + timedelta(days=draw(st.integers(1, 40)))
        rows.append((back, None, draw(st.sampled_from(MembershipStatus))))
    return rows


@st.composite
def schedules(draw):
    """Draw confirmed terms that share no day, proposals and withdrawn ones that may share any, and when each agency is a member, or leaves a joint chair."""
    terms, free_from = [], START + timedelta(days=draw(st.integers(-20, 20)))
    for pause, length, kind, names, leaves in draw(
        st.lists(
            st.tuples(
                st.integers(0, 25),
                st.integers(1, 40),
                st.sampled_from(TermKind),
                st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True),
                st.lists(st.none() | st.integers(0, 20), min_size=2, max_size=2),
            ),
            max_size=5,
        )
    ):
        first = free_from + timedelta(days=pause)
        last = first + timedelta(days=length - 1)
        # of joint chairs the others may leave, and the first goes on
        ends = [None, *(each if each is None else first + timedelta(days=each) for each in leaves)]
        seats = list(zip(names, ends, strict=False))
        terms.append((first, last, kind, TermState.CONFIRMED, seats))
        free_from = last + ONE_DAY
    for offset, length, state, name in draw(
        st.lists(
            st.tuples(
                st.integers(-20, 200),
                st.integers(1, 60),
                st.sampled_from([TermState.PROPOSED, TermState.WITHDRAWN]),
                st.sampled_from(NAMES),
            ),
            max_size=4,
        )
    ):
        first = START + timedelta(days=offset)
        last = first + timedelta(days=length - 1)
        terms.append((first, last, TermKind.TERM, state, [(name, None)]))
    return terms, {name: draw(memberships_of_one()) for name in NAMES}


def put_on_record(terms, memberships):
    for model in (TermAgency, ChairTerm, Membership):
        model.objects.all().delete()
    agencies = {agency.acronym: agency for agency in Agency.objects.all()}
    Membership.objects.bulk_create(
        Membership(agency=agencies[name], first_day=first, last_day=last, standing=standing)
        for name, rows in memberships.items()
        for first, last, standing in rows
    )
    for number, (first, last, kind, state, seats) in enumerate(terms):
        term = ChairTerm.objects.create(
            slug=f"t{number}", first_day=first, last_day=last, kind=kind, state=state
        )
        TermAgency.objects.bulk_create(
            TermAgency(term=term, agency=agencies[name], position=position, last_day=leaves)
            for position, (name, leaves) in enumerate(seats)
        )


def oracle(day, terms, memberships):
    """Return the state of a day and who chairs, from a table of days."""
    confirmed = [term for term in terms if term[3] == TermState.CONFIRMED]
    members = {
        name
        for name, rows in memberships.items()
        for first, last, standing in rows
        if standing == MembershipStatus.MEMBER and first <= day and (last is None or day <= last)
    }
    for first, last, kind, _state, seats in confirmed:
        present = [
            name for name, leaves in seats if name in members and (leaves is None or day <= leaves)
        ]
        if first <= day <= last and present:
            return str(kind), present
    on_record = any(first <= day for first, *_ in confirmed)
    return ("vacant" if on_record else "not on record"), []


def turning_days(terms, memberships):
    """Return the days on which anything begins or ends, and those before and after."""
    begins = [first for first, *_ in terms]
    ends = [last for _first, last, *_ in terms]
    ends += [leaves for *_, seats in terms for _name, leaves in seats if leaves]
    for first, last, _standing in itertools.chain(*memberships.values()):
        begins.append(first)
        ends += [last] if last else []
    near = {day - ONE_DAY for day in begins} | {day + ONE_DAY for day in ends}
    return sorted({*begins, *ends, *near})


def of_command(day):
    out = StringIO()
    call_command("who_chairs", "--on", day.isoformat(), "--json", stdout=out)
    answer = json.loads(out.getvalue())
    return answer["state"], answer["agencies"]


def of_masthead(day):
    now = chair_now(day)
    state = now.term.kind if now.term else ("vacant" if now.on_record else "not on record")
    return str(state), [agency.acronym for agency in now.agencies]


def of_table(day, record):
    """Return what the table says of a day, as it is on that day."""
    first, last = START - timedelta(days=400), START + timedelta(days=800)
    [line] = [
        line
        for line in timeline.lines_of(record.terms, record.sittings, first, last, day)
        if line.state != "proposed" and line.shown.first <= day <= line.shown.last
    ]
    vacant = {"unknown": "not on record", "vacant": "vacant"}
    state = str(line.term.kind) if line.term else vacant[line.state]
    return state, [agency.acronym for agency in line.agencies]


def of_data(day, data):
    [found] = [
        row
        for row in data["days"]
        if (row["first_day"] or "") <= day.isoformat() <= (row["last_day"] or "9999")
    ]
    return found["state"], found["agencies"]


def of_feed(day, calendar):
    """Return what a calendar shows on a day."""
    events = [event for event in calendar.walk("VEVENT") if event["STATUS"] == "CONFIRMED"]
    shown = [event for event in events if event.decoded("DTSTART") <= day < event.decoded("DTEND")]
    [event] = shown or [None]
    who = str(event["SUMMARY"]).removeprefix("GMG chair: ") if event else ""
    if who.startswith("nobody") or not who:
        return "vacant" if who else "not on record", []
    who, _bracket, label = who.removesuffix(")").partition(" (")
    kind = next((str(kind) for kind in TermKind if label and kind.label == label), "term")
    return kind, who.split(" + ")


def acronyms(agencies):
    return [agency.acronym for agency in agencies]


@pytest.fixture
def people(group, unesco, who, unfpa, ohchr, chair, incoming_chair, focal_point, other_agency):
    """Return the focal point of each agency; the group is on record."""
    return {"UNESCO": chair, "WHO": incoming_chair, "UNFPA": focal_point, "OHCHR": other_agency}


GIVEN = settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@GIVEN
@given(schedules(), st.integers(0, 200))
def test_every_surface_says_on_each_day_what_the_resolver_says(people, client, now, drawn, number):
    terms, memberships = drawn
    put_on_record(terms, memberships)
    whole, record = schedule.schedule(), timeline.record()
    group = Group.objects.get()
    data = schedule.as_data(whole, group, str)
    calendar = Calendar.from_ical(feed.calendar(whole, group, feed.Site("example.org", str), 2030))

    for day in turning_days(terms, memberships):
        resolved = chair_on(day)
        expected = oracle(day, terms, memberships)
        state = resolved.term.kind if resolved.term else None
        answer = (
            str(state) if state else ("vacant" if resolved.on_record else "not on record"),
            acronyms(resolved.agencies),
        )
        assert (answer, resolved.vacant) == (expected, not expected[1])
        surfaces = {
            "command": of_command(day),
            "masthead": of_masthead(day),
            "table": of_table(day, record),
            "JSON": of_data(day, data),
            "feed": of_feed(day, calendar),
            "agencies": (answer[0], acronyms(chair.agencies_on(day))),
        }
        assert surfaces == dict.fromkeys(surfaces, expected), day
    every_day_agrees(record, terms, memberships)
    powers_agree(people, START + timedelta(days=number), terms, memberships, client, now)


def every_day_agrees(record, terms, memberships):
    """Assert that the bulk query, the sittings and the table agree with the oracle on all days."""
    days = [FIRST + timedelta(days=each) for each in range((LAST - FIRST).days + 1)]
    expected = {day: oracle(day, terms, memberships)[1] for day in days}
    chairing = chair.agencies_chairing(days)
    drawn = timeline.timeline(record, windows.years(2026, 2027), START)
    lines = [line for line in drawn.lines if line.state != "proposed"]
    assert {day: acronyms(chairing[day]) for day in days} == expected
    for day in days:
        sat = [one.agencies for one in record.sittings if one.period.covers(day)]
        shown = [line.agencies for line in lines if line.shown.covers(day)]
        assert acronyms(sat[0] if sat else ()) == expected[day]
        assert [acronyms(agencies) for agencies in shown] == [expected[day]]


def powers_agree(people, day, terms, memberships, client, now):
    """Assert that powers, recipients and the head of the page are those of the day."""
    expected = oracle(day, terms, memberships)[1]
    named = {people[name] for name in expected}
    assert {each for each in people.values() if allowed(each, "rotation.chair", On(day))} == named
    assert set(reachable_team(chair.agencies_on(day), day)) == named
    now.move_to(datetime(day.year, day.month, day.day, 12, tzinfo=UTC))
    page = client.get(reverse("rotation:timeline"))
    assert acronyms(page.context["chair"].agencies) == expected


@GIVEN
@given(schedules())
def test_the_drawing_shows_the_lines_of_the_table(people, drawn):
    """Each year shows a box for each line that touches it, and no other."""
    put_on_record(*drawn)
    found = timeline.timeline(timeline.record(), windows.years(2025, 2026), START)

    for (name, period), part in zip(windows.years(2025, 2026).parts(), found.parts, strict=True):
        assert part.name == name
        assert Counter(box.title for box in part.boxes) == Counter(
            line.title for line in found.lines if line.shown.overlaps(period)
        )


def test_the_feed_is_documented_where_it_is():
    told = (ROOT / "docs" / "develop" / "schedule.md").read_text(encoding="utf-8")

    assert "`/rotation/calendar.ics`" in told
    assert "`/rotation/schedule.json`" in told
