"""Rival wordings written out one after another, as they are read aloud in a drafting group."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from .collisions import Conflict, Id, Sponsored, conflicts
from .hunks import Hunk, apply

# So many code points of base text, some 25 words, are worth being said again by each of its rivals;
# more are not.
_SAID_AGAIN = 160


def rivals(base: str, edits: Mapping[Id, Iterable[Hunk]]) -> dict[Id, tuple[Hunk, ...]]:
    """Return ``edits``, with one hunk each for those that collide over few words.

    That hunk has the edit's own wording of all these words.

    So :func:`.compilation.compile` has the words that are fought over once and then each proposal
    whole, not in pieces that share some. Each edit still makes the same text. Words to be put in at
    one point stay as they are, and so do small changes inside of what another would only take out.
    Raises :class:`.hunks.HunkError` for an edit whose own hunks overlap.
    """
    found = {id_: tuple(hunks) for id_, hunks in edits.items()}
    for contest in _contests(conflicts(found)):
        start, end = contest.start, contest.end
        for id_, hunks in _by_sponsor(contest.hunks).items():
            words = apply(
                base[start:end],
                [Hunk(hunk.start - start, hunk.end - start, hunk.text) for hunk in hunks],
            )
            left = [hunk for hunk in found[id_] if hunk not in hunks]
            found[id_] = tuple(sorted([*left, Hunk(start, end, words)]))
    return found


def _contests(clashes: Iterable[Conflict[Id]]) -> Iterator[Conflict[Id]]:
    """Yield the collisions of which the rivals are to be written out."""
    for clash in clashes:
        length = clash.end - clash.start
        inside = [
            sponsored
            for sponsored in clash.hunks
            if sponsored.hunk != Hunk(clash.start, clash.end, "")
        ]
        touched = sum(hunk.end - hunk.start for hunk, _ in inside)
        if len(inside) < len(clash.hunks) and (touched * 2 < length or length > _SAID_AGAIN):
            yield from _contests(conflicts(_by_sponsor(inside)))
        elif 0 < length <= _SAID_AGAIN:
            yield clash


def _by_sponsor(hunks: Iterable[Sponsored[Id]]) -> dict[Id, list[Hunk]]:
    """Return the hunks of each edit."""
    found: defaultdict[Id, list[Hunk]] = defaultdict(list)
    for hunk, who in hunks:
        for id_ in who:
            found[id_].append(hunk)
    return found
