"""Sentences, clauses and gaps between words."""

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


def clause(text, words):
    start = text.index(words)
    return text[slice(*clauses.clause_around(text, start, start + len(words)))].strip()


def test_a_clause_reaches_over_a_list_and_ends_where_another_begins():
    text = "States shall not, in law or in fact, detain women, men or boys, and may report."

    assert clause(text, "boys") == clause(text, "not") == text[: text.index(", and")]
    assert clause(text, "report") == "and may report"
    assert clause("Urges States to protect, assist and hear them, to report", "hear") == (
        "Urges States to protect, assist and hear them"
    )
    assert clause("Les États aident les femmes, les hommes, qui peuvent partir", "femmes") == (
        "Les États aident les femmes, les hommes"
    )
    assert clause("Государства, которые помогают", "Государства") == "Государства"


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
