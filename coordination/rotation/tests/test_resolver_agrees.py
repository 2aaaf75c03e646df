"""One answer to "who chairs on day D", whoever asks: on random schedules with gaps of membership."""

import json
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coordination.core.periods import Period
from coordination.core.permissions import On, allowed
from coordination.members.enums import MembershipStatus
from coordination.members.models import Membership
from coordination.rotation.due.stages import reachable_team
from coordination.rotation.enums import TermState
from coordination.rotation.models import ChairTerm, TermAgency
from coordination.rotation.queries import chair as chair_queries
from coordination.rotation.queries import timeline, windows
from coordination.rotation.queries.chair_now import chair_now
from coordination.rotation.tests.factories import ChairTermFactory, TermAgencyFactory

pytestmark = pytest.mark.django_db

FIRST = date(2026, 11, 1)
DAYS = 90
DAY = st.integers(0, DAYS - 1)


@st.composite
def periods(draw, most):
    """Draw up to `most` periods in order that never overlap, as (first, last) in days."""
    marks = sorted(draw(st.lists(DAY, min_size=0, max_size=2 * most, unique=True)))
    return list(zip(marks[::2], marks[1::2], strict=False))


@st.composite
def schedules(draw):
    """Draw terms with their chairs (numbers of agencies, and when each left), rivals, and memberships."""
    chairs = st.lists(st.integers(0, 3), min_size=1, max_size=3, unique=True)
    terms = [(days, draw(chairs)) for days in draw(periods(4))]
    left = {number: draw(DAY) for number in draw(st.lists(st.integers(0, 3), max_size=2))}
    rivals = [(days, draw(chairs)) for days in draw(periods(2))]
    memberships = [
        [(days, draw(st.sampled_from(MembershipStatus))) for days in draw(periods(3))]
        for _agency in range(4)
    ]
    return terms, left, rivals, memberships


def day(number):
    return FIRST + timedelta(days=number)


def put_on_record(schedule, agencies):
    """Save a schedule; return who chairs on each day, as a table of days says."""
    terms, left, rivals, memberships = schedule
    Membership.objects.all().delete()
    TermAgency.objects.all().delete()
    ChairTerm.objects.all().delete()
    table = dict.fromkeys(range(DAYS), ())
    member = {
        (number, each)
        for number, rows in enumerate(memberships)
        for (first, last), standing in rows
        if standing == MembershipStatus.MEMBER
        for each in range(first, last + 1)
    }
    for number, rows in enumerate(memberships):
        for (first, last), standing in rows:
            Membership.objects.create(
                agency=agencies[number], first_day=day(first), last_day=day(last), standing=standing
            )
    for (first, last), chairs in terms:
        save_term(first, last, [(agencies[number], left.get(number)) for number in chairs])
        for each in range(first, last + 1):
            table[each] = tuple(
                agencies[number].acronym
                for number in chairs
                if (number, each) in member and each <= left.get(number, DAYS)
            )
    for (first, last), chairs in rivals:
        rows = [(agencies[number], None) for number in chairs]
        save_term(first, last, rows, state=TermState.PROPOSED)
    return table


def save_term(first, last, chairs, **values):
    slug = f"{ChairTerm.objects.count()}"
    term = ChairTermFactory(slug=slug, first_day=day(first), last_day=day(last), **values)
    for position, (agency, left) in enumerate(chairs, 1):
        last_day = None if left is None else day(left)
        TermAgencyFactory(term=term, agency=agency, position=position, last_day=last_day)


def names(agencies):
    return tuple(agency.acronym for agency in agencies)


@given(schedules(), DAY)
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_everyone_who_asks_gets_one_answer(
    group,
    unesco,
    who,
    unfpa,
    ohchr,
    chair,
    incoming_chair,
    focal_point,
    other_agency,
    schedule,
    number,
):
    agencies = [unesco, who, unfpa, ohchr]
    people = {"UNESCO": chair, "WHO": incoming_chair, "UNFPA": focal_point, "OHCHR": other_agency}
    table = put_on_record(schedule, agencies)
    days = {each: day(each) for each in table}

    sittings = chair_queries.sittings()
    chairing = chair_queries.agencies_chairing(list(days.values()))
    assert {each: names(chairing[days[each]]) for each in table} == table
    assert {
        each: next((names(one.agencies) for one in sittings if one.period.covers(days[each])), ())
        for each in table
    } == table
    drawn = timeline.timeline(timeline.record(), windows.years(2026, 2027), day(number))
    lines = [line for line in drawn.lines if line.state != "proposed"]
    for each in table:
        [line] = [line for line in lines if line.shown.covers(days[each])]
        assert names(line.agencies) == table[each]

    today, expected = day(number), table[number]
    shown = chair_queries.chair_on(today)
    assert (names(shown.agencies), shown.vacant) == (expected, not expected)
    assert names(chair_now(today).agencies) == expected
    assert [
        person for name, person in people.items() if allowed(person, "rotation.chair", On(today))
    ] == [person for name, person in people.items() if name in expected]
    assert {person.pk for person in reachable_team(chair_queries.agencies_on(today), today)} == {
        people[name].pk for name in expected
    }
    out = StringIO()
    call_command("who_chairs", "--on", today.isoformat(), "--json", stdout=out)
    assert tuple(json.loads(out.getvalue())["agencies"]) == expected


def test_the_masthead_of_the_page_says_what_the_table_says(
    client, now, group, unesco, who, unfpa, ohchr
):
    member = MembershipStatus.MEMBER
    schedule = ([((0, 40), [2]), ((41, 80), [3, 0])], {0: 50}, [], [[((0, 89), member)]] * 4)
    table = put_on_record(schedule, [unesco, who, unfpa, ohchr])

    for number in (10, 45, 60, 85):
        now.move_to(datetime.combine(day(number), datetime.min.time(), UTC).replace(hour=12))
        page = client.get(reverse("rotation:timeline"))
        assert names(page.context["chair"].agencies) == table[number]
        assert Period(FIRST, day(DAYS - 1)).covers(day(number))
