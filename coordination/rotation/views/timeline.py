"""The timeline of the rotation."""

from collections.abc import Iterator

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from coordination.core.http import HttpRequest
from coordination.core.periods import Period
from coordination.core.permissions import offered
from coordination.core.queries import disagreement_changes, disagreements
from coordination.rotation.queries import (
    carried,
    corrections,
    happenings,
    troika,
    windows,
)
from coordination.rotation.queries import timeline as timeline_queries
from coordination.rotation.queries.happenings import Viewer
from coordination.rotation.queries.windows import Window, Zoom
from coordination.rotation.views.context import chair_of_request


def viewer_of(request: HttpRequest) -> Viewer:
    """Return the reader of a page, as other apps are asked what happened."""
    return Viewer(lambda name: offered(request, name), request.group.zone)


def term_window(request: HttpRequest) -> Window:
    """Return the months of the present term, or of the present vacancy and the months ahead."""
    chair = chair_of_request(request)
    if chair.term and chair.until:
        return windows.months_around(chair.term.first_day, chair.until)
    return windows.months_around(request.day, request.day)


def whole_window(request: HttpRequest, record: timeline_queries.Record) -> Window:
    """Return the years from the beginning of the group to the end of what is planned."""
    established = windows.year_from(request.group.established[:4])
    first = established or record.first_year or request.day.year
    return windows.years(first, max(request.day.year + windows.YEARS_AHEAD, record.last_year))


def window_of(request: HttpRequest, record: timeline_queries.Record) -> tuple[str, Window]:
    """Return the name of the zoom that the address asks for, and its days.

    The address may name years instead: then no zoom is the present one.
    """
    first, last = (windows.year_from(request.GET.get(name, "")) for name in ("from", "to"))
    whole = whole_window(request, record)
    if first or last:
        return "years", windows.years(first or whole.first.year, last or whole.last.year)
    zoom = request.GET.get("zoom", "")
    by_name = {
        "decade": lambda: windows.decade(request.day),
        "three": lambda: windows.three_years(request.day),
        "term": lambda: term_window(request),
    }
    return (zoom, by_name[zoom]()) if zoom in by_name else ("", whole)


def zooms(request: HttpRequest, current: str) -> Iterator[Zoom]:
    """Yield the zooms that a reader may choose."""
    names = {
        "": _("all"),
        "decade": windows.decade(request.day).name,
        "three": _("three years"),
        "term": _("this term") if chair_of_request(request).term else _("these months"),
    }
    for name, label in names.items():
        yield Zoom(label, f"?zoom={name}" if name else "?", name == current)


def timeline(request: HttpRequest) -> HttpResponse:
    """Show who chaired, chairs and will chair, with the vacancies, and who carried how much.

    It also shows where sources disagree.
    """
    record = timeline_queries.record()
    zoom, window = window_of(request, record)
    marks = happenings.marks(viewer_of(request), Period(window.first, window.last))
    may_read = offered(request, "rotation.read")
    rows = carried.carried_until(record.sittings, request.day)
    return render(
        request,
        "rotation/timeline_show.html",
        {
            "timeline": timeline_queries.timeline(record, window, request.day, marks),
            "zooms": zooms(request, zoom),
            "troika": troika.troika_on(record.sittings, request.day),
            "carried": rows,
            "most_days": max((row.shown_days for row in rows), default=0),
            "disagreements": disagreements("chair"),
            "may_read": may_read,
            "changes": disagreement_changes("chair") if may_read else [],
            "may_propose": offered(request, "rotation.edit_term"),
            "may_correct": offered(request, "rotation.correct_record"),
            "corrections": corrections.open_corrections() if may_read else [],
        },
    )
