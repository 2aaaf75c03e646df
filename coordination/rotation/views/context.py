"""Who chairs now, on every page: read only when a template asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from coordination.core import permissions
from coordination.core.http import HttpRequest, once
from coordination.members.models import Agency
from coordination.rotation.models import ChairTerm
from coordination.rotation.queries.chair import chair_on, terms_from
from coordination.rotation.rules import is_chair


@dataclass(frozen=True, slots=True)
class ChairNow:
    """The chair as the masthead shows it."""

    term: ChairTerm | None
    agencies: Sequence[Agency]
    until: date | None
    url: str
    next_term: ChairTerm | None
    next_agencies: Sequence[Agency]
    next_url: str
    vacant_since: date | None
    # the reader is of the chair's team; what the team may do is asked by permission
    ours: bool = False

    @property
    def vacant(self) -> bool:
        """Say whether nobody chairs."""
        return self.term is None


def chair_now(day: date, person_id: int = 0) -> ChairNow:
    """Return the chair of `day` and the next, as a person sees them.

    One query, two when nobody chairs.
    """
    ahead = terms_from(day, person_id)
    now = next((found for found in ahead if found.term.first_day <= day), None)
    following = next((found for found in ahead if found.term.first_day > day), None)
    return ChairNow(
        term=now.term if now else None,
        agencies=now.agencies if now else (),
        until=now.term.last_day if now else None,
        url=reverse("rotation:term", args=[now.term.slug]) if now else reverse("rotation:timeline"),
        next_term=following.term if following else None,
        next_agencies=following.agencies if following else (),
        next_url=reverse("rotation:term", args=[following.term.slug]) if following else "",
        vacant_since=None if now else chair_on(day).first_day,
        ours=now.ours if now else False,
    )


def chair_seen(request: HttpRequest) -> ChairNow:
    """Return the chair of the request's day and the next, as the reader sees them.

    Read once per request.
    """
    return once(request, "chair", make=lambda: chair_now(request.day, request.user.pk or 0))


def reads_as_chair(request: HttpRequest) -> bool:
    """Say whether the reader is of the chair's team; the masthead reads it on every page."""
    return request.user.is_active and chair_seen(request).ours


permissions.answer_on_pages(is_chair, reads_as_chair)


def chair(request: HttpRequest) -> dict[str, object]:
    """Give each template the chair; error pages before our middleware have none."""
    if not hasattr(request, "day"):
        return {"chair": None}
    return {"chair": SimpleLazyObject(lambda: chair_seen(request))}
