"""Inputs of the actions on Word files.

Light, for forms that are always loaded.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class SentFile:
    """An uploaded, checked file (`core.uploads`) and its original name."""

    file: Any
    name: str


@dataclass(frozen=True, slots=True)
class Kept:
    """The kept changes of a Word file, by id.

    `reason` is that of all changes without one of their own in `reasons`.
    """

    ids: Collection[str]
    reasons: Mapping[str, str]
    reason: str = ""

    def reason_of(self, id_: str) -> str:
        """Return the reason to propose a change with."""
        return self.reasons.get(id_, "").strip() or self.reason
