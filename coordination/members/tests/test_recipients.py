"""Who can be written to."""

from datetime import timedelta

import pytest

from coordination.members.enums import Role
from coordination.members.models import Person
from coordination.members.queries import recipients
from coordination.members.tests.factories import AppointmentFactory, PersonFactory
from coordination.tests.cast import TODAY

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("fields", "is_reachable"),
    [({}, True), ({"is_active": False}, False), ({"email": None}, False), ({"email": ""}, False)],
)
def test_a_person_is_reached_by_an_open_account_with_an_address(fields, is_reachable):
    person = PersonFactory(**fields)

    assert recipients.can_be_reached(person) == is_reachable
    assert Person.objects.filter(recipients.reachable()).exists() == is_reachable
    assert list(recipients.reachable_people([person.pk])) == ([person.pk] if is_reachable else [])


def test_recipients_are_in_office_in_a_role_and_reachable(unfpa, ohchr):
    focal_point = AppointmentFactory(agency=unfpa)
    principal = AppointmentFactory(agency=unfpa, role=Role.PRINCIPAL)
    AppointmentFactory(agency=unfpa, last_day=TODAY - DAY)
    AppointmentFactory(agency=unfpa, person__is_active=False)
    AppointmentFactory(agency=unfpa, person__email=None)
    AppointmentFactory(agency=ohchr)

    def found(*roles):
        return recipients.appointments_by_agency([unfpa], TODAY, *roles)

    assert found(Role.FOCAL_POINT) == {unfpa.pk: [focal_point]}
    assert found(Role.FOCAL_POINT, Role.PRINCIPAL) == {unfpa.pk: [focal_point, principal]}
    assert found() == {}


def test_each_person_is_written_to_once(unfpa, ohchr):
    first = AppointmentFactory(agency=unfpa)
    second = AppointmentFactory(agency=ohchr, person=first.person)
    other = AppointmentFactory(agency=ohchr)

    assert recipients.once_per_person([first, second, other]) == [first, other]
