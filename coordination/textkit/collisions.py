"""Finds which amendments to one text agree, conflict or touch.

The method is that of a three-way merge (S. Khanna, K. Kunal, B. Pierce, "A Formal Investigation of
Diff3", 2007), but with any number of amendments, and with readable changes instead of lines. Two
rules are added, because a merge that no rule forbids may still say what nobody meant: insertions
into one gap between two words conflict, and changes that touch are for a person to read.
"""

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, NamedTuple, TypeVar

from .clauses import gap_around, has_words, is_word_sign, sentence_around
from .hunks import (
    Change,
    Hunk,
    apply,
    hunks_of,
    insertion_order,
    place_sort_key,
    sort_hunks,
)
from .scopes import is_whole_sentences, scope_of
from .sentences import moved_sentences
from .tidy import at_place, slide_range
from .typography import plain

Id = TypeVar("Id", bound=Hashable)
Edits = Mapping[Id, Sequence[Change]]

_NUMBER = re.compile(r"(\d+)")
_SIGNS = re.compile(r"[\W_]+")


class Sponsored(NamedTuple, Generic[Id]):
    """A hunk and the edits that have it."""

    hunk: Hunk
    sponsors: tuple[Id, ...]


@dataclass(frozen=True, slots=True)
class Conflict(Generic[Id]):
    """Hunks that cannot all be applied.

    ``base[start:end]`` is the range of the conflict; it is empty if all insert at one point.
    ``same_words``: the proposals differ only in punctuation or typography.
    """

    start: int
    end: int
    hunks: tuple[Sponsored[Id], ...]
    same_words: bool = False

    @property
    def ids(self) -> tuple[Id, ...]:
        """The ids of the conflicting edits, sorted."""
        return sort_ids({id_ for hunk in self.hunks for id_ in hunk.sponsors})


@dataclass(frozen=True, slots=True)
class Judgement(Generic[Id]):
    """The hunks of all edits, in three classes, each by place.

    ``clean`` hunks can be applied unread. ``touching`` ones can be applied, and a person reads the
    result first; ``touching_ids`` has the edits of each group that touches. ``conflicts`` cannot
    all be applied. Typographic hunks that another change overrides are in none of them.
    """

    clean: tuple[Sponsored[Id], ...]
    touching: tuple[Sponsored[Id], ...]
    touching_ids: tuple[tuple[Id, ...], ...]
    conflicts: tuple[Conflict[Id], ...]


@dataclass(slots=True, eq=False)
class _Proposal(Generic[Id]):
    """A change with its sponsors.

    ``keys`` tell equal hunks that are at different places.
    """

    change: Change
    keys: tuple[Hunk, ...]
    ids: list[Id]
    ranges: tuple[tuple[int, int], ...]  # where each hunk could as well be

    @property
    def span(self) -> tuple[int, int]:
        return self.change.start, self.change.end


def judge(base: str, edits: Edits[Id]) -> Judgement[Id]:
    """Judge the changes of ``edits``, each amendment's changes in ``base``.

    The order of ``edits`` does not matter.

    - Equal changes agree, and so does a change that is part of another.
    - Changes conflict if they change a common word or if one is inside the other. So do different
      texts that are inserted into one gap between two words.
    - Changes touch if there is no word between them. They also touch if one is in the scope of the
      other (:mod:`.scopes`), or in a sentence that the other moves. A sentence end keeps changes
      apart. Changes of punctuation alone do not touch.
    - Typographic changes yield to all others, and to different typographic ones.

    Raises :class:`.hunks.HunkError` for an edit whose own hunks overlap or are outside ``base``.
    O(n log n) in the number of hunks.
    """
    words, typographic = _proposals(base, edits)
    conflicting = _conflicting_groups(base, words)
    in_conflict = {id(proposal) for group in conflicting for proposal in group}
    touching_groups = [
        group
        for group in (_touching_groups(base, edits, words) if len(edits) > 1 else ())
        if not any(set(map(id, group)) <= set(map(id, conflict)) for conflict in conflicting)
    ]
    touches = {id(proposal) for group in touching_groups for proposal in group}
    clean = [each for each in words if id(each) not in in_conflict | touches]
    touching = [each for each in words if id(each) in touches - in_conflict]
    return Judgement(
        _sponsored([*clean, *_standing_typography(typographic, words)]),
        _sponsored(touching),
        tuple(sorted({_ids_of(group) for group in touching_groups}, key=_ids_sort_key)),
        tuple(_conflict(base, group) for group in conflicting),
    )


