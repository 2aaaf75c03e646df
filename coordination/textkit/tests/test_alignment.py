"""Which block became which."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.textkit import alignment
from coordination.textkit.alignment import Alignment

TITLE, RECALL, CONCERN, SHORT, RISK, CLOSE = (
    "Joint statement on migrants",
    "Recalling the right of everybody to leave any country",
    "Noting with concern the smuggling of migrants. States should act now together with all agencies of the United Nations.",
    "Short one here",
    "Women and children are at risk in transit",
    "All persons retain their rights whatever their status",
)
OLD = [("t", TITLE), ("a", RECALL), ("b", CONCERN), ("c", SHORT), ("d", RISK), ("e", CLOSE)]


def described(new):
    """Return the fates as `kind keys>places`, `*` for what moved."""
    return [
        f"{fate.kind}{'*' * fate.moved} {''.join(fate.old)}>{','.join(map(str, fate.new))}"
        for fate in alignment.align(OLD, new)
    ]


CASES = {
    "unchanged": ([TITLE, RECALL, CONCERN, SHORT, RISK, CLOSE], ["kept t>0", "kept a>1", "kept b>2", "kept c>3", "kept d>4", "kept e>5"]),
    "nothing_left": ([], ["gone t>", "gone a>", "gone b>", "gone c>", "gone d>", "gone e>"]),
    "space_only": ([f" {TITLE} ", RECALL, CONCERN, SHORT, RISK, CLOSE.replace(" ", "  ")], ["kept t>0", "kept a>1", "kept b>2", "kept c>3", "kept d>4", "kept e>5"]),
    "new_one": ([TITLE, RECALL, "Deeply alarmed.", CONCERN, SHORT, RISK, CLOSE], ["kept t>0", "kept a>1", "new >2", "kept b>3", "kept c>4", "kept d>5", "kept e>6"]),
    "gone": ([TITLE, CONCERN, SHORT, CLOSE], ["kept t>0", "gone a>", "kept b>1", "kept c>2", "gone d>", "kept e>3"]),
    "first_gone": ([RECALL, CONCERN, SHORT, RISK, CLOSE], ["gone t>", "kept a>0", "kept b>1", "kept c>2", "kept d>3", "kept e>4"]),
    "moved_up": ([TITLE, RISK, RECALL, CONCERN, SHORT, CLOSE], ["kept t>0", "moved* d>1", "kept a>2", "kept b>3", "kept c>4", "kept e>5"]),
    "edited": ([TITLE, RECALL, CONCERN, SHORT, "Women and all children are at grave risk in transit", CLOSE], ["kept t>0", "kept a>1", "kept b>2", "kept c>3", "edited d>4", "kept e>5"]),
    "short_one_edited": ([TITLE, RECALL, CONCERN, "Short two here", RISK, CLOSE], ["kept t>0", "kept a>1", "kept b>2", "edited c>3", "kept d>4", "kept e>5"]),
    "moved_and_edited": ([TITLE, RISK + " and beyond", RECALL, CONCERN, SHORT, CLOSE], ["kept t>0", "edited* d>1", "kept a>2", "kept b>3", "kept c>4", "kept e>5"]),
    "split": ([TITLE, RECALL, *CONCERN.split(". "), SHORT, RISK, CLOSE], ["kept t>0", "kept a>1", "split b>2,3", "kept c>4", "kept d>5", "kept e>6"]),
    "joined": ([TITLE, RECALL, CONCERN, SHORT, f"{RISK}. {CLOSE}"], ["kept t>0", "kept a>1", "kept b>2", "kept c>3", "joined de>4"]),
    "three_joined": ([TITLE, f"{RECALL}. {CONCERN} {SHORT}.", RISK, CLOSE], ["kept t>0", "joined abc>1", "kept d>2", "kept e>3"]),
    "rewritten": ([TITLE, "Nothing of this stood there before", CONCERN, SHORT, RISK, CLOSE], ["kept t>0", "gone a>", "new >1", "kept b>2", "kept c>3", "kept d>4", "kept e>5"]),
}  # fmt: skip


@pytest.mark.parametrize(("new", "expected"), CASES.values(), ids=CASES)
def test_align_tells_what_became_of_each_block(new, expected):
    assert described(new) == expected


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("移民和难民的权利应当得到尊重", "移民与难民的权利应当得到尊重"),
        ("สิทธิของผู้ย้ายถิ่นต้องได้รับการเคารพ", "สิทธิของผู้ลี้ภัยต้องได้รับการเคารพ"),
    ],
    ids=["Chinese", "Thai"],
)
def test_an_edited_block_is_known_in_scripts_without_spaces(old, new):
    assert [fate.kind for fate in alignment.align([("b1", old)], [new])] == ["edited"]


def test_the_key_stays_with_most_of_the_words():
    (split,) = alignment.align([("b", CONCERN)], CONCERN.split(". "))
    (joined,) = alignment.align([("d", RISK), ("b", CONCERN)], [f"{RISK}. {CONCERN}"])

    assert split == Alignment("split", ("b",), (0, 1), key="b", place=1)
    assert joined == Alignment("joined", ("d", "b"), (0,), key="b", place=0)


def test_equal_blocks_keep_their_order():
    old = [(1, "The same."), (2, "Other words."), (3, "The same.")]

    assert [
        (fate.key, fate.place)
        for fate in alignment.align(old, ["The same.", "The same.", "Other words."])
        if fate.kind != "gone"
    ] == [
        (1, 0),
        (3, 1),
        (2, 2),
    ]


def test_of_nothing_all_is_new():
    assert alignment.align([], ["One.", "Two."]) == (
        Alignment("new", (), (0,), place=0),
        Alignment("new", (), (1,), place=1),
    )


WORDS = st.lists(st.sampled_from("abcdefgh"), max_size=8).map(" ".join)


@given(st.lists(WORDS, max_size=8), st.lists(WORDS, max_size=8))
def test_every_block_is_in_one_fate(old, new):
    fates = alignment.align(enumerate(old), new)

    assert sorted(key for fate in fates for key in fate.old) == list(range(len(old)))
    assert sorted(place for fate in fates for place in fate.new) == list(range(len(new)))
    assert all(fate.key in fate.old for fate in fates if fate.key is not None)
    assert all(fate.place in fate.new for fate in fates if fate.place is not None)


def test_a_thousand_blocks_find_each_other_in_any_order():
    random = Random(1)
    old = [" ".join(random.choices([f"word{i}" for i in range(2000)], k=40)) for _ in range(1000)]
    order = random.sample(range(1000), 1000)

    fates = alignment.align(enumerate(old), [f"{old[i]} more" if i % 2 else old[i] for i in order])

    assert [fate.key for fate in fates] == order
    assert [fate.kind for fate in fates if fate.kind not in {"edited", "moved", "kept"}] == []


def test_hundreds_of_blocks_after_one_form_are_paired_by_their_place():
    old, new = (
        [f"Agency number {i} {verb} with all of this." for i in range(300)]
        for verb in ("agreed", "agrees")
    )

    assert [(fate.kind, fate.key) for fate in alignment.align(enumerate(old), new)] == [
        ("edited", i) for i in range(300)
    ]


def test_many_short_blocks_are_paired_by_their_place():
    old, new = ([f"item{i} {state}" for i in range(20)] for state in ("open", "done"))

    assert [(fate.kind, fate.key, fate.new) for fate in alignment.align(enumerate(old), new)] == [
        ("edited", i, (i,)) for i in range(20)
    ]


def test_moved_are_all_but_the_longest_run_in_order():
    assert alignment.moved("abcde", "abcde") == set()
    assert alignment.moved("abcde", "eabcd") == {"e"}
    assert alignment.moved("abcde", "xacyb") == {"c"}
    assert alignment.moved("", "ab") == alignment.moved("ab", "") == set()
