"""The whole roll of a meeting in Chromium: on one screen, kept by number keys alone."""

from datetime import UTC, date, datetime

import pytest
from playwright.sync_api import expect

from coordination.meetings.models import Attendance
from coordination.meetings.tests.factories import MeetingFactory
from coordination.members.models import Agency
from coordination.members.tests.factories import AgencyFactory, MembershipFactory
from coordination.tests.e2e.test_browser import browser, page_for  # noqa: F401 - the fixture

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("now", "terms"),
]
LEVELS = {"4": "focal_point", "5": "apologies", "6": "absent"}


def test_thirteen_of_sixteen_are_recorded_by_sixteen_keys(live_server, browser, chair):  # noqa: F811 - the fixture
    for number in range(Agency.objects.count(), 16):
        agency = AgencyFactory(acronym=f"M{number:02}", slug=f"m{number}")
        MembershipFactory(agency=agency, first_day=date(2006, 1, 1))
    MeetingFactory(slug="42", starts_at=datetime(2026, 11, 23, 8, 0, tzinfo=UTC))
    page = page_for(browser, live_server.url, chair, width=1280, theme="light")
    page.goto(f"{live_server.url}/meetings/42/roll/")
    rows = page.locator(".attendance__row")
    expect(rows).to_have_count(16)
    last = rows.last.bounding_box()
    assert last is not None
    assert last["y"] + last["height"] <= 900

    rows.first.locator("input[type=radio]:checked").focus()
    for key in "4444444444444556":
        page.keyboard.press(key)
    page.keyboard.press("Enter")

    expect(page.locator(".page-head")).to_contain_text("13 of 16 members were represented.")
    levels = Attendance.objects.order_by("agency__acronym").values_list("level", flat=True)
    assert list(levels) == [LEVELS[key] for key in "4444444444444556"]
    page.context.close()
