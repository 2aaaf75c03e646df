"""The records (Django admin) have the app's one sign-in: its second factor, its limits, its pages."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.urls import reverse

from coordination.core.tests.pages import text_of
from coordination.members.models import Person

PASSWORD = "correct horse battery staple"
SIGN_IN = "/accounts/login/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(administrator) -> Person:
    """Return the administrator, with a password."""
    administrator.set_password(PASSWORD)
    administrator.save()
    return administrator


@pytest.fixture
def tried(monkeypatch) -> list[str]:
    """Return the passwords that were compared with somebody's."""
    compared = []
    real = Person.check_password

    def check(self, raw):
        compared.append(raw)
        return real(self, raw)

    monkeypatch.setattr(Person, "check_password", check)
    return compared


def code_of(person: Person) -> str:
    """Return what the person's app shows now."""
    secret = Authenticator.objects.get(user=person, type=Authenticator.Type.TOTP).data["secret"]
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def answer(client, path: str, **fields: str):
    """Send a form to where the records send the visitor."""
    return client.post(path, {"login": "admin@example.org", "next": "/admin/", **fields})


def test_visitor_of_the_records_is_sent_to_the_one_sign_in_and_back(client, keeper):
    asked = client.get("/admin/meetings/meeting/", follow=True)
    page = text_of(asked)

    signed_in = answer(client, SIGN_IN, password=PASSWORD, next="/admin/meetings/meeting/")

    assert asked.redirect_chain[-1] == ("/accounts/login/?next=/admin/meetings/meeting/", 302)
    assert '<h1 id="h-in">Sign in</h1>' in page
    assert '<input type="hidden" name="next" value="/admin/meetings/meeting/"' in page
    assert (signed_in.status_code, signed_in.url) == (302, "/admin/meetings/meeting/")
    assert client.get(signed_in.url).status_code == 200


def test_the_right_password_sent_to_the_address_of_djangos_sign_in_opens_nothing(
    client, keeper, tried
):
    for _ in range(14):
        refused = client.post(
            "/admin/login/?next=/admin/", {"username": keeper.email, "password": PASSWORD}
        )

        assert (refused.status_code, refused.url) == (302, "/accounts/login/?next=/admin/")

    assert tried == []
    assert "_auth_user_id" not in client.session


def test_an_administrator_cannot_try_the_passwords_of_others_there(
    client, keeper, focal_point, tried
):
    client.force_login(keeper)

    sent = client.post("/admin/login/", {"username": focal_point.email, "password": "a guess"})

    assert (sent.status_code, sent.url) == (302, "/admin/")
    assert tried == []
    assert client.session["_auth_user_id"] == str(keeper.pk)


def test_after_wrong_passwords_the_way_into_the_records_is_closed_for_a_while(
    client, keeper, tried
):
    [*_, (path, _status)] = client.get("/admin/", follow=True).redirect_chain

    answers = [answer(client, path, password=f"wrong {n}") for n in range(14)]

    assert sorted(set(tried)) == [f"wrong {n}" for n in range(5)]
    assert "Too many attempts. Wait 5 minutes, then try again." in text_of(answers[5])
    assert "Too many attempts. Wait 5 minutes, then try again." in text_of(answers[13])
    assert "Too many attempts. Wait 5 minutes, then try again." in text_of(
        answer(client, path, password=PASSWORD)
    )
    assert "_auth_user_id" not in client.session


def test_an_administrator_with_a_second_factor_is_asked_for_it(client, keeper):
    TOTP.activate(keeper, generate_totp_secret())

    password_alone = answer(client, SIGN_IN, password=PASSWORD)
    between = client.get("/admin/")
    code = client.post(password_alone.url, {"code": code_of(keeper)})

    assert password_alone.url.startswith("/accounts/2fa/authenticate/")
    assert (between.status_code, between.url) == (302, "/admin/login/?next=/admin/")
    assert (code.status_code, code.url) == (302, "/admin/")
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize(
    "path", ["/admin/", "/admin/login/", "/admin/members/person/", "/styleguide/"]
)
def test_who_keeps_no_records_reads_who_does_and_is_not_sent_in_circles(
    client, focal_point, chair, path, now
):
    client.force_login(focal_point)

    refused = client.get(path, follow=True)

    assert refused.status_code == 403
    assert len(refused.redirect_chain) <= 1
    assert "The administrators keep the records." in text_of(refused)
    assert "The chair today:" in text_of(refused)


@pytest.mark.parametrize(
    ("wanted", "place"),
    [
        ("", "/admin/"),
        ("/admin/members/agency/", "/admin/members/agency/"),
        ("https://evil.example/", "/admin/"),
        ("//evil.example", "/admin/"),
    ],
)
def test_who_is_in_already_goes_on_to_a_page_of_ours(client, keeper, wanted, place):
    client.force_login(keeper)

    assert client.get("/admin/login/", {"next": wanted}).url == place


def test_an_account_that_was_closed_is_a_visitor(client, keeper):
    client.force_login(keeper)
    Person.objects.filter(pk=keeper.pk).update(is_active=False)

    assert client.get("/admin/login/").url == "/accounts/login/?next=/admin/"


def test_the_records_change_no_password_of_the_reader_beside_the_limits(client, keeper):
    client.force_login(keeper)

    sent = client.post(
        reverse("admin:password_change"),
        {"old_password": PASSWORD, "new_password1": "x" * 20, "new_password2": "x" * 20},
    )

    assert (sent.status_code, sent.url) == (302, "/accounts/password/change/")
    keeper.refresh_from_db()
    assert keeper.check_password(PASSWORD)
