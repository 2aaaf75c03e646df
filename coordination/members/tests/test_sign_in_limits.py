"""Guessing is limited, and a stranger cannot lock out the owner of an account: sign-in, second factor, new password."""

from dataclasses import replace
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core import signing
from django.test import Client

from coordination.core.enums import ProxyMismatch
from coordination.core.queries import last_beat
from coordination.members import attempts
from coordination.members.actions import invitations
from coordination.members.enums import Role
from coordination.tests.cast import NOW

PASSWORD = "correct horse battery staple"
SIGN_IN, RESET, CODE = (
    "/accounts/login/",
    "/accounts/password/reset/",
    "/accounts/2fa/authenticate/",
)
HOME, CAFE = "192.0.2.1", "198.51.100.7"

pytestmark = [pytest.mark.usefixtures("now", "terms"), pytest.mark.both]


@pytest.fixture
def owner(focal_point):
    focal_point.set_password(PASSWORD)
    focal_point.save()
    EmailAddress.objects.create(
        user=focal_point, email=focal_point.email, verified=True, primary=True
    )
    return focal_point


def at(address: str) -> Client:
    return Client(REMOTE_ADDR=address)


def sign_in(client: Client, person, password: str = PASSWORD):
    return client.post(SIGN_IN, {"login": person.email, "password": password})


def guess(client: Client, person, times: int) -> list[int]:
    return [sign_in(client, person, f"wrong {number}").status_code for number in range(times)]


def sign_out(client: Client) -> None:
    """Sign out; the device stays known."""
    client.post("/accounts/logout/")


def test_a_stranger_is_stopped_and_the_owner_is_not(owner):
    stranger = at(CAFE)

    assert guess(stranger, owner, 6) == [200, 200, 200, 200, 200, 429]
    refused = sign_in(stranger, owner)
    assert (refused.status_code, refused["Retry-After"]) == (429, "300")
    assert "Too many attempts. Wait 5 minutes, then try again." in refused.content.decode()
    assert PASSWORD not in refused.content.decode()
    assert sign_in(at(HOME), owner).status_code == 302


def test_the_limit_of_a_stranger_ends(owner, now):
    stranger = at(CAFE)
    guess(stranger, owner, 6)

    now.shift(timedelta(minutes=5, seconds=1))

    assert guess(stranger, owner, 1) == [200]


def test_success_is_not_counted(owner):
    client = at(HOME)
    for _ in range(8):
        assert sign_in(client, owner).status_code == 302
        sign_out(client)
        client.cookies.clear()


def test_a_known_device_is_let_through_behind_the_same_address(owner):
    client = at(CAFE)
    sign_in(client, owner)
    sign_out(client)
    guess(at(CAFE), owner, 6)

    assert sign_in(client, owner).status_code == 302


def test_a_known_device_has_a_limit_of_its_own(owner):
    client = at(CAFE)
    sign_in(client, owner)
    sign_out(client)

    assert guess(client, owner, 16) == [200] * 15 + [429]


def test_the_cookie_of_a_device_is_signed_and_for_one_account(owner, colleague):
    client = at(CAFE)
    sign_in(client, owner)
    [mine] = [cookie for cookie in client.cookies.values() if cookie.key.startswith("device_")]
    sign_out(client)
    guess(client, colleague, 5)
    client.cookies[attempts.cookie_name(colleague.email)] = mine.value
    forged = at(CAFE)
    forged.cookies[attempts.cookie_name(owner.email)] = mine.value[:-1] + (
        "A" if mine.value[-1] != "A" else "B"
    )
    guess(forged, owner, 5)

    assert (mine["httponly"], mine["samesite"], mine["path"], mine["max-age"]) == (
        True,
        "Lax",
        "/accounts/",
        365 * 24 * 3600,
    )
    assert owner.email not in mine.key
    held = signing.loads(mine.value, salt=attempts.SALT)
    assert held == {"account": attempts.fingerprint(owner.email), "device": held["device"]}
    assert owner.email not in str(held)
    assert guess(client, colleague, 1) == [429]
    assert guess(forged, owner, 1) == [429]
    assert sign_in(client, owner).status_code == 302


def test_one_address_is_stopped_whatever_accounts_it_tries(owner):
    stranger = at(CAFE)

    answers = [
        stranger.post(SIGN_IN, {"login": f"p{number}@example.org", "password": "wrong"}).status_code
        for number in range(21)
    ]

    assert answers == [200] * 20 + [429]
    assert sign_in(at(HOME), owner).status_code == 302


@pytest.fixture
def few(monkeypatch):
    """Let the limit of an account be six attempts an hour."""
    usual = attempts.limits_of
    monkeypatch.setattr(
        attempts,
        "limits_of",
        lambda act: replace(usual(act), account="6/h") if act == attempts.SIGN_IN else usual(act),
    )


