"""The chair passes at midnight in the group's zone, even on days without a midnight."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from coordination.core.clock import day_at, start_of
from coordination.core.permissions import On, allowed
from coordination.core.queries import day_in_group, group
from coordination.core.tests.pages import text_of
from coordination.rotation.due.handovers import handover_reminders, overdue_items
from coordination.rotation.due.vacancies import vacancy_warnings
from coordination.rotation.queries.chair import agencies_on
from coordination.rotation.tests.factories import HandoverFactory, HandoverItemFactory
from coordination.tests.cast import appointed

pytestmark = pytest.mark.django_db
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
# the first day of the incoming chair
TURNS = [
    pytest.param("Europe/Zurich", date(2027, 1, 1), id="an ordinary midnight"),
    pytest.param("Europe/Zurich", date(2027, 3, 28), id="clocks change in the night after"),
    pytest.param("Asia/Beirut", date(2027, 3, 28), id="no midnight: 00:00 is 01:00"),
    pytest.param("America/Santiago", date(2026, 9, 6), id="no midnight in the south"),
    pytest.param("America/Santiago", date(2027, 4, 4), id="the last hour comes twice"),
    pytest.param("Pacific/Apia", date(2011, 12, 30), id="the day does not exist"),
    pytest.param("Pacific/Apia", date(2011, 12, 31), id="the day before does not exist"),
    pytest.param("Pacific/Kiritimati", date(2027, 1, 1), id="the first to begin a day"),
]


@pytest.fixture
def turn(request, terms, unesco, who):
    """Let the chair pass from UNESCO to WHO at a day, in a zone; return the first moment of it."""
    zone, first_day = request.param
    current, following = terms
    for agency in (unesco, who):
        agency.memberships.update(first_day=date(2006, 1, 1))
    later_first = first_day > following.first_day
    current.first_day, current.last_day = first_day - timedelta(days=100), first_day - DAY
    following.first_day, following.last_day = first_day, first_day + timedelta(days=100)
    # days are given up before they are taken
    for term in (following, current) if later_first else (current, following):
        term.save()
    here = group()
    here.time_zone = zone
    here.save()
    return start_of(first_day, ZoneInfo(zone))


def chairing(moment: datetime) -> list[str]:
    return [agency.acronym for agency in agencies_on(day_in_group(moment))]


@pytest.mark.parametrize(
    "turn", [each.values for each in TURNS], indirect=True, ids=[t.id for t in TURNS]
)
def test_the_powers_pass_at_the_first_moment_of_the_day_to_the_second(turn, unesco, who):
    outgoing = appointed("Out", "out@unesco.example.org", unesco)
    incoming = appointed("In", "in@who.example.org", who)
    for person in (outgoing, incoming):
        person.appointments.update(first_day=date(2006, 1, 1))

    for moment, expected, teams in (
        (turn - SECOND, ["UNESCO"], (True, False)),
        (turn, ["WHO"], (False, True)),
    ):
        on = On(day_in_group(moment))
        assert chairing(moment) == expected
        assert (
            allowed(outgoing, "rotation.chair", on),
            allowed(incoming, "rotation.chair", on),
        ) == teams


@pytest.mark.parametrize(
    "turn", [each.values for each in TURNS], indirect=True, ids=[t.id for t in TURNS]
)
def test_hour_by_hour_there_is_one_chair_that_changes_once(turn):
    told = [chairing(turn + number * HOUR) for number in range(-60, 60)]

    assert told == [["UNESCO"]] * 60 + [["WHO"]] * 60


@pytest.mark.parametrize(
    "turn", [each.values for each in TURNS], indirect=True, ids=[t.id for t in TURNS]
)
def test_reminders_of_those_days_come_and_name_the_turn(turn, terms, unesco, who):
    handover = HandoverFactory(incoming_term=terms[1])
    HandoverItemFactory(handover=handover, due_day=day_at(turn - 2 * DAY, group().zone))
    for name, agency in (("Out", unesco), ("In", who)):
        person = appointed(name, f"{name}@{agency.slug}.example.org".lower(), agency)
        person.appointments.update(first_day=date(2006, 1, 1))

    stages = set()
    for number in range(-72, 72, 12):
        at = turn + number * HOUR
        # the turn was moved to this day, which the stage names
        stages |= {reminder.stage.partition(" ")[0] for reminder in handover_reminders(at)}
        assert all(item.at <= at for item in overdue_items(at))
        assert list(vacancy_warnings(at)) == []

    assert {"1d", "0d"} <= stages


@pytest.mark.parametrize(
    "turn", [each.values for each in TURNS], indirect=True, ids=[t.id for t in TURNS]
)
def test_the_head_of_a_page_names_the_chair_of_the_moment(turn, client, now):
    shown = []
    for moment in (turn - SECOND, turn):
        now.move_to(moment)
        page = text_of(client.get("/rotation/"))
        [(_before, after)] = [page.split("Chair:", 1)]
        shown.append(after.strip()[:200])

    assert "UNESCO" in shown[0].split("until")[0]
    assert "WHO" in shown[1].split("until")[0]
