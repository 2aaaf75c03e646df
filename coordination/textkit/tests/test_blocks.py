"""What kind of paragraph is which, in the texts that people paste."""

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from coordination.textkit import cleaning
from coordination.textkit.blocks import (
    CHOSEN_KINDS,
    KINDS,
    ParsedBlock,
    label,
    recognise,
    with_kinds,
)
from coordination.textkit.numbering import mark_of

RESOLUTION = """\
Joint statement of the Global Migration Group
on the protection of migrants in transit

The heads of the agencies of the Global Migration Group,

*Recalling* that every person who moves retains, at every stage of the
journey, the human rights recognized in international law,

PP 2  Deeply concerned that at least 8,900 people died in 2025,

1. Call upon States to refrain from detention;

2. Urge States and working-
level partners:
(a) to collect data;
(b) to share them;

OP3 bis. Commit ourselves to support States.
"""

STATEMENT = """\
STATEMENT ON MIGRANTS

Geneva, 30 September 2010

I. Risks
Migrants are at risk. They are many.

Children

Recognizing this, the agencies offered support.
"""


def kind_of(text):
    (_, block) = recognise(f"Title\n\n{text}")
    return block.kind


def test_recognise_takes_a_resolution_apart():
    assert recognise(RESOLUTION) == (
        ParsedBlock(
            "title",
            "Joint statement of the Global Migration Group on the protection of migrants in transit",
        ),
        ParsedBlock("body", "The heads of the agencies of the Global Migration Group,"),
        ParsedBlock(
            "preambular",
            "*Recalling* that every person who moves retains, at every stage of the journey, the human rights recognized in international law,",
        ),
        ParsedBlock("preambular", "Deeply concerned that at least 8,900 people died in 2025,"),
        ParsedBlock("operative", "Call upon States to refrain from detention;"),
        ParsedBlock("operative", "Urge States and working-level partners:"),
        ParsedBlock("body", "(a) to collect data;"),
        ParsedBlock("body", "(b) to share them;"),
        ParsedBlock("operative", "Commit ourselves to support States."),
    )


def test_recognise_takes_a_free_statement_apart():
    assert recognise(STATEMENT) == (
        ParsedBlock("title", "STATEMENT ON MIGRANTS"),
        ParsedBlock("heading", "Geneva, 30 September 2010"),
        ParsedBlock("heading", "I. Risks"),
        ParsedBlock("body", "Migrants are at risk. They are many."),
        ParsedBlock("heading", "Children"),
        ParsedBlock("body", "Recognizing this, the agencies offered support."),
    )


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("preambular", "Guided by the Charter,"),
        ("preambular", "Bearing in mind that rights are universal,"),
        ("preambular", "Noting with concern the figures;"),
        ("preambular", "Also gravely alarmed at the deaths, and"),
        ("preambular", "_Convinced_ that this is so."),
        ("preambular", "Honouring those who died at sea,"),
        ("preambular", "Rappelant la Déclaration universelle,"),
        ("preambular", "Profundamente preocupados por las muertes,"),
        ("preambular", "PP12: Whatever it says"),
        ("operative", "Calls upon all States to act;"),
        ("operative", "*Calls for* an end to it;"),
        ("operative", "Strongly encourages partners to share data;"),
        ("operative", "Welcome the report of the Working Group."),
        ("operative", "We further call upon States to review their laws."),
        ("operative", "Demande aux États de protéger les migrants ;"),
        ("operative", "Exhorta a los Estados a que actúen;"),
        ("operative", "OP 4 Whatever it says"),
        ("operative", "7) Migrants have rights, and so have their children."),
        ("heading", "Supporting families"),
        ("heading", "WHAT STATES CAN DO."),
        ("heading", "### Part two"),
        ("heading", "Call for action"),
        ("body", "Migrants have rights."),
        ("body", "Requests for asylum must be heard."),
        ("body", "We recall the statement of 2010."),
        ("body", "1.5 million people moved."),
        ("body", "• one of three points"),
        ("body", "and so it goes on"),
        ("body", "A. Guterres spoke of it."),
        ("body", "2010 was a bad year."),
        ("body", "During 2010, and after it,"),
        ("operative", "5.Invites all States"),
        ("operative", "- Stresses that all have rights;"),
        ("operative", "iv. Calls upon States;"),
        ("operative", "A. Calls upon all States to act;"),
        ("operative", "(a) Calls upon States;"),
        ("operative", "一、促请各国采取行动；"),
        ("operative", "١ - تهيب بالدول؛"),
        ("operative", "призывает государства;"),
        ("preambular", "(2) Recalling the Charter,"),
        ("preambular", "• Noting the report,"),
        ("preambular", "ссылаясь на Устав,"),
        ("preambular", "وإذ تشير إلى الميثاق،"),
        ("heading", "New York, 5 May 2011."),
        ("heading", "I. Introduction"),
        ("heading", "IV. Call for action"),
        ("heading", "一、背景"),
        ("body", "回顾其以往各项决议，"),
    ],
)
def test_recognise_tells_the_kind_by_how_a_paragraph_opens(kind, text):
    assert kind_of(text) == kind


