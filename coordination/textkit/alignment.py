"""Which block became which, when somebody pastes a whole new text over a draft.

Equal texts first (the longest run of them that kept its order, then what moved). What is left finds
its partner by the three-word phrases that both have, as plagiarism is found (U. Manber, "Finding
similar files in a large file system", 1994); short blocks by their neighbours. A block that was
split or joined shares the phrases of its one counterpart with others beside it.
"""

from bisect import bisect_left
from collections import Counter, defaultdict, deque
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, pairwise
from typing import Generic, Literal, TypeVar

import regex
from rapidfuzz.distance import Indel

from .tokens import tokens

Key = TypeVar("Key", bound=Hashable)
FateKind = Literal["kept", "moved", "edited", "split", "joined", "new", "gone"]

_Texts = Sequence[Sequence[str]]
_Phrase = tuple[str, str, str]

# A phrase that is in more old blocks than this tells nothing.
_COMMON = 20

_UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]")
_SIGNS = '.,;:!?()[]"“”«»'

# So many old blocks are looked at for a new one.
_CANDIDATES = 3

# The share of phrases that makes a block a part of another; the share of words that makes one block
# of two, edited.
_PART = 0.5
_SAME = 0.5

# So many blocks on both sides of a gap are each compared with each.
_SMALL_GAP = 12


@dataclass(frozen=True, slots=True)
class Fate(Generic[Key]):
    """What became of old blocks, or where new ones come from.

    ``old``: one key, several of a joined block, none of a new one. ``new``: one place in the new
    text, several of a split block, none of one that is gone. ``place`` has the key ``key`` from now
    on. A block can be edited and have ``moved``.
    """

    kind: FateKind
    old: tuple[Key, ...]
    new: tuple[int, ...]
    moved: bool = False
    key: Key | None = None
    place: int | None = None


def align(
    old_blocks: Iterable[tuple[Key, str]], new_blocks: Iterable[str]
) -> tuple[Fate[Key], ...]:
    """Return what became of each old block, in the order of the new text.

    The old blocks come with their keys. Every old block and every new one is in one fate. A block
    that is gone stands after what stands before it. Spaces do not count. Which part of a split
    block keeps its key, and whose key a joined one gets: that with the most words in common.
    """
    keyed = list(old_blocks)
    old, new = [_words(text) for _, text in keyed], [_words(text) for text in new_blocks]
    pairs = _equal(old, new)
    _pair_by_phrases(old, new, pairs)
    _pair_in_gaps(old, new, pairs)
    parts = _parts(old, new, pairs)
    joined = _parts(new, old, {o: n for n, o in pairs.items()})
    stayed = set(_rising(pairs))
    fates: list[tuple[tuple[float, int], Fate[Key]]] = []
    last_place: dict[int, int] = {}
    for n, o in pairs.items():
        olds, news = sorted([o, *joined.get(n, ())]), sorted([n, *parts.get(o, ())])
        last_place |= dict.fromkeys(olds, news[-1])
        kind = _kind(len(olds), len(news), edited=old[o] != new[n], moved=n not in stayed)
        fate = Fate(
            kind, tuple(keyed[one][0] for one in olds), tuple(news), n not in stayed, keyed[o][0], n
        )
        fates.append(((news[0], 0), fate))
    known = {n for _, fate in fates for n in fate.new}
    fates += [((n, 0), Fate("new", (), (n,), place=n)) for n in range(len(new)) if n not in known]
    before = -1.0
    for o, (key, _) in enumerate(keyed):
        if o in last_place:
            before = last_place[o]
        else:
            fates.append(((before + 0.5, o), Fate("gone", (key,), ())))
    return tuple(fate for _, fate in sorted(fates, key=lambda one: one[0]))


def moved(old: Sequence[Key], new: Sequence[Key]) -> set[Key]:
    """Return the keys in both texts that changed their place.

    These are all but the longest run that kept its order.
    """
    places = {key: place for place, key in enumerate(old)}
    pairs = {place: places[key] for place, key in enumerate(new) if key in places}
    return {new[place] for place in pairs.keys() - set(_rising(pairs))}


def _kind(olds: int, news: int, *, edited: bool, moved: bool) -> FateKind:
    if olds > 1:
        return "joined"
    if news > 1:
        return "split"
    if edited:
        return "edited"
    return "moved" if moved else "kept"


def _equal(old: _Texts, new: _Texts) -> dict[int, int]:
    """Pair new blocks with equal old ones, first where the order is the same.

    The result maps places in ``new`` to places in ``old``.
    """
    number = defaultdict[tuple[str, ...], int](count().__next__)
    old_numbers, new_numbers = (
        [number[tuple(words)] for words in old],
        [number[tuple(words)] for words in new],
    )
    pairs: dict[int, int] = {}
    for block in Indel.opcodes(old_numbers, new_numbers).as_matching_blocks():
        pairs |= {block.b + i: block.a + i for i in range(block.size)}
    free: defaultdict[int, deque[int]] = defaultdict(deque)
    for o in _left(range(len(old)), pairs.values()):
        free[old_numbers[o]].append(o)
    for n in _left(range(len(new)), pairs):
        if free[new_numbers[n]]:
            pairs[n] = free[new_numbers[n]].popleft()
    return pairs


