"""Rebasing an amendment onto the next draft.

This is a three-way merge of the amendment and the changes of the new draft. Where both change the
same words, the result is a guess that a person must check.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from .collisions import Conflict, separate_conflicts
from .diffs import close_diff, fine_diff
from .hunks import Hunk, apply, join_insertions, sort_hunks
from .tidy import slide_range
from .tokens import tokens

_OURS, _THEIRS = "ours", "theirs"


@dataclass(frozen=True, slots=True)
class Rebased:
    """The hunks for the new text, without those that it has already.

    If not ``certain``, they are a guess for a person to check.
    """

    hunks: tuple[Hunk, ...]
    certain: bool


class _PlaceMap:
    """Maps places in the old text to places in the new one."""

    def __init__(self, theirs: Sequence[Hunk]) -> None:
        self.theirs = theirs
        self._ends = [hunk.end for hunk in theirs]
        self._grown = list(
            accumulate((len(hunk.text) - (hunk.end - hunk.start) for hunk in theirs), initial=0)
        )

    def at(self, place: int, but: frozenset[Hunk] = frozenset()) -> int:
        """Return the new place, after hunks that end there or before.

        Hunks in ``but`` are ignored.
        """
        hunk_count = bisect_right(self._ends, place)
        while hunk_count and self.theirs[hunk_count - 1] in but:
            hunk_count -= 1
        return place + self._grown[hunk_count]


def rebase(hunks: Iterable[Hunk], old: str, new: str) -> Rebased:
    """Rebase ``hunks``, which change ``old``, onto ``new``.

    Changes that ``new`` has already are left out. The result is certain if the words around each
    change are the same and unambiguous (if one of two equal words is gone, which one?). Where both
    sides changed words, the guess keeps those of ``new`` and adds ours between them, or replaces
    them if ours do not fit. Raises :class:`.hunks.HunkError` for hunks that overlap or are outside
    ``old``.
    """
    given = tuple(sort_hunks(hunks, len(old)))
    if old == new:
        return Rebased(given, certain=True)
    # our hunks are computed again, so that equal changes of both sides are equal hunks
    ours, theirs = close_diff(old, apply(old, given)), close_diff(old, new)
    independent, conflicts = _separate_ours(ours, theirs)
    rebased, is_doubtful = _rebase_hunks(
        independent,
        conflicts,
        theirs,
        lambda conflict, new_start: _guess_by_words(conflict, new_start, old),
    )
    is_doubtful = is_doubtful or _is_doubtful(old, independent, theirs)
    return Rebased(tuple(join_insertions(rebased)), certain=not is_doubtful)


def _separate_ours(
    ours: Sequence[Hunk], theirs: Sequence[Hunk]
) -> tuple[list[Hunk], list[Conflict[str]]]:
    """Return our hunks that conflict with none of theirs, and the conflicts.

    Hunks that both have are left out.
    """
    agreed, conflicts = separate_conflicts({_OURS: ours, _THEIRS: theirs})
    return [hunk for hunk, sides in agreed if sides == (_OURS,)], conflicts


_Guess = Callable[[Conflict[str], int], list[Hunk] | None]


def _rebase_hunks(
    independent: Iterable[Hunk],
    conflicts: Iterable[Conflict[str]],
    theirs: Sequence[Hunk],
    guess: _Guess,
) -> tuple[list[Hunk], bool]:
    """Return our changes as hunks of the new text, and any doubt.

    ``theirs`` made the new text. ``guess`` gets a conflict and its start in the new text. It
    returns hunks, or None if the new text has our words already.
    """
    place_map = _PlaceMap(theirs)
    rebased: list[Hunk] = []
    is_doubtful = False
    changes: list[Hunk | Conflict[str]] = [*independent, *conflicts]
    for change in sorted(changes, key=lambda change: (change.start, change.end)):
        if isinstance(change, Hunk):
            rebased.append(_shift(change, place_map.at(change.start) - change.start))
            continue
        # their hunks of this conflict do not count: the guess decides what becomes of their words
        guessed_hunks = guess(
            change, place_map.at(change.start, frozenset(_hunks_of(change, _THEIRS)))
        )
        if guessed_hunks is not None:
            rebased += guessed_hunks
            is_doubtful = True
    return rebased, is_doubtful


def _guess_by_words(conflict: Conflict[str], new_start: int, old: str) -> list[Hunk] | None:
    """Guess word by word.

    Words that the new text has are left out; words that fit between its words go there.
    """
    stretch = old[conflict.start : conflict.end]
    fine = {
        side: fine_diff(
            stretch,
            apply(stretch, [_shift(hunk, -conflict.start) for hunk in _hunks_of(conflict, side)]),
        )
        for side in (_OURS, _THEIRS)
    }
    # the new text has all our changes already, so there is nothing to guess
    if set(fine[_OURS]) <= set(fine[_THEIRS]):
        return None
    independent, conflicts = _separate_ours(fine[_OURS], fine[_THEIRS])
    rebased, _ = _rebase_hunks(
        independent,
        conflicts,
        fine[_THEIRS],
        lambda inner, start: _guess_replacement(inner, start, stretch),
    )
    return [_shift(hunk, new_start) for hunk in rebased]


def _guess_replacement(conflict: Conflict[str], new_start: int, old: str) -> list[Hunk]:
    """Guess that our words replace theirs.

    If both only added words, ours go before theirs, unless theirs contain ours.
    """
    stretch = old[conflict.start : conflict.end]
    ours, theirs = (
        apply(stretch, [_shift(hunk, -conflict.start) for hunk in _hunks_of(conflict, side)])
        for side in (_OURS, _THEIRS)
    )
    if stretch:
        return [Hunk(new_start, new_start + len(theirs), ours)]
    their_tokens, our_tokens = tokens(theirs), tokens(ours.strip())
    is_contained = any(
        their_tokens[i : i + len(our_tokens)] == our_tokens for i in range(len(their_tokens))
    )
    return [] if is_contained else [Hunk(new_start, new_start, ours)]


def _hunks_of(conflict: Conflict[str], side: str) -> list[Hunk]:
    return [hunk for hunk, sponsors in conflict.hunks if side in sponsors]


def _shift(hunk: Hunk, offset: int) -> Hunk:
    return Hunk(hunk.start + offset, hunk.end + offset, hunk.text)


def _is_doubtful(old: str, ours: Sequence[Hunk], theirs: Sequence[Hunk]) -> bool:
    """Whether one of ``ours`` may no longer be in its right place.

    The hunks do not conflict. There is doubt when our words are inserted right beside changed words
    ("not" before "detain", which is now "release"). There is also doubt when one hunk could slide
    to a place of the other: of two equal words one is gone, and either could be meant.
    """
    ranges = [(our_hunk, *slide_range(old, our_hunk)) for our_hunk in ours]
    for their_hunk in theirs:
        start, end = slide_range(old, their_hunk)
        words_changed = start < end and any(
            char.isalnum() for char in old[their_hunk.start : their_hunk.end] + their_hunk.text
        )
        for our_hunk, low, high in ranges:
            overlaps = low < end and start < high
            is_adjacent = our_hunk.start == our_hunk.end and (
                our_hunk.end == start or our_hunk.start == end
            )
            if our_hunk != their_hunk and (overlaps or (words_changed and is_adjacent)):
                return True
    return False
