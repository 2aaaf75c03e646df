"""Rebasing an amendment onto the next draft.

This is a three-way merge of the amendment and the changes of the new draft. Where both change the
same words, the result is a guess that a person must check.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from .collisions import Conflict, judge
from .diffs import changes, fine_diff
from .hunks import (
    Change,
    Hunk,
    apply,
    hunks_of,
    join_insertions,
    place_sort_key,
    sort_hunks,
)
from .sentences import moved_sentences
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

    def start_of(self, hunk: Hunk) -> int:
        """Return the new start of a hunk.

        Before insertions that come after it at its point.
        """
        at_point = bisect_right(self._ends, hunk.start) - 1
        last = self.theirs[at_point] if at_point >= 0 else None
        if last and place_sort_key(last)[:3] > place_sort_key(hunk)[:3]:
            return self.at(hunk.start, frozenset({last}))
        return self.at(hunk.start)


def rebase(hunks: Iterable[Hunk], old: str, new: str) -> Rebased:
    """Rebase ``hunks``, which change ``old``, onto ``new``.

    Changes that ``new`` has already are left out. A change to a sentence that is elsewhere in
    ``new`` goes with it. The result is certain if our changes and those of ``new`` neither conflict
    nor touch (see :func:`.collisions.judge`). Where both sides changed words, the guess keeps those
    of ``new`` and adds ours between them, or replaces them if ours do not fit. Raises
    :class:`.hunks.HunkError` for hunks that overlap or are outside ``old``.
    """
    given = tuple(sort_hunks(hunks, len(old)))
    if old == new:
        return Rebased(given, certain=True)
    # our hunks are computed again, so that equal changes of both sides are equal hunks
    ours, theirs = changes(old, apply(old, given)), changes(old, new)
    followed, staying = _follow_sentences(ours, theirs, old, new)
    rebased, is_certain = _rebase_changes(staying, theirs, old)
    # of two insertions that meet, the one that was first stays first
    joined = sorted([*rebased, *followed], key=lambda hunk: (hunk.start, hunk.end))
    if followed and any(after.start <= before.end for before, after in pairwise(joined)):
        rebased, is_certain = _rebase_changes(ours, theirs, old)[0], False
        joined = rebased
    return Rebased(tuple(join_insertions(joined)), certain=is_certain)


def _rebase_changes(
    ours: Sequence[Change], theirs: Sequence[Change], old: str
) -> tuple[list[Hunk], bool]:
    """Return our changes as hunks of the new text.

    Also whether all is certain.
    """
    their_hunks = tuple(hunks_of(theirs))
    # signs that only look different move the places, but are no reason to doubt
    signs = [hunk for change in theirs if change.typographic for hunk in change.hunks]
    independent, conflicts, touch = _separate_ours(ours, theirs, old)
    rebased, is_doubtful = _rebase_hunks(
        independent,
        conflicts,
        their_hunks,
        lambda conflict, new_start: _guess_by_words(conflict, signs, new_start, old),
    )
    return rebased, not (is_doubtful or touch)


def _follow_sentences(
    ours: Sequence[Change], theirs: Sequence[Change], old: str, new: str
) -> tuple[list[Hunk], list[Change]]:
    """Move our changes to sentences that are elsewhere in ``new``.

    Return their hunks in the new text, and the other changes.
    """
    followed: list[Hunk] = []
    staying = list(ours)
    for start, end in moved_sentences(old, tuple(hunks_of(theirs))):
        sentence = old[start:end]
        # of two equal sentences, either could be meant
        if old.count(sentence) != 1 or new.count(sentence) != 1:
            continue
        offset = new.index(sentence) - start
        inside = [change for change in staying if start <= change.start and change.end <= end]
        followed += [_shift(hunk, offset) for hunk in hunks_of(inside)]
        staying = [change for change in staying if change not in inside]
    return followed, staying


def _separate_ours(
    ours: Sequence[Change], theirs: Sequence[Change], old: str
) -> tuple[list[Hunk], list[Conflict[str]], bool]:
    """Return our separate hunks, the conflicts, and whether some touch.

    Separate hunks conflict with none of theirs. Hunks that both have are left out.
    """
    judged = judge(old, {_OURS: ours, _THEIRS: theirs})
    applicable = sorted([*judged.clean, *judged.touching])
    return (
        [hunk for hunk, sides in applicable if sides == (_OURS,)],
        list(judged.conflicts),
        bool(judged.touching_ids),
    )


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
    in_order: list[Hunk | Conflict[str]] = [*independent, *conflicts]
    for change in sorted(in_order, key=lambda change: (change.start, change.end)):
        if isinstance(change, Hunk):
            rebased.append(_shift(change, place_map.start_of(change) - change.start))
            continue
        their_hunks = frozenset(_hunks_of(change, _THEIRS))
        if all(hunk.start == hunk.end for hunk, _ in change.hunks):
            # ours go before theirs at the same point
            rebased += [
                _shift(hunk, place_map.at(hunk.start, their_hunks) - hunk.start)
                for hunk in _hunks_of(change, _OURS)
                if not _contains(their_hunks, hunk)
            ]
            is_doubtful = True
            continue
        # their hunks of this conflict do not count: the guess decides what becomes of their words
        guessed_hunks = guess(change, place_map.at(change.start, their_hunks))
        if guessed_hunks is not None:
            rebased += guessed_hunks
            is_doubtful = True
    return rebased, is_doubtful


def _guess_by_words(
    conflict: Conflict[str], signs: Iterable[Hunk], new_start: int, old: str
) -> list[Hunk] | None:
    """Guess word by word.

    Words that the new text has are left out; words that fit between its words go there. ``signs``
    are typographic changes of the new text.
    """
    start, end = conflict.start, conflict.end
    stretch = old[start:end]
    inside = [hunk for hunk in signs if start <= hunk.start and hunk.end <= end]
    fine = {
        side: fine_diff(
            stretch,
            apply(stretch, [_shift(hunk, -start) for hunk in [*_hunks_of(conflict, side), *more]]),
        )
        for side, more in ((_OURS, ()), (_THEIRS, inside))
    }
    # the new text has all our changes already, so there is nothing to guess
    if set(fine[_OURS]) <= set(fine[_THEIRS]):
        return None
    separate = {side: [Change((hunk,)) for hunk in hunks] for side, hunks in fine.items()}
    independent, conflicts, _ = _separate_ours(separate[_OURS], separate[_THEIRS], stretch)
    rebased, _ = _rebase_hunks(
        independent,
        conflicts,
        fine[_THEIRS],
        lambda inner, start: _guess_replacement(inner, start, stretch),
    )
    return [_shift(hunk, new_start) for hunk in rebased]


def _guess_replacement(conflict: Conflict[str], new_start: int, old: str) -> list[Hunk]:
    """Guess that our words replace theirs."""
    stretch = old[conflict.start : conflict.end]
    ours, theirs = (
        apply(stretch, [_shift(hunk, -conflict.start) for hunk in _hunks_of(conflict, side)])
        for side in (_OURS, _THEIRS)
    )
    return [Hunk(new_start, new_start + len(theirs), ours)]


def _contains(theirs: Iterable[Hunk], ours: Hunk) -> bool:
    """Whether their insertions have all words of ours."""
    our_tokens = tokens(ours.text.strip())
    return any(
        their_tokens[i : i + len(our_tokens)] == our_tokens
        for their_tokens in (tokens(hunk.text) for hunk in theirs)
        for i in range(len(their_tokens))
    )


def _hunks_of(conflict: Conflict[str], side: str) -> list[Hunk]:
    return [hunk for hunk, sponsors in conflict.hunks if side in sponsors]


def _shift(hunk: Hunk, offset: int) -> Hunk:
    return Hunk(hunk.start + offset, hunk.end + offset, hunk.text)
