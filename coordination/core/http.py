"""The request after our middleware, and the context of every template."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo

from django import http
from django.conf import settings
from django_htmx.middleware import HtmxDetails

from coordination.core import zones
from coordination.core.models import Group

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Reader:
    """The zone in which times are shown, and its city."""

    zone: ZoneInfo
    city: str


def reader_in(time_zone: str, group: Group) -> Reader:
    """Return the reader with their own time zone.

    With "" they read in the group's.
    """
    if time_zone and time_zone != group.time_zone:
        return Reader(zones.zone_of(time_zone), zones.city_of(time_zone))
    return Reader(group.zone, group.zone_city)


class HttpRequest(http.HttpRequest):
    """A request with its moment, day, group and reader."""

    now: datetime
    day: date
    group: Group
    reader: Reader
    htmx: HtmxDetails
    answers: dict[Hashable, object]


class AuthenticatedRequest(HttpRequest):
    """A request from a person who is signed in."""

    user: Any  # a members.Person, which core may not name


def once(request: HttpRequest, *key: Hashable, make: Callable[[], Answer]) -> Answer:
    """Return the result of `make`, computed once per request and key."""
    # No cache outlives the request, so an answer is never older than that.
    answers = request.answers
    if key not in answers:
        answers[key] = make()
    return cast("Answer", answers[key])


def unknown_zones(request: HttpRequest) -> list[str]:
    """Return the reader's and the group's zones that are unknown here.

    Their hours are shown in UTC.
    """
    # Error pages may come from before our middleware.
    group = getattr(request, "group", None)
    return (
        zones.unknown(getattr(getattr(request, "user", None), "time_zone", ""), group.time_zone)
        if group
        else []
    )


def site_context(request: HttpRequest) -> dict[str, object]:
    """Return what every template gets."""
    return {
        "group": getattr(request, "group", None),
        "reader": getattr(request, "reader", None),
        "now": getattr(request, "now", None),
        # called only where it is shown: error pages must not query the database
        "unknown_zones": partial(unknown_zones, request),
        "demo": settings.DEMO,
    }
