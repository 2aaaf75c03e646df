"""Limits per person and hour.

They count saved records, so they need no cache. Who hits one is stored for the chair.
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


def refuse_above_limit(
    kind: LimitKind,
    used: Callable[[Person, datetime], Used],
    *,
    by: Person,
    at: datetime,
    adding: int,
    field: str,
) -> None:
    """Raise LimitReached if `adding` more would exceed the limit.

    It counts the hour that ends at `at`; `used` takes the person and the beginning of that hour.
    """
    if not adding:
        return
    # The lock makes two requests of one person count one after the other.
    # NO KEY UPDATE does not block the insertion of rows that point to the person
    Person.objects.select_for_update(of=("self",), no_key=True).get(pk=by.pk)
    limit, earlier = settings.HOURLY_LIMITS[kind.value], sorted(used(by, at - HOUR))
    count = sum(number for _moment, number in earlier)
    if count + adding <= limit:
        return
    values = {"limit": limit, "what": kind.label, "count": count, "adding": adding}
    until = free_again_at(earlier, count + adding - limit)
    if until is None:
        sentence = _(
            "Within an hour at most %(limit)d %(what)s are possible, and this would be %(adding)d "
            "at once."
        )
    else:
        values["until"] = f"{timezone.localtime(to_the_minute(until)):%H:%M}"
        sentence = _(
            "Within an hour at most %(limit)d %(what)s are possible, and you have made %(count)d. "
            "Try again at %(until)s."
        )
    raise LimitReached(sentence % values, field=field, kind=kind, person=by, at=at)


def to_the_minute(moment: datetime) -> datetime:
    """Return the first full minute at or after a moment."""
    whole_minute = moment.replace(second=0, microsecond=0)
    return moment if moment == whole_minute else whole_minute + timedelta(minutes=1)


def free_again_at(used: Used, needed: int) -> datetime | None:
    """Return when the oldest `needed` uses are more than an hour ago.

    None if there are fewer.
    """
    for moment, number in used:
        needed -= number
        if needed <= 0:
            return moment + HOUR
    return None


def record_limit_hits(act: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """Record a LimitReached of the decorated action.

    It stands outside `transaction.atomic`: the rollback of the action would undo the record.
    """

    @wraps(act)
    def with_record(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
        try:
            return act(*args, **kwargs)
        except LimitReached as hit:
            record_limit_hit(hit)
            raise

    return with_record


@transaction.atomic
def record_limit_hit(hit: LimitReached) -> None:
    """Count a refusal in one row per person, kind and hour."""
    hour = hit.at.replace(minute=0, second=0, microsecond=0)
    row, is_new = LimitHit.objects.get_or_create(
        person=hit.person, kind=hit.kind, hour=hour, defaults={"last_at": hit.at}
    )
    if not is_new:
        # F counts in the database, since several requests may be refused at once.
        LimitHit.objects.filter(pk=row.pk).update(times=F("times") + 1, last_at=hit.at)
