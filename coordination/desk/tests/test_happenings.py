"""What the rotation tells of meetings and statements: on the page of a term, and on the timeline."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from coordination.core.periods import Period
from coordination.core.tests.pages import text_of
from coordination.desk.queries import happenings
from coordination.meetings.enums import MeetingKind, MeetingState
from coordination.meetings.models import Decision
from coordination.meetings.tests.factories import MeetingFactory
from coordination.rotation.queries import happenings as registered
from coordination.rotation.queries.happenings import Viewer
from coordination.statements.enums import StatementState
from coordination.statements.tests.factories import StatementFactory
from coordination.tests.many import ROWS

pytestmark = pytest.mark.django_db
DAYS = Period(date(2026, 7, 1), date(2026, 12, 31))


def viewer(group, *, belongs=True):
    return Viewer(lambda _name: belongs, group.zone)


def meeting(title, at=datetime(2026, 9, 1, 9, tzinfo=UTC), **fields):
    return MeetingFactory(title=title, slug=title.lower().replace(" ", "-"), starts_at=at, **fields)


def adopted(slug, at, **fields):
    return StatementFactory(
        slug=slug,
        title=f"On {slug}",
        symbol=slug,
        state=StatementState.ADOPTED,
        started_at=datetime(2026, 1, 5, tzinfo=UTC),
        amendments_until=datetime(2026, 1, 20, tzinfo=UTC),
        adopted_at=at,
        **fields,
    )


def told(group, **fields):
    return {
        chapter.key: [(row.day, row.title, row.detail) for row in chapter.happenings]
        for chapter in happenings.chapters(viewer(group, **fields), DAYS)
    }


def signs(group, **fields):
    return [
        (mark.day, mark.label, mark.title, mark.url, mark.style)
        for mark in registered.marks(viewer(group, **fields), DAYS)
    ]


def test_the_statements_meetings_and_decisions_of_the_days_are_told(group):
    held = meeting("Meeting 1")
    Decision.objects.create(meeting=held, number=1, text="Meet again")
    Decision.objects.create(meeting=held, number=2, text="x" * 300)
    meeting("Meeting 2", datetime(2026, 10, 1, 9, tzinfo=UTC), kind=MeetingKind.EVENT)
    cancelled = meeting("Cancelled", state=MeetingState.CANCELLED)
    Decision.objects.create(meeting=cancelled, number=1, text="Nothing")
    adopted("health", datetime(2026, 11, 1, 12, tzinfo=UTC))
    StatementFactory(
        slug="new",
        title="New",
        symbol="new",
        started_at=datetime(2026, 8, 1, tzinfo=UTC),
        amendments_until=datetime(2026, 9, 1, tzinfo=UTC),
    )
    StatementFactory(slug="unseen", symbol="u", started_at=datetime(2026, 8, 1, tzinfo=UTC))

    first = date(2026, 9, 1)
    assert told(group) == {
        "statements": [
            (date(2026, 11, 1), "On health", "adopted"),
            (date(2026, 8, 1), "New", "drafting"),
        ],
        "meetings": [
            (first, "Meeting 1", "working-level meeting, 2 decisions"),
            (date(2026, 10, 1), "Meeting 2", "event"),
        ],
        "decisions": [
            (first, "Meet again", "Meeting 1"),
            (first, "x" * 199 + "…", "Meeting 1"),
        ],
    }


def test_visitors_read_of_what_was_released_alone(group):
    meeting("Meeting 1")
    adopted("secret", datetime(2026, 11, 1, 12, tzinfo=UTC))
    adopted(
        "public",
        datetime(2026, 11, 2, 12, tzinfo=UTC),
        released_at=datetime(2026, 11, 3, tzinfo=UTC),
    )

    assert told(group, belongs=False) == {
        "statements": [(date(2026, 11, 2), "On public", "adopted")]
    }
    assert [sign[2] for sign in signs(group, belongs=False)] == ["On public"]
    assert [sign[2] for sign in signs(group)] == ["On secret", "On public"]


def test_days_are_those_of_the_groups_zone(group):
    """Geneva is an hour ahead: the last hour of the year there is the day after at 23:30 UTC."""
    meeting("In", datetime(2026, 12, 31, 22, 30, tzinfo=UTC))
    meeting("Out", datetime(2026, 12, 31, 23, 30, tzinfo=UTC))
    meeting("First", datetime(2026, 6, 30, 22, 30, tzinfo=UTC))

    assert [(row[0], row[1]) for row in told(group)["meetings"]] == [
        (date(2026, 7, 1), "First"),
        (date(2026, 12, 31), "In"),
    ]


def test_principals_meetings_and_adopted_statements_are_marked(group):
    principals = {"kind": MeetingKind.PRINCIPALS}
    meeting("Published", sources=["https://example.org/"], **principals)
    meeting("Planned", datetime(2026, 12, 1, 9, tzinfo=UTC), **principals)
    meeting("Off", state=MeetingState.CANCELLED, **principals)
    meeting("Working level")
    adopted("health", datetime(2026, 10, 1, 12, tzinfo=UTC))

    assert signs(group) == [
        (date(2026, 9, 1), "Principals", "Published", "/meetings/published/", "event"),
        (date(2026, 10, 1), "Statement", "On health", "/statements/health/", "text"),
        (date(2026, 12, 1), "Principals", "Planned", "/meetings/planned/", "event"),
    ]
    assert signs(group, belongs=False) == [
        (date(2026, 9, 1), "Principals", "Published", "", "event")
    ]


def test_the_page_of_a_term_tells_what_happened_to_those_who_may_read(
    sign_in, client, now, terms, focal_point
):
    meeting("Meeting 1")
    address = reverse("rotation:term", args=["2026-H2"])

    public, member = text_of(client.get(address)), text_of(sign_in(focal_point).get(address))

    assert ("Meeting 1" in public, "No statement of these days is on record." in public) == (
        False,
        True,
    )
    assert '<a href="/meetings/meeting-1/">Meeting 1</a>' in member
    assert "No decision of these days is on record." in member


def test_the_timeline_marks_and_lists_the_events(sign_in, client, now, terms, focal_point):
    meeting("Heads meet", kind=MeetingKind.PRINCIPALS, sources=["https://example.org/"])

    public = text_of(client.get(reverse("rotation:timeline")))
    member = text_of(sign_in(focal_point).get(reverse("rotation:timeline")))

    assert "1 event in these days" in public
    assert "<li>1 Sep 2026: Heads meet</li>" in public
    assert '<li>1 Sep 2026: <a href="/meetings/heads-meet/">Heads meet</a></li>' in member
    assert ">Principals</text>" in public


def test_what_is_registered_twice_is_told_once(group):
    meeting("Heads meet", kind=MeetingKind.PRINCIPALS)
    registered.register(happenings.chapters, happenings.marks)

    assert len(signs(group)) == 1
    assert len(registered.chapters(viewer(group), DAYS)) == 3


@pytest.mark.parametrize("count", ROWS)
def test_telling_costs_the_same_however_much_happened(group, django_assert_num_queries, count):
    held = [meeting(f"Meeting {n}", kind=MeetingKind.PRINCIPALS) for n in range(min(count, 30))]
    Decision.objects.bulk_create(Decision(meeting=row, number=1, text="Yes") for row in held)

    with django_assert_num_queries(5):
        told(group)
        signs(group)
