"""How many agencies their principals represented, meeting by meeting."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.translation import gettext as _

from coordination.core.sheets import Sheet
from coordination.meetings.enums import Level, MeetingKind, MeetingState
from coordination.meetings.models import Attendance, Meeting
from coordination.meetings.queries import PRESENT
from coordination.meetings.queries.outcomes import StatementOfMeeting, statements_of
from coordination.members.models import Agency
from coordination.members.queries.agencies import members_of_days

SINCE = date(2006, 1, 1)
# the picture: a column for each meeting
COLUMN, BAR, HIGH, TOP, START = 72, 22, 120, 12, 40


@dataclass(frozen=True, slots=True)
class TrendLine:
    """The attendance of one meeting.

    Counted by level among the members of its day. Where `is_known` is false nothing is on record,
    and no share is known.
    """

    meeting: Meeting
    members: int
    levels: dict[str, int]
    statements: Sequence[StatementOfMeeting]

    @property
    def is_known(self) -> bool:
        """Return whether the attendance of a member is on record."""
        return bool(self.levels) and self.members > 0

    @property
    def principals(self) -> int:
        """Return how many members their principal represented."""
        return self.levels.get(Level.PRINCIPAL, 0)

    @property
    def represented(self) -> int:
        """Return how many members were represented."""
        return sum(self.levels.get(level, 0) for level in PRESENT)

    @property
    def unrecorded(self) -> int:
        """Return of how many members nothing is on record."""
        return self.members - sum(self.levels.values())

    @property
    def counts(self) -> list[tuple[Any, int]]:
        """Return each level's words and number of members."""
        return [(level.label, self.levels.get(level, 0)) for level in Level]

    @property
    def principal_share(self) -> Fraction | None:
        """Return the share of members that their principal represented."""
        return Fraction(self.principals, self.members) if self.is_known else None

    @property
    def represented_share(self) -> Fraction | None:
        """Return the share of members that were represented at all."""
        return Fraction(self.represented, self.members) if self.is_known else None


@dataclass(frozen=True, slots=True)
class TrendColumn:
    """One meeting in the picture.

    Where its bars stand and how high they are. Units are those of the picture.
    """

    line: TrendLine
    x: int
    principals: tuple[str, str]
    represented: tuple[str, str]

    @property
    def middle(self) -> int:
        """Return the middle between the two bars."""
        return self.x + BAR

    @property
    def second(self) -> int:
        """Return where the second bar begins."""
        return self.x + BAR


def percent(share: Fraction) -> float:
    """Return a share in percent, exact to a hundredth. Pure.

    3/16 is 18.75.
    """
    return float(round(share * 100, 2))


def line_of(
    meeting: Meeting,
    members: Iterable[Agency],
    records: Iterable[Attendance],
    statements: Sequence[StatementOfMeeting],
) -> TrendLine:
    """Return the attendance of a meeting. Pure.

    Only of the members of its day.
    """
    keys = {agency.pk for agency in members}
    levels = Counter(record.level for record in records if record.agency_id in keys)
    return TrendLine(meeting, len(keys), dict(levels), statements)


def trend() -> list[TrendLine]:
    """Return the principals' meetings held since 2006.

    The oldest first. Four queries.
    """
    meetings = Meeting.objects.filter(
        kind=MeetingKind.PRINCIPALS, state=MeetingState.HELD, starts_at__date__gte=SINCE
    )
    return lines_of(list(meetings.order_by("starts_at", "pk")))


def lines_of(meetings: Sequence[Meeting]) -> list[TrendLine]:
    """Return the attendance of meetings, in their order.

    Three queries.
    """
    prefetch_related_objects(
        meetings, Prefetch("attendances", Attendance.objects.select_related("agency", "person"))
    )
    members = members_of_days({meeting.day for meeting in meetings})
    statements = statements_of(meetings)
    return [
        line_of(
            meeting,
            members[meeting.day],
            meeting.attendances.all(),
            [each for each in statements.get(meeting.pk, []) if each.is_adopted],
        )
        for meeting in meetings
    ]


def sheets_of(meetings: Sequence[Meeting]) -> list[Sheet]:
    """Return meetings as tables.

    A line for each meeting, and one for each seat. Three queries.
    """
    lines = lines_of(meetings)
    return [
        Sheet(
            _("Meetings"),
            [
                _("Meeting"),
                _("Day"),
                _("Place"),
                _("Chair"),
                _("Members of that day"),
                *(str(level.label) for level in Level),
                _("Represented"),
                _("Share by their principal"),
                _("Share represented"),
                _("Statement"),
                _("Outcome"),
            ],
            [meeting_cells(line) for line in lines],
        ),
        Sheet(
            _("Attendance"),
            [
                _("Meeting"),
                _("Agency"),
                _("Level"),
                _("Name and title on that day"),
                _("Delegate for"),
                _("Reason of the apologies"),
            ],
            [cells for line in lines for cells in seat_cells(line.meeting)],
        ),
    ]


def meeting_cells(line: TrendLine) -> list[object]:
    """Return the cells of one meeting. Pure."""
    meeting = line.meeting
    shares = (line.principal_share, line.represented_share)
    return [
        meeting.title,
        meeting.day,
        meeting.place,
        meeting.chair_name,
        line.members,
        *(count if line.is_known else "" for _label, count in line.counts),
        line.represented if line.is_known else "",
        *("" if share is None else float(share) for share in shares),
        "; ".join(statement.title for statement in line.statements),
        meeting.outcome,
    ]


def seat_cells(meeting: Meeting) -> list[list[object]]:
    """Return the cells of each agency on record. Pure."""
    return [
        [
            meeting.title,
            record.agency.acronym,
            record.get_level_display(),
            record.name_on_day or str(record.person or ""),
            record.delegate_for,
            record.reason,
        ]
        for record in meeting.attendances.all()
    ]


def height_of(share: Fraction | None) -> tuple[str, str]:
    """Return (y, height) of a bar in the picture. Pure.

    As SVG writes numbers.
    """
    high = float((share or Fraction(0)) * HIGH)
    return f"{TOP + HIGH - high:g}", f"{high:g}"


def columns(lines: Iterable[TrendLine]) -> list[TrendColumn]:
    """Return the columns of the picture. Pure."""
    return [
        TrendColumn(
            line,
            START + place * COLUMN,
            height_of(line.principal_share),
            height_of(line.represented_share),
        )
        for place, line in enumerate(lines)
    ]


def width_of(lines: Sequence[TrendLine]) -> int:
    """Return the width of the picture. Pure."""
    return START + len(lines) * COLUMN
