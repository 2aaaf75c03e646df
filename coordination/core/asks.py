"""What is asked of a person.

Each domain's `queries.asks` yields these, My desk orders them by deadline.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any


class Scope(StrEnum):
    """Of whom it is asked."""

    ME = "me"
    AGENCY = "agency"
    CHAIR = "chair"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One thing that is asked.

    What, why, by when (a moment or a day), and the address of the very control.
    """

    title: str
    url: str
    verb: str
    kind: str
    scope: Scope = Scope.ME
    detail: str = ""
    deadline: datetime | None = None
    day: date | None = None
    owner: Any = None


def by_deadline(asks: Iterable[Ask]) -> list[Ask]:
    """Return the asks by deadline; a day counts to its end, and what has no deadline comes last."""
    return sorted(asks, key=lambda ask: (latest(ask), ask.title))


def latest(ask: Ask) -> datetime:
    """Return the moment by which the ask is due, for ordering."""
    if ask.deadline:
        return ask.deadline
    return datetime.combine(ask.day or date.max, time.max, tzinfo=UTC)
