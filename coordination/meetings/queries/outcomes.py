"""The statements that meetings led to.

A higher app says it: `statements` knows which meeting a statement came from.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from coordination.meetings.enums import MeetingKind, MeetingState
from coordination.meetings.models import Meeting


@dataclass(frozen=True, slots=True)
class StatementOfMeeting:
    """A statement of a meeting.

    Its title, its address, and whether it is adopted.
    """

    title: str
    url: str
    is_adopted: bool


# Takes keys of meetings; returns their statements by key.
FindStatements = Callable[[Collection[int]], dict[int, list[StatementOfMeeting]]]
_readers: list[FindStatements] = []


def register(find: FindStatements) -> None:
    """Register how the statements of meetings are found.

    A later call replaces an earlier one.
    """
    _readers[:] = [find]


def statements_of(meetings: Iterable[Meeting]) -> dict[int, list[StatementOfMeeting]]:
    """Return the statements of meetings by key of the meeting.

    One query, none for no meeting.
    """
    keys = [meeting.pk for meeting in meetings]
    found: dict[int, list[StatementOfMeeting]] = {}
    for find in _readers if keys else ():
        found |= find(keys)
    return found


def adopted_of(meeting: Meeting) -> list[StatementOfMeeting]:
    """Return the adopted statements that a meeting led to.

    One query.
    """
    found = statements_of([meeting]).get(meeting.pk, [])
    return [statement for statement in found if statement.is_adopted]


def lacks_statement(meeting: Meeting, statements: Iterable[StatementOfMeeting]) -> bool:
    """Return whether a meeting led to no adopted statement. Pure.

    Only for a principals' meeting that was held.
    """
    return (
        meeting.kind == MeetingKind.PRINCIPALS
        and meeting.state == MeetingState.HELD
        and not any(statement.is_adopted for statement in statements)
    )
