"""Time the files of an adopted statement of two pages: PDF, Word, Akoma Ntoso XML, text.

    python -m bench.word.files [--repeat 15]

Reported: the first and the middle one of the repetitions, in ms by the clock. The first PDF reads
the fonts of the machine.
"""

import argparse
import os
import statistics
import time
from collections.abc import Callable
from datetime import date
from functools import partial

import pypdf

AGENCIES = 16
PARAGRAPHS = 14


def setup() -> None:
    """Make Django ready, without a database."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gmgapp.settings")
    os.environ.update(DEBUG="true", ENV_FILE="/dev/null", DATABASE_URL="sqlite:///:memory:")
    django.setup()


def measure(repeat: int, act: Callable[[], bytes]) -> tuple[float, float]:
    """Return the first and the middle time, in ms."""
    times = []
    for _ in range(repeat):
        begun = time.perf_counter()
        act()
        times.append(1000 * (time.perf_counter() - begun))
    return times[0], statistics.median(times)


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--repeat", type=int, default=15)
    repeat = parser.parse_args().repeat
    setup()
    from random import Random

    from bench.textkit.texts import short_blocks
    from coordination.statements.queries import adopted_files
    from coordination.statements.queries.adopted_files import (
        AdoptedAgency,
        AdoptedBlock,
        AdoptedText,
    )

    blocks = [AdoptedBlock("b1", "title", "Joint statement on migrants in transit")]
    blocks += [
        AdoptedBlock(f"b{number}", "preambular" if number < 6 else "operative", f"Recalling {text}")
        for number, text in enumerate(short_blocks(Random(1), PARAGRAPHS), 2)
    ]
    agencies = tuple(
        AdoptedAgency(f"A{number}", f"Agency number {number}", "" if number else "Our mandate.")
        for number in range(AGENCIES)
    )
    text = AdoptedText(
        title="Joint statement",
        symbol="TEST/2026/ST/1",
        language="en",
        group="Group",
        group_acronym="G",
        occasion="A day",
        blocks=tuple(blocks),
        adopted=date(2026, 11, 30),
        sha256="0" * 64,
        address="https://example.org/statements/1/",
        signatories=agencies,
    )
    for name, act in (
        ("PDF", adopted_files.statement_pdf),
        ("Word", adopted_files.statement_docx),
        ("XML", adopted_files.statement_xml),
        ("text", adopted_files.statement_txt),
    ):
        first, middle = measure(repeat, partial(act, text))
        print(f"{name}: first {first:.1f} ms, then {middle:.1f} ms")
    from io import BytesIO

    pages = len(pypdf.PdfReader(BytesIO(adopted_files.statement_pdf(text))).pages)
    print(f"{pages} pages")


if __name__ == "__main__":
    main()
