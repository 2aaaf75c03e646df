"""What a person types, as groups of terms.

A text answers a question if it has a term of each group. The order of the words does not matter.
"""

from dataclasses import dataclass

from coordination.searchkit import words

MOST_WORDS = 12
SHORTEST_BEGINNING = 4  # letters of a last word that may be unfinished
# Words that a text may lack although it is about the rest; folded
COMMON_BY_LANGUAGE = {
    "en": "a an and are as at be by for from in into is of on or that the to with",
    "fr": "a au aux avec ce ces dans de des du en est et la le les ou par pour que qui sur un une",
    "es": "al con del el en es las lo los o para por se sin su sus una y",
    "ru": "в и из к на не о об от по с со у для или",
    "ar": "في من على الى عن مع او و ان",
}
COMMON = frozenset(word for line in COMMON_BY_LANGUAGE.values() for word in line.split())


@dataclass(frozen=True, slots=True)
class TermGroup:
    """The terms of one word of a question.

    One of them is enough. `beginning` is the start of a term, or "". `spelling` is the folded word.
    """

    spelling: str
    terms: frozenset[str]
    beginning: str = ""

    def matches(self, terms: frozenset[str]) -> bool:
        """Return whether a word with these terms answers this group."""
        return bool(self.terms & terms) or (
            bool(self.beginning) and any(term.startswith(self.beginning) for term in terms)
        )


Question = tuple[TermGroup, ...]


def question(text: str) -> Question:
    """Return the term groups of a question.

    Twelve words at most. Common words are left out if others remain. The last word may be
    unfinished.
    """
    found = list(words.words(text))[:MOST_WORDS]
    last = text.rsplit(maxsplit=1)[-1] if text.split() else ""
    unfinished = len(last) >= SHORTEST_BEGINNING
    groups = []
    for word in found:
        is_last = word is found[-1] and unfinished
        if words.HAN_RUN.fullmatch(word.text):
            groups += chinese(word.text)
        elif folded := words.fold(word.text):
            groups.append(
                TermGroup(folded, words.terms_of(word.text), beginning=folded if is_last else "")
            )
    telling = [group for group in groups if group.spelling not in COMMON]
    return tuple(dict.fromkeys(telling or groups))


def chinese(run: str) -> list[TermGroup]:
    """Return a group for each pair of a run.

    One character alone begins a pair.
    """
    found = words.pairs(run)
    if len(found) == 1:
        return [TermGroup(found[0], frozenset(found), beginning=found[0])]
    return [TermGroup(pair, frozenset([pair])) for pair in found[:-1]]
