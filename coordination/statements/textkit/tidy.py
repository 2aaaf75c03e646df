"""Hunks as a reader expects them: nothing in them that stays, none that could as well stand elsewhere, no confetti.

Absorbing short equalities is the "semantic cleanup" of N. Fraser, "Diff Strategies" (2006, https://neil.fraser.name/writing/diff/).
"""

from collections.abc import Sequence
from itertools import takewhile

from .hunks import Hunk
from .tokens import boundaries, is_boundary, tokens

_ENDS_A_PHRASE = frozenset(",;:.!?)…—،؛؟")
_ENDS_A_PHRASE_UNSPACED = frozenset("，、。；：！？）")  # the Chinese ones

# Stands before all hunks, and is too small to be joined with any.
_NOTHING = Hunk(0, 0, "")

# Hunks that stand at their best place between where the hunk before ends and the next begins: these two places.
_Known = dict[Hunk, tuple[int, int]]


def tidied(base: str, proposed: str, hunks: Sequence[Hunk], *, sliding: bool) -> list[Hunk]:
    """Return the same change in the hunks that a reader expects; ``hunks`` are sorted, tight and make ``proposed`` out of ``base``.

    ``sliding`` is False for the rare text in which a space is part of a larger grapheme: its hunks stay where they are.
    """
    hunks = _absorbed(base, hunks)
    known: _Known = {}
    while True:
        placed = slid(base, proposed, hunks, known) if sliding else list(hunks)
        hunks = _absorbed(base, placed)
        if len(hunks) == len(placed):
            return placed


def tight(base: str, hunk: Hunk) -> Hunk:
    """``hunk`` without the tokens that its two sides begin or end with alike."""
    old, new = base[hunk.start : hunk.end], hunk.text
    if not old or not new or (old[0] != new[0] and old[-1] != new[-1]):
        return hunk
    old_tokens, new_tokens = tokens(old), tokens(new)
    head = _alike(old_tokens, new_tokens)
    tail = _alike(old_tokens[head:][::-1], new_tokens[head:][::-1])
    start = hunk.start + sum(map(len, old_tokens[:head]))
    end = start + sum(map(len, old_tokens[head : len(old_tokens) - tail]))
    return Hunk(start, end, "".join(new_tokens[head : len(new_tokens) - tail]))


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """How many tokens both begin with."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _absorbed(base: str, hunks: Sequence[Hunk]) -> list[Hunk]:
    """``hunks``, with what is kept between two of them taken in when it is shorter than both: then it reads as one change; all tight."""
    if len(hunks) <= 1:
        return list(hunks)
    done: list[tuple[Hunk, int]] = [(_NOTHING, 0)]
    joined: set[int] = set()
    for following in hunks:
        hunk, size = following, following.size
        before, before_size = done[-1]
        while (kept := hunk.start - before.end) < size and kept < before_size:
            done.pop()
            hunk = Hunk(before.start, hunk.end, before.text + base[before.end : hunk.start] + hunk.text)
            size = hunk.size
            joined.add(hunk.start)
            before, before_size = done[-1]
        done.append((hunk, size))
    return [tight(base, hunk) if hunk.start in joined else hunk for hunk, _ in done[1:]]


def reach(base: str, hunk: Hunk) -> tuple[int, int]:
    """Return the stretch of ``base`` in which ``hunk`` might as well stand and do the same; its own range, if nowhere else."""
    start, end = hunk.start, hunk.end
    left, right = (0, 0) if hunk.text and start < end else _room(base, hunk, 0, len(base))
    if not left and not right:
        return start, end
    cuts = boundaries(base, start - left, end + right)
    steps = [step for step in range(-left, right + 1) if start + step in cuts and end + step in cuts]
    return start + min(steps), end + max(steps)


def slid(base: str, proposed: str, hunks: Sequence[Hunk], known: _Known | None = None) -> list[Hunk]:
    """``hunks``, each at the best of the places where it would do the same (``very very``: is the first new, or the second?).

    ``known`` is what an earlier round found: only what changed since, or has another neighbour, is looked at again.
    """
    known = {} if known is None else known
    done: list[Hunk] = []
    grown, low = 0, 0
    after = [hunk.start for hunk in hunks[1:]]
    for hunk, high in zip(hunks, [*after, len(base)], strict=True):
        placed = hunk
        if not hunk.text or hunk.start == hunk.end:  # else tight, both sides: no other place gives the same
            room = (low, high)
            if known.get(hunk) != room:
                placed = _at_best_place(base, proposed, hunk, grown, low, high)
                known[placed] = room
        done.append(placed)
        grown += len(placed.text) - (placed.end - placed.start)
        low = placed.end
    return done


def _at_best_place(base: str, proposed: str, hunk: Hunk, grown: int, low: int, high: int) -> Hunk:
    """``hunk`` slid to where it reads best, between ``low`` and ``high``: where a phrase begins, or else a word.

    Of equal places the first is taken. What else was changed does not count, so that an edit looks the same whoever proposes it.
    """
    if _stands_well(base, hunk, low):
        return hunk
    left, right = _room(base, hunk, low, high)
    if not left and not right:
        return hunk
    new_start, new_end = hunk.start + grown, hunk.start + grown + len(hunk.text)
    text, start, end = (proposed, new_start, new_end) if hunk.text else (base, hunk.start, hunk.end)

    def grade(step: int) -> int:
        return _grade(text, start + step) + _grade(text, end + step)

    def allowed(step: int) -> bool:
        return (
            is_boundary(base, hunk.start + step)
            and is_boundary(base, hunk.end + step)
            and is_boundary(proposed, new_start + step)
            and is_boundary(proposed, new_end + step)
        )

    steps = range(-left, right + 1)
    best = max(steps, key=grade)
    if not allowed(best):
        best = max(steps, key=lambda step: grade(step) if allowed(step) else -1)
    turn = best % (end - start)
    return Hunk(hunk.start + best, hunk.end + best, hunk.text[turn:] + hunk.text[:turn])


def _stands_well(base: str, hunk: Hunk, low: int) -> bool:
    """Whether ``hunk``, a pure insertion or deletion, plainly is words with the space after them, or else with that before."""
    start = hunk.start
    unit = hunk.text or base[start : hunk.end]
    return (
        unit[-1] == " "
        and start - 1 > low
        and base[start - 1] == " "
        and base[start - 2] != unit[-2:-1]
        and base[hunk.end : hunk.end + 1] != unit[0]
        and (base[start - 2] + unit[-2:-1]).isalnum()
    )


def _room(base: str, hunk: Hunk, low: int, high: int) -> tuple[int, int]:
    """How far a pure insertion or deletion can slide to the left and to the right: as long as what it passes repeats its own words."""
    unit = hunk.text or base[hunk.start : hunk.end]
    left = right = 0
    while hunk.start - left > low and base[hunk.start - left - 1] == unit[-1 - left % len(unit)]:
        left += 1
    while hunk.end + right < high and base[hunk.end + right] == unit[right % len(unit)]:
        right += 1
    return left, right


def _grade(text: str, at: int) -> int:
    """How natural it is to begin or end a change at ``at``: a paragraph, a phrase, a word, the space before one, anything else."""
    before = text[at - 1 : at]
    if before in {"", "\n"}:
        return 4 if text[at : at + 1] != "\n" else 0
    if before in _ENDS_A_PHRASE_UNSPACED or (before.isspace() and text[at - 2 : at - 1] in _ENDS_A_PHRASE):
        return 3
    if before.isspace():
        return 2
    return 1 if text[at : at + 1].isspace() else 0
