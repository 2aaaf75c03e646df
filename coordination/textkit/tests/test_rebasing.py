"""Amendments carried on to the next draft."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.textkit import collisions, diffs, merging, rebasing
from coordination.textkit.hunks import Hunk, HunkError, apply
from coordination.textkit.rebasing import Rebased

WORDS = ["the", "the", "of", "rights", "children", "women", ",", ".", "移", "👍🏽", "\n\n"]
TEXTS = st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join)

# what stood, what an agency proposes, the next draft: what the proposal is now
CERTAIN = {
    "far_apart": ("the rights of women", "the rights of all women", "All the rights of women", "All the rights of all women"),
    "shorter_before": ("In all cases, the rights of women", "In all cases, the rights of girls", "The rights of women", "The rights of girls"),
    "after_the_end": ("the rights.", "the rights. They hold.", "the human rights.", "the human rights. They hold."),
    "deletion": ("all irregular migrants in transit", "all migrants in transit", "All irregular migrants in transit", "All migrants in transit"),
    "taken_already": ("the rights of women", "the rights of all women", "the rights of all women", "the rights of all women"),
    "taken_with_more": ("women and men", "women and young men", "women, girls and young men", "women, girls and young men"),
    "taken_within_one_larger_hunk": ("one two three four five", "one zwölfzehn three four five", "one zwölfzehn three vierfünf five", "one zwölfzehn three vierfünf five"),
    "one_of_two_taken": ("one two three four five", "1 two three four 5", "1 two three four five", "1 two three four 5"),
    "in_a_sentence_that_changes_places": ("UNHCR protects migrants. WHO protects migrants.", "UNHCR protects migrants. WHO protects all migrants.", "WHO protects migrants. UNHCR protects migrants.", "WHO protects all migrants. UNHCR protects migrants."),
    "beside_a_capital": ("all irregular migrants", "all migrants", "All irregular migrants", "All migrants"),
    "another_sentence_at_the_end": ("States should protect migrants.", "States should protect migrants and refugees.", "States should protect migrants. Agencies should support migrants.", "States should protect migrants and refugees. Agencies should support migrants."),
    "beside_other_typography": ("the “rights” of women", "the “duties” of women", 'the "rights" of women', 'the "duties" of women'),
    "beside_a_changed_sign": ("women.", "women and girls.", "women;", "women and girls;"),
    "new_paragraph_before": ("One two.\n\nThree four.", "One two.\n\nThree five.", "Zero.\n\nOne two.\n\nThree four.", "Zero.\n\nOne two.\n\nThree five."),
    "scripts": ("移徙者的人权应得到保护", "移徙者的人权应得到尊重", "所有移徙者的人权应得到保护", "所有移徙者的人权应得到尊重"),
}  # fmt: skip
UNCERTAIN = {
    "modal_of_scripts": ("移徙者的人权应得到保护", "移徙者的人权必须得到保护", "所有移徙者的人权应得到保护", "所有移徙者的人权必须得到保护"),
    "same_word_changed": ("irregular migrants", "undocumented migrants", "unauthorised migrants", "undocumented migrants"),
    "words_gone": ("all women and girls here", "all women and young girls here", "all here", "all women and young girls here"),
    "another_insertion_there": ("for migrants", "for all migrants", "for young migrants", "for all young migrants"),
    "beside_a_changed_word": ("States must detain nobody", "States must not detain nobody", "States must release nobody", "States must not release nobody"),
    "one_of_two_equal_words_gone": ("very very important", "very quite important", "very important", "quite important"),
    "ours_as_well_elsewhere": ("the rights of women and of men", "the rights of women and of girls and of men", "the rights of women and in particular of men", "the rights of women and of girls and in particular of men"),
    "which_of_two_equal_words": ("rights of migrants", "rights for migrants", "rights of women and of migrants", "rights of women and for migrants"),
    "taken_within_a_larger_change": ("to act against crime", "to act firmly against crime", "to act firmly and together against all crime", "to act firmly and together against all crime"),
    "beside_new_words": ("the rights hold", "the duties hold", "all the rights always hold", "all the duties always hold"),
    "in_a_clause_that_is_negated": ("States shall report to all agencies", "States shall report to some agencies", "States shall not report to all agencies", "States shall not report to some agencies"),
    "in_one_of_two_sentences_that_change": ("UNHCR protects migrants. WHO protects migrants.", "UNHCR protects migrants. WHO protects all migrants.", "WHO protects many migrants. UNHCR protects migrants.", "WHO protects many migrants. UNHCR protects all migrants."),
    "whole_text_rewritten": ("one two three", "one two drei", "all new words", "one two drei"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "proposed", "new", "expected"), CERTAIN.values(), ids=CERTAIN)
def test_an_amendment_finds_its_place_in_the_next_draft(old, proposed, new, expected):
    rebased = rebasing.rebase(diffs.diff(old, proposed), old, new)

    assert rebased.certain
    assert apply(new, rebased.hunks) == expected


@pytest.mark.parametrize(("old", "proposed", "new", "guess"), UNCERTAIN.values(), ids=UNCERTAIN)
def test_an_amendment_whose_place_changed_is_a_guess(old, proposed, new, guess):
    rebased = rebasing.rebase(diffs.diff(old, proposed), old, new)

    assert not rebased.certain
    assert apply(new, rebased.hunks) == guess


def test_what_the_new_draft_has_already_is_left_out():
    assert rebasing.rebase(
        diffs.diff("the rights", "all rights"), "the rights", "all rights"
    ) == Rebased((), certain=True)


def test_two_insertions_that_meet_become_one():
    hunks = (Hunk(4, 4, "A "), Hunk(8, 8, "B "))

    rebased = rebasing.rebase(hunks, "one two three", "one three")

    assert rebased == Rebased((Hunk(4, 4, "A B "),), certain=False)


def test_two_insertions_that_meet_keep_their_order():
    rebased = rebasing.rebase(diffs.diff(",", "the , the"), ",", "")

    assert apply("", rebased.hunks) == "the  the"


def test_hunks_outside_the_old_text_are_refused():
    with pytest.raises(HunkError, match="lies outside"):
        rebasing.rebase((Hunk(2, 9, ""),), "abc", "abcd")


@given(TEXTS, TEXTS)
def test_onto_the_unchanged_text_it_is_the_identity(old, proposed):
    hunks = diffs.diff(old, proposed)

    assert rebasing.rebase(hunks, old, old) == Rebased(hunks, certain=True)


@given(TEXTS, TEXTS)
def test_onto_the_own_proposal_nothing_is_left(old, proposed):
    assert rebasing.rebase(diffs.diff(old, proposed), old, proposed) == Rebased((), certain=True)


@given(TEXTS, TEXTS, TEXTS)
def test_where_nothing_collides_it_is_the_merge(old, proposed, new):
    edits = {"ours": diffs.changes(old, proposed), "theirs": diffs.changes(old, new)}

    rebased = rebasing.rebase(diffs.diff(old, proposed), old, new)

    judged = collisions.judge(old, edits)
    if not judged.conflicts and not judged.touching_ids:
        assert apply(new, rebased.hunks) == merging.merge(old, edits).text


@given(TEXTS, TEXTS, TEXTS)
def test_what_is_certain_stands_at_words_that_did_not_change(old, proposed, new):
    ours = diffs.close_diff(old, proposed)

    rebased = rebasing.rebase(ours, old, new)
    texts = {old[hunk.start : hunk.end] for hunk in ours}

    if rebased.certain:
        assert all(new[hunk.start : hunk.end] in texts for hunk in rebased.hunks)


@given(TEXTS, TEXTS, TEXTS)
def test_a_guess_can_be_put_in_too(old, proposed, new):
    apply(new, rebasing.rebase(diffs.diff(old, proposed), old, new).hunks)


def test_a_change_whose_sentence_moved_onto_another_change_is_a_guess():
    old, proposed = ", rights. and the rights. ..", ", x rights. and the rights. . .."

    rebased = rebasing.rebase(diffs.diff(old, proposed), old, ". .. and the rights. , rights.")

    assert not rebased.certain
    apply(". .. and the rights. , rights.", rebased.hunks)
