"""Time the comparison of texts, beside difflib, cydifflib and rapidfuzz, on the same words.

    python -m bench.textkit.run [--repeat 7] [--seed 1] [--difflib-up-to 20000]

Jobs at 900 words (five paragraphs, two pages) and 18,000 (forty pages), and at 2, 4 and 8
times the first:

- amendments: 64 to 900 words and 1,000 to 18,000, each a whole paragraph with one edit, compared
  with its paragraph;
- short, 1 to 8 edits; short, 8 edits: as many amendments to paragraphs as joint statements have
  them, of 25 to 90 words, with so many edits each;
- drafts: two whole drafts compared; every fifth paragraph is edited once, or every one, or all
  those amendments are taken into it at once.

Reported: the least of the repetitions in ms of CPU time, the number of hunks, and the exponent of
growth from 900 to 7,200 words. Every difference is checked by applying it.
"""

import argparse
import math
import time
from collections.abc import Callable, Iterable
from difflib import SequenceMatcher
from functools import partial
from random import Random

import cydifflib  # type: ignore[import-untyped]  # says nothing of its types
from rapidfuzz.distance import Indel

from bench.textkit.texts import WORDS_IN_BLOCK, amended, amended_often, blocks, short_blocks
from coordination.textkit import diffs
from coordination.textkit.hunks import Hunk, apply

SIZES = ((900, 64), (1800, 128), (3600, 256), (7200, 512), (18_000, 1000))
Pair = tuple[str, str]


def by_difflib(base: str, proposed: str, matcher: type = SequenceMatcher) -> list[Hunk]:
    """Compare word by word with the standard library.

    Its places are words, not code points, and nothing is tidied.
    """
    old, new = base.split(" "), proposed.split(" ")
    steps = matcher(None, old, new, autojunk=False).get_opcodes()
    return [
        Hunk(start, end, " ".join(new[i:j])) for kind, start, end, i, j in steps if kind != "equal"
    ]


def by_cydifflib(base: str, proposed: str) -> list[Hunk]:
    """Compare as `by_difflib` does, with the same matcher in C."""
    return by_difflib(base, proposed, cydifflib.SequenceMatcher)


def by_rapidfuzz(base: str, proposed: str) -> list[Hunk]:
    """Compare as `by_difflib` does, with rapidfuzz alone."""
    old, new = base.split(" "), proposed.split(" ")
    return [
        Hunk(step.src_start, step.src_end, " ".join(new[step.dest_start : step.dest_end]))
        for step in Indel.opcodes(old, new)
        if step.tag != "equal"
    ]


def least_ms(work: Callable[[], object], repeat: int) -> float:
    """Return the milliseconds of the quickest of `repeat` runs, in time of this process.

    What others run meanwhile is not counted.
    """
    best = math.inf
    for _ in range(repeat):
        before = time.process_time()
        work()
        best = min(best, time.process_time() - before)
    return best * 1000


def jobs(seed: int, size: int, amendments: int) -> dict[str, list[Pair]]:
    """Return the pairs of texts that each job compares."""
    random = Random(seed)
    base = blocks(random, size // WORDS_IN_BLOCK)
    proposals, full = [], [*base]
    for _ in range(amendments):
        at = random.randrange(len(base))
        proposals.append((base[at], amended(random, base[at])))
        full[at] = amended(random, full[at])
    short = short_blocks(random, amendments)
    few = [amended(random, text) if i % 5 == 0 else text for i, text in enumerate(base)]
    each = [amended(random, text) for text in base]
    return {
        "amendments": proposals,
        "short, 1 to 8 edits": [
            (text, amended_often(random, text, random.randint(1, 8))) for text in short
        ],
        "short, 8 edits": [(text, amended_often(random, text, 8)) for text in short],
        "drafts, few edits": [("\n\n".join(base), "\n\n".join(few))],
        "drafts, one in each": [("\n\n".join(base), "\n\n".join(each))],
        "drafts, all edits": [("\n\n".join(base), "\n\n".join(full))],
    }


def compare(pairs: Iterable[Pair], how: Callable[[str, str], object]) -> None:
    """Compare each pair."""
    for base, proposed in pairs:
        how(base, proposed)


def checked(pairs: list[Pair]) -> int:
    """Return how many hunks the pairs have, once each difference was applied."""
    found = [(base, proposed, diffs.diff(base, proposed)) for base, proposed in pairs]
    for base, proposed, hunks in found:
        if apply(base, hunks) != proposed:
            raise SystemExit("a difference does not give the proposed text")
    return sum(len(hunks) for _, _, hunks in found)


def main() -> None:
    """Print one line a job and size."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repeat", type=int, default=7)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--difflib-up-to",
        type=int,
        default=20_000,
        metavar="WORDS",
        help="larger texts are compared by diff alone",
    )
    options = parser.parse_args()
    growth: dict[str, list[float]] = {}
    heads = f"{'job':<20}{'words':>8}{'texts':>7}{'hunks':>7}{'diff ms':>10}{'µs/text':>9}"
    others = (
        ("difflib ms", by_difflib),
        ("cydifflib ms", by_cydifflib),
        ("rapidfuzz ms", by_rapidfuzz),
    )
    print(heads + "".join(f"{name:>14}{'times':>7}" for name, _ in others))
    for size, amendments in SIZES:
        for job, pairs in jobs(options.seed, size, amendments).items():
            taken = least_ms(partial(compare, pairs, diffs.diff), options.repeat)
            growth.setdefault(job, []).append(taken)
            each_us = taken * 1000 / len(pairs)
            counts = f"{size:>8,}{len(pairs):>7,}{checked(pairs):>7,}"
            line = f"{job:<20}{counts}{taken:>10.2f}{each_us:>9.0f}"
            if size <= options.difflib_up_to:
                for _, by in others:
                    other = least_ms(partial(compare, pairs, by), 1)
                    line += f"{other:>14.1f}{other / taken:>7.1f}"
            print(line, flush=True)
    for job, (first, *_, last, _) in growth.items():
        print(
            f"{job}: grows with the words to the power of "
            f"{math.log(last / first) / math.log(8):.2f}"
        )


if __name__ == "__main__":
    main()
