"""Where amendments collide, and where they agree.

Edits of one text by several hands are laid side by side as in a three-way merge (S. Khanna, K.
Kunal, B. Pierce, "A Formal Investigation of Diff3", 2007), only that there are as many ways as
amendments, and that the smallest piece is a hunk of words, not a line.
"""

import re
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from .hunks import Hunk, by_place, ordered

Id = TypeVar("Id", bound=Hashable)

_NUMBER = re.compile(r"(\d+)")


class Sponsored(NamedTuple, Generic[Id]):
    """A hunk, and the edits that have it: one, or several that agree."""

    hunk: Hunk
    sponsors: tuple[Id, ...]


@dataclass(frozen=True, slots=True)
class Conflict(Generic[Id]):
    """Hunks that cannot all stand.

    ``base[start:end]`` is the range of the conflict, a point if all insert there.
    """

    start: int
    end: int
    hunks: tuple[Sponsored[Id], ...]

    @property
    def ids(self) -> tuple[Id, ...]:
        """The edits that collide here, each once."""
        return in_order({id_ for hunk in self.hunks for id_ in hunk.sponsors})


def conflicts(edits: Mapping[Id, Iterable[Hunk]]) -> list[Conflict[Id]]:
    """Return the groups of hunks that collide, by place.

    ``edits`` maps each amendment to its hunks in one base text.

    Two hunks collide that take out a word in common, that insert different text at one point, or of
    which one inserts strictly inside the range of the other. Hunks that touch do not collide, nor
    do equal ones. A hunk that collides with two joins their groups. The order of ``edits`` does not
    matter. Raises :class:`HunkError` for an edit whose own hunks overlap. O(n log n).
    """
    return sift(edits)[1]


def sift(edits: Mapping[Id, Iterable[Hunk]]) -> tuple[list[Sponsored[Id]], list[Conflict[Id]]]:
    """Return the hunks that collide with none, and the groups of those that do; both by place."""
    sponsors: dict[Hunk, list[Id]] = {}
    for id_, hunks in edits.items():
        for hunk in ordered(hunks):
            sponsors.setdefault(hunk, []).append(id_)
    agreed: list[Sponsored[Id]] = []
    clashes: list[Conflict[Id]] = []
    for group in _groups(sorted(sponsors, key=by_place)):
        sponsored = [Sponsored(hunk, in_order(sponsors[hunk])) for hunk in group]
        if len(group) == 1:
            agreed += sponsored
        else:
            clashes.append(
                Conflict(group[0].start, max(hunk.end for hunk in group), tuple(sponsored))
            )
    return agreed, clashes


def in_order(ids: Iterable[Id]) -> tuple[Id, ...]:
    """Return ``ids`` of whatever types in one order, numbers by size.

    The order is the same, however they came.
    """
    found = tuple(ids)
    return found if len(found) == 1 else tuple(sorted(found, key=_natural))


def _groups(hunks: list[Hunk]) -> Iterable[list[Hunk]]:
    """Yield ``hunks``, which are different and sorted, in groups that hang together by collisions.

    One sweep is enough, because an insertion is sorted after the ranges that begin before it and
    before those that begin at it.
    """
    group: list[Hunk] = []
    reach = 0
    for hunk in hunks:
        if group and (
            hunk.start < reach or (hunk.start, hunk.end) == (group[-1].start, group[-1].end)
        ):
            group.append(hunk)
            reach = max(reach, hunk.end)
        else:
            if group:
                yield group
            group, reach = [hunk], hunk.end
    if group:
        yield group


def _natural(id_: object) -> list[tuple[int, str]]:
    """Sort key of an id: the amendment a9 stands before a10."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in _NUMBER.split(str(id_))]
