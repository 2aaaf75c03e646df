"""The members' pages: who sees what, what a form does, and how many queries a page takes."""

from datetime import UTC, date, datetime

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from coordination.members.actions import appointments, invitations
from coordination.members.actions.appointments import Tenure
from coordination.members.enums import MembershipStatus, Role
from coordination.members.models import Appointment, Invitation
from coordination.members.tests.factories import (
    AgencyFactory,
    AppointmentFactory,
    CommissionFactory,
    InvitationFactory,
    MembershipFactory,
    PersonFactory,
    RepresentationFactory,
)
from coordination.tests.many import ROWS, many

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DAY = date(2026, 11, 23)
DIRECTORY = "/members/"
UNFPA = "/members/unfpa/"

pytestmark = pytest.mark.usefixtures("now", "group")


def text_of(response):
    return " ".join(response.content.decode().split())


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def make_agencies(count):
    """Make agencies with two focal points each."""
    agencies = many(AgencyFactory, count, city="Rome", time_zone="Europe/Rome")
    many(MembershipFactory, count, agency=agencies)
    for _ in range(2):
        many(AppointmentFactory, count, agency=agencies, person=many(PersonFactory, count))


def test_directory_shows_members_of_today_to_anybody_without_people(client, focal_point, ohchr):
    response = client.get(DIRECTORY)

    page = text_of(response)
    assert response.status_code == 200
    assert [entry.agency.acronym for entry in response.context["members"]] == ["OHCHR", "UNFPA"]
    assert "<b>2 members</b> on 23 November 2026" in page
    assert "Nadia Ferreira" not in page
    assert "One focal point" not in page


def test_directory_shows_people_and_flags_to_those_who_belong(client, focal_point, ohchr):
    client.force_login(focal_point)

    page = text_of(client.get(DIRECTORY))

    assert "Nadia Ferreira" in page
    assert "One focal point" in page
    assert "No focal point" in page


def test_directory_hides_people_from_strangers_and_former_focal_points(
    client, focal_point, stranger, former_focal_point
):
    for person in (stranger, former_focal_point):
        client.force_login(person)
        assert "Tomás" not in text_of(client.get(DIRECTORY))
        assert client.get(DIRECTORY).context["may_read"] is False


def test_directory_as_of_a_day_shows_that_day(client, unfpa):
    MembershipFactory(
        agency__acronym="OLD",
        first_day=date(2003, 4, 1),
        last_day=date(2004, 12, 31),
        first_precision="month",
    )
    MembershipFactory(
        agency__acronym="OBS", first_day=date(2003, 4, 1), standing=MembershipStatus.OBSERVER
    )

    response = client.get(DIRECTORY, {"on": "2003-12-31"})

    assert [entry.agency.acronym for entry in response.context["members"]] == ["OLD"]
    assert [entry.agency.acronym for entry in response.context["observers"]] == ["OBS"]
    page = text_of(response)
    assert "<b>1 member</b> on 31 December 2003, 1 observer" in page
    assert "April 2003" in page


def test_directory_filters_by_words(client, unfpa, ohchr):
    assert [
        e.agency.acronym for e in client.get(DIRECTORY, {"q": "new york"}).context["members"]
    ] == ["UNFPA"]
    assert "No member agency here" in text_of(client.get(DIRECTORY, {"q": "zzz"}))


@pytest.mark.parametrize("on", ["yesterday", "9999-12-31", "0001-01-01", "2026-13-45", "\x00"])
def test_directory_with_a_day_that_is_none_says_so_and_shows_today(client, unfpa, on):
    response = client.get(DIRECTORY, {"on": on})

    assert response.status_code == 422
    assert response.context["day"] == DAY
    assert len(response.context["form"].errors["on"]) == 1


@pytest.mark.parametrize("count", ROWS)
def test_directory_takes_the_same_queries_at_any_size(
    client, focal_point, chair, count, django_assert_num_queries
):
    make_agencies(count)
    client.force_login(focal_point)

    with django_assert_num_queries(10):
        client.get(DIRECTORY)


