"""An amendment to one draft, carried on to the next.

A three-way merge of what the amendment changes and what the new draft changed. Where both changed
the same words, no rule can know what the agency wants now: the place is marked, and a person looks.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from .collisions import Conflict, sift
from .diffs import close_diff, fine_diff
from .hunks import Hunk, apply, one_at_a_point, ordered
from .tidy import reach
from .tokens import tokens

_OURS, _THEIRS = "ours", "theirs"


@dataclass(frozen=True, slots=True)
class Rebased:
    """Hunks of the new text; none when it has all of them already.

    If not ``certain``, they are a best guess for a person to look at.
    """

    hunks: tuple[Hunk, ...]
    certain: bool


class _Carrier:
    """What a text became, as hunks in it, and where its places are now."""

    def __init__(self, theirs: Sequence[Hunk]) -> None:
        self.theirs = theirs
        self._ends = [hunk.end for hunk in theirs]
        self._grown = list(
            accumulate((len(hunk.text) - (hunk.end - hunk.start) for hunk in theirs), initial=0)
        )

    def at(self, place: int, but: frozenset[Hunk] = frozenset()) -> int:
        """Return where ``place`` is now: after all that ends there or before, ``but`` these."""
        before = bisect_right(self._ends, place)
        while before and self.theirs[before - 1] in but:
            before -= 1
        return place + self._grown[before]


def rebase(hunks: Iterable[Hunk], old: str, new: str) -> Rebased:
    """Carry ``hunks``, which change ``old``, on to ``new``.

    What ``new`` has already is left out, the rest comes as :func:`.diffs.close_diff` gives it.
    Certain is what stands at words that did not change and that could not as well be others (one of
    two equal words is gone: which?). Else, of what changed in both, the guess keeps the words of
    ``new`` and adds ours where they fit between, and puts ours in their place where not. Raises
    :class:`.hunks.HunkError` for hunks that overlap or lie outside ``old``.
    """
    given = tuple(ordered(hunks, len(old)))
    if old == new:
        return Rebased(given, certain=True)
    ours, theirs = close_diff(old, apply(old, given)), close_diff(old, new)
    alone, clashes = _sides(ours, theirs)
    carried, doubt = _carried(alone, clashes, theirs, lambda clash, at: _closer(clash, at, old))
    doubt = doubt or _doubtful(old, alone, theirs)
    return Rebased(tuple(one_at_a_point(carried)), certain=not doubt)


def _sides(ours: Sequence[Hunk], theirs: Sequence[Hunk]) -> tuple[list[Hunk], list[Conflict[str]]]:
    """Return those of ``ours`` that collide with none of ``theirs``, and the collisions.

    Hunks that both have are left out.
    """
    agreed, clashes = sift({_OURS: ours, _THEIRS: theirs})
    return [hunk for hunk, who in agreed if who == (_OURS,)], clashes


_Guess = Callable[[Conflict[str], int], list[Hunk] | None]


def _carried(
    alone: Iterable[Hunk], clashes: Iterable[Conflict[str]], theirs: Sequence[Hunk], guess: _Guess
) -> tuple[list[Hunk], bool]:
    """Return our changes as hunks of the text that ``theirs`` made.

    The second value says whether there is any doubt.

    ``guess`` says what to do where both collide, from the place on at which the stretch begins now;
    None for what is there already.
    """
    carrier = _Carrier(theirs)
    carried: list[Hunk] = []
    doubt = False
    both: list[Hunk | Conflict[str]] = [*alone, *clashes]
    for one in sorted(both, key=lambda one: (one.start, one.end)):
        if isinstance(one, Hunk):
            carried.append(_moved(one, carrier.at(one.start) - one.start))
            continue
        guessed = guess(one, carrier.at(one.start, frozenset(_side(one, _THEIRS))))
        if guessed is not None:
            carried += guessed
            doubt = True
    return carried, doubt


def _closer(clash: Conflict[str], at: int, old: str) -> list[Hunk] | None:
    """Guess from single words.

    Those that ``new`` has are left out, and those that fit between its words go there.
    """
    stretch = old[clash.start : clash.end]
    fine = {
        who: fine_diff(
            stretch, apply(stretch, [_moved(hunk, -clash.start) for hunk in _side(clash, who)])
        )
        for who in (_OURS, _THEIRS)
    }
    if set(fine[_OURS]) <= set(fine[_THEIRS]):
        return None
    alone, clashes = _sides(fine[_OURS], fine[_THEIRS])
    found, _ = _carried(
        alone, clashes, fine[_THEIRS], lambda inner, start: _instead(inner, start, stretch)
    )
    return [_moved(hunk, at) for hunk in found]


def _instead(clash: Conflict[str], at: int, old: str) -> list[Hunk]:
    """Guess that our words stand in the place of theirs.

    If both only added some, ours go before theirs, unless theirs contain ours.
    """
    stretch = old[clash.start : clash.end]
    ours, theirs = (
        apply(stretch, [_moved(hunk, -clash.start) for hunk in _side(clash, who)])
        for who in (_OURS, _THEIRS)
    )
    if stretch:
        return [Hunk(at, at + len(theirs), ours)]
    words, run = tokens(theirs), tokens(ours.strip())
    there = any(words[i : i + len(run)] == run for i in range(len(words)))
    return [] if there else [Hunk(at, at, ours)]


def _side(clash: Conflict[str], who: str) -> list[Hunk]:
    return [hunk for hunk, sponsors in clash.hunks if who in sponsors]


def _moved(hunk: Hunk, by: int) -> Hunk:
    return Hunk(hunk.start + by, hunk.end + by, hunk.text)


def _doubtful(old: str, ours: Sequence[Hunk], theirs: Sequence[Hunk]) -> bool:
    """Whether some of ``ours`` may have lost their place to one of ``theirs``.

    None of them collide. So it is with words put in right beside words that changed ("not" before
    "detain" that is now "release"), and where one of the two could as well stand elsewhere and the
    other meets it there: of equal words side by side one is gone or has company, and which do we
    mean?
    """
    stretches = [(one, *reach(old, one)) for one in ours]
    for hunk in theirs:
        start, end = reach(old, hunk)
        words_changed = start < end and any(
            sign.isalnum() for sign in old[hunk.start : hunk.end] + hunk.text
        )
        for one, low, high in stretches:
            meets = low < end and start < high
            beside = one.start == one.end and (one.end == start or one.start == end)
            if one != hunk and (meets or (words_changed and beside)):
                return True
    return False
