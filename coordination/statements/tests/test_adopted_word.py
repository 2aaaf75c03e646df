"""The adopted statement as Word document: what it says, how it is numbered, and that it is clean."""

import io
import zipfile

import pytest
from docx import Document
from docx.oxml.ns import qn
from openxml_audit import OpenXmlValidator

from coordination.statements.queries import adopted_files
from coordination.statements.tests.adopted_samples import ARABIC, CHINESE, adopted

PROOF = "All signatories approved exactly this text."


def opened(text):
    return Document(io.BytesIO(adopted_files.statement_docx(text)))


def lines(document) -> list[tuple[str, str]]:
    return [(paragraph.style.name, paragraph.text) for paragraph in document.paragraphs]


def test_it_has_title_headings_and_paragraphs():
    text = adopted()

    assert lines(opened(text)) == [
        ("Masthead", "Group of Agencies\tABC/2026/ST/3"),
        ("Masthead Facts", "Adopted on 23 November 2026"),
        ("Masthead Facts", "Migrants Day"),
        ("Masthead Facts", "Language: English"),
        ("Title", "Joint statement on\nmigrants & transit"),
        ("Heading 1", "Geneva, 23 November 2026"),
        ("Preambular Paragraph", "Recalling that every person keeps their human rights,"),
        ("Numbered Paragraph", "We, the heads of the agencies:"),
        ("Operative Paragraph", "Call upon States to ensure <care>;"),
        ("Operative Paragraph", "Urge all:"),
        ("Sub Paragraph", "(a) To search for people;"),
        ("Sub Paragraph", "(b) To inform their families;"),
        ("Operative Paragraph", "Commit ourselves to report."),
        ("Heading 1", "The way ahead"),
        ("Numbered Paragraph", "We will open a desk.\nIt answers questions."),
        ("Heading 1", "Signatories"),
        ("Heading 1", "Reservations"),
        ("Reservation", "OHCHR, OP 1: Read with article 9."),
        ("Reservation", "UNHCR: Only for refugees."),
        ("Heading 1", "Did not join"),
        ("Heading 1", "Was not asked"),
        (
            "Proof",
            f"{PROOF}\nSHA-256 of the text: {text.sha256}\nPermanent address: {text.address}",
        ),
    ]


def test_its_tables_have_a_header_that_is_repeated():
    tables = opened(adopted()).tables

    assert [[cell.text for cell in row.cells] for row in tables[0].rows] == [
        ["Agency", "Name"],
        ["ESCWA", "اللجنة الاقتصادية"],
        ["OHCHR\nwith reservation", "Office for Human Rights"],
        ["UNHCR\nwith reservation", "Office for Refugees"],
        ["ESCAP", "联合国经济社会委员会"],
    ]
    assert [len(table.rows) for table in tables] == [5, 2, 2]
    for table in tables:
        heads = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows]
        assert heads == [True, *[False] * (len(heads) - 1)]


def test_its_lists_count_as_the_page_does():
    document = opened(adopted())
    numbers = [
        (paragraph.text[:7], paragraph._p.pPr.numPr.numId.val)
        for paragraph in document.paragraphs
        if paragraph._p.pPr.numPr is not None
    ]
    numbering = document.part.numbering_part.element
    restarts = [
        (number.numId, number.abstractNumId.val, start.get(qn("w:val")))
        for number in numbering.num_lst
        for start in number.iter(qn("w:startOverride"))
    ]

    # sub-paragraphs count, though they show no number: the paragraph after two of them is ¶ 4
    assert numbers == [
        ("Recalli", 1),
        ("We, the", 3),
        ("Call up", 2),
        ("Urge al", 2),
        ("Commit ", 2),
        ("We will", 4),
    ]
    assert restarts == [(4, 3, "4")]
    patterns = [level.get(qn("w:val")) for level in numbering.iter(qn("w:lvlText"))]
    assert patterns == ["PP %1", "OP %1", "¶ %1"]


