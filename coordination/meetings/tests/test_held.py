"""When a meeting counts as held, and when it is over."""

from datetime import timedelta

import pytest

from coordination.meetings import queries
from coordination.meetings.actions import meetings
from coordination.meetings.models import Meeting
from coordination.meetings.tests.factories import MeetingFactory
from coordination.tests.cast import NOW

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("state", "hours", "has_new_outcome", "is_new", "after"),
    [
        ("convened", -1, True, False, "held"),
        ("convened", -1, False, True, "held"),
        ("convened", -1, False, False, "convened"),
        ("convened", 1, False, True, "convened"),
        ("held", -1, False, False, "held"),
        ("held", 1, False, False, "convened"),
        ("cancelled", -1, False, False, "cancelled"),
        ("cancelled", 1, False, False, "cancelled"),
    ],
)
def test_when_a_meeting_counts_as_held(state, hours, has_new_outcome, is_new, after):
    meeting = MeetingFactory.build(state=state, starts_at=NOW + timedelta(hours=hours))

    assert (
        meetings.state_on_record(meeting, NOW, has_new_outcome=has_new_outcome, is_new=is_new)
        == after
    )


@pytest.mark.parametrize("hours", [-2, -1, 0, 1])
@pytest.mark.parametrize("lasts", [None, 1])
def test_a_meeting_is_over_when_it_is_not_to_come(hours, lasts):
    starts_at = NOW + timedelta(hours=hours)
    meeting = MeetingFactory(
        starts_at=starts_at, ends_at=lasts and starts_at + timedelta(hours=lasts)
    )

    is_to_come = Meeting.objects.filter(queries.to_come(NOW)).exists()
    assert meeting.ended(NOW) == (not is_to_come)
