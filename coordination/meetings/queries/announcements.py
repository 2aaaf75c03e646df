"""News of a meeting, derived from its history records.

What people were told, and when. The call and each change of hour, place or link are told ten
minutes after they were saved. What is changed meanwhile goes into the same mail; what is changed
back is told to nobody.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from operator import attrgetter
from typing import Any

from coordination.meetings.enums import MeetingState
from coordination.meetings.models import Meeting
from coordination.meetings.queries import Move

SETTLING = timedelta(minutes=10)
# so little before a meeting people are told at once
SHORT_NOTICE = timedelta(hours=1)
# to a meeting of a series people are invited so long before it
INVITED_AHEAD = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Announced:
    """What was told of a meeting up to a moment.

    `called_at` (UTC) is from when people were invited, None if they were not. `moves` are the
    changes that were told, the oldest first. `known` is the record of history that people know.
    `cancelled_at` (UTC) is when the meeting was cancelled, if it was.

    `sequence` is that of RFC 5545 (section 3.8.7.4). It counts the cancellation and each change of
    hour, place or link, told or not. `hours_sequence` was the sequence when the present hours were
    told. `is_settling`: the call or a change was saved, and is not told yet.
    """

    called_at: datetime | None = None
    moves: tuple[Move, ...] = ()
    known: Any = None
    cancelled_at: datetime | None = None
    sequence: int = 0
    hours_sequence: int = 0
    is_settling: bool = False


def announced(meetings: Iterable[Meeting], at: datetime) -> dict[int, Announced]:
    """Return the announced state of each meeting until `at` (UTC).

    By key of the meeting. One query.
    """
    records: Any = Meeting.history.filter(id__in=[meeting.pk for meeting in meetings])
    rows = records.order_by("id", "history_date", "history_id")
    return {pk: announced_by(list(own), at) for pk, own in groupby(rows, attrgetter("id"))}


def announced_by(records: Sequence[Any], at: datetime) -> Announced:
    """Return what was told until `at` (UTC). Pure.

    From a meeting's records, the oldest first.
    """
    cancelled_at = next(
        (each.history_date for each in records if each.state == MeetingState.CANCELLED), None
    )
    called_at, moves, known = None, list[Move](), None
    place = hours_sequence = 0
    is_settling = False
    while place < len(records):
        due_at = told_from(records[place])
        if not is_news(known, records[place]):
            place += 1
            continue
        if due_at > at:
            is_settling = records[place].history_date <= at
            break
        place += 1
        while place < len(records) and records[place].history_date < due_at:
            place += 1
        last = records[place - 1]
        if not is_news(known, last):
            continue
        move: Move | None = Move(due_at, last.version, known, last) if known else None
        if move:
            moves.append(move)
        else:
            called_at = due_at
        if move is None or "hour" in move.changed:
            hours_sequence = changes(records[:place])
        known = last
    return Announced(
        called_at,
        tuple(moves),
        known,
        cancelled_at,
        changes(records) + bool(cancelled_at),
        hours_sequence,
        is_settling,
    )


def told_from(record: Any) -> datetime:
    """Return when (UTC) people are told a history record. Pure."""
    saved: datetime = record.history_date
    return saved if record.starts_at - saved < SHORT_NOTICE else saved + SETTLING


def is_news(known: Any, record: Any) -> bool:
    """Return whether a record is news to people who know the record `known`.

    `known` is None if they know nothing.
    """
    if record.state != MeetingState.CONVENED:
        return False
    return known is None or bool(Move(record.history_date, record.version, known, record).changed)


def changes(records: Sequence[Any]) -> int:
    """Return how often hour, place or link changed.

    While the meeting was convened.
    """
    return sum(
        before.state == MeetingState.CONVENED and is_news(before, after)
        for before, after in pairwise(records)
    )
