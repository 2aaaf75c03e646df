"""What access.txt says of each address, for the tests that crawl pages: test_access holds that it is so."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from coordination.tests.e2e.addresses import Address
from coordination.tests.e2e.things import ROLES

TABLE = Path(__file__).with_name("access.txt")


class Entry(NamedTuple):
    """What one address answers to each role, by one method; `model` is that of a page of the admin."""

    kind: str
    method: str
    statuses: str
    model: str


def entries_of(lines: Iterable[str]) -> set[Entry]:
    """Return what the lines of the table say, one entry per address."""
    found = set()
    for line in lines:
        kind, method, *words = line.split()
        statuses, models = " ".join(words[: len(ROLES)]), words[len(ROLES) :]
        found |= {Entry(kind, method, statuses, model) for model in models or [""]}
    return found


def pages_of(role: str, every: Iterable[Address]) -> list[Address]:
    """Return the addresses that show this role a page; the others refuse, lead elsewhere, or take only what is sent."""
    place = ROLES.index(role)
    shown = {
        (entry.kind, entry.model)
        for entry in entries_of(TABLE.read_text().splitlines())
        if entry.method == "GET" and entry.statuses.split()[place] == "200"
    }
    return [each for each in every if (each.kind, each.model) in shown]
