"""Limits per person and hour: counted from what is on record, so that no cache is needed.

Who hits one is kept for the chair.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import wraps
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from coordination.members.enums import LimitKind
from coordination.members.errors import LimitReached
from coordination.members.models import LimitHit, Person

HOUR = timedelta(hours=1)
Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")
Used = Iterable[tuple[datetime, int]]  # when, and how many


def lock_and_refuse(
    kind: LimitKind,
    used: Callable[[Person, datetime], Used],
    *,
    by: Person,
    at: datetime,
    adding: int,
    field: str,
) -> None:
    """Raise LimitReached if `adding` more would be above the limit of the hour that ends at `at`.

    `used` takes the person and the beginning of the hour. The lock makes two requests of one person
    count one after the other.
    """
    if not adding:
        return
    Person.objects.select_for_update(of=("self",), no_key=True).get(pk=by.pk)
    limit, earlier = settings.HOURLY_LIMITS[kind.value], sorted(used(by, at - HOUR))
    count = sum(number for _moment, number in earlier)
    if count + adding <= limit:
        return
    words = {"limit": limit, "what": kind.label, "count": count, "adding": adding}
    until = freed_at(earlier, count + adding - limit)
    if until is None:
        sentence = _(
            "Within an hour at most %(limit)d %(what)s are possible, and this would be %(adding)d "
            "at once."
        )
    else:
        words["until"] = f"{timezone.localtime(to_the_minute(until)):%H:%M}"
        sentence = _(
            "Within an hour at most %(limit)d %(what)s are possible, and you have made %(count)d. "
            "Try again at %(until)s."
        )
    raise LimitReached(sentence % words, field=field, kind=kind, person=by, at=at)


def to_the_minute(moment: datetime) -> datetime:
    """Return the first full minute at or after a moment."""
    begun = moment.replace(second=0, microsecond=0)
    return moment if moment == begun else begun + timedelta(minutes=1)


def freed_at(used: Used, needed: int) -> datetime | None:
    """Return when `needed` of what was used, oldest first, will be more than an hour ago.

    None if there are fewer.
    """
    for moment, number in used:
        needed -= number
        if needed <= 0:
            return moment + HOUR
    return None


def note_limit_hits(act: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """Note that somebody hit a limit, after the transaction of the act was rolled back.

    It stands outside `transaction.atomic`.
    """

    @wraps(act)
    def noted(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
        try:
            return act(*args, **kwargs)
        except LimitReached as hit:
            note_hit(hit)
            raise

    return noted


@transaction.atomic
def note_hit(hit: LimitReached) -> None:
    """Count a refusal: one row for each person, kind and hour, however often they try."""
    hour = hit.at.replace(minute=0, second=0, microsecond=0)
    found, made = LimitHit.objects.get_or_create(
        person=hit.person, kind=hit.kind, hour=hour, defaults={"last_at": hit.at}
    )
    if not made:
        LimitHit.objects.filter(pk=found.pk).update(times=F("times") + 1, last_at=hit.at)
