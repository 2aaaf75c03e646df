"""Merging amendments into a text."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Generic

from .collisions import Conflict, Id, Sponsored, separate_conflicts
from .hunks import Hunk, apply, sort_hunks


@dataclass(frozen=True, slots=True)
class MergeResult(Generic[Id]):
    """A text with the hunks that do not conflict (``agreed``).

    Where hunks conflict, the base words stay.
    """

    text: str
    agreed: tuple[Sponsored[Id], ...]
    conflicts: list[Conflict[Id]]


def merge(base: str, edits: Mapping[Id, Iterable[Hunk]]) -> MergeResult[Id]:
    """Put every hunk that conflicts with no other into ``base``.

    A hunk is merged even if another hunk of the same edit conflicts. The order of ``edits`` does
    not matter. Raises :class:`HunkError` for a hunk outside ``base``, and for an edit whose own
    hunks overlap.
    """
    agreed, conflicts = separate_conflicts(edits)
    # conflicting hunks are not applied, but must be valid too
    for conflict in conflicts:
        for hunk, _ in conflict.hunks:
            sort_hunks([hunk], len(base))
    return MergeResult(apply(base, [hunk for hunk, _ in agreed]), tuple(agreed), conflicts)
