"""Conflicts and agreements between amendments.

The method is that of a three-way merge (S. Khanna, K. Kunal, B. Pierce, "A Formal Investigation of
Diff3", 2007), but with any number of amendments, and with hunks of words instead of lines.
"""

import re
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from .hunks import Hunk, place_sort_key, sort_hunks

Id = TypeVar("Id", bound=Hashable)

_NUMBER = re.compile(r"(\d+)")


class Sponsored(NamedTuple, Generic[Id]):
    """A hunk and the edits that have it."""

    hunk: Hunk
    sponsors: tuple[Id, ...]


@dataclass(frozen=True, slots=True)
class Conflict(Generic[Id]):
    """Hunks that cannot all be applied.

    ``base[start:end]`` is the range of the conflict; it is empty if all insert at one point.
    """

    start: int
    end: int
    hunks: tuple[Sponsored[Id], ...]

    @property
    def ids(self) -> tuple[Id, ...]:
        """The ids of the conflicting edits, sorted."""
        return sort_ids({id_ for hunk in self.hunks for id_ in hunk.sponsors})


def conflicts(edits: Mapping[Id, Iterable[Hunk]]) -> list[Conflict[Id]]:
    """Return the conflicts between edits, by place.

    ``edits`` maps each amendment to its hunks in one base text; the order does not matter. Two
    hunks conflict if they delete a common word, insert different text at one point, or if one
    inserts strictly inside the range of the other. Hunks that touch do not conflict, nor do equal
    ones. A hunk that conflicts with two others joins their groups. Raises :class:`HunkError` for an
    edit whose own hunks overlap. O(n log n).
    """
    return separate_conflicts(edits)[1]


def separate_conflicts(
    edits: Mapping[Id, Iterable[Hunk]],
) -> tuple[list[Sponsored[Id]], list[Conflict[Id]]]:
    """Return the hunks that do not conflict, and the conflicts, by place."""
    sponsors: dict[Hunk, list[Id]] = {}
    for id_, hunks in edits.items():
        for hunk in sort_hunks(hunks):
            sponsors.setdefault(hunk, []).append(id_)
    agreed: list[Sponsored[Id]] = []
    conflicting: list[Conflict[Id]] = []
    for group in _colliding_groups(sorted(sponsors, key=place_sort_key)):
        sponsored = [Sponsored(hunk, sort_ids(sponsors[hunk])) for hunk in group]
        if len(group) == 1:
            agreed += sponsored
        else:
            conflicting.append(
                Conflict(group[0].start, max(hunk.end for hunk in group), tuple(sponsored))
            )
    return agreed, conflicting


def sort_ids(ids: Iterable[Id]) -> tuple[Id, ...]:
    """Return ``ids`` of any types in natural order: a9 before a10."""
    ids_tuple = tuple(ids)
    return ids_tuple if len(ids_tuple) == 1 else tuple(sorted(ids_tuple, key=_natural_sort_key))


def _colliding_groups(hunks: list[Hunk]) -> Iterable[list[Hunk]]:
    """Yield sorted, different ``hunks`` in groups that conflict."""
    # One sweep is enough: an insertion comes after the ranges that begin before it, and before
    # those that begin at it.
    group: list[Hunk] = []
    group_end = 0
    for hunk in hunks:
        if group and (
            hunk.start < group_end or (hunk.start, hunk.end) == (group[-1].start, group[-1].end)
        ):
            group.append(hunk)
            group_end = max(group_end, hunk.end)
        else:
            if group:
                yield group
            group, group_end = [hunk], hunk.end
    if group:
        yield group


def _natural_sort_key(id_: object) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in _NUMBER.split(str(id_))]
