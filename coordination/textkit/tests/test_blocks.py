"""What kind of paragraph is which, in the texts that people paste."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.textkit import cleaning
from coordination.textkit.blocks import KINDS, ParsedBlock, label, recognise

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
