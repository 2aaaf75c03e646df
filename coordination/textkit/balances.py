"""The mandate balance: how often a text names each agency's mandate."""

import math
import unicodedata
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import regex

Agency = TypeVar("Agency", bound=Hashable)

# A word, or one sign of a script without spaces. Unlike in `tokens`, apostrophes and hyphens
# separate words here: "rights-based" names rights.
_SPACELESS = r"[\p{Han}\p{Hiragana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]"
_LETTER = rf"[[\p{{L}}\p{{N}}\p{{M}}]--{_SPACELESS}]"
_SIGN = regex.compile(_SPACELESS, regex.V1)
_WORD = regex.compile(rf"({_SPACELESS}\p{{M}}*|{_LETTER}+)(\*?)", regex.V1)

# A word of a text that may be of a term; \L<words> is each string of the list of that name.
_CANDIDATES = {
    "words": rf"(?<!{_LETTER})\L<words>(?!{_LETTER})",
    "stems": rf"(?<!{_LETTER})\L<stems>{_LETTER}*",
    "signs": r"\L<signs>\p{M}*",
}

# Signs that may separate the words of one term; a comma or a full stop may not.
_WITHIN = r"[^\S\n]*(?:\n[^\S\n]*|[-\u2010\u2011'’])?"


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


class TermCounter(Generic[Agency]):
    """Counts the terms of vocabularies in many similar texts.

    It keeps the counts of runs of words, so a paragraph and its amendments share work.
    """

    def __init__(self, vocabularies: Mapping[Agency, Collection[str]]) -> None:
        self.agencies = tuple(vocabularies)
        self._root = _Node()
        self._counted: dict[str, list[int]] = {}
        words: dict[str, set[str]] = {kind: set() for kind in _CANDIDATES}
        for place, terms in enumerate(vocabularies.values()):
            for term in terms:
                node = self._root
                for word, any_ending in _WORD.findall(_fold_case(term)):
                    node = node.child(word, any_ending=bool(any_ending))
                    if _SIGN.match(word):
                        words["signs"].add(word[0])
                    else:
                        words["stems" if any_ending else "words"].add(word)
                # a term without a word, such as "*", matches nothing
                if node is not self._root:
                    node.listed_by.add(place)
        self._runs = _runs_of(words)

    def counts(self, text: str) -> list[int]:
        """Return the count of each agency, in the order of ``agencies``."""
        counts = [0] * len(self.agencies)
        for run in self._runs.findall(_fold_case(text)):
            if run not in self._counted:
                named = _counted_terms(self._root, [word for word, _ in _WORD.findall(run)])
                self._counted[run] = [place for places in named for place in places]
            for place in self._counted[run]:
                counts[place] += 1
        return counts

    def balance(self, paragraphs: Iterable[str]) -> Balance[Agency]:
        """Return the balance of a text; no term goes on from one paragraph to the next."""
        each = [self.counts(paragraph) for paragraph in paragraphs]
        sums = [sum(counts) for counts in zip(*each, strict=True)] or [0] * len(self.agencies)
        counts = dict(zip(self.agencies, sums, strict=True))
        total = sum(sums)
        share = {agency: count / total if total else 0.0 for agency, count in counts.items()}
        return Balance(counts, share, _evenness(share.values()))


def balance(text: str, vocabularies: Mapping[Agency, Collection[str]]) -> Balance[Agency]:
    """Count the terms of each agency's vocabulary in ``text``.

    Terms match whole words, in any case; ``*`` matches any ending (``traffick*``). Of overlapping
    terms the one with most words counts, else the first. A term counts for every agency that lists
    it.

    The evenness is the Shannon entropy of the shares divided by its maximum, ln n for n
    vocabularies (E. C. Pielou, "The measurement of diversity in different types of biological
    collections", Journal of Theoretical Biology 13, 1966); 0 when nothing is named.
    """
    return TermCounter(vocabularies).balance([text])


def _runs_of(words: Mapping[str, set[str]]) -> "regex.Pattern[str]":
    """Return the pattern of the runs of ``words``, a set for each of ``_CANDIDATES``."""
    # an empty list would match everywhere
    listed: dict[str, Any] = {kind: some for kind, some in words.items() if some}
    candidate = f"(?:{'|'.join(_CANDIDATES[kind] for kind in listed) or '(?!)'})"
    return regex.compile(f"{candidate}(?:{_WITHIN}{candidate})*", regex.V1, **listed)


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
