"""What people want by mail."""

import pytest

from coordination.members.tests.factories import PersonFactory
from coordination.reminders.actions import preferences
from coordination.reminders.enums import Frequency
from coordination.reminders.errors import MustArrive
from coordination.reminders.models import MailPreference

pytestmark = pytest.mark.django_db


def test_preferences_are_kept_once_and_in_history(group):
    person = PersonFactory()

    preferences.set_preference(person, "rotation.vacancy", Frequency.DIGEST, by=person)
    preferences.set_preference(person, "rotation.vacancy", Frequency.DIGEST, by=person)
    preferences.switch_off(person, "rotation.vacancy")

    preference = MailPreference.objects.get()
    assert (preference.frequency, preference.history.count()) == (Frequency.OFF, 2)


@pytest.mark.parametrize("kind", ["rotation.handover", "no.such"])
def test_what_needs_a_decision_cannot_be_off(group, kind):
    with pytest.raises(MustArrive):
        preferences.set_preference(PersonFactory(), kind, Frequency.OFF, by=PersonFactory())
