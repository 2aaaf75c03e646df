"""What happened in a term, and what is marked on the timeline.

Higher apps say it: `desk` registers what `meetings` and `statements` know.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from coordination.core.periods import Period


@dataclass(frozen=True, slots=True)
class Viewer:
    """The reader's permissions by name, and the group's zone."""

    may: Callable[[str], bool]
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Happening:
    """Something on a day; `url` is "" for a closed page."""

    day: date
    title: str
    url: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class TimelineMark:
    """A mark on the timeline.

    `label` is short; `style` is the CSS class, "event" or "text".
    """

    day: date
    label: str
    title: str
    url: str = ""
    style: str = "event"


@dataclass(frozen=True, slots=True)
class Chapter:
    """One app's story of a term; `empty` is its text for nothing."""

    key: str
    title: str
    happenings: tuple[Happening, ...]
    empty: str


# Take the viewer and the days, both inclusive. What the viewer may not read is left out.
Tell = Callable[[Viewer, Period], Iterable[Chapter]]
FindMarks = Callable[[Viewer, Period], Iterable[TimelineMark]]
_tellers: list[Tell] = []
_markers: list[FindMarks] = []


def register(tell: Tell, find_marks: FindMarks) -> None:
    """Register an app's story of terms and its timeline marks."""
    if tell not in _tellers:
        _tellers.append(tell)
    if find_marks not in _markers:
        _markers.append(find_marks)


def chapters(viewer: Viewer, days: Period) -> list[Chapter]:
    """Return what happened on the days, app by app."""
    return [chapter for tell in _tellers for chapter in tell(viewer, days)]


def marks(viewer: Viewer, days: Period) -> list[TimelineMark]:
    """Return what is marked on the timeline, in order."""
    found = [mark for find in _markers for mark in find(viewer, days)]
    return sorted(found, key=lambda mark: mark.day)
