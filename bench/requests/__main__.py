"""Count the Python files of coordination/ and the templates that a request touches.

    python -m bench.requests [--list]

A GET of a statement with 64 amendments, and a POST of one more amendment, on a SQLite database of
made data that is deleted afterwards. Measured with sys.setprofile while the request is answered, so
that a file counts once some function of it ran.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from bench.pages import run as pages

PACKAGE = Path(__file__).resolve().parents[2] / "coordination"


def touched_by(answer: Callable[[], Any]) -> tuple[list[str], list[str]]:
    """Return the Python files and the templates that were touched while `answer` ran."""
    from django.template.base import Template

    files: set[str] = set()
    templates: set[str] = set()

    def note(frame: FrameType, event: str, _arg: object) -> None:
        if event != "call":
            return
        code = frame.f_code
        if code.co_filename.startswith(str(PACKAGE)):
            files.add(str(Path(code.co_filename).relative_to(PACKAGE)))
        elif code is Template.render.__code__ and frame.f_locals["self"].name:
            templates.add(str(frame.f_locals["self"].name))

    sys.setprofile(note)
    try:
        answer()
    finally:
        sys.setprofile(None)
    return sorted(files), sorted(templates)


def prepare() -> Any:
    """Fill the database with a statement; return a signed-in test client of a focal point."""
    import django

    django.setup()
    from datetime import UTC, datetime

    from django.core.management import call_command
    from django.test import Client

    from bench.pages import data
    from coordination.core.models import Group

    call_command("migrate", verbosity=0)
    now = datetime.now(UTC)
    Group.objects.create(name="Benchmark group", acronym="BENCH")
    reader = data.people(now)[20]
    data.terms(now)
    data.workspace(now, "two-pages", paragraphs=16, words_in_each=56, amendments=4)
    client = Client(headers={"host": "localhost"})
    client.force_login(reader, backend="coordination.members.adapter.AccountBackend")
    return client


def measure(*, with_names: bool) -> None:
    """Print how many files and templates each request touches, and their names if asked for."""
    client = prepare()
    page, act = "/statements/two-pages/", "/statements/two-pages/amend/b1/"
    form = {"proposed_text": "Other words.", "rationale": "They say more.", "version": "0"}
    client.get(page)  # the first visit notes that the draft was opened
    requests = {
        "GET a statement": lambda: client.get(page),
        "POST an amendment": lambda: client.post(act, {**form, "agency": str(AGENCY)}),
    }
    for name, answer in requests.items():
        files, templates = touched_by(answer)
        print(f"{name}: {len(files)} Python files, {len(templates)} templates")
        if with_names:
            print("    " + "\n    ".join([*files, *templates]))


AGENCY = 21  # of the reader, the 21st that was made


def main() -> None:
    """Measure on a database of its own."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--list", action="store_true", help="name the files and templates")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        # nothing is sent, so there is no broker
        pages.set_environment(f"sqlite:///{folder}/db.sqlite3", "redis://127.0.0.1:1/0", folder)
        os.environ["DEBUG"] = "true"  # static files are found without collectstatic
        measure(with_names=options.list)


if __name__ == "__main__":
    main()