def test_recognise_keeps_the_number_of_a_heading():
    assert recognise("Title\n\n1. Background\n\n2. Decides to act;")[1:] == (
        ParsedBlock("heading", "1. Background"),
        ParsedBlock("operative", "Decides to act;"),
    )


@pytest.mark.parametrize(
    "text", ["Recalling the Charter,", "1. Decides to act;", f"{'word ' * 31}word"]
)
def test_recognise_gives_no_title_where_there_is_none(text):
    assert [block.kind for block in recognise(text) if block.kind == "title"] == []


def test_recognise_drops_the_sign_of_a_title():
    assert recognise("# Statement") == (ParsedBlock("title", "Statement"),)


def test_recognise_without_blank_lines_takes_each_line_for_a_paragraph():
    blocks = recognise(
        "Statement\nRecalling the Charter\nand the Covenants,\nDecides to act;\nMigrants have rights."
    )

    assert [block.text for block in blocks] == [
        "Statement",
        "Recalling the Charter and the Covenants,",
        "Decides to act;",
        "Migrants have rights.",
    ]


def test_recognise_takes_a_line_too_long_to_be_wrapped_for_a_paragraph():
    long = "Migrants have rights, " * 6 + "and so have their children."

    blocks = recognise(f"Statement\n\n{long}\nThey are many.\n\nThe end.")

    assert [block.text for block in blocks] == ["Statement", long, "They are many.", "The end."]


def test_recognise_parts_lines_that_open_as_drafters_do():
    blocks = recognise(
        "Statement\n\nRecalling the Charter,\nNoting the report,\nDecides to act.\nIt is late."
    )

    assert [block.text for block in blocks] == [
        "Statement",
        "Recalling the Charter,",
        "Noting the report,",
        "Decides to act. It is late.",
    ]


def test_recognise_joins_lines_of_a_script_without_spaces():
    assert recognise("声明\n\n移徙者的人权\n应得到保护。")[1].text == "移徙者的人权应得到保护。"


@pytest.mark.parametrize("text", ["", " \n\t\n\u00a0", "\x00"])
def test_recognise_of_no_words_gives_no_block(text):
    assert recognise(text) == ()


LISTS = """\
Statement

5.Invites States to:
(1) collect
(a) data;
(2)share it;
6. Decides to act.

The agencies will:
 help them;
- protect them.

¶ 9 That is all.
"""


def test_recognise_keeps_the_letters_of_sub_paragraphs_and_no_other_numbering():
    assert [(block.chosen_kind, block.mark, block.text) for block in recognise(LISTS)] == [
        ("title", "", "Statement"),
        ("operative", "5.", "Invites States to:"),
        ("item", "", "(1) collect"),
        ("item", "", "(a) data;"),
        ("item", "", "(2) share it;"),
        ("operative", "6.", "Decides to act."),
        ("body", "", "The agencies will:"),
        ("item", "", "• help them;"),
        ("item", "", "– protect them."),
        ("body", "¶ 9", "That is all."),
    ]


