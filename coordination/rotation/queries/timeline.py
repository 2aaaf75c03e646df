"""The geometry of the timeline: rows of years, with boxes.

Units are those of the SVG. Pure but for one function.
"""

import calendar
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from django.utils.text import capfirst
from django.utils.translation import get_language_bidi, gettext_lazy
from django.utils.translation import gettext as _

from coordination.core import formatting
from coordination.core.enums import Precision
from coordination.core.periods import ONE_DAY, Period
from coordination.members.models import Agency
from coordination.rotation.enums import TermKind, TermState
from coordination.rotation.models import ChairTerm
from coordination.rotation.queries import chair
from coordination.rotation.queries.chair import Sitting, chairing_agencies
from coordination.rotation.queries.terms import Vacancy, terms_in_order, vacancies

WIDTH, MOST_YEARS_PER_ROW, ROW_HEIGHT, BOX_TOP, BOX_HEIGHT = 1000, 8, 84, 18, 28
INSET = 2  # a proposal is drawn within the box of the vacancy that it would fill
NARROW, EDGE = 46, 20
REMARKS = {
    "vacant": gettext_lazy("No chair"),
    "ahead": gettext_lazy("No chair yet"),
    "unknown": gettext_lazy("Not on record"),
    "now": gettext_lazy("chair now"),
    "caretaker": gettext_lazy("caretaker"),
    "proposed": gettext_lazy("proposed"),
}


@dataclass(frozen=True, slots=True)
class Box:
    """A term or a gap within one row.

    `base` is the top of the row's boxes, from which the texts are placed. `style` is the CSS class.
    """

    x: float
    base: int
    width: float
    style: str
    label: str
    small: str
    title: str

    @property
    def inset(self) -> int:
        """Return how much smaller the box is, above and below."""
        return INSET if self.style == "proposed" else 0

    @property
    def y(self) -> int:
        """Return the top of the box."""
        return self.base + self.inset

    @property
    def height(self) -> int:
        """Return the height of the box."""
        return BOX_HEIGHT - 2 * self.inset

    @property
    def middle(self) -> float:
        """Return the x of the middle of the box."""
        return self.x + self.width / 2

    @property
    def wide(self) -> bool:
        """Return whether the label fits."""
        return self.width >= NARROW


@dataclass(frozen=True, slots=True)
class Year:
    """The line at which a year begins."""

    number: int
    x: float
    y: int


@dataclass(frozen=True)
class Line:
    """One line of the table: a term, or days without a chair.

    `shown` are its days within the years shown. A day of a vacancy is None where no term is on
    record on that side. A term is cut where its agencies join or leave the group: `agencies` chair
    on the days of the line. `lapsed` are the confirmed terms of a vacancy whose agencies are not
    members on its days.
    """

    first_day: date | None
    last_day: date | None
    shown: Period
    state: str
    term: ChairTerm | None
    agencies: tuple[Agency, ...] = ()
    lapsed: tuple[ChairTerm, ...] = ()

    @property
    def days(self) -> int | None:
        """Return the number of days; None for a vacancy without an end."""
        return (
            Period(self.first_day, self.last_day).days if self.first_day and self.last_day else None
        )

    @property
    def caretaker(self) -> bool:
        """Return whether it is a caretaker's term."""
        return self.term is not None and self.term.kind == TermKind.CARETAKER

    @cached_property
    def names(self) -> str:
        """Return who chairs, "FAO + IOM"; "" for a vacancy."""
        return " + ".join(agency.acronym for agency in self.agencies)

    @cached_property
    def note(self) -> str:
        """Return the note of the term, or why nobody chairs in a confirmed one."""
        if self.term:
            # a caretaker has a badge of its own
            is_bridge = self.term.kind in {TermKind.EXTENSION, TermKind.TROIKA}
            kind = capfirst(self.term.get_kind_display()) if is_bridge else ""
            return ". ".join(part for part in (kind, self.term.theme, self.term.note) if part)
        return " ".join(lapsed_sentence(term) for term in self.lapsed)

    @cached_property
    def remark(self) -> str:
        """Return a short remark on the term, or ""."""
        if self.state == "now" and self.caretaker:
            return _("caretaker now")
        return str(REMARKS.get(self.state, ""))

    @cached_property
    def spoken_label(self) -> str:
        """Return who chairs, and the remark, for screen readers."""
        if self.names and self.remark:
            return _("%(names)s, %(remark)s") % {"names": self.names, "remark": self.remark}
        return self.names or self.remark

    @cached_property
    def span(self) -> str:
        """Return the days as text, as exactly as they are known."""
        first = self.first_day and day_as_known(
            self.first_day,
            self.term.first_precision
            if self.term and self.term.first_day == self.first_day
            else Precision.DAY,
        )
        last = self.last_day and day_as_known(
            self.last_day,
            self.term.last_precision
            if self.term and self.term.last_day == self.last_day
            else Precision.DAY,
        )
        if first and first == last:
            return first
        if first and last:
            return _("%(first)s to %(last)s") % {"first": first, "last": last}
        if first:
            return _("from %(first)s on") % {"first": first}
        return _("until %(last)s") % {"last": last} if last else _("no term on record")


