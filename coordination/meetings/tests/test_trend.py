"""Who represented the members at principals' meetings, over the years."""

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest

from coordination.core.tests.pages import text_of
from coordination.meetings.models import Attendance
from coordination.meetings.queries import outcomes, trend
from coordination.meetings.templatetags.meetings import share_text
from coordination.meetings.tests.factories import MeetingFactory
from coordination.members.models import Agency
from coordination.members.tests.factories import AgencyFactory, MembershipFactory
from coordination.statements.tests.factories import StatementFactory
from coordination.tests.cast import NOW
from coordination.tests.many import many

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now", "terms")]
LEVELS = ("principal", "delegate", "focal_point", "absent")
PAGE = 9


def sixteen():
    """Make the members sixteen; return them."""
    for number in range(Agency.objects.count(), 16):
        agency = AgencyFactory(acronym=f"M{number:02}", slug=f"m{number}")
        MembershipFactory(agency=agency, first_day=date(2006, 1, 1))
    return list(Agency.objects.order_by("acronym"))


def held(year, *counts, **values):
    """Make a principals' meeting at which so many members were at each of LEVELS."""
    meeting = MeetingFactory(
        slug=f"{year}-principals",
        title=f"Principals {year}",
        kind="principals",
        state="held",
        starts_at=datetime(year, 11, 3, 14, 0, tzinfo=UTC),
        **values,
    )
    levels = [level for level, count in zip(LEVELS, counts, strict=True) for _ in range(count)]
    Attendance.objects.bulk_create(
        Attendance(meeting=meeting, agency=agency, level=level)
        for agency, level in zip(sixteen(), levels, strict=False)
    )
    return meeting


def test_the_trend_says_the_exact_shares_of_the_members_of_each_day(sign_in, focal_point):
    first = held(2023, 4, 7, 3, 2)
    held(2024, 3, 9, 3, 1)
    held(2025, 6, 8, 1, 1)
    StatementFactory(title="On transit", slug="transit", meeting=first, state="adopted")
    StatementFactory(title="On remittances", slug="remittances", meeting=first)

    lines = trend.trend()

    assert [(line.principal_share, line.represented_share) for line in lines] == [
        (Fraction(1, 4), Fraction(14, 16)),
        (Fraction(3, 16), Fraction(15, 16)),
        (Fraction(6, 16), Fraction(15, 16)),
    ]
    page = text_of(sign_in(focal_point).get("/meetings/trend/"))
    newest, middle, oldest = page.partition("<tbody")[2].split("</tr>")[:3]
    for row, shares in (
        (oldest, ("Principals 2023", ">25 %<", ">87.5 %<", ">On transit</a>")),
        (middle, ("Principals 2024", ">18.75 %<", ">93.75 %<", "no adopted statement")),
        (newest, ("Principals 2025", ">37.5 %<", ">93.75 %<", "no adopted statement")),
    ):
        assert [words for words in shares if words not in row] == [], row
    assert "On remittances" not in page
    # 4 of 16 of 120 units; 14 of 16
    assert 'x="40" y="102" width="22" height="30"' in page
    assert 'x="62" y="27" width="22" height="105"' in page


def test_unknown_attendance_is_said_and_counts_in_no_share(sign_in, focal_point):
    held(2011, 0, 0, 0, 0)
    held(2012, 8, 0, 0, 7)

    unknown, known = trend.trend()

    assert (unknown.is_known, unknown.principal_share, unknown.represented_share) == (
        False,
        None,
        None,
    )
    assert (known.unrecorded, known.principal_share) == (1, Fraction(1, 2))
    page = text_of(sign_in(focal_point).get("/meetings/trend/"))
    assert page.count("The attendance is not on record; it counts in no share.") == 1
    assert "1 not on record" in page
    assert ">?</text>" in page


def test_only_members_of_that_day_and_meetings_that_were_held_count():
    meeting = held(2024, 2, 0, 0, 0)
    guest = AgencyFactory(acronym="GUEST")
    Attendance.objects.create(meeting=meeting, agency=guest, level="principal")
    MeetingFactory(kind="principals", starts_at=datetime(2025, 1, 1, tzinfo=UTC))
    MeetingFactory(kind="principals", state="held", starts_at=datetime(2005, 1, 1, tzinfo=UTC))
    MeetingFactory(state="held", starts_at=datetime(2025, 1, 1, tzinfo=UTC))

    [line] = trend.trend()

    assert (line.principals, line.members) == (2, 16)


def test_without_meetings_the_page_says_what_belongs_there(sign_in, focal_point):
    page = text_of(sign_in(focal_point).get("/meetings/trend/"))

    assert "No principals’ meeting is on record" in page


@pytest.mark.parametrize(
    ("share", "text"),
    [(Fraction(1), "100 %"), (Fraction(1, 3), "33.33 %"), (Fraction(15, 16), "93.75 %")],
)
def test_a_share_is_shown_to_a_hundredth(share, text):
    assert share_text(share) == text


def test_a_meeting_that_was_held_and_led_to_no_statement_is_flagged(sign_in, focal_point):
    meeting = held(2025, 1, 0, 0, 0)
    client = sign_in(focal_point)
    flagged = "No adopted statement is linked"
    assert flagged in text_of(client.get("/meetings/2025-principals/"))
    StatementFactory(title="On transit", slug="transit", meeting=meeting)
    assert flagged in text_of(client.get("/meetings/2025-principals/"))

    StatementFactory(title="On work", slug="work", meeting=meeting, state="adopted")

    page = text_of(client.get("/meetings/2025-principals/"))
    assert (flagged in page, '<a href="/statements/work/">On work</a>' in page) == (False, True)
    assert outcomes.statements_of([]) == {}


@pytest.mark.parametrize("count", [1, 30])
def test_the_trend_costs_the_same_for_many_meetings(
    sign_in, focal_point, count, django_assert_num_queries
):
    days = [datetime(2010, 1, 1 + number, tzinfo=UTC) for number in range(count)]
    meetings = many(MeetingFactory, count, kind="principals", state="held", starts_at=days)
    agency = AgencyFactory()
    Attendance.objects.bulk_create(
        Attendance(meeting=meeting, agency=agency, level="principal") for meeting in meetings
    )
    many(StatementFactory, count, meeting=meetings, state="adopted", started_at=NOW)
    client = sign_in(focal_point)

    with django_assert_num_queries(PAGE):
        client.get("/meetings/trend/")