def conflicts(base: str, edits: Edits[Id]) -> tuple[Conflict[Id], ...]:
    """Return the conflicts of :func:`judge` alone, which takes less time."""
    words, _ = _proposals(base, edits)
    return tuple(_conflict(base, group) for group in _conflicting_groups(base, words))


def sort_ids(ids: Iterable[Id]) -> tuple[Id, ...]:
    """Return ``ids`` of any types in natural order: a9 before a10."""
    ids_tuple = tuple(ids)
    return ids_tuple if len(ids_tuple) == 1 else tuple(sorted(ids_tuple, key=_natural_sort_key))


def _natural_sort_key(id_: object) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in _NUMBER.split(str(id_))]


def _ids_sort_key(ids: Iterable[object]) -> list[list[tuple[int, str]]]:
    return [_natural_sort_key(id_) for id_ in ids]


def _proposals(base: str, edits: Edits[Id]) -> tuple[list[_Proposal[Id]], list[_Proposal[Id]]]:
    """Return the different changes with their sponsors, by place; typographic ones apart."""
    proposals: dict[tuple[Hunk, ...], _Proposal[Id]] = {}
    for id_, changes in edits.items():
        sort_hunks(hunks_of(changes), len(base))
        for change in changes:
            ranges = tuple(slide_range(base, hunk) for hunk in change.hunks)
            keys = tuple(
                at_place(hunk, first) for hunk, (first, _) in zip(change.hunks, ranges, strict=True)
            )
            proposal = proposals.get(keys)
            if proposal is None:
                proposals[keys] = _Proposal(change, keys, [id_], ranges)
                continue
            proposal.ids.append(id_)
            # of equal changes at different places, the result must not depend on who came first
            proposal.change = min(proposal.change, change)
    in_order = sorted(proposals.values(), key=lambda each: (*each.span, each.keys))
    return [each for each in in_order if not each.change.typographic], [
        each for each in in_order if each.change.typographic
    ]


def _conflicting_groups(base: str, proposals: Sequence[_Proposal[Id]]) -> list[list[_Proposal[Id]]]:
    """Return the groups of colliding changes that do not agree.

    By place.
    """
    groups = _Groups(proposals)
    insertions = sorted(
        (
            (gap_around(base, *where), hunk, proposal)
            for proposal in proposals
            for hunk, where in zip(proposal.change.hunks, proposal.ranges, strict=True)
            if hunk.start == hunk.end
        ),
        key=lambda insertion: insertion[0],
    )
    # a sentence that is added beside words has its place before or after them
    alone = [(hunk, each) for _, hunk, each in insertions if len(each.keys) == 1]
    sentences = {id(each) for _, each in alone if _is_sentences(base, each)}
    ordered = {id(each) for hunk, each in alone if insertion_order(hunk)} & sentences
    added_words = {id(each) for hunk, each in alone if not insertion_order(hunk)} - sentences
    for left_out in (ordered, added_words) if ordered else (ordered,):
        groups.join_colliding([each for each in proposals if id(each) not in left_out])
        groups.join_overlapping(
            (gap, each) for gap, _, each in insertions if id(each) not in left_out
        )
    return [group for group in groups.lists() if not _agree(group)]


def _touching_groups(
    base: str, edits: Edits[Id], proposals: Sequence[_Proposal[Id]]
) -> list[list[_Proposal[Id]]]:
    """Return the groups of changes that touch, by place."""
    with_words = [each for each in proposals if _changes_words(base, each)]
    groups = _Groups(with_words)
    # a sentence of its own touches no words beside it
    in_sentences = [each for each in with_words if not _is_sentences(base, each)]
    reaches = [(_reach(base, proposal), proposal) for proposal in in_sentences]
    groups.join_overlapping(sorted(reaches, key=lambda reach: reach[0]))
    scopes = [
        (scope, proposal)
        for proposal in _beside_others(base, in_sentences, groups)
        if (scope := scope_of(base, proposal.change.hunks))
    ]
    for id_, changes in edits.items():
        movers = [
            ((start, end), proposal)
            for start, end in moved_sentences(base, tuple(hunks_of(changes)))
            for proposal in with_words
            if id_ in proposal.ids and proposal.change.start <= end and start <= proposal.change.end
        ]
        # half a move would leave a sentence twice
        groups.join_all(proposal for _, proposal in movers)
        scopes += movers
    for one, other in (*_moves(base, with_words), *_sharing(with_words)):
        groups.join(one, other)
    if scopes:
        spans = [(proposal.span, proposal) for proposal in in_sentences]
        groups.join_overlapping(sorted([*scopes, *spans], key=lambda scope: scope[0]))
    return [group for group in groups.lists() if not _agree(group)]


