"""Two people who act on one claim, or on one roll, at the same moment, on real connections."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import connection

from coordination.core.errors import RuleBroken
from coordination.meetings.actions import claims
from coordination.meetings.actions.roll import RollInput, VisitorEntry, VisitorValues, save_roll
from coordination.meetings.models import AttendanceClaim
from coordination.meetings.tests.factories import MeetingFactory
from coordination.tests.cast import NOW

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("now", "terms"),
]


@pytest.fixture
def meeting(unfpa):
    return MeetingFactory(starts_at=datetime(2026, 11, 20, 14, 0, tzinfo=UTC))


def at_once(*acts):
    def run(act):
        try:
            act()
        except RuleBroken as refused:
            return type(refused).__name__
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


def test_a_claim_that_is_sent_twice_is_one(meeting, focal_point):
    def claim():
        claims.claim_presence(meeting, "room", by=focal_point, at=NOW)

    assert at_once(claim, claim) == ["ClaimRefused", "done"]
    assert AttendanceClaim.objects.count() == 1


def test_of_two_who_settle_a_claim_the_second_is_told(meeting, focal_point, chair, chair_colleague):
    claim = claims.claim_presence(meeting, "room", by=focal_point, at=NOW)

    answers = at_once(
        lambda: claims.confirm_claim(claim, by=chair, at=NOW),
        lambda: claims.decline_claim(claim, "No.", by=chair_colleague, at=NOW),
    )

    assert answers == ["ClaimSettled", "done"]
    claim.refresh_from_db()
    assert meeting.attendances.count() == (claim.state == "confirmed")


def test_a_visitor_that_two_people_add_is_one(meeting, chair, chair_colleague):
    entry = VisitorEntry(None, VisitorValues("Ana Sol", "ICRC"), VisitorValues(""))

    answers = at_once(
        lambda: save_roll(meeting, RollInput([], [entry]), by=chair, at=NOW),
        lambda: save_roll(meeting, RollInput([], [entry]), by=chair_colleague, at=NOW),
    )

    assert (answers, meeting.visitors.count()) == (["done", "done"], 1)
