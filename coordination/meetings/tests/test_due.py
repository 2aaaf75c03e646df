"""What meetings want reminded, to whom, and from when."""

from datetime import UTC, date, datetime, timedelta

import pytest

from coordination.core.due import sources
from coordination.core.history import dated_at
from coordination.meetings.due import meetings as due
from coordination.meetings.enums import ActionState, MeetingState
from coordination.meetings.tests.factories import ActionItemFactory, MeetingFactory
from coordination.members.enums import Role
from coordination.members.tests.factories import AppointmentFactory

pytestmark = pytest.mark.django_db
STARTS = datetime(2026, 12, 2, 14, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def stages(found):
    return [(each.person_id, each.stage, each.at) for each in found]


def test_a_meeting_is_told_seven_days_and_one_day_before(
    focal_point, other_agency, former_focal_point, principals_office
):
    MeetingFactory(starts_at=STARTS)
    people = sorted([focal_point.pk, other_agency.pk])

    assert stages(due.coming_meetings(STARTS - 7 * DAY - timedelta(seconds=1))) == []
    assert stages(due.coming_meetings(STARTS - 7 * DAY)) == [
        (pk, "7d", STARTS - 7 * DAY) for pk in people
    ]
    assert stages(due.coming_meetings(STARTS - 2 * DAY)) == [
        (pk, "7d", STARTS - 7 * DAY) for pk in people
    ]
    assert stages(due.coming_meetings(STARTS - DAY)) == [(pk, "1d", STARTS - DAY) for pk in people]
    assert stages(due.coming_meetings(STARTS)) == []


def test_a_meeting_that_was_moved_is_told_again(focal_point):
    meeting = MeetingFactory(starts_at=STARTS, slug="42")
    [before] = due.coming_meetings(STARTS - DAY)
    meeting.starts_at = STARTS + DAY
    meeting.save()

    [after] = due.coming_meetings(STARTS)

    assert before.key != after.key
    assert after.context["meeting"] == meeting


def test_a_meeting_that_was_cancelled_before_it_began_is_told_once(focal_point):
    with dated_at(STARTS - 21 * DAY):
        meeting = MeetingFactory(starts_at=STARTS)
    with dated_at(STARTS - 20 * DAY):
        meeting.state = MeetingState.CANCELLED
        meeting.save()

    assert list(due.cancelled_meetings(STARTS)) == []
    [told] = due.cancelled_meetings(STARTS - 20 * DAY)
    [later] = due.cancelled_meetings(STARTS - DAY)
    assert (told.kind, told.person_id, told.at, told.key) == (
        "meetings.cancelled",
        focal_point.pk,
        STARTS - 20 * DAY,
        later.key,
    )
    assert list(due.coming_meetings(STARTS - DAY)) == []


def test_a_late_item_is_told_after_1_7_14_and_30_days_in_the_readers_zone(
    focal_point, other_agency, former_focal_point, principals_office, chair, unfpa
):
    item = ActionItemFactory(agency=unfpa, due_day=date(2026, 11, 20), meeting__slug="41")
    first = datetime(2026, 11, 21, 13, 0, tzinfo=UTC)  # 08:00 in New York

    assert stages(due.late_items(first - timedelta(seconds=1))) == []
    [told] = due.late_items(first)
    assert (told.person_id, told.stage, told.at, told.url) == (
        focal_point.pk,
        "day 1",
        first,
        f"/meetings/41/#action-{item.pk}",
    )
    assert told.context["days_late"] == 1
    assert [
        stages(due.late_items(first + days * DAY))[0][1:] for days in (5, 6, 12, 13, 28, 29, 58)
    ] == [
        ("day 1", first),
        ("day 7", first + 6 * DAY),
        ("day 7", first + 6 * DAY),
        ("day 14", first + 13 * DAY),
        ("day 14", first + 13 * DAY),
        ("day 30", first + 29 * DAY),
        ("day 30", first + 29 * DAY),
    ]


def test_what_is_long_late_is_told_monthly_to_the_owners_office_and_the_chair_alone(
    focal_point, principals_office, chair, incoming_chair, other_agency, unfpa
):
    ActionItemFactory(agency=unfpa, due_day=date(2026, 9, 1))
    noon = datetime(2026, 10, 31, 16, 0, tzinfo=UTC)

    before = list(due.late_items(noon - DAY))
    monthly = list(due.late_items(noon))
    later = list(due.late_items(noon + 30 * DAY))

    assert [(each.person_id, each.stage) for each in before] == [(focal_point.pk, "day 30")]
    people = sorted([principals_office.pk, chair.pk])
    assert [(each.person_id, each.stage) for each in monthly] == [(pk, "day 60") for pk in people]
    assert [(each.person_id, each.stage) for each in later] == [(pk, "day 90") for pk in people]
    assert {(each.context["owner"], each.context["monthly"]) for each in monthly} == {
        ("UNFPA", True)
    }


def test_what_is_long_late_stays_with_the_owner_where_nobody_else_can_be_reached(
    focal_point, unfpa
):
    ActionItemFactory(agency=unfpa, due_day=date(2026, 9, 1))

    [told] = due.late_items(datetime(2026, 10, 31, 16, 0, tzinfo=UTC))

    assert (told.person_id, told.stage) == (focal_point.pk, "day 60")


def test_a_person_of_the_owner_and_the_chair_is_told_once(unesco, chair, terms):
    AppointmentFactory(person=chair, agency=unesco, role=Role.OFFICE)
    ActionItemFactory(agency=unesco, due_day=date(2026, 9, 1))

    assert [each.person_id for each in due.late_items(STARTS)] == [chair.pk]


def test_a_late_item_of_an_agency_that_left_goes_to_the_chair(
    focal_point, principals_office, chair, unfpa, now
):
    ActionItemFactory(agency=unfpa, due_day=date(2026, 11, 20))
    unfpa.memberships.update(last_day=date(2026, 11, 22))

    [told] = due.late_items(datetime(2026, 11, 23, 16, 0, tzinfo=UTC))

    assert (told.person_id, told.stage, told.context["left"]) == (chair.pk, "day 1", True)


def test_of_an_agency_that_left_nobody_is_told_while_nobody_chairs(focal_point, unfpa):
    ActionItemFactory(agency=unfpa, due_day=date(2026, 11, 20))
    unfpa.memberships.update(last_day=date(2026, 11, 22))

    assert list(due.late_items(STARTS)) == []


def test_late_items_cost_the_same_queries_however_many(
    focal_point, chair, unfpa, django_assert_num_queries
):
    for number in (1, 12):
        for _number in range(number):
            ActionItemFactory(agency=unfpa, due_day=date(2026, 9, 1))
        with django_assert_num_queries(6):
            list(due.late_items(STARTS))


def test_settled_items_and_those_of_nobody_are_not_told(focal_point, unfpa, ohchr):
    ActionItemFactory(agency=unfpa, due_day=date(2026, 11, 1), state=ActionState.DONE)
    ActionItemFactory(agency=ohchr, due_day=date(2026, 11, 1))

    assert list(due.late_items(STARTS)) == []


def test_without_a_zone_of_ones_own_the_groups_holds(focal_point, unfpa):
    focal_point.time_zone = ""
    focal_point.save()
    ActionItemFactory(agency=unfpa, due_day=date(2026, 11, 20))

    [told] = due.late_items(STARTS)

    assert told.at == datetime(2026, 11, 27, 7, 0, tzinfo=UTC)


def test_reminders_can_be_switched_off_but_not_what_keeps_calendars_right():
    kinds = {
        source.kind: source.can_be_off
        for source in sources()
        if source.kind.startswith("meetings.")
    }

    assert kinds == {
        "meetings.invited": False,
        "meetings.coming": True,
        "meetings.moved": False,
        "meetings.series": False,
        "meetings.cancelled": False,
        "meetings.correction": True,
        "meetings.item_due": True,
        "meetings.item_late": True,
        "meetings.minutes": True,
        "meetings.poll": True,
        "meetings.proposal": True,
    }


@pytest.mark.parametrize("fields", [{"is_active": False}, {"email": None}])
def test_nothing_is_owed_to_who_cannot_be_reached(focal_point, unfpa, fields):
    with dated_at(STARTS - 20 * DAY):
        meeting, cancelled = MeetingFactory(starts_at=STARTS), MeetingFactory(starts_at=STARTS)
    with dated_at(STARTS - 19 * DAY):
        cancelled.state = MeetingState.CANCELLED
        cancelled.save()
    ActionItemFactory(meeting=meeting, agency=unfpa, due_day=(STARTS - 9 * DAY).date())
    at = STARTS - DAY
    finds = (due.invitations, due.coming_meetings, due.cancelled_meetings, due.late_items)
    before = [len(list(find(at))) for find in finds]
    for name, value in fields.items():
        setattr(focal_point, name, value)
    focal_point.save()

    assert (before, [list(find(at)) for find in finds]) == (
        [1, 1, 1, 1],
        [[], [], [], []],
    )
