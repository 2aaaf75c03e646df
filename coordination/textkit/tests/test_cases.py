"""What becomes of amendments that meet in one text: cases made by hand, each with the result that a drafting group expects."""

from dataclasses import dataclass, field
from itertools import permutations

import pytest

from coordination.textkit import collisions, diffs, merging
from coordination.textkit.hunks import apply


@dataclass
class Case:
    base: str
    proposals: dict[str, str]
    merged: str
    colliding: list[str] = field(default_factory=list)  # ids of each conflict
    touching: list[str] = field(default_factory=list)  # ids of each group
    yielding: str = ""  # ids of edits whose typography gives way to others


LONG = " ".join(f"word{i}" for i in range(10_000))

CASES = {
    # nothing, everything
    "nothing_proposed": Case("the rights", {}, "the rights"),
    "empty_base": Case("", {"a": "the rights"}, "the rights"),
    "empty_base_twice_alike": Case("", {"a": "the rights", "b": "the rights"}, "the rights"),
    "empty_base_twice": Case("", {"a": "the rights", "b": "the duties"}, "", ["ab"]),
    "all_taken_out": Case("the rights", {"a": ""}, ""),
    "all_taken_out_by_both": Case("the rights", {"a": "", "b": ""}, ""),
    "unchanged_proposal": Case("the rights", {"a": "the rights", "b": "all rights"}, "all rights"),
    # far apart, agreement
    "far_apart": Case("the rights of all migrants", {"a": "human rights of all migrants", "b": "the rights of all people"}, "human rights of all people"),
    "equal_edits_agree": Case("act against crime", {"a": "fight crime", "b": "fight crime"}, "fight crime"),
    "three_agree_one_elsewhere": Case("one two three", {"a": "1 two three", "b": "1 two three", "c": "one two 3", "d": "1 two three"}, "1 two 3"),
    "agree_in_one_collide_in_other": Case("one two three", {"a": "1 two drei", "b": "1 two trois"}, "1 two three", ["ab"]),
    # adjacent hunks
    "adjacent_words": Case("one two three", {"a": "eins two three", "b": "one deux three"}, "one two three", touching=["ab"]),
    "adjacent_deletions": Case("one two three four", {"a": "one three four", "b": "one two four"}, "one two three four", touching=["ab"]),
    "deletion_then_insertion_at_its_end": Case("women, men and all children", {"a": "women, men and children", "b": "women, men and all young children"}, "women, men and all children", touching=["ab"]),
    "insertion_then_replaced_word": Case("the rights of women", {"a": "the rights of all women", "b": "the rights of girls"}, "the rights of women", touching=["ab"]),
    "replaced_word_then_insertion": Case("the rights remain", {"a": "the duties remain", "b": "the rights always remain"}, "the rights remain", touching=["ab"]),
    "insertions_on_both_sides_of_a_word": Case("the rights remain", {"a": "the human rights remain", "b": "the rights always remain"}, "the human rights always remain"),
    "insertion_between_two_replaced_words": Case("one two", {"a": "eins two", "b": "one deux", "c": "one and two"}, "one two", touching=["abc"]),
    # same insertion point
    "same_point_different_words": Case("women and men", {"a": "women, girls and men", "b": "women, boys and men"}, "women and men", ["ab"]),
    "same_point_same_words": Case("women and men", {"a": "women, girls and men", "b": "women, girls and men"}, "women, girls and men"),
    "same_point_one_begins_with_other": Case("for migrants", {"a": "for all migrants", "b": "for all young migrants"}, "for migrants", ["ab"]),
    "same_point_two_agree_one_does_not": Case("for migrants", {"a": "for all migrants", "b": "for all migrants", "c": "for young migrants"}, "for migrants", ["abc"]),
    "both_append": Case("the rights", {"a": "the rights of all", "b": "the rights of women"}, "the rights", ["ab"]),
    "prepend_and_append": Case("rights", {"a": "human rights", "b": "rights of all"}, "human rights of all"),
    # nested, overlapping
    "insertion_inside_deletion": Case("one two three four five", {"a": "one five", "b": "one two three and four five"}, "one two three four five", ["ab"]),
    "replacement_inside_deletion": Case("one two three four five", {"a": "one five", "b": "one two drei four five"}, "one two three four five", ["ab"]),
    "deletion_inside_deletion": Case("one two three four five", {"a": "one five", "b": "one two four five"}, "one two three four five", ["ab"]),
    "overlap": Case("one two three four", {"a": "one X four", "b": "one two Y"}, "one two three four", ["ab"]),
    "same_word_two_ways": Case("irregular migrants", {"a": "undocumented migrants", "b": "unauthorised migrants"}, "irregular migrants", ["ab"]),
    "delete_versus_edit": Case("all irregular migrants", {"a": "all migrants", "b": "all undocumented migrants"}, "all irregular migrants", ["ab"]),
    "chain_of_overlaps": Case("a1 b2 c3 d4 e5 f6", {"a": "X c3 d4 e5 f6", "b": "a1 Y d4 e5 f6", "c": "a1 b2 Z e5 f6"}, "a1 b2 c3 d4 e5 f6", ["abc"]),
    "two_conflicts": Case("one two three four five six seven", {"a": "eins two three four five six sieben", "b": "un two three four five six sept"}, "one two three four five six seven", ["ab", "ab"]),
    "conflict_leaves_the_other_hunk": Case("one two three four five", {"a": "eins two three four fünf", "b": "un two three four five"}, "one two three four fünf", ["ab"]),
    # space, signs, case
    "space_only": Case("the  rights of all", {"a": "the rights of all", "b": "the  rights of women"}, "the rights of women"),
    "punctuation_only": Case("to decide.", {"a": "to decide;", "b": "to determine."}, "to determine;"),
    "punctuation_two_ways": Case("to decide.", {"a": "to decide;", "b": "to decide,"}, "to decide.", ["ab"]),
    "comma_and_word": Case("women and men", {"a": "women, and men", "b": "women and boys"}, "women, and boys"),
    "case_only": Case("all states of the region", {"a": "all States of the region", "b": "all states of the Region"}, "all States of the Region"),
    "case_versus_word": Case("all states", {"a": "all States", "b": "all countries"}, "all states", ["ab"]),
    # repeated words slide to one place
    "repeated_word_alike": Case("very important", {"a": "very very important", "b": "very very important"}, "very very important"),
    "repeated_word_and_neighbour": Case("it is very important", {"a": "it is very very important", "b": "it is very relevant"}, "it is very very relevant"),
    "repeated_word_deleted_and_next_edited": Case("it is very very important", {"a": "it is very important", "b": "it is very very relevant"}, "it is very relevant"),
    "list_with_and": Case("women and men and boys", {"a": "women and girls and men and boys", "b": "women and men and young boys"}, "women and girls and men and young boys"),
    # scripts
    "nfd_is_an_edit": Case("les réfugiés ici", {"a": "les re\u0301fugie\u0301s ici", "b": "les réfugiés là"}, "les re\u0301fugie\u0301s là"),
    "nfc_against_other_word": Case("les re\u0301fugie\u0301s", {"a": "les réfugiés", "b": "les migrants"}, "les migrants", yielding="a"),
    "french_elision": Case("le droit à l’asile", {"a": "le droit à l’eau", "b": "le plein droit à l’asile"}, "le plein droit à l’eau"),
    "arabic": Case("حقوق الإنسان للمهاجرين", {"a": "حقوق الإنسان لجميع المهاجرين", "b": "كل حقوق الإنسان للمهاجرين"}, "كل حقوق الإنسان لجميع المهاجرين"),
    "hebrew_conflict": Case("זכויות המהגרים", {"a": "זכויות הילדים", "b": "זכויות הנשים"}, "זכויות המהגרים", ["ab"]),
    "chinese": Case("移徙者的人权应得到保护。", {"a": "移徙者及其家属的人权应得到保护。", "b": "移徙者的人权应得到尊重。"}, "移徙者及其家属的人权应得到尊重。"),
    "chinese_conflict": Case("保护人权", {"a": "维护人权", "b": "尊护人权"}, "保护人权", ["ab"]),
    "thai": Case("สิทธิเด็ก", {"a": "สิทธิของเด็ก", "b": "สิทธิเด็กทุกคน"}, "สิทธิของเด็กทุกคน"),
    "emoji_skin_tone": Case("yes 👍🏽 to all", {"a": "yes 👍🏿 to all", "b": "yes 👍🏽 to us"}, "yes 👍🏿 to us"),
    "emoji_two_tones": Case("yes 👍 to all", {"a": "yes 👍🏿 to all", "b": "yes 👍🏽 to all"}, "yes 👍 to all", ["ab"]),
    "numbers": Case("at least 8,900 in 1.5 years", {"a": "at least 9,000 in 1.5 years", "b": "at least 8,900 in 2.5 years"}, "at least 9,000 in 2.5 years"),
    # paragraphs, size
    "paragraphs": Case("One.\n\nTwo.\n\nThree.", {"a": "One.\n\nNew.\n\nTwo.\n\nThree.", "b": "One.\n\nTwo."}, "One.\n\nNew.\n\nTwo."),
    "ten_thousand_words": Case(LONG, {"a": LONG.replace("word50 ", "w50 "), "b": LONG.replace(" word9999", ""), "c": LONG.replace("word50 ", "v50 ")}, LONG.replace(" word9999", ""), ["ac"]),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_merge_takes_what_does_not_collide(case):
    edits = {id_: diffs.changes(case.base, text) for id_, text in case.proposals.items()}

    merged = merging.merge(case.base, edits)

    assert merged.text == case.merged
    assert ["".join(conflict.ids) for conflict in merged.conflicts] == case.colliding
    assert ["".join(ids) for ids in merged.touching] == case.touching


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_merge_says_the_same_in_any_order(case):
    edits = {id_: diffs.changes(case.base, text) for id_, text in case.proposals.items()}
    orders = [dict(order) for order in permutations(edits.items())]

    assert [merging.merge(case.base, order) for order in orders] == [
        merging.merge(case.base, edits)
    ] * len(orders)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_each_hunk_is_clean_touching_or_in_conflict(case):
    edits = {id_: diffs.changes(case.base, text) for id_, text in case.proposals.items()}

    judged = collisions.judge(case.base, edits)
    sponsored = [
        *judged.clean,
        *judged.touching,
        *(sponsored for conflict in judged.conflicts for sponsored in conflict.hunks),
    ]

    assert sorted((hunk, id_) for hunk, ids in sponsored for id_ in ids) == sorted(
        (hunk, id_)
        for id_, changes in edits.items()
        for change in changes
        for hunk in change.hunks
        if not (change.typographic and id_ in case.yielding)
    )
    assert apply(case.base, [hunk for hunk, _ in judged.clean]) == case.merged