def test_agency_page_shows_the_record_to_anybody(client, unfpa, focal_point):
    MembershipFactory(
        agency__acronym="OLD",
        first_day=date(2003, 4, 1),
        last_day=date(2004, 12, 31),
        first_precision="month",
        sources=["https://example.org/list"],
        note="A founder.",
    )

    page = text_of(client.get("/members/old/"))

    assert "April 2003 – 31 December 2004" in page
    assert "known by the month" in page
    assert "A founder." in page
    assert 'href="https://example.org/list"' in page
    assert "Does not belong today" in page
    assert "Nadia Ferreira" not in text_of(client.get(UNFPA))


def test_agency_page_shows_people_flag_and_history_to_members(
    client, unfpa, focal_point, other_agency, former_focal_point
):
    client.force_login(other_agency)

    response = client.get(UNFPA)

    page = text_of(response)
    assert "Nadia Ferreira" in page
    assert "Ingrid Halvorsen" in page
    assert "<b>One focal point.</b> 2 to 4 are expected." in page
    assert page.count('href="/members/unfpa/history/"') == 2
    assert reverse("members:invite", args=["unfpa"]) not in page
    assert response.context["may_edit"] is False


def test_agency_page_lets_its_focal_point_invite_change_and_withdraw(client, unfpa, focal_point):
    invitation, token = invitations.invite(
        unfpa, email="new@example.org", name="New", role=Role.OFFICE, by=focal_point, at=AT
    )
    client.force_login(focal_point)

    page = text_of(client.get(UNFPA))

    assert reverse("members:invite", args=["unfpa"]) in page
    assert reverse("members:appointment", args=["unfpa", focal_point.appointments.get().pk]) in page
    assert reverse("members:withdraw_invitation", args=["unfpa", invitation.pk]) in page
    assert token not in page


def test_agency_page_of_the_commissions_says_who_speaks(client):
    RepresentationFactory(last_day=None)

    page = text_of(client.get("/members/unrc/"))

    assert "Bangkok" in page
    assert "ESCAP speaks for it now" in page
    assert "Mon 23 Nov, 16:00" in page


def test_agency_page_of_nobody_is_404(client):
    assert client.get("/members/nobody/").status_code == 404


@pytest.mark.parametrize("count", ROWS)
def test_agency_page_takes_the_same_queries_at_any_size(
    client, focal_point, unfpa, chair, count, django_assert_num_queries
):
    people = many(PersonFactory, count)
    for role, first_day, last_day in (
        (Role.FOCAL_POINT, date(2020, 1, 1), date(2021, 1, 1)),
        (Role.OFFICE, date(2022, 1, 1), date(2026, 12, 31)),
        (Role.OFFICE, date(2027, 1, 1), None),
    ):
        many(
            AppointmentFactory,
            count,
            person=people,
            agency=unfpa,
            role=role,
            first_day=first_day,
            last_day=last_day,
        )
    many(InvitationFactory, count, agency=unfpa, person=people, invited_by=focal_point)
    many(
        InvitationFactory,
        count,
        agency=unfpa,
        person=people,
        invited_by=focal_point,
        expires_at=datetime(2026, 11, 22, 9, 0, tzinfo=UTC),
    )
    client.force_login(focal_point)

    with django_assert_num_queries(12):
        client.get(UNFPA)


def test_agency_history_is_for_those_who_belong_and_invitations_for_those_who_invite(
    client, unfpa, focal_point, other_agency, administrator, former_focal_point, stranger
):
    invitations.invite(
        unfpa, email="new@example.org", name="Newcomer", role=Role.OFFICE, by=focal_point, at=AT
    )
    assert client.get(UNFPA + "history/").status_code == 302

    def seen(person):
        client.force_login(person)
        response = client.get(UNFPA + "history/")
        page = text_of(response)
        return response.status_code, "added Nadia Ferreira, focal point" in page, "Newcomer" in page

    assert [seen(person) for person in (focal_point, administrator)] == [(200, True, True)] * 2
    assert seen(other_agency) == (200, True, False)
    assert [seen(person) for person in (former_focal_point, stranger)] == [
        (302, False, False),
        (403, False, False),
    ]
    client.force_login(focal_point)
    assert client.get("/members/nobody/history/").status_code == 404


