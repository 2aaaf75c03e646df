"""What a leaver leaves is told before: too few people, days on which they stand in for others."""

import pytest

from coordination.core.models import Group
from coordination.members.enums import Role
from coordination.members.queries import leavers
from coordination.tests.cast import TODAY

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("least", "sentences"),
    [(1, []), (2, ["One focal point of UNFPA stays. 2 to 4 are expected."])],
)
def test_it_is_told_where_too_few_would_stay(focal_point, colleague, unfpa, least, sentences):
    Group.objects.update(focal_points_min=least)

    told = leavers.left_matters(focal_point.appointments.get(), TODAY, Group.objects.get())

    assert [matter.sentence for matter in told] == sentences


def test_an_office_leaves_no_seat_empty(principals_office, unfpa):
    appointment = principals_office.appointments.get(role=Role.OFFICE)

    assert leavers.left_matters(appointment, TODAY, Group.objects.get()) == []
