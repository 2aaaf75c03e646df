"""How often each agency's mandate is named in a text. It counts words and judges nobody."""

import math
import unicodedata
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import regex

Agency = TypeVar("Agency", bound=Hashable)

# A word, or one sign of a script that writes no spaces. Apostrophe and hyphen part words here:
# "rights-based" names rights.
_SPACELESS = r"[\p{Han}\p{Hiragana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]"
_WORD = regex.compile(
    rf"(?P<word>{_SPACELESS}\p{{M}}*|[[\p{{L}}\p{{N}}\p{{M}}]--{_SPACELESS}]+)(?P<any_ending>\*?)",
    regex.V1,
)

# What may part the words of one term; a comma or a full stop may not.
_WITHIN = regex.compile(r"[^\S\n]*(?:\n[^\S\n]*|[-\u2010\u2011'’])?")


@dataclass(frozen=True, slots=True)
class Balance(Generic[Agency]):
    """How often each agency's words are counted, and how evenly.

    ``counts`` and ``share`` are by agency; a share is that of all that were counted, 0 to 1.
    ``evenness`` goes from 0 (one agency alone) to 1 (all alike).
    """

    counts: dict[Agency, int]
    share: dict[Agency, float]
    evenness: float


class _Node:
    """A tree of the words of all terms.

    A node says which words may follow, and who lists the term that ends here: places in the order
    of the vocabularies.
    """

    def __init__(self) -> None:
        self.words: dict[str, _Node] = {}
        self.stems: dict[str, _Node] = {}
        self.lengths: set[int] = set()
        self.listed_by: set[int] = set()

    def grown(self, word: str, *, any_ending: bool) -> "_Node":
        """Return the node for ``word`` below this one, made if need be."""
        if any_ending:
            self.lengths.add(len(word))
        return (self.stems if any_ending else self.words).setdefault(word, _Node())

    def after(self, word: str) -> "Iterator[_Node]":
        """Yield the nodes that ``word`` leads to."""
        if word in self.words:
            yield self.words[word]
        for length in self.lengths:
            if word[:length] in self.stems:
                yield self.stems[word[:length]]


class Counter(Generic[Agency]):
    """Counts the terms of vocabularies in many texts, for instance a paragraph and its amendments.

    A run of words that are in some term is counted once, however many texts have it.
    """

    def __init__(self, vocabularies: Mapping[Agency, Collection[str]]) -> None:
        self.agencies = tuple(vocabularies)
        self._root = _Node()
        self._words: set[str] = set()
        self._stems: set[str] = set()
        self._lengths: set[int] = set()
        self._counted: dict[tuple[str, ...], list[int]] = {}
        for place, terms in enumerate(vocabularies.values()):
            for term in terms:
                self._add(term, place)

    def _add(self, term: str, place: int) -> None:
        node = self._root
        for found in _WORD.finditer(_folded(term)):
            any_ending = bool(found["any_ending"])
            node = node.grown(found["word"], any_ending=any_ending)
            (self._stems if any_ending else self._words).add(found["word"])
        self._lengths = {len(stem) for stem in self._stems}
        if node is not self._root:
            node.listed_by.add(place)

    def counts(self, text: str) -> list[int]:
        """Return how often each agency's terms are counted, in the order of ``agencies``."""
        counts = [0] * len(self.agencies)
        for run in self._runs(text):
            if run not in self._counted:
                named = _named(self._root, run)
                self._counted[run] = [place for places in named for place in places]
            for place in self._counted[run]:
                counts[place] += 1
        return counts

    def _runs(self, text: str) -> Iterator[tuple[str, ...]]:
        """Yield the words of ``text`` between which a term may stand, those in no term left out."""
        text = _folded(text)
        words, stems = self._words, self._stems
        run: list[str] = []
        end = 0
        for found in _WORD.finditer(text):
            word = found[1]
            known = word in words or any(word[:length] in stems for length in self._lengths)
            if run and not (known and _WITHIN.fullmatch(text, end, found.start())):
                yield tuple(run)
                run = []
            if known:
                run.append(word)
                end = found.end()
        if run:
            yield tuple(run)


def balance(text: str, vocabularies: Mapping[Agency, Collection[str]]) -> Balance[Agency]:
    """Count the terms of each agency's vocabulary in ``text``.

    Whole words, in whatever case; a ``*`` stands for any ending (``traffick*``), else an inflection
    counts when it is listed. Where terms overlap the longest counts, in words, of equally long ones
    the first; it counts for every agency that lists it.

    The evenness is Shannon's entropy of the shares over its greatest value, ln n for n vocabularies
    (E. C. Pielou, "The measurement of diversity in different types of biological collections",
    Journal of Theoretical Biology 13, 1966); 0 when nothing is named.
    """
    counts = dict(zip(vocabularies, Counter(vocabularies).counts(text), strict=True))
    total = sum(counts.values())
    share = {agency: count / total if total else 0.0 for agency, count in counts.items()}
    return Balance(counts, share, _evenness(share.values()))


def _named(root: _Node, words: Sequence[str]) -> Iterator[set[int]]:
    """Yield, for each term that counts in ``words``, who lists it.

    Of overlapping terms the longest counts, of equally long ones the first.
    """
    found = [
        (-length, at, listed_by)
        for at in range(len(words))
        for length, listed_by in _terms(root, words, at)
    ]
    taken: set[int] = set()
    for length, at, listed_by in sorted(found, key=lambda one: one[:2]):
        places = range(at, at - length)
        if taken.isdisjoint(places):
            taken.update(places)
            yield listed_by


def _terms(root: _Node, words: Sequence[str], at: int) -> Iterator[tuple[int, set[int]]]:
    """Yield each term that begins at ``at``: of how many words it is, and who lists it."""
    nodes = [root]
    for end in range(at, len(words)):
        nodes = [below for node in nodes for below in node.after(words[end])]
        if not nodes:
            return
        listed_by = {agency for node in nodes for agency in node.listed_by}
        if listed_by:
            yield end + 1 - at, listed_by


def _evenness(shares: Iterable[float]) -> float:
    """Return Pielou's J of ``shares``, which sum up to 1 or are all 0.

    One agency alone is even.
    """
    found = list(shares)
    named = [share for share in found if share]
    if not named:
        return 0.0
    if len(found) == 1:
        return 1.0
    return -sum(share * math.log(share) for share in named) / math.log(len(found))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
