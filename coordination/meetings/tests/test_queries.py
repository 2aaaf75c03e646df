"""Reads of meetings and action items."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection

from coordination.core import append_only
from coordination.core.next_steps import Scope, by_name
from coordination.meetings import queries
from coordination.meetings.actions import items, meetings
from coordination.meetings.actions.items import Task
from coordination.meetings.actions.meetings import MeetingDetails
from coordination.meetings.enums import ActionState, MeetingState
from coordination.meetings.models import Meeting
from coordination.meetings.queries import AgendaLine
from coordination.meetings.tests.factories import (
    ActionItemFactory,
    AgendaItemFactory,
    AttendanceFactory,
    DecisionFactory,
    DocumentFactory,
    MeetingFactory,
)
from coordination.rotation.tests.factories import ChairTermFactory, TermAgencyFactory
from coordination.tests.cast import NOW, TODAY

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def invitation_to(meeting):
    """Return what the form of a meeting says when nothing of it is changed."""
    return MeetingDetails(
        meeting.title,
        meeting.kind,
        meeting.starts_at,
        meeting.ends_at,
        meeting.time_zone,
        meeting.place,
        meeting.video_url,
    )


@pytest.fixture
def five(db):
    """Return meetings: over, under way, to come, to come but cancelled, begun without an end."""
    return {
        "over": MeetingFactory(starts_at=NOW - 3 * HOUR, ends_at=NOW - 2 * HOUR),
        "now": MeetingFactory(starts_at=NOW - HOUR, ends_at=NOW + HOUR),
        "next": MeetingFactory(starts_at=NOW + HOUR),
        "cancelled": MeetingFactory(starts_at=NOW + 2 * HOUR, state=MeetingState.CANCELLED),
        "begun": MeetingFactory(starts_at=NOW - 2 * HOUR),
    }


def test_upcoming_and_past_share_all_meetings(five):
    assert list(queries.upcoming(NOW)) == [five["now"], five["next"]]
    assert list(queries.past(NOW)) == [five["cancelled"], five["begun"], five["over"]]


def test_upcoming_loses_what_ends_by_the_hour(five):
    later = MeetingFactory(starts_at=NOW + 3 * HOUR, ends_at=NOW + 4 * HOUR)

    upcoming = [list(queries.upcoming(NOW + hour * HOUR)) for hour in (0, 0.9, 1, 4)]

    assert upcoming == [[five["now"], five["next"], later]] * 2 + [[later], []]


def test_past_is_read_by_an_index_and_not_sorted(five):
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # it sorts five rows rather than open an index
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")

    assert "meetings_newest_first" in queries.past(NOW).explain()


def test_past_of_a_kind(five):
    event = MeetingFactory(kind="event", starts_at=NOW - HOUR)

    assert list(queries.past(NOW, "event")) == [event]


def test_next_meeting_has_its_own_agenda_in_one_query(five, unesco, django_assert_num_queries):
    AgendaItemFactory(meeting=five["now"], position=2, title="Second")
    AgendaItemFactory(meeting=five["now"], position=1, title="First", lead=unesco)
    AgendaItemFactory(meeting=five["next"], position=1, title="Of another")

    with django_assert_num_queries(1):
        coming = queries.next_meeting(NOW)

    assert coming.meeting == five["now"]
    assert coming.agenda == (AgendaLine(1, "First", "UNESCO"), AgendaLine(2, "Second", ""))


def test_next_meeting_without_agenda_and_none(db):
    assert queries.next_meeting(NOW) is None
    meeting = MeetingFactory(starts_at=NOW + HOUR)

    coming = queries.next_meeting(NOW)

    assert (coming.meeting, coming.agenda) == (meeting, ())


def test_chairs_are_those_of_the_day_unless_the_record_names_another(
    terms, group, unfpa, ohchr, unesco, who, django_assert_num_queries
):
    TermAgencyFactory(term=terms[1], agency=unfpa, position=2)
    plain = MeetingFactory(starts_at=datetime(2026, 12, 31, 22, 59, tzinfo=UTC))
    joint = MeetingFactory(starts_at=datetime(2026, 12, 31, 23, 0, tzinfo=UTC))
    named = MeetingFactory(chair_agency=ohchr)
    vacant = MeetingFactory(starts_at=datetime(2020, 1, 1, tzinfo=UTC))

    with django_assert_num_queries(1):
        found = queries.chairs_of([plain, joint, named, vacant], group.zone)

    assert found == [(plain, (unesco,)), (joint, (who, unfpa)), (named, (ohchr,)), (vacant, ())]
    with django_assert_num_queries(0):
        assert queries.chairs_of([named], group.zone) == [(named, (ohchr,))]


def test_a_proposal_chairs_no_meeting(terms, group, unfpa):
    proposed = ChairTermFactory(
        first_day=date(2027, 7, 1), last_day=date(2027, 12, 31), state="proposed"
    )
    TermAgencyFactory(term=proposed, agency=unfpa)
    meeting = MeetingFactory(starts_at=datetime(2027, 8, 1, tzinfo=UTC))

    assert queries.chairs_of([meeting], group.zone) == [(meeting, ())]


def test_cancelled_to_come(five):
    assert list(queries.cancelled_to_come(NOW)) == [five["cancelled"]]
    assert list(queries.cancelled_to_come(five["cancelled"].starts_at)) == []


@pytest.mark.parametrize("today", [date(2026, 11, day) for day in range(23, 30)])
def test_a_new_meeting_begins_with_a_weekday_at_least_a_week_ahead(today):
    usual = queries.usual_meeting(today)

    assert usual["day"].weekday() < 5
    assert 8 <= (usual["day"] - today).days <= 10
    assert (usual["begins"], usual["ends"]) == (time(15), time(16))


def test_items_know_whether_they_are_the_readers(focal_point, principals_office, unfpa, ohchr):
    meeting = MeetingFactory()
    ActionItemFactory(meeting=meeting, number=2, agency=ohchr)
    ActionItemFactory(meeting=meeting, number=1, agency=unfpa)

    def ours(person):
        record = queries.meeting_record(meeting.slug, person, TODAY).get()
        return [(item.number, item.ours) for item in record.action_items.all()]

    assert ours(focal_point) == [(1, True), (2, False)]
    assert ours(principals_office) == [(1, False), (2, False)]


def test_open_and_overdue_items(unfpa, ohchr):
    late = ActionItemFactory(
        agency=unfpa, due_day=TODAY - timedelta(days=1), state=ActionState.IN_PROGRESS
    )
    today = ActionItemFactory(agency=ohchr, due_day=TODAY)
    ActionItemFactory(agency=unfpa, state=ActionState.DONE)
    ActionItemFactory(agency=unfpa, state=ActionState.DROPPED)

    assert list(queries.open_items()) == [late, today]
    assert list(queries.items_of([unfpa], TODAY, is_chair=False)) == [late]
    assert list(queries.overdue(TODAY)) == [late]


def test_items_of_an_agency_that_left_are_the_chairs(chair, unesco, unfpa, ohchr):
    left = ActionItemFactory(agency=ohchr, number=3, meeting__title="Meeting 41")
    ActionItemFactory(agency=unfpa)
    ohchr.memberships.update(last_day=TODAY - timedelta(days=1))

    [ask] = queries.item_steps(chair, [unesco], TODAY, is_chair=True)

    assert (ask.title, ask.why) == (left.title, "Action 3 of Meeting 41; OHCHR left the group")
    assert queries.item_steps(chair, [unesco], TODAY, is_chair=False) == []


def test_asks_name_the_item_its_owner_and_the_control(
    focal_point, colleague, unfpa, ohchr, django_assert_num_queries
):
    meeting = MeetingFactory(title="Meeting 41", slug="41")
    own = ActionItemFactory(
        meeting=meeting, number=1, agency=unfpa, person=focal_point, due_day=date(2026, 12, 1)
    )
    others = ActionItemFactory(
        meeting=meeting,
        number=2,
        agency=unfpa,
        person=colleague,
        due_day=date(2026, 12, 2),
        state="in_progress",
    )
    ActionItemFactory(agency=ohchr)

    with django_assert_num_queries(1):
        asks = queries.item_steps(focal_point, [unfpa], TODAY, is_chair=False)

    assert [(ask.title, ask.why, ask.scope, ask.day, ask.owner, ask.url) for ask in asks] == [
        (
            own.title,
            "Action 1 of Meeting 41",
            Scope.ME,
            date(2026, 12, 1),
            focal_point,
            f"/meetings/41/#action-{own.pk}",
        ),
        (
            others.title,
            "Action 2 of Meeting 41, in progress",
            Scope.AGENCY,
            others.due_day,
            colleague,
            f"/meetings/41/#action-{others.pk}",
        ),
    ]


def told(changes):
    return [
        (change.deed, [(d.label, d.before, d.after) for d in change.differences])
        for change in changes
    ]


def test_changes_tell_of_the_meeting_and_of_its_items(chair, focal_point, unfpa, now):
    meeting = MeetingFactory(starts_at=NOW)
    with append_only.lifted(connection, meeting.history.model):
        meeting.history.all().delete()
    now.shift(HOUR)
    item = items.add_action_item(meeting, Task("Write", unfpa, TODAY), by=chair, at=NOW)
    now.shift(HOUR)
    items.update_action_item(item, ActionState.DONE, note="Sent", version=1, by=focal_point, at=NOW)
    now.shift(HOUR)
    meetings.record_outcome(meeting, "Agreed", version=1, by=chair, at=NOW)

    changes = queries.meeting_changes(meeting)

    assert [change.who for change in changes] == [chair, focal_point, chair]
    assert told(changes) == [
        ("Recorded the outcome", []),
        (
            "Now done: action item “Write”",
            [
                ("state", "open", "done"),
                ("note", "", "Sent"),
                ("settled at", "", "Mon 23 Nov 2026, 09:00"),
            ],
        ),
        ("Noted: action item “Write”", []),
    ]


def test_changes_tell_what_every_part_said_before(unfpa, ohchr, focal_point, colleague, now):
    meeting = MeetingFactory()
    rows = {
        "attendance": (
            AttendanceFactory(meeting=meeting, agency=unfpa, level="absent"),
            {"level": "principal", "person": focal_point},
        ),
        "decision": (
            DecisionFactory(meeting=meeting, number=1, text="To wait."),
            {"text": "To begin."},
        ),
        "agenda": (AgendaItemFactory(meeting=meeting, title="Draft", lead=unfpa), {"lead": ohchr}),
        "paper": (
            DocumentFactory(meeting=meeting, title="Note", link="https://example.org/1"),
            {"link": "https://example.org/2"},
        ),
        "action": (
            ActionItemFactory(meeting=meeting, title="Write", agency=unfpa, person=focal_point),
            {"agency": ohchr, "person": colleague},
        ),
    }
    for row, values in rows.values():
        now.shift(HOUR)
        for name, value in values.items():
            setattr(row, name, value)
        row.save()

    assert told(queries.meeting_changes(meeting)[:5]) == [
        (
            "changed action item “Write”",
            [("agency", "UNFPA", "OHCHR"), ("person", "Nadia Ferreira", "Tomás Akande")],
        ),
        ("changed paper “Note”", [("link", "https://example.org/1", "https://example.org/2")]),
        ("changed agenda item “Draft”", [("lead", "UNFPA", "OHCHR")]),
        ("changed decision 1", [("text", "To wait.", "To begin.")]),
        (
            "changed attendance of UNFPA",
            [("level", "absent", "principal"), ("person", "", "Nadia Ferreira")],
        ),
    ]


def test_changes_tell_what_was_removed(chair, unfpa, now):
    meeting = MeetingFactory()
    parts = (
        AgendaItemFactory(meeting=meeting, position=2, title="Draft", lead=unfpa),
        DocumentFactory(meeting=meeting, title="Note", link="https://example.org/1"),
        AttendanceFactory(meeting=meeting, agency=unfpa, name_on_day="Nadia F."),
        DecisionFactory(meeting=meeting, number=1, text="To wait."),
    )
    for part in parts:
        now.shift(HOUR)
        part._history_user = chair
        part.delete()

    changes = queries.meeting_changes(meeting)[:4]

    assert {change.who for change in changes} == {chair}
    assert told(changes) == [
        ("removed decision 1", [("text", "To wait.", "")]),
        (
            "removed attendance of UNFPA",
            [("level", "principal", ""), ("name and title as on that day", "Nadia F.", "")],
        ),
        (
            "removed paper “Note”",
            [("link", "https://example.org/1", ""), ("number of the version", "1", "")],
        ),
        ("removed agenda item “Draft”", [("number", "2", ""), ("lead", "UNFPA", "")]),
    ]


def test_changes_of_the_agenda_by_the_chair_are_told(chair, now):
    meeting = MeetingFactory()
    for title in ("One", "Two"):
        AgendaItemFactory(meeting=meeting, position=1 if title == "One" else 2, title=title)
    now.shift(HOUR)

    meetings.edit_meeting(
        meeting, replace(invitation_to(meeting), agenda="Two\nThree"), version=1, by=chair, at=NOW
    )

    [edit, *parts] = queries.meeting_changes(meeting)[:4]
    assert (edit.deed, {change.who for change in (edit, *parts)}) == (
        "Corrected the meeting and its agenda",
        {chair},
    )
    assert sorted(told(parts)) == [
        ("added agenda item “Three”", []),
        ("changed agenda item “Two”", [("number", "2", "1")]),
        ("removed agenda item “One”", [("number", "1", "")]),
    ]


def test_changes_are_those_of_one_meeting(unfpa):
    meeting, other = MeetingFactory(), MeetingFactory()
    AttendanceFactory(meeting=other, agency=unfpa)
    DecisionFactory(meeting=other)

    assert [change.deed for change in queries.meeting_changes(meeting)] == ["made this record"]


def test_focal_points_are_those_of_agencies_that_belong(
    focal_point, former_focal_point, principals_office, other_agency, ohchr
):
    ohchr.memberships.update(last_day=date(2020, 1, 1))

    assert [row.person for row in queries.focal_points(TODAY)] == [focal_point]


@pytest.mark.parametrize(
    ("state", "begun", "of_chair", "of_minutes"),
    [
        ("convened", False, "edit add_item cancel", ""),
        ("convened", True, "edit add_item cancel", "roll minutes outcome"),
        ("held", True, "edit add_item", "roll minutes outcome"),
        ("cancelled", False, "edit", ""),
        ("cancelled", True, "edit", ""),
    ],
)
def test_steps_of_a_meeting_by_state_and_role(state, begun, of_chair, of_minutes):
    meeting = Meeting(slug="41", state=state, starts_at=NOW + timedelta(hours=-1 if begun else 1))

    def names(**roles):
        steps = queries.meeting_steps(
            meeting, NOW, **({"is_chair": False, "keeps_minutes": False} | roles)
        )
        return " ".join(by_name(steps))

    assert names() == ""
    assert names(is_chair=True) == of_chair
    assert names(keeps_minutes=True) == of_minutes
    meeting.agreed_at = NOW
    assert {"edit", "roll", "outcome"} & set(
        names(is_chair=True, keeps_minutes=True).split()
    ) == set()
