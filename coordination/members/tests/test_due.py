"""What is owed to whom, derived from data and a moment."""

from datetime import UTC, date, datetime, timedelta

import pytest

from coordination.core.due import sources
from coordination.members import due
from coordination.members.actions import invitations
from coordination.members.enums import Role
from coordination.members.models import Appointment
from coordination.members.queries import shortages
from coordination.members.queries.invitations import invitation_of
from coordination.members.tests.factories import (
    AppointmentFactory,
    InvitationFactory,
    PersonFactory,
)

DAY, AT = date(2026, 11, 23), datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def test_kinds_are_known_to_the_planner():
    kinds = {
        source.kind: source.can_be_off for source in sources() if source.kind.startswith("members.")
    }

    assert kinds == {
        "members.invitation": False,
        "members.focal_points_short": True,
        "members.roster_check": False,
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
    [later] = due.shortages(datetime(2024, 1, 30, 9, 0, tzinfo=UTC))
    assert later.key == owed.key


@pytest.mark.parametrize(
    ("day", "stage", "at"),
    [
        ((2024, 1, 31), "2024-01-01 after 30", datetime(2024, 1, 30, 23, 0, tzinfo=UTC)),
        ((2024, 3, 30), "2024-01-01 after 30", datetime(2024, 1, 30, 23, 0, tzinfo=UTC)),
        ((2024, 3, 31), "2024-01-01 after 90", datetime(2024, 3, 30, 23, 0, tzinfo=UTC)),
        ((2024, 9, 26), "2024-01-01 after 90", datetime(2024, 3, 30, 23, 0, tzinfo=UTC)),
        ((2024, 9, 27), "2024-01-01 after 270", datetime(2024, 9, 26, 22, 0, tzinfo=UTC)),
        ((2026, 11, 23), "2024-01-01 after 990", datetime(2026, 9, 16, 22, 0, tzinfo=UTC)),
    ],
)
def test_a_shortage_that_lasts_is_told_again(focal_point, day, stage, at):
    """The agency that is short since 2024 is told of it, though it is no news."""
    [owed] = due.shortages(datetime(*day, 9, 0, tzinfo=UTC))

    assert (owed.stage, owed.at) == (stage, at)


def test_an_agency_without_focal_points_is_told_by_its_office(principals_office, unfpa):
    [owed] = due.shortages(AT)

    assert (owed.person_id, owed.stage) == (principals_office.pk, "2006-01-01 after 7470")
    assert owed.context["headline"] == "none, two to four expected"


def test_when_the_last_one_has_left_the_shortage_keeps_its_day(former_focal_point, unfpa, group):
    """Nobody ever was enough, and nobody is left: the day must not move, or each day would tell."""
    stages = {
        wrong.flag.since
        for days in (0, 1)
        for wrong in shortages.wrong_numbers(DAY + timedelta(days=days), group)
    }

    assert stages == {date(2024, 1, 1)}


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


def test_enough_focal_points_owe_nothing(focal_point, colleague, unfpa):
    assert list(due.shortages(AT)) == []


def test_too_many_focal_points_are_told_since_the_day_on_which_they_were(
    focal_point, colleague, unfpa
):
    for first in (date(2025, 1, 1), date(2026, 11, 1), date(2026, 11, 20)):
        AppointmentFactory(agency=unfpa, person=PersonFactory(), first_day=first)

    found = list(due.shortages(AT))

    assert [owed.stage for owed in found] == ["2026-11-20"] * 5
    assert found[0].context["headline"] == "five, two to four expected"


def test_an_agency_that_is_no_member_owes_nothing(group):
    AppointmentFactory(agency__acronym="GONE")

    assert list(due.shortages(AT)) == []
