"""Hunks as a reader expects them.

They contain nothing that stays, do not stand where another place reads better, and are not in tiny
pieces.

Absorbing short equalities is the "semantic cleanup" of N. Fraser, "Diff Strategies" (2006,
https://neil.fraser.name/writing/diff/).
"""

from collections.abc import Sequence
from itertools import takewhile

from .hunks import Hunk
from .tokens import boundaries, is_boundary, tokens

_ENDS_A_PHRASE = frozenset(",;:.!?)…—،؛؟")
_ENDS_A_PHRASE_UNSPACED = frozenset("，、。；：！？）")  # the Chinese ones

# Stands before all hunks, and is too small to be joined with any.
_NOTHING = Hunk(0, 0, "")

# Hunks that stand at their best place between where the hunk before ends and the next begins: these
# two places.
_Known = dict[Hunk, tuple[int, int]]


def tidied(base: str, proposed: str, hunks: Sequence[Hunk], *, sliding: bool) -> list[Hunk]:
    """Return the same change in the hunks that a reader expects.

    ``hunks`` are sorted, tight and make ``proposed`` out of ``base``.

    ``sliding`` is False for the rare text in which a space is part of a larger grapheme: its hunks
    stay where they are.
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
    """Return ``hunks``, joined where what is kept between two is shorter than both.

    They then read as one change. All are tight.
    """
    done = [_NOTHING]
    joined: set[int] = set()
    end_before = 0
    for following in hunks:
        hunk = following
        start, end, text = hunk
        while ((kept := start - end_before) < end - start or kept < len(text)) and kept < done[
            -1
        ].size:
            before = done.pop()
            hunk = Hunk(before.start, end, before.text + base[end_before:start] + text)
            start, _, text = hunk
            joined.add(start)
            end_before = done[-1].end
        done.append(hunk)
        end_before = end
    return [tight(base, hunk) if hunk.start in joined else hunk for hunk in done[1:]]


def reach(base: str, hunk: Hunk) -> tuple[int, int]:
    """Return the stretch of ``base`` in which ``hunk`` might stand and do the same.

    If it can stand nowhere else, that is its own range.
    """
    start, end, _ = hunk
    left, right = (
        (0, 0)
        if hunk.text and start < end
        else _room(base, hunk, hunk.text or base[start:end], 0, len(base))
    )
    if not left and not right:
        return start, end
    cuts = boundaries(base, start - left, end + right)
    steps = [
        step for step in range(-left, right + 1) if start + step in cuts and end + step in cuts
    ]
    return start + min(steps), end + max(steps)


def slid(
    base: str, proposed: str, hunks: Sequence[Hunk], known: _Known | None = None
) -> list[Hunk]:
    """Return ``hunks``, each at the best place where it would do the same.

    In ``very very``, for example, either word may be the new one.

    ``known`` is what an earlier round found: only what changed since, or has another neighbour, is
    looked at again.
    """
    known = {} if known is None else known
    done: list[Hunk] = []
    grown, low = 0, 0
    after = [hunk.start for hunk in hunks[1:]]
    for hunk, high in zip(hunks, [*after, len(base)], strict=True):
        placed = hunk
        start, end, text = hunk
        if not text or start == end:  # else tight, both sides: no other place gives the same
            room = (low, high)
            if known.get(hunk) != room:
                placed = _at_best_place(base, proposed, hunk, grown, low, high)
                known[placed] = room
                start, end, text = placed
        done.append(placed)
        grown += len(text) - (end - start)
        low = end
    return done


def _at_best_place(base: str, proposed: str, hunk: Hunk, grown: int, low: int, high: int) -> Hunk:
    """Return ``hunk`` slid to where it reads best, between ``low`` and ``high``.

    That is where a phrase begins, or else a word. Of equal places the first is taken. What else was
    changed does not count, so that an edit looks the same whoever proposes it.
    """
    start, end, added = hunk
    unit = added or base[start:end]
    if _stands_well(base, hunk, unit, low):
        return hunk
    left, right = _room(base, hunk, unit, low, high)
    if not left and not right:
        return hunk
    new_start, new_end = start + grown, start + grown + len(added)
    (text, at), size = (proposed, new_start) if added else (base, start), len(unit)
    grades = [
        _grade(text, at + step) + _grade(text, at + step + size) for step in range(-left, right + 1)
    ]

    def allowed(step: int) -> bool:
        return (
            is_boundary(base, start + step)
            and is_boundary(base, end + step)
            and is_boundary(proposed, new_start + step)
            and is_boundary(proposed, new_end + step)
        )

    best = grades.index(max(grades)) - left
    if not allowed(best):
        best = max(
            range(-left, right + 1), key=lambda step: grades[left + step] if allowed(step) else -1
        )
    turn = best % size
    return Hunk(start + best, end + best, added[turn:] + added[:turn])


def _stands_well(base: str, hunk: Hunk, unit: str, low: int) -> bool:
    """Whether it is plain which space goes with the words of ``hunk``.

    The hunk inserts or deletes ``unit``: words with the space after them, or else with that before.
    """
    start, end, _ = hunk
    return (
        unit[-1] == " "
        and start - 1 > low
        and base[start - 1] == " "
        and base[start - 2] != unit[-2:-1]
        and base[end : end + 1] != unit[0]
        and (base[start - 2] + unit[-2:-1]).isalnum()
    )


def _room(base: str, hunk: Hunk, unit: str, low: int, high: int) -> tuple[int, int]:
    """Return how far ``hunk`` can slide to the left and right.

    It inserts or deletes ``unit``, and slides while what it passes repeats its own words.
    """
    start, end, _ = hunk
    size = len(unit)
    left = right = 0
    while start - left > low and base[start - left - 1] == unit[-1 - left % size]:
        left += 1
    while end + right < high and base[end + right] == unit[right % size]:
        right += 1
    return left, right


def _grade(text: str, at: int) -> int:
    """Return how natural it is to begin or end a change at ``at``.

    From best to worst: a paragraph, a phrase, a word, the space before one, anything else.
    """
    before = text[at - 1 : at]
    if before.isspace() and before != "\n":
        return 3 if text[at - 2 : at - 1] in _ENDS_A_PHRASE else 2
    if before in {"", "\n"}:
        return 4 if text[at : at + 1] != "\n" else 0
    if before in _ENDS_A_PHRASE_UNSPACED:
        return 3
    return 1 if text[at : at + 1].isspace() else 0
