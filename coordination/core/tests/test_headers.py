"""What each answer tells browsers and proxies: the headers that MDN's HTTP Observatory scores, and what nobody may keep."""

import re

import pytest
from django.conf import settings as django_settings
from django.test import Client

from coordination.meetings.tests.factories import MeetingFactory
from coordination.statements.tests.factories import StatementFactory
from coordination.tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
PRIVATE_REFERRER = {
    "no-referrer",
    "same-origin",
    "strict-origin",
    "strict-origin-when-cross-origin",
}
HALF_A_YEAR = 15768000


@pytest.fixture
def secure(settings) -> Client:
    """Return a browser as in production: over https."""
    (
        settings.SECURE_HSTS_SECONDS,
        settings.SECURE_HSTS_INCLUDE_SUBDOMAINS,
        settings.SECURE_HSTS_PRELOAD,
    ) = 31536000, True, True
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = settings.SECURE_SSL_REDIRECT = (
        True
    )
    return Client(SERVER_NAME="testserver")


def policy_of(response) -> dict[str, list[str]]:
    directives = [part.split() for part in response["Content-Security-Policy"].split(";")]
    return {name: sources for name, *sources in directives}


def score(response) -> dict[str, int]:
    """Return the modifiers of mdn/mdn-http-observatory (src/grader/charts.js); 100 and their sum is the score.

    HSTS preloading (+5) needs an entry in the browsers' own list, which an answer cannot show.
    """
    policy, page = policy_of(response), response.content.decode()
    unsafe = {"'unsafe-inline'", "'unsafe-eval'", "data:", "http:", "https:", "*"}
    scripts = re.findall(r"<script[^>]*src=[^>]*>", page)
    cookies = list(response.cookies.values())
    safe = all(
        each["secure"] and each["samesite"] in {"Lax", "Strict"} and each["httponly"]
        for each in cookies
    )
    hsts = int(re.search(r"max-age=(\d+)", response["Strict-Transport-Security"])[1])
    closed = policy["default-src"] == ["'none'"] and not unsafe & {
        *policy["script-src"],
        *policy["style-src"],
    }
    return {
        "content-security-policy": 10
        if closed and policy["form-action"] in (["'self'"], ["'none'"])
        else -20,
        "cookies": 5 * bool(cookies) if safe else -40,
        "cross-origin-resource-sharing": 0
        if "Access-Control-Allow-Origin" not in response
        else -50,
        "cross-origin-resource-policy": 10
        * (response.get("Cross-Origin-Resource-Policy") in {"same-origin", "same-site"}),
        "referrer-policy": 5 if response["Referrer-Policy"] in PRIVATE_REFERRER else -5,
        "strict-transport-security": 0 if hsts >= HALF_A_YEAR else -10,
        "subresource-integrity": 0
        if all('src="/' in script and 'src="//' not in script for script in scripts)
        else -50,
        "x-content-type-options": 0 if response["X-Content-Type-Options"] == "nosniff" else -5,
        "x-frame-options": 5 if policy.get("frame-ancestors") else -20,
    }


@pytest.mark.parametrize(
    ("path", "reader", "expected"),
    [("/", None, 130), ("/accounts/login/", None, 135), ("/desk/", "focal_point", 135)],
)
def test_the_observatory_gives_each_kind_of_page(secure, terms, request, path, reader, expected):
    if reader:
        secure.force_login(request.getfixturevalue(reader))

    modifiers = score(secure.get(path, secure=True))

    assert 100 + sum(modifiers.values()) == expected, modifiers


def is_private(response) -> bool:
    return {"private", "no-store"} <= {
        part.strip() for part in response["Cache-Control"].split(",")
    }


@pytest.fixture
def released(terms):
    return StatementFactory(slug="released", adopted_at=NOW, released_at=NOW, state="adopted")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/desk/",
        "/profile/",
        "/statements/",
        "/statements/feed/",
        "/meetings/41/calendar/",
        "/nothing/",
        "/outbox/",
        "/admin/",
        "/search/?q=x",
    ],
)
def test_nothing_for_a_signed_in_person_is_kept_by_anybody(sign_in, focal_point, released, path):
    MeetingFactory(slug="41")

    response = sign_in(focal_point).get(path)

    assert is_private(response)
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Cookie" in response["Vary"]


@pytest.mark.parametrize(
    "path", ["/accounts/login/", "/accounts/password/reset/", "/invitations/" + "0" * 64 + "/"]
)
def test_nor_is_a_form_for_a_stranger(client, terms, path):
    first, again = client.get(path), client.get(path)

    assert is_private(first) or not first.cookies
    assert is_private(again) or not client.cookies
    assert is_private(client.post(path))


@pytest.mark.parametrize("path", ["/", "/statements/released/", "/statements/feed/", "/members/"])
def test_what_is_public_may_be_kept_and_is_asked_for_again(client, released, path):
    response = client.get(path)

    assert (response.status_code, response["Cache-Control"]) == (200, "no-cache")
    assert "Cookie" in response["Vary"]


def test_static_files_stay_in_the_browser_and_on_our_site(client):
    response = client.get("/static/core/css/base.css")
    response.close()

    assert "public" in response["Cache-Control"]
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in response
    assert "Cookie" not in response.get("Vary", "")


@pytest.mark.parametrize(
    "method", ["TRACE", "TRACK", "CONNECT", "PUT", "DELETE", "PATCH", "PROPFIND"]
)
@pytest.mark.parametrize("path", ["/", "/desk/", "/accounts/login/", "/static/core/css/base.css"])
def test_methods_that_nothing_uses_are_refused(client, terms, method, path):
    response = client.generic(method, path, headers={"x-secret": "not to be echoed"})

    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD, POST, OPTIONS")
    assert b"not to be echoed" not in response.content


def test_the_headers_are_on_error_pages_too(client, group):
    assert django_settings.MIDDLEWARE.index(
        "coordination.core.middleware.ConfidentialMiddleware"
    ) < django_settings.MIDDLEWARE.index("coordination.core.middleware.UnavailableMiddleware")
    assert client.get("/nothing/")["Cross-Origin-Resource-Policy"] == "same-origin"
