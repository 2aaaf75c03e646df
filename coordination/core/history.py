"""Who changed what, when, and what it was before: readable on each object's page."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from django.dispatch import receiver
from django.utils import timezone
from simple_history.signals import pre_create_historical_record

from coordination.core import clock, wording

HIDDEN = frozenset({"version", "id"})


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of one change: its label, and its value before and after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one object."""

    at: datetime
    who: Any
    reason: str
    kind: str
    what: str
    differences: tuple[Difference, ...]


told: ContextVar[datetime | None] = ContextVar("told", default=None)


@contextmanager
def told_at(moment: datetime) -> Iterator[None]:
    """Date the changes made in this block by `moment`: for a story that is told of the past."""
    token = told.set(moment)
    try:
        yield
    finally:
        told.reset(token)


@receiver(pre_create_historical_record)
def stamp(history_instance: Any, instance: models.Model, **_: object) -> None:
    """Date each change by the house's clock, so that the demo's moment holds in history too."""
    if not hasattr(instance, "_history_date"):
        history_instance.history_date = told.get() or clock.now()


def sign(obj: Any, *, by: Any, reason: str) -> None:
    """Note who changes `obj` and why; the record of its next save carries both. `by` None is the machinery."""
    obj._history_user = by  # noqa: SLF001 - simple-history's public name
    obj._change_reason = reason  # noqa: SLF001 - simple-history's public name


def last_author(obj: Any) -> Any:
    """Return who saved `obj` last, as far as the history says; None for the machinery."""
    last = obj.history.select_related("history_user").first()
    return last and last.history_user


def shown(field: models.Field[Any, Any], value: Any) -> str:
    """Return a field's value as people read it."""
    if value is None or value == "":
        return ""
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, datetime):
        return wording.moment(value, ZoneInfo(timezone.get_current_timezone_name()))
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)


def differences(new: Any, old: Any) -> Iterator[Difference]:
    """Yield the fields in which two records of one object differ."""
    for field in new.tracked_fields:
        if field.name in HIDDEN or field.is_relation:
            continue
        before, after = getattr(old, field.attname), getattr(new, field.attname)
        if before != after:
            yield Difference(str(field.verbose_name), shown(field, before), shown(field, after))


def change(new: Any, old: Any | None, *, what: str) -> Change:
    """Return one step of the history of the object called `what`."""
    return Change(
        at=new.history_date,
        who=new.history_user,
        reason=new.history_change_reason or "",
        kind=new.history_type,
        what=what,
        differences=tuple(differences(new, old)) if old else (),
    )


def changes(obj: Any, *, most: int = 50) -> Sequence[Change]:
    """Return the newest `most` changes of an object, newest first; one query."""
    records = list(obj.history.select_related("history_user").order_by("-history_date", "-history_id")[: most + 1])
    steps = [change(new, old, what=str(obj)) for new, old in pairwise(records)]
    if records and len(records) <= most:
        steps.append(change(records[-1], None, what=str(obj)))
    return steps
