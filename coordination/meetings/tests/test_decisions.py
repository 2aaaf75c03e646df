"""The registers of decisions and action items."""

import io
from datetime import date, datetime, timedelta

import pytest
from openpyxl import load_workbook

from coordination.meetings.actions import decisions as acts
from coordination.meetings.enums import ActionState
from coordination.meetings.models import Decision
from coordination.meetings.queries import decisions as reads
from coordination.meetings.queries.decisions import DecisionFilter
from coordination.meetings.tests.factories import (
    ActionItemFactory,
    DecisionFactory,
    MeetingFactory,
)
from coordination.tests.cast import NOW, TODAY
from coordination.tests.many import ROWS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def text_of(response):
    return " ".join(response.content.decode().split())


def numbers(**chosen):
    return [row.register_number for row in reads.register(DecisionFilter(**chosen))]


@pytest.fixture
def decided(chair):
    """Return decisions 2025/1, 2026/1 and 2026/2; the last two of one meeting."""
    old = MeetingFactory(starts_at=NOW - timedelta(days=400), kind="principals")
    new = MeetingFactory(starts_at=NOW - timedelta(days=4))
    made = [
        DecisionFactory(meeting=old, number=1, text="To found a fund."),
        DecisionFactory(meeting=new, number=1, text="To spend the fund."),
        DecisionFactory(meeting=new, number=2, text="To wait."),
    ]
    acts.number_decisions(old, by=chair)
    acts.number_decisions(new, by=chair)
    return made


def test_a_number_is_given_once_and_for_good(decided, chair):
    meeting = decided[1].meeting
    meeting.starts_at = NOW - timedelta(days=700)
    meeting.save()

    again = acts.number_decisions(meeting, by=chair)
    late = DecisionFactory(meeting=decided[0].meeting, number=2)
    [numbered] = acts.number_decisions(decided[0].meeting, by=None)

    assert again == []
    assert (numbered, numbered.register_number) == (late, "2025/2")
    assert numbers() == ["2026/2", "2026/1", "2025/2", "2025/1"]


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        ({}, ["2026/2", "2026/1", "2025/1"]),
        ({"words": "FUND the"}, ["2026/1"]),
        ({"words": "2026/2"}, ["2026/2"]),
        ({"words": "2026/x"}, []),
        ({"words": "2026/123456789"}, []),
        ({"year": 2025}, ["2025/1"]),
        ({"kind": "principals"}, ["2025/1"]),
    ],
)
def test_decisions_are_found_by_words_number_year_and_kind(decided, chosen, found):
    assert numbers(**chosen) == found


def test_the_register_leads_to_each_meeting(decided, sign_in, focal_point, terms):
    client = sign_in(focal_point)

    page = text_of(client.get("/meetings/decisions/", {"year": "2026", "q": "spend"}))
    nothing = text_of(client.get("/meetings/decisions/", {"year": "1", "kind": "x", "q": "zebra"}))

    assert f'href="/meetings/{decided[1].meeting.slug}/#decisions"' in page
    assert '<option value="2026" selected>' in page.replace(" >", ">")
    assert "Nothing was found" in nothing


def test_an_empty_register_says_what_will_stand_there(sign_in, focal_point, terms):
    client = sign_in(focal_point)

    assert "No decision is on record" in text_of(client.get("/meetings/decisions/"))
    assert "Nobody has taken anything on yet" in text_of(client.get("/meetings/actions/"))


def test_a_decision_that_was_taken_out_says_so(decided, sign_in, focal_point, terms):
    Decision.objects.filter(pk=decided[0].pk).update(is_withdrawn=True)

    page = text_of(sign_in(focal_point).get("/meetings/decisions/"))

    assert "Taken out of the minutes" in page


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        ({}, ["Soon", "Late", "Done"]),
        ({"state": "late"}, ["Late"]),
        ({"state": "done"}, ["Done"]),
        ({"state": "nonsense"}, ["Soon", "Late", "Done"]),
        ({"agency": "unfpa"}, ["Late"]),
        ({"q": "SOON"}, ["Soon"]),
        ({"q": "zebra"}, []),
    ],
)
def test_action_items_are_found(sign_in, focal_point, unfpa, ohchr, terms, chosen, found):
    ActionItemFactory(title="Soon", agency=ohchr, due_day=TODAY + timedelta(days=3))
    ActionItemFactory(title="Late", agency=unfpa, due_day=TODAY - timedelta(days=3))
    ActionItemFactory(
        title="Done",
        agency=ohchr,
        due_day=date(2026, 11, 1),
        state=ActionState.DONE,
        settled_at=NOW,
        note="Sent.",
    )

    page = sign_in(focal_point).get("/meetings/actions/", chosen)

    assert [item.title for item in page.context["page"]] == found


def lines_of(answer):
    """Return the lines of an Excel file."""
    [sheet] = load_workbook(io.BytesIO(answer.content)).worksheets
    return [list(line) for line in sheet.values]


def test_what_is_found_is_saved_as_a_table(decided, sign_in, focal_point, unfpa, terms):
    meeting = decided[1].meeting
    ActionItemFactory(
        meeting=meeting,
        number=3,
        title="=1+1",
        agency=unfpa,
        person=focal_point,
        due_day=date(2026, 12, 1),
        note="Soon.",
    )
    Decision.objects.filter(pk=decided[1].pk).update(is_withdrawn=True)
    client = sign_in(focal_point)

    found = lines_of(client.get("/meetings/decisions.xlsx", {"year": "2026", "q": "spend"}))
    items = lines_of(client.get("/meetings/actions.xlsx"))
    csv = client.get("/meetings/decisions.csv").content.decode()

    day = datetime(2026, 11, 19)
    assert found == [
        ["Number", "Decision", "Meeting", "Day", "Taken out of the minutes"],
        ["2026/1", "To spend the fund.", meeting.title, day, "yes"],
    ]
    assert items[1] == [
        "'=1+1",
        "UNFPA",
        "Nadia Ferreira",
        datetime(2026, 12, 1),
        "open",
        "Soon.",
        meeting.title,
        3,
    ]
    assert [line.partition(",")[0] for line in csv.splitlines()[1:]] == [
        "2026/2",
        "2026/1",
        "2025/1",
    ]


@pytest.mark.parametrize("path", ["/meetings/decisions/", "/meetings/actions/"])
@pytest.mark.parametrize("rows", ROWS)
def test_the_registers_cost_the_same_however_long(
    sign_in, focal_point, unfpa, terms, path, rows, django_assert_num_queries
):
    meeting = MeetingFactory(starts_at=NOW)
    for number in range(1, rows + 1):
        DecisionFactory(meeting=meeting, number=number, year=2026, serial=number)
        ActionItemFactory(meeting=meeting, number=number, agency=unfpa)
    client = sign_in(focal_point)

    with django_assert_num_queries(8):
        client.get(path)


def test_a_decision_of_the_admin_gets_a_number(admin_client, terms):
    meeting = MeetingFactory(starts_at=NOW)
    decision = DecisionFactory(meeting=meeting)

    acts.number_decisions(meeting, by=None)

    decision.refresh_from_db()
    assert decision.register_number == "2026/1"
    assert decision.history.first().history_change_reason == "decision_numbered"
