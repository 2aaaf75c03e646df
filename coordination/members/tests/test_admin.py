"""The admin of the members: finds, flags, refuses what the actions refuse, and leaves workflows alone."""

from datetime import date

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.models import Permission
from django.urls import reverse

from coordination.core.admin import VERSION_FIELD
from coordination.members.models import (
    Agency,
    Appointment,
    Commission,
    Invitation,
    Membership,
    Person,
    Representation,
)
from coordination.members.tests.factories import (
    AgencyFactory,
    AppointmentFactory,
    CommissionFactory,
    InvitationFactory,
    MembershipFactory,
    PersonFactory,
    RepresentationFactory,
)
from coordination.tests.admin_pages import sent_by

MODELS = [Agency, Membership, Representation, Person, Appointment, Invitation]

pytestmark = [pytest.mark.usefixtures("now"), pytest.mark.both]


@pytest.fixture
def admin(client, administrator):
    client.force_login(administrator)
    return client


def path(model, view, *args):
    return reverse(f"admin:members_{model._meta.model_name}_{view}", args=args)


def rows(response):
    return [str(obj) for obj in response.context["cl"].result_list]


@pytest.mark.parametrize("model", MODELS)
def test_lists_are_searched_and_shown(admin, unfpa, model):
    RepresentationFactory()
    AppointmentFactory(agency=unfpa)
    InvitationFactory(agency=unfpa)

    assert admin.get(path(model, "changelist")).status_code == 200
    assert rows(admin.get(path(model, "changelist"), {"q": "no such thing"})) == []


def test_agency_list_flags_members_with_too_few(admin, focal_point, group):
    AgencyFactory(acronym="FORMER")

    response = admin.get(path(Agency, "changelist"))

    page = response.content.decode()
    assert page.count("One focal point") == 1
    assert page.count("No focal point") == 0


def test_membership_that_overlaps_is_refused_beside_the_field(admin, unfpa):
    fields = {
        "agency": unfpa.pk,
        "standing": "member",
        "first_day": "2020-01-01",
        "first_precision": "day",
        "last_precision": "day",
        "sources": "[]",
    }

    refused = admin.post(path(Membership, "add"), fields)
    backwards = admin.post(path(Membership, "add"), {**fields, "last_day": "2019-01-01"})
    empty = admin.post(path(Membership, "add"), {**fields, "agency": ""})

    assert refused.context["adminform"].errors == {
        "first_day": ["UNFPA already belongs to the group from 2006-01-01."]
    }
    assert "The last day is before the first." in backwards.context["adminform"].errors["last_day"]
    assert list(empty.context["adminform"].errors) == ["agency"]
    assert Membership.objects.count() == 1


def test_membership_that_is_saved_counts_its_version_and_keeps_who(admin, administrator, unfpa):
    membership = unfpa.memberships.get()
    fields = {
        VERSION_FIELD: 1,
        "agency": unfpa.pk,
        "standing": "member",
        "first_day": "2006-01-01",
        "last_day": "2026-12-31",
        "first_precision": "day",
        "last_precision": "day",
        "sources": '["a letter"]',
    }

    assert admin.post(path(Membership, "change", membership.pk), fields).status_code == 302

    membership.refresh_from_db()
    assert (membership.last_day, membership.version, membership.sources) == (
        date(2026, 12, 31),
        2,
        ["a letter"],
    )
    assert membership.history.first().history_user == administrator


def test_appointment_and_representation_that_overlap_are_refused(admin, focal_point, unfpa):
    speaking = RepresentationFactory()
    other = CommissionFactory(acronym="ECA", agency=speaking.commission.agency)
    known = {"first_precision": "day", "last_precision": "day", "sources": "[]"}

    appointment = admin.post(
        path(Appointment, "add"),
        {
            **known,
            "person": focal_point.pk,
            "agency": unfpa.pk,
            "role": "focal_point",
            "first_day": "2026-01-01",
        },
    )
    representation = admin.post(
        path(Representation, "add"), {**known, "commission": other.pk, "first_day": "2013-06-30"}
    )

    assert appointment.context["adminform"].errors == {
        "first_day": ["Nadia Ferreira is already focal point of UNFPA from 2024-01-01."]
    }
    assert representation.context["adminform"].errors == {
        "first_day": ["ESCAP already speaks for UNRC from 2013-01-01."]
    }


