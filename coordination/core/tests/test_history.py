"""Each step of a history beside the one before it: relations by name, removals with what was said, one query."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from coordination.core import append_only, history
from coordination.core.history import Difference, HistoryEntry
from coordination.core.models import Group
from coordination.meetings.models import AgendaItem, Meeting
from coordination.meetings.tests.factories import (
    AgendaItemFactory,
    AttendanceFactory,
    MeetingFactory,
)
from coordination.members.models import Agency, Appointment
from coordination.members.tests.factories import AgencyFactory, AppointmentFactory, PersonFactory
from coordination.rotation.enums import RotationChange
from coordination.rotation.tests.factories import HandoverItemFactory
from coordination.tests.cast import NOW

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def told(changes):
    return [[(d.label, d.before, d.after) for d in change.differences] for change in changes]


def save(obj, now, **values):
    """Save an object a minute later."""
    now.shift(MINUTE)
    for name, value in values.items():
        setattr(obj, name, value)
    obj.save()


def test_a_relation_is_told_by_the_name_of_what_it_leads_to(now, unfpa, ohchr):
    meeting = MeetingFactory(chair_agency=unfpa)
    save(meeting, now, chair_agency=ohchr)
    save(meeting, now, chair_agency=None)

    assert told(history.changes(meeting)) == [
        [("chair of the day, agency", "OHCHR", "")],
        [("chair of the day, agency", "UNFPA", "OHCHR")],
        [],
    ]


def test_a_relation_to_what_is_gone_says_so(now, ohchr):
    gone = AgencyFactory(acronym="GONE")
    meeting = MeetingFactory(chair_agency=gone)
    save(meeting, now, chair_agency=ohchr)
    gone.delete()

    assert told(history.changes(meeting))[0] == [
        ("chair of the day, agency", "(no longer on record)", "OHCHR")
    ]


def test_records_found_by_a_relation_that_is_gone_are_told(now):
    gone = AgencyFactory(acronym="GONE")
    MeetingFactory(chair_agency=gone).delete()
    gone.delete()

    found = history.entries(
        Meeting.history.filter(
            chair_agency_id__in=Agency.history.filter(acronym="GONE").values("id")
        )
    )

    assert [change.deed for change in found] == ["removed this record", "made this record"]
    assert ("chair of the day, agency", "(no longer on record)", "") in told(found)[0]


@pytest.mark.parametrize("rows", [1, 40])
def test_relations_cost_no_query_however_many_there_are(now, django_assert_num_queries, rows):
    appointment = AppointmentFactory()
    for _ in range(rows):
        save(appointment, now, agency=AgencyFactory(), person=PersonFactory())

    with django_assert_num_queries(1):
        found = history.changes(appointment)
        assert len(told(found)) == rows + 1


def test_a_removal_tells_what_was_there(now, unfpa, administrator):
    item = AgendaItemFactory(position=2, title="The draft", lead=unfpa)
    meeting = item.meeting
    now.shift(MINUTE)
    history.sign(item, by=administrator, reason=RotationChange.CHAIR_REMOVED)
    item.delete()

    [removal, made] = history.entries(
        AgendaItem.history.filter(meeting_id=meeting.pk),
        name=lambda row: row.title,
        known=("meeting", "title"),
    )

    assert (removal.who, removal.deed, made.deed) == (
        administrator,
        "Taken out of the chair: The draft",
        "added The draft",
    )
    assert told([removal, made]) == [[("number", "2", ""), ("lead", "UNFPA", "")], []]


def test_each_step_stands_beside_the_one_before_however_long_ago_that_was(now):
    meeting = MeetingFactory()
    old = AgendaItemFactory(meeting=meeting, title="Once")
    for number in range(20):
        now.shift(MINUTE)
        AgendaItemFactory(meeting=meeting, title=f"Later {number}")
    save(old, now, title="Now")

    found = history.entries(
        AgendaItem.history.filter(meeting_id=meeting.pk), name=lambda row: row.title, most=3
    )

    assert [change.what for change in found] == ["Now", "Later 19", "Later 18"]
    assert told(found)[0] == [("title", "Once", "Now")]


def test_the_newest_are_told_when_there_are_more(now):
    meeting = MeetingFactory(place="Place 0")
    for number in range(1, 12):
        save(meeting, now, place=f"Place {number}")

    found = history.changes(meeting, most=4)

    assert told(found) == [
        [("place", f"Place {number - 1}", f"Place {number}")] for number in (11, 10, 9, 8)
    ]
    assert len(history.changes(meeting, most=50)) == 12


def test_changes_of_one_moment_stand_in_their_order(now):
    meeting = MeetingFactory(place="Geneva")
    for place in ("Paris", "Rome"):
        meeting.place = place
        meeting.save()

    assert told(history.changes(meeting)) == [
        [("place", "Paris", "Rome")],
        [("place", "Geneva", "Paris")],
        [],
    ]


def test_what_was_changed_before_history_was_kept_has_no_before():
    meeting = MeetingFactory()
    with append_only.lifted(connection, meeting.history.model):
        meeting.history.all().delete()
    meeting.place = "Paris"
    meeting.save()

    assert [(change.kind, change.differences) for change in history.changes(meeting)] == [("~", ())]


def test_newest_first_puts_several_objects_in_one_order():
    at = [HistoryEntry(NOW + n * MINUTE, None, "", "~", str(n), ()) for n in range(4)]

    assert history.newest_first([at[2], at[0]], [at[3], at[1]], most=3) == [at[3], at[2], at[1]]


@pytest.mark.parametrize(
    ("reason", "kind", "what", "deed"),
    [
        ("Corrected", "~", "", "Corrected"),
        ("Corrected", "~", "UNFPA", "Corrected: UNFPA"),
        ("", "+", "UNFPA", "added UNFPA"),
        ("", "~", "UNFPA", "changed UNFPA"),
        ("", "-", "UNFPA", "removed UNFPA"),
        ("", "+", "", "made this record"),
        ("", "~", "", "changed this record"),
        ("", "-", "", "removed this record"),
    ],
)
def test_a_deed_follows_the_name_of_who_did_it(reason, kind, what, deed):
    assert HistoryEntry(NOW, None, reason, kind, what, ()).deed == deed


def test_a_difference_is_long_when_a_line_cannot_hold_it():
    assert [Difference("outcome", "a", "b" * n).long for n in (200, 201)] == [False, True]
    assert Difference("outcome", "a" * 201, "").long


FAR, ON = "a " * 60, " z" * 60


@pytest.mark.parametrize(
    ("before", "after", "middles"),
    [
        ("", "All is new.", ("", "All is new.")),
        ("All is gone.", "", ("All is gone.", "")),
        ("One", "Two", ("One", "Two")),
        (
            f"{FAR}old{ON}",
            f"{FAR}new{ON}",
            (
                "… " + "a " * 20 + "old" + " z" * 20 + " …",
                "… " + "a " * 20 + "new" + " z" * 20 + " …",
            ),
        ),
        (f"{FAR}old", f"{FAR}newer", ("… " + "a " * 20 + "old", "… " + "a " * 20 + "newer")),
        (FAR.strip(), f"{FAR}b", ("… " + "a " * 20 + "a", "… " + "a " * 21 + "b")),
        ("x" * 300, "x" * 299 + "y", ("x" * 300, "x" * 299 + "y")),
        ("x" + "y" * 300, "y" * 301, ("x" + "y" * 300, "y" * 301)),
    ],
)
def test_a_long_text_is_told_by_what_changed_in_it(before, after, middles):
    assert Difference("outcome", before, after).middles == middles


def test_what_the_line_says_already_is_not_said_again(now, focal_point, chair, terms):
    item = HandoverItemFactory(handover__incoming_term=terms[1])
    for who, at in ((focal_point, NOW), (chair, NOW)):
        now.shift(timedelta(seconds=10))
        history.sign(item, by=chair, reason=RotationChange.ITEM_DONE)
        item.settled_by, item.settled_at = who, at
        item.save()
        now.shift(timedelta(minutes=5))
        history.sign(item, by=chair, reason=RotationChange.ITEM_REOPENED)
        item.settled_by, item.settled_at = None, None
        item.save()

    undone, late, again, first, _made = history.changes(item)

    assert told([first]) == [[("settled by", "", "Nadia Ferreira")]]
    assert [label for label, _before, _after in told([undone])[0]] == ["settled by", "settled at"]
    assert told([late]) == [[("settled at", "", "Mon 23 Nov 2026, 09:00")]]
    assert [before for _label, before, _after in told([again])[0]] == [
        "Nadia Ferreira",
        "Mon 23 Nov 2026, 09:00",
    ]


def test_whom_a_record_is_about_is_told_also_where_they_wrote_it(now, focal_point):
    attendance = AttendanceFactory()
    history.sign(attendance, by=focal_point, reason=None)
    save(attendance, now, person=focal_point)

    assert told(history.changes(attendance))[0] == [("person", "", "Nadia Ferreira")]


@pytest.mark.parametrize(
    ("model", "name", "value", "words"),
    [
        (Appointment, "first_day", date(2026, 12, 31), "31 Dec 2026"),
        (Appointment, "role", "focal_point", "focal point"),
        (Appointment, "title", "", ""),
        (Meeting, "starts_at", datetime(2026, 12, 2, 14, 0, tzinfo=UTC), "Wed 2 Dec 2026, 14:00"),
        (Meeting, "number", None, ""),
        (Agency, "mandate_terms", ["labour", "decent work"], "labour and decent work"),
        (Agency, "mandate_terms", {"UN": "2006", "ILO": "2007"}, "UN: 2006; ILO: 2007"),
        (Group, "balance_shown", True, "yes"),
        (Group, "balance_shown", False, "no"),
        (Group, "term_months", 6, "6"),
    ],
)
def test_values_are_shown_as_people_read_them(model, name, value, words):
    assert history.value_text(model._meta.get_field(name), value) == words