@dataclass(frozen=True, slots=True)
class Timeline:
    """What the page draws.

    `today_x` is None where today is not shown. `today_anchor` keeps the label within the row.
    """

    first_year: int
    last_year: int
    height: int
    years: tuple[Year, ...]
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    vacant_days: int
    today_x: float | None
    today_y: int
    today_anchor: str

    @property
    def name(self) -> str:
        """Return the years: "2009", "2006 to 2029"."""
        if self.first_year == self.last_year:
            return str(self.first_year)
        return _("%(first)s to %(last)s") % {"first": self.first_year, "last": self.last_year}


@dataclass(frozen=True, slots=True)
class Scale:
    """Where a day lies: at most eight years in a row."""

    first_year: int
    last_year: int

    @property
    def per_row(self) -> int:
        """Return the number of years in a row."""
        return min(MOST_YEARS_PER_ROW, self.last_year - self.first_year + 1)

    def place(self, day: date) -> tuple[int, float]:
        """Return the row of `day` and the x at which it begins."""
        row, column = divmod(day.year - self.first_year, self.per_row)
        # Leap years are drawn as wide as others.
        length = 366 if calendar.isleap(day.year) else 365
        fraction = (day.timetuple().tm_yday - 1) / length
        return row, round((column + fraction) * WIDTH / self.per_row, 1)

    def pieces(self, period: Period) -> Iterator[tuple[int, float, float]]:
        """Yield (row, x, width), cut at the ends of rows.

        A period ends where the next day begins.
        """
        assert period.last
        first_row, left = self.place(period.first)
        last_row, right = self.place(period.last + ONE_DAY)
        # A period that ends at the edge of a row ends there, not at the start of the next.
        if not right:
            last_row, right = last_row - 1, float(WIDTH)
        for row in range(first_row, last_row + 1):
            x, end = left if row == first_row else 0.0, right if row == last_row else float(WIDTH)
            yield row, x, round(end - x, 1)

    def years(self) -> Iterator[Year]:
        """Yield the lines at which the years begin."""
        for number in range(self.first_year, self.last_year + 1):
            row, x = self.place(date(number, 1, 1))
            yield Year(number, x, row * ROW_HEIGHT)


def day_as_known(day: date, precision: str) -> str:
    """Return a day with its precision: "1 Jul 2006", "April 2003"."""
    return (
        formatting.plain_day(day)
        if precision == Precision.DAY
        else formatting.known_day(day, precision)
    )


def lapsed_sentence(term: ChairTerm) -> str:
    """Return why nobody chairs on days of a confirmed term."""
    sentence = _("%(term)s is confirmed for %(agencies)s, not a member of the group on these days.")
    return sentence % {
        "term": term.slug,
        "agencies": " + ".join(agency.acronym for agency in chairing_agencies(term)),
    }


def style_of(sitting: Sitting, day: date) -> str:
    """Return the style of a sitting, which names its state on `day`."""
    if sitting.period.covers(day):
        return "now"
    if sitting.term.kind == TermKind.CARETAKER:
        return "caretaker"
    return "next" if sitting.first_day > day else "term"


