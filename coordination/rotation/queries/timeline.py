"""Build the lines of the timeline: each day once, with proposals.

The table shows them as rows, `drawing` as boxes. Pure but for `record`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils.translation import get_language_bidi, gettext_lazy
from django.utils.translation import gettext as _

from coordination.core import formatting
from coordination.core.enums import Precision
from coordination.core.periods import Period
from coordination.members.models import Agency
from coordination.rotation.enums import TermKind, TermState
from coordination.rotation.models import ChairTerm
from coordination.rotation.queries import chair, drawing
from coordination.rotation.queries.chair import Sitting, Stretch, chairing_agencies
from coordination.rotation.queries.drawing import Part
from coordination.rotation.queries.happenings import TimelineMark
from coordination.rotation.queries.terms import terms_in_order
from coordination.rotation.queries.windows import Window

REMARKS = {
    "vacant": gettext_lazy("No chair"),
    "past": gettext_lazy("No chair"),
    "ahead": gettext_lazy("No chair yet"),
    "unknown": gettext_lazy("Not on record"),
    "now": gettext_lazy("chair now"),
    "proposed": gettext_lazy("proposed"),
}
# days without a chair; those that are over raise no alarm
VACANT = ("vacant", "past")


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
    def bridge(self) -> str:
        """Return "caretaker", "extension" or "troika"; "" for a usual term."""
        if self.term is None or self.term.kind == TermKind.TERM:
            return ""
        return self.term.get_kind_display()

    @cached_property
    def names(self) -> str:
        """Return who chairs, "FAO + IOM"; "" for a vacancy."""
        return " + ".join(agency.acronym for agency in self.agencies)

    @cached_property
    def note(self) -> str:
        """Return the term's note, or why nobody chairs in it."""
        if self.term:
            return ". ".join(part for part in (self.term.theme, self.term.note) if part)
        return " ".join(lapsed_sentence(term) for term in self.lapsed)

    @cached_property
    def remark(self) -> str:
        """Return a short remark on the term, or ""."""
        if self.bridge:
            now = _("%(kind)s now") % {"kind": self.bridge}
            return now if self.state == "now" else self.bridge
        if self.state in ("term", "next") and len(self.agencies) > 1:
            return _("joint chair")
        return str(REMARKS.get(self.state, ""))

    @cached_property
    def title(self) -> str:
        """Return who chairs, the remark and the days."""
        return f"{self.spoken_label}, {self.span}"

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
class Record:
    """The sittings, and the terms that are not withdrawn, of the timeline in order."""

    terms: tuple[ChairTerm, ...]
    sittings: tuple[Sitting, ...]

    @property
    def first_year(self) -> int | None:
        """Return the year in which the first term begins, or None."""
        return self.terms[0].first_day.year if self.terms else None

    @property
    def last_year(self) -> int:
        """Return the year in which the last term ends; 0 without any."""
        return max((term.last_day.year for term in self.terms), default=0)


@dataclass(frozen=True, slots=True)
class Timeline:
    """What the page draws and lists; `lines` are the newest first."""

    window: Window
    parts: tuple[Part, ...]
    lines: tuple[Line, ...]
    marks: tuple[TimelineMark, ...]
    vacant_days: int


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
    if sitting.term.kind != TermKind.TERM:
        return "caretaker"
    return "next" if sitting.first_day > day else "term"


def style_of_vacancy(stretch: Stretch, day: date) -> str:
    """Return the style of days without a chair.

    Before the first confirmed term they are "unknown": nobody knows who chaired.
    """
    if not stretch.on_record:
        return "unknown"
    if stretch.first_day and stretch.first_day > day:
        return "ahead"
    return "vacant" if stretch.covers(day) else "past"


def on_record_from(terms: Iterable[ChairTerm]) -> date | None:
    """Return the first day of the first confirmed term, or None. Pure."""
    days = [term.first_day for term in terms if term.state == TermState.CONFIRMED]
    return min(days, default=None)


def lines_of(
    terms: Iterable[ChairTerm], sittings: Sequence[Sitting], first: date, last: date, day: date
) -> list[Line]:
    """Return the terms and vacancies of first..last, oldest first. Pure.

    Both days are inclusive. Sittings and vacancies cover each day exactly once, as in
    `chair.chair_on`. A proposal stands beside the vacancy that it would fill.
    """
    terms, shown = list(terms), Period(first, last)
    lines = [
        line_of_stretch(stretch, terms, shown, day)
        for stretch in chair.stretches(sittings, on_record_from(terms))
        if overlaps(stretch, shown)
    ]
    lines += [
        Line(
            term.first_day,
            term.last_day,
            within(term.first_day, term.last_day, shown),
            "proposed",
            term,
            chairing_agencies(term),
        )
        for term in terms
        if term.state == TermState.PROPOSED and term.period.overlaps(shown)
    ]
    return sorted(lines, key=lambda line: (line.shown.first, line.state == "proposed"))


def overlaps(stretch: Stretch, shown: Period) -> bool:
    """Return whether a stretch shares a day with the days shown. Pure."""
    assert shown.last
    return (stretch.first_day is None or stretch.first_day <= shown.last) and (
        stretch.last_day is None or shown.first <= stretch.last_day
    )


def within(first: date | None, last: date | None, shown: Period) -> Period:
    """Return the days of first..last that are shown; None has no end. Pure."""
    assert shown.last
    return Period(max(first or shown.first, shown.first), min(last or shown.last, shown.last))


def line_of_stretch(stretch: Stretch, terms: Iterable[ChairTerm], shown: Period, day: date) -> Line:
    """Return the line of days with the same chair or without one.

    Pure.
    """
    days = within(stretch.first_day, stretch.last_day, shown)
    sitting = stretch.sitting
    if sitting:
        return Line(
            sitting.first_day,
            sitting.last_day,
            days,
            style_of(sitting, day),
            sitting.term,
            sitting.agencies,
        )
    lapsed = tuple(
        term for term in terms if term.state == TermState.CONFIRMED and term.period.overlaps(days)
    )
    style = style_of_vacancy(stretch, day)
    return Line(stretch.first_day, stretch.last_day, days, style, None, lapsed=lapsed)


def vacant_days_until(day: date, lines: Iterable[Line]) -> int:
    """Return how many shown days had no chair. Pure.

    Days before the first term are not on record, so they are not counted.
    """
    # days after `day` are not counted: a term may still fill them
    gaps = [line.shown for line in lines if line.state in VACANT and line.shown.first <= day]
    return sum(Period(gap.first, min(gap.last or day, day)).days for gap in gaps)


def record() -> Record:
    """Return the terms that are not withdrawn, and who chairs when; three queries."""
    return Record(tuple(terms_in_order()), tuple(chair.sittings()))


def timeline(
    record: Record, window: Window, day: date, marks: Iterable[TimelineMark] = ()
) -> Timeline:
    """Return the timeline of a window on `day`. Pure."""
    lines = lines_of(record.terms, record.sittings, window.first, window.last, day)
    shown = tuple(mark for mark in marks if window.first <= mark.day <= window.last)
    parts = drawing.parts_of(window, lines, shown, day)
    return Timeline(
        window,
        tuple(drawing.mirrored(part) for part in parts) if get_language_bidi() else parts,
        tuple(reversed(lines)),
        shown,
        vacant_days_until(day, lines),
    )