def test_many_addresses_slow_strangers_down_and_lock_nobody(owner, now, few):
    known = at(HOME)
    sign_in(known, owner)
    sign_out(known)
    for number in range(2):
        guess(at(f"203.0.113.{number}"), owner, 3)

    assert guess(at("203.0.113.9"), owner, 1) == [200]  # the one of these 15 seconds
    slowed = sign_in(at("203.0.113.10"), owner)
    assert (slowed.status_code, slowed["Retry-After"]) == (429, "15")
    assert "Wait some seconds, then try again." in slowed.content.decode()
    assert sign_in(known, owner).status_code == 302
    now.shift(timedelta(seconds=16))
    assert sign_in(at("203.0.113.11"), owner).status_code == 302


def test_a_new_password_ends_what_strangers_did(owner, few, mailoutbox):
    for number in range(2):
        guess(at(f"203.0.113.{number}"), owner, 4)
    client = at(HOME)
    assert guess(client, owner, 1) == [429]

    client.post(RESET, {"email": owner.email})
    link = next(word for word in mailoutbox[0].body.split() if "/password/reset/key/" in word)
    form = client.get("/" + link.split("/", 3)[3], follow=True).request["PATH_INFO"]
    client.post(form, {"password1": "another horse battery", "password2": "another horse battery"})

    assert sign_in(client, owner, "another horse battery").status_code == 302


def test_a_stranger_cannot_keep_the_owner_from_a_new_password(owner, mailoutbox):
    stranger = at(CAFE)

    answers = [stranger.post(RESET, {"email": owner.email}) for _ in range(6)]

    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    assert answers[-1]["Retry-After"] == "3600"
    assert at(HOME).post(RESET, {"email": owner.email}).status_code == 302
    assert len(mailoutbox) == 6


def test_an_unknown_address_is_limited_alike(owner):
    stranger = at(CAFE)

    assert [
        stranger.post(RESET, {"email": "nobody@example.org"}).status_code for _ in range(6)
    ] == [302] * 5 + [429]


def code_of(person) -> str:
    secret = Authenticator.objects.get(user=person, type=Authenticator.Type.TOTP).data["secret"]
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def test_who_has_the_password_alone_cannot_lock_out_the_second_factor(owner):
    TOTP.activate(owner, generate_totp_secret())
    thief, client = at(CAFE), at(HOME)
    assert sign_in(thief, owner).url == CODE

    answers = [thief.post(CODE, {"code": f"00000{number}"}) for number in range(6)]

    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert answers[-1]["Retry-After"] == "600"
    assert thief.post(CODE, {"code": code_of(owner)}).status_code == 429
    assert not [name for name in thief.cookies if name.startswith("device_")]
    sign_in(client, owner)
    assert client.post(CODE, {"code": code_of(owner)}).status_code == 302
    assert attempts.cookie_name(owner.email) in client.cookies


def test_a_right_code_is_not_counted_and_is_asked_for_once_more(owner, now):
    TOTP.activate(owner, generate_totp_secret())
    client = at(HOME)
    sign_in(client, owner)
    client.post(CODE, {"code": code_of(owner)})
    now.shift(timedelta(hours=1))

    answers = [
        client.post("/accounts/2fa/reauthenticate/", {"code": f"00000{number}"}).status_code
        for number in range(2)
    ]

    assert answers == [200, 200]
    assert client.post("/accounts/2fa/reauthenticate/", {"code": code_of(owner)}).status_code == 302


def test_limits_of_allauth_answer_429_with_the_time_to_wait(owner):
    client = at(HOME)
    sign_in(client, owner)

    change = {"oldpassword": "wrong", "password1": "x", "password2": "x"}
    answers = [client.post("/accounts/password/change/", change) for _ in range(6)]

    assert (answers[-1].status_code, answers[-1]["Retry-After"]) == (429, "60")
    assert "Too many attempts. Wait a minute, then try again." in answers[-1].content.decode()


def test_an_accepted_invitation_makes_the_device_known(focal_point, unfpa):
    _invitation, token = invitations.invite(
        unfpa, email="new@example.org", name="New", role=Role.FOCAL_POINT, by=focal_point, at=NOW
    )
    client = at(HOME)

    client.post(
        f"/invitations/{token}/",
        {"name": "New", "password": PASSWORD, "password_again": PASSWORD},
    )

    assert attempts.cookie_name("new@example.org") in client.cookies


@pytest.mark.parametrize(
    ("count", "header", "seen"),
    [
        (0, "", None),
        (0, "192.0.2.1", ProxyMismatch.FORWARDED),
        (1, "192.0.2.1", None),
        (1, "", ProxyMismatch.DIRECT),
        (2, "192.0.2.1", ProxyMismatch.DIRECT),
    ],
)
def test_a_sign_in_shows_whether_the_proxies_are_counted_right(
    owner, settings, count, header, seen
):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = count
    headers = {"x-forwarded-for": header} if header else {}

    answer = at(HOME).post(SIGN_IN, {"login": owner.email, "password": PASSWORD}, headers=headers)

    assert answer.status_code == 302
    assert {each for each in ProxyMismatch if last_beat(each)} == ({seen} if seen else set())


def test_a_failed_sign_in_shows_nothing_of_the_proxies(owner):
    at(CAFE).post(
        SIGN_IN,
        {"login": owner.email, "password": "wrong"},
        headers={"x-forwarded-for": "192.0.2.1"},
    )

    assert last_beat(ProxyMismatch.FORWARDED) is None
