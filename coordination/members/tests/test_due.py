"""What is owed to whom, derived from data and a moment."""

from datetime import UTC, date, datetime, timedelta

import pytest

from coordination.core.due import sources
from coordination.members import due
from coordination.members.actions import invitations
from coordination.members.enums import Role
from coordination.members.models import Appointment
from coordination.members.queries.invitations import invitation_of
from coordination.members.tests.factories import (
    AppointmentFactory,
    InvitationFactory,
    PersonFactory,
)

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def test_kinds_are_known_to_the_planner():
    kinds = {
        source.kind: source.can_be_off for source in sources() if source.kind.startswith("members.")
    }

    assert kinds == {
        "members.invitation": False,
        "members.focal_points_short": True,
        "members.address_changed": False,
        "members.factor_reset": False,
    }


def test_an_open_invitation_is_owed_with_the_link_that_opens_it(focal_point, unfpa):
    invitation, token = invitations.invite(
        unfpa, email="new@example.org", name="New", role=Role.FOCAL_POINT, by=focal_point, at=AT
    )

    [owed] = due.invitations(AT)

    assert (
        owed.key == f"members.invitation:invitation:{invitation.pk}:{invitation.person_id}:invited"
    )
    assert (owed.at, owed.url) == (AT, f"/invitations/{token}/")
    assert invitation_of(owed.url.split("/")[2]) == invitation


@pytest.mark.parametrize(
    "change",
    [
        {"accepted_at": AT},
        {"withdrawn_at": AT},
        {"expires_at": AT},
        {"invited_at": AT + timedelta(seconds=1)},
        {"person": None},
    ],
)
def test_an_invitation_that_is_not_open_is_not_owed(db, change):
    InvitationFactory(**change)

    assert list(due.invitations(AT)) == []


def test_a_shortage_is_told_to_each_focal_point_once(focal_point, unfpa):
    [owed] = due.shortages(datetime(2024, 1, 1, 9, 0, tzinfo=UTC))

    assert (owed.person_id, owed.stage, owed.subject) == (
        focal_point.pk,
        "2024-01-01",
        f"agency:{unfpa.pk}",
    )
    assert owed.at == datetime(2023, 12, 31, 23, 0, tzinfo=UTC)
    assert owed.url == "/members/unfpa/#focal-points"
    [later] = due.shortages(datetime(2024, 1, 31, 9, 0, tzinfo=UTC))
    assert later.key == owed.key


def test_a_shortage_of_long_ago_is_no_news(focal_point):
    assert list(due.shortages(datetime(2024, 2, 1, 9, 0, tzinfo=UTC))) == []


def test_a_shortage_ahead_is_told_thirty_days_before(focal_point, colleague, unfpa):
    Appointment.objects.filter(person=colleague).update(last_day=date(2026, 12, 31))

    assert list(due.shortages(datetime(2026, 12, 1, 22, 59, tzinfo=UTC))) == []
    found = list(due.shortages(datetime(2026, 12, 1, 23, 0, tzinfo=UTC)))
    assert [(owed.person_id, owed.stage) for owed in found] == [
        (focal_point.pk, "before 2027-01-01"),
        (colleague.pk, "before 2027-01-01"),
    ]
    assert {owed.at for owed in found} == {datetime(2026, 12, 1, 23, 0, tzinfo=UTC)}
    [after] = due.shortages(datetime(2027, 1, 1, 9, 0, tzinfo=UTC))
    assert (after.person_id, after.stage) == (focal_point.pk, "2027-01-01")


def test_enough_or_too_many_focal_points_owe_nothing(focal_point, colleague, unfpa):
    assert list(due.shortages(AT)) == []
    for _ in range(3):
        AppointmentFactory(agency=unfpa, person=PersonFactory())
    assert list(due.shortages(AT)) == []


def test_an_agency_that_is_no_member_owes_nothing(group):
    AppointmentFactory(agency__acronym="GONE")

    assert list(due.shortages(AT)) == []
