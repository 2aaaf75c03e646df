"""In Chromium: after signing out, Back shows nothing private; the pages for 429 and 503 are readable at both widths."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.core.cache import cache
from django.template.loader import render_to_string

from coordination.tests.e2e.test_browser import (  # noqa: F401 - a fixture among them
    SHOTS,
    WIDTHS,
    browser,
    keep_picture,
    page_for,
    violations,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_back_after_signing_out_shows_nothing_private(browser, live_server, focal_point, terms):  # noqa: F811 - the fixture
    page = page_for(browser, live_server.url, focal_point, width=1280, theme="light")
    for path in ("/profile/", "/desk/", "/accounts/logout/"):
        page.goto(live_server.url + path)
        assert page.content().count(focal_point.name) > 0
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{live_server.url}/")

    seen = []
    for _ in range(3):
        page.go_back()
        seen.append(
            (
                page.url.removeprefix(live_server.url).partition("?")[0],
                focal_point.name in page.content(),
            )
        )

    assert [private for _path, private in seen] == [False, False, False]
    assert seen[-1][0] == "/accounts/login/"


@pytest.mark.parametrize("width", WIDTHS)
def test_the_pages_that_say_wait(browser, live_server, terms, width):  # noqa: F811 - the fixture
    cache.clear()  # no model is behind this table: the tests that commit leave their counters
    page = page_for(browser, live_server.url, "", width=width, theme="light")
    folder = SHOTS / "apart"
    page.goto(f"{live_server.url}/accounts/login/")
    for number in range(6):
        page.get_by_label("E-mail address at your agency").fill("somebody@example.org")
        page.get_by_label("Password").fill(f"wrong {number}")
        page.get_by_role("button", name="Sign in", exact=True).click()
    assert "Too many attempts. Wait 5 minutes, then try again." in page.inner_text("main")
    keep_picture(page, folder / f"429-{width}.jpg", full_page=False)
    page.evaluate(AXE_SCRIPT)
    wrong = violations(page)

    typed = [("reason", "The second sentence repeats the first. We propose to delete it. " * 8)]
    page.goto(f"{live_server.url}/accounts/login/")
    page.set_content(
        render_to_string("503.html", {"typed": typed, "is_form": True}).replace(
            "/static/", f"{live_server.url}/static/"
        )
    )
    keep_picture(page, folder / f"503-{width}.jpg", full_page=False)
    page.evaluate(AXE_SCRIPT)

    assert wrong + violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
