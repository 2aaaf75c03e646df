"""Calendar feeds for people, and the page with their addresses."""

import hashlib
from collections.abc import Callable
from datetime import datetime

from allauth.core.internal import ratelimit
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseGone
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import http_date, quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coordination.core.clock import start_of
from coordination.core.forms import say_and_redirect
from coordination.core.http import AuthenticatedRequest, HttpRequest
from coordination.core.permissions import offered
from coordination.desk.queries import feeds as desk_feeds
from coordination.desk.queries.feeds import Feed
from coordination.meetings.enums import MeetingKind
from coordination.members import attempts
from coordination.members.actions import feeds
from coordination.members.models import Person
from coordination.members.queries import feeds as feeds_queries

# from one network address: all requests, and those with a token that is unknown or dead
RATE, DEAD_RATE, SECONDS = "600/10m", "60/10m", 600
TYPE = "text/calendar; charset=utf-8"


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def addresses(request: AuthenticatedRequest) -> HttpResponse:
    """List the reader's feeds.

    The button makes new addresses and shows them only once.
    """
    token = ""
    if request.method == "POST":
        token = feeds.make_token(request.user, by=request.user, at=request.now)
    present = feeds_queries.present_token(request.user)
    context = {
        "addresses": desk_feeds.addresses(
            token or "not-shown", desk_feeds.agencies_of(request.user, request.day)
        ),
        "shown": bool(token),
        "present": present,
        "may_make": offered(request, "members.make_feeds", request.user),
        "site": f"{request.scheme}://{request.get_host()}",
    }
    page = render(request, "desk/feed_list.html", context)
    # a form that is sent again leads to the page without the secret
    page["Content-Location"] = reverse("desk:feeds")
    return page


@login_required
@require_POST
def revoke(request: AuthenticatedRequest) -> HttpResponse:
    """Revoke the reader's addresses."""
    feeds.revoke_token(request.user, by=request.user, at=request.now)
    return say_and_redirect(
        request, _("The addresses are revoked: calendars read nothing by them now."), "desk:feeds"
    )


@require_safe
def meetings(request: HttpRequest, token: str, kind: str = "") -> HttpResponse:
    """Return all meetings, or those of a kind."""
    if kind and kind not in MeetingKind.values:
        raise Http404
    return answer(
        request,
        token,
        lambda _reader: desk_feeds.of_meetings(request.group, request.now, kind),
    )


@require_safe
def agency(request: HttpRequest, token: str, slug: str) -> HttpResponse:
    """Return the feed of an agency of the reader.

    Meetings, action items and deadlines.
    """

    def of_own(reader: Person) -> Feed | None:
        own = desk_feeds.agencies_of(reader, request.day)
        found = next((each for each in own if each.slug == slug), None)
        if found is None:
            return None
        return desk_feeds.of_agency(found, request.group, request.now, request.day)

    return answer(request, token, of_own)


@require_safe
def terms(request: HttpRequest, token: str) -> HttpResponse:
    """Return who chairs when, and the deadlines of the group."""
    return answer(
        request, token, lambda _reader: desk_feeds.of_terms(request.group, request.day.year)
    )


def answer(request: HttpRequest, token: str, make: Callable[[Person], Feed | None]) -> HttpResponse:
    """Return the feed that `make` makes for the person of a token.

    404 for a token that never was; 410 for one that was revoked, of a person who left office, or
    where `make` returns None. Raises TooManyAttempts above the rate of a network address.
    """
    count(request, "feed", RATE)
    row = feeds_queries.token_of(token)
    if row is None:
        count(request, "feed_dead", DEAD_RATE)
        raise Http404
    reader, feed = row.person, None
    if row.revoked_at is None and desk_feeds.may_read(reader, request.day, request.group):
        with translation.override(reader.reading_language):
            feed = make(reader)
    if feed is None:
        count(request, "feed_dead", DEAD_RATE)
        response: HttpResponse = HttpResponseGone(
            _("This calendar feed has ended."), content_type="text/plain; charset=utf-8"
        )
    else:
        response = conditional(request, feed)
    # kept by the calendar alone, which asks each time whether it is still true
    patch_cache_control(response, private=True, no_cache=True)
    # the address holds the secret
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


def conditional(request: HttpRequest, feed: Feed) -> HttpResponse:
    """Return a feed with its ETag and Last-Modified, or 304.

    304 if the reader has it already.
    """
    etag = quote_etag(hashlib.sha256(feed.body).hexdigest()[:32])
    # the first moment of the day counts as a change: meetings leave the year that is shown
    changed_at = int(max(feed.changed_at, start_of_day(request)).timestamp())
    response = HttpResponse(feed.body, content_type=TYPE)
    response["ETag"], response["Last-Modified"] = etag, http_date(changed_at)
    found = get_conditional_response(request, etag, changed_at, response)
    assert found is not None
    return found


def start_of_day(request: HttpRequest) -> datetime:
    """Return when the day of a request began (UTC)."""
    return start_of(request.day, request.group.zone)


def count(request: HttpRequest, name: str, rate: str) -> None:
    """Count a request of a network address. Raises TooManyAttempts above the rate."""
    address = ratelimit.get_ip(request)
    if not attempts.count(request, attempts.Attempt(), name, rate, address):
        raise attempts.too_many_attempts(SECONDS)
