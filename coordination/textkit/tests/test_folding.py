"""Amendments to a whole draft: blocks put in, taken out and edited."""

from itertools import permutations

import pytest

from coordination.textkit import folding
from coordination.textkit.folding import AmendmentError, TextAmendment, TextBlock
from coordination.textkit.hunks import Hunk

BLOCKS = [
    TextBlock("t", "Title"),
    TextBlock("a", "The rights of women."),
    TextBlock("b", "To act now."),
    TextBlock("c", "Thank you."),
]


def edit(id_, block, text, *agencies):
    return TextAmendment(id_, agencies or ("WHO",), "edit", block, text)


def insert(id_, block, text, *agencies):
    return TextAmendment(id_, agencies or ("WHO",), "insert", block, text)


def delete(id_, block, *agencies):
    return TextAmendment(id_, agencies or ("WHO",), "delete", block)


def shown(*amendments):
    """Return keys and texts, colliding ids, and ids whose order is to settle."""
    folded = folding.fold(BLOCKS, amendments)
    assert not folded.touching
    blocks = " / ".join(f"{key}: {text}" for key, text in folded.blocks)
    return (
        blocks,
        [list(clash.conflict.ids) for clash in folded.conflicts],
        [list(ids) for ids in folded.order_to_settle],
    )


