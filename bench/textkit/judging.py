"""Count how many pairs of amendments are clean, touch and conflict.

    python -m bench.textkit.judging [--pairs 2000] [--seed 1]

Two agencies amend one paragraph, with one to three edits each (of made words: one to eight). A
judgement that calls everything "touching" is of no use, and one that calls all of it clean is
wrong, so this counts both: in paragraphs of made words, and in those of joint statements with edits
as agencies make them, by whether one of the edits changes what a clause says ("not", "may").
"""

import argparse
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import NamedTuple

from bench.textkit.texts import amended_often, short_blocks
from coordination.textkit import collisions, diffs

# made after statements of inter-agency groups
PARAGRAPHS = tuple(
    " ".join(text.split())
    for text in (
        """Recalling that every person who moves retains, at every stage of the journey, the human
        rights and fundamental freedoms recognized in international law,""",
        """Deeply concerned that at least 8,900 people died on migration routes in the past year,
        and that many more are missing,""",
        """Noting that those who move most quietly, women, children and workers without papers, are
        least likely to ask for help and most likely to need it,""",
        """Calls upon States to ensure that persons in distress are rescued without delay, are taken
        to a place of safety and are not returned to a country where they may be persecuted;""",
        """Urges States to end the detention of children for reasons of migration, and to provide
        care in the community for them and their families;""",
        """States should protect the human rights of all migrants, regardless of their status, and
        may request the support of the agencies of the group in doing so.""",
        """Employers shall not retain the travel documents of workers, nor deduct the cost of
        recruitment from their wages, and must give each worker a written contract in a language
        that the worker understands.""",
        """Encourages States, international organizations and civil society to exchange data on
        migrants in transit, subject to the protection of personal data, and to publish them at
        least once a year;""",
        """Migrants in an irregular situation often do not seek treatment because they fear to be
        reported, detained or returned. Access to emergency care should be granted to
        everyone, and hospitals should not report patients to the authorities.""",
        """The agencies of the group will support national plans, train officials at borders and
        monitor the conditions in places of detention, unless the State concerned objects.""",
        """Acknowledging the contribution of migrants and of their communities to development in
        countries of origin, transit and destination,""",
        """Invites donors to make predictable funds available to local authorities, schools and
        hospitals that receive migrants, especially those in remote areas;""",
    )
)
_NOUNS = """
    migrants persons people States agencies children women workers families officials authorities
    organizations donors communities hospitals schools employers patients countries
""".split()  # noqa: SIM905 - words are easier to read and to change as text
_VERBS = """
    protect ensure provide exchange publish make receive train monitor support request give granted
    rescued taken returned end retain
""".split()  # noqa: SIM905 - the same
_ADDED = ("local authorities", "refugees", "civil society", "older persons", "host communities")
_BEFORE = ("vulnerable", "young", "relevant", "national", "affected")
_TAIL = ("in a timely manner", "in line with their obligations", "as appropriate", "where possible")
_OPERATORS = {
    "shall": ("should", "may"),
    "should": ("shall", "may", "should not"),
    "may": ("shall", "may not"),
    "must": ("should",),
    "will": ("may",),
    "not": ("",),
    "are": ("are not", "may be"),
    "at least": ("at most", "more than"),
    "all": ("some",),
    "to": ("not to",),
    "without": ("with",),
}


class Amended(NamedTuple):
    """A text with edits, and whether one of them changes what a clause says."""

    text: str
    changes_sense: bool


def _places(words: Sequence[str], known: Sequence[str]) -> list[int]:
    return [at for at, word in enumerate(words) if word.strip(",.;") in known]


def _changed(random: Random, words: list[str], places: Sequence[int], form: str, new: str) -> None:
    """Change one of the words at ``places``, before its sign: in ``form``, {} is the old word."""
    if places:
        at = random.choice(places)
        word = words[at].rstrip(",.;")
        words[at] = form.format(word, new) + words[at][len(word) :]