def style_of_vacancy(vacancy: Vacancy, lapsed: Sequence[ChairTerm], day: date) -> str:
    """Return the style of days without a chair.

    Days before the first term on record are "unknown": nobody knows who chaired.
    """
    if vacancy.first_day is None and not lapsed:
        return "unknown"
    return "ahead" if vacancy.first_day and vacancy.first_day > day else "vacant"


def lines_of(
    terms: Iterable[ChairTerm], sittings: Sequence[Sitting], first: date, last: date, day: date
) -> list[Line]:
    """Return the terms and vacancies of first..last, oldest first. Pure.

    Both days are inclusive. Sittings and vacancies cover each day exactly once, as in
    `chair.chair_on`. A proposal stands beside the vacancy that it would fill.
    """
    terms, shown = list(terms), Period(first, last)
    lines = [
        line_of(sitting.term, sitting.period, shown, style_of(sitting, day), sitting.agencies)
        for sitting in sittings
        if sitting.period.overlaps(shown)
    ]
    lines += [
        line_of(term, term.period, shown, "proposed", chairing_agencies(term))
        for term in terms
        if term.state == TermState.PROPOSED and term.period.overlaps(shown)
    ]
    for vacancy in vacancies(sittings, first, last):
        lapsed = tuple(
            term
            for term in terms
            if term.state == TermState.CONFIRMED and term.period.overlaps(vacancy.shown)
        )
        style = style_of_vacancy(vacancy, lapsed, day)
        days = vacancy.first_day, vacancy.last_day, vacancy.shown
        lines.append(Line(*days, style, None, lapsed=lapsed))
    return sorted(lines, key=lambda line: (line.shown.first, line.term is not None))


def line_of(
    term: ChairTerm, days: Period, shown: Period, style: str, agencies: tuple[Agency, ...]
) -> Line:
    """Return the line of a term's days, cut to the days shown. Pure."""
    assert days.last
    assert shown.last
    within = Period(max(shown.first, days.first), min(shown.last, days.last))
    return Line(days.first, days.last, within, style, term, agencies)


def boxes_of(line: Line, scale: Scale) -> Iterator[Box]:
    """Yield the boxes of a line, cut at the ends of rows."""
    title = f"{line.spoken_label}, {line.span}"
    for row, x, width in scale.pieces(line.shown):
        yield Box(x, row * ROW_HEIGHT + BOX_TOP, width, line.state, line.names, line.remark, title)


def vacant_days_until(day: date, lines: Iterable[Line]) -> int:
    """Return how many shown days had no chair. Pure.

    Days before the first term are not on record, so they are not counted.
    """
    # days after `day` are not counted: a term may still fill them
    gaps = [line.shown for line in lines if line.state == "vacant" and line.shown.first <= day]
    return sum(Period(gap.first, min(gap.last or day, day)).days for gap in gaps)


def timeline(first_year: int, last_year: int, day: date) -> Timeline:
    """Return the timeline of whole years on `day`; three queries."""
    scale, first, last = (
        Scale(first_year, last_year),
        date(first_year, 1, 1),
        date(last_year, 12, 31),
    )
    lines = lines_of(terms_in_order(), chair.sittings(), first, last, day)
    row, x = scale.place(day)
    drawn = Timeline(
        first_year,
        last_year,
        height=((last_year - first_year) // scale.per_row + 1) * ROW_HEIGHT,
        years=tuple(scale.years()),
        boxes=tuple(box for line in lines for box in boxes_of(line, scale)),
        lines=tuple(reversed(lines)),
        vacant_days=vacant_days_until(day, lines),
        today_x=x if first <= day <= last else None,
        today_y=row * ROW_HEIGHT,
        today_anchor="start" if x < EDGE else "end" if x > WIDTH - EDGE else "middle",
    )
    return mirrored(drawn) if get_language_bidi() else drawn


def mirrored(timeline: Timeline) -> Timeline:
    """Return a timeline from right to left. Pure.

    The anchor of "today" stays: in SVG, text from right to left starts at its right end.
    """
    return replace(
        timeline,
        years=tuple(replace(year, x=WIDTH - year.x) for year in timeline.years),
        boxes=tuple(replace(box, x=WIDTH - box.x - box.width) for box in timeline.boxes),
        today_x=None if timeline.today_x is None else WIDTH - timeline.today_x,
    )
