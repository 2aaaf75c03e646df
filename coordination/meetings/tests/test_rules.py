"""Who may read meetings, convene them, settle an item; and what the refused are told."""

import pytest

from coordination.core.errors import NotAllowed
from coordination.core.permissions import On, allowed, require
from coordination.meetings.tests.factories import ActionItemFactory
from coordination.tests.cast import TODAY

pytestmark = pytest.mark.django_db


def test_people_in_office_and_administrators_read(focal_point, principals_office, chair, administrator, former_focal_point, stranger):
    readers = [focal_point, principals_office, chair, administrator, former_focal_point, stranger]

    assert [allowed(person, "meetings.read", On(TODAY)) for person in readers] == [True, True, True, True, False, False]
    with pytest.raises(NotAllowed, match="Meetings are for people in office for an agency of the group."):
        require(stranger, "meetings.read", On(TODAY))


def test_the_chairs_team_convenes(focal_point, chair, chair_colleague, incoming_chair, administrator):
    people = [focal_point, chair, chair_colleague, incoming_chair, administrator]

    assert [allowed(person, "meetings.convene", On(TODAY)) for person in people] == [False, True, True, False, False]


def test_the_items_focal_points_and_the_chair_settle_it(focal_point, colleague, principals_office, other_agency, chair, unfpa):
    item = ActionItemFactory(agency=unfpa)
    people = [focal_point, colleague, principals_office, other_agency, chair]

    assert [allowed(person, "meetings.update_action_item", On(TODAY, item)) for person in people] == [True, True, False, False, True]
    with pytest.raises(NotAllowed, match="Only the focal points of UNFPA and the chair’s team"):
        require(other_agency, "meetings.update_action_item", On(TODAY, item))
