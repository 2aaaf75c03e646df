"""Making hunks readable.

A readable hunk has no words that stay, begins where a reader expects it, and is not in tiny pieces.
Joining hunks over short equal text is the "semantic cleanup" of N. Fraser, "Diff Strategies" (2006,
https://neil.fraser.name/writing/diff/).
"""

from collections.abc import Sequence
from itertools import takewhile

import regex

from .hunks import Hunk
from .runs import split_at_runs
from .tokens import is_boundary, tokens

_ENDS_SENTENCE = frozenset(".!?…;؟؛。！？；")
_ENDS_CLAUSE = frozenset(",:)—،，、：）")
_UNSPACED_SIGNS = frozenset("，、：）")

# a reader follows a run of this many words that stay, so it is never struck and typed again
_WORDS_TO_KEEP = 3
_WORD = regex.compile(r"\p{Han}\p{Han}?|[\p{L}\p{N}\p{M}]+", regex.V1)

# how far a change is looked for in repeated text, in code points
_FARTHEST_SLIDE = 400

# grades of a place where a change may begin or end
_PARAGRAPH, _SENTENCE, _CLAUSE = 8, 5, 3

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
    is_split = not sliding
    # sliding may bring hunks close together, and joined hunks may slide further
    while True:
        placed = slide_hunks(base, proposed, hunks, known) if sliding else list(hunks)
        hunks = _join_close_hunks(base, placed)
        if len(hunks) == len(placed):
            if is_split:
                return placed
            hunks, is_split = split_at_runs(base, placed), True
            if len(hunks) == len(placed):
                return placed
            trimmed = (trim_hunk(base, hunk) for hunk in hunks)
            hunks = [hunk for hunk in trimmed if hunk.size]


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
    """Join trimmed hunks if the text between is shorter than both.

    A run of several words is kept, and so is what two insertions or two deletions have between
    them.
    """
    done = [_NOTHING]
    joined: set[int] = set()
    for following in hunks:
        hunk = following
        # a joined hunk is larger, so it may absorb the hunk before it too
        while (
            (kept_length := hunk.start - done[-1].end) < hunk.size
            and kept_length < done[-1].size
            and (larger := _joined(base, done[-1], hunk))
        ):
            done.pop()
            hunk = larger
            joined.add(hunk.start)
        done.append(hunk)
    # a joined hunk may begin or end with words that stay
    return [trim_hunk(base, hunk) if hunk.start in joined else hunk for hunk in done[1:]]


def _joined(base: str, before: Hunk, after: Hunk) -> Hunk | None:
    """Return two neighbouring hunks as one, or None.

    None if they are better apart.
    """
    kept = base[before.end : after.start]
    if before.start == before.end and after.start == after.end:
        return _one_insertion(before, kept, after)
    if not before.text and not after.text:
        return _one_deletion(base, before, kept, after)
    # counting words is slow, and nearly all that is kept here is short
    if len(kept) > _WORDS_TO_KEEP and len(_WORD.findall(kept)) >= _WORDS_TO_KEEP:
        return None
    return Hunk(before.start, after.end, before.text + kept + after.text)


def _one_insertion(before: Hunk, kept: str, after: Hunk) -> Hunk | None:
    """Return one insertion with the effect of two.

    On one side of the words between them.
    """
    text = before.text + kept + after.text
    head, tail = text[: len(text) - len(kept)], text[len(kept) :]
    if text.endswith(kept) and not (head + kept)[len(head) - 1 : len(head) + 1].isalnum():
        return Hunk(before.start, before.start, head)
    if text.startswith(kept) and not (kept + tail)[len(kept) - 1 : len(kept) + 1].isalnum():
        return Hunk(after.start, after.start, tail)
    return None


def _one_deletion(base: str, before: Hunk, kept: str, after: Hunk) -> Hunk | None:
    """Return one deletion with the effect of two.

    It keeps the same words elsewhere.
    """
    text = base[before.start : after.end]
    end, start = after.end - len(kept), before.start + len(kept)
    # the same letters may also be a part of a word
    if text.endswith(kept) and is_boundary(base, end):
        return Hunk(before.start, end, "")
    if text.startswith(kept) and is_boundary(base, start):
        return Hunk(start, after.end, "")
    return None


def slide_range(base: str, hunk: Hunk) -> tuple[int, int]:
    """Return the range of ``base`` in which ``hunk`` could as well be.

    Those are the places with the same effect at which it keeps sentences and clauses as whole as at
    its own place. It is the hunk's own range if it cannot slide.
    """
    start, end, added = hunk
    low, high = max(start - _FARTHEST_SLIDE, 0), min(end + _FARTHEST_SLIDE, len(base))
    left, right = (
        (0, 0)
        if added and start < end
        else _slide_limits(base, hunk, added or base[start:end], low, high)
    )
    if not left and not right:
        return start, end
    text = base[:start] + added + base[end:] if added else base
    size = len(added) or end - start

    def is_whole(step: int) -> tuple[bool, bool]:
        # words that are added after a paragraph leave all of it whole
        if added and base[start + step : start + step + 1] in {"", "\n"}:
            return True, True
        grades = _boundary_grade(text, start + step), _boundary_grade(text, start + step + size)
        return min(grades) >= _CLAUSE, min(grades) >= _SENTENCE

    steps = [
        step
        for step in range(-left, right + 1)
        if is_boundary(base, start + step)
        and is_boundary(base, end + step)
        and is_whole(step) >= is_whole(0)
    ]
    return start + min(steps, default=0), end + max(steps, default=0)


def at_place(hunk: Hunk, start: int) -> Hunk:
    """Return the same change as ``hunk`` at ``start``.

    :func:`slide_range` allows this place.
    """
    # an insertion that slides also rotates its text
    turn = (start - hunk.start) % len(hunk.text) if hunk.text else 0
    moved_text = hunk.text[turn:] + hunk.text[:turn]
    return Hunk(start, start + hunk.end - hunk.start, moved_text)


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
    return at_place(hunk, start + best)


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

    A paragraph or the end of the text, a sentence, a clause, a word, the space before a word,
    anything else.
    """
    before = text[at - 1 : at]
    if before in {"", "\n"}:
        return _PARAGRAPH if text[at : at + 1] != "\n" else 0
    if at == len(text):
        return _PARAGRAPH
    if before.isspace():
        sign = text[at - 2 : at - 1]
        return (
            _SENTENCE + 1 if sign in _ENDS_SENTENCE else _CLAUSE + 1 if sign in _ENDS_CLAUSE else 2
        )
    if before in _ENDS_SENTENCE:
        return _SENTENCE
    if before in _UNSPACED_SIGNS:
        return _CLAUSE
    return 1 if text[at : at + 1].isspace() else 0
