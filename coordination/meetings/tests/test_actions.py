"""Convening, correcting, cancelling; outcome; action items."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from coordination.core.errors import NotAllowed, Stale
from coordination.core.history import recorded_reason
from coordination.meetings.actions import items, meetings
from coordination.meetings.actions.items import Task
from coordination.meetings.actions.meetings import MeetingDetails
from coordination.meetings.enums import (
    ACTION_LIFE,
    MEETING_LIFE,
    ActionState,
    MeetingKind,
    MeetingState,
)
from coordination.meetings.errors import EndsBeforeStart, ItemSettled, MeetingOver, NotBegun
from coordination.meetings.models import ActionItem, AgendaItem, Meeting
from coordination.meetings.queries import chairs_of
from coordination.meetings.tests.factories import (
    ActionItemFactory,
    AgendaItemFactory,
    MeetingFactory,
)
from coordination.tests.cast import NOW

pytestmark = pytest.mark.django_db

STARTS = datetime(2026, 12, 2, 14, 0, tzinfo=UTC)
INVITATION = MeetingDetails(
    "Working-level meeting 42",
    MeetingKind.WORKING_LEVEL,
    STARTS,
    STARTS + timedelta(hours=1),
    "Europe/Paris",
    "Paris",
    "",
    "One\n\n Two \n",
)


def agenda_of(meeting):
    return [(item.position, item.title) for item in meeting.agenda.all()]


def test_convene_keeps_hour_place_and_agenda(chair):
    meeting = meetings.convene(INVITATION, by=chair, at=NOW)

    meeting.refresh_from_db()
    assert (meeting.slug, meeting.title, meeting.kind) == (
        "2026-12-02-working-level-meeting-42",
        INVITATION.title,
        "working_level",
    )
    assert (meeting.starts_at, meeting.ends_at, meeting.time_zone, meeting.place) == (
        STARTS,
        INVITATION.ends_at,
        "Europe/Paris",
        "Paris",
    )
    assert (meeting.state, meeting.chair_agency) == (MeetingState.CONVENED, None)
    assert agenda_of(meeting) == [(1, "One"), (2, "Two")]
    record = meeting.history.get()
    assert (record.history_user, recorded_reason(record)) == (chair, "Convened the meeting")


def chairs(meeting, group):
    [(_meeting, agencies)] = chairs_of([meeting], group.zone)
    return agencies


def test_a_meeting_that_moves_past_the_turn_of_the_chair_moves_to_the_next(
    chair, group, unesco, who
):
    last_minute = datetime(2026, 12, 31, 22, 59, tzinfo=UTC)  # Geneva is an hour ahead
    meeting = meetings.convene(
        replace(INVITATION, starts_at=last_minute, ends_at=None), by=chair, at=NOW
    )
    assert chairs(meeting, group) == (unesco,)

    later = replace(INVITATION, starts_at=last_minute + timedelta(minutes=1), ends_at=None)
    meeting = meetings.edit_meeting(meeting, later, version=1, by=chair, at=NOW)

    assert chairs(meeting, group) == (who,)
    vacant = replace(INVITATION, starts_at=datetime(2027, 9, 1, tzinfo=UTC), ends_at=None)
    assert chairs(meetings.edit_meeting(meeting, vacant, version=2, by=chair, at=NOW), group) == ()


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (
            MeetingState.HELD,
            "This meeting was held; its hour stands. An administrator can correct the record.",
        ),
        (
            MeetingState.CANCELLED,
            "This meeting was cancelled and cannot be moved; convene another.",
        ),
    ],
)
def test_a_meeting_that_was_held_or_cancelled_is_not_moved(chair, state, sentence):
    meeting = MeetingFactory(state=state, starts_at=STARTS, ends_at=INVITATION.ends_at)

    for hours in ({"starts_at": STARTS - timedelta(minutes=1)}, {"ends_at": None}):
        with pytest.raises(MeetingOver) as refusal:
            meetings.edit_meeting(
                meeting, replace(INVITATION, **hours), version=1, by=chair, at=NOW
            )
        assert (refusal.value.message, refusal.value.field) == (sentence, "day")

    meetings.edit_meeting(
        meeting, replace(INVITATION, title="Its name, corrected"), version=1, by=chair, at=NOW
    )
    meeting.refresh_from_db()
    assert (meeting.title, meeting.starts_at, meeting.state) == (
        "Its name, corrected",
        STARTS,
        state,
    )


def test_an_edit_keeps_the_seconds_that_a_form_does_not_show(chair):
    starts = STARTS + timedelta(seconds=17)
    meeting = MeetingFactory(state=MeetingState.HELD, starts_at=starts, ends_at=None)

    meetings.edit_meeting(meeting, replace(INVITATION, ends_at=None), version=1, by=chair, at=NOW)

    meeting.refresh_from_db()
    assert (meeting.starts_at, meeting.title) == (starts, INVITATION.title)


def test_two_meetings_of_one_name_and_day_have_two_addresses(chair):
    slugs = [meetings.convene(INVITATION, by=chair, at=NOW).slug for _ in range(3)]

    assert slugs == [f"2026-12-02-working-level-meeting-42{tail}" for tail in ("", "-2", "-3")]


def test_convene_refuses_an_end_before_the_start(chair):
    with pytest.raises(EndsBeforeStart) as error:
        meetings.convene(replace(INVITATION, ends_at=STARTS), by=chair, at=NOW)

    assert (error.value.field, Meeting.objects.count()) == ("ends_at", 0)


@pytest.mark.parametrize("act", ["convene", "edit", "cancel", "outcome", "add"])
def test_only_the_chairs_team_keeps_meetings(
    act, focal_point, incoming_chair, administrator, unfpa
):
    meeting = MeetingFactory()
    acts = {
        "convene": lambda by: meetings.convene(INVITATION, by=by, at=NOW),
        "edit": lambda by: meetings.edit_meeting(meeting, INVITATION, version=1, by=by, at=NOW),
        "cancel": lambda by: meetings.cancel_meeting(
            meeting, version=meeting.version, by=by, at=NOW
        ),
        "outcome": lambda by: meetings.record_outcome(meeting, "Agreed.", version=1, by=by, at=NOW),
        "add": lambda by: items.add_action_item(
            meeting, Task("Write", unfpa, date(2026, 12, 1)), by=by, at=NOW
        ),
    }

    for person in (focal_point, incoming_chair, administrator):
        with pytest.raises(NotAllowed):
            acts[act](person)

    meeting.refresh_from_db()
    assert (
        Meeting.objects.count(),
        ActionItem.objects.count(),
        meeting.state,
        meeting.version,
    ) == (1, 0, "convened", 1)


def test_edit_corrects_words_and_keeps_agenda_items_that_stay(chair):
    meeting = meetings.convene(INVITATION, by=chair, at=NOW)
    two = meeting.agenda.get(title="Two")

    meetings.edit_meeting(
        meeting,
        replace(INVITATION, title="Meeting 42", agenda="Two\nThree"),
        version=1,
        by=chair,
        at=NOW,
    )

    meeting.refresh_from_db()
    assert (meeting.title, meeting.version, agenda_of(meeting)) == (
        "Meeting 42",
        2,
        [(1, "Two"), (2, "Three")],
    )
    assert meeting.agenda.get(title="Two") == two
    assert recorded_reason(meeting.history.first()) == "Corrected the meeting and its agenda"


def test_edit_says_when_the_agenda_stayed(chair):
    meeting = meetings.convene(INVITATION, by=chair, at=NOW)

    meetings.edit_meeting(meeting, replace(INVITATION, place="Geneva"), version=1, by=chair, at=NOW)

    assert recorded_reason(meeting.history.first()) == "Corrected the meeting"
    meetings.edit_meeting(meeting, replace(INVITATION, agenda="One"), version=2, by=chair, at=NOW)
    assert recorded_reason(meeting.history.first()) == "Corrected the meeting and its agenda"


def test_the_second_of_two_editors_sees_what_the_first_saved(chair, chair_colleague):
    meeting = meetings.convene(INVITATION, by=chair, at=NOW)
    meetings.edit_meeting(meeting, replace(INVITATION, title="First"), version=1, by=chair, at=NOW)

    with pytest.raises(Stale) as error:
        meetings.edit_meeting(
            meeting, replace(INVITATION, title="Second"), version=1, by=chair_colleague, at=NOW
        )

    assert error.value.current.title == "First"
    with pytest.raises(EndsBeforeStart):
        meetings.edit_meeting(
            meeting, replace(INVITATION, ends_at=STARTS), version=2, by=chair, at=NOW
        )


def test_cancel_keeps_the_record_and_only_once(chair):
    meeting = meetings.cancel_meeting(MeetingFactory(), version=1, by=chair, at=NOW)

    assert Meeting.objects.get().state == MeetingState.CANCELLED
    with pytest.raises(MeetingOver):
        meetings.cancel_meeting(meeting, version=meeting.version, by=chair, at=NOW)
    with pytest.raises(MeetingOver):
        meetings.record_outcome(meeting, "None.", version=2, by=chair, at=NOW)


def test_a_meeting_of_another_version_is_not_cancelled(chair):
    meeting = MeetingFactory()
    meetings.edit_meeting(meeting, INVITATION, version=1, by=chair, at=NOW)

    with pytest.raises(Stale):
        meetings.cancel_meeting(meeting, version=1, by=chair, at=NOW)

    assert Meeting.objects.get().state == MeetingState.CONVENED
    assert meetings.cancel_meeting(meeting, version=2, by=chair, at=NOW).version == 3


@pytest.mark.parametrize("state", MeetingState)
@pytest.mark.parametrize("to", [MeetingState.CANCELLED, MeetingState.HELD])
def test_a_meeting_moves_as_its_table_says(chair, state, to):
    meeting = MeetingFactory(state=state, starts_at=NOW)

    def act():
        if to == MeetingState.CANCELLED:
            return meetings.cancel_meeting(meeting, version=1, by=chair, at=NOW)
        return meetings.record_outcome(meeting, "Agreed.", version=1, by=chair, at=NOW)

    if MEETING_LIFE.allows(state, to):
        assert act().state == to
    else:
        with pytest.raises(MeetingOver):
            act()
        assert Meeting.objects.get().state == state


@pytest.mark.parametrize("state", ActionState)
@pytest.mark.parametrize("to", ActionState)
def test_an_action_item_moves_as_its_table_says(chair, focal_point, unfpa, state, to):
    item = ActionItemFactory(agency=unfpa, state=state)

    if ACTION_LIFE.allows(state, to):
        items.update_action_item(item, to, note="", version=1, by=focal_point, at=NOW)
    else:
        with pytest.raises(
            ItemSettled, match=f"This item is “{state.label}” now; open it again first."
        ):
            items.update_action_item(item, to, note="", version=1, by=focal_point, at=NOW)

    item.refresh_from_db()
    assert item.state == (to if ACTION_LIFE.allows(state, to) else state)
    assert (to in dict(ActionItemFactory.build(state=state).next_states)) is ACTION_LIFE.allows(
        state, to
    )


def test_record_outcome_makes_it_held(chair):
    meetings.record_outcome(
        MeetingFactory(starts_at=NOW), "Agreed to meet again.", version=1, by=chair, at=NOW
    )

    meeting = Meeting.objects.get()
    assert (meeting.state, meeting.outcome, meeting.version) == (
        MeetingState.HELD,
        "Agreed to meet again.",
        2,
    )
    with pytest.raises(Stale):
        meetings.record_outcome(meeting, "Other", version=1, by=chair, at=NOW)


BY_DAY = {"sources": [{"title": "The press", "url": ""}], "time_zone": "America/New_York"}


@pytest.mark.parametrize(
    ("known", "moment", "when"),
    [
        ({}, STARTS - timedelta(minutes=1), "Wed 2 Dec 2026, 15:00"),
        ({}, STARTS, ""),
        (BY_DAY, datetime(2026, 12, 2, 4, 59, tzinfo=UTC), "2 Dec 2026"),
        (BY_DAY, datetime(2026, 12, 2, 5, 0, tzinfo=UTC), ""),
    ],
    ids=["a minute before", "as it begins", "the day before, in New York", "on its day"],
)
def test_a_meeting_that_is_to_come_has_no_outcome(chair, known, moment, when):
    chair.time_zone = ""
    meeting = MeetingFactory(starts_at=STARTS, **known)

    if when:
        with pytest.raises(
            NotBegun, match=f"This meeting is on {when}: its outcome is written once it has begun."
        ) as error:
            meetings.record_outcome(meeting, "Agreed.", version=1, by=chair, at=moment)
        assert error.value.field == "outcome"
    else:
        meetings.record_outcome(meeting, "Agreed.", version=1, by=chair, at=moment)

    meeting.refresh_from_db()
    assert (meeting.state, meeting.outcome, meeting.version) == (
        ("convened", "", 1) if when else ("held", "Agreed.", 2)
    )


@pytest.mark.parametrize(
    ("moment", "may"),
    [
        # the last minute of UNESCO's term, in Geneva
        (datetime(2026, 12, 31, 22, 59, tzinfo=UTC), True),
        (datetime(2026, 12, 31, 23, 0, tzinfo=UTC), True),
        # the last minute of the thirtieth day after it
        (datetime(2027, 1, 30, 22, 59, tzinfo=UTC), True),
        (datetime(2027, 1, 30, 23, 0, tzinfo=UTC), False),
    ],
)
def test_the_team_that_chaired_records_and_corrects_the_outcome_for_thirty_days(chair, moment, may):
    meeting = MeetingFactory(starts_at=STARTS)

    if may:
        meetings.record_outcome(meeting, "Agreed.", version=1, by=chair, at=moment)
        meetings.record_outcome(meeting, "Agreed, corrected.", version=2, by=chair, at=moment)
    else:
        with pytest.raises(NotAllowed, match="until 30 days after its last day"):
            meetings.record_outcome(meeting, "Agreed.", version=1, by=chair, at=moment)

    meeting.refresh_from_db()
    assert (meeting.outcome, meeting.state) == (
        ("Agreed, corrected.", "held") if may else ("", "convened")
    )


def test_the_outgoing_team_keeps_minutes_and_no_other_powers(chair):
    meeting = MeetingFactory(starts_at=STARTS)
    january = datetime(2027, 1, 10, 9, 0, tzinfo=UTC)

    for act in (
        lambda: meetings.edit_meeting(meeting, INVITATION, version=1, by=chair, at=january),
        lambda: meetings.cancel_meeting(meeting, version=1, by=chair, at=january),
        lambda: meetings.convene(INVITATION, by=chair, at=january),
    ):
        with pytest.raises(NotAllowed, match="The chair passed from UNESCO to WHO"):
            act()


def test_action_items_are_numbered(chair, unfpa, focal_point):
    meeting = MeetingFactory()

    for title in ("Write", "Send"):
        items.add_action_item(
            meeting, Task(title, unfpa, date(2026, 12, 1), focal_point), by=chair, at=NOW
        )

    assert [
        (item.number, item.title, item.person) for item in meeting.action_items.order_by("number")
    ] == [
        (1, "Write", focal_point),
        (2, "Send", focal_point),
    ]


@pytest.mark.parametrize(
    ("state", "settled"),
    [(ActionState.DONE, NOW), (ActionState.DROPPED, NOW), (ActionState.IN_PROGRESS, None)],
)
def test_its_agency_says_where_an_item_stands(state, settled, focal_point, unfpa):
    item = ActionItemFactory(agency=unfpa)

    items.update_action_item(item, state, note="Sent on Monday.", version=1, by=focal_point, at=NOW)

    item.refresh_from_db()
    assert (item.state, item.note, item.settled_at, item.version) == (
        state,
        "Sent on Monday.",
        settled,
        2,
    )
    assert item.history.first().history_user == focal_point


def test_an_item_can_be_opened_again_by_the_chair(chair, unfpa):
    item = ActionItemFactory(agency=unfpa, state=ActionState.DONE, settled_at=NOW)

    items.update_action_item(item, ActionState.OPEN, note="", version=1, by=chair, at=NOW)

    item.refresh_from_db()
    assert (item.state, item.settled_at) == (ActionState.OPEN, None)


def test_no_other_agency_settles_an_item_and_nobody_settles_an_old_version(
    other_agency, principals_office, focal_point, unfpa, terms
):
    item = ActionItemFactory(agency=unfpa)

    for person in (other_agency, principals_office):
        with pytest.raises(NotAllowed):
            items.update_action_item(item, ActionState.DONE, note="", version=1, by=person, at=NOW)
    items.update_action_item(
        item, ActionState.IN_PROGRESS, note="Mine", version=1, by=focal_point, at=NOW
    )
    with pytest.raises(Stale) as error:
        items.update_action_item(item, ActionState.DONE, note="", version=1, by=focal_point, at=NOW)

    assert error.value.current.note == "Mine"


def test_the_day_decides_who_convenes(chair, incoming_chair):
    midnight_in_geneva = datetime(2026, 12, 31, 23, 0, tzinfo=UTC)

    with pytest.raises(NotAllowed):
        meetings.convene(
            INVITATION, by=incoming_chair, at=midnight_in_geneva - timedelta(seconds=1)
        )
    meetings.convene(INVITATION, by=incoming_chair, at=midnight_in_geneva)
    with pytest.raises(NotAllowed):
        meetings.convene(INVITATION, by=chair, at=midnight_in_geneva)


def test_a_line_that_stands_twice_is_two_items(chair):
    meeting = MeetingFactory()
    AgendaItemFactory(meeting=meeting, position=1, title="Coffee")

    meetings.edit_meeting(
        meeting, replace(INVITATION, agenda="Coffee\nWork\nCoffee"), version=1, by=chair, at=NOW
    )

    assert agenda_of(meeting) == [(1, "Coffee"), (2, "Work"), (3, "Coffee")]


@pytest.mark.parametrize("rows", [8, 64])
def test_an_agenda_costs_the_same_however_long(chair, django_assert_num_queries, rows):
    lines = [f"Item {n}" for n in range(rows)]
    with django_assert_num_queries(14):
        meeting = meetings.convene(replace(INVITATION, agenda="\n".join(lines)), by=chair, at=NOW)

    others = [*reversed(lines[: rows // 2]), *(f"New {n}" for n in range(rows))]
    with django_assert_num_queries(18):
        meetings.edit_meeting(
            meeting, replace(INVITATION, agenda="\n".join(others)), version=1, by=chair, at=NOW
        )

    assert [title for _position, title in agenda_of(meeting)] == others
    entries = AgendaItem.history.values_list("history_type", "history_user")
    assert sorted(set(entries)) == [("+", chair.pk), ("-", chair.pk), ("~", chair.pk)]
    assert AgendaItem.history.filter(history_type="-").count() == rows - rows // 2
