"""Merging amendments into a text."""

from dataclasses import dataclass
from typing import Generic

from .collisions import Conflict, Edits, Id, Sponsored, judge
from .hunks import apply, place_sort_key


@dataclass(frozen=True, slots=True)
class MergeResult(Generic[Id]):
    """A text with the changes that neither conflict nor touch (``clean``).

    Where changes conflict or touch, the base words stay. ``as_read`` has the touching ones too: the
    text for a person to read before they are taken. ``touching`` has the ids of each group.
    """

    text: str
    as_read: str
    clean: tuple[Sponsored[Id], ...]
    touching: tuple[tuple[Id, ...], ...]
    conflicts: tuple[Conflict[Id], ...]
    applied: tuple[Sponsored[Id], ...]  # what makes `as_read`, by place


def merge(base: str, edits: Edits[Id]) -> MergeResult[Id]:
    """Merge the changes of ``edits`` into ``base`` (see :func:`.collisions.judge`).

    A change is merged even if another change of the same edit conflicts. The order of ``edits``
    does not matter. Raises :class:`.hunks.HunkError` for a hunk outside ``base``, and for an edit
    whose own hunks overlap.
    """
    judged = judge(base, edits)
    text = as_read = apply(base, [hunk for hunk, _ in judged.clean])
    applied = judged.clean
    if judged.touching:
        applied = tuple(
            sorted([*judged.clean, *judged.touching], key=lambda each: place_sort_key(each.hunk))
        )
        as_read = apply(base, [hunk for hunk, _ in applied])
    return MergeResult(text, as_read, judged.clean, judged.touching_ids, judged.conflicts, applied)
