"""Who chairs now and next, as the head of each page shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from coordination.core.http import HttpRequest, once
from coordination.core.periods import ONE_DAY
from coordination.members.models import Agency
from coordination.rotation.models import ChairTerm
from coordination.rotation.queries.chair import (
    Sitting,
    running_selections,
    sittings_from,
    sittings_seen_by,
    stretch_on,
)


@dataclass(frozen=True, slots=True)
class ChairNow:
    """The chair as the head of each page shows it."""

    term: ChairTerm | None
    agencies: Sequence[Agency]
    until: date | None
    url: str
    next_term: ChairTerm | None
    next_agencies: Sequence[Agency]
    next_url: str
    vacant_since: date | None
    on_record: bool = True
    next_first_day: date | None = None
    # whether the reader is in the chair's team; powers are asked by permission
    ours: bool = False
    # the address of the selection that runs, or "" for none
    selection: str = ""

    @property
    def vacant(self) -> bool:
        """Return whether nobody chairs."""
        return self.term is None

    @property
    def next_at_once(self) -> bool:
        """Return whether the next chair follows without a vacancy."""
        return bool(self.until and self.until + ONE_DAY == self.next_first_day)


def chair_now(day: date, person_id: int = 0) -> ChairNow:
    """Return the chair of `day` and the next.

    `ours` is about the person, and visitors are not told of a selection. One query, two or three
    when nobody chairs, one more when nobody will either.
    """
    return chair_among(sittings_from(day, person_id), day, person_id)


def chair_among(
    ahead: Sequence[Sitting], day: date, person_id: int, every: Sequence[Sitting] | None = None
) -> ChairNow:
    """Return the chair of `day` and the next, of the sittings that end on `day` or later.

    One query less than `chair_now`; another one less when nobody chairs, where `every` sitting is
    loaded.
    """
    current = next((sitting for sitting in ahead if sitting.period.covers(day)), None)
    following = next(
        (
            sitting
            for sitting in ahead
            if sitting.first_day > day and not (current and sitting.term == current.term)
        ),
        None,
    )
    vacancy = None if current else stretch_on(day, every)
    selection = ahead[0].selection if ahead else ""
    # without a sitting ahead, none says which selection runs
    if not ahead and person_id:
        selection = running_selections().first() or ""
    return ChairNow(
        term=current.term if current else None,
        agencies=current.agencies if current else (),
        until=current.last_day if current else None,
        url=reverse("rotation:term", args=[current.term.slug])
        if current
        else reverse("rotation:timeline"),
        next_term=following.term if following else None,
        next_agencies=following.agencies if following else (),
        next_url=reverse("rotation:term", args=[following.term.slug]) if following else "",
        vacant_since=vacancy.first_day if vacancy else None,
        on_record=vacancy is None or vacancy.on_record,
        next_first_day=following.first_day if following else None,
        ours=current.ours if current else False,
        selection=selection,
    )


def sittings_of_request(request: HttpRequest) -> list[Sitting]:
    """Return all sittings, oldest first, for a page that shows them; one query.

    The head of the page is told from them and needs none of its own, if it was not told before.
    """
    person_id = request.user.pk or 0
    every = sittings_seen_by(person_id, request.day)
    ahead = [sitting for sitting in every if sitting.last_day >= request.day]
    once(request, "chair", make=lambda: chair_among(ahead, request.day, person_id, every))
    return every


def of_request(request: HttpRequest) -> ChairNow:
    """Return the present and next chair.

    For the request's day; read once per request.
    """
    return once(request, "chair", make=lambda: chair_now(request.day, request.user.pk or 0))
