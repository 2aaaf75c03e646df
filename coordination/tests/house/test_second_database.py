"""Which tests run again on PostgreSQL: those below the pages, and those that are marked."""

from types import SimpleNamespace

import pytest
from django.test import Client

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
