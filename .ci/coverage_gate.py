"""Coverage is a gate: each line and branch of actions, rules, queries and the engines.

95 % of each other room and of the parts of templates.
"""

import json
import os
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.update(DJANGO_SETTINGS_MODULE="gmgapp.settings", DEBUG="true")

import django  # noqa: E402 - the path comes first

COVERED, RENDERED = ROOT / ".covered", ROOT / ".rendered"
WHOLE = ("actions", "rules", "queries", "planning", "textkit", "searchkit")
ELSEWHERE = 95.0
Places = set[tuple[int, ...]]  # a line, or the two ends of a branch


@dataclass(slots=True)
class Reached:
    """Which lines, or branches, of one file were reached by some run, of all there are."""

    reached: Places = field(default_factory=set)
    every: Places = field(default_factory=set)

    @property
    def missing(self) -> list[tuple[int, ...]]:
        """Return what no run reached, in order."""
        return sorted(self.every - self.reached)


def places(counted: list[int] | list[list[int]]) -> Places:
    """Return lines and branches alike."""
    return {tuple(each) if isinstance(each, list) else (each,) for each in counted}


def files() -> dict[str, tuple[Reached, Reached]]:
    """Return the lines and the branches of each file, by what all traced runs reached together."""
    found: dict[str, tuple[Reached, Reached]] = defaultdict(lambda: (Reached(), Reached()))
    for run in COVERED.glob("*.json"):
        for path, counted in json.loads(run.read_text(encoding="utf-8"))["files"].items():
            for kind, each in zip(("lines", "branches"), found[path], strict=True):
                reached, missing = (
                    places(counted[f"{how}_{kind}"]) for how in ("executed", "missing")
                )
                each.reached |= reached
                each.every |= reached | missing
    return found


def room_of(path: str) -> str:
    """Return the room of a file: "actions", "views"."""
    parts = Path(path).parts
    for engine in ("textkit", "searchkit"):
        if engine in parts:
            return engine
    return parts[2].removesuffix(".py") if len(parts) > 2 else parts[-1]


def short_in_rooms() -> list[str]:
    """Return what falls short in the code."""
    rooms: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    short = []
    for path, (lines, branches) in sorted(files().items()):
        room = room_of(path)
        for each in (lines, branches):
            rooms[room][0] += len(each.reached)
            rooms[room][1] += len(each.every)
        if room in WHOLE and (lines.missing or branches.missing):
            short.append(f"{path}: lines {lines.missing}, branches {branches.missing}")
    for room, (reached, of) in sorted(rooms.items()):
        if room not in WHOLE and of and 100 * reached / of < ELSEWHERE:
            short.append(f"{room}: {100 * reached / of:.1f} % is less than {ELSEWHERE:.0f} %")
    return short if rooms else ["no run says what it covered"]


def short_in_templates() -> list[str]:
    """Return the templates that were never rendered; print the share of parts that were.

    If the share is too low, return the parts that were not rendered as well.
    """
    from coordination.tests.parts import all_parts

    rendered = {
        part
        for worker in RENDERED.iterdir()
        for part in worker.read_text(encoding="utf-8").splitlines()
    }
    every = set(all_parts())
    share = 100 * len(every & rendered) / len(every)
    print(f"templates: {share:.1f} % of {len(every)} parts rendered")
    templates = {part.partition(":")[0] for part in every}
    short = [
        f"templates/{name}: never rendered"
        for name in sorted(templates - {part.partition(":")[0] for part in rendered})
    ]
    return (
        short
        if share >= ELSEWHERE
        else [*short, *(f"templates/{part}" for part in sorted(every - rendered))]
    )


def main() -> int:
    """Print what falls short; return 1 if anything does."""
    django.setup()
    short = short_in_rooms() + short_in_templates()
    print(
        "Coverage is as it should be."
        if not short
        else "Coverage falls short:\n" + "\n".join(short)
    )
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
