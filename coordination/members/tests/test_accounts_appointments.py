"""Whom an administrator appoints in the admin and by the actions: others, but not themselves."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from coordination.members.actions import appointments, invitations
from coordination.members.actions.appointments import Tenure
from coordination.members.enums import Role
from coordination.members.errors import OwnAppointment
from coordination.members.models import Appointment, Person
from coordination.members.tests.factories import AppointmentFactory, staff
from coordination.tests.admin_pages import sent_by

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("now", "group")


def appointment_form(person: Person, agency, **fields: object) -> dict[str, object]:
    known = {"first_precision": "day", "last_precision": "day", "sources": "[]"}
    return {
        **known,
        "person": person.pk,
        "agency": agency.pk,
        "role": "focal_point",
        "first_day": "2026-01-01",
        **fields,
    }


def test_an_administrator_appoints_others_but_neither_themselves_nor_superusers(
    client, unfpa, unesco, administrator, stranger
):
    person = staff(
        "registrar",
        "add_appointment",
        "change_appointment",
        "view_appointment",
        "view_agency",
        "change_agency",
    )
    old = AppointmentFactory(
        person=person, agency=unfpa, last_day=datetime(2026, 1, 31, tzinfo=UTC).date()
    )
    client.force_login(person)
    add = reverse("admin:members_appointment_add")

    own = client.post(add, appointment_form(person, unesco))
    of_superuser = client.post(add, appointment_form(administrator, unesco))
    other = client.post(add, appointment_form(stranger, unesco))
    change = reverse("admin:members_appointment_change", args=[old.pk])
    longer = client.post(change, appointment_form(person, unfpa, version_seen=1, last_day=""))
    another_role = client.post(
        change,
        appointment_form(person, unfpa, version_seen=1, last_day="2026-01-31", role="principal"),
    )
    to_stranger = client.post(
        change, appointment_form(stranger, unfpa, version_seen=1, last_day="")
    )
    rows = sent_by(client.get(reverse("admin:members_agency_change", args=[unesco.pk])))
    count = int(rows["appointments-TOTAL_FORMS"])
    row = {
        "person": person.pk,
        "agency": unesco.pk,
        "role": "office",
        "first_day": "2026-01-01",
        "last_day": "",
        "title": "",
    }
    inline = {f"appointments-{count}-{name}": value for name, value in row.items()}
    by_row = client.post(
        reverse("admin:members_agency_change", args=[unesco.pk]),
        rows | inline | {"appointments-TOTAL_FORMS": count + 1},
    )

    sentence = (
        "You cannot appoint yourself. Another administrator or a focal point of the agency can."
    )
    for refused in (own, longer, another_role, to_stranger):
        assert refused.context["adminform"].errors["__all__"] == [sentence]
    assert of_superuser.context["adminform"].errors["__all__"] == [
        "Only a superuser may change the appointments of a superuser."
    ]
    assert by_row.status_code == 200
    assert other.status_code == 302
    assert set(Appointment.objects.values_list("person", "agency")) == {
        (person.pk, unfpa.pk),
        (stranger.pk, unesco.pk),
    }


def test_an_administrator_may_end_and_shorten_their_own_appointment(client, unfpa):
    person = staff("registrar", "change_appointment", "view_appointment", "view_agency")
    own = AppointmentFactory(person=person, agency=unfpa, role=Role.OFFICE)
    client.force_login(person)

    appointments.end_appointment(own, date(2026, 12, 31), version=1, by=person, at=AT)
    shorter = Tenure(date(2026, 1, 1), date(2026, 11, 30))
    appointments.edit_appointment(own, shorter, version=2, by=person, at=AT)
    answer = client.post(
        reverse("admin:members_appointment_change", args=[own.pk]),
        appointment_form(person, unfpa, role="office", last_day="2026-10-31", version_seen=3),
    )

    own.refresh_from_db()
    assert (answer.status_code, own.first_day, own.last_day) == (
        302,
        date(2026, 1, 1),
        date(2026, 10, 31),
    )


def test_the_actions_refuse_an_administrator_who_appoints_or_invites_themselves(unfpa, focal_point):
    person = staff("registrar", "add_appointment")
    ended = AppointmentFactory(
        person=person, agency=unfpa, last_day=datetime(2026, 1, 31, tzinfo=UTC).date()
    )

    with pytest.raises(OwnAppointment):
        appointments.appoint(person, unfpa, Role.OFFICE, Tenure(AT.date()), by=person, at=AT)
    with pytest.raises(OwnAppointment):
        appointments.edit_appointment(ended, Tenure(AT.date()), version=1, by=person, at=AT)
    with pytest.raises(OwnAppointment):
        invitations.invite(unfpa, email=person.email, name="", role=Role.OFFICE, by=person, at=AT)
    assert (
        appointments.appoint(
            focal_point, unfpa, Role.OFFICE, Tenure(AT.date()), by=focal_point, at=AT
        ).role
        == Role.OFFICE
    )