A, B, C, T = (f"{key}: {text}" for key, text in (BLOCKS[1], BLOCKS[2], BLOCKS[3], BLOCKS[0]))
CASES = {
    "nothing": ((), f"{T} / {A} / {B} / {C}", [], []),
    "edits_of_two_blocks": ((edit(1, "a", "All rights of women."), edit(2, "b", "To act soon.")), f"{T} / a: All rights of women. / b: To act soon. / {C}", [], []),
    "edits_that_merge": ((edit(1, "a", "All rights of women."), edit(2, "a", "The rights of girls.")), f"{T} / a: All rights of girls. / {B} / {C}", [], []),
    "edits_that_collide": ((edit(1, "a", "The rights of men."), edit(2, "a", "The rights of girls.")), f"{T} / {A} / {B} / {C}", [[1, 2]], []),
    "colliding_hunk_leaves_the_other": ((edit(1, "a", "All rights of men."), edit(2, "a", "The rights of girls.")), f"{T} / a: All rights of women. / {B} / {C}", [[1, 2]], []),
    "deleted": ((delete(1, "b"),), f"{T} / {A} / {C}", [], []),
    "deleted_by_two": ((delete(1, "b"), delete(2, "b")), f"{T} / {A} / {C}", [], []),
    "all_deleted": ((delete(1, "t"), delete(2, "a"), delete(3, "b"), delete(4, "c")), "", [], []),
    "deleted_and_edited": ((delete(1, "b"), edit(2, "b", "To act soon.")), f"{T} / {A} / {B} / {C}", [[1, 2]], []),
    "deleted_and_appended_to": ((delete(1, "b"), edit(2, "b", "To act now. At once.")), f"{T} / {A} / {B} / {C}", [[1, 2]], []),
    "deleted_and_edited_by_two_who_do_not_collide": ((delete(3, "b"), edit(1, "b", "To react now."), edit(2, "b", "To act soon.")), f"{T} / {A} / {B} / {C}", [[1, 2, 3]], []),
    "deleted_and_edited_to_nothing": ((delete(1, "b"), edit(2, "b", "")), f"{T} / {A} / {C}", [], []),
    "deleted_and_edited_without_change": ((delete(1, "b"), edit(2, "b", "To act now.")), f"{T} / {A} / {C}", [], []),
    "edited_to_nothing": ((edit(2, "b", ""),), f"{T} / {A} / b:  / {C}", [], []),
    "new_block": ((insert(1, "a", "New."),), f"{T} / {A} / new:1: New. / {B} / {C}", [], []),
    "new_block_at_the_start": ((insert(1, None, "New."),), f"new:1: New. / {T} / {A} / {B} / {C}", [], []),
    "new_block_at_the_end": ((insert(1, "c", "New."),), f"{T} / {A} / {B} / {C} / new:1: New.", [], []),
    "two_new_blocks_at_one_place": ((insert(2, "a", "Two."), insert(1, "a", "One.")), f"{T} / {A} / new:1: One. / new:2: Two. / {B} / {C}", [], [[1, 2]]),
    "ten_new_blocks_at_one_place": (tuple(insert(f"w{i}", "c", f"{i}.") for i in (10, 9, 2)), f"{T} / {A} / {B} / {C} / new:w2: 2. / new:w9: 9. / new:w10: 10.", [], [["w2", "w9", "w10"]]),
    "two_equal_new_blocks": ((insert(1, "a", "New."), insert(2, "a", "New.")), f"{T} / {A} / new:1: New. / {B} / {C}", [], []),
    "two_equal_and_one_other": ((insert(1, "a", "New."), insert(2, "a", "New."), insert(3, "a", "Other.")), f"{T} / {A} / new:1: New. / new:3: Other. / {B} / {C}", [], [[1, 2, 3]]),
    "equal_new_blocks_at_two_places": ((insert(1, "a", "New."), insert(2, "b", "New.")), f"{T} / {A} / new:1: New. / {B} / new:2: New. / {C}", [], []),
    "new_block_after_a_deleted_one": ((insert(1, "b", "New."), delete(2, "b")), f"{T} / {A} / new:1: New. / {C}", [], []),
    "new_blocks_around_a_deleted_one": ((insert(1, "b", "After."), delete(2, "b"), insert(3, "a", "Before.")), f"{T} / {A} / new:3: Before. / new:1: After. / {C}", [], []),
    "new_block_after_an_edited_one": ((insert(1, "b", "New."), edit(2, "b", "To act soon.")), f"{T} / {A} / b: To act soon. / new:1: New. / {C}", [], []),
    "new_block_after_a_new_one": ((insert(1, "new:2", "Then."), insert(2, "a", "First."), insert(3, "a", "Last.")), f"{T} / {A} / new:2: First. / new:1: Then. / new:3: Last. / {B} / {C}", [], [[2, 3]]),
    "new_block_after_either_of_two_equal_ones": ((insert(1, "a", "New."), insert(2, "a", "New."), insert(3, "new:1", "X."), insert(4, "new:2", "Y.")), f"{T} / {A} / new:1: New. / new:3: X. / new:4: Y. / {B} / {C}", [], [[3, 4]]),
    "words_that_two_add_are_put_in_once": ((edit(1, "b", "To act now, fast and well."), edit(2, "b", "To act now and well.")), f"{T} / {A} / {B} / {C}", [[1, 2]], []),
    "one_adds_more_words_of_which_another_adds_some": ((edit(1, "a", "The rights, needs of all women."), edit(2, "a", "The rights of all women.")), f"{T} / a: The rights, needs of all women. / {B} / {C}", [], []),
}  # fmt: skip


@pytest.mark.parametrize(
    ("amendments", "blocks", "colliding", "to_settle"), CASES.values(), ids=CASES
)
def test_fold_gives_the_draft_with_all_that_does_not_collide(
    amendments, blocks, colliding, to_settle
):
    assert shown(*amendments) == (blocks, colliding, to_settle)


@pytest.mark.parametrize(
    ("amendments", "blocks", "colliding", "to_settle"), CASES.values(), ids=CASES
)
def test_fold_gives_the_same_in_any_order(amendments, blocks, colliding, to_settle):
    assert all(
        folding.fold(BLOCKS, order) == folding.fold(BLOCKS, amendments)
        for order in permutations(amendments)
    )


