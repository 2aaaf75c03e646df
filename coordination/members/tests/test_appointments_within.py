"""One principal a day, appointments within the membership, closed accounts count for nothing."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from coordination.core.history import recorded_reason
from coordination.core.permissions import On, allowed
from coordination.core.tests.pages import text_of
from coordination.members.actions import accounts, invitations
from coordination.members.actions.accounts import Powers
from coordination.members.actions.agencies import end_membership
from coordination.members.actions.appointments import Tenure, appoint, edit_appointment
from coordination.members.enums import Role
from coordination.members.errors import AlreadyHasPrincipal, OutsideMembership
from coordination.members.models import Appointment, Person
from coordination.members.queries import flags, people
from coordination.members.tests.factories import AppointmentFactory, PersonFactory
from coordination.tests.cast import NOW, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def head(unfpa):
    return AppointmentFactory(
        agency=unfpa,
        role=Role.PRINCIPAL,
        person=PersonFactory(name="First Head", email=None),
        first_day=date(2020, 1, 1),
    )


def test_an_agency_has_one_principal_on_a_day(administrator, unfpa, head):
    second = PersonFactory(name="Second Head")

    with pytest.raises(AlreadyHasPrincipal, match="First Head is the principal of UNFPA"):
        appoint(second, unfpa, Role.PRINCIPAL, Tenure(TODAY), by=administrator, at=NOW)
    edit_appointment(
        head, Tenure(head.first_day, date(2026, 11, 22)), version=1, by=administrator, at=NOW
    )

    assert appoint(second, unfpa, Role.PRINCIPAL, Tenure(TODAY), by=administrator, at=NOW).pk
    assert people.principal_on(unfpa, TODAY).person == second


def test_the_admin_says_so(sign_in, now, administrator, unfpa, head):
    sent = {
        "person": PersonFactory(name="Second Head").pk, "agency": unfpa.pk, "role": "principal",
        "first_day": "2026-11-23", "last_day": "", "first_precision": "day",
        "last_precision": "day", "sources": "[]", "note": "", "title": "",
    }  # fmt: skip

    page = text_of(sign_in(administrator).post(reverse("admin:members_appointment_add"), sent))

    assert "An agency has one on a day: end that appointment first." in page
    assert Appointment.objects.filter(role=Role.PRINCIPAL).count() == 1


@pytest.mark.postgres
def test_the_database_refuses_a_second_principal(unfpa, head):
    with pytest.raises(IntegrityError, match="members_appointment_one_principal"):
        AppointmentFactory(agency=unfpa, role=Role.PRINCIPAL, first_day=TODAY)


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (date(2005, 12, 31), None, "first_day"),
        (date(2006, 1, 1), date(2027, 1, 1), "last_day"),
        (date(2020, 1, 1), None, "last_day"),
    ],
)
def test_an_appointment_lies_within_the_membership(administrator, unfpa, first, last, field):
    unfpa.memberships.update(last_day=date(2026, 12, 31))

    with pytest.raises(OutsideMembership, match="Choose days within its membership") as refusal:
        appoint(
            PersonFactory(), unfpa, Role.FOCAL_POINT, Tenure(first, last), by=administrator, at=NOW
        )

    assert refusal.value.field == field


def test_appointments_end_with_the_membership(administrator, focal_point, unfpa, head):
    ended = AppointmentFactory(agency=unfpa, last_day=date(2021, 1, 1))

    end_membership(unfpa.memberships.get(), date(2026, 11, 22), version=1, by=administrator, at=NOW)

    own = focal_point.appointments.get()
    assert (own.last_day, own.version) == (date(2026, 11, 22), 2)
    assert recorded_reason(own.history.first()) == "Ended with the membership of UNFPA"
    assert Appointment.objects.get(pk=head.pk).last_day == date(2026, 11, 22)
    assert Appointment.objects.get(pk=ended.pk).last_day == date(2021, 1, 1)
    assert not allowed(focal_point, "members.sign_in", On(TODAY))


def test_a_closed_account_counts_for_nothing(group, focal_point, colleague, unfpa, sign_in, now):
    enough = flags.shortage_or_excess(unfpa, TODAY, group)

    Person.objects.filter(pk=colleague.pk).update(is_active=False)

    flag = flags.shortage_or_excess(unfpa, TODAY, group)
    assert (enough, flag.count) == (None, 1)
    assert [row.person for row in people.focal_points_of(unfpa, TODAY)] == [focal_point]
    client = sign_in(focal_point)
    for address in (reverse("members:directory"), reverse("desk:desk")):
        page = text_of(client.get(address))
        assert ("One focal point" in page, colleague.name in page) == (True, False), address


@pytest.mark.parametrize("stored", ["Sara.Lind@UNFPA.example.org", "sara.lind@unfpa.example.org"])
def test_an_address_is_once_whatever_its_case(focal_point, unfpa, stored):
    known = PersonFactory(name="Sara Lind", email=stored)

    with pytest.raises(IntegrityError), transaction.atomic():
        PersonFactory(email=stored.swapcase())
    invitation, _token = invitations.invite(
        unfpa,
        email="SARA.LIND@unfpa.example.org",
        name="Sara Lind",
        role=Role.OFFICE,
        by=focal_point,
        at=NOW,
    )

    assert invitation.person == known
    assert connection.vendor in {"sqlite", "postgresql"}


def made_administrator(by, name="Keeper"):
    """Return a person whom a superuser made an administrator, and no more."""
    person = PersonFactory(name=name, email=f"{name.lower()}@example.org")
    return accounts.set_powers(person, Powers(is_staff=True, is_superuser=False), by=by, at=NOW)


def test_an_administrator_works_without_being_a_superuser(sign_in, now, administrator, unfpa):
    keeper = made_administrator(administrator)
    client = sign_in(keeper)

    for name in (
        "members_agency_changelist",
        "members_membership_add",
        "members_appointment_add",
        "members_representation_add",
        "members_person_changelist",
        "meetings_principalsmeeting_add",
        "rotation_chairterm_changelist",
        "rotation_checklisttemplateitem_add",
        "core_sourcedisagreement_add",
        "core_group_changelist",
        "statements_statement_changelist",
        "reminders_outboxmessage_changelist",
    ):
        assert client.get(reverse(f"admin:{name}")).status_code == 200, name
    assert client.get(reverse("admin:auth_group_add")).status_code == 403
    assert recorded_reason(keeper.history.first()) == (
        "Permissions changed; granted: Administrators"
    )


def test_who_is_no_administrator_any_more_loses_the_permissions(administrator):
    keeper = made_administrator(administrator)

    powers = Powers(is_staff=False, is_superuser=False, groups=list(keeper.groups.all()))
    accounts.set_powers(keeper, powers, by=administrator, at=NOW)

    assert not keeper.groups.exists()
    assert not Person.objects.get(pk=keeper.pk).has_perm("members.change_agency")


def test_an_administrator_does_not_touch_a_superuser(sign_in, now, administrator):
    keeper = made_administrator(administrator)
    address = reverse("admin:members_person_change", args=[administrator.pk])

    answer = sign_in(keeper).post(address, {"name": "Other", "email": "other@example.org"})

    assert answer.status_code == 403
    assert not allowed(keeper, "members.give_powers", On(TODAY, keeper))
