"""The timeline of the rotation, and the same for calendars and for programs."""

import hashlib
import json
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import http_date, quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from coordination.core.http import HttpRequest
from coordination.core.periods import Period
from coordination.core.permissions import offered
from coordination.core.queries import disagreements
from coordination.rotation.queries import (
    carried,
    chair_now,
    corrections,
    feed,
    happenings,
    offers,
    schedule,
    selections,
    troika,
    vacancies,
    windows,
)
from coordination.rotation.queries import timeline as timeline_queries
from coordination.rotation.queries.feed import Site
from coordination.rotation.queries.happenings import Viewer
from coordination.rotation.queries.schedule import Schedule
from coordination.rotation.queries.windows import Window, Zoom


def viewer_of(request: HttpRequest) -> Viewer:
    """Return the reader of a page, as other apps are asked what happened."""
    return Viewer(lambda name: offered(request, name), request.group.zone)


def term_window(request: HttpRequest) -> Window:
    """Return the months of the present term or vacancy."""
    chair = chair_now.of_request(request)
    if chair.term and chair.until:
        return windows.months_around(chair.term.first_day, chair.until)
    return windows.months_around(request.day, request.day)


def whole_window(request: HttpRequest, record: timeline_queries.Record) -> Window:
    """Return all years from the group's beginning to the last plan."""
    established = windows.year_from(request.group.established[:4])
    first = established or record.first_year or request.day.year
    return windows.years(first, max(request.day.year + windows.YEARS_AHEAD, record.last_year))


def window_of(request: HttpRequest, record: timeline_queries.Record) -> tuple[str, Window]:
    """Return the name and days of the requested zoom.

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
        "term": _("this term") if chair_now.of_request(request).term else _("these months"),
    }
    for name, label in names.items():
        yield Zoom(label, f"?zoom={name}" if name else "?", name == current)


def timeline(request: HttpRequest) -> HttpResponse:
    """Show all chairs, vacancies and what each agency carried.

    It also shows where sources disagree.
    """
    sittings = chair_now.sittings_of_request(request)
    terms, taken_back = vacancies.terms_and_turns_taken_back()
    record = timeline_queries.Record(tuple(terms), tuple(sittings))
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
            "may_propose": offered(request, "rotation.edit_term"),
            "may_correct": offered(request, "rotation.correct_record"),
            "corrections": corrections.open_corrections() if may_read else [],
            "vacancies": vacancies.vacancies_ahead(request.day, sittings, request.group, taken_back)
            if may_read
            else [],
            "offers": offers.offers_in_short(request.day) if may_read else [],
            # the head of the page knows whether one runs
            "selections": selections.running().prefetch_related(None)
            if may_read and chair_now.of_request(request).selection
            else [],
        },
    )


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """Return the whole schedule as an iCalendar feed, the same for everybody."""
    found = schedule.schedule().read_in(request.day.year)
    # one text for all subscribers and addresses, so that UIDs and the ETag stay
    site = Site(urlsplit(settings.SITE_URL).hostname or "localhost", site_address)
    with translation.override(settings.LANGUAGE_CODE):
        body = feed.calendar(found, request.group, site, request.day.year)
    return published(request, body, "text/calendar; charset=utf-8", found)


def site_address(path: str) -> str:
    """Return the address of a path on this installation, whatever address was asked."""
    return f"{settings.SITE_URL}{path}"


@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """Return the whole schedule as JSON, the same for everybody."""
    found = schedule.schedule()
    content = schedule.as_data(found, request.group, request.build_absolute_uri)
    body = json.dumps(content, ensure_ascii=False, indent=1).encode()
    return published(request, body, "application/json", found)


def published(
    request: HttpRequest, body: bytes, content_type: str, schedule: Schedule
) -> HttpResponse:
    """Return a public response with its ETag, or a 304."""
    response = HttpResponse(body, content_type=content_type)
    # it may be kept, and is asked for again: a change of the chair shows at once
    patch_cache_control(response, public=True, no_cache=True)
    etag = quote_etag(hashlib.sha256(body).hexdigest()[:32])
    changed_at = int(schedule.changed_at.timestamp())
    response["ETag"], response["Last-Modified"] = etag, http_date(changed_at)
    answer = get_conditional_response(request, etag, changed_at, response)
    assert answer is not None
    return answer
