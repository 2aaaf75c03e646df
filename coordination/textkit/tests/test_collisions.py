"""Where hunks collide, beside an oracle that compares each with each."""

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.textkit import collisions
from coordination.textkit.collisions import Conflict, Sponsored, sort_ids
from coordination.textkit.hunks import Hunk, HunkError

HUNKS = st.tuples(st.integers(0, 12), st.integers(0, 4), st.sampled_from(["", "x", "y"])).map(
    lambda it: Hunk(it[0], it[0] + it[1], it[2])
)
EDITS = st.dictionaries(st.integers(0, 30), HUNKS.map(lambda hunk: (hunk,)), max_size=12)


def collide(one, other):
    """The definition, word for word."""
    if one == other:
        return False
    if one.start == one.end and other.start == other.end:
        return one.start == other.start
    if one.start == one.end:
        return other.start < one.start < other.end
    if other.start == other.end:
        return one.start < other.start < one.end
    return max(one.start, other.start) < min(one.end, other.end)


def groups_by_pairs(edits):
    """The groups that hang together, found by comparing every hunk with every other."""
    group_of = {hunk: {hunk} for hunks in edits.values() for hunk in hunks}
    for one, other in combinations(group_of, 2):
        if collide(one, other) and group_of[one] is not group_of[other]:
            joined = group_of[one] | group_of[other]
            group_of |= dict.fromkeys(joined, joined)
    return {frozenset(group) for group in group_of.values() if len(group) > 1}


def test_a_conflict_names_its_range_and_who_proposes_what():
    edits = {
        "UNICEF": (Hunk(4, 4, "all "),),
        "OHCHR": (Hunk(0, 10, ""),),
        "WHO": (Hunk(4, 4, "all "),),
        "ILO": (Hunk(20, 22, "x"),),
    }

    (conflict,) = collisions.conflicts(edits)

    assert conflict == Conflict(
        0,
        10,
        (Sponsored(Hunk(0, 10, ""), ("OHCHR",)), Sponsored(Hunk(4, 4, "all "), ("UNICEF", "WHO"))),
    )
    assert conflict.ids == ("OHCHR", "UNICEF", "WHO")


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (Hunk(0, 5, "x"), Hunk(5, 9, "y"), False),
        (Hunk(0, 5, "x"), Hunk(4, 9, "y"), True),
        (Hunk(0, 5, "x"), Hunk(5, 5, "y"), False),
        (Hunk(5, 9, "x"), Hunk(5, 5, "y"), False),
        (Hunk(0, 5, "x"), Hunk(4, 4, "y"), True),
        (Hunk(3, 3, "x"), Hunk(3, 3, "y"), True),
        (Hunk(3, 3, "x"), Hunk(3, 3, "x"), False),
        (Hunk(3, 5, ""), Hunk(3, 5, ""), False),
        (Hunk(3, 5, ""), Hunk(3, 5, "x"), True),
        (Hunk(3, 5, ""), Hunk(3, 4, ""), True),
        (Hunk(0, 9, ""), Hunk(3, 4, ""), True),
    ],
    ids=["touch", "overlap", "insertion at end", "insertion at start", "inside", "same point", "equal insertions", "equal deletions", "delete and replace", "same start", "nested"],
)  # fmt: skip
def test_two_hunks_collide_or_not_whoever_comes_first(one, other, expected):
    assert bool(collisions.conflicts({1: (one,), 2: (other,)})) is expected
    assert bool(collisions.conflicts({1: (other,), 2: (one,)})) is expected
    assert collide(one, other) is collide(other, one) is expected


@given(EDITS)
def test_groups_are_those_of_comparing_each_with_each(edits):
    groups = {
        frozenset(hunk for hunk, _ in conflict.hunks) for conflict in collisions.conflicts(edits)
    }

    assert groups == groups_by_pairs(edits)


@given(EDITS, st.randoms(use_true_random=False))
def test_conflicts_are_the_same_in_any_order(edits, random):
    shuffled = list(edits.items())
    random.shuffle(shuffled)

    assert collisions.conflicts(dict(shuffled)) == collisions.conflicts(edits)


@given(EDITS)
def test_conflicts_stand_apart_and_hold_their_hunks(edits):
    conflicts = collisions.conflicts(edits)

    assert all(before.end <= after.start for before, after in pairwise(conflicts))
    assert all(
        conflict.start <= hunk.start <= hunk.end <= conflict.end
        for conflict in conflicts
        for hunk, _ in conflict.hunks
    )


def test_hunks_of_one_edit_may_not_overlap():
    with pytest.raises(HunkError, match="overlap"):
        collisions.conflicts({1: (Hunk(0, 5, "x"), Hunk(4, 8, "y"))})


def test_ids_of_any_types_have_one_order():
    assert (
        sort_ids(["a10", 2, "a9", (1, "x"), 10, "b"])
        == sort_ids([10, "b", (1, "x"), "a9", 2, "a10"])
        == (2, 10, (1, "x"), "a9", "a10", "b")
    )