def test_recognise_takes_restarted_numbers_under_a_number_for_sub_paragraphs():
    blocks = recognise("S\n\n1. Urges all:\n1. to act;\n2. to pay;\n\n2. Decides it.")

    assert [block.chosen_kind for block in blocks] == [
        "title",
        "operative",
        "item",
        "operative",
        "operative",
    ]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Geneva, 5 May 2011\n\nJoint statement\n\nOne.", "Joint statement"),
        ("Joint statement\non migrants\n5 May 2011\n\nOne.", "Joint statement on migrants"),
    ],
)
def test_recognise_finds_the_title_beside_a_date_line(text, title):
    assert [(block.kind, block.text) for block in recognise(text) if block.kind == "title"] == [
        ("title", title)
    ]


@pytest.mark.parametrize(
    ("pasted", "kind", "expected"),
    [
        ("5. Invites States;", "item", "(a) Invites States;"),
        ("(5) Invites States;", "item", "(5) Invites States;"),
        ("- Stresses it;", "item", "- Stresses it;"),
        ("5. Invites States;", "body", "Invites States;"),
        ("5. Invites States;", "heading", "5. Invites States;"),
        ("- Stresses it;", "heading", "Stresses it;"),
        ("OP 5 Stresses it;", "heading", "Stresses it;"),
        ("I. Introduction", "operative", "Introduction"),
        ("• one of three;", "operative", "one of three;"),
        ("• one of three;", "item", "• one of three;"),
        ("Migrants have rights.", "item", "(a) Migrants have rights."),
        ("Migrants have rights.", "preambular", "Migrants have rights."),
    ],
)
def test_with_kinds_gives_back_or_takes_off_the_numbering(pasted, kind, expected):
    title, block = recognise(f"Title\n\n{pasted}")

    assert with_kinds([title, block], [None, kind]) == (
        title,
        ParsedBlock("body" if kind == "item" else kind, expected),
    )


def test_with_kinds_letters_sub_paragraphs_one_after_another():
    blocks = recognise("Title\n\nOne.\n\nTwo.\n\nThree.")

    changed = with_kinds(blocks, [None, "item", "item", None])

    assert [block.text for block in changed] == ["Title", "(a) One.", "(b) Two.", "Three."]
    assert [block.chosen_kind for block in with_kinds(blocks[1:2], ["item"])] == ["item"]


def recognised(text):
    return [(block.chosen_kind, block.text) for block in recognise(text)]


def test_bullets_under_an_operative_paragraph_become_letters():
    text = "Title\n\n1. Calls upon States:\n\n• to protect them;\n\n- to help them;\n\n2. Invites:\n(a) donors:\n• to pay\n(b) schools"

    assert recognised(text)[1:] == [
        ("operative", "Calls upon States:"),
        ("item", "(a) to protect them;"),
        ("item", "(b) to help them;"),
        ("operative", "Invites:"),
        ("item", "(a) donors:"),
        ("item", "• to pay"),
        ("item", "(b) schools"),
    ]
    assert [block.mark for block in recognise(text)[2:4]] == ["•", "-"]
    assert with_kinds(recognise(text)[2:3], ["operative"])[0].text == "to protect them;"


def test_a_soft_line_break_divides_clauses_of_a_preamble_and_no_others():
    assert recognised("Title\n\nRecalling the\vCharter,\vNoting the report,\u2028Aware of it,") == [
        ("title", "Title"),
        ("preambular", "Recalling the Charter,"),
        ("preambular", "Noting the report,"),
        ("preambular", "Aware of it,"),
    ]


@pytest.mark.parametrize("between", ["\n", "\v", "\n\n"])
def test_a_title_of_two_lines_in_capitals_is_one(between):
    text = f"30 September 2010\nSTATEMENT OF THE GROUP{between}ON MIGRANTS\n\nINTRODUCTION\n\nRecalling it,"

    assert recognised(text) == [
        ("heading", "30 September 2010"),
        ("title", "STATEMENT OF THE GROUP ON MIGRANTS"),
        ("heading", "INTRODUCTION"),
        ("preambular", "Recalling it,"),
    ]


