"""What each request gets before its view; pages for broken rules."""

import sys
from collections.abc import Callable

from django import http
from django.conf import settings
from django.core.signals import got_request_exception
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import get_resolver, reverse
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme

from coordination.core import clock, queries, unavailable
from coordination.core.errors import NotAllowed, OutOfReach, RuleBroken, Stale, TooManyAttempts
from coordination.core.http import HttpRequest, Reader, reader_in

Respond = Callable[[HttpRequest], HttpResponse]
# Prefix of the hidden fields by which a button carries what the page showed. Nobody typed them, so
# they are not shown again.
SHOWN_PREFIX = "seen"
# a refused form is shown again as text: no secret may stand in it
NEVER_SHOWN_AGAIN = ("csrfmiddlewaretoken", "password", "code", "token", f"{SHOWN_PREFIX}-")
# a longer value, or one of several words, was typed and must not be lost
LONGEST_CHOICE = 12
NO_NUMBER = "expected a number but got"  # Django's words, in IntegerField.get_prep_value
METHODS = ("GET", "HEAD", "POST", "OPTIONS")
UNAVAILABLE = "gmg.unavailable"  # key in request.META
STATUS = {NotAllowed: 403, Stale: 409, OutOfReach: 503, TooManyAttempts: 429}


def reader_of(request: HttpRequest) -> Reader:
    """Return the reader: with their own zone, else with the group's."""
    # An anonymous user has no zone.
    return reader_in(getattr(request.user, "time_zone", ""), request.group)


class ReaderMiddleware:
    """Gives the request its moment, day, group and reader."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Read the clock once, so that one request has one moment."""
        request.now = clock.now()
        request.answers = {}
        request.group = SimpleLazyObject(queries.group)  # type: ignore[assignment]  # lazily the same thing
        request.day = SimpleLazyObject(lambda: clock.day_at(request.now, request.group.zone))  # type: ignore[assignment]  # lazily a date
        request.reader = SimpleLazyObject(lambda: reader_of(request))  # type: ignore[assignment]  # lazily a Reader
        # the health page answers without the group, since the database may be down
        if request.path == "/health/":
            return self.respond(request)
        request.day = clock.day_at(request.now, request.group.zone)
        if request.user.is_authenticated and request.user.language:
            # instead of the browser's; LocaleMiddleware sets it anew for each request
            translation.activate(request.user.reading_language)
        with timezone.override(request.reader.zone):
            return self.respond(request)


def is_text(value: str) -> bool:
    """Return whether a person wrote the value, not chose it."""
    return len(value) > LONGEST_CHOICE or len(value.split()) > 1


def typed_texts(request: http.HttpRequest) -> list[tuple[str, str]]:
    """Return the typed texts of a refused form by field."""
    return [
        (name.replace("_", " "), value)
        for name, value in request.POST.items()
        if isinstance(value, str)
        and is_text(value)
        and not any(part in name for part in NEVER_SHOWN_AGAIN)
    ]


def previous_page(request: http.HttpRequest) -> str:
    """Return our page with the form, else the form's address.

    An address that takes only a POST cannot be opened again.
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
    """Turns a broken rule that no view caught into a page."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.respond(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer with the status of STATUS, else 422, and the typed texts."""
        if not isinstance(exception, RuleBroken):
            return None
        status = STATUS.get(type(exception), 422)
        template = "403.html" if status == 403 else "core/rule_broken.html"  # noqa: PLR2004 - an HTTP status
        # forms with a limit ask who somebody is, so their values must not be shown again
        typed = [] if isinstance(exception, TooManyAttempts) else typed_texts(request)
        context = {"sentence": exception.message, "typed": typed, "back": previous_page(request)}
        response = render(request, template, context, status=status)
        if isinstance(exception, TooManyAttempts):
            response["Retry-After"] = str(exception.seconds)
        return response


def mark_unavailable(*, request: http.HttpRequest, **_: object) -> None:
    """Note on the request that the database or the disk is unavailable.

    Django calls it for the exception that becomes a 500.
    """
    error = sys.exc_info()[1]
    if error is not None and unavailable.is_unavailable(error):
        request.META[UNAVAILABLE] = error


got_request_exception.connect(mark_unavailable, dispatch_uid="core.unavailable")


class UnavailableMiddleware:
    """Answers 503 instead of 500 while the database or disk is unavailable.

    `process_exception` covers the views. Other middleware, and the pages for 403 and 404, fail
    outside of any view. Django turns their exception into a 500, which is replaced here.
    """

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.respond(request)
        error = request.META.get(UNAVAILABLE)
        return self.page(request, error) if error and response.status_code >= 500 else response  # noqa: PLR2004 - an HTTP status

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return self.page(request, exception) if unavailable.is_unavailable(exception) else None

    @staticmethod
    def page(request: HttpRequest, error: Exception) -> HttpResponse:
        unavailable.log_failure(request, error)
        return unavailable.unavailable_page(request, typed_texts(request))


class ConfidentialMiddleware:
    """Keeps other sites, browsers and proxies from storing private pages.

    It also keeps other sites from embedding them, and refuses methods that nothing here uses.
    """

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the headers to every answer, static files and error pages too."""
        response = (
            self.respond(request)
            if request.method in METHODS
            else http.HttpResponseNotAllowed(METHODS)
        )
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if "public" not in response.get("Cache-Control", ""):
            # with a cookie on either side the page may be personal: a session, a form token, a
            # message
            patch_vary_headers(response, ["Cookie"])
            if request.COOKIES or response.cookies or request.method == "POST":
                patch_cache_control(response, private=True, no_store=True)
            else:
                response.setdefault("Cache-Control", "no-cache")
        return response


def not_found_page(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return our page for what is not found (handler404)."""
    handler: Callable[..., HttpResponse] = get_resolver().resolve_error_handler(404)
    return handler(request, exception)


class NotFoundMiddleware:
    """Shows our page for what is not found, with DEBUG too.

    Django's own page lists the addresses of the app instead, and leads nowhere.
    """

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Replace Django's page for an address that no view has."""
        response = self.respond(request)
        is_unknown = response.status_code == 404 and request.resolver_match is None  # noqa: PLR2004 - an HTTP status
        return (
            not_found_page(request, http.Http404()) if settings.DEBUG and is_unknown else response
        )

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a view that found nothing."""
        return not_found_page(request, exception) if isinstance(exception, http.Http404) else None


class RecordKeyMiddleware:
    """Answers 404 for a non-numeric key in the address of a record.

    Django's admin raises ValueError there, in the pages of history and in fields that search.
    """

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.respond(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a non-numeric key."""
        is_record = request.path.startswith(reverse("admin:index"))
        if is_record and isinstance(exception, ValueError) and NO_NUMBER in str(exception):
            return not_found_page(request, exception)
        return None
