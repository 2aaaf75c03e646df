"""Who may, by name, for each of the cast."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser

from coordination.core import permissions
from coordination.core.errors import NotAllowed
from coordination.core.permissions import On
from coordination.members.enums import MembershipStatus
from coordination.members.tests.factories import (
    AgencyFactory,
    AppointmentFactory,
    MembershipFactory,
)

DAY = date(2026, 11, 23)
CAST = [
    "focal_point",
    "colleague",
    "other_agency",
    "chair",
    "incoming_chair",
    "principals_office",
    "former_focal_point",
    "administrator",
    "stranger",
]
MAY = {
    "members.read": {
        "focal_point",
        "colleague",
        "other_agency",
        "chair",
        "incoming_chair",
        "principals_office",
        "administrator",
    },
    "members.edit_roster": {"focal_point", "colleague", "administrator"},
    "members.invite": {"focal_point", "colleague", "administrator"},
    "members.edit_membership": {"administrator"},
    "members.act_for": {"focal_point", "colleague", "principals_office"},
}


@pytest.mark.parametrize("role", CAST)
@pytest.mark.parametrize("name", MAY)
def test_permissions_of_the_cast_about_unfpa(request, unfpa, name, role):
    person = request.getfixturevalue(role)

    assert permissions.allowed(person, name, On(DAY, unfpa)) is (role in MAY[name])


@pytest.mark.parametrize("name", MAY)
def test_nobody_signed_in_may_nothing(unfpa, name):
    assert permissions.allowed(AnonymousUser(), name, On(DAY, unfpa)) is False


@pytest.mark.parametrize("name", MAY)
def test_a_closed_account_may_nothing(unfpa, focal_point, name):
    focal_point.is_active = False
    focal_point.is_staff = True

    assert permissions.allowed(focal_point, name, On(DAY, unfpa)) is False


def test_a_superuser_acts_for_no_agency(administrator, unfpa):
    assert administrator.is_superuser
    assert permissions.allowed(administrator, "members.act_for", On(DAY, unfpa)) is False


def test_powers_begin_on_the_first_day_and_end_after_the_last(stranger, unfpa):
    AppointmentFactory(
        person=stranger, agency=unfpa, first_day=date(2026, 12, 1), last_day=date(2026, 12, 31)
    )
    days = [date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 31), date(2027, 1, 1)]

    assert [permissions.allowed(stranger, "members.act_for", On(day, unfpa)) for day in days] == [
        False,
        True,
        True,
        False,
    ]


def test_an_observer_reads_and_does_not_act(stranger, group):
    body = AgencyFactory(acronym="OBS")
    MembershipFactory(agency=body, standing=MembershipStatus.OBSERVER)
    AppointmentFactory(person=stranger, agency=body)

    assert permissions.allowed(stranger, "members.read", On(DAY)) is True
    assert permissions.allowed(stranger, "members.act_for", On(DAY, body)) is False


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        (
            "members.read",
            "These pages are for people who are in office today for an agency of the group.",
        ),
        (
            "members.edit_roster",
            "Only the focal points of UNFPA (Nadia Ferreira) or an administrator may change its people.",
        ),
        (
            "members.invite",
            "Only the focal points of UNFPA (Nadia Ferreira) or an administrator may change its people.",
        ),
        (
            "members.edit_membership",
            "Only an administrator may change when agencies belong to the group.",
        ),
        (
            "members.act_for",
            "Only people who are in office for UNFPA on 2026-11-23 may act for it, while it is a member.",
        ),
    ],
)
def test_a_refusal_says_who_may(stranger, focal_point, unfpa, name, sentence):
    with pytest.raises(NotAllowed) as refused:
        permissions.require(stranger, name, On(DAY, unfpa))

    assert str(refused.value).startswith(sentence)


def test_a_refusal_where_nobody_is_in_office_names_the_administrator(stranger, unfpa):
    with pytest.raises(
        NotAllowed,
        match=r"^UNFPA has no focal point now; an administrator may change its people\.$",
    ):
        permissions.require(stranger, "members.edit_roster", On(DAY, unfpa))
