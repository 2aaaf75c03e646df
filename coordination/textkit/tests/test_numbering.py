"""The numbering before a paragraph, and words that only look like it."""

import pytest

from coordination.textkit import numbering


@pytest.mark.parametrize(
    ("text", "kind", "mark"),
    [
        ("5.Invites States", "number", "5."),
        ("5. Invites States", "number", "5."),
        ("(5) Invites States", "number", "(5)"),
        ("5) invites States", "number", "5)"),
        ("3.2. States", "number", "3.2."),
        ("１．促请各国", "number", "１．"),
        ("1、促请各国", "number", "1、"),
        ("一、促请各国", "number", "一、"),
        ("二十三、促请各国", "number", "二十三、"),
        ("（一）收集数据", "number", "（一）"),
        ("١ - تهيب بالدول", "number", "١ -"),
        ("1 - تهيب بالدول", "number", "1 -"),
        ("(a) to collect", "letter", "(a)"),
        ("(aa) to collect", "letter", "(aa)"),
        ("a) to collect", "letter", "a)"),
        ("a. to collect", "letter", "a."),
        ("(i) to collect", "letter", "(i)"),
        ("iv. Calls upon", "letter", "iv."),
        ("xxix) to collect", "letter", "xxix)"),
        ("а) собирать", "letter", "а)"),
        ("(أ) جمع", "letter", "(أ)"),
        ("أ - جمع", "letter", "أ -"),
        ("A. Calls upon", "capital", "A."),
        ("I. Introduction", "capital", "I."),
        ("IV) Risks", "capital", "IV)"),
        ("- Stresses", "bullet", "-"),
        ("•Stresses", "bullet", "•"),
        ("\uf0b7 Stresses", "bullet", "\uf0b7"),
        ("* Stresses", "bullet", "*"),
        ("– Stresses", "bullet", "–"),
        ("OP3 bis. Commit", "label", "OP3 bis."),
        ("OP5.Invites", "label", "OP5."),
        ("PP 2 Recalling", "label", "PP 2"),
        ("¶ 3 Migrants", "label", "¶ 3"),
        ("## Risks", "sign", "##"),
    ],
)
def test_numbering_is_told_from_the_words_after_it(text, kind, mark):
    found = numbering.mark_of(text)

    assert (found.kind, found.text, text[found.end :]) == (kind, mark, text[len(mark) :].lstrip())


@pytest.mark.parametrize(
    "text",
    [
        "2010 was a year",
        "2010. It was a year",
        "1951 Convention",
        "1.5 million people",
        "5.1 million people",
        "30 September 2010",
        "12 States",
        "5 - 10 people",
        "24-hour days",
        "24 - hour days",
        "Article 5. States",
        "I welcome",
        "A migrant",
        "a migrant",
        "À l’occasion",
        "e.g. this",
        "i.e. this",
        "V.I.P. guests",
        "mix. it",
        "(all) States",
        "(see) article",
        "*Recalling* that",
        "-5 degrees",
        "一、二年级",
        "和平",
        "و أيضا",
        "",
        "5.",
    ],
)
def test_words_that_look_like_numbering_are_words(text):
    assert numbering.mark_of(text) is None


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("1. x", "2. x", True),
        ("1. x", "3. x", False),
        ("1. x", "(2) x", False),
        ("3.1. x", "3.2. x", True),
        ("(h) x", "(i) x", True),
        ("(i) x", "(ii) x", True),
        ("iii. x", "iv. x", True),
        ("viii. x", "ix. x", True),
        ("A. x", "B. x", True),
        ("а) x", "б) x", True),
        ("(أ) x", "(ب) x", True),
        ("九、x", "十、x", True),
        ("十九、x", "二十、x", True),
        ("• x", "• x", True),
        ("É. x", "B. x", False),
    ],
)
def test_a_mark_follows_the_one_before_it_in_its_order(before, after, expected):
    marks = [numbering.mark_of(text) for text in (before, after)]

    assert numbering.follows(marks[1], marks[0]) is expected
    assert numbering.follows(marks[1], None) is False


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1. x", True), ("2. x", False), ("(i) x", True), ("(b) x", False), ("• x", True)],
)
def test_a_mark_begins_an_order(text, expected):
    assert numbering.begins_order(numbering.mark_of(text)) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(a) to collect", True),
        ("iv. to collect", True),
        ("а) собирать", True),
        ("(أ) جمع", True),
        ("（一）收集", True),
        ("• to collect", True),
        ("A. Guterres said", False),
        ("Migrants", False),
        ("(all) States", False),
    ],
)
def test_a_sub_paragraph_is_told_by_its_letter(text, expected):
    assert numbering.is_item(text) is expected


@pytest.mark.parametrize(
    ("text", "written"),
    [("(a)x", "(a) "), ("（一）收集", "（一）"), ("\uf0b7x", "• "), ("- x", "– ")],
)
def test_a_sub_paragraph_has_one_space_and_one_sign_for_all_bullets(text, written):
    assert numbering.as_written(numbering.mark_of(text)) == written


@pytest.mark.parametrize(
    ("before", "letter"), [("", "(a)"), ("(a)", "(b)"), ("(z)", "(a)"), ("•", "(a)")]
)
def test_a_sub_paragraph_without_a_letter_gets_the_next_one(before, letter):
    assert numbering.next_letter(before) == letter