def test_edits_that_touch_leave_the_block_as_it_is_and_are_listed():
    amendments = [edit(2, "b", "To act soon."), edit(1, "b", "To react now."), insert(3, "b", "X.")]

    folded = folding.fold(BLOCKS, amendments)

    assert [block.text for block in folded.blocks[2:4]] == ["To act now.", "X."]
    assert folded.touching == (folding.BlockTouch("b", (1, 2), "To react soon."),)


def test_only_typography_does_not_keep_a_block():
    block = TextBlock("b", "The “rights”.")

    folded = folding.fold([block], [delete(1, "b"), edit(2, "b", 'The "rights".')])

    assert folded.blocks == folded.conflicts == ()


def test_a_conflict_of_deletion_and_edit_is_about_the_whole_block():
    folded = folding.fold(BLOCKS, [delete(1, "b"), edit(2, "b", "To act soon.")])

    ((block, conflict),) = folded.conflicts

    assert (block, conflict.start, conflict.end) == ("b", 0, 11)
    assert [(hunk, ids) for hunk, ids in conflict.hunks] == [
        (Hunk(0, 11, ""), (1,)),
        (Hunk(7, 10, "soon"), (2,)),
    ]


def test_the_compilation_shows_every_block_and_every_wish():
    amendments = [
        edit(1, "a", "The rights of women and girls.", "UNICEF"),
        edit(2, "a", "The rights of women and girls.", "OHCHR"),
        delete(3, "b", "UNODC"),
        insert(4, "b", "To act well.", "WHO", "ILO"),
        insert(5, "b", "To act well.", "ILO"),
        edit(6, "c", "Thanks.", "IOM"),
    ]

    written = folding.write_compilation(folding.fold(BLOCKS, amendments), amendments)

    assert written.split("\n\n") == [
        "Title",
        "The rights of women [and girls – UNICEF, OHCHR].",
        "[delete: To act now. – UNODC]",
        "[To act well. – WHO, ILO]",
        "[delete: Thank you – IOM] [Thanks – IOM].",
    ]


def test_a_new_block_is_named_for_its_amendment():
    assert folding.insertion_key(7) == "new:7"


@pytest.mark.parametrize(
    ("blocks", "amendments", "message"),
    [
        ([*BLOCKS, TextBlock("a", "Again.")], [], "Two blocks have the key a."),
        (BLOCKS, [edit(1, "a", "x"), delete(1, "b")], "Two amendments have the id 1."),
        (BLOCKS, [edit(1, "z", "x")], "Amendment 1 is to the block z, which is not there."),
        (BLOCKS, [insert(1, "new:2", "x")], "Amendment 1 is to the block new:2, which is not there."),
        (BLOCKS, [insert(1, "a", "x"), edit(2, "new:1", "y")], "Amendment 2 is to the block new:1, which is not there."),
        (BLOCKS, [delete(1, None)], "Amendment 1 is to the block None, which is not there."),
        ([*BLOCKS, TextBlock("new:1", "x")], [insert(1, "a", "y")], "Two blocks would have the key new:1."),
        (BLOCKS, [insert(1, "a", "x"), insert("1", "a", "y")], "Two blocks would have the key new:1."),
        (BLOCKS, [insert(1, "new:2", "x"), insert(2, "new:1", "y")], "The new blocks of these amendments stand after one another in a circle: 1, 2."),
    ],
    ids=["keys", "ids", "unknown", "unknown new", "edit of new", "none", "new key", "same new key", "circle"],
)  # fmt: skip
def test_what_does_not_fit_together_is_refused(blocks, amendments, message):
    with pytest.raises(AmendmentError) as refused:
        folding.fold(blocks, amendments)

    assert str(refused.value) == message


def test_a_thousand_new_blocks_after_one_another_stand_in_order():
    amendments = [insert(i, f"new:{i - 1}" if i else "c", f"{i}.") for i in range(1000)]

    assert [key for key, _ in folding.fold(BLOCKS, amendments).blocks[4:]] == [
        f"new:{i}" for i in range(1000)
    ]
