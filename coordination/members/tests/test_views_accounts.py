"""Accounts: invitations taken up, profiles, sign-in and its limits, the cast of the demonstration."""

from datetime import UTC, date, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import make_password
from django.contrib.messages import get_messages
from django.test import Client

from coordination.core.history import recorded_reason
from coordination.core.permissions import On
from coordination.members.actions import accounts, appointments, invitations, people
from coordination.members.actions.appointments import Tenure
from coordination.members.enums import Role
from coordination.members.models import Invitation, Person
from coordination.members.rules import may_act_for
from coordination.members.tests.factories import PersonFactory

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DAY = date(2026, 11, 23)
DIRECTORY = "/members/"
UNFPA = "/members/unfpa/"

pytestmark = pytest.mark.usefixtures("now", "group")


def text_of(response):
    return " ".join(response.content.decode().split())


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


@pytest.fixture
def invited(focal_point, unfpa):
    """Return an open invitation and the path of its link."""
    invitation, token = invitations.invite(
        unfpa,
        email="new@example.org",
        name="New Person",
        role=Role.FOCAL_POINT,
        by=focal_point,
        at=AT,
    )
    return invitation, f"/invitations/{token}/"


GOOD = {
    "name": "New Person",
    "password": "four words put together",
    "password_again": "four words put together",
}


def test_the_link_of_an_invitation_only_shows_it(client, invited):
    response = client.get(invited[1])

    assert response.status_code == 200
    assert "Become a focal point of UNFPA" in text_of(response)
    assert response["Referrer-Policy"] == "strict-origin"
    assert "no-store" in response["Cache-Control"]
    assert Invitation.objects.get().accepted_at is None


def test_accepting_opens_the_account_and_signs_in(client, invited, unfpa):
    response = client.post(invited[1], GOOD)

    person = Person.objects.get(email="new@example.org")
    assert response.status_code == 302
    assert client.session["_auth_user_id"] == str(person.pk)
    assert UserSession.objects.get().session_key == client.session.session_key
    assert may_act_for(person, On(DAY, unfpa))
    again = client.get(invited[1])
    assert again.status_code == 404
    assert "This invitation has been accepted already." in text_of(again)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"password_again": "another"}, "password_again"),
        ({"password": "short", "password_again": "short"}, "password"),
        ({"name": ""}, "name"),
        ({"password": "new@example.org", "password_again": "new@example.org"}, "password"),
    ],
)
def test_accepting_with_a_weak_or_mistyped_password_says_so(client, invited, change, field):
    response = client.post(invited[1], {**GOOD, **change})

    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert Invitation.objects.get().accepted_at is None


def test_a_form_that_expired_gives_the_name_back_and_no_password(invited):
    browser = Client(enforce_csrf_checks=True)
    fields = browser.get(invited[1]).context["form"].fields
    secret = dict.fromkeys(set(fields) - {"name"}, GOOD["password"])

    page = text_of(browser.post(invited[1], {"name": "New Person", **secret}))

    assert len(secret) == 2
    assert "New Person" in page
    assert GOOD["password"] not in page


def test_a_rule_that_accepting_breaks_is_said_beside_the_form(client, invited, focal_point, unfpa):
    person = Person.objects.get(email="new@example.org")
    tenure = Tenure(first_day=DAY)
    appointments.appoint(person, unfpa, Role.FOCAL_POINT, tenure, by=focal_point, at=AT)

    response = client.post(invited[1], GOOD)

    assert response.status_code == 422
    assert response.context["form"].non_field_errors() == [
        "New Person is already focal point of UNFPA from 2026-11-23."
    ]
    assert GOOD["password"] not in text_of(response)
    assert Invitation.objects.get().accepted_at is None


def test_who_has_an_account_accepts_and_signs_in_as_always(
    client, focal_point, other_agency, unfpa
):
    other_agency.set_password("the old password stays")
    other_agency.save()
    _invitation, token = invitations.invite(
        unfpa, email=other_agency.email, name="S", role=Role.OFFICE, by=focal_point, at=AT
    )

    page = client.get(f"/invitations/{token}/")
    response = client.post(f"/invitations/{token}/")

    assert "You have an account already; you sign in as before." in text_of(page)
    assert response.status_code == 302
    assert said(response) == ["The invitation is accepted. Sign in to go on."]
    assert "_auth_user_id" not in client.session
    assert may_act_for(other_agency, On(DAY, unfpa))


def test_who_accepts_while_signed_in_is_in(client, focal_point, other_agency, unfpa):
    other_agency.set_password("the old password stays")
    other_agency.save()
    client.force_login(other_agency)
    _invitation, token = invitations.invite(
        unfpa, email=other_agency.email, name="S", role=Role.OFFICE, by=focal_point, at=AT
    )

    response = client.post(f"/invitations/{token}/")

    assert said(response) == ["You are in. Here is what is asked of you."]