def _beside_others(
    base: str, proposals: Sequence[_Proposal[Id]], groups: "_Groups[Id]"
) -> Iterator[_Proposal[Id]]:
    """Yield changes in the same sentences that no group has yet.

    Another edit changes these sentences too.
    """
    by_sentence = _Groups(proposals)
    spans = [(sentence_around(base, *proposal.span), proposal) for proposal in proposals]
    by_sentence.join_overlapping(sorted(spans, key=lambda span: span[0]))
    for together in by_sentence.lists():
        by_one = set(together[0].ids).intersection(*(each.ids for each in together))
        if not by_one and not groups.has_joined(together):
            yield from together


def _reach(base: str, proposal: _Proposal[Id]) -> tuple[int, int]:
    """Return the range that a change touches.

    Up to the next words, and where it could be.
    """
    start, end = gap_around(base, *proposal.span)
    (low, _), (_, high) = proposal.ranges[0], proposal.ranges[-1]
    # where it could be counts only if another change is inside that range, not beside it
    while low < start and not is_word_sign(base[low]):
        low += 1
    while high > end and not is_word_sign(base[high - 1]):
        high -= 1
    return min(start, low + 1), max(end, high - 1)


def _moves(
    base: str, proposals: Iterable[_Proposal[Id]]
) -> Iterator[tuple[_Proposal[Id], _Proposal[Id]]]:
    """Yield each deletion with the insertion that puts its words elsewhere."""
    inserted: defaultdict[str, list[_Proposal[Id]]] = defaultdict(list)
    deleted: list[tuple[str, _Proposal[Id]]] = []
    for proposal in proposals:
        start, end, text = proposal.change.hunks[0]
        if start == end:
            inserted[text.strip()].append(proposal)
        elif not text:
            deleted.append((base[start:end].strip(), proposal))
    for words, deletion in deleted:
        for insertion in inserted.get(words, ()):
            if not set(deletion.ids).isdisjoint(insertion.ids):
                yield deletion, insertion


def _sharing(
    proposals: Iterable[_Proposal[Id]],
) -> Iterator[tuple[_Proposal[Id], _Proposal[Id]]]:
    """Yield each change with the first that shares a hunk.

    They are read together.
    """
    first: dict[Hunk, _Proposal[Id]] = {}
    for proposal in proposals:
        for key in proposal.keys:
            if first.setdefault(key, proposal) is not proposal:
                yield first[key], proposal


def _is_sentences(base: str, proposal: _Proposal[Id]) -> bool:
    """Whether a change only adds or only takes out whole sentences."""
    return all(is_whole_sentences(base, hunk) for hunk in proposal.change.hunks)


def _changes_words(base: str, proposal: _Proposal[Id]) -> bool:
    """Whether a change is more than punctuation or capitals."""
    return any(
        has_words((old := base[hunk.start : hunk.end]) + hunk.text)
        and old.casefold() != hunk.text.casefold()
        for hunk in proposal.change.hunks
    )


def _standing_typography(
    typographic: Sequence[_Proposal[Id]], words: Sequence[_Proposal[Id]]
) -> list[_Proposal[Id]]:
    """Return the typographic changes that nothing else overlaps."""
    in_order = sorted([*typographic, *words], key=lambda each: (*each.span, each.keys))
    groups = _Groups(in_order)
    groups.join_colliding(in_order)
    return [
        group[0]
        for group in groups.lists(least=1)
        if len(group) == 1 and group[0].change.typographic
    ]


def _agree(group: Iterable[_Proposal[Id]]) -> bool:
    """Whether one edit has all changes of ``group``."""
    hunks: defaultdict[Id, set[Hunk]] = defaultdict(set)
    for proposal in group:
        for id_ in proposal.ids:
            hunks[id_].update(proposal.keys)
    return max(map(len, hunks.values())) == len(set().union(*hunks.values()))


