"""The nearest spelling of a word, by trigrams."""

from collections.abc import Iterable

NEAR = 0.3  # the share of trigrams that two spellings have in common
MOST = 3


def trigrams(word: str) -> frozenset[str]:
    """Return the groups of three letters of a word.

    Its edges count as spaces.
    """
    padded = f"  {word} "
    return frozenset(padded[place : place + 3] for place in range(len(padded) - 2))


def nearest(word: str, known: Iterable[str]) -> list[str]:
    """Return at most three known words of similar spelling.

    The nearest to `word` first.
    """
    wanted = trigrams(word)
    ranked = []
    for other in known:
        theirs = trigrams(other)
        likeness = len(wanted & theirs) / len(wanted | theirs)
        if likeness >= NEAR and other != word:
            ranked.append((-likeness, abs(len(other) - len(word)), other))
    return [other for _likeness, _length, other in sorted(ranked)[:MOST]]
