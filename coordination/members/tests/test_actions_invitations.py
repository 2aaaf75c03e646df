"""Invitations: who invites, who accepts, and what is refused."""

from datetime import UTC, date, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress

from coordination.core.errors import NotAllowed
from coordination.members.actions import invitations
from coordination.members.enums import InvitationState, Role
from coordination.members.errors import (
    AccountClosed,
    AlreadyAppointed,
    AlreadyInvited,
    InvitationNotOpen,
)
from coordination.members.models import Invitation, Person
from coordination.members.queries.invitations import invitation_of
from coordination.members.queries.people import agencies_of
from coordination.members.tests.factories import (
    AgencyFactory,
    InvitationFactory,
    MembershipFactory,
    PersonFactory,
)
from coordination.members.tests.history import newest

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


DAY = date(2026, 11, 23)


def invite(agency, by, email="New.Person@UNFPA.example.org", role=Role.FOCAL_POINT, at=AT):
    return invitations.invite(agency, email=email, name="New Person", role=role, by=by, at=at)


def test_invite_keeps_only_the_hash_and_puts_the_person_on_record_without_powers(
    focal_point, unfpa
):
    invitation, token = invite(unfpa, focal_point)

    assert (invitation.email, invitation.invited_at, invitation.expires_at) == (
        "new.person@unfpa.example.org",
        AT,
        AT + timedelta(days=14),
    )
    assert invitation_of(token) == invitation
    assert token not in (invitation.nonce, invitation.token_sha256)
    assert invitation.person.has_usable_password() is False
    assert list(agencies_of(invitation.person, DAY)) == []
    assert newest(invitation) == (focal_point, "Invited")


def test_invite_is_for_focal_points_of_the_agency_and_administrators(
    other_agency, administrator, principals_office, unfpa
):
    for person in (other_agency, principals_office):
        with pytest.raises(
            NotAllowed,
            match=r"^UNFPA has no focal point now; an administrator may change its people\.$",
        ):
            invite(unfpa, person)

    assert invite(unfpa, administrator)[0].invited_by == administrator


def test_invite_refuses_a_second_open_one_but_not_for_another_role_or_after_expiry(
    focal_point, unfpa
):
    invite(unfpa, focal_point)

    with pytest.raises(AlreadyInvited) as refused:
        invite(unfpa, focal_point, email="new.person@unfpa.example.org")
    assert refused.value.field == "email"
    invite(unfpa, focal_point, role=Role.OFFICE)
    invite(unfpa, focal_point, at=AT + timedelta(days=15))
    assert Invitation.objects.count() == 3
    assert Person.objects.filter(email="new.person@unfpa.example.org").count() == 1


def test_invite_refuses_who_is_that_already_and_a_closed_account(focal_point, colleague, unfpa):
    PersonFactory(email="closed@example.org", is_active=False)

    with pytest.raises(AlreadyAppointed, match=r"^Tomás Akande already is that for UNFPA\.$"):
        invite(unfpa, focal_point, email=colleague.email)
    with pytest.raises(AccountClosed):
        invite(unfpa, focal_point, email="closed@example.org")
    assert Invitation.objects.count() == 0


def test_accept_invitation_opens_the_account_and_appoints(focal_point, unfpa):
    invitation, token = invite(unfpa, focal_point)

    appointment = invitations.accept_invitation(
        token, name="Niko Person", password="four words put together", at=AT
    )

    person = Person.objects.get(email="new.person@unfpa.example.org")
    assert (appointment.person, appointment.agency, appointment.role, appointment.first_day) == (
        person,
        unfpa,
        Role.FOCAL_POINT,
        DAY,
    )
    assert (person.name, person.time_zone, person.joined_at) == (
        "Niko Person",
        "America/New_York",
        AT,
    )
    assert person.check_password("four words put together")
    assert list(EmailAddress.objects.values_list("user", "email", "verified", "primary")) == [
        (person.pk, person.email, True, True)
    ]
    assert Invitation.objects.get(pk=invitation.pk).state(AT) == InvitationState.ACCEPTED
    assert newest(appointment) == (person, "Accepted the invitation of Nadia Ferreira")