def _conflict(base: str, group: Sequence[_Proposal[Id]]) -> Conflict[Id]:
    start = min(proposal.change.start for proposal in group)
    end = max(proposal.change.end for proposal in group)
    hunks: defaultdict[Id, dict[Hunk, Hunk]] = defaultdict(dict)
    for proposal in group:
        for id_ in proposal.ids:
            hunks[id_] |= dict(zip(proposal.keys, proposal.change.hunks, strict=True))
    wordings = (
        _SIGNS.sub(
            " ", plain(apply(base[start:end], _shifted(of_id.values(), -start))).text
        ).strip()
        for of_id in hunks.values()
    )
    first = next(wordings)
    same_words = all(wording == first for wording in wordings)
    return Conflict(start, end, _sponsored(group), same_words)


def _shifted(hunks: Iterable[Hunk], offset: int) -> list[Hunk]:
    return [Hunk(hunk.start + offset, hunk.end + offset, hunk.text) for hunk in hunks]


def _sponsored(proposals: Iterable[_Proposal[Id]]) -> tuple[Sponsored[Id], ...]:
    """Return the hunks of changes with all their sponsors.

    Each once, by place.
    """
    hunk_of: dict[Hunk, Hunk] = {}
    sponsors: defaultdict[Hunk, list[Id]] = defaultdict(list)
    for proposal in proposals:
        for key, hunk in zip(proposal.keys, proposal.change.hunks, strict=True):
            hunk_of[key] = min(hunk, hunk_of.get(key, hunk))
            sponsors[key] += proposal.ids
    return tuple(
        Sponsored(hunk_of[key], sort_ids(set(sponsors[key])))
        for key in sorted(hunk_of, key=lambda key: place_sort_key(hunk_of[key]))
    )


def _ids_of(group: Iterable[_Proposal[Id]]) -> tuple[Id, ...]:
    return sort_ids({id_ for proposal in group for id_ in proposal.ids})


class _Groups(Generic[Id]):
    """Changes in groups that grow together: a union-find structure."""

    def __init__(self, proposals: Sequence[_Proposal[Id]]) -> None:
        self._proposals = proposals
        self._leader = {id(proposal): proposal for proposal in proposals}

    def join(self, one: _Proposal[Id], other: _Proposal[Id]) -> None:
        """Put the groups of two changes together."""
        self._leader[id(self._find(other))] = self._find(one)

    def join_all(self, proposals: Iterable[_Proposal[Id]]) -> None:
        """Put the groups of all these changes together."""
        for one, other in pairwise(proposals):
            self.join(one, other)

    def join_colliding(self, proposals: Iterable[_Proposal[Id]]) -> None:
        """Join changes of a common word or at one point.

        The changes are sorted. At one point they insert.
        """
        # insertions come before the ranges that begin at their place, so one sweep is enough
        end, last = -1, None
        for proposal in proposals:
            if last and (proposal.change.start < end or proposal.span == last.span):
                self.join(last, proposal)
            if proposal.change.end >= end:
                end, last = proposal.change.end, proposal

    def join_overlapping(self, intervals: Iterable[tuple[tuple[int, int], _Proposal[Id]]]) -> None:
        """Join the changes whose intervals, sorted, overlap or meet."""
        reach, last = -1, None
        for (start, end), proposal in intervals:
            if last and start <= reach:
                self.join(last, proposal)
            if end >= reach:
                reach, last = end, proposal

    def has_joined(self, proposals: Iterable[_Proposal[Id]]) -> bool:
        """Whether all these changes are in one group."""
        return len({id(self._find(proposal)) for proposal in proposals}) == 1

    def lists(self, least: int = 2) -> list[list[_Proposal[Id]]]:
        """Return the groups of at least ``least`` changes, by place."""
        groups: defaultdict[int, list[_Proposal[Id]]] = defaultdict(list)
        for proposal in self._proposals:
            groups[id(self._find(proposal))].append(proposal)
        return [group for group in groups.values() if len(group) >= least]

    def _find(self, proposal: _Proposal[Id]) -> _Proposal[Id]:
        leader = self._leader
        while leader[id(proposal)] is not proposal:
            # halving the path keeps it short
            leader[id(proposal)] = leader[id(leader[id(proposal)])]
            proposal = leader[id(proposal)]
        return proposal