def test_two_periods_that_are_sent_together_share_no_day(admin, unfpa, stranger):
    page = sent_by(admin.get(path(Agency, "change", unfpa.pk)))
    known = {
        "standing": "member",
        "first_precision": "day",
        "last_precision": "day",
        "note": "",
        VERSION_FIELD: "",
    }
    rows_sent = [
        ("2000-01-01", "2000-12-31"),
        ("2000-12-31", "2001-12-31"),
        ("2002-01-01", "2002-12-31"),
    ]
    for n, (first, last) in enumerate(rows_sent, 1):
        page |= {
            f"memberships-{n}-{name}": value
            for name, value in {**known, "first_day": first, "last_day": last}.items()
        }
    page["memberships-TOTAL_FORMS"] = 4

    refused = admin.post(path(Agency, "change", unfpa.pk), page)
    saved = admin.post(
        path(Agency, "change", unfpa.pk), {**page, "memberships-2-first_day": "2001-01-01"}
    )

    overlap = {"first_day": ["These days overlap with those of a row above."]}
    assert [form.errors for form in refused.context["inline_admin_formsets"][0].formset.forms] == [
        {},
        {},
        overlap,
        {},
    ]
    assert saved.status_code == 302
    assert unfpa.memberships.count() == 4


def test_a_person_may_have_two_roles_at_once_but_not_one_twice(admin, unfpa, stranger):
    page = sent_by(admin.get(path(Person, "change", stranger.pk)))
    for n, role in enumerate(["office", "focal_point"]):
        known = {
            "agency": unfpa.pk,
            "role": role,
            "first_day": "2026-01-01",
            "last_day": "",
            "title": "",
            VERSION_FIELD: "",
        }
        page |= {f"appointments-{n}-{name}": value for name, value in known.items()}
    page["appointments-TOTAL_FORMS"] = 2

    refused = admin.post(
        path(Person, "change", stranger.pk), {**page, "appointments-1-role": "office"}
    )
    saved = admin.post(path(Person, "change", stranger.pk), page)

    overlap = {"first_day": ["These days overlap with those of a row above."]}
    assert [form.errors for form in refused.context["inline_admin_formsets"][0].formset.forms] == [
        {},
        overlap,
    ]
    assert saved.status_code == 302
    assert stranger.appointments.count() == 2


def test_a_commission_moves_to_an_agency_that_nobody_else_speaks_for(admin, unfpa):
    speaking = RepresentationFactory()
    eca = CommissionFactory(acronym="ECA", agency=unfpa)
    RepresentationFactory(commission=eca, first_day=date(2013, 6, 30), last_day=None)
    page = sent_by(admin.get(path(Commission, "change", eca.pk)))

    refused = admin.post(
        path(Commission, "change", eca.pk), {**page, "agency": speaking.commission.agency.pk}
    )
    moved = admin.post(
        path(Commission, "change", eca.pk), {**page, "agency": AgencyFactory(acronym="NEW").pk}
    )

    assert refused.context["adminform"].errors == {
        "agency": ["ESCAP already speaks for UNRC from 2013-01-01."]
    }
    assert moved.status_code == 302
    assert Commission.objects.get(pk=eca.pk).agency.acronym == "NEW"


def test_new_agency_with_its_first_membership_is_saved_in_one_go(admin, group):
    fields = {
        "acronym": "NEW",
        "slug": "new",
        "name": "New",
        "city": "Rome",
        "time_zone": "Europe/Rome",
        "mandate_terms": "[]",
        "memberships-TOTAL_FORMS": 1,
        "memberships-INITIAL_FORMS": 0,
        "memberships-0-standing": "member",
        "memberships-0-first_day": "2020-01-01",
        "memberships-0-first_precision": "day",
        "memberships-0-last_precision": "day",
        "commissions-TOTAL_FORMS": 0,
        "commissions-INITIAL_FORMS": 0,
        "appointments-TOTAL_FORMS": 0,
        "appointments-INITIAL_FORMS": 0,
    }

    assert admin.post(path(Agency, "add"), fields).status_code == 302
    assert Membership.objects.get().agency.acronym == "NEW"


