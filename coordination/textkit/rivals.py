"""Rival wordings in full, as a drafting group reads them aloud."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from .collisions import Conflict, Id, Sponsored, conflicts
from .hunks import Hunk, apply

# A reader compares rivals easily when each repeats up to some 25 words (in code points).
_MAX_REPEATED = 160


def expand_rivals(base: str, edits: Mapping[Id, Iterable[Hunk]]) -> dict[Id, tuple[Hunk, ...]]:
    """Return ``edits`` with one hunk per edit for each short conflict.

    :func:`.compilation.compile` then shows the contested words once, and each proposal in full
    after them. Each edit still makes the same text. Insertions at one point do not change, nor do
    small changes inside words that another edit only deletes. Raises :class:`.hunks.HunkError` for
    an edit whose own hunks overlap.
    """
    expanded = {id_: tuple(hunks) for id_, hunks in edits.items()}
    for conflict in _short_conflicts(conflicts(expanded)):
        start, end = conflict.start, conflict.end
        for id_, hunks in _by_sponsor(conflict.hunks).items():
            wording = apply(
                base[start:end],
                [Hunk(hunk.start - start, hunk.end - start, hunk.text) for hunk in hunks],
            )
            other_hunks = [hunk for hunk in expanded[id_] if hunk not in hunks]
            expanded[id_] = tuple(sorted([*other_hunks, Hunk(start, end, wording)]))
    return expanded


def _short_conflicts(conflicting: Iterable[Conflict[Id]]) -> Iterator[Conflict[Id]]:
    """Yield the conflicts that are short enough to expand."""
    for conflict in conflicting:
        length = conflict.end - conflict.start
        inside = [
            sponsored
            for sponsored in conflict.hunks
            if sponsored.hunk != Hunk(conflict.start, conflict.end, "")
        ]
        # One edit deletes the whole stretch, and the others change less than half of it: their
        # changes are expanded among themselves, inside the deletion.
        touched = sum(hunk.end - hunk.start for hunk, _ in inside)
        if len(inside) < len(conflict.hunks) and (touched * 2 < length or length > _MAX_REPEATED):
            yield from _short_conflicts(conflicts(_by_sponsor(inside)))
        elif 0 < length <= _MAX_REPEATED:
            yield conflict


def _by_sponsor(hunks: Iterable[Sponsored[Id]]) -> dict[Id, list[Hunk]]:
    by_sponsor: defaultdict[Id, list[Hunk]] = defaultdict(list)
    for hunk, who in hunks:
        for id_ in who:
            by_sponsor[id_].append(hunk)
    return by_sponsor