PIECES = st.sampled_from(
    [
        "5.",
        "(5)",
        "12. ",
        "(a) ",
        "iv. ",
        "A. ",
        "- ",
        "• ",
        "\t",
        "\n",
        "\n\n",
        "\x0b",
        "\u2028",
        "一、",
        "（二）",
        "а) ",
        "(أ) ",
        "١ - ",
        "2010 ",
        "1.5 ",
        "## ",
        "OP 3 ",
        "Article ",
        "\r\n",
        "Recalling ",
        "Calls upon ",
        "TITLE ",
        "States",
        ";",
        ":",
        ",",
        ".",
        "移徙者",
        "work-",
        "level ",
    ]
)


ONE_SIGN = dict.fromkeys(map(ord, "•‣⁃▪▫◦●○■□◆➢➤✓·*\uf0b7\uf0a7\uf0d8"), "•") | dict.fromkeys(
    map(ord, "‐‑–—−-"), "-"
)


def letters(text):
    """Return what is written, without spaces; all bullets are one sign, all dashes another."""
    return "".join(cleaning.clean(text).split()).translate(ONE_SIGN)


def is_bullet(mark):
    return bool(mark) and mark_of(f"{mark} X").kind == "bullet"


@given(st.lists(PIECES, max_size=40).map("".join) | st.text())
@example("## (5)5.")  # a sign before a text that itself begins with a number
def test_recognise_loses_nothing_but_numbering(text):
    blocks = recognise(text)

    # a sub-paragraph has a mark if its bullet became a letter
    written = [
        f"{block.mark} {block.text.partition(' ')[2] if lettered else block.text}"
        for block in blocks
        for lettered in [is_bullet(block.mark) and block.chosen_kind == "item"]
    ]
    assert letters("".join(written)) == letters(text)
    assert [block.mark for block in blocks if block.mark and not mark_of(f"{block.mark} X")] == []


@given(
    st.lists(PIECES, max_size=20).map("".join),
    st.lists(st.sampled_from([None, *CHOSEN_KINDS]), min_size=40, max_size=40),
)
def test_no_chosen_kind_loses_a_word(text, kinds):
    blocks = recognise(text)
    before = [words_of(block) for block in blocks]

    changed = with_kinds(blocks, kinds[: len(blocks)])

    assert [words_of(block) for block in changed] == before


def words_of(block):
    text = block.text
    while mark := mark_of(text):
        text = text[mark.end :]
    return text


@given(st.text(st.sampled_from("ab .,1)\n\n移*#-")))
def test_recognise_gives_clean_blocks_of_one_line(text):
    blocks = recognise(text)

    assert all(
        block.text == cleaning.clean(block.text) and "\n" not in block.text for block in blocks
    )
    assert all(block.text for block in blocks)


@given(st.lists(st.from_regex(r"[B-Y][a-z]{2,8}( [a-z]{2,8}){0,6}[.]", fullmatch=True), min_size=1))
def test_recognise_loses_no_sentence(sentences):
    assert [block.text for block in recognise("\n\n".join(sentences))] == sentences


def test_label_counts_each_kind_for_itself():
    assert label(recognise(RESOLUTION)) == (
        "Title",
        "¶ 1",
        "PP 1",
        "PP 2",
        "OP 1",
        "OP 2",
        "¶ 2",
        "¶ 3",
        "OP 3",
    )


def test_label_gives_headings_no_name():
    assert label(ParsedBlock(kind, "text") for kind in KINDS) == (
        "Title",
        "",
        "PP 1",
        "OP 1",
        "¶ 1",
    )


@given(st.lists(st.sampled_from(KINDS)))
def test_label_numbers_without_gaps(kinds):
    numbers = [
        int(name[3:])
        for name in label(ParsedBlock(kind, "text") for kind in kinds)
        if name.startswith("OP")
    ]

    assert all(after == before + 1 for before, after in pairwise([0, *numbers]))
