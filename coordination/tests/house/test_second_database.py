"""Which tests run again on PostgreSQL: those below the pages, and those that are marked; and where marks are written."""

import re
from types import SimpleNamespace

import pytest
from django.test import Client

from coordination.tests.house.source import ROOT
from coordination.tests.plugin import runs_on_both


class Item:
    """A test as pytest collects it."""

    def __init__(self, *fixtures: str, marks: tuple[str, ...] = (), **imported: object) -> None:
        self.fixturenames, self.marks = list(fixtures), marks
        self.module = SimpleNamespace(**imported)

    def get_closest_marker(self, name: str) -> str | None:
        return name if name in self.marks else None


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (Item("db"), True),
        (Item("now", marks=("django_db",)), True),
        (Item("now"), False),
        (Item("db", "client"), False),
        (Item("db", "signed_in", "of_chair"), False),
        (Item("db", Client=Client), False),
        (Item("db", client_of=print), False),
        (Item("db", "client", marks=("both",)), True),
        (Item("db", "client", marks=("once",)), True),
    ],
)
def test_what_is_below_the_pages_runs_on_both(item, expected):
    assert runs_on_both(item) is expected


def test_a_marker_of_a_run_is_written_in_the_file_of_its_tests():
    """The runs with servers collect only the files in which their markers are written (.ci/runs.py)."""
    marks = re.compile(r"mark\.(postgres|redis|differs|process|browser)\b")
    taken_over = re.compile(r"^from .* import .*\bpytestmark\b", re.MULTILINE)
    elsewhere = [
        str(path.relative_to(ROOT))
        for path in sorted((ROOT / "coordination").rglob("*.py"))
        for text in [path.read_text(encoding="utf-8")]
        if taken_over.search(text) or (marks.search(text) and not path.name.startswith("test_"))
    ]

    assert elsewhere == []
