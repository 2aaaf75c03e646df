"""Runs of words that both sides of a hunk have."""

import pytest

from coordination.textkit import runs
from coordination.textkit.hunks import Hunk

BASE = "one a b c d two"
LONG = " ".join(f"w{number}" for number in range(2001))


@pytest.mark.parametrize(
    ("base", "new", "parts"),
    [
        (BASE, "x y a b c d z", [Hunk(0, 4, "x y "), Hunk(11, 15, " z")]),
        (BASE, "x a b c z", [Hunk(0, 15, "x a b c z")]),
        (BASE, "x a b\nc d z", [Hunk(0, 15, "x a b\nc d z")]),
        ("a  b   c", "b  a   c", [Hunk(0, 8, "b  a   c")]),
        (LONG, f"x {LONG} y", [Hunk(0, len(LONG), f"x {LONG} y")]),
    ],
    ids=["kept", "too short", "other spaces", "spaces alone", "too long to look through"],
)
def test_a_hunk_is_split_at_four_words_or_more_that_stay(base, new, parts):
    assert runs.split_at_runs(base, [Hunk(0, len(base), new)]) == parts
