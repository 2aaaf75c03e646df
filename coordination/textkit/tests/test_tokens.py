"""Words, spaces and signs in the scripts that the group's languages are written in."""

from itertools import accumulate

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.textkit.tokens import (
    all_whole_words,
    has_glued_space,
    is_boundary,
    tokens,
)

# | stands between tokens
CASES = {
    "words": "the| |rights| |of| |all|,| |always|.",
    "apostrophes": "l'asile| |et| |l’eau|,| |UNICEF’s",
    "hyphens": "human-rights-based| |follow‑up",
    "numbers": "1.5| |8,900| |8\u202f900| |71/280| |18:00",
    "number_before_full_stop": "in| |2010|.",
    "number_range": "2010|–|2018",
    "slash_between_words": "and|/|or",
    "abbreviation": "e.g|.| |U.N",
    "italics": "*|Recalling|*| |that",
    "spaces_stand_alone": "a| | |b|\n|\n|c|\r\n|d|\t|e",
    "brackets": "[|and| |children|]",
    "arabic": "حقوق| |الإنسان|،",
    "arabic_vowelled": "الإِنْسان",
    "persian_joiner": "می\u200cخواهم",
    "hebrew": "זכויות| |אדם",
    "russian": "права| |человека",
    "chinese": "移|徙|者|。",
    "japanese": "コーヒー|を|飲|む",
    "korean": "이주민의| |권리",
    "thai": "สิ|ท|ธิ",
    "hindi": "क्षत्रिय| |हिन्दी",
    "emoji": "👍🏽|👩‍👩‍👧| |🇨🇭|🇫🇷| |1️⃣",
    "decomposed": "re\u0301fugie\u0301| |l’e\u0301tat",
    "mark_on_a_space": "a| \u0301|b",
    "mark_on_a_sign": "a|,\u0301|b",
    "empty": "",
}
TEXTS = st.one_of(
    st.text(),
    st.text(st.sampled_from("ab1 .,'’-\n\u0301\u200d\u0600\u0e33\uac00\u11a8👍🏽🇨🇭移ح\u00ad\r")),
)


@pytest.mark.parametrize("parted", CASES.values(), ids=CASES)
def test_tokens_are_words_spaces_and_signs(parted):
    expected = parted.split("|") if parted else []

    assert tokens(parted.replace("|", "")) == expected


@given(TEXTS)
def test_tokens_joined_are_the_text(text):
    assert "".join(tokens(text)) == text
    assert all(tokens(text))


@given(TEXTS)
def test_tokens_never_cut_a_grapheme(text):
    graphemes = set(accumulate(map(len, regex.findall(r"\X", text)), initial=0))

    assert set(accumulate(map(len, tokens(text)), initial=0)) <= graphemes


@given(
    st.text(st.sampled_from("ab1é_ .,'’-–:/\n\r\u202f\u2011Ωж²º%")), st.sampled_from(["移", "👍🏽"])
)
def test_tokens_are_the_same_whether_read_the_common_way_or_the_full_way(text, uncommon):
    assert tokens(f"{text} {uncommon}") == [*tokens(f"{text} "), *tokens(uncommon)]


@given(st.text(st.characters(max_codepoint=127)) | st.text(st.sampled_from("ab1_ .,'-:/\n\r%")))
@settings(max_examples=500)
def test_tokens_of_ascii_are_the_same_whether_read_the_short_way_the_common_way_or_the_full_way(
    text,
):
    assert tokens(text) == tokens(f"{text} é")[:-2] == tokens(f"{text} 移")[:-2]


@given(st.text(st.sampled_from("abé移ح1_ ,’\n\u0301")))
@settings(max_examples=500)
def test_all_whole_words_are_as_many_tokens_as_stand_between_spaces(text):
    if all_whole_words(text):
        assert [token for token in tokens(text) if token != " "] == text.split()


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("the rights ", True),
        ("réfugiés et", True),
        ("права", True),
        ("rights,", False),
        ("a\nb", False),
        ("5", False),
        ("移徙", False),
        (" ", False),
    ],
)
def test_all_whole_words_is_only_sure_of_letters_and_spaces(text, whole):
    assert all_whole_words(text) is whole


@given(st.text(st.sampled_from("ab1 .,'’\n\r\u0301移👍🏽")), st.integers(0, 20))
def test_is_boundary_says_where_tokens_begin_and_end(text, place):
    place = min(place, len(text))

    if not has_glued_space(text):
        assert is_boundary(text, place) is (
            place in set(accumulate(map(len, tokens(text)), initial=0))
        )


@pytest.mark.parametrize(
    ("text", "glued"),
    [("a b", False), ("é 移", False), ("a \u0301", True), ("\u0600 1", True), ("a e\u0301", False)],
)
def test_has_glued_space_tells_a_mark_that_stands_on_a_space(text, glued):
    assert has_glued_space(text) is glued


def test_has_glued_space_says_the_same_of_every_sign_beside_a_space_whether_the_text_is_common_or_not():
    signs = [chr(point) for point in range(0x3000)]

    assert [has_glued_space(f"a {sign} b") for sign in signs] == [
        has_glued_space(f"移 {sign} b") for sign in signs
    ]