def _edit_words(random: Random, words: list[str]) -> None:
    """Edit ``words`` once: nouns, adjectives, a verb, the end of a clause, or fewer words."""
    nouns = _places(words, _NOUNS)
    ends = [at for at, word in enumerate(words) if word[-1] in ",.;"]
    kind = random.choices(("and", "adjective", "tail", "out", "verb", "noun"), (5, 4, 3, 3, 1, 2))
    match kind[0]:
        case "and":
            _changed(random, words, nouns, "{} and {}", random.choice(_ADDED))
        case "adjective":
            _changed(random, words, nouns, "{1} {0}", random.choice(_BEFORE))
        case "tail":
            _changed(random, words, ends, "{} {}", random.choice(_TAIL))
        case "verb":
            _changed(random, words, _places(words, _VERBS), "{1}", random.choice(_VERBS))
        case "noun":
            _changed(random, words, nouns, "{1}", random.choice(_NOUNS))
        case _:
            at = random.randrange(1, len(words) - 3)
            del words[at : at + random.randint(1, 3)]


def amended_by_agency(random: Random, text: str) -> Amended:
    """Return ``text`` with one to three edits as agencies make them.

    One of ten changes an operator.
    """
    changes_sense = False
    for _ in range(random.randint(1, 3)):
        known = [operator for operator in _OPERATORS if f" {operator} " in text]
        if known and random.random() < 0.1:
            operator = random.choice(known)
            changed = random.choice(_OPERATORS[operator])
            text = text.replace(f" {operator} ", f" {changed} ".replace("  ", " "), 1)
            changes_sense = True
        else:
            words = text.split(" ")
            _edit_words(random, words)
            text = " ".join(words)
    return Amended(text, changes_sense)


def made_pairs(random: Random, count: int) -> Iterator[tuple[str, Amended, Amended]]:
    """Yield paragraphs of made words, each with two amendments of one to eight edits."""
    for text in short_blocks(random, count):
        one, other = (
            Amended(amended_often(random, text, random.randint(1, 8)), changes_sense=False)
            for _ in range(2)
        )
        yield text, one, other


def drafted_pairs(random: Random, count: int) -> Iterator[tuple[str, Amended, Amended]]:
    """Yield paragraphs of joint statements, each with two amendments."""
    for _ in range(count):
        text = random.choice(PARAGRAPHS)
        yield text, amended_by_agency(random, text), amended_by_agency(random, text)


def judged(base: str, one: str, other: str) -> str:
    """Return the gravest class that a change of either amendment is in."""
    judgement = collisions.judge(
        base, {"A": diffs.changes(base, one), "B": diffs.changes(base, other)}
    )
    return "conflict" if judgement.conflicts else "touching" if judgement.touching else "clean"


Pairs = Callable[[Random, int], Iterator[tuple[str, Amended, Amended]]]
CORPORA: dict[str, Pairs] = {"made words": made_pairs, "statements": drafted_pairs}


def main() -> None:
    """Print the share of each class, a line a corpus."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pairs", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print(f"{'pairs':<36}{'number':>8}{'clean %':>9}{'touching %':>12}{'conflict %':>12}")
    for corpus, pairs in CORPORA.items():
        counted: dict[str, Counter[str]] = {}
        for base, one, other in pairs(Random(options.seed), options.pairs):
            group = "operator changed" if one.changes_sense or other.changes_sense else "words only"
            counted.setdefault(group, Counter())[judged(base, one.text, other.text)] += 1
        for group, classes in counted.items():
            total = classes.total()
            shares = [classes[each] * 100 / total for each in ("clean", "touching", "conflict")]
            line = f"{corpus + ', ' + group:<36}{total:>8,}"
            print(line + f"{shares[0]:>9.1f}{shares[1]:>12.1f}{shares[2]:>12.1f}")


if __name__ == "__main__":
    main()
