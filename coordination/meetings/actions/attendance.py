"""Attendance: who came for each agency, at what level.

It is written for a whole meeting at once.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.core import history
from coordination.core.actions import (
    create_with_history,
    delete_with_history,
    update_with_history,
)
from coordination.meetings.actions.records import refuse_agreed
from coordination.meetings.enums import Level, MeetingState
from coordination.meetings.errors import AttendanceChanged, AttendanceKept
from coordination.meetings.models import Attendance, Meeting
from coordination.meetings.queries import PRESENT, AttendanceRow, AttendanceValues, roll
from coordination.members.models import Person

FIELDS = ["level", "name_on_day", "person", "where", "reason", "delegate_for"]


@dataclass(frozen=True, slots=True)
class AttendanceEntry:
    """What a person writes of one agency.

    A `level` of "" means that nothing is to be on record. `seen` is what their page showed of it.
    """

    agency_id: int
    level: str
    name: str
    seen: AttendanceValues
    where: str = ""
    reason: str = ""
    delegate_for: str = ""

    @property
    def values(self) -> AttendanceValues:
        """Return the values to record, as a page shows them."""
        return AttendanceValues(self.level, self.name, self.where, self.reason, self.delegate_for)

    @property
    def is_changed(self) -> bool:
        """Return whether it differs from what the page showed."""
        return self.values != self.seen


@transaction.atomic
def record_attendance(meeting: Meeting, entries: Iterable[AttendanceEntry], *, by: Person) -> int:
    """Save the attendance of a meeting and return how many agencies changed.

    Only changed entries are written, so two people may fill in different agencies at once. All or
    nothing. Raises AttendanceChanged if somebody saved another value of a changed entry since the
    page was opened, and AttendanceKept where the record of a meeting that is over would be removed.
    Both name the agencies. Raises RecordAgreed.
    """
    # the lock lets only one of two people at once compare and write
    meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    refuse_agreed(meeting)
    rows = {row.agency.pk: row for row in roll.roll_rows(meeting)}
    changed = [
        (fitting(entry, rows[entry.agency_id]), rows[entry.agency_id])
        for entry in entries
        if entry.is_changed and entry.agency_id in rows
    ]
    # what did not fit its level was shown, and is no change
    changed = [(entry, row) for entry, row in changed if entry.is_changed]
    refuse_unseen(changed)
    refuse_removal(meeting, changed)
    new: list[Attendance] = []
    edited: list[Attendance] = []
    removed: list[Attendance] = []
    for entry, row in changed:
        record = row.record or Attendance(meeting=meeting, agency=row.agency)
        if not entry.level:
            removed += [record] if row.record else []
            continue
        write(record, entry, row)
        (edited if row.record else new).append(record)
    for record in (*new, *edited, *removed):
        # no reason: history says "added", "changed" or "removed" with the agency
        history.sign(record, by=by, reason=None)
    create_with_history(new)
    update_with_history(edited, FIELDS)
    delete_with_history(removed)
    return len(new) + len(edited) + len(removed)


def fitting(entry: AttendanceEntry, row: AttendanceRow) -> AttendanceEntry:
    """Return the entry without what does not fit its level. Pure.

    The page offers the principal's name for every level; with another level it is nobody's. Only
    who came was somewhere, only apologies have a reason, only a delegate stands in for somebody.
    """
    is_offered = bool(entry.name) and entry.name == row.principal_name
    return replace(
        entry,
        name="" if is_offered and entry.level != Level.PRINCIPAL else entry.name,
        where=entry.where if entry.level in PRESENT else "",
        reason=entry.reason if entry.level == Level.APOLOGIES else "",
        delegate_for=entry.delegate_for if entry.level == Level.DELEGATE else "",
    )


def refuse_unseen(changed: Collection[tuple[AttendanceEntry, AttendanceRow]]) -> None:
    """Raise AttendanceChanged if an entry would overwrite unseen values.

    Its writer has not seen them.
    """
    unseen: dict[int, Attendance | None] = {
        entry.agency_id: row.record
        for entry, row in changed
        if row.seen not in {entry.seen, entry.values}
    }
    if unseen:
        raise AttendanceChanged(
            _("Somebody saved this while you wrote. Nothing of yours is saved yet, nor lost."),
            unseen,
        )


def refuse_removal(
    meeting: Meeting, changed: Collection[tuple[AttendanceEntry, AttendanceRow]]
) -> None:
    """Raise AttendanceKept if a change removes a record too late.

    Only records of a meeting to come may be removed.
    """
    gone = {entry.agency_id for entry, row in changed if row.record and not entry.level}
    if gone and meeting.state != MeetingState.CONVENED:
        raise AttendanceKept(
            _("This stays on record, since the meeting is not to come. Choose another level."), gone
        )


def write(record: Attendance, entry: AttendanceEntry, row: AttendanceRow) -> None:
    """Write an entry into a record.

    The principal of the day is linked as the person; another name is of nobody whom we know.
    """
    if entry.level == Level.PRINCIPAL and row.principal and entry.name == row.principal_name:
        record.person = row.principal.person
    elif entry.name != row.seen.name:
        record.person = None
    record.level, record.name_on_day = Level(entry.level), entry.name
    record.where, record.reason = entry.where, entry.reason
    record.delegate_for = entry.delegate_for
