"""What becomes of a text that comes from Word, a web page or a PDF."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.textkit import cleaning


@pytest.mark.parametrize(
    ("pasted", "cleaned"),
    [
        (
            "one\r\ntwo\rthree\vfour\ffive\u2028six\x85seven",
            "one\ntwo\nthree\nfour\nfive\nsix\nseven",
        ),
        ("one\u2029two", "one\n\ntwo"),
        ("one\n\n\n \n\ntwo\n\n", "one\n\ntwo"),
        ("re\u0301fugie\u0301s", "réfugiés"),
        ("a\x00b\x1bc\ufeff", "abc"),
        ("a\ud800b", "ab"),
        ("a\ufffeb\uffffc\ufdd0d\U0001ffffe", "abcde"),
        ("pay \u202e001\u202c dollars\u2066!\u2069", "pay 001 dollars!"),
        ("mi\u00adgrants\u200b", "migrants"),
        ("a  b\tc\u3000d\u2003e", "a b c d e"),
        ("8\u2009900 and 8\u2007900", "8\u202f900 and 8\u202f900"),
        ("« Global\u00a0Migration\u00a0Group »", "« Global\u00a0Migration\u00a0Group »"),
        ("a\u00a0 b \u00a0c\u00a0\u00a0d", "a b c d"),
        ("\u00a0 one \n\ttwo\u00a0", "one\ntwo"),
        ("می\u200cخواهم \u200f(1)\u200e 👩\u200d👧", "می\u200cخواهم \u200f(1)\u200e 👩\u200d👧"),
        ("", ""),
    ],
    ids=[
        "line ends",
        "paragraph end",
        "blank lines",
        "decomposed",
        "control characters",
        "half a surrogate pair",
        "noncharacters",
        "directions of writing",
        "soft hyphen",
        "spaces",
        "spaces in numbers",
        "no-break space kept",
        "no-break space that fills",
        "edges",
        "marks of Arabic and emoji kept",
        "empty",
    ],
)
def test_clean_keeps_what_can_be_read(pasted, cleaned):
    assert cleaning.clean(pasted) == cleaned


@given(st.text())
def test_clean_twice_is_clean_once(text):
    assert cleaning.clean(cleaning.clean(text)) == cleaning.clean(text)


def is_noncharacter(char):
    return ord(char) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(char) <= 0xFDEF


@given(st.text(st.characters(exclude_categories=["Cc", "Cf", "Zs", "Zl", "Zp"])))
def test_clean_loses_no_letter(text):
    letters = [
        char for char in text if unicodedata.category(char) != "Cs" and not is_noncharacter(char)
    ]
    assert cleaning.clean(text) == unicodedata.normalize("NFC", "".join(letters))
