"""Signs that look different and mean the same."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.textkit import diffs
from coordination.textkit.hunks import Hunk, apply, hunks_of
from coordination.textkit.typography import is_same_but_typography, plain

TEXTS = st.text(st.sampled_from("ab é e\u0301 “”\"’'‘-–‑—\u00a0\u202f\t\n\r移👍🏽"), max_size=14)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("the “rights”", 'the "rights"'),
        ("l’asile", "l'asile"),
        ("8\u00a0900", "8 900"),
        ("One.  Two.", "One. Two."),
        ("rights‑based – now", "rights-based - now"),
        ("réfugiés", "re\u0301fugie\u0301s"),
    ],
    ids=["quotes", "apostrophe", "no-break space", "two spaces", "dashes", "composed"],
)
def test_texts_that_differ_in_typography_alone_are_the_same(text, other):
    (change, *more) = diffs.changes(text, other)

    assert is_same_but_typography(text, other)
    assert all(each.typographic for each in (change, *more))
    assert apply(text, diffs.diff(text, other)) == other


@pytest.mark.parametrize(
    ("text", "other"),
    [("rights", "Rights"), ("women, men", "women men"), ("One.\nTwo.", "One. Two."), ("a b", "ab")],
)
def test_letters_punctuation_and_line_ends_are_no_typography(text, other):
    assert not is_same_but_typography(text, other)
    assert not any(change.typographic for change in diffs.changes(text, other))


def test_words_that_change_beside_other_signs_are_changes_of_their_own():
    changes = diffs.changes("the “rights” of women", 'the "duties" of women')

    assert [change.typographic for change in changes] == [True, False, True]


@given(TEXTS)
def test_a_plain_text_is_composed_and_plain_already(text):
    once = plain(text)

    assert plain(once.text).text == once.text
    assert unicodedata.is_normalized("NFC", once.text)


@given(TEXTS)
def test_places_rise_from_the_start_to_the_end(text):
    result = plain(text)
    places = [result.place(at) for at in range(len(result.text) + 1)]

    assert places == sorted(places)
    assert places[-1] == len(text)
    assert not result.text or places[0] == 0


@given(TEXTS, TEXTS)
def test_a_difference_applied_gives_the_proposed_text_sign_by_sign(base, proposed):
    assert apply(base, diffs.diff(base, proposed)) == proposed


def test_a_mark_on_a_tab_keeps_the_tokens_as_they_are():
    assert diffs.diff("\t\u0301the", "the") == (Hunk(0, 5, "the"),)


@given(TEXTS, TEXTS)
def test_without_typography_nothing_is_left_of_equal_texts(base, proposed):
    if is_same_but_typography(base, proposed):
        assert all(change.typographic for change in diffs.changes(base, proposed))


@pytest.mark.parametrize(
    ("base", "proposed"),
    [
        ("a b", "a  new b"),
        (" ", "  \n\n"),
        ("''a.,\xa0'", " -b\xa0'’"),
        ("a––-'", "-’b-–'"),
    ],
    ids=["words after two spaces", "line ends after them", "signs taken out", "signs side by side"],
)
def test_typography_beside_changed_words_gives_the_proposed_text(base, proposed):
    assert apply(base, diffs.diff(base, proposed)) == proposed
    assert apply(base, hunks_of(diffs.changes(base, proposed))) == proposed
