"""Where the opening words of a paragraph end, which UN texts set in italics."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.textkit.blocks import KINDS
from coordination.textkit.opening_words import opening_length


def opening(text, kind, language):
    return text[: opening_length(text, kind, language)]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "Recognizing that they have rights,", "Recognizing"),
        ("en", "Deeply concerned at the deaths,", "Deeply concerned"),
        ("en", "Recalling also its resolution,", "Recalling also"),
        ("en", "Noting with deep concern that they die,", "Noting with deep concern"),
        ("en", "Bearing in mind the Charter,", "Bearing in mind"),
        ("en", "Having considered the report,", "Having considered"),
        ("en", "Expressing its deep appreciation to Spain,", "Expressing its deep appreciation"),
        ("en", "Taking note with appreciation of the report,", "Taking note with appreciation"),
        ("en", "Guided by the Charter,", "Guided"),
        ("en", "Honouring those who died,", "Honouring"),
        ("fr", "Rappelant également que,", "Rappelant également"),
        ("fr", "Ayant à l’esprit la Charte,", "Ayant à l’esprit"),
        ("es", "Tomando nota con aprecio del informe,", "Tomando nota con aprecio"),
        ("es", "Profundamente preocupada por ello,", "Profundamente preocupada"),
        ("ru", "отмечая с озабоченностью, что", "отмечая с озабоченностью"),
        ("ru", "будучи глубоко обеспокоена тем,", "будучи глубоко обеспокоена"),
        ("en", "*Recalling* the Charter,", ""),
        ("en", "During 2010, and after it,", ""),
        ("en", "Migrants have rights,", ""),
        ("en", "Honouring those who died.", ""),
        ("fr", "Recalling the Charter,", "Recalling"),
        ("fr", "Honouring those who died,", ""),
        ("zh", "回顾其以往各项决议，", ""),
        ("ar", "إذ تشير إلى الميثاق،", ""),
    ],
)
def test_the_opening_of_a_preambular_paragraph(language, text, expected):
    assert opening(text, "preambular", language) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "Calls upon States to act;", "Calls upon"),
        ("en", "Also welcomes the report;", "Also welcomes"),
        ("en", "Takes note with appreciation of it;", "Takes note with appreciation"),
        ("en", "Expresses its gratitude to Spain;", "Expresses its gratitude"),
        ("en", "Strongly urges all;", "Strongly urges"),
        ("en", "Commit to support States;", "Commit"),
        ("en", "Commits itself to it;", "Commits itself"),
        ("en", "Encourage partners;", "Encourage"),
        ("en", "We call upon States;", ""),
        ("en", "Requests for asylum must be heard;", ""),
        ("fr", "Prie instamment les États d’agir ;", "Prie instamment"),
        ("es", "Acoge con beneplácito el informe;", "Acoge con beneplácito"),
        ("ru", "настоятельно призывает государства;", "настоятельно призывает"),
        ("zh", "促请各国采取行动；", ""),
        ("ar", "تهيب بالدول؛", ""),
    ],
)
def test_the_opening_of_an_operative_paragraph(language, text, expected):
    assert opening(text, "operative", language) == expected


@pytest.mark.parametrize("kind", ["title", "heading", "body"])
def test_no_other_paragraph_has_an_opening(kind):
    assert opening("Recalling the Charter,", kind, "en") == ""


@given(st.text(), st.sampled_from(KINDS), st.sampled_from(["en", "fr", "es", "ru", "zh", "ar"]))
def test_an_opening_is_whole_words_of_the_text(text, kind, language):
    length = opening_length(text, kind, language)

    assert 0 <= length <= len(text)
    assert not text[length : length + 1].isalpha() or length == 0
