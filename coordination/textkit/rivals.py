"""Rival wordings in full, as a drafting group reads them aloud."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from .clauses import has_words
from .collisions import Conflict, Edits, Id, Sponsored, conflicts
from .hunks import Change, Hunk, apply

# A reader compares rivals easily when each repeats up to some 25 words (in code points).
_MAX_REPEATED = 160

# Deletions inside deletions inside deletions: nobody reads more than a few brackets in brackets.
_MAX_DEPTH = 5


def expand_rivals(base: str, edits: Edits[Id]) -> dict[Id, tuple[Hunk, ...]]:
    """Expand each short conflict to one hunk per edit.

    Returns the hunks of ``edits``. :func:`.compilation.compile` then shows the contested words
    once, and each proposal in full after them. Each edit still makes the same text, but for
    typography, which is left out. Insertions into one gap do not change, nor do small changes
    inside words that another edit only deletes. Raises :class:`.hunks.HunkError` for an edit whose
    own hunks overlap.
    """
    worded = {
        id_: [change for change in changes if not change.typographic]
        for id_, changes in edits.items()
    }
    expanded = {
        id_: tuple(hunk for change in changes for hunk in change.hunks)
        for id_, changes in worded.items()
    }
    for conflict in _short_conflicts(base, conflicts(base, worded)):
        start, end = conflict.start, conflict.end
        for id_ in conflict.ids:
            # a hunk that another edit shares may be part of the conflict for this one too
            inside = [hunk for hunk in expanded[id_] if start <= hunk.start and hunk.end <= end]
            wording = apply(
                base[start:end],
                [Hunk(hunk.start - start, hunk.end - start, hunk.text) for hunk in inside],
            )
            outside = [hunk for hunk in expanded[id_] if hunk not in inside]
            expanded[id_] = tuple(sorted([*outside, Hunk(start, end, wording)]))
    return expanded


def _short_conflicts(base: str, long: Iterable[Conflict[Id]]) -> Iterator[Conflict[Id]]:
    """Yield the conflicts that are short enough to expand.

    Also those inside long ones.
    """
    pending = [(conflict, 0) for conflict in long]
    while pending:
        conflict, depth = pending.pop()
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
            if depth < _MAX_DEPTH:
                inner = conflicts(base, _by_sponsor(inside))
                pending += [(each, depth + 1) for each in inner]
        elif length <= _MAX_REPEATED and has_words(base[conflict.start : conflict.end]):
            yield conflict


def _by_sponsor(hunks: Iterable[Sponsored[Id]]) -> Mapping[Id, list[Change]]:
    by_sponsor: defaultdict[Id, list[Change]] = defaultdict(list)
    for hunk, who in hunks:
        for id_ in who:
            by_sponsor[id_].append(Change((hunk,)))
    return by_sponsor
