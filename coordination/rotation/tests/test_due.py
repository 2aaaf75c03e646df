"""What the rotation wants reminded, as pure functions of data and a moment."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from coordination.members.enums import Role
from coordination.rotation.due.handovers import handover_reminders, overdue_items
from coordination.rotation.due.stages import newest_stage
from coordination.rotation.due.vacancies import vacancy_warnings
from coordination.rotation.enums import HandoverSide, ItemState
from coordination.rotation.tests.factories import (
    ChairTermFactory,
    HandoverFactory,
    HandoverItemFactory,
    TermAgencyFactory,
)
from coordination.tests.cast import NOW, appointed

pytestmark = pytest.mark.django_db
DAYS = (90, 60, 30, 14, 7, 1, 0)
FIRST = date(2027, 1, 1)
PARIS, NEW_YORK = ZoneInfo("Europe/Paris"), ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("at", "stage"),
    [
        (datetime(2026, 10, 3, 5, 59, tzinfo=UTC), None),  # 07:59 in Paris, 90 days before
        (datetime(2026, 10, 3, 6, 0, tzinfo=UTC), 90),  # summer time
        (datetime(2026, 11, 2, 7, 0, tzinfo=UTC), 60),  # winter time: 08:00 is an hour later in UTC
        (datetime(2026, 11, 2, 6, 59, tzinfo=UTC), 90),
        (datetime(2026, 12, 25, 7, 0, tzinfo=UTC), 7),
        (datetime(2026, 12, 31, 6, 59, tzinfo=UTC), 7),
        (datetime(2026, 12, 31, 7, 0, tzinfo=UTC), 1),
        (datetime(2027, 1, 1, 7, 0, tzinfo=UTC), 0),
        (datetime(2027, 1, 8, 7, 0, tzinfo=UTC), None),  # a week past: let go
    ],
)
def test_reached_is_the_newest_stage_whose_morning_has_come(at, stage):
    found = newest_stage(DAYS, FIRST, PARIS, at)

    assert (found[0] if found else None) == stage


def test_morning_is_the_readers_own():
    at = datetime(2026, 12, 31, 12, 0, tzinfo=UTC)  # 07:00 in New York, 13:00 in Paris

    assert (
        newest_stage(DAYS, FIRST, PARIS, at)[0],
        newest_stage(DAYS, FIRST, NEW_YORK, at)[0],
    ) == (1, 7)


@pytest.fixture
def handover(terms):
    return HandoverFactory(incoming_term=terms[1])


def test_handover_reminds_both_sides_with_the_days_really_left(
    handover, chair, chair_colleague, incoming_chair, focal_point
):
    HandoverItemFactory(handover=handover)

    dues = list(handover_reminders(NOW))

    assert {(due.person_id, due.stage, due.subject) for due in dues} == {
        (chair.pk, "60d", f"{handover.pk}:outgoing"),
        (chair_colleague.pk, "60d", f"{handover.pk}:outgoing"),
        (incoming_chair.pk, "60d", f"{handover.pk}:incoming"),
    }
    assert {due.context["days_left"] for due in dues} == {39}
    assert dues[0].url == "/rotation/2027-H1/handover/"


def test_the_next_handover_is_reminded_of_while_the_last_is_in_its_days_of_grace(
    terms, handover, unfpa, incoming_chair, focal_point
):
    """A term of 90 days: the first reminder of the handover to the next one falls on its own second day."""
    terms[1].last_day = date(2027, 3, 31)
    terms[1].save()
    following = ChairTermFactory(first_day=date(2027, 4, 1), last_day=date(2027, 9, 30))
    TermAgencyFactory(term=following, agency=unfpa)
    after = HandoverFactory(incoming_term=following)

    dues = list(handover_reminders(datetime(2027, 1, 2, 12, 0, tzinfo=UTC)))

    assert {(due.person_id, due.stage, due.subject) for due in dues} == {
        (incoming_chair.pk, "0d", f"{handover.pk}:incoming"),
        (incoming_chair.pk, "90d", f"{after.pk}:outgoing"),
    } | {(focal_point.pk, "90d", f"{after.pk}:incoming")}


def test_late_items_of_two_handovers_are_both_reminded_of(
    terms, handover, unfpa, chair, incoming_chair
):
    following = ChairTermFactory(first_day=date(2027, 7, 1), last_day=date(2027, 12, 31))
    TermAgencyFactory(term=following, agency=unfpa)
    now, then = (
        HandoverItemFactory(handover=handover, due_day=date(2027, 1, 10)),
        HandoverItemFactory(
            handover=HandoverFactory(incoming_term=following), due_day=date(2027, 1, 11)
        ),
    )

    dues = list(overdue_items(datetime(2027, 1, 20, 12, 0, tzinfo=UTC)))

    assert {(due.person_id, due.subject) for due in dues} == {
        (chair.pk, str(now.pk)),
        (incoming_chair.pk, str(then.pk)),
    }


def test_nothing_is_due_without_a_handover(terms, chair):
    assert list(handover_reminders(NOW)) == []
    assert list(overdue_items(NOW)) == []


def test_overdue_items_remind_their_side_after_1_7_and_14_days(handover, chair, incoming_chair):
    late = HandoverItemFactory(handover=handover, due_day=date(2026, 11, 15))
    HandoverItemFactory(
        handover=handover, due_day=date(2026, 11, 15), state=ItemState.DONE, settled_at=NOW
    )
    HandoverItemFactory(handover=handover, due_day=date(2026, 11, 23))

    def stages(at):
        return [(due.person_id, due.subject, due.stage) for due in overdue_items(at)]

    assert stages(datetime(2026, 11, 16, 6, 59, tzinfo=UTC)) == []
    assert stages(datetime(2026, 11, 16, 7, 0, tzinfo=UTC)) == [(chair.pk, str(late.pk), "day 1")]
    assert stages(datetime(2026, 11, 22, 9, 0, tzinfo=UTC)) == [(chair.pk, str(late.pk), "day 7")]


def test_an_item_that_is_long_overdue_goes_monthly_to_the_office_and_the_chair_alone(
    handover, who, chair, chair_colleague, incoming_chair
):
    office = appointed("Office of WHO", "office@who.example.org", who, role=Role.OFFICE)
    HandoverItemFactory(handover=handover, side=HandoverSide.INCOMING, due_day=date(2026, 9, 1))

    def told(at):
        return {(due.person_id, due.stage, due.context["owner"]) for due in overdue_items(at)}

    assert told(datetime(2026, 10, 30, 12, 0, tzinfo=UTC)) == {(incoming_chair.pk, "day 30", "WHO")}
    assert told(datetime(2026, 10, 31, 12, 0, tzinfo=UTC)) == {
        (person.pk, "day 60", "WHO") for person in (office, chair, chair_colleague)
    }


def test_an_item_of_an_agency_that_left_goes_to_the_chair(
    handover, who, chair, chair_colleague, incoming_chair
):
    HandoverItemFactory(handover=handover, side=HandoverSide.INCOMING, due_day=date(2026, 11, 15))
    who.memberships.update(last_day=date(2026, 11, 14))

    dues = list(overdue_items(datetime(2026, 11, 16, 12, 0, tzinfo=UTC)))

    assert {(due.person_id, due.context["left"]) for due in dues} == {
        (chair.pk, True),
        (chair_colleague.pk, True),
    }


def test_a_vacancy_ahead_warns_every_agency(terms, chair, focal_point, incoming_chair):
    at = datetime(2027, 6, 20, 12, 0, tzinfo=UTC)

    dues = list(vacancy_warnings(at))

    assert {due.person_id for due in dues} == {chair.pk, focal_point.pk, incoming_chair.pk}
    assert {(due.stage, due.subject, due.context["begins"]) for due in dues} == {
        ("14d", "2027-07-01", date(2027, 7, 1))
    }


@pytest.mark.parametrize(
    ("at", "count"),
    [
        (NOW, 0),
        (datetime(2027, 6, 1, 3, 0, tzinfo=UTC), 0),
        (datetime(2027, 7, 1, 12, 0, tzinfo=UTC), 1),
    ],
)
def test_a_vacancy_warns_from_thirty_days_before_to_its_first_day(terms, chair, at, count):
    assert len(list(vacancy_warnings(at))) == count


def test_without_any_term_nobody_is_warned(group, focal_point):
    assert list(vacancy_warnings(NOW)) == []
