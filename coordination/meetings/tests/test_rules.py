"""Who may read meetings, convene them, settle an item; and what the refused are told."""

from datetime import UTC, date, datetime

import pytest

from coordination.core.errors import NotAllowed
from coordination.core.permissions import On, allowed, require
from coordination.meetings.tests.factories import ActionItemFactory, MeetingFactory
from coordination.members.tests.factories import AppointmentFactory
from coordination.tests.cast import TODAY

pytestmark = pytest.mark.django_db


def test_people_in_office_and_administrators_read(
    focal_point, principals_office, chair, administrator, former_focal_point, stranger
):
    readers = [focal_point, principals_office, chair, administrator, former_focal_point, stranger]

    assert [allowed(person, "meetings.read", On(TODAY)) for person in readers] == [
        True,
        True,
        True,
        True,
        False,
        False,
    ]
    with pytest.raises(
        NotAllowed, match="Meetings are for people in office for an agency of the group."
    ):
        require(stranger, "meetings.read", On(TODAY))


def test_the_chairs_team_convenes(
    focal_point, chair, chair_colleague, incoming_chair, administrator
):
    people = [focal_point, chair, chair_colleague, incoming_chair, administrator]

    assert [allowed(person, "meetings.convene", On(TODAY)) for person in people] == [
        False,
        True,
        True,
        False,
        False,
    ]


def test_the_items_focal_points_and_the_chair_settle_it(
    focal_point, colleague, principals_office, other_agency, chair, unfpa
):
    item = ActionItemFactory(agency=unfpa)
    people = [focal_point, colleague, principals_office, other_agency, chair]

    assert [
        allowed(person, "meetings.update_action_item", On(TODAY, item)) for person in people
    ] == [True, True, False, False, True]
    with pytest.raises(NotAllowed, match="Only the focal points of UNFPA and the chair’s team"):
        require(other_agency, "meetings.update_action_item", On(TODAY, item))


@pytest.mark.parametrize(
    ("starts_at", "day", "outgoing", "incoming"),
    [
        (datetime(2026, 12, 31, 22, 59, tzinfo=UTC), date(2026, 12, 31), True, False),
        (datetime(2026, 12, 31, 22, 59, tzinfo=UTC), date(2027, 1, 1), True, True),
        (datetime(2026, 12, 31, 22, 59, tzinfo=UTC), date(2027, 1, 30), True, True),
        (datetime(2026, 12, 31, 22, 59, tzinfo=UTC), date(2027, 1, 31), False, True),
        # of the new chair's first day, in Geneva
        (datetime(2026, 12, 31, 23, 0, tzinfo=UTC), date(2027, 1, 1), False, True),
        # before UNESCO's first day
        (datetime(2026, 6, 30, 12, 0, tzinfo=UTC), date(2027, 1, 1), False, True),
        # of a term that has not begun
        (datetime(2027, 3, 1, 12, 0, tzinfo=UTC), date(2026, 12, 31), True, False),
        (datetime(2027, 3, 1, 12, 0, tzinfo=UTC), date(2027, 7, 30), False, True),
        (datetime(2027, 3, 1, 12, 0, tzinfo=UTC), date(2027, 7, 31), False, False),
    ],
)
def test_minutes_are_kept_by_the_chair_and_by_the_team_of_that_day(
    chair, incoming_chair, starts_at, day, outgoing, incoming
):
    meeting = MeetingFactory(starts_at=starts_at)

    assert [
        allowed(person, "meetings.record_outcome", On(day, meeting))
        for person in (chair, incoming_chair)
    ] == [outgoing, incoming]


def test_minutes_are_kept_by_who_is_in_office_now_for_a_setting_of_days(
    chair, unesco, unfpa, focal_point, administrator, group
):
    meeting, day = (
        MeetingFactory(starts_at=datetime(2026, 12, 2, 14, 0, tzinfo=UTC)),
        date(2027, 1, 11),
    )
    newcomer = AppointmentFactory(agency=unesco, first_day=day).person
    left = AppointmentFactory(agency=unesco, last_day=date(2027, 1, 10)).person
    closed = AppointmentFactory(agency=unesco, person__is_active=False).person
    office = AppointmentFactory(agency=unesco, role="office").person
    people = (chair, newcomer, left, closed, office, focal_point, administrator)

    assert [allowed(person, "meetings.record_outcome", On(day, meeting)) for person in people] == [
        True,
        True,
        *[False] * 5,
    ]
    group.handover_grace_days = 10
    assert not allowed(chair, "meetings.record_outcome", On(day, meeting, group))
    assert allowed(chair, "meetings.record_outcome", On(date(2027, 1, 10), meeting, group))
    with pytest.raises(NotAllowed, match="until 10 days after its last day"):
        require(chair, "meetings.record_outcome", On(day, meeting, group))


def test_minutes_cost_one_query_where_the_group_is_at_hand(chair, group, django_assert_num_queries):
    meeting = MeetingFactory()

    with django_assert_num_queries(1):
        allowed(chair, "meetings.record_outcome", On(TODAY, meeting, group))
    with django_assert_num_queries(2):
        allowed(chair, "meetings.record_outcome", On(TODAY, meeting))
