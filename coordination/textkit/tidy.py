"""Making hunks readable.

A readable hunk has no words that stay, begins where a reader expects it, and is not in tiny pieces.
Joining hunks over short equal text is the "semantic cleanup" of N. Fraser, "Diff Strategies" (2006,
https://neil.fraser.name/writing/diff/).
"""

from collections.abc import Sequence
from itertools import takewhile

from .hunks import Hunk
from .tokens import boundaries, is_boundary, tokens

_ENDS_A_PHRASE = frozenset(",;:.!?)…—،؛؟")
_ENDS_A_PHRASE_UNSPACED = frozenset("，、。；：！？）")  # the Chinese ones

# a first hunk that is too small to be joined with any other
_NOTHING = Hunk(0, 0, "")

# hunks at their best place, with the end of the hunk before and the start of the next
_PlacedHunks = dict[Hunk, tuple[int, int]]


def tidy_hunks(base: str, proposed: str, hunks: Sequence[Hunk], *, sliding: bool) -> list[Hunk]:
    """Return the same change in readable hunks.

    ``hunks`` are sorted, trimmed and turn ``base`` into ``proposed``. ``sliding`` is False for the
    rare text with a glued space, whose hunks must not move (see :mod:`.tokens`).
    """
    hunks = _join_close_hunks(base, hunks)
    known: _PlacedHunks = {}
    # sliding may bring hunks close together, and joined hunks may slide further
    while True:
        placed = slide_hunks(base, proposed, hunks, known) if sliding else list(hunks)
        hunks = _join_close_hunks(base, placed)
        if len(hunks) == len(placed):
            return placed


def trim_hunk(base: str, hunk: Hunk) -> Hunk:
    """Return ``hunk`` without tokens that both sides begin or end with."""
    old, new = base[hunk.start : hunk.end], hunk.text
    # most hunks have nothing to trim, and finding tokens is slow
    if not old or not new or (old[0] != new[0] and old[-1] != new[-1]):
        return hunk
    old_tokens, new_tokens = tokens(old), tokens(new)
    head = _common_prefix_length(old_tokens, new_tokens)
    tail = _common_prefix_length(old_tokens[head:][::-1], new_tokens[head:][::-1])
    start = hunk.start + sum(map(len, old_tokens[:head]))
    end = start + sum(map(len, old_tokens[head : len(old_tokens) - tail]))
    return Hunk(start, end, "".join(new_tokens[head : len(new_tokens) - tail]))


def _common_prefix_length(first: Sequence[str], second: Sequence[str]) -> int:
    return sum(
        1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, second, strict=False))
    )


def _join_close_hunks(base: str, hunks: Sequence[Hunk]) -> list[Hunk]:
    """Join trimmed hunks if the text between is shorter than both."""
    done = [_NOTHING]
    joined: set[int] = set()
    end_before = 0
    for following in hunks:
        hunk = following
        start, end, text = hunk
        # a joined hunk is larger, so it may absorb the hunk before it too
        while (
            (kept_length := start - end_before) < end - start or kept_length < len(text)
        ) and kept_length < done[-1].size:
            previous = done.pop()
            hunk = Hunk(previous.start, end, previous.text + base[end_before:start] + text)
            start, _, text = hunk
            joined.add(start)
            end_before = done[-1].end
        done.append(hunk)
        end_before = end
    # a joined hunk may begin or end with words that stay
    return [trim_hunk(base, hunk) if hunk.start in joined else hunk for hunk in done[1:]]


def slide_range(base: str, hunk: Hunk) -> tuple[int, int]:
    """Return the range of ``base`` in which ``hunk`` can slide.

    It is the hunk's own range if it cannot slide.
    """
    start, end, _ = hunk
    left, right = (
        (0, 0)
        if hunk.text and start < end
        else _slide_limits(base, hunk, hunk.text or base[start:end], 0, len(base))
    )
    if not left and not right:
        return start, end
    cuts = boundaries(base, start - left, end + right)
    steps = [
        step for step in range(-left, right + 1) if start + step in cuts and end + step in cuts
    ]
    return start + min(steps), end + max(steps)


