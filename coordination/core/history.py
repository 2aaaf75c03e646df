"""Who changed what, when, and what it was before: readable on each object's page."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import QuerySet, Window
from django.db.models.functions import Coalesce, Lag
from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext as _
from simple_history.signals import pre_create_historical_record

from coordination.core import clock, formatting
from coordination.core.enums import ChangeReason

HIDDEN = frozenset({"version", "id", "content_type"})
MOST = 200
LONG = 200  # characters that a line of history shows at once
# characters of what stayed that are shown on either side of what changed in a long text
AROUND = 40
MOMENT = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of one change: its label, and its value before and after."""

    label: str
    before: str
    after: str

    @property
    def long(self) -> bool:
        """Say whether a line cannot show both values whole."""
        return max(len(self.before), len(self.after)) > LONG

    @property
    def middles(self) -> tuple[str, str]:
        """Return both values without their common beginning and end, except a few words of each."""
        begun = alike(self.before, self.after)
        ended = alike(self.before[begun:][::-1], self.after[begun:][::-1])
        head, tail = max(begun - AROUND, 0), max(ended - AROUND, 0)
        return tuple(cut(words, head, len(words) - tail) for words in (self.before, self.after))  # type: ignore[return-value]  # two


def alike(one: str, other: str) -> int:
    """Return how many characters two texts have in common at their beginning."""
    shorter = min(len(one), len(other))
    return next((place for place in range(shorter) if one[place] != other[place]), shorter)


def cut(words: str, first: int, last: int) -> str:
    """Return the words between the places `first` and `last`, with dots for the rest.

    Words are kept whole: from the one that holds `first` to the one that ends at or after `last`.
    """
    first = words.rfind(" ", 0, first) + 1 if first else 0
    last = len(words) if last >= len(words) or (end := words.find(" ", last)) < 0 else end
    return ("… " if first else "") + words[first:last] + (" …" if last < len(words) else "")


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One change of one object; `what` names the object where it is not that of the page."""

    at: datetime
    who: Any
    reason: str
    kind: str
    what: str
    differences: tuple[Difference, ...]

    @property
    def deed(self) -> str:
        """Return what was done, as it follows the name of who did it."""
        if self.reason:
            if not self.what:
                return self.reason
            return _("%(reason)s: %(what)s") % {"reason": self.reason, "what": self.what}
        if self.what:
            named = {"+": _("added %(what)s"), "-": _("removed %(what)s")}
            return named.get(self.kind, _("changed %(what)s")) % {"what": self.what}
        return {"+": _("made this record"), "-": _("removed this record")}.get(
            self.kind, _("changed this record")
        )


_reasons: dict[str, ChangeReason] = {}
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
        history_instance.history_date = moment_of_change()
    history_instance.history_reason_values = reason_values(instance)


def moment_of_change() -> datetime:
    """Return the moment by which changes made now are dated."""
    return told.get() or clock.now()


def register_reasons(reasons: type[ChangeReason]) -> None:
    """Let the codes of a domain be worded; raise ValueError for a code that is taken."""
    for reason in reasons:
        if _reasons.setdefault(reason.value, reason) is not reason:
            raise ValueError(f"{reason!r} and {_reasons[reason.value]!r} have the same code.")


def reason_sentence(code: str | None, values: Mapping[str, Any] | None = None) -> str:
    """Return the sentence of a stored reason in the reader's language.

    A list becomes "UNESCO and WHO"; a value that an old entry lacks is left out. A code that
    nobody registered is returned as it is: a migration or a shell may have written a sentence.
    """
    reason = _reasons.get(code or "")
    if reason is None:
        return code or ""
    worded = defaultdict(str)
    for name, value in (values or {}).items():
        worded[name] = formatting.list_of(value) if isinstance(value, list) else value
    return str(reason.label) % worded


def recorded_reason(record: Any) -> str:
    """Return the sentence of the reason of one record of history."""
    return reason_sentence(record.history_change_reason, record.history_reason_values)


def reason_values(obj: Any) -> Mapping[str, Any]:
    """Return the values of the reason with which `obj` was signed."""
    values: Mapping[str, Any] = getattr(obj, "_reason_values", None) or {}
    return values


def sign(
    obj: Any, *, by: Any, reason: ChangeReason | None, values: Mapping[str, Any] | None = None
) -> None:
    """Note who changes `obj` and why; the history entry of its next save carries both.

    `by` None is the machinery. `values` fill the sentence of the reason: strings, numbers, lists
    of strings, none of them translated. Without a reason history says "added" or "changed".
    """
    obj._history_user = by  # noqa: SLF001 - simple-history's public name
    obj._change_reason = reason.value if reason else ""  # noqa: SLF001 - simple-history's public name
    obj._reason_values = values  # noqa: SLF001 - read by `reason_values`


def last_author(obj: Any) -> Any:
    """Return who saved `obj` last, as far as the history says; None for the machinery."""
    last = obj.history.select_related("history_user").first()
    return last and last.history_user


def shown(field: models.Field[Any, Any], value: Any) -> str:  # noqa: PLR0911 - one way of saying for each type
    """Return a field's value as people read it; of a relation, the name of the related object."""
    if value is None or value == "":
        return ""
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return formatting.moment(value, ZoneInfo(timezone.get_current_timezone_name()))
    if isinstance(value, date):
        return formatting.plain_day(value)
    if isinstance(value, list):
        return formatting.list_of(value)
    if isinstance(value, dict):
        return "; ".join(f"{key}: {words}" for key, words in value.items())
    return str(value)


