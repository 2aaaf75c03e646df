"""How a difference is shown."""

from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.textkit import segmentation
from coordination.textkit.segmentation import Segment

TEXTS = st.lists(
    st.sampled_from(
        ["the", "of", "rights", "children", ",", " ", " ", " ", "\n\n", "移", "e\u0301"]
    ),
    max_size=25,
).map("".join)


def test_segments_of_equal_texts_are_one_kept_run():
    assert segmentation.segments("the rights", "the rights") == (Segment("keep", "the rights"),)


def test_segments_of_nothing_are_none():
    assert segmentation.segments("", "") == ()


def test_segments_show_what_goes_before_what_comes():
    assert segmentation.segments("act against smuggling", "address smuggling") == (
        Segment("delete", "act against"),
        Segment("insert", "address"),
        Segment("keep", " smuggling"),
    )


def test_segments_of_added_words_strike_nothing_out():
    assert segmentation.segments(
        "protecting the rights", "protecting and fulfilling the human rights"
    ) == (
        Segment("keep", "protecting "),
        Segment("insert", "and fulfilling "),
        Segment("keep", "the "),
        Segment("insert", "human "),
        Segment("keep", "rights"),
    )


def test_segments_of_words_taken_out_put_nothing_in():
    assert segmentation.segments(
        "protecting and fulfilling the human rights", "protecting the rights"
    ) == (
        Segment("keep", "protecting "),
        Segment("delete", "and fulfilling "),
        Segment("keep", "the "),
        Segment("delete", "human "),
        Segment("keep", "rights"),
    )


@pytest.mark.parametrize(
    ("base", "proposed", "marked"),
    [
        (
            "protect or assist them",
            "protect, in law or in fact, or assist, in law or in fact, them",
            "protect{+, in law or in fact,+} or assist{+, in law or in fact,+} them",
        ),
        (
            "FIVE SIX SEVEN EIGHT NINE TEN",
            "TWO THREE FOUR FIVE SIX SEVEN",
            "{+TWO THREE FOUR +}FIVE SIX SEVEN[- EIGHT NINE TEN-]",
        ),
        (
            "States shall, where they can and as they see fit, protect children",
            "States shall protect children",
            "States shall[-, where they can and as they see fit,-] protect children",
        ),
        (
            "to protect and assist the migrants who need it, and their families",
            "to find, rescue, protect and assist the migrants who need it, and all of those who follow them",
            "to {+find, rescue, +}protect and assist the migrants who need it, and [-their families-]{+all of those who follow them+}",
        ),
    ],
    ids=["added twice", "moved on", "taken out", "added and replaced"],
)
def test_words_that_stay_are_not_struck_and_typed_again(base, proposed, marked):
    marks = {"keep": "{}", "insert": "{{+{}+}}", "delete": "[-{}-]"}

    assert (
        "".join(
            marks[part.kind].format(part.text) for part in segmentation.segments(base, proposed)
        )
        == marked
    )


@given(TEXTS, TEXTS)
def test_segments_hold_both_texts_and_alternate(base, proposed):
    segments = segmentation.segments(base, proposed)

    assert "".join(part.text for part in segments if part.kind != "insert") == base
    assert "".join(part.text for part in segments if part.kind != "delete") == proposed
    assert all(part.text for part in segments)
    assert all(before.kind != after.kind for before, after in pairwise(segments))


def rearranged(random, words):
    """Return ``words`` with runs of them moved, and a few replaced."""
    for _ in range(random.randint(1, 5)):
        at, length = random.randrange(len(words)), random.randint(2, 12)
        run = words[at : at + length]
        words = words[:at] + words[at + length :]
        at = random.randint(0, len(words))
        words = [*words[:at], *run, *words[at:]]
        words[random.randrange(len(words))] = f"new{random.randint(1, 99)}"
    return words


def phrases(text):
    words = text.split()
    return {tuple(words[at : at + 4]) for at in range(len(words) - 3)}


def test_no_replaced_words_have_a_run_of_four_in_common_however_a_text_is_rearranged():
    random = Random(0)
    for _ in range(150):
        base = [f"w{random.randint(1, 400)}" for _ in range(random.randint(20, 60))]
        proposed = " ".join(rearranged(random, base))

        for gone, come in pairwise(segmentation.segments(" ".join(base), proposed)):
            if (gone.kind, come.kind) == ("delete", "insert"):
                assert phrases(gone.text).isdisjoint(phrases(come.text))
