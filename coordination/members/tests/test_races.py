"""Two people on the same roster at the same moment, on two real connections."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from django.db import connection

from coordination.core.errors import RuleBroken
from coordination.members.actions import appointments, invitations
from coordination.members.actions.appointments import Tenure
from coordination.members.enums import Role
from coordination.members.models import Appointment, Invitation, Person

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def outcome(act):
    """Return what came of an act on a connection of its own."""
    try:
        act()
    except RuleBroken as refused:
        return type(refused).__name__
    finally:
        connection.close()
    return "done"


def at_once(*acts):
    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(outcome, acts))


def test_two_focal_points_appoint_the_same_person_once(focal_point, colleague, stranger, unfpa):
    def appoint(by):
        return lambda: appointments.appoint(
            stranger, unfpa, Role.FOCAL_POINT, Tenure(date(2026, 11, 23)), by=by, at=AT
        )

    assert at_once(appoint(focal_point), appoint(colleague)) == ["AlreadyAppointed", "done"]
    assert Appointment.objects.filter(person=stranger).count() == 1


def test_two_focal_points_invite_the_same_address_once(focal_point, colleague, unfpa):
    def invite(by):
        return lambda: invitations.invite(
            unfpa, email="new@example.org", name="New", role=Role.OFFICE, by=by, at=AT
        )

    assert at_once(invite(focal_point), invite(colleague)) == ["AlreadyInvited", "done"]
    assert Invitation.objects.count() == 1


def test_two_agencies_invite_the_same_newcomer(focal_point, other_agency, unfpa, ohchr):
    def invite(agency, by):
        return lambda: invitations.invite(
            agency, email="new@example.org", name="New", role=Role.OFFICE, by=by, at=AT
        )

    assert at_once(invite(unfpa, focal_point), invite(ohchr, other_agency)) == ["done", "done"]
    assert Person.objects.filter(email="new@example.org").count() == 1


def test_a_link_that_is_opened_twice_at_once_makes_one_appointment(focal_point, unfpa):
    _invitation, token = invitations.invite(
        unfpa, email="new@example.org", name="New", role=Role.OFFICE, by=focal_point, at=AT
    )

    def accept():
        invitations.accept_invitation(token, name="", password="four words put together", at=AT)

    assert at_once(accept, accept) == ["InvitationNotOpen", "done"]
    assert Appointment.objects.filter(role=Role.OFFICE).count() == 1


def test_two_edits_of_one_appointment_leave_one_and_tell_the_other(focal_point, colleague):
    appointment = colleague.appointments.get()

    def edit(title, by):
        return lambda: appointments.edit_appointment(
            appointment, Tenure(date(2024, 1, 1), None, title), version=1, by=by, at=AT
        )

    assert at_once(edit("One", focal_point), edit("Two", colleague)) == ["Stale", "done"]
    assert Appointment.objects.get(pk=appointment.pk).version == 2
