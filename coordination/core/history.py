"""History entries in words: who changed what, when and why."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain, groupby
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

HIDDEN = frozenset({"version", "id", "content_type", "hours_since"})
MOST = 200
LONG = 200  # characters that a line of history shows at once
AROUND = 40  # unchanged characters that are shown on either side of a change in a long text
MOMENT = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Difference:
    """One changed field: its label and both values."""

    label: str
    before: str
    after: str

    @property
    def long(self) -> bool:
        """Say whether a value is too long for one line."""
        return max(len(self.before), len(self.after)) > LONG

    @property
    def middles(self) -> tuple[str, str]:
        """Return both values without most of their common start and end."""
        prefix = common_prefix_length(self.before, self.after)
        suffix = common_prefix_length(self.before[prefix:][::-1], self.after[prefix:][::-1])
        head, tail = max(prefix - AROUND, 0), max(suffix - AROUND, 0)
        return tuple(excerpt(text, head, len(text) - tail) for text in (self.before, self.after))  # type: ignore[return-value]  # two


def common_prefix_length(one: str, other: str) -> int:
    """Return the number of characters that two texts share at their beginning."""
    shorter = min(len(one), len(other))
    return next((place for place in range(shorter) if one[place] != other[place]), shorter)


def excerpt(text: str, first: int, last: int) -> str:
    """Return the text from `first` to `last`, in whole words.

    "…" stands for the rest.
    """
    first = text.rfind(" ", 0, first) + 1 if first else 0
    last = len(text) if last >= len(text) or (end := text.find(" ", last)) < 0 else end
    return ("… " if first else "") + text[first:last] + (" …" if last < len(text) else "")


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One change of one object.

    `what` names the object unless the page is about it.
    """

    at: datetime
    who: Any
    reason: str
    kind: str
    what: str
    differences: tuple[Difference, ...]

    @property
    def deed(self) -> str:
        """Return what was done.

        The page shows it after the person's name.
        """
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
backdated_to: ContextVar[datetime | None] = ContextVar("backdated_to", default=None)


@contextmanager
def dated_at(moment: datetime) -> Iterator[None]:
    """Date the changes made in this block by `moment`.

    The demonstration needs it.
    """
    token = backdated_to.set(moment)
    try:
        yield
    finally:
        backdated_to.reset(token)


@receiver(pre_create_historical_record)
def stamp(history_instance: Any, instance: models.Model, **_: object) -> None:
    """Date each entry by `core.clock`, which a demonstration may shift."""
    if not hasattr(instance, "_history_date"):
        history_instance.history_date = moment_of_change()
    history_instance.history_reason_values = reason_values(instance)


def moment_of_change() -> datetime:
    """Return the date of history entries that are written now."""
    return backdated_to.get() or clock.now()


def register_reasons(reasons: type[ChangeReason]) -> None:
    """Register the sentences for a domain's reason codes.

    Raises ValueError for a code that is taken.
    """
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
    """Note who changes `obj` and why.

    The history entry of its next save carries both. `by` is None for a command or task. `values`
    fill the sentence of the reason: strings, numbers, lists of strings, none of them translated.
    Without a reason history says "added" or "changed".
    """
    obj._history_user = by  # noqa: SLF001 - simple-history's public name
    obj._change_reason = reason.value if reason else ""  # noqa: SLF001 - simple-history's public name
    obj._reason_values = values  # noqa: SLF001 - read by `reason_values`


def last_author(obj: Any) -> Any:
    """Return the person who saved `obj` last.

    None for a command or task.
    """
    last = obj.history.select_related("history_user").first()
    return last and last.history_user


def value_text(field: models.Field[Any, Any], value: Any) -> str:  # noqa: PLR0911 - one way of saying for each type
    """Return a field's value as people read it.

    The value of a relation is the name of the related object.
    """
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
        return "; ".join(f"{key}: {text}" for key, text in value.items())
    return str(value)


