"""Sentences, clauses, gaps between words, and words that negate."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.textkit import clauses
from coordination.textkit.hunks import Hunk
from coordination.textkit.sentences import moved_sentences

TEXTS = st.text(st.sampled_from("aB1 .,;!\n移。，"), max_size=20)


def test_sentences_end_where_a_reader_would_say():
    text = "One, e.g. this. Two; three\nfour of No. 5 ends. 移徙者。Five"

    assert [text[start:end] for start, end in clauses.sentence_spans(text)] == [
        "One, e.g. this.",
        "Two;",
        "three",
        "four of No.",
        "5 ends.",
        "移徙者。",
        "Five",
    ]


@given(TEXTS)
def test_sentences_hold_all_words(text):
    spans = clauses.sentence_spans(text)

    assert "".join("".join(text[start:end].split()) for start, end in spans) == "".join(
        text.split()
    )


@pytest.mark.parametrize(
    ("text", "start", "end", "gap"),
    [
        ("women, girls", 5, 5, (5, 7)),
        ("women, girls", 7, 7, (5, 7)),
        ("women and girls", 6, 9, (5, 10)),
        ("To act.", 6, 6, (6, 6)),
        ("To act. Now", 7, 7, (7, 8)),
        ("To act", 6, 6, (6, 6)),
        ("to act; to do", 6, 6, (6, 6)),
    ],
)
def test_a_gap_reaches_to_the_next_words_and_not_over_the_end_of_a_sentence(text, start, end, gap):
    assert clauses.gap_around(text, start, end) == gap


def test_a_clause_reaches_to_the_next_signs():
    text = "States shall not, in law or in fact, report."

    assert text[slice(*clauses.clause_around(text, 13, 16))] == "States shall not"
    assert text[slice(*clauses.clause_around(text, 21, 24))] == " in law or in fact"
    assert (
        text[slice(*clauses.clause_around(text, 13, 24))] == "States shall not, in law or in fact"
    )


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("shall not", 1),
        ("It isn’t so, and never was", 2),
        ("nothing notable", 1),
        ("ils n’ont pas", 2),
        ("sin discriminación", 1),
        ("не должны", 1),
        ("لا يجوز", 1),
        ("不得", 1),
        ("the knots", 0),
    ],
)
def test_words_that_negate_are_known_in_six_languages(text, count):
    assert clauses.negations(text).total() == count


SWAPPED = "WHO protects migrants. UNHCR protects migrants."


def test_sentences_that_change_places_are_moved():
    base = "UNHCR protects migrants. WHO protects migrants."
    hunks = (Hunk(0, 5, "WHO"), Hunk(25, 28, "UNHCR"))

    assert [base[start:end] for start, end in moved_sentences(base, hunks)] == [
        "UNHCR protects migrants.",
        "WHO protects migrants.",
    ]


def test_a_sentence_that_changes_at_its_place_is_not_moved():
    base = "UNHCR protects migrants. WHO heals migrants."

    assert moved_sentences(base, (Hunk(0, 5, "IOM"), Hunk(25, 28, "ILO"))) == ()
