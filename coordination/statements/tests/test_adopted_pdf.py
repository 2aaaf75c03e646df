"""The adopted statement as PDF, read back by other programs: its words, tags and pages."""

import io
import shutil
import subprocess
from collections.abc import Iterator

import pdfua
import pikepdf
import pytest

from coordination.core.pdf import PdfRefused
from coordination.statements.queries import adopted_files
from coordination.statements.tests.adopted_samples import ARABIC, BLOCKS, CHINESE, LONG, adopted


@pytest.fixture(scope="module", autouse=True)
def fonts():
    """Skip where the machine has no font for the scripts of the samples."""
    try:
        adopted_files.statement_pdf(adopted())
    except PdfRefused as refused:
        pytest.skip(f"needs fonts-noto-core and fonts-noto-cjk: {refused.message}")


def opened(text) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(adopted_files.statement_pdf(text)))


def roles(node) -> Iterator[str]:
    """Yield the roles of the tags under a node, from top to bottom."""
    if isinstance(node, pikepdf.Array):
        for child in node:
            yield from roles(child)
    elif isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            yield str(node.S)
        if "/K" in node:
            yield from roles(node.K)


def words(content: bytes, tmp_path) -> list[str]:
    """Return the lines of each page as poppler reads them, without the spaces of the layout."""
    if shutil.which("pdftotext") is None:
        pytest.skip("needs poppler-utils")
    (tmp_path / "statement.pdf").write_bytes(content)
    read = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "statement.pdf", "-"],
        capture_output=True,
        text=True,
        check=True,
    )
    # poppler puts marks of direction around Arabic
    lines = read.stdout.translate(dict.fromkeys(map(ord, "\u202a\u202b\u202c"))).splitlines()
    return [" ".join(line.split()) for line in lines if line.strip()]


def test_it_says_that_it_is_accessible_and_what_it_is():
    pdf = opened(adopted())

    assert str(pdf.Root.Lang) == "en"
    assert bool(pdf.Root.MarkInfo.Marked)
    assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
    with pdf.open_metadata() as metadata:
        assert metadata["dc:title"] == "Joint statement on migrants"
        assert metadata["dc:creator"] == ["Group of Agencies"]
        assert metadata["pdfuaid:part"] == "1"
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
        assert metadata["xmp:CreateDate"].startswith("2026-11-23T00:00:00")


def test_its_tags_are_headings_and_lists_of_paragraphs():
    pdf = opened(adopted())
    found = list(roles(pdf.Root.StructTreeRoot.K))

    # the title, two headings of the text, signatories, reservations, did not join, was not asked
    assert [role for role in found if role.startswith("/H")] == ["/H1", *["/H2"] * 6]
    # a numbered paragraph is an item with its label, and an agency an item with an empty one:
    # PP 1, ¶ 1, OP 1 to 3, ¶ 4; (a) and (b) under OP 2; four signatories and two others
    assert found[: found.index("/LBody")][-3:] == ["/L", "/LI", "/Lbl"]
    assert (found.count("/Lbl"), found.count("/Link")) == (14, 1)


@pytest.mark.parametrize(
    ("paragraphs", "language"), [(BLOCKS, "en"), (ARABIC, "ar"), (CHINESE, "zh"), (CHINESE, "ja")]
)
def test_a_validator_of_accessible_pdf_finds_nothing(paragraphs, language, tmp_path):
    path = tmp_path / "statement.pdf"
    path.write_bytes(adopted_files.statement_pdf(adopted(paragraphs, language=language)))

    report = pdfua.validate(path)

    assert report.findings == ()
    assert str(pikepdf.open(path).Root.Lang) == language


@pytest.mark.process
def test_its_words_are_in_order(tmp_path):
    text = adopted()

    assert words(adopted_files.statement_pdf(text), tmp_path) == [
        "Group of Agencies ABC/2026/ST/3",
        "Adopted on 23 November 2026",
        "Migrants Day",
        "Language: English",
        "Joint statement on",
        "migrants & transit",
        "Geneva, 23 November 2026",
        "PP 1 Recalling that every person keeps their human rights,",
        "¶1 We, the heads of the agencies:",
        "OP 1 Call upon States to ensure <care>;",
        "OP 2 Urge all:",
        "(a) To search for people;",
        "(b) To inform their families;",
        "OP 3 Commit ourselves to report.",
        "The way ahead",
        "¶4 We will open a desk.",
        "It answers questions.",
        "Signatories",
        "ESCWA UNHCR with reservation",
        "اللجنة الاقتصادية Office for Refugees",
        "OHCHR with reservation ESCAP",
        "Office for Human Rights 联合国经济社会委员会",
        "Reservations",
        "OHCHR, OP 1: Read with article 9.",
        "UNHCR: Only for refugees.",
        "Did not join",
        "WB",
        "World Bank",
        "Was not asked",
        "UNU",
        "University",
        "All signatories approved exactly this text.",
        f"SHA-256 of the text: {text.sha256}",
        "Permanent address: https://secretariat.example.org/statements/2026-transit/",
        "https://secretariat.example.org/statements/2026-transit/ 1 of 1",
        f"SHA-256 of the text: {text.sha256}",
    ]


@pytest.mark.process
def test_pages_after_the_first_say_whose_they_are(tmp_path):
    lines = words(adopted_files.statement_pdf(adopted(LONG)), tmp_path)

    assert lines.count("Group of Agencies ABC/2026/ST/3") == 2
    assert [line[-7:] for line in lines if line.startswith("https")] == [" 1 of 2", " 2 of 2"]


def test_the_same_text_gives_the_same_bytes_whatever_the_reader_speaks():
    assert adopted_files.statement_pdf(adopted()) == adopted_files.statement_pdf(adopted())


def test_nothing_in_it_is_read_as_code():
    text = adopted((("title", '#panic("x") *a* $x$'),), title="#panic()")

    with opened(text).open_metadata() as metadata:
        assert metadata["dc:title"] == "#panic()"


def test_a_character_without_a_font_gives_a_sentence_and_the_other_files():
    text = adopted((("title", "\ue000"),))

    with pytest.raises(PdfRefused) as refused:
        adopted_files.statement_pdf(text)

    assert refused.value.message.startswith("This document cannot be made: PDF/A-2a")
    assert sorted(adopted_files.adopted_files(text)) == [
        "statement.docx",
        "statement.txt",
        "statement.xml",
    ]