def test_an_invitation_sets_no_password_for_an_account_with_a_passkey(
    client, focal_point, other_agency, unfpa
):
    before = AT - timedelta(days=300)
    Person.objects.filter(pk=other_agency.pk).update(password=make_password(None), joined_at=before)
    Authenticator.objects.create(user=other_agency, type=Authenticator.Type.WEBAUTHN, data={})
    _invitation, token = invitations.invite(
        unfpa, email=other_agency.email, name="S", role=Role.OFFICE, by=focal_point, at=AT
    )

    response = client.post(f"/invitations/{token}/", GOOD)

    person = Person.objects.get(pk=other_agency.pk)
    assert said(response) == ["The invitation is accepted. Sign in to go on."]
    assert "_auth_user_id" not in client.session
    assert (person.has_usable_password(), person.name, person.joined_at) == (
        False,
        other_agency.name,
        before,
    )
    assert may_act_for(person, On(DAY, unfpa))


def test_who_lost_the_password_and_accepts_keeps_the_day_of_joining(
    client, focal_point, other_agency, unfpa
):
    before = AT - timedelta(days=300)
    Person.objects.filter(pk=other_agency.pk).update(password=make_password(None), joined_at=before)
    _invitation, token = invitations.invite(
        unfpa, email=other_agency.email, name="S", role=Role.OFFICE, by=focal_point, at=AT
    )

    client.post(f"/invitations/{token}/", GOOD)

    person = Person.objects.get(pk=other_agency.pk)
    assert (person.has_usable_password(), person.joined_at) == (True, before)


def test_an_invitation_is_withdrawn_when_the_address_of_its_person_changes(
    client, invited, administrator, focal_point, unfpa
):
    invitation, path = invited
    person = Person.objects.get(email="new@example.org")

    accounts.change_address(person, "right@example.org", by=administrator, at=AT)
    closed = client.post(path, GOOD)
    _second, token = invitations.invite(
        unfpa,
        email="right@example.org",
        name="New Person",
        role=Role.FOCAL_POINT,
        by=focal_point,
        at=AT,
    )
    accepted = client.post(f"/invitations/{token}/", GOOD)

    assert closed.status_code == 404
    assert "This invitation has been withdrawn." in text_of(closed)
    assert [
        (recorded_reason(change), change.history_user) for change in invitation.history.all()[:1]
    ] == [("Withdrawn: the address changed", administrator)]
    assert accepted.status_code == 302
    assert may_act_for(person, On(DAY, unfpa))
    assert Person.objects.count() == 3


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_link_of_an_old_address_opens_nothing_for_who_has_that_address_now(
    client, invited, method
):
    """No action leaves such an invitation open: it was made while the address was changed."""
    _invitation, path = invited
    person = Person.objects.get(email="new@example.org")
    Person.objects.filter(pk=person.pk).update(email="right@example.org")
    PersonFactory(email="new@example.org")

    response = getattr(client, method)(path, GOOD)

    assert response.status_code == 404
    assert "This invitation went to an old address." in text_of(response)


def test_an_invitation_for_somebody_else_is_not_accepted(client, invited, other_agency):
    client.force_login(other_agency)

    response = client.post(invited[1], GOOD)

    assert response.status_code == 422
    assert "this invitation is for new@example.org" in text_of(response)
    assert Invitation.objects.get().accepted_at is None


def test_a_link_that_opens_nothing_says_so(client, invited, now):
    unknown = client.get("/invitations/" + "0" * 64 + "/")
    now.move_to(AT + timedelta(days=14))
    expired = client.get(invited[1])

    assert (unknown.status_code, expired.status_code) == (404, 404)
    assert "Copy the whole link from the mail." in text_of(unknown)
    assert "This invitation has expired." in text_of(expired)


def test_profile_changes_name_and_zone(client, focal_point):
    client.force_login(focal_point)

    page = client.get("/profile/")
    response = client.post(
        "/profile/", {"name": "Nadia F.", "time_zone": "Asia/Tokyo", "version": 1}
    )

    assert 'value="America/New_York" selected' in text_of(page)
    assert response["Location"] == "/profile/"
    assert Person.objects.values_list("name", "time_zone").get(pk=focal_point.pk) == (
        "Nadia F.",
        "Asia/Tokyo",
    )


def test_profile_with_a_zone_that_is_none_says_so(client, focal_point):
    client.force_login(focal_point)

    response = client.post(
        "/profile/", {"name": "Nadia", "time_zone": "Mars/Olympus", "version": 1}
    )

    assert response.status_code == 422
    assert "time_zone" in response.context["form"].errors


