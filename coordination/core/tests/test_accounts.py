"""Signing in and protecting the account, in the look of the house: no unknown variable, a title on each page, nothing inline."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from coordination.core.tests.pages import text_of
from coordination.tests.services.ports import free_port

pytestmark = pytest.mark.usefixtures("strict")

PASSWORD = "correct horse battery staple"
INLINE = re.compile(
    r"""\sstyle=|\son[a-z]+=["']|<style|<script(?![^>]*(\bsrc=|application/json))"""
)


@pytest.fixture
def known(client, focal_point, terms):
    """Sign the focal point in by password, and confirm once more that it is her."""
    focal_point.set_password(PASSWORD)
    focal_point.save()
    EmailAddress.objects.create(
        user=focal_point, email=focal_point.email, verified=True, primary=True
    )
    client.post("/accounts/login/", {"login": focal_point.email, "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return focal_point


def title_of(page: str) -> str:
    return re.search(r"<title>(.*?) · Global Migration Group</title>", page)[1]


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/accounts/login/", "Sign in"),
        ("/accounts/password/reset/", "Set a new password"),
        ("/accounts/password/reset/done/", "The link is on its way"),
        ("/accounts/password/reset/key/1-nonsense/", "Set a new password"),
        ("/accounts/signup/", "Sign Up Closed"),
        ("/accounts/inactive/", "Account Inactive"),
    ],
)
def test_pages_before_signing_in(client, group, path, title):
    page = text_of(client.get(path))

    assert title_of(page).strip() == title
    assert INLINE.search(page) is None


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/accounts/email/", "E-mail address"),
        ("/accounts/password/change/", "Change Password"),
        ("/accounts/logout/", "Sign out"),
        ("/accounts/reauthenticate/", "Is it you?"),
        ("/accounts/2fa/", "Second factor"),
        ("/accounts/sessions/", "Sessions"),
        ("/accounts/2fa/totp/activate/", "Authenticator App"),
        ("/accounts/2fa/webauthn/", "Passkeys and security keys"),
        ("/accounts/2fa/webauthn/add/", "Passkeys and security keys"),
    ],
)
def test_pages_of_the_account(client, known, path, title):
    response = client.get(path)

    page = text_of(response)
    assert response.status_code == 200
    assert title in title_of(page)
    assert INLINE.search(page) is None
    assert page.count("<h1") == 1


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/2fa/",
        "/accounts/2fa/recovery-codes/",
        "/accounts/2fa/recovery-codes/generate/",
        "/accounts/2fa/totp/deactivate/",
    ],
)
def test_pages_of_an_account_with_a_second_factor(client, known, path):
    TOTP.activate(known, generate_totp_secret())
    RecoveryCodes.activate(known)

    response = client.get(path)

    page = text_of(response)
    assert response.status_code == 200
    assert INLINE.search(page) is None


def test_keys_are_listed_with_their_last_use(client, known):
    data = {
        "name": "Office laptop",
        "credential": {"clientExtensionResults": {"credProps": {"rk": True}}},
    }
    Authenticator.objects.create(user=known, type=Authenticator.Type.WEBAUTHN, data=data)

    page = text_of(client.get("/accounts/2fa/webauthn/"))

    assert "<b>Office laptop</b>, a passkey: replaces the password" in page
    assert "not used yet" in page


def test_password_is_set_by_the_link_of_the_mail(client, known, mailoutbox):
    client.logout()
    client.post("/accounts/password/reset/", {"email": known.email})
    link = re.search(r"https?://[^/]+(/accounts/password/reset/key/\S+)", mailoutbox[0].body)[1]
    response = client.get(link, follow=True)
    page = text_of(response)

    done = client.post(
        response.request["PATH_INFO"],
        {"password1": "a new horse battery", "password2": "a new horse battery"},
    )

    assert "<h1>Set a new password</h1>" in page
    assert done.status_code == 302
    assert client.login(email=known.email, password="a new horse battery")


def test_other_ways_to_show_that_it_is_you(client, known):
    TOTP.activate(known, generate_totp_secret())

    page = text_of(client.get("/accounts/reauthenticate/"))

    assert '<a class="button" href="/accounts/2fa/reauthenticate/' in page


def test_second_step_asks_for_the_code(client, known):
    TOTP.activate(known, generate_totp_secret())
    client.post("/accounts/logout/")

    response = client.post(
        "/accounts/login/", {"login": known.email, "password": PASSWORD}, follow=True
    )

    page = text_of(response)
    assert response.request["PATH_INFO"] == "/accounts/2fa/authenticate/"
    assert 'name="code"' in page
    assert INLINE.search(page) is None


def test_wrong_password_says_so_above_the_form_and_keeps_the_address(client, focal_point, terms):
    response = client.post(
        "/accounts/login/", {"login": focal_point.email, "password": "not the password"}
    )

    page = text_of(response)
    assert '<p class="form__error"><svg' in page
    assert f'value="{focal_point.email}"' in page
    assert "not the password" not in page


def test_sign_in_asks_in_our_words(client, group):
    page = text_of(client.get("/accounts/login/"))

    assert '<label class="form__label" for="id_login">E-mail address at your agency</label>' in page
    assert "Stay signed in on this device" in page
    assert "placeholder" not in page.partition("<main")[2]


@pytest.fixture
def no_mail_server(settings):
    settings.EMAIL_BACKEND = "coordination.reminders.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()


def test_without_a_mail_server_the_page_says_so_and_not_whether_the_address_is_known(
    client, known, no_mail_server, caplog
):
    client.logout()

    answers = [
        client.post("/accounts/password/reset/", {"email": email})
        for email in (known.email, "nobody.at.all@example.org")
    ]

    [one, other] = [
        re.sub(r'nonce="[^"]*"|value="\w{64}"', "", text_of(answer)) for answer in answers
    ]
    assert [answer.status_code for answer in answers] == [503, 503]
    assert "The mail could not be sent now; try again in some minutes." in one
    assert one.replace(known.email, "nobody.at.all@example.org") == other
    assert [
        (record.name, record.levelname)
        for record in caplog.records
        if "could not be sent" in record.message
    ] == [("coordination.members.adapter", "ERROR")] * 2
    assert "account/email/password_reset_key could not be sent: [Errno" in caplog.text
    assert known.email not in caplog.text


def test_without_a_mail_server_another_address_is_kept_and_can_be_confirmed_later(
    client, known, no_mail_server
):
    refused = client.post("/accounts/email/", {"ask": "yes", "email": "another@example.org"})

    assert refused.status_code == 503
    assert "The mail could not be sent now; try again in some minutes." in text_of(refused)
    assert "another@example.org" in text_of(client.get("/accounts/email/"))


def test_without_a_mail_server_people_sign_in_all_the_same(
    client, focal_point, terms, no_mail_server
):
    focal_point.set_password(PASSWORD)
    focal_point.save()

    answer = client.post("/accounts/login/", {"login": focal_point.email, "password": PASSWORD})

    assert (answer.status_code, answer.url) == (302, "/desk/")
