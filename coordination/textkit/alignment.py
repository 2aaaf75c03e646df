"""Aligning the blocks of a draft with a new pasted text.

First equal blocks are paired: the longest run that kept its order, then those that moved. The
others are paired by common three-word phrases, as in the search for plagiarism (U. Manber, "Finding
similar files in a large file system", 1994), and short ones by their neighbours. A block is split
or joined if its phrases are in several neighbouring blocks.
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
AlignmentKind = Literal["kept", "moved", "edited", "split", "joined", "new", "gone"]

_Texts = Sequence[Sequence[str]]
_Phrase = tuple[str, str, str]

# a phrase in more old blocks than this says nothing about a block
_MAX_BLOCKS_PER_PHRASE = 20

_UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]")
_SIGNS = '.,;:!?()[]"“”«»'

# the number of old blocks compared with a new one
_CANDIDATES = 3

# the share of phrases from which a block is a part of another, and the share of common words from
# which two blocks are one edited block
_MIN_PHRASE_SHARE = 0.5
_MIN_WORD_SHARE = 0.5

# in a gap with at most this many blocks on both sides, all pairs are compared
_MAX_FULL_GAP = 12


@dataclass(frozen=True, slots=True)
class Alignment(Generic[Key]):
    """Old and new blocks that belong together.

    ``old`` has one key, several for a joined block, none for a new one. ``new`` has one place in
    the new text, several for a split block, none for one that is gone. The block at ``place`` gets
    the key ``key``. A block can be edited and have ``moved``.
    """

    kind: AlignmentKind
    old: tuple[Key, ...]
    new: tuple[int, ...]
    moved: bool = False
    key: Key | None = None
    place: int | None = None


def align(
    old_blocks: Iterable[tuple[Key, str]], new_blocks: Iterable[str]
) -> tuple[Alignment[Key], ...]:
    """Align old blocks (with keys) and new ones, in new order.

    Each old and each new block is in exactly one result. A removed block comes after the block that
    it followed. Spaces do not count. Of a split or joined block, the part with the most common
    words keeps its key.
    """
    keyed = list(old_blocks)
    old, new = [_words(text) for _, text in keyed], [_words(text) for text in new_blocks]
    pairs = _pair_blocks(old, new)
    parts = _split_parts(old, new, pairs)
    # joining is splitting in the other direction
    joined = _split_parts(new, old, {o: n for n, o in pairs.items()})
    stayed = set(_unmoved(pairs))
    alignments: list[tuple[tuple[float, int], Alignment[Key]]] = []
    last_place: dict[int, int] = {}
    for n, o in pairs.items():
        olds, news = sorted([o, *joined.get(n, ())]), sorted([n, *parts.get(o, ())])
        last_place |= dict.fromkeys(olds, news[-1])
        kind = _kind(len(olds), len(news), edited=old[o] != new[n], moved=n not in stayed)
        alignment = Alignment(
            kind,
            tuple(keyed[index][0] for index in olds),
            tuple(news),
            n not in stayed,
            keyed[o][0],
            n,
        )
        alignments.append(((news[0], 0), alignment))
    placed = {n for _, alignment in alignments for n in alignment.new}
    alignments += [
        ((n, 0), Alignment("new", (), (n,), place=n)) for n in range(len(new)) if n not in placed
    ]
    # a removed block sorts half a place after the block that it followed
    before = -1.0
    for o, (key, _) in enumerate(keyed):
        if o in last_place:
            before = last_place[o]
        else:
            alignments.append(((before + 0.5, o), Alignment("gone", (key,), ())))
    return tuple(alignment for _, alignment in sorted(alignments, key=lambda entry: entry[0]))


def moved(old: Sequence[Key], new: Sequence[Key]) -> set[Key]:
    """Return the keys that moved, outside the longest run in order."""
    places = {key: place for place, key in enumerate(old)}
    pairs = {place: places[key] for place, key in enumerate(new) if key in places}
    return {new[place] for place in pairs.keys() - set(_unmoved(pairs))}


def _kind(olds: int, news: int, *, edited: bool, moved: bool) -> AlignmentKind:
    if olds > 1:
        return "joined"
    if news > 1:
        return "split"
    if edited:
        return "edited"
    return "moved" if moved else "kept"


def _pair_blocks(old: _Texts, new: _Texts) -> dict[int, int]:
    """Return the pairs of new and old places, surest kind first."""
    pairs = _pair_equal(old, new)
    _pair_by_phrases(old, new, pairs)
    _pair_in_gaps(old, new, pairs)
    return pairs


def _pair_equal(old: _Texts, new: _Texts) -> dict[int, int]:
    """Pair equal blocks, first those in the same order.

    The result maps places in ``new`` to places in ``old``.
    """
    # rapidfuzz compares hashes; numbers cannot collide as hashes of texts can
    number = defaultdict[tuple[str, ...], int](count().__next__)
    old_numbers, new_numbers = (
        [number[tuple(words)] for words in old],
        [number[tuple(words)] for words in new],
    )
    pairs: dict[int, int] = {}
    for block in Indel.opcodes(old_numbers, new_numbers).as_matching_blocks():
        pairs |= {block.b + i: block.a + i for i in range(block.size)}
    free: defaultdict[int, deque[int]] = defaultdict(deque)
    for o in _free_places(range(len(old)), pairs.values()):
        free[old_numbers[o]].append(o)
    for n in _free_places(range(len(new)), pairs):
        if free[new_numbers[n]]:
            pairs[n] = free[new_numbers[n]].popleft()
    return pairs


def _pair_by_phrases(old: _Texts, new: _Texts, pairs: dict[int, int]) -> None:
    """Add to ``pairs`` the blocks with enough common phrases, best first."""
    blocks_with: defaultdict[_Phrase, list[int]] = defaultdict(list)
    for o in _free_places(range(len(old)), pairs.values()):
        for phrase in _phrases(old[o]):
            blocks_with[phrase].append(o)
    candidates = []
    for n in _free_places(range(len(new)), pairs):
        candidate_blocks = (
            blocks_with[phrase] for phrase in _phrases(new[n]) if phrase in blocks_with
        )
        votes = Counter(
            o
            for blocks in candidate_blocks
            if len(blocks) <= _MAX_BLOCKS_PER_PHRASE
            for o in blocks
        )
        candidates += [(-vote, abs(n - o), n, o) for o, vote in votes.most_common(_CANDIDATES)]
    # most votes first, then the nearest block
    taken = set(pairs.values())
    for vote, _, n, o in sorted(candidates):
        if (
            n not in pairs
            and o not in taken
            and (
                -vote >= _MIN_PHRASE_SHARE * min(_phrase_count(old[o]), _phrase_count(new[n]))
                or _similarity(old[o], new[n]) >= _MIN_WORD_SHARE
            )
        ):
            pairs[n] = o
            taken.add(o)


def _pair_in_gaps(old: _Texts, new: _Texts, pairs: dict[int, int]) -> None:
    """Add to ``pairs`` similar blocks between the same neighbours."""
    rising = sorted(_unmoved(pairs))
    marks = [(-1, -1), *((n, pairs[n]) for n in rising), (len(new), len(old))]
    for (n_before, o_before), (n_after, o_after) in pairwise(marks):
        news = _free_places(range(n_before + 1, n_after), pairs)
        olds = _free_places(range(o_before + 1, o_after), pairs.values())
        if len(news) * len(olds) <= _MAX_FULL_GAP**2:
            compared = [(-_similarity(old[o], new[n]), n, o) for n in news for o in olds]
        else:
            # all pairs of a large gap would take quadratic time
            compared = [
                (-_similarity(old[o], new[n]), n, o) for n, o in zip(news, olds, strict=False)
            ]
        taken = set[int]()
        for unlike, n, o in sorted(compared):
            if -unlike >= _MIN_WORD_SHARE and n not in pairs and o not in taken:
                pairs[n] = o
                taken.add(o)


def _split_parts(whole: _Texts, parts: _Texts, pairs: Mapping[int, int]) -> dict[int, list[int]]:
    """Return the unpaired ``parts`` that are pieces of each whole.

    They are next to its pair and have phrases of it that the pair has not.
    """
    parts_of: defaultdict[int, list[int]] = defaultdict(list)
    free = set(_free_places(range(len(parts)), pairs))
    for n, o in pairs.items():
        if whole[o] == parts[n]:
            continue
        # the pieces of a split block are the neighbours of its pair, on either side
        wanted = _phrases(whole[o]) - _phrases(parts[n])
        for step in (1, -1):
            part = n + step
            while (
                part in free
                and wanted
                and len(shared := _phrases(parts[part]) & wanted)
                >= max(_MIN_PHRASE_SHARE * _phrase_count(parts[part]), 1)
            ):
                parts_of[o].append(part)
                free.remove(part)
                wanted -= shared
                part += step
    return parts_of


def _unmoved(pairs: Mapping[int, int]) -> Iterator[int]:
    """Yield the new places of the longest run of pairs in order.

    The last place comes first.
    """
    # patience sorting: `tops[i]` ends the best run of length i + 1, and `before` links the runs
    ends: list[int] = []
    tops: list[int] = []
    before: dict[int, int | None] = {}
    for n in sorted(pairs):
        index = bisect_left(ends, pairs[n])
        ends[index : index + 1] = [pairs[n]]
        tops[index : index + 1] = [n]
        before[n] = tops[index - 1] if index else None
    at_end = tops[-1] if tops else None
    while at_end is not None:
        yield at_end
        at_end = before[at_end]


def _free_places(places: Iterable[int], taken: Collection[int]) -> list[int]:
    taken_places = set(taken)
    return [place for place in places if place not in taken_places]


def _words(text: str) -> list[str]:
    """Return the words of a text with their punctuation.

    In scripts without spaces each character is a word.
    """
    if text.isascii() or not _UNSPACED.search(text):
        return text.split()
    return [token for token in tokens(text) if not token.isspace()]


def _phrases(words: Sequence[str]) -> set[_Phrase]:
    """Return every three consecutive words, without punctuation."""
    # a full stop may come or go when blocks are joined
    bare = [word.strip(_SIGNS) for word in words]
    return set(zip(bare, bare[1:], bare[2:], strict=False))


def _phrase_count(words: Sequence[str]) -> int:
    """Return the largest number of phrases in these words."""
    return max(len(words) - 2, 0)


def _similarity(words: Sequence[str], other_words: Sequence[str]) -> float:
    """Return the share (0 to 1) of common words, in order."""
    similarity: float = Indel.normalized_similarity(words, other_words)
    return similarity
