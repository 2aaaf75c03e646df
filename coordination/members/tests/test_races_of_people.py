"""One person in two windows at the same moment, on two real connections."""

from datetime import date

import pytest

from coordination.members.actions import absences, confirmations, feeds
from coordination.members.actions.absences import DaysAway
from coordination.members.models import Absence, FeedToken, RosterConfirmation
from coordination.members.tests.test_races import AT, at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_two_new_secrets_at_once_leave_one(focal_point):
    def renew():
        feeds.make_token(focal_point, by=focal_point, at=AT)

    assert at_once(renew, renew) == ["done", "done"]
    assert FeedToken.objects.filter(revoked_at=None).count() == 1
    assert FeedToken.objects.count() == 2


def test_the_same_days_away_are_noted_once(focal_point):
    def note():
        days = DaysAway(date(2026, 12, 1), date(2026, 12, 4))
        absences.note_absence(focal_point, days, by=focal_point, at=AT)

    assert at_once(note, note) == ["AlreadyAway", "done"]
    assert Absence.objects.count() == 1


def test_a_button_pressed_twice_at_once_confirms_once(focal_point, unfpa):
    def confirm():
        confirmations.confirm_roster(unfpa, by=focal_point, at=AT)

    assert at_once(confirm, confirm) == ["done", "done"]
    assert RosterConfirmation.objects.count() == 1
