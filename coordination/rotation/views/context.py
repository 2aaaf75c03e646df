"""Who chairs now, on every page: read only when a template asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from coordination.core.http import HttpRequest
from coordination.members.models import Agency
from coordination.rotation import queries
from coordination.rotation.models import ChairTerm


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

    @property
    def vacant(self) -> bool:
        """Say whether nobody chairs."""
        return self.term is None


def chair_now(day: date) -> ChairNow:
    """Return the chair of `day` and the next; one query, two when nobody chairs."""
    ahead = queries.terms_from(day)
    term = next((term for term, _agencies in ahead if term.first_day <= day), None)
    following = next(((term, agencies) for term, agencies in ahead if term.first_day > day), None)
    since = None if term else queries.chair_on(day).first_day
    return ChairNow(
        term=term,
        agencies=next((agencies for found, agencies in ahead if found is term), ()) if term else (),
        until=term.last_day if term else None,
        url=reverse("rotation:term", args=[term.slug]) if term else reverse("rotation:timeline"),
        next_term=following[0] if following else None,
        next_agencies=following[1] if following else (),
        next_url=reverse("rotation:term", args=[following[0].slug]) if following else "",
        vacant_since=since,
    )


def chair(request: HttpRequest) -> dict[str, object]:
    """Give each template the chair; error pages before our middleware have none."""
    if not hasattr(request, "day"):
        return {"chair": None}
    return {"chair": SimpleLazyObject(lambda: chair_now(request.day))}
