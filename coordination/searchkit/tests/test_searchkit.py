"""Terms, questions, snippets and spelling: the same for every database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.searchkit import snippets, spelling, words
from coordination.searchkit.questions import TermGroup, question
from coordination.searchkit.snippets import Piece


def answers(asked, text, language=""):
    """Say whether a text has a term of each group, as both databases do."""
    terms = frozenset(words.terms(text, language).split())
    groups = question(asked)
    return bool(groups) and all(group.matches(terms) for group in groups)


@pytest.mark.parametrize(
    ("language", "text", "asked"),
    [
        ("en", "States protect migrants", "protecting migrant"),
        ("en", "the rights of women", "Women’s right"),
        ("en", "Office of UNHCR", "U.N.H.C.R."),
        ("fr", "Élodie protège les droits", "elodie droit"),
        ("fr", "les travailleurs protégés", "travailleur protege"),
        ("fr", "les travailleurs proteges", "protégé"),
        ("fr", "l’Assemblée générale", "l'assemblee"),
        ("fr", "la main-d’œuvre", "oeuvre main"),
        ("es", "los niños y las migraciones", "NIÑO migración"),
        ("es", "migraciones", "migracion"),
        ("ru", "Защита прав мигрантов", "мигранты защиты"),
        ("ru", "ёлка", "елки"),
        ("ar", "حقوق المهاجرين", "مهاجر"),
        ("ar", "والمهاجرون", "المهاجرين"),
        ("ar", "الهِجْرَة", "هجره"),
        ("ar", "للأطفال", "الاطفال"),
        ("zh", "保护移徙者的权利", "移徙者"),
        ("zh", "保护移徙者的权利", "利"),
        ("zh", "权利与移徙", "移徙 权利"),
        ("", "Réunion des points focaux", "reunions focal"),
        ("fr", "Договор о миграции, 1990", "договоры 1990"),
        ("", "GMG/2026/02", "02 gmg 2026"),
        ("", "Straße ﬁnance", "STRASSE finances"),
        ("en", "the remittances", "remitt"),
        ("en", "the", "the"),
    ],
)
def test_a_text_answers(language, text, asked):
    assert answers(asked, text, language)


@pytest.mark.parametrize(
    ("language", "text", "asked"),
    [
        ("en", "States protect migrants", "refugees"),
        ("en", "States protect migrants", "protect refugees"),
        ("en", "under the sun", "UN"),  # a short word is whole
        ("fr", "cour", "courage"),
        ("zh", "移动徙居", "移徙"),
        ("ru", "мигранты", "миграция"),
        ("", "anything", "!?"),
        ("", "", "word"),
    ],
)
def test_a_text_does_not_answer(language, text, asked):
    assert not answers(asked, text, language)


def test_terms_are_marked_with_their_language():
    assert words.terms("Protégés", "fr") == "fr:proteg proteges"
    assert words.terms("Rights", "") == "en:right es:rights fr:right rights"
    assert words.terms("Rights", "ar") == words.terms("Rights", "")
    assert words.terms("h1 2027") == "2027 h1"


def test_words_have_their_places_and_elisions_are_left_out():
    assert list(words.words("L’eau d'Agen, women’s")) == [
        words.Word("eau", 2, 5),
        words.Word("Agen", 8, 12),
        words.Word("women", 14, 19),
    ]


def test_words_of_the_spelling():
    assert words.spellings("Élodie, the GMG 移徙者 word5 " + "x" * 41) == {"elodie"}


def test_common_words_are_left_out_if_others_remain():
    assert [group.spelling for group in question("the rights of migrants")] == [
        "rights",
        "migrants",
    ]
    assert [group.spelling for group in question("of the")] == ["of", "the"]
    assert len(question(" ".join(f"word{n}" for n in range(20)))) == 12
    assert question("") == question("½½ \u0301")[1:] == ()


def test_only_the_last_word_may_be_unfinished():
    assert [group.beginning for group in question("migr prot")] == ["", "prot"]
    assert [group.beginning for group in question("migr pro")] == ["", ""]


def test_a_snippet_marks_what_answers():
    text = "Nothing here. " * 30 + "States protect the rights of migrants. " + "Nothing. " * 60

    pieces = snippets.snippet(text, question("migrant right"), "en")

    assert [piece.text for piece in pieces if piece.marked] == ["rights", "migrants"]
    assert pieces[0] == pieces[-1] == Piece("…")
    assert len("".join(piece.text for piece in pieces)) <= snippets.LENGTH + 2


def test_a_snippet_of_a_text_that_does_not_answer_is_its_beginning():
    assert snippets.snippet("Short text.", question("other")) == [Piece("Short text.")]
    assert snippets.snippet("", question("other")) == []


def test_a_snippet_of_chinese_and_of_arabic():
    assert snippets.snippet("保护移徙者的权利", question("移徙者")) == [
        Piece("保护"),
        Piece("移徙者", marked=True),
        Piece("的权利"),
    ]
    assert snippets.snippet("حقوق المهاجرين", question("مهاجر"), "ar")[-1] == Piece(
        "المهاجرين", marked=True
    )


def test_the_snippet_stands_where_most_words_are_near_each_other():
    text = "rights " + "a " * 300 + "rights of migrants"

    assert [
        piece.text for piece in snippets.snippet(text, question("rights migrants")) if piece.marked
    ] == ["rights", "migrants"]


def test_the_nearest_spelling():
    assert spelling.nearest("migrats", ["rights", "migrants", "migration", "migrats"]) == [
        "migrants",
        "migration",
    ]
    assert spelling.nearest("remitances", ["remittances"]) == ["remittances"]


@given(st.text(max_size=60), st.sampled_from(["", "ar", "en", "es", "fr", "ru", "zh"]))
def test_terms_hold_nothing_that_a_database_would_split(text, language):
    for term in words.terms(text, language).split(" "):
        wrong = [sign for sign in term if not (sign.isalnum() or sign == ":")]
        # characters that are newer than Python's Unicode are no letters to it
        assert all(ord(sign) > 127 and not sign.isspace() for sign in wrong), term


@given(st.text(alphabet="ab é移徙者’. حق\n", max_size=400), st.text(alphabet="ab移徙 ", max_size=9))
def test_a_snippet_is_a_part_of_the_text(text, asked):
    pieces = snippets.snippet(text, question(asked))

    assert "".join(piece.text for piece in pieces).strip("…") in text
    assert sum(len(piece.text) for piece in pieces) <= snippets.LENGTH + 2


def test_a_group_matches_by_a_term_or_by_a_beginning():
    group = TermGroup("migr", frozenset({"migr"}), beginning="migr")

    assert group.matches(frozenset({"migrants"}))
    assert group.matches(frozenset({"migr"}))
    assert not group.matches(frozenset({"emigrant"}))
