"""The pages of meetings of which nobody knows the hour."""

from datetime import UTC, datetime

import pytest

from coordination.core.tests.pages import text_of
from coordination.meetings.enums import MeetingState
from coordination.meetings.tests.factories import MeetingFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now", "terms")]


def test_a_meeting_known_by_its_day_stands_under_the_day_where_it_was(client, focal_point):
    first = datetime(2010, 10, 5, 22, 0, tzinfo=UTC)  # the 6th in Geneva, still the 5th in New York
    MeetingFactory(
        slug="3",
        starts_at=first,
        time_zone="Europe/Zurich",
        state=MeetingState.HELD,
        sources=["https://example.org"],
    )
    client.force_login(focal_point, backend="django.contrib.auth.backends.ModelBackend")

    for path in ("/meetings/", "/meetings/3/"):
        page = text_of(client.get(path))
        assert '<time datetime="2010-10-06">6 October 2010</time>' in page, path
