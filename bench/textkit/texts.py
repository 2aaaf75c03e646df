"""Made statements and the amendments that agencies might propose to them.

The same for the same seed.
"""

from random import Random

WORDS_IN_BLOCK = 180
_SMALL = tuple(
    """
    the of and to in for that all with their on by from at or as whose every under its
    """.split()  # noqa: SIM905 words are easier to read and to change as text
)
_LARGE = tuple(
    """
    migrants rights human States children women protection irregular smuggling trafficking health
    labour access status international law refugees detention remittances development education
    employment border return integration youth families journey transit agencies data cooperation
    policies measures persons situation vulnerable discrimination services justice standards
    obligations support capacity
    """.split()  # noqa: SIM905 the same
)


def words(random: Random, count: int) -> list[str]:
    """Return `count` words, with commas and full stops, half of them small ones, as in prose."""
    return [
        random.choice(random.choice((_SMALL, _LARGE)))
        + random.choice(("", "", "", "", "", "", "", "", ",", "."))
        for _ in range(count)
    ]


def blocks(random: Random, count: int) -> list[str]:
    """Return the texts of `count` paragraphs."""
    return [" ".join(words(random, WORDS_IN_BLOCK)) for _ in range(count)]


def short_blocks(random: Random, count: int) -> list[str]:
    """Return paragraphs as joint statements have them: 25 to 90 words."""
    return [" ".join(words(random, random.randint(25, 90))) for _ in range(count)]


def amended_often(random: Random, text: str, edits: int) -> str:
    """Return `text` with several edits."""
    for _ in range(edits):
        text = amended(random, text)
    return text


def amended(random: Random, text: str) -> str:
    """Return `text` with one edit.

    Half insert one to eight words, a third replace some, the rest take some out.
    """
    found = text.split(" ")
    at, kind = random.randrange(max(len(found) - 5, 1)), random.random()
    if kind < 0.5:
        found[at:at] = words(random, random.randint(1, 8))
    elif kind < 0.83:
        found[at : at + random.randint(1, 4)] = words(random, random.randint(1, 5))
    else:
        del found[at : at + random.randint(1, 5)]
    return " ".join(found)
