"""A new draft from any Word document."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from coordination.core.tests.pages import text_of
from coordination.statements.tests.factories import drafted
from coordination.statements.tests.pages import form_of, url
from coordination.statements.tests.test_word_reader import NUMBERING, STYLES, item
from coordination.statements.tests.word_files import dele, ins, par, run, word
from coordination.statements.wordkit.new_text import new_text
from coordination.statements.wordkit.reader import read_document
from coordination.textkit import chosen_kinds
from coordination.textkit.blocks import recognise, with_kinds


def blocks_of(*paragraphs: str, **fields):
    text = new_text(read_document(word(*paragraphs, **fields)))
    recognised = recognise(text.text)
    chosen = with_kinds(recognised, chosen_kinds.decode(recognised, text.kinds))
    return [(block.chosen_kind, block.text) for block in chosen]


def italic(text: str) -> str:
    return run(text, properties="<w:i/>")


def test_headings_numbers_and_italic_openings_are_recognised():
    found = blocks_of(
        par(
            "Joint statement on migrants in transit, with more words than a line has",
            style="Heading0",
        ),
        par("Our common ground in a sentence.", style="Own"),
        par(italic("Heartened"), " by the work of the agencies,"),
        par(italic("Thank"), " all who came;"),
        item("1", text="Calls upon States to act;"),
        item("1", "1", text="at home;"),
        item("1", "1", text="abroad;"),
        par(italic("All of this is in italics.")),
        parts={"styles": STYLES, "numbering": NUMBERING},
    )

    assert found == [
        ("title", "Joint statement on migrants in transit, with more words than a line has"),
        ("heading", "Our common ground in a sentence."),
        ("preambular", "Heartened by the work of the agencies,"),
        ("operative", "Thank all who came;"),
        ("operative", "Calls upon States to act;"),
        ("item", "(a) at home;"),
        ("item", "(b) abroad;"),
        ("body", "All of this is in italics."),
    ]


def test_changes_are_accepted_and_our_own_lines_left_out():
    assert blocks_of(
        par("Draft 1", style="CoverLine"),
        par(),
        par("Recalling ", dele("WHO", "old"), ins("WHO", "new"), " rules,"),
    ) == [("preambular", "Recalling new rules,")]


def test_where_a_line_reads_as_two_paragraphs_the_kinds_are_guessed():
    text = new_text(
        read_document(
            word(
                par("Recalling the law,\nNoting the need,", style="Own"),
                par("One sentence."),
                parts={"styles": STYLES},
            )
        )
    )

    assert text.kinds == ""
    assert text.text.startswith("Recalling the law,\nNoting the need,")


def file_of(*paragraphs: str, **fields) -> SimpleUploadedFile:
    return SimpleUploadedFile("draft.docx", word(*paragraphs, **fields))


@pytest.mark.django_db
@pytest.mark.usefixtures("now", "terms")
def test_a_statement_begins_from_a_file(of_chair):
    path = reverse("statements:start")
    file = file_of(
        par("On children", style="Heading0"),
        par("Our common ground in a sentence.", style="Own"),
        parts={"styles": STYLES},
    )

    page = of_chair.post(path, {"step": "read", "file": file})

    assert page.status_code == 200
    form = page.context["form"]
    assert (form["title"].value(), form["text"].value()) == (
        "On children",
        "On children\n\nOur common ground in a sentence.",
    )
    looked = of_chair.post(path, form_of(page, step="preview"))
    assert [one.kind for one in looked.context["paragraphs"]] == ["title", "heading"]


@pytest.mark.django_db
@pytest.mark.usefixtures("now", "terms")
def test_a_draft_in_preparation_gets_the_text_of_a_file(of_chair):
    path = url("paste", drafted())

    page = of_chair.post(path, {"step": "read", "file": file_of(par("word " * 50))})

    assert page.context["form"]["text"].value() == " ".join(["word"] * 50)
    answer = of_chair.post(path, form_of(page))
    assert answer.status_code == 302


@pytest.mark.django_db
@pytest.mark.usefixtures("now", "terms")
@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (file_of(par()), "This file has no words."),
        (SimpleUploadedFile("a.docx", b"x"), "The content of this file is not that of a .docx"),
        (SimpleUploadedFile("a.odt", b"x"), "Send a Word file (.docx)."),
    ],
)
def test_a_bad_file_is_said_beside_it(of_chair, file, sentence):
    page = of_chair.post(reverse("statements:start"), {"step": "read", "file": file})

    assert page.status_code == 422
    assert sentence in text_of(page)