def test_profile_keeps_a_zone_that_is_not_among_the_cities(client, focal_point):
    Person.objects.filter(pk=focal_point.pk).update(time_zone="CET")
    client.force_login(focal_point)

    assert 'value="CET" selected' in text_of(client.get("/profile/"))


def test_profile_that_two_windows_change_shows_both(client, focal_point):
    client.force_login(focal_point)
    client.post("/profile/", {"name": "First", "time_zone": "", "version": 1})

    response = client.post("/profile/", {"name": "Second", "time_zone": "", "version": 1})

    assert response.status_code == 409
    assert [(p["theirs"], p["yours"]) for p in response.context["pairs"]] == [("First", "Second")]


def test_profile_is_for_strangers_too(client, stranger):
    client.force_login(stranger)

    assert "You have no role for an agency." in text_of(client.get("/profile/"))


def test_demo_sign_in_is_not_there_outside_the_demonstration(client, focal_point):
    assert client.post("/demo/sign-in/", {"person": focal_point.pk}).status_code == 404


def test_demo_sign_in_takes_the_cast_and_nobody_else(client, focal_point, colleague, settings):
    settings.DEMO = True
    people.set_demo_role(focal_point, "focal_point")

    assert client.get("/demo/sign-in/").status_code == 405
    assert client.post("/demo/sign-in/", {"person": colleague.pk}).status_code == 422
    assert client.post("/demo/sign-in/", {"person": "x"}).status_code == 422
    assert client.post("/demo/sign-in/", {"person": focal_point.pk}).status_code == 302
    assert client.session["_auth_user_id"] == str(focal_point.pk)


def test_demo_sign_in_speaks_for_each_agency_that_has_nobody_in_the_cast(
    client, focal_point, colleague, other_agency, settings
):
    settings.DEMO = True
    people.set_demo_role(focal_point, "focal_point")

    page = text_of(client.get("/accounts/login/"))

    assert "OHCHR: Samira Okonkwo" in page
    assert "UNFPA: " not in page
    assert client.post("/demo/sign-in/", {"person": other_agency.pk}).status_code == 302
    assert client.session["_auth_user_id"] == str(other_agency.pk)


def test_sign_in_page_offers_the_cast_in_the_demonstration_only(
    client, focal_point, chair, settings
):
    people.set_demo_role(chair, "chair")
    people.set_demo_role(focal_point, "focal_point")

    assert "Look around as one of the cast" not in text_of(client.get("/accounts/login/"))
    settings.DEMO = True
    page = text_of(client.get("/accounts/login/"))
    assert page.index("Nadia Ferreira") < page.index("Élodie Marchand")
    assert "focal point, UNFPA, New York" in page


@pytest.fixture
def hashing(monkeypatch):
    """Return the list of passwords that were hashed."""
    hashed = []
    real = Person.check_password

    def check(self, raw):
        hashed.append(raw)
        return real(self, raw)

    monkeypatch.setattr(Person, "check_password", check)
    return hashed


def test_the_sixth_failed_sign_in_is_refused_before_hashing(client, focal_point, hashing):
    focal_point.set_password("the right password here")
    focal_point.save()

    answers = [
        client.post("/accounts/login/", {"login": focal_point.email, "password": f"wrong {n}"})
        for n in range(6)
    ]

    assert len(set(hashing)) == 5
    assert "wrong 5" not in hashing
    assert "Too many attempts. Wait 5 minutes, then try again." in text_of(answers[5])
    right = client.post(
        "/accounts/login/", {"login": focal_point.email, "password": "the right password here"}
    )
    assert (right.status_code, answers[5].status_code) == (429, 429)
    assert "_auth_user_id" not in client.session


def test_sign_in_by_address_and_password(client, focal_point):
    focal_point.set_password("the right password here")
    focal_point.save()

    assert (
        client.post(
            "/accounts/login/",
            {"login": "Nadia.Ferreira@UNFPA.example.org", "password": "the right password here"},
        ).status_code
        == 302
    )
    assert client.session["_auth_user_id"] == str(focal_point.pk)


def test_nobody_signs_up_by_themselves(client):
    client.post(
        "/accounts/signup/",
        {"email": "a@example.org", "password1": GOOD["password"], "password2": GOOD["password"]},
    )

    assert Person.objects.count() == 0


def test_signing_in_leaves_the_moment_and_no_history(client, focal_point):
    before = focal_point.history.count()

    client.force_login(focal_point)

    assert Person.objects.get(pk=focal_point.pk).last_login == AT
    assert focal_point.history.count() == before
