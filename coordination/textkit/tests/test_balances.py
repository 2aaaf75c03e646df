"""Counting the words of mandates."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.textkit import balances
from coordination.textkit.balances import Balance

MANDATES = {
    "UNICEF": ["child", "children", "youth"],
    "OHCHR": ["human rights", "rights"],
    "UNODC": ["smuggling", "traffick*"],
    "UNFPA": ["women"],
    "UN Women": ["women"],
}


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("Children and CHILD, childhood and grandchild.", {"UNICEF": 2}),
        ("children’s rights, youth's", {"UNICEF": 2, "OHCHR": 1}),
        ("the human rights of all; human Rights; human. Rights", {"OHCHR": 3}),
        ("human-rights-based, human\nrights, human\n\nrights", {"OHCHR": 3}),
        ("trafficking and traffickers, not traffic", {"UNODC": 2}),
        ("women", {"UNFPA": 1, "UN Women": 1}),
        ("", {}),
        ("nothing of it", {}),
    ],
    ids=[
        "whole words",
        "possessives",
        "longest term",
        "several words",
        "any ending",
        "listed by two",
        "empty",
        "none",
    ],
)
def test_counts_are_of_whole_terms(text, counts):
    assert balances.balance(text, MANDATES).counts == {
        agency: counts.get(agency, 0) for agency in MANDATES
    }


@pytest.mark.parametrize(
    ("text", "terms", "count"),
    [
        ("Le droit à l’asile", ["asile"], 1),
        ("移徙者的人权", ["人权", "移徙者"], 2),
        ("حقوق الإنسان", ["حقوق"], 1),
        ("re\u0301fugie\u0301s", ["Réfugiés"], 1),
        ("STRASSE", ["straße"], 1),
        ("decent work, work", ["decent work", "work"], 2),
        ("decent workers", ["decent work*"], 1),
        ("a b c", ["", "*", "  "], 0),
        ("non-discrimination", ["non-discrimination"], 1),
        ("one two three", ["one two four", "one"], 1),
    ],
    ids=[
        "elision",
        "chinese",
        "arabic",
        "decomposed",
        "sharp s",
        "longer first",
        "ending of a phrase",
        "empty terms",
        "hyphen",
        "longer fails",
    ],
)
def test_terms_of_all_languages_are_found(text, terms, count):
    assert balances.balance(text, {"A": terms}).counts == {"A": count}


def test_of_terms_that_begin_together_the_longest_counts_for_whoever_lists_it():
    vocabularies = {
        "UNICEF": ["child"],
        "ILO": ["child labour"],
        "OHCHR": ["child labour", "child"],
    }

    assert balances.balance("Child labour is no child's play.", vocabularies).counts == {
        "UNICEF": 1,
        "ILO": 1,
        "OHCHR": 2,
    }


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("human rights of migrants", {"A": 0, "B": 1, "C": 0}),
        ("human rights and rights of migrants", {"A": 1, "B": 1, "C": 0}),
        ("migrants of human rights", {"A": 1, "B": 0, "C": 1}),
    ],
    ids=["the longest, though later", "apart", "none overlaps"],
)
def test_of_terms_that_overlap_the_longest_counts(text, counts):
    assert (
        balances.balance(
            text, {"A": ["human rights"], "B": ["rights of migrants"], "C": ["migrants"]}
        ).counts
        == counts
    )


def test_of_equally_long_terms_that_overlap_the_first_counts():
    assert balances.balance("a b c", {"A": ["b c"], "B": ["a b"]}).counts == {"A": 0, "B": 1}


def test_an_ending_and_a_listed_inflection_of_one_word_count_alike():
    assert balances.balance(
        "children", {"A": ["child*"], "B": ["children"], "C": ["child*", "children"]}
    ).counts == {"A": 1, "B": 1, "C": 1}


def test_shares_are_of_all_that_was_counted():
    result = balances.balance(
        "child child child rights", {"UNICEF": ["child"], "OHCHR": ["rights"], "WHO": ["health"]}
    )

    assert result.share == {"UNICEF": 0.75, "OHCHR": 0.25, "WHO": 0.0}


@pytest.mark.parametrize(
    ("text", "evenness"),
    [("a b c d", 1.0), ("a b", 0.5), ("a a a", 0.0), ("", 0.0), ("a a b b", 0.5)],
    ids=["all alike", "half of them", "one", "nobody", "half of them twice"],
)
def test_evenness_is_pielous(text, evenness):
    assert math.isclose(
        balances.balance(text, {name: [name] for name in "abcd"}).evenness, evenness
    )


def test_one_vocabulary_is_even_and_none_is_empty():
    assert balances.balance("a", {"A": ["a"]}) == Balance({"A": 1}, {"A": 1.0}, 1.0)
    assert balances.balance("a", {}) == Balance({}, {}, 0.0)


@given(st.lists(st.sampled_from(["child", "rights", "human", "women", ",", "x"]), max_size=30))
def test_evenness_and_shares_stay_in_their_bounds(words):
    result = balances.balance(" ".join(words), MANDATES)

    assert 0 <= result.evenness <= 1 + 1e-9
    assert math.isclose(sum(result.share.values()), 1.0 if sum(result.counts.values()) else 0.0)


def test_a_term_does_not_go_on_from_one_paragraph_to_the_next():
    counter = balances.TermCounter({"A": ["child labour"], "B": ["labour"]})

    assert counter.balance(["Every child", "Labour and child\nlabour."]).counts == {"A": 1, "B": 1}
    assert counter.balance([]).counts == {"A": 0, "B": 0}


def test_a_counter_counts_what_it_counted_before_the_same():
    counter = balances.TermCounter(MANDATES)
    texts = ["Migrants, children; migrants. Children!", "Children, migrants", "CHILDREN. Migrants"]

    first = [counter.counts(text) for text in texts]

    assert [counter.counts(text) for text in texts] == first
    assert [balances.TermCounter(MANDATES).counts(text) for text in texts] == first
