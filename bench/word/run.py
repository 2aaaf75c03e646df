"""Time Word files: 40 pages with 1,000 tracked changes, beside pandoc on the same file.

    python -m bench.word.run [--repeat 9] [--seed 1]

- export: the amendments planned (policy "lead") and written as a .docx;
- import: the file inspected, read, put beside the draft, and what each agency proposes;
- fuzz: with --fuzz SECONDS, damaged copies of the file are read for that long; anything but a
  refusal is printed with its seed, and the program ends with 1.

Reported: the middle one of the repetitions, in ms by the clock; pandoc starts a process each time.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pypandoc  # type: ignore[import-untyped]  # says nothing of its types

from bench.textkit.texts import amended_often, blocks
from coordination.filekit.refusals import Refused
from coordination.statements.tests.damaging import damaged
from coordination.statements.wordkit import plan, writer
from coordination.statements.wordkit.document import edits
from coordination.statements.wordkit.matching import DraftBlock, match
from coordination.statements.wordkit.reader import read_document
from coordination.statements.wordkit.record import Cover, FiledDraft, FileRecord, Words
from coordination.textkit import diffs

AGENCIES = ("UNICEF", "WHO", "ILO", "IOM", "UNHCR", "UNDP", "UNODC")
START = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
PARAGRAPHS = 100  # of 180 words: 40 pages
CHANGES = 1000
SOURCE = FiledDraft("TEST/2026/ST/1", 1, "0" * 64)
NOTES = {
    "reason": "",
    "supports": "Supports the same change.",
    "alternative": "Alternative for “%(words)s”: “%(text)s”",
    "deletion": "Would delete “%(words)s”.",
    "whole_deletion": "Would delete this paragraph.",
}


def amended(random: Random) -> list[plan.BaseParagraph]:
    """Return the paragraphs of a draft, each amended by two agencies, so that all have 1,000."""
    found = []
    for number, text in enumerate(blocks(random, PARAGRAPHS), 1):
        proposals = tuple(
            plan.AgencyProposal(
                agency,
                START + timedelta(minutes=number),
                "edit",
                diffs.changes(text, amended_often(random, text, 8)),
                reason="Our mandate.",
            )
            for agency in random.sample(AGENCIES, 2)
        )
        found.append(plan.BaseParagraph(f"b{number}", "operative", f"OP {number}", text, proposals))
    return found


def exported(paragraphs: list[plan.BaseParagraph]) -> bytes:
    """Return the draft with its amendments as tracked changes."""
    planned = plan.plan_document(paragraphs, plan.Policy("lead", AGENCIES[0]))
    record = FileRecord("Migrants", "Group", "en", START).of_draft(SOURCE)
    cover = Cover((SOURCE.symbol,), "— end of text —")
    words = Words(NOTES, "With %(agencies)s.")
    return writer.tracked_document(record, SOURCE, cover, planned, words)


def imported(content: bytes, draft: list[DraftBlock]) -> int:
    """Return how many amendments a file proposes."""
    matching = match(read_document(content), draft)
    return len(matching.untracked()) + sum(len(matching.proposals([agency])) for agency in AGENCIES)


def middle(repeat: int, act: Callable[[], object]) -> float:
    """Return the middle time of several runs, in ms."""
    times = []
    for _ in range(repeat):
        begun = time.perf_counter()
        act()
        times.append(1000 * (time.perf_counter() - begun))
    return statistics.median(times)


def by_pandoc(file: Path) -> None:
    """Read a file with all its changes."""
    command = [pypandoc.get_pandoc_path(), "--track-changes=all", "--to=json", file]
    subprocess.run([*command, "-o", "/dev/null"], check=True)


def fuzz(seconds: float, seed: int, content: bytes, draft: list[DraftBlock]) -> int:
    """Read damaged copies of a file; return how many ended in anything but a refusal."""
    ends, tried, refused, faults = time.monotonic() + seconds, 0, 0, 0
    while time.monotonic() < ends:
        tried += 1
        try:
            copy = damaged(content, Random(seed + tried))
            imported(copy, draft)
        except Refused:
            refused += 1
        except Exception as error:  # noqa: BLE001 - what it looks for
            faults += 1
            print(f"seed {seed + tried}: {error!r}")
    print(f"{tried} damaged copies: {refused} refused, {faults} faults")
    return faults


def main() -> int:
    """Measure, and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--repeat", type=int, default=9)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fuzz", type=float, default=0, metavar="SECONDS")
    options = parser.parse_args()
    random = Random(options.seed)
    paragraphs = amended(random)
    draft = [DraftBlock(one.key, one.label, one.kind, one.text) for one in paragraphs]
    content = exported(paragraphs)
    if options.fuzz:
        small = exported(paragraphs[:4])
        return 1 if fuzz(options.fuzz, options.seed, small, draft[:4]) else 0
    changes = sum(1 for _ in edits(read_document(content).paragraphs))
    print(f"{len(draft)} paragraphs, {changes} tracked changes, {len(content) // 1024} kB")
    export = middle(options.repeat, lambda: exported(paragraphs))
    back = middle(options.repeat, lambda: imported(content, draft))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "draft.docx"
        file.write_bytes(content)
        other = middle(options.repeat, lambda: by_pandoc(file))
    print(f"export {export:.0f} ms, import {back:.0f} ms, pandoc {other:.0f} ms")
    print(f"pandoc takes {other / back:.1f} times as long as the import")
    return 0


if __name__ == "__main__":
    sys.exit(main())
