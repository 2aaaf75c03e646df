"""What each request gets before a view sees it, and how a broken rule becomes a page."""

import sys
from collections.abc import Callable

from django import http
from django.core.signals import got_request_exception
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme

from coordination.core import clock, queries, unavailable, zones
from coordination.core.errors import NotAllowed, OutOfReach, RuleBroken, Stale, TooManyAttempts
from coordination.core.http import HttpRequest, Reader

Respond = Callable[[HttpRequest], HttpResponse]
SEEN = "seen"  # prefix of the hidden fields that say what a page showed beside a button
NEVER_SHOWN_AGAIN = ("csrfmiddlewaretoken", "password", "code", "token", f"{SEEN}-")
LONGEST_CHOICE = 12
NO_NUMBER = "expected a number but got"  # Django's words, in IntegerField.get_prep_value
METHODS = ("GET", "HEAD", "POST", "OPTIONS")
UNAVAILABLE = "gmg.unavailable"  # key in request.META
STATUS = {NotAllowed: 403, Stale: 409, OutOfReach: 503, TooManyAttempts: 429}


def reader_of(request: HttpRequest) -> Reader:
    """Return the reader's zone: the signed-in person's own, else the group's."""
    own = getattr(request.user, "time_zone", "")
    if own and own != request.group.time_zone:
        return Reader(zones.zone_of(own), zones.city_of(own))
    return Reader(request.group.zone, request.group.zone_city)


class ReaderMiddleware:
    """Give the request its moment, day, group and reader; show times in the reader's zone."""

    def __init__(self, respond: Respond) -> None:
        """Keep the rest of the chain."""
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Read the clock once, so that one request has one moment."""
        request.now = clock.now()
        request.answers = {}
        request.group = SimpleLazyObject(queries.group)  # type: ignore[assignment]  # lazily the same thing
        request.day = SimpleLazyObject(lambda: clock.day_at(request.now, request.group.zone))  # type: ignore[assignment]  # lazily a date
        request.reader = SimpleLazyObject(lambda: reader_of(request))  # type: ignore[assignment]  # lazily a Reader
        if request.path == "/health/":
            return self.respond(request)
        request.day = clock.day_at(request.now, request.group.zone)
        if request.user.is_authenticated and request.user.language:
            # instead of the browser's; LocaleMiddleware sets it anew for each request
            translation.activate(request.user.reads)
        with timezone.override(request.reader.zone):
            return self.respond(request)


def is_text(value: str) -> bool:
    """Say whether a person wrote the value, "I agree." too; a short word alone is a choice."""
    return len(value) > LONGEST_CHOICE or len(value.split()) > 1


def typed_by(request: http.HttpRequest) -> list[tuple[str, str]]:
    """Return what the person typed into the form that was refused, so that no word is lost."""
    return [
        (name.replace("_", " "), value)
        for name, value in request.POST.items()
        if isinstance(value, str)
        and is_text(value)
        and not any(word in name for word in NEVER_SHOWN_AGAIN)
    ]


def came_from(request: http.HttpRequest) -> str:
    """Return the page of ours from which a form was sent, else the address itself.

    What takes only a POST cannot be looked at again.
    """
    page = request.headers.get("referer", "")
    return (
        page
        if url_has_allowed_host_and_scheme(
            page, {request.get_host()}, require_https=request.is_secure()
        )
        else request.path
    )


class RuleBrokenMiddleware:
    """Turn a rule that a view did not catch into a page that says it, with what was typed."""

    def __init__(self, respond: Respond) -> None:
        """Keep the rest of the chain."""
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.respond(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer with the status of STATUS; 422 for a rule that is not there."""
        if not isinstance(exception, RuleBroken):
            return None
        status = STATUS.get(type(exception), 422)
        template = "403.html" if status == 403 else "core/rule_broken.html"  # noqa: PLR2004 - an HTTP status
        # Who tries too often has written nothing: the form asks who one is
        typed = [] if isinstance(exception, TooManyAttempts) else typed_by(request)
        context = {"sentence": exception.message, "typed": typed, "back": came_from(request)}
        response = render(request, template, context, status=status)
        if isinstance(exception, TooManyAttempts):
            response["Retry-After"] = str(exception.seconds)
        return response


def mark_unavailable(*, request: http.HttpRequest, **_: object) -> None:
    """Remember on the request that its exception means.

    The database or the disk is not available.
    """
    error = sys.exc_info()[1]
    if error is not None and unavailable.is_unavailable(error):
        request.META[UNAVAILABLE] = error


got_request_exception.connect(mark_unavailable, dispatch_uid="core.unavailable")


class UnavailableMiddleware:
    """Answer 503 instead of 500 while the database or the disk is not available.

    Most views notice it themselves (`process_exception`). Other middleware, and the pages for 403
    and 404, fail outside of any view: Django turns their exception into a 500, which is replaced
    here.
    """

    def __init__(self, respond: Respond) -> None:
        """Keep the rest of the chain."""
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on, and replace an answer that failed for this reason."""
        response = self.respond(request)
        error = request.META.get(UNAVAILABLE)
        return self.page(request, error) if error and response.status_code >= 500 else response  # noqa: PLR2004 - an HTTP status

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer for the view."""
        return self.page(request, exception) if unavailable.is_unavailable(exception) else None

    @staticmethod
    def page(request: HttpRequest, error: Exception) -> HttpResponse:
        """Note the error in the log; return the page with what was typed."""
        unavailable.note(request, error)
        return unavailable.page(request, typed_by(request))


class ConfidentialMiddleware:
    """Keep other sites, browsers and proxies from storing or embedding private pages.

    Refuse methods that nothing here uses.
    """

    def __init__(self, respond: Respond) -> None:
        """Keep the rest of the chain."""
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Refuse TRACE and the like; add the headers, to static files and error pages too."""
        response = (
            self.respond(request)
            if request.method in METHODS
            else http.HttpResponseNotAllowed(METHODS)
        )
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if "public" not in response.get("Cache-Control", ""):
            # With a cookie on either side the page may be personal: a session, a form with its
            # token, a message
            patch_vary_headers(response, ["Cookie"])
            if request.COOKIES or response.cookies or request.method == "POST":
                patch_cache_control(response, private=True, no_store=True)
            else:
                response.setdefault("Cache-Control", "no-cache")
        return response


class RecordKeyMiddleware:
    """In the records, take a key that is no number for one that nobody has.

    The pages of history and the fields that search fail on it.
    """

    def __init__(self, respond: Respond) -> None:
        """Keep the rest of the chain."""
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.respond(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Raise Http404 for what a field of numbers says of a word."""
        of_the_records = request.path.startswith(reverse("admin:index"))
        if of_the_records and isinstance(exception, ValueError) and NO_NUMBER in str(exception):
            raise http.Http404 from exception
