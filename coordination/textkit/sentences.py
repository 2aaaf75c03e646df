"""Sentences that a new version of a text puts elsewhere."""

from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz.distance import Indel

from .clauses import sentence_spans
from .hunks import Hunk, apply, moved_place

# comparing each sentence with each would take too long in a longer text
_MOST_SENTENCES = 60


@lru_cache(maxsize=512)
def moved_sentences(base: str, hunks: Sequence[Hunk]) -> tuple[tuple[int, int], ...]:
    """Return (start, end) of the sentences of ``base`` that ``hunks`` put elsewhere.

    Words of such a sentence come back in another sentence more than in the one at its place. So an
    amendment to it would be applied to a sentence that it does not mean.
    """
    # a sentence that comes back elsewhere changes two places at least
    if len(hunks) <= 1:
        return ()
    spans = sentence_spans(base)
    changed = [
        (start, end)
        for start, end in spans
        if any(hunk.start < end and start < hunk.end for hunk in hunks)
    ]
    if not changed or not 1 < len(spans) <= _MOST_SENTENCES:
        return ()
    proposed = apply(base, hunks)
    sentences = [proposed[start:end].split() for start, end in sentence_spans(proposed)]
    moved = []
    for start, end in changed:
        words = base[start:end].split()
        here = proposed[moved_place(hunks, start) : moved_place(hunks, end)].split()
        likeness = Indel.normalized_similarity(words, here)
        if any(Indel.normalized_similarity(words, other) > likeness for other in sentences):
            moved.append((start, end))
    return tuple(moved)