def test_opening_and_marked_words_are_in_italics():
    document = opened(adopted())
    italic = [run.text for paragraph in document.paragraphs for run in paragraph.runs if run.italic]

    assert italic == ["Recalling", "human", "Call upon", "Urge", "Commit ourselves"]


def test_it_says_what_it_is_and_who_nobody_is():
    properties = opened(adopted()).core_properties

    assert (properties.title, properties.subject) == (
        "Joint statement on migrants",
        "ABC/2026/ST/3",
    )
    assert (properties.author, properties.last_modified_by) == ("Group of Agencies",) * 2
    assert (properties.language, properties.identifier) == ("en", adopted().address)
    assert f"{properties.created:%Y-%m-%d %H:%M}" == "2026-11-23 00:00"


@pytest.mark.parametrize(
    ("paragraphs", "language", "said"),
    [
        (ARABIC, "ar", {"val": "en", "bidi": "ar"}),
        (CHINESE, "zh", {"val": "en", "eastAsia": "zh"}),
        (CHINESE, "fr", {"val": "fr"}),
    ],
)
def test_its_language_stands_where_word_looks_for_it(paragraphs, language, said):
    document = opened(adopted(paragraphs, language=language))
    default = document.styles.element.find(".//" + qn("w:docDefaults")).find(".//" + qn("w:lang"))

    assert {name.partition("}")[2]: value for name, value in default.attrib.items()} == said


def test_an_arabic_text_reads_from_right_to_left():
    document = opened(adopted(ARABIC, language="ar", occasion=""))
    right_to_left = [
        paragraph.text
        for paragraph in document.paragraphs
        if paragraph._p.pPr.find(qn("w:bidi")) is not None
    ]

    assert right_to_left == [text for _kind, text in ARABIC]
    title = document.paragraphs[3]
    assert [run._r.rPr.find(qn("w:rtl")) is not None for run in title.runs] == [True]


def test_names_in_other_scripts_are_marked_so():
    rows = opened(adopted()).tables[0].rows
    arabic, chinese = (rows[place].cells[1].paragraphs[0].runs[0]._r for place in (1, 4))

    assert arabic.rPr.find(qn("w:rtl")) is not None
    assert chinese.rPr.rFonts.get(qn("w:hint")) == "eastAsia"


def test_what_no_letter_begins_and_tabs_are_written_too():
    text = adopted(
        (("body", "1\t2\n\n3\ufffe"),),
        group="2026",
        occasion="",
        signatories=(),
        apart=(),
        not_asked=(),
        sha256="",
    )

    assert [line for _style, line in lines(opened(text))] == [
        "2026\tABC/2026/ST/3",
        "Adopted on 23 November 2026",
        "Language: English",
        "Joint statement on migrants",
        "1\t2\n\n3",
        f"{PROOF}\nSHA-256 of the text: \nPermanent address: {text.address}",
    ]


@pytest.mark.parametrize(
    ("paragraphs", "language"), [(None, "en"), (ARABIC, "ar"), (CHINESE, "zh")]
)
def test_a_validator_finds_nothing(paragraphs, language, tmp_path):
    text = adopted(paragraphs, language=language) if paragraphs else adopted()
    path = tmp_path / "statement.docx"
    path.write_bytes(adopted_files.statement_docx(text))

    assert OpenXmlValidator().validate(path).errors == []


def test_it_has_no_comment_no_change_no_time_and_the_same_bytes_each_time():
    content = adopted_files.statement_docx(adopted())
    archive = zipfile.ZipFile(io.BytesIO(content))

    assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert [name for name in archive.namelist() if "comment" in name or "people" in name] == []
    document = archive.read("word/document.xml").decode()
    assert ("<w:ins" in document, "<w:del" in document) == (False, False)
    assert content == adopted_files.statement_docx(adopted())
