"""Time the four steps from amendments to a compilation, beside three other tools.

difflib, cydifflib and git merge-file are timed in the same run.

    python -m bench.textkit.steps [--repeat 5] [--seed 1]

64 amendments to 900 words, and 2, 4 and 8 times as much; 1,000 to 18,000. Each amends one paragraph
once. Reported: the least of the repetitions in ms of CPU time (of git, which is other processes, in
ms by the clock), and the exponent of growth from 900 to 7,200 words. `git merge-file` folds in one
amendment after another, a word a line, a process each; where both change the same words it keeps
what is there.
"""

import argparse
import math
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random
from typing import NamedTuple

from bench.textkit.run import SIZES, by_cydifflib, by_difflib, compare, least_ms
from bench.textkit.texts import WORDS_IN_BLOCK, amended, blocks
from coordination.textkit import collisions, compilation, diffs, merging
from coordination.textkit.hunks import Change, Hunk, hunks_of

STEPS = ("diff", "conflicts", "merge", "compile")


class Job(NamedTuple):
    """A draft, and amendments to its paragraphs.

    The pairs of texts, and the changes in the whole draft.
    """

    base: str
    pairs: list[tuple[str, str]]
    proposed: list[str]
    edits: dict[int, tuple[Change, ...]]


def job(seed: int, size: int, count: int) -> Job:
    """Make a draft of `size` words and `count` amendments."""
    random = Random(seed)
    texts = blocks(random, size // WORDS_IN_BLOCK)
    starts = [sum(len(text) + 2 for text in texts[:at]) for at in range(len(texts))]
    pairs, proposed, edits = [], [], {}
    for number in range(count):
        at = random.randrange(len(texts))
        new = amended(random, texts[at])
        pairs.append((texts[at], new))
        proposed.append("\n\n".join([*texts[:at], new, *texts[at + 1 :]]))
        edits[number] = tuple(
            Change((Hunk(hunk.start + starts[at], hunk.end + starts[at], hunk.text),))
            for hunk in diffs.diff(texts[at], new)
        )
    return Job("\n\n".join(texts), pairs, proposed, edits)


def by_git(given: Job) -> float:
    """Return the ms in which git merge-file folds in all amendments, one after another."""
    with tempfile.TemporaryDirectory() as folder:
        current, base, other = (Path(folder) / name for name in ("current", "base", "other"))
        for path in (current, base):
            path.write_text("\n".join(given.base.split(" ")), encoding="utf-8")
        taken = 0.0
        for text in given.proposed:
            other.write_text("\n".join(text.split(" ")), encoding="utf-8")
            before = time.perf_counter()
            subprocess.run(
                ["git", "merge-file", "--quiet", "--ours", current, base, other], check=True
            )
            taken += time.perf_counter() - before
        return taken * 1000


def steps_ms(given: Job, repeat: int) -> list[float]:
    """Return the ms of each step, once it is sure that they fit together."""
    hunks = {number: tuple(hunks_of(changes)) for number, changes in given.edits.items()}
    if compilation.rejected(compilation.compile(given.base, hunks)) != given.base:
        raise SystemExit("the compilation does not hold the base")
    conflicts = collisions.conflicts(given.base, given.edits)
    if merging.merge(given.base, given.edits).conflicts != conflicts:
        raise SystemExit("merge and conflicts disagree")
    works: list[Callable[[], object]] = [
        lambda: compare(given.pairs, diffs.diff),
        lambda: collisions.conflicts(given.base, given.edits),
        lambda: merging.merge(given.base, given.edits),
        lambda: compilation.compile(given.base, hunks),
    ]
    return [least_ms(work, repeat) for work in works]


def main() -> None:
    """Print one line a size, and the exponents."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print(
        f"{'words':>7}{'amendments':>12}{'conflicts':>11}"
        + "".join(
            f"{step + ' ms':>14}" for step in (*STEPS, "all four", "difflib", "cydifflib", "git")
        )
    )
    rows = []
    for size, count in SIZES:
        given = job(options.seed, size, count)
        row = steps_ms(given, options.repeat)
        rows.append([*row, sum(row)])
        others = [
            least_ms(partial(compare, given.pairs, by), 1) for by in (by_difflib, by_cydifflib)
        ]
        others += [by_git(given)] if shutil.which("git") else [math.nan]
        figures = "".join(f"{ms:>14.2f}" for ms in (*rows[-1], *others))
        conflicts = collisions.conflicts(given.base, given.edits)
        print(f"{size:>7,}{count:>12,}{len(conflicts):>11}{figures}", flush=True)
    print(
        "grows with the words to the power of"
        + "".join(
            f"  {math.log(last / first) / math.log(8):.2f}"
            for first, last in zip(rows[0], rows[3], strict=True)
        )
    )


if __name__ == "__main__":
    main()
