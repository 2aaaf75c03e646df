"""The contract between each `due.py` and the planner.

A domain registers a source per kind. A source is a pure function of data and a moment. Actions
never send mail: they store a fact and call `wake_on_commit`, and the planner derives the message.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.dispatch import Signal
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FACTS_CHANGED = _("The facts changed after it was planned.")
facts_changed = Signal()
MORNING = time(8)
# in days after the due day; after the last one every LATE_MONTH days
LATE_AFTER = (1, 7, 14, 30)
LATE_MONTH = 30
# Filled by the `due.py` of each app when Django starts.
_sources: dict[str, "Source"] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One reminder that is due to one person.

    `subject` identifies the object ("handover:12"), `stage` the occasion ("30 days"). With kind and
    person they form the unique key, so planning twice changes nothing. `at` is the moment (UTC)
    from which it is due. `url` is the path of the control to use. `context` is passed to the mail's
    templates. A person may get several mails on one occasion, such as one for each agency. Then
    `part` tells them apart; it never depends on what else is due.

    `until` is the moment (UTC) from which the mail is useless, such as the start of its meeting.
    None means never. A `stage` and a `part` contain no colon.

    `address` replaces the person's own address, as for the notice to a former address.
    """

    kind: str
    subject: str
    stage: str
    person_id: int
    at: datetime
    url: str
    context: Mapping[str, object] = field(default_factory=dict)
    part: str = ""
    until: datetime | None = None
    address: str = ""

    @property
    def key(self) -> str:
        """Return the unique key: kind, subject, recipient, stage and part."""
        part = f":{self.part}" if self.part else ""
        return f"{self.kind}:{self.subject}:{self.person_id}:{self.stage}{part}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A kind of reminder, and the functions that find what is due.

    `can_be_off` says whether people may switch it off.

    `find(at)` yields what is due as of `at`. A source of news yields an event for some days only.
    It also has `find_since(at, since)`: the events that were news at `since` or later, by the facts
    of `at`. So a mail that waited for a mail server is still found. `changed` tells the chair why a
    planned mail is no longer due.

    `calendar(item, person)` returns the calendar message that goes with the mail of an item to a
    person (iCalendar, RFC 6047). Such a mail is never held for a digest.
    """

    kind: str
    label: str | Promise
    can_be_off: bool
    find: Callable[[datetime], Iterable[Due]]
    find_since: Callable[[datetime, datetime], Iterable[Due]] | None = None
    changed: str | Promise = FACTS_CHANGED
    calendar: Callable[[Due, Any], str] | None = None

    def find_planned(self, at: datetime, planned_at: datetime) -> Iterable[Due]:
        """Return what is due at `at`, with the news of `planned_at`."""
        return self.find_since(at, planned_at) if self.find_since else self.find(at)

    @property
    def template(self) -> str:
        """Return the stem of its mail templates.

        "rotation.handover" has rotation/mail/handover.{subject.txt,txt,html}.
        """
        app, _dot, name = self.kind.partition(".")
        return f"{app}/mail/{name}"


def morning_of(day: date, zone: ZoneInfo) -> datetime:
    """Return 08:00 of `day` in `zone`.

    Moments are computed when needed, so a change of clocks moves none.
    """
    return datetime.combine(day, MORNING, tzinfo=zone)


@dataclass(frozen=True, slots=True)
class LateReminder:
    """The newest reminder of what is late.

    `stage` is its name, `at` its moment (UTC). `monthly` says that it is one of those that go to
    the owner's office and the chair alone.
    """

    stage: str
    at: datetime
    monthly: bool


def late_reminder(due_day: date, zone: ZoneInfo, at: datetime) -> LateReminder | None:
    """Return the newest reminder of what was due on `due_day` as of `at`.

    This is the one home of the cadence. Reminders come at 08:00 in `zone`, 1, 7, 14 and 30 days
    late, then every 30 days. None before the first.
    """
    day = at.astimezone(zone).date()
    # Before 08:00 the newest reminder is that of the day before.
    if at < morning_of(day, zone):
        day -= timedelta(days=1)
    days_late = (day - due_day).days
    if days_late < LATE_AFTER[0]:
        return None
    monthly = days_late >= LATE_AFTER[-1] + LATE_MONTH
    days = (
        days_late - (days_late - LATE_AFTER[-1]) % LATE_MONTH
        if monthly
        else max(days for days in LATE_AFTER if days <= days_late)
    )
    moment = morning_of(due_day + timedelta(days=days), zone)
    return LateReminder(f"day {days}", moment, monthly)


def register(source: Source) -> None:
    """Register a kind for the planner and the page of preferences."""
    _sources[source.kind] = source


def source_of(kind: str) -> Source | None:
    """Return the source of a kind, or None."""
    return _sources.get(kind)


def sources() -> tuple[Source, ...]:
    """Return the sources of every kind, sorted by name."""
    return tuple(_sources[kind] for kind in sorted(_sources))


def _send_facts_changed() -> None:
    facts_changed.send(sender=None)


def wake_on_commit() -> None:
    """Wake the planner once this transaction commits.

    However often it is called, the signal is sent once.
    """
    # A bulk act may call this once per row; one signal is enough.
    waiting = transaction.get_connection().run_on_commit
    if not any(_send_facts_changed in entry for entry in waiting):
        # Robust: a broken listener must not turn a committed act into an error page.
        transaction.on_commit(_send_facts_changed, robust=True)