def _pair_by_phrases(old: _Texts, new: _Texts, pairs: dict[int, int]) -> None:
    """Add to ``pairs`` the blocks that have enough phrases in common.

    Those with the most of them are paired first.
    """
    homes: defaultdict[_Phrase, list[int]] = defaultdict(list)
    for o in _left(range(len(old)), pairs.values()):
        for phrase in _phrases(old[o]):
            homes[phrase].append(o)
    candidates = []
    for n in _left(range(len(new)), pairs):
        telling = (homes[phrase] for phrase in _phrases(new[n]) if phrase in homes)
        votes = Counter(o for found in telling if len(found) <= _COMMON for o in found)
        candidates += [(-vote, abs(n - o), n, o) for o, vote in votes.most_common(_CANDIDATES)]
    taken = set(pairs.values())
    for vote, _, n, o in sorted(candidates):
        if (
            n not in pairs
            and o not in taken
            and (
                -vote >= _PART * min(_room(old[o]), _room(new[n]))
                or _alike(old[o], new[n]) >= _SAME
            )
        ):
            pairs[n] = o
            taken.add(o)


def _pair_in_gaps(old: _Texts, new: _Texts, pairs: dict[int, int]) -> None:
    """Add to ``pairs`` the alike blocks that are left between the same neighbours."""
    rising = sorted(_rising(pairs))
    marks = [(-1, -1), *((n, pairs[n]) for n in rising), (len(new), len(old))]
    for (n_before, o_before), (n_after, o_after) in pairwise(marks):
        news = _left(range(n_before + 1, n_after), pairs)
        olds = _left(range(o_before + 1, o_after), pairs.values())
        if len(news) * len(olds) <= _SMALL_GAP**2:
            compared = [(-_alike(old[o], new[n]), n, o) for n in news for o in olds]
        else:
            compared = [(-_alike(old[o], new[n]), n, o) for n, o in zip(news, olds, strict=False)]
        taken = set[int]()
        for unlike, n, o in sorted(compared):
            if -unlike >= _SAME and n not in pairs and o not in taken:
                pairs[n] = o
                taken.add(o)


def _parts(whole: _Texts, parts: _Texts, pairs: Mapping[int, int]) -> dict[int, list[int]]:
    """Return which unpaired ``parts`` belong beside the pair of a whole.

    They hold phrases of that whole which its pair does not hold.
    """
    found: defaultdict[int, list[int]] = defaultdict(list)
    free = set(_left(range(len(parts)), pairs))
    for n, o in pairs.items():
        if whole[o] == parts[n]:
            continue
        wanted = _phrases(whole[o]) - _phrases(parts[n])
        for step in (1, -1):
            part = n + step
            while (
                part in free
                and wanted
                and len(shared := _phrases(parts[part]) & wanted)
                >= max(_PART * _room(parts[part]), 1)
            ):
                found[o].append(part)
                free.remove(part)
                wanted -= shared
                part += step
    return found


def _rising(pairs: Mapping[int, int]) -> Iterator[int]:
    """Yield the new places of the longest run of ``pairs`` that did not move.

    It rises in both texts; the last place comes first.
    """
    ends: list[int] = []
    tops: list[int] = []
    before: dict[int, int | None] = {}
    for n in sorted(pairs):
        at = bisect_left(ends, pairs[n])
        ends[at : at + 1] = [pairs[n]]
        tops[at : at + 1] = [n]
        before[n] = tops[at - 1] if at else None
    at_end = tops[-1] if tops else None
    while at_end is not None:
        yield at_end
        at_end = before[at_end]


def _left(places: Iterable[int], taken: Collection[int]) -> list[int]:
    gone = set(taken)
    return [place for place in places if place not in gone]


def _words(text: str) -> list[str]:
    """Return the words of a text with the signs around them.

    In scripts that write no spaces, each character is a word.
    """
    if text.isascii() or not _UNSPACED.search(text):
        return text.split()
    return [token for token in tokens(text) if not token.isspace()]


def _phrases(words: Sequence[str]) -> set[_Phrase]:
    """Return every three words in a row.

    The signs around a word do not count, as a full stop comes and goes when blocks are joined.
    """
    bare = [word.strip(_SIGNS) for word in words]
    return set(zip(bare, bare[1:], bare[2:], strict=False))


def _room(words: Sequence[str]) -> int:
    """How many phrases a text of these words holds at most."""
    return max(len(words) - 2, 0)


def _alike(one: Sequence[str], other: Sequence[str]) -> float:
    """Return the share of words that two texts have in common, in order, 0 to 1."""
    similarity: float = Indel.normalized_similarity(one, other)
    return similarity
