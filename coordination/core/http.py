"""The request as our middleware leaves it."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo

from django import http
from django_htmx.middleware import HtmxDetails

from coordination.core.models import Group

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Reader:
    """The zone in which times are shown, and its city."""

    zone: ZoneInfo
    city: str


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
