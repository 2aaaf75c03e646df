"""Coverage is a gate: every branch of actions, rules, queries and textkit, 95 % of each other room, and every template rendered.

The lines of templates are reported, not judged: django-cotton compiles them before Django sees them, so that the plugin counts wrong lines.
"""

import json
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

WHOLE = ("actions", "rules", "queries", "textkit")
ELSEWHERE = 95.0
RENDERED = Path(".rendered")


def room_of(path: str) -> str:
    """Return the room of a file: "actions", "views", "templates"."""
    parts = Path(path).parts
    if parts[0] == "templates":
        return "templates"
    return parts[2].removesuffix(".py") if len(parts) > 2 else parts[-1]


def never_rendered() -> list[str]:
    """Return our templates that no test rendered, by what each worker of each run wrote down (`coordination/tests/plugin.py`)."""
    rendered = {name for worker in RENDERED.iterdir() for name in worker.read_text(encoding="utf-8").splitlines()}
    ours = {str(path.relative_to("templates")) for path in Path("templates").rglob("*") if path.suffix in {".html", ".txt"}}
    return sorted(ours - rendered)


def main() -> int:
    """Print what falls short; return 1 if anything does."""
    subprocess.run([sys.executable, "-m", "coverage", "json", "-q", "-o", ".coverage.json"], check=True)
    files = json.loads(Path(".coverage.json").read_text())["files"]
    Path(".coverage.json").unlink()
    rooms: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    short = []
    for path, found in sorted(files.items()):
        summary, room = found["summary"], room_of(path)
        rooms[room][0] += summary["covered_lines"] + summary.get("covered_branches", 0)
        rooms[room][1] += summary["num_statements"] + summary.get("num_branches", 0)
        if room in WHOLE and (found["missing_lines"] or found.get("missing_branches")):
            short.append(f"{path}: lines {found['missing_lines']}, branches {found.get('missing_branches')}")
    for room, (covered, of) in sorted(rooms.items()):
        share = 100 * covered / of if of else 100.0
        if room == "templates":
            print(f"templates: {share:.1f} % of lines seen (not judged)")
        elif room not in WHOLE and share < ELSEWHERE:
            short.append(f"{room}: {share:.1f} % is less than {ELSEWHERE:.0f} %")
    short += [f"templates/{name}: never rendered" for name in never_rendered()]
    print("Coverage is as it should be." if not short else "Coverage falls short:\n" + "\n".join(short))
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
