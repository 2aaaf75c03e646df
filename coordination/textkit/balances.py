"""The mandate balance: how often a text names each agency's mandate."""

import math
import unicodedata
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import regex

Agency = TypeVar("Agency", bound=Hashable)

# A word, or one sign of a script without spaces. Unlike in `tokens`, apostrophes and hyphens
# separate words here: "rights-based" names rights.
_SPACELESS = r"[\p{Han}\p{Hiragana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]"
_WORD = regex.compile(
    rf"(?P<word>{_SPACELESS}\p{{M}}*|[[\p{{L}}\p{{N}}\p{{M}}]--{_SPACELESS}]+)(?P<any_ending>\*?)",
    regex.V1,
)

# Signs that may separate the words of one term; a comma or a full stop may not.
_WITHIN = regex.compile(r"[^\S\n]*(?:\n[^\S\n]*|[-\u2010\u2011'’])?")


@dataclass(frozen=True, slots=True)
class Balance(Generic[Agency]):
    """The counts and shares of agencies, and the evenness.

    A share goes from 0 to 1, and the evenness from 0 (only one agency is named) to 1 (all equally
    often).
    """

    counts: dict[Agency, int]
    share: dict[Agency, float]
    evenness: float


class _Node:
    """A node in the tree of the words of all terms.

    It has the nodes of the words that may follow. ``listed_by`` has the agencies (by index) with a
    term that ends here.
    """

    def __init__(self) -> None:
        self.words: dict[str, _Node] = {}
        self.stems: dict[str, _Node] = {}
        self.lengths: set[int] = set()
        self.listed_by: set[int] = set()

    def child(self, word: str, *, any_ending: bool) -> "_Node":
        """Return the node for ``word`` below this one; create it if missing."""
        if any_ending:
            self.lengths.add(len(word))
        return (self.stems if any_ending else self.words).setdefault(word, _Node())

    def matching(self, word: str) -> "Iterator[_Node]":
        """Yield the nodes below that match ``word``."""
        if word in self.words:
            yield self.words[word]
        for length in self.lengths:
            if word[:length] in self.stems:
                yield self.stems[word[:length]]


class Counter(Generic[Agency]):
    """Counts the terms of vocabularies in many similar texts.

    It caches the counts of runs of words, so a paragraph and its amendments share work.
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
        for match in _WORD.finditer(_fold_case(term)):
            any_ending = bool(match["any_ending"])
            node = node.child(match["word"], any_ending=any_ending)
            (self._stems if any_ending else self._words).add(match["word"])
        self._lengths = {len(stem) for stem in self._stems}
        # a term without a word, such as "*", matches nothing
        if node is not self._root:
            node.listed_by.add(place)

    def counts(self, text: str) -> list[int]:
        """Return the count of each agency, in the order of ``agencies``."""
        counts = [0] * len(self.agencies)
        for run in self._runs(text):
            if run not in self._counted:
                named = _counted_terms(self._root, run)
                self._counted[run] = [place for places in named for place in places]
            for place in self._counted[run]:
                counts[place] += 1
        return counts

    def _runs(self, text: str) -> Iterator[tuple[str, ...]]:
        """Yield the runs of ``text`` that have only words of terms."""
        text = _fold_case(text)
        words, stems = self._words, self._stems
        run: list[str] = []
        end = 0
        for match in _WORD.finditer(text):
            word = match[1]
            # a word of no term ends the run, so runs are short and often repeated
            known = word in words or any(word[:length] in stems for length in self._lengths)
            if run and not (known and _WITHIN.fullmatch(text, end, match.start())):
                yield tuple(run)
                run = []
            if known:
                run.append(word)
                end = match.end()
        if run:
            yield tuple(run)


def balance(text: str, vocabularies: Mapping[Agency, Collection[str]]) -> Balance[Agency]:
    """Count the terms of each agency's vocabulary in ``text``.

    Terms match whole words, in any case; ``*`` matches any ending (``traffick*``). Of overlapping
    terms the one with most words counts, else the first. A term counts for every agency that lists
    it.

    The evenness is the Shannon entropy of the shares divided by its maximum, ln n for n
    vocabularies (E. C. Pielou, "The measurement of diversity in different types of biological
    collections", Journal of Theoretical Biology 13, 1966); 0 when nothing is named.
    """
    counts = dict(zip(vocabularies, Counter(vocabularies).counts(text), strict=True))
    total = sum(counts.values())
    share = {agency: count / total if total else 0.0 for agency, count in counts.items()}
    return Balance(counts, share, _evenness(share.values()))


def _counted_terms(root: _Node, words: Sequence[str]) -> Iterator[set[int]]:
    """Yield the agencies of each counted term."""
    candidates = [
        (-length, at, listed_by)
        for at in range(len(words))
        for length, listed_by in _terms_at(root, words, at)
    ]
    taken: set[int] = set()
    # lengths are negative, so that longer terms come first
    for length, at, listed_by in sorted(candidates, key=lambda candidate: candidate[:2]):
        places = range(at, at - length)
        if taken.isdisjoint(places):
            taken.update(places)
            yield listed_by


def _terms_at(root: _Node, words: Sequence[str], at: int) -> Iterator[tuple[int, set[int]]]:
    """Yield (number of words, agencies) of each term that begins at ``at``."""
    nodes = [root]
    for end in range(at, len(words)):
        nodes = [child for node in nodes for child in node.matching(words[end])]
        if not nodes:
            return
        listed_by = {agency for node in nodes for agency in node.listed_by}
        if listed_by:
            yield end + 1 - at, listed_by


def _evenness(shares: Iterable[float]) -> float:
    """Return Pielou's J of ``shares``, with sum 1 or 0.

    It is 1 for a single vocabulary, where ln n is 0.
    """
    all_shares = list(shares)
    positive = [share for share in all_shares if share]
    if not positive:
        return 0.0
    if len(all_shares) == 1:
        return 1.0
    return -sum(share * math.log(share) for share in positive) / math.log(len(all_shares))


def _fold_case(text: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
