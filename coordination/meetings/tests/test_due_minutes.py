"""Mails about minutes, corrections and action items: to whom, when, and only while they are true."""

from datetime import UTC, date, datetime, timedelta

import pytest

from coordination.meetings.actions import corrections as acts
from coordination.meetings.actions import items
from coordination.meetings.actions.corrections import ProposedCorrection
from coordination.meetings.due import minutes as due
from coordination.meetings.enums import CorrectionKind
from coordination.meetings.models import ActionItem
from coordination.meetings.tests.factories import ActionItemFactory, MeetingFactory
from coordination.meetings.tests.writing import UNTIL, circulated_minutes
from coordination.members.models import Appointment
from coordination.tests.cast import NOW, TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PAGE = "/meetings/held/minutes/"


def told(source, at):
    """Return (person, stage) of each mail."""
    return sorted((item.person_id, item.stage) for item in source(at))


def to(stage, *people):
    return sorted((person.pk, stage) for person in people)


@pytest.fixture
def correction(chair, focal_point, unfpa):
    minutes = circulated_minutes(chair)
    proposed = ProposedCorrection(CorrectionKind.CHANGE, "The chair spoke.")
    return acts.propose_correction(
        minutes.paragraphs.get(), unfpa, proposed, by=focal_point, at=NOW
    )


def test_all_focal_points_are_told_of_circulated_minutes(chair, focal_point, other_agency):
    circulated_minutes(chair)

    mails = list(due.circulated_minutes(NOW))

    assert told(due.circulated_minutes, NOW) == to("circulated", chair, focal_point, other_agency)
    assert {(mail.at, mail.until, mail.url) for mail in mails} == {(NOW, UNTIL, PAGE)}


def test_a_reminder_goes_a_day_before_to_those_who_have_corrected_nothing(
    correction, chair, focal_point, colleague, other_agency
):
    assert told(due.circulated_minutes, UNTIL - DAY) == to("1d", chair, other_agency)
    assert told(due.circulated_minutes, UNTIL) == []


def test_minutes_with_less_than_a_day_have_no_reminder(chair, focal_point):
    circulated_minutes(chair, until=NOW + 20 * HOUR)

    assert told(due.circulated_minutes, NOW + HOUR) == to("circulated", chair, focal_point)


def test_the_author_hears_what_became_of_a_correction(correction, chair, focal_point, colleague):
    assert told(due.decided_corrections, NOW) == []
    acts.decline_correction(correction, "No.", by=chair, at=NOW)

    [mail] = due.decided_corrections(NOW)

    assert (mail.person_id, mail.url) == (focal_point.pk, f"{PAGE}#correction-{correction.pk}")
    assert told(due.decided_corrections, NOW + 15 * DAY) == []
    assert list(due.decided_corrections(NOW + 15 * DAY, NOW)) == [mail]


def test_the_agency_hears_it_once_the_author_has_left(correction, chair, focal_point, colleague):
    acts.take_correction(correction, correction.text, version=1, by=chair, at=NOW)
    Appointment.objects.filter(person=focal_point).update(last_day=TODAY - DAY)

    assert told(due.decided_corrections, NOW) == to("decided", colleague)


def test_a_withdrawn_correction_is_no_news(correction, focal_point):
    acts.withdraw_correction(correction, by=focal_point, at=NOW)

    assert told(due.decided_corrections, NOW) == []


@pytest.mark.parametrize(
    ("moment", "stages"),
    [
        (datetime(2026, 11, 24, 12, 59, tzinfo=UTC), []),
        (datetime(2026, 11, 24, 13, 0, tzinfo=UTC), ["7d"]),  # 08:00 in New York
        (datetime(2026, 11, 30, 13, 0, tzinfo=UTC), ["7d"]),
        (datetime(2026, 12, 1, 12, 59, tzinfo=UTC), []),
        (datetime(2026, 12, 1, 13, 0, tzinfo=UTC), ["0d"]),
        (datetime(2026, 12, 2, 13, 0, tzinfo=UTC), []),
    ],
)
def test_an_action_item_is_recalled_seven_days_before_and_on_its_morning(
    unfpa, focal_point, moment, stages
):
    ActionItemFactory(agency=unfpa, due_day=date(2026, 12, 1))

    assert [stage for _person, stage in told(due.due_items, moment)] == stages


def test_it_goes_to_its_person_and_to_the_agency_once_they_left(unfpa, focal_point, colleague):
    ActionItemFactory(agency=unfpa, person=focal_point, due_day=TODAY + DAY)
    assert told(due.due_items, NOW) == to("7d", focal_point)

    Appointment.objects.filter(person=focal_point).update(last_day=TODAY - DAY)

    assert told(due.due_items, NOW) == to("7d", colleague)


def test_a_settled_item_is_not_recalled(chair, unfpa, focal_point):
    item = ActionItemFactory(
        meeting=MeetingFactory(starts_at=NOW - DAY), agency=unfpa, due_day=TODAY + DAY
    )
    items.update_action_item(item, "done", note="", version=1, by=chair, at=NOW)

    assert ActionItem.objects.get().state == "done"
    assert told(due.due_items, NOW) == []