def test_person_page_shows_no_password_and_history_keeps_none(admin, focal_point):
    focal_point.set_password("the right password here")
    focal_point.save()

    page = admin.get(path(Person, "change", focal_point.pk)).content.decode()

    assert focal_point.password not in page
    assert "password" not in {field.name for field in Person.history.model._meta.fields}


def test_person_is_added_without_an_address_and_never_deleted(admin, administrator):
    fields = {
        "name": "A head of long ago",
        "email": "",
        "usable_password": "false",
        "appointments-TOTAL_FORMS": 0,
        "appointments-INITIAL_FORMS": 0,
    }

    assert admin.post(path(Person, "add"), fields).status_code == 302
    assert admin.post(path(Person, "add"), {**fields, "name": "Another"}).status_code == 302
    assert Person.objects.filter(email=None).count() == 2
    assert admin.get(path(Person, "delete", administrator.pk)).status_code == 403


def test_invitations_are_read_only(admin, db):
    invitation = InvitationFactory()

    page = admin.get(path(Invitation, "change", invitation.pk))

    assert page.status_code == 200
    assert invitation.nonce not in page.content.decode()
    assert invitation.token_sha256 not in page.content.decode()
    assert admin.get(path(Invitation, "add")).status_code == 403
    assert admin.get(path(Invitation, "delete", invitation.pk)).status_code == 403
    assert admin.post(path(Invitation, "change", invitation.pk), {}).status_code == 403


def test_admin_is_closed_to_everybody_else(client, focal_point):
    MembershipFactory()
    PersonFactory()
    client.force_login(focal_point)

    assert client.get(path(Agency, "changelist")).status_code == 302


def test_what_was_saved_elsewhere_is_not_overwritten_by_another_page_that_lists_it(
    admin, focal_point, unfpa
):
    [appointment] = Appointment.objects.filter(person=focal_point, agency=unfpa)
    before = sent_by(admin.get(path(Person, "change", focal_point.pk)))
    Appointment.objects.filter(pk=appointment.pk).update(
        title="Adviser", version=appointment.version + 1
    )

    refused = admin.post(path(Person, "change", focal_point.pk), before | {"name": "Nadia F."})
    page = refused.content.decode()

    assert refused.status_code == 200
    assert "Saved now: Adviser" in page
    assert Person.objects.get(pk=focal_point.pk).name == "Nadia Ferreira"

    assert admin.post(path(Person, "change", focal_point.pk), sent_by(refused)).status_code == 302
    appointment.refresh_from_db()
    assert (appointment.title, appointment.version) == ("", 3)
    assert Person.objects.get(pk=focal_point.pk).name == "Nadia F."


def test_who_may_only_look_carries_no_version(client, unfpa):
    reader = PersonFactory(is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_agency"))
    client.force_login(reader)

    page = client.get(path(Agency, "change", unfpa.pk))

    assert page.status_code == 200
    assert VERSION_FIELD not in page.content.decode()


def test_a_lost_second_factor_is_found_and_neither_shown_nor_taken_away_by_one_person(
    admin, focal_point
):
    secret = generate_totp_secret()
    TOTP.activate(focal_point, secret)
    [lost] = Authenticator.objects.all()
    address = f"/admin/mfa/authenticator/{lost.pk}"

    found = admin.get("/admin/mfa/authenticator/", {"q": "ferreira"})
    page = admin.get(f"{address}/change/")

    assert rows(found) == [str(lost)]
    assert secret in str(lost.data)
    assert (page.status_code, secret in page.content.decode()) == (200, False)
    assert (
        admin.post(
            f"{address}/change/", {"user": focal_point.pk, "type": "totp", "data": "{}"}
        ).status_code
        == 403
    )
    assert admin.get("/admin/mfa/authenticator/add/").status_code == 403
    assert admin.post(f"{address}/delete/", {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [lost.pk], "post": "yes"}
    admin.post("/admin/mfa/authenticator/", chosen)
    assert Authenticator.objects.get() == lost