def said(record: Any, name: str) -> str:
    """Return a field of a record of history as people read it.

    A related object comes with the record, and may be gone since.
    """
    field = record.instance_type._meta.get_field(name)
    if not field.is_relation:
        return shown(field, getattr(record, name))
    if getattr(record, field.attname) is None:
        return ""
    return shown(field, getattr(record, name) or _("(no longer on record)"))


def repeats(record: Any, field: Any) -> bool:
    """Say whether a field repeats what the line of history says: by whom, or when.

    The field was empty before.
    """
    value = getattr(record, field.attname)
    if field.is_relation:
        return bool(field.name.endswith("_by")) and value == record.history_user_id
    return isinstance(value, datetime) and abs(value - record.history_date) < MOMENT


def differences(new: Any, old: Any | None, *, known: Collection[str] = ()) -> Iterator[Difference]:
    """Yield the fields in which a record of history differs from the one before it.

    Of a removal, all that was said.

    `known` are the fields of what was removed that the page, or the name of what was removed, tells
    already.
    """
    removed = new.history_type == "-"
    for field in new.tracked_fields:
        if field.name in HIDDEN or (removed and field.name in known):
            continue
        if removed:
            before, after = said(new, field.name), ""
        elif old is None or getattr(old, field.attname) == getattr(new, field.attname):
            continue
        else:
            before, after = said(old, field.name), said(new, field.name)
        if before or not (removed or repeats(new, field)):
            yield Difference(str(field.verbose_name), before, after)


def change(
    new: Any, old: Any | None, *, what: str = "", known: Collection[str] = ()
) -> HistoryEntry:
    """Return one step of the history of the object called `what`.

    Both records bring their relations along (see `steps`).
    """
    return HistoryEntry(
        at=new.history_date,
        who=new.history_user,
        reason=recorded_reason(new),
        kind=new.history_type,
        what=what,
        differences=tuple(differences(new, old, known=known)),
    )


def relations(model: Any) -> list[str]:
    """Return the names of a historical model's relations, to load them in one query."""
    return [field.name for field in model.tracked_fields if field.is_relation]


def steps(
    records: QuerySet[Any],
    *,
    name: Callable[[Any], str] | None = None,
    known: Collection[str] = (),
    told: Callable[[list[Any]], list[Any]] = list,
    most: int = MOST,
) -> list[HistoryEntry]:
    """Return the newest `most` steps of the objects with these records of history, newest first.

    One query.

    Each stands beside the one before it, however long ago that was: a record is needed at its own
    moment, and again when the next takes its place. `name` says what a record is of; without it the
    object is that of the page. For `known` see `differences`. Of the records of each object, oldest
    first, those that are `told` are shown.
    """
    replaced_at = Window(
        Lag("history_date"), partition_by="id", order_by=["-history_date", "-history_id"]
    )
    # A condition on a relation would make of its join one that drops the records whose related
    # object is gone; hence the subquery
    every = records.model.objects.filter(pk__in=records.order_by().values("pk")).select_related(
        "history_user", *relations(records.model)
    )
    needed = every.annotate(needed_at=Coalesce(replaced_at, "history_date"))
    rows = list(needed.order_by("-needed_at", "-history_id")[: 2 * most + 1])
    since = rows[-1].needed_at if len(rows) > 2 * most else None
    rows.sort(key=lambda row: (row.id, row.history_date, row.history_id))
    found: list[HistoryEntry] = []
    for _id, run in groupby(rows, key=lambda row: row.id):
        before = None
        for row in told(list(run)):
            if since is None or row.history_date > since:
                found.append(change(row, before, what=name(row) if name else "", known=known))
            before = row
    return newest_first(reversed(found), most=most)


def newest_first(*found: Iterable[HistoryEntry], most: int = MOST) -> list[HistoryEntry]:
    """Return the newest `most` of several lists of changes, the newest first."""
    return sorted((step for one in found for step in one), key=lambda step: step.at, reverse=True)[
        :most
    ]


def changes(obj: Any, *, most: int = 50) -> Sequence[HistoryEntry]:
    """Return the newest `most` changes of an object, newest first; one query."""
    return steps(obj.history.all(), most=most)
