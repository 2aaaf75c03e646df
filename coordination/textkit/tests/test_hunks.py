"""Putting hunks into a text."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.textkit import diffs
from coordination.textkit.hunks import Hunk, HunkError, apply

BASE = "the rights of migrants"


def test_apply_replaces_inserts_and_deletes():
    hunks = [Hunk(0, 3, "All"), Hunk(4, 4, "human "), Hunk(10, 22, "")]

    assert apply(BASE, hunks) == "All human rights"


def test_apply_of_nothing_is_the_text():
    assert apply(BASE, ()) == BASE


@pytest.mark.parametrize(
    ("hunks", "result"),
    [
        ([Hunk(4, 10, "duties"), Hunk(10, 13, " and")], "the duties and migrants"),
        ([Hunk(4, 4, "new "), Hunk(4, 10, "duties")], "the new duties of migrants"),
        ([Hunk(4, 10, "duties"), Hunk(10, 10, " all")], "the duties all of migrants"),
        ([Hunk(0, 0, "All "), Hunk(22, 22, ".")], "All the rights of migrants."),
    ],
    ids=["side by side", "insertion before", "insertion after", "both ends"],
)
def test_apply_lets_hunks_touch(hunks, result):
    assert apply(BASE, hunks) == result
    assert apply(BASE, reversed(hunks)) == result


@pytest.mark.parametrize(
    "hunks",
    [
        [Hunk(0, 5, "x"), Hunk(4, 8, "y")],
        [Hunk(0, 9, "x"), Hunk(4, 4, "y")],
        [Hunk(0, 9, "x"), Hunk(2, 4, "")],
        [Hunk(4, 4, "x"), Hunk(4, 4, "y")],
        [Hunk(4, 10, "x"), Hunk(4, 10, "x")],
        [Hunk(4, 10, "x"), Hunk(4, 12, "y")],
    ],
    ids=["overlap", "insertion inside", "nested", "same point", "same hunk twice", "same start"],
)
def test_apply_refuses_hunks_that_overlap(hunks):
    with pytest.raises(HunkError, match="overlap"):
        apply(BASE, hunks)


@pytest.mark.parametrize(
    "hunk", [Hunk(-1, 2, "x"), Hunk(3, 2, "x"), Hunk(20, 23, ""), Hunk(23, 23, "x")]
)
def test_apply_refuses_a_hunk_outside_the_text(hunk):
    with pytest.raises(HunkError, match="lies outside a text of 22 code points"):
        apply(BASE, [hunk])


@given(
    st.text("ab .,", max_size=30), st.text("ab .,", max_size=30), st.randoms(use_true_random=False)
)
def test_apply_gives_the_same_in_any_order(base, proposed, order: random.Random):
    hunks = list(diffs.diff(base, proposed))

    order.shuffle(hunks)

    assert apply(base, hunks) == proposed
