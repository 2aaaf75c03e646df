"""The timeline as geometry: rows of years, terms and gaps as boxes; pure but for one query. Units are those of the SVG."""

import calendar
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from coordination.core.periods import Period, gaps
from coordination.rotation.enums import TermKind, TermState
from coordination.rotation.models import ChairTerm
from coordination.rotation.queries.chair import chairing_agencies
from coordination.rotation.queries.terms import terms_in_order

WIDTH, YEARS_PER_ROW, ROW_HEIGHT, BOX_TOP, BOX_HEIGHT = 1000, 8, 84, 18, 28
NARROW = 46


@dataclass(frozen=True, slots=True)
class Box:
    """A term or a gap within one row: place, look and words."""

    x: float
    y: int
    width: float
    look: str
    label: str
    small: str
    url_slug: str
    title: str

    @property
    def middle(self) -> float:
        """Return the middle of the box."""
        return self.x + self.width / 2

    @property
    def wide(self) -> bool:
        """Say whether the label fits."""
        return self.width >= NARROW


@dataclass(frozen=True, slots=True)
class Year:
    """The line at which a year begins."""

    number: int
    x: float
    y: int


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: a term, or days without a chair."""

    first_day: date
    last_day: date
    state: str
    term: ChairTerm | None

    @property
    def days(self) -> int:
        """Return the number of days."""
        return (self.last_day - self.first_day).days + 1


@dataclass(frozen=True, slots=True)
class Timeline:
    """What the page draws and tells."""

    first_year: int
    last_year: int
    height: int
    years: tuple[Year, ...]
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    today_x: float
    today_y: int

    @property
    def vacant_days(self) -> int:
        """Return the number of past and present days without a chair."""
        return sum(line.days for line in self.lines if line.state == "vacant")


def place(day: date, first_year: int) -> tuple[int, float]:
    """Return the row of `day` and its x."""
    row, column = divmod(day.year - first_year, YEARS_PER_ROW)
    length = 366 if calendar.isleap(day.year) else 365
    fraction = (day.timetuple().tm_yday - 1) / length
    return row, (column + fraction) * WIDTH / YEARS_PER_ROW


def pieces(period: Period, first_year: int) -> Iterator[tuple[int, float, float]]:
    """Yield (row, x, width) of a period, cut where a row ends."""
    assert period.last
    first_row, start = place(period.first, first_year)
    last_row, last = place(period.last, first_year)
    end = last + WIDTH / YEARS_PER_ROW / 365
    for row in range(first_row, last_row + 1):
        left = start if row == first_row else 0.0
        right = end if row == last_row else float(WIDTH)
        yield row, round(left, 1), round(min(right, WIDTH) - left, 1)


def look_of(term: ChairTerm, day: date) -> str:
    """Return how a term is drawn and named: now, next, caretaker, proposed or term."""
    if term.state == TermState.PROPOSED:
        return "proposed"
    if term.period.covers(day):
        return "now"
    if term.kind == TermKind.CARETAKER:
        return "caretaker"
    return "next" if term.first_day > day else "term"


def lines_of(terms: Iterable[ChairTerm], first: date, last: date, day: date) -> list[Line]:
    """Return terms and the gaps between them within first..last, oldest first; days after the last term are not gaps."""
    within = [term for term in terms if term.first_day <= last and term.last_day >= first]
    if not within:
        return []
    begin, end = max(first, within[0].first_day), min(last, max(within[-1].last_day, day))
    confirmed = [term.period for term in within if term.state == TermState.CONFIRMED]
    found = [Line(term.first_day, term.last_day, look_of(term, day), term) for term in within]
    proposed = [term.period for term in within if term.state == TermState.PROPOSED]
    found += [Line(gap.first, gap.last, "vacant", None) for gap in gaps([*confirmed, *proposed], begin, end) if gap.last]
    return sorted(found, key=lambda line: line.first_day)


def words(line: Line) -> tuple[str, str]:
    """Return the label of a box and the small words under it."""
    if line.term is None:
        return "", ""
    label = " + ".join(agency.acronym for agency in chairing_agencies(line.term))
    return label, {"now": "chair now", "caretaker": "caretaker", "proposed": "proposed"}.get(line.state, "")


def boxes_of(line: Line, first_year: int, last_year: int) -> Iterator[Box]:
    """Yield the boxes of a line, cut to the years shown and where a row ends."""
    shown = Period(max(line.first_day, date(first_year, 1, 1)), min(line.last_day, date(last_year, 12, 31)))
    label, small = words(line)
    slug = line.term.slug if line.term else ""
    title = f"{label or 'No chair'}, {line.first_day.isoformat()} – {line.last_day.isoformat()}"
    for row, x, width in pieces(shown, first_year):
        yield Box(x, row * ROW_HEIGHT + BOX_TOP, width, line.state, label, small, slug, title)


def timeline(first_year: int, last_year: int, day: date) -> Timeline:
    """Return the timeline of whole years, as it stands on `day`; two queries."""
    terms = list(terms_in_order())
    lines = lines_of(terms, date(first_year, 1, 1), date(last_year, 12, 31), day)
    rows = (last_year - first_year) // YEARS_PER_ROW + 1
    row, x = place(day, first_year)
    years = tuple(
        Year(first_year + n, (n % YEARS_PER_ROW) * WIDTH / YEARS_PER_ROW, n // YEARS_PER_ROW * ROW_HEIGHT)
        for n in range(last_year - first_year + 1)
    )
    boxes = tuple(box for line in lines for box in boxes_of(line, first_year, last_year))
    return Timeline(first_year, last_year, rows * ROW_HEIGHT, years, boxes, tuple(reversed(lines)), round(x, 1), row * ROW_HEIGHT)
