"""The roll on a meeting's page: seats and visitors, saved at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.core import history
from coordination.core.actions import (
    create_with_history,
    delete_with_history,
    update_with_history,
)
from coordination.core.permissions import On, require
from coordination.core.queries import day_in_group, group
from coordination.meetings import queries
from coordination.meetings.actions.attendance import AttendanceEntry, record_attendance
from coordination.meetings.enums import MeetingState
from coordination.meetings.errors import MeetingOver, NotBegun
from coordination.meetings.models import Meeting, MeetingVisitor
from coordination.members.models import Person

FIELDS = ["name", "body", "where"]


@dataclass(frozen=True, slots=True)
class VisitorValues:
    """The values of a visitor on a page.

    All are "" without a visitor.
    """

    name: str
    body: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True)
class VisitorEntry:
    """The values of one visitor from a form.

    `pk` is None for another one. Without a name the visitor is removed. `seen` is what their page
    showed.
    """

    pk: int | None
    values: VisitorValues
    seen: VisitorValues

    @property
    def is_changed(self) -> bool:
        """Return whether it differs from what the page showed."""
        return self.values != self.seen


@dataclass(frozen=True, slots=True)
class RollInput:
    """What a person writes of the whole roll."""

    seats: Sequence[AttendanceEntry]
    visitors: Sequence[VisitorEntry]


@transaction.atomic
def save_roll(meeting: Meeting, roll: RollInput, *, by: Person, at: datetime) -> int:
    """Save seats and visitors of a meeting that has begun.

    Returns how many changed. All or nothing, and only what changed. Raises AttendanceChanged,
    AttendanceKept, RecordAgreed, MeetingOver, NotBegun, NotAllowed.
    """
    meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    require(by, "meetings.record_outcome", On(day_in_group(at), meeting))
    if meeting.state == MeetingState.CANCELLED:
        raise MeetingOver(_("This meeting was cancelled; it has no roll."))
    if not meeting.begun(at):
        raise NotBegun(queries.not_begun_sentence(meeting, by.zone or group().zone))
    changed = record_attendance(meeting, roll.seats, by=by)
    return changed + record_visitors(meeting, roll.visitors, by=by)


def record_visitors(meeting: Meeting, entries: Iterable[VisitorEntry], *, by: Person) -> int:
    """Save the visitors of a locked meeting and return how many changed.

    Nothing is lost where somebody saved another value meanwhile: what was typed becomes one more
    visitor, and a removal is not done.
    """
    records = {record.pk: record for record in meeting.visitors.all()}
    new: list[MeetingVisitor] = []
    edited: list[MeetingVisitor] = []
    removed: list[MeetingVisitor] = []
    for entry in (entry for entry in entries if entry.is_changed):
        record = records.get(entry.pk or 0)
        is_seen = record is not None and values_of(record) == entry.seen
        if record is None or not is_seen:
            # a second click sends the same values again
            if entry.values.name and entry.values not in map(values_of, records.values()):
                new.append(MeetingVisitor(meeting=meeting))
                write_visitor(new[-1], entry.values)
        elif entry.values.name:
            edited.append(record)
            write_visitor(record, entry.values)
        else:
            removed.append(record)
    for record in (*new, *edited, *removed):
        # no reason: history says "added", "changed" or "removed" with the visitor
        history.sign(record, by=by, reason=None)
    create_with_history(new)
    update_with_history(edited, FIELDS)
    delete_with_history(removed)
    return len(new) + len(edited) + len(removed)


def values_of(visitor: MeetingVisitor) -> VisitorValues:
    """Return what a page shows of a visitor."""
    return VisitorValues(visitor.name, visitor.body, visitor.where)


def write_visitor(record: MeetingVisitor, values: VisitorValues) -> None:
    """Write values into a record, unsaved."""
    record.name, record.body, record.where = values.name, values.body, values.where