def field_text(record: Any, name: str) -> str:
    """Return a field of a history record in words.

    Its related object may no longer exist.
    """
    field = record.instance_type._meta.get_field(name)
    if not field.is_relation:
        return value_text(field, getattr(record, name))
    if getattr(record, field.attname) is None:
        return ""
    return value_text(field, getattr(record, name) or _("(no longer on record)"))


def is_redundant(record: Any, field: Any) -> bool:
    """Return whether a field repeats the entry's person or moment.

    Ask it only for a field that was empty before.
    """
    value = getattr(record, field.attname)
    if field.is_relation:
        return bool(field.name.endswith("_by")) and value == record.history_user_id
    return isinstance(value, datetime) and abs(value - record.history_date) < MOMENT


def differences(new: Any, old: Any | None, *, known: Collection[str] = ()) -> Iterator[Difference]:
    """Yield the fields that differ from the previous history record.

    For a removal, yield all fields except `known`, which the page shows elsewhere.
    """
    removed = new.history_type == "-"
    for field in new.tracked_fields:
        if field.name in HIDDEN or (removed and field.name in known):
            continue
        if removed:
            before, after = field_text(new, field.name), ""
        elif old is None or getattr(old, field.attname) == getattr(new, field.attname):
            continue
        else:
            before, after = field_text(old, field.name), field_text(new, field.name)
        if before or not (removed or is_redundant(new, field)):
            yield Difference(str(field.verbose_name), before, after)


def history_entry(
    new: Any, old: Any | None, *, what: str = "", known: Collection[str] = ()
) -> HistoryEntry:
    """Return one history entry of the object called `what`.

    Both records need their relations loaded (see `entries`).
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
    """Return the names of a historical model's relations.

    They are loaded in one query.
    """
    return [field.name for field in model.tracked_fields if field.is_relation]


def entries(
    records: QuerySet[Any],
    *,
    name: Callable[[Any], str] | None = None,
    known: Collection[str] = (),
    select: Callable[[list[Any]], list[Any]] = list,
    most: int = MOST,
) -> list[HistoryEntry]:
    """Return the newest `most` history entries of some objects, newest first.

    `name` returns the name of an entry's object; without it the object is that of the page.
    `known`: see `differences`. `select` gets the records of one object, oldest first, and returns
    those to show. One query.
    """
    # each entry is compared with the one before it, however old that is: so a record is needed at
    # its own moment, and at the moment at which the next replaced it
    replaced_at = Window(
        Lag("history_date"), partition_by="id", order_by=["-history_date", "-history_id"]
    )
    # a subquery, because a filter on a relation would turn its join into one that drops records
    # whose related object is gone
    relevant = records.model.objects.filter(pk__in=records.order_by().values("pk")).select_related(
        "history_user", *relations(records.model)
    )
    needed = relevant.annotate(needed_at=Coalesce(replaced_at, "history_date"))
    rows = list(needed.order_by("-needed_at", "-history_id")[: 2 * most + 1])
    since = rows[-1].needed_at if len(rows) > 2 * most else None
    rows.sort(key=lambda row: (row.id, row.history_date, row.history_id))
    shown_entries: list[HistoryEntry] = []
    for _id, run in groupby(rows, key=lambda row: row.id):
        before = None
        for row in select(list(run)):
            if since is None or row.history_date > since:
                what = name(row) if name else ""
                shown_entries.append(history_entry(row, before, what=what, known=known))
            before = row
    return newest_first(reversed(shown_entries), most=most)


def newest_first(*lists: Iterable[HistoryEntry], most: int = MOST) -> list[HistoryEntry]:
    """Return the newest `most` entries of several lists, newest first."""
    return sorted(chain.from_iterable(lists), key=lambda entry: entry.at, reverse=True)[:most]


def changes(obj: Any, *, most: int = 50) -> Sequence[HistoryEntry]:
    """Return the newest `most` history entries of an object.

    Newest first. One query.
    """
    return entries(obj.history.all(), most=most)
