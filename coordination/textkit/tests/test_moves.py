"""Words that were taken out at one place and put in at another."""

from hypothesis import given
from hypothesis import strategies as st

from coordination.textkit.moves import moved_words

WORDS = st.lists(st.sampled_from(["the", "rights", "of", "women", ",", "."]), max_size=14)
SENTENCE = "Agencies stand ready to support States, on request."


def moved(removed, inserted):
    return " ".join(inserted[word.start : word.end] for word in moved_words(removed, inserted))


def test_a_sentence_that_moves_is_found_with_its_signs():
    inserted = f"In this spirit, {SENTENCE}"

    assert moved(["We act.", f"First. {SENTENCE}"], inserted) == SENTENCE.replace(
        ",", " ,"
    ).replace(".", " .")


def test_three_words_in_common_are_chance():
    assert moved(["the rights of women"], "all the rights of men") == ""


def test_of_two_places_the_longer_run_counts():
    words = moved_words(["stand ready to support us", SENTENCE], SENTENCE)

    assert {word.source for word in words} == {1}


def test_words_are_found_across_other_spaces():
    assert moved(["stand ready\nto support"], "stand ready to support") == "stand ready to support"


@given(WORDS, WORDS)
def test_each_moved_word_is_the_same_word_there(removed, inserted):
    old, new = " ".join(removed), " ".join(inserted)

    for word in moved_words([old], new):
        text = new[word.start : word.end]
        assert old[word.place : word.place + len(text)] == text


@given(WORDS)
def test_nothing_comes_from_nothing(inserted):
    assert moved_words([], " ".join(inserted)) == []