@pytest.mark.parametrize("count", [1, 50])
@pytest.mark.parametrize(("reader", "queries"), [("own", 13), ("other", 12)])
def test_agency_history_takes_the_same_queries_at_any_size(
    client,
    focal_point,
    other_agency,
    unfpa,
    chair,
    reader,
    queries,
    count,
    django_assert_num_queries,
):
    for n in range(count):
        AppointmentFactory(agency=unfpa, last_day=date(2021, 1, 1)).delete()
        membership = MembershipFactory(
            agency=unfpa, first_day=date(1990, 1, 1), last_day=date(1999, 12, 31), note=f"Note {n}"
        )
        membership.delete()
        commission = CommissionFactory(agency=unfpa, acronym=f"C{n}")
        RepresentationFactory(commission=commission).delete()
        InvitationFactory(agency=unfpa)
    client.force_login(focal_point if reader == "own" else other_agency)
    client.get(UNFPA + "history/")

    with django_assert_num_queries(queries):
        client.get(UNFPA + "history/")


def test_invite_sends_one_invitation(client, focal_point, unfpa):
    client.force_login(focal_point)

    response = client.post(
        UNFPA + "invite/", {"email": "new@example.org", "name": "New", "role": "focal_point"}
    )

    assert (response.status_code, response["Location"]) == (302, UNFPA)
    assert Invitation.objects.get().invited_by == focal_point
    assert said(response) == ["New is invited; the mail goes out now."]


def test_invite_keeps_what_was_typed_beside_the_sentence(client, focal_point, colleague, unfpa):
    client.force_login(focal_point)

    refused = client.post(
        UNFPA + "invite/", {"email": colleague.email, "name": "Tomás", "role": "focal_point"}
    )
    bad = client.post(UNFPA + "invite/", {"email": "no address", "name": "", "role": "principal"})

    assert (refused.status_code, bad.status_code) == (422, 422)
    assert refused.context["form"].errors == {"email": ["Tomás Akande already is that for UNFPA."]}
    assert sorted(bad.context["form"].errors) == ["email", "name", "role"]
    assert Invitation.objects.count() == 0


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("focal_point", 200),
        ("colleague", 200),
        ("administrator", 200),
        ("other_agency", 403),
        ("chair", 403),
        ("principals_office", 403),
        ("former_focal_point", 302),
        ("stranger", 403),
    ],
)
def test_invite_and_appointment_pages_are_for_the_agency_s_own(
    client, request, unfpa, role, status
):
    person = request.getfixturevalue(role)
    appointment = AppointmentFactory(agency=unfpa)
    client.force_login(person)

    assert client.get(UNFPA + "invite/").status_code == status
    assert client.get(f"{UNFPA}people/{appointment.pk}/").status_code == status


@pytest.mark.parametrize("path", [UNFPA + "invite/", UNFPA + "people/1/", "/profile/"])
def test_pages_of_the_signed_in_send_others_to_sign_in(client, unfpa, path):
    assert client.get(path)["Location"] == f"/accounts/login/?next={path}"


def test_withdraw_closes_the_invitation_and_needs_a_post(client, focal_point, other_agency, unfpa):
    invitation, _token = invitations.invite(
        unfpa, email="new@example.org", name="New", role=Role.OFFICE, by=focal_point, at=AT
    )
    path = reverse("members:withdraw_invitation", args=["unfpa", invitation.pk])

    client.force_login(other_agency)
    assert client.post(path).status_code == 403
    client.force_login(focal_point)
    assert client.get(path).status_code == 405
    assert client.post(path)["Location"] == UNFPA
    assert Invitation.objects.get().withdrawn_at == AT
    assert client.post(path).status_code == 422


def test_appointment_is_corrected(client, focal_point, colleague):
    client.force_login(focal_point)
    appointment = colleague.appointments.get()

    response = client.post(
        f"{UNFPA}people/{appointment.pk}/",
        {"first_day": "2024-02-01", "last_day": "2026-12-31", "title": "Analyst", "version": 1},
    )

    assert response["Location"] == UNFPA
    appointment.refresh_from_db()
    assert (appointment.first_day, appointment.last_day, appointment.title) == (
        date(2024, 2, 1),
        date(2026, 12, 31),
        "Analyst",
    )


