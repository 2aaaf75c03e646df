"""Two people who fill in the attendance of one meeting at the same moment, on real connections."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import connection

from coordination.meetings.actions.attendance import AttendanceEntry, record_attendance
from coordination.meetings.errors import AttendanceChanged
from coordination.meetings.models import Attendance
from coordination.meetings.queries import AttendanceValues
from coordination.meetings.tests.factories import MeetingFactory

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("terms"),
]


@pytest.fixture
def meeting():
    return MeetingFactory(
        kind="principals", state="held", starts_at=datetime(2026, 11, 3, 14, 0, tzinfo=UTC)
    )


def at_once(meeting, *entries_of_people):
    def save(person_and_entries):
        person, entries = person_and_entries
        try:
            return record_attendance(meeting, entries, by=person)
        except AttendanceChanged as refused:
            return type(refused).__name__
        finally:
            connection.close()

    with ThreadPoolExecutor(len(entries_of_people)) as pool:
        return sorted(pool.map(save, entries_of_people), key=str)


def entry(agency, level, name=""):
    return AttendanceEntry(agency.pk, level, name, AttendanceValues("", ""))


def test_two_who_fill_in_different_agencies_are_both_saved(
    meeting, administrator, chair, unfpa, who
):
    saved = at_once(
        meeting,
        (administrator, [entry(unfpa, "deputy", "Jo Ba")]),
        (chair, [entry(who, "absent")]),
    )

    assert saved == [1, 1]
    assert set(Attendance.objects.values_list("agency__acronym", "level")) == {
        ("UNFPA", "deputy"),
        ("WHO", "absent"),
    }


def test_of_two_who_fill_in_one_agency_the_second_is_told(meeting, administrator, chair, unfpa):
    saved = at_once(
        meeting,
        (administrator, [entry(unfpa, "deputy", "Jo Ba")]),
        (chair, [entry(unfpa, "delegate", "Al Bo")]),
    )

    assert saved == [1, "AttendanceChanged"]
    [record] = Attendance.objects.all()
    assert (record.level, record.name_on_day) in {("deputy", "Jo Ba"), ("delegate", "Al Bo")}
    assert record.history.count() == 1
