"""All amendments that get along, put into the text."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Generic

from .collisions import Conflict, Id, Sponsored, sift
from .hunks import Hunk, apply, ordered


@dataclass(frozen=True, slots=True)
class Merged(Generic[Id]):
    """A text with every hunk in it that collides with none (``agreed``).

    Where ``conflicts`` are, the base words stand.
    """

    text: str
    agreed: tuple[Sponsored[Id], ...]
    conflicts: list[Conflict[Id]]


def merge(base: str, edits: Mapping[Id, Iterable[Hunk]]) -> Merged[Id]:
    """Put into ``base`` every hunk of ``edits`` that collides with none.

    A hunk goes in even if another hunk of the same amendment collides.

    The order of ``edits`` does not matter. Raises :class:`HunkError` for a hunk outside ``base``
    and for an edit whose own hunks overlap.
    """
    agreed, clashes = sift(edits)
    for clash in clashes:
        for hunk, _ in clash.hunks:
            ordered([hunk], len(base))
    return Merged(apply(base, [hunk for hunk, _ in agreed]), tuple(agreed), clashes)