def test_appointment_is_ended(client, focal_point, colleague):
    client.force_login(focal_point)
    appointment = colleague.appointments.get()
    path = f"{UNFPA}people/{appointment.pk}/"

    refused = client.post(path, {"last_day": "2020-01-01", "version": 1, "end": "yes"})
    ended = client.post(path, {"last_day": "2026-11-30", "version": 1, "end": "yes"})

    assert refused.status_code == 422
    assert refused.context["end_form"].errors == {"last_day": ["The last day is before the first."]}
    assert ended["Location"] == UNFPA
    assert Appointment.objects.get(pk=appointment.pk).last_day == date(2026, 11, 30)


def test_appointment_that_two_people_change_shows_both_texts(client, focal_point, colleague):
    client.force_login(focal_point)
    appointment = colleague.appointments.get()
    appointments.edit_appointment(
        appointment,
        Tenure(date(2024, 1, 1), None, "Theirs"),
        version=1,
        by=colleague,
        at=AT,
    )

    response = client.post(
        f"{UNFPA}people/{appointment.pk}/",
        {"first_day": "2024-01-01", "last_day": "", "title": "Mine", "version": 1},
    )

    assert response.status_code == 409
    assert [(p["name"], p["theirs"], p["yours"]) for p in response.context["pairs"]] == [
        ("title", "Theirs", "Mine")
    ]
    assert response.context["saved_by"] == colleague
    assert response.context["version"] == 2
    assert Appointment.objects.get(pk=appointment.pk).title == "Theirs"


@pytest.mark.parametrize(
    "days",
    [
        {"first_day": "2026-01-01", "last_day": "2025-01-01"},
        {"first_day": ""},
        {"first_day": "9999-12-31"},
    ],
)
def test_appointment_with_days_that_cannot_be_stays_as_it_was(client, focal_point, days):
    client.force_login(focal_point)
    appointment = focal_point.appointments.get()

    response = client.post(f"{UNFPA}people/{appointment.pk}/", {"title": "X", "version": 1, **days})

    assert response.status_code == 422
    assert Appointment.objects.get(pk=appointment.pk).version == 1


def test_appointment_under_another_agency_s_address_is_404(
    client, administrator, other_agency, unfpa
):
    client.force_login(administrator)

    assert client.get(f"{UNFPA}people/{other_agency.appointments.get().pk}/").status_code == 404


def test_a_former_appointment_can_be_corrected_and_not_ended_again(
    client, focal_point, former_focal_point
):
    client.force_login(focal_point)

    response = client.get(f"{UNFPA}people/{former_focal_point.appointments.get().pk}/")

    assert response.context["end_form"] is None


def test_a_lapsed_invitation_is_sent_again_filled_in_or_withdrawn(
    client, unfpa, ohchr, focal_point, other_agency
):
    lapsed = InvitationFactory(
        agency=unfpa, name="Ana Ruiz", email="ana@example.org", role=Role.OFFICE, expires_at=AT
    )
    client.force_login(focal_point)

    page = client.get(UNFPA).content.decode()
    assert "Invitations that lapsed" in page
    again = f"/members/unfpa/invite/?again={lapsed.pk}"
    assert f'href="{again}"' in page
    assert client.get(again).context["form"].initial == {
        "email": "ana@example.org",
        "name": "Ana Ruiz",
        "role": "office",
    }
    for other in ("x", "99999999999", f"{lapsed.pk + 1}"):
        initial = client.get(f"/members/unfpa/invite/?again={other}").context["form"].initial
        assert initial == {}
    client.post(f"/members/unfpa/invitations/{lapsed.pk}/withdraw/")
    assert "Invitations that lapsed" not in client.get(UNFPA).content.decode()


def test_another_agencys_invitations_do_not_fill_in_the_form(client, unfpa, ohchr, other_agency):
    lapsed = InvitationFactory(agency=unfpa, expires_at=AT)
    client.force_login(other_agency)

    assert "Invitations that lapsed" not in client.get(UNFPA).content.decode()
    page = client.get(f"/members/ohchr/invite/?again={lapsed.pk}")
    assert page.context["form"].initial == {}