def slide_hunks(
    base: str, proposed: str, hunks: Sequence[Hunk], known: _PlacedHunks | None = None
) -> list[Hunk]:
    """Slide each hunk to the best place with the same effect.

    In ``very very``, for example, either word may be the new one. ``known`` has the hunks that an
    earlier round placed; they are placed again only if a neighbour changed.
    """
    known = {} if known is None else known
    done: list[Hunk] = []
    shift, low = 0, 0
    after = [hunk.start for hunk in hunks[1:]]
    for hunk, high in zip(hunks, [*after, len(base)], strict=True):
        placed = hunk
        start, end, text = hunk
        if not text or start == end:  # a trimmed replacement has the same effect at no other place
            room = (low, high)
            if known.get(hunk) != room:
                placed = _slide_to_best_place(base, proposed, hunk, shift, low, high)
                known[placed] = room
                start, end, text = placed
        done.append(placed)
        shift += len(text) - (end - start)
        low = end  # the next hunk must not slide over this one
    return done


def _slide_to_best_place(
    base: str, proposed: str, hunk: Hunk, shift: int, low: int, high: int
) -> Hunk:
    """Slide ``hunk`` to its best place between ``low`` and ``high``.

    That is the beginning of a phrase, else of a word; of equal places the first. Other hunks do not
    matter, so an edit looks the same whoever proposes it.
    """
    start, end, added = hunk
    unit = added or base[start:end]
    # this quick check saves most of the work
    if _is_well_placed(base, hunk, unit, low):
        return hunk
    left, right = _slide_limits(base, hunk, unit, low, high)
    if not left and not right:
        return hunk
    new_start, new_end = start + shift, start + shift + len(added)
    (text, position), size = (proposed, new_start) if added else (base, start), len(unit)
    grades = [
        _boundary_grade(text, position + step) + _boundary_grade(text, position + step + size)
        for step in range(-left, right + 1)
    ]

    def allowed(step: int) -> bool:
        return (
            is_boundary(base, start + step)
            and is_boundary(base, end + step)
            and is_boundary(proposed, new_start + step)
            and is_boundary(proposed, new_end + step)
        )

    best = grades.index(max(grades)) - left
    # boundaries are slow to find, so only a failed best place makes it check the others
    if not allowed(best):
        best = max(
            range(-left, right + 1), key=lambda step: grades[left + step] if allowed(step) else -1
        )
    # an insertion that slides by n code points also rotates its text by n
    turn = best % size
    return Hunk(start + best, end + best, added[turn:] + added[:turn])


def _is_well_placed(base: str, hunk: Hunk, unit: str, low: int) -> bool:
    """Whether ``hunk``, which inserts or deletes ``unit``, need not slide.

    It has words with the space after them, and cannot slide.
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


def _slide_limits(base: str, hunk: Hunk, unit: str, low: int, high: int) -> tuple[int, int]:
    """Return how far ``hunk``, which inserts or deletes ``unit``, can slide.

    It slides to the left and right while the text that it passes repeats ``unit``.
    """
    start, end, _ = hunk
    size = len(unit)
    left = right = 0
    while start - left > low and base[start - left - 1] == unit[-1 - left % size]:
        left += 1
    while end + right < high and base[end + right] == unit[right % size]:
        right += 1
    return left, right


def _boundary_grade(text: str, at: int) -> int:
    """Return how good a place is to begin or end a change.

    From 4 to 0: a paragraph, a phrase, a word, the space before a word, anything else.
    """
    before = text[at - 1 : at]
    if before.isspace() and before != "\n":
        return 3 if text[at - 2 : at - 1] in _ENDS_A_PHRASE else 2
    if before in {"", "\n"}:
        return 4 if text[at : at + 1] != "\n" else 0
    if before in _ENDS_A_PHRASE_UNSPACED:
        return 3
    return 1 if text[at : at + 1].isspace() else 0