def test_accept_invitation_without_a_name_keeps_the_one_of_the_invitation_and_no_zone_where_there_is_none(
    administrator, db
):
    body = AgencyFactory(acronym="UNRC", city="", time_zone="")
    MembershipFactory(agency=body)
    _invitation, token = invite(body, administrator)

    appointment = invitations.accept_invitation(
        token, name="", password="four words put together", at=AT
    )

    assert (appointment.person.name, appointment.person.time_zone) == ("New Person", "")


def test_accept_invitation_leaves_an_account_that_exists_its_password_and_name(
    focal_point, other_agency, unfpa
):
    other_agency.set_password("the old password stays")
    other_agency.save()
    _invitation, token = invite(unfpa, focal_point, email=other_agency.email)

    invitations.accept_invitation(token, name="Mallory", password="another password", at=AT)

    saved = Person.objects.get(pk=other_agency.pk)
    assert saved.name == "Samira Okonkwo"
    assert saved.check_password("the old password stays")
    assert [agency.acronym for agency in agencies_of(saved, DAY)] == ["OHCHR", "UNFPA"]


def test_accept_invitation_works_once(focal_point, unfpa):
    _invitation, token = invite(unfpa, focal_point)
    invitations.accept_invitation(token, name="", password="four words put together", at=AT)

    with pytest.raises(
        InvitationNotOpen, match=r"^This invitation has been accepted already\. Sign in instead\.$"
    ):
        invitations.accept_invitation(token, name="", password="mallory's own password", at=AT)


def test_accept_invitation_that_expired_was_withdrawn_or_never_was(focal_point, unfpa):
    invitation, token = invite(unfpa, focal_point)

    with pytest.raises(
        InvitationNotOpen,
        match=r"^This invitation has expired\. Ask the focal points of UNFPA for another\.$",
    ):
        invitations.accept_invitation(
            token, name="", password="four words put together", at=AT + timedelta(days=14)
        )
    invitations.withdraw_invitation(invitation, by=focal_point, at=AT)
    with pytest.raises(InvitationNotOpen, match=r"^This invitation has been withdrawn\. Ask"):
        invitations.accept_invitation(token, name="", password="four words put together", at=AT)
    with pytest.raises(
        InvitationNotOpen,
        match=r"^This link opens no invitation\. Copy the whole link from the mail\.$",
    ):
        invitations.accept_invitation("0" * 64, name="", password="four words put together", at=AT)


def test_accept_invitation_refuses_an_account_closed_meanwhile(focal_point, unfpa):
    invitation, token = invite(unfpa, focal_point)
    Person.objects.filter(pk=invitation.person_id).update(is_active=False)

    with pytest.raises(AccountClosed):
        invitations.accept_invitation(token, name="", password="four words put together", at=AT)


def test_withdraw_invitation_records_who_and_only_once(focal_point, colleague, other_agency, unfpa):
    invitation, _token = invite(unfpa, focal_point)

    with pytest.raises(NotAllowed):
        invitations.withdraw_invitation(invitation, by=other_agency, at=AT)
    withdrawn = invitations.withdraw_invitation(invitation, by=colleague, at=AT)
    assert withdrawn.state(AT) == InvitationState.WITHDRAWN
    assert newest(withdrawn) == (colleague, "Withdrawn")
    with pytest.raises(InvitationNotOpen):
        invitations.withdraw_invitation(invitation, by=colleague, at=AT)


def test_a_lapsed_invitation_is_withdrawn_once(focal_point, unfpa):
    lapsed = InvitationFactory(agency=unfpa, expires_at=AT)

    withdrawn = invitations.withdraw_invitation(lapsed, by=focal_point, at=AT)

    assert withdrawn.state(AT) == InvitationState.WITHDRAWN
    with pytest.raises(InvitationNotOpen, match="has been withdrawn"):
        invitations.withdraw_invitation(lapsed, by=focal_point, at=AT)
