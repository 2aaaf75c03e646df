"""Opening words stand in italics, as in UN texts, wherever a text is read."""

from io import BytesIO

import pytest
from docx import Document

from coordination.core.tests.pages import text_of
from coordination.statements.enums import BlockKind, StatementState
from coordination.statements.models import Block
from coordination.statements.tests.factories import AmendmentFactory, circulated, unfrozen
from coordination.statements.tests.pages import url
from coordination.tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
TEXT = "Deeply concerned at <the> deaths,"
SHOWN = "<em>Deeply concerned</em> at &lt;the&gt; deaths,"


def with_opening(draft, kind=BlockKind.PREAMBULAR, text=TEXT):
    block = Block(draft=draft, key="b9", kind=kind, position=9, text=text)
    with unfrozen():
        Block.objects.bulk_create([block])
    return draft.blocks.get(key="b9")


@pytest.fixture
def draft():
    return circulated()


def test_a_draft_and_a_page_to_amend_it(of_unfpa, draft):
    with_opening(draft)

    for path in (url("show", draft), url("compile", draft), url("amend", draft, "b9")):
        assert SHOWN in of_unfpa.get(path).content.decode(), path


def test_the_public_text(client):
    adopted = circulated(StatementState.ADOPTED, adopted_at=NOW, released_at=NOW)
    with_opening(adopted)

    assert SHOWN in client.get(url("show", adopted)).content.decode()


def test_what_the_chair_consolidates_with_its_changes(of_chair, ohchr):
    draft = circulated(StatementState.CONSOLIDATION)
    block = with_opening(draft)
    AmendmentFactory(block=block, agency=ohchr, proposed_text=TEXT.replace("Deeply", "Gravely"))

    page = of_chair.get(url("consolidate", draft)).content.decode()

    assert "<em>Deeply</em>" in page
    assert "<em>Gravely</em>" in page
    assert page.count("<em>") == page.count("</em>")


def test_a_compilation_marks_italics_inside_its_brackets(of_unfpa, draft, ohchr):
    block = with_opening(draft)
    AmendmentFactory(block=block, agency=ohchr, proposed_text=TEXT.replace("Deeply", "Gravely"))

    page = of_unfpa.get(url("compile", draft)).content.decode()
    assert "<del><em>Deeply</em></del>" in page
    assert "<ins><em>Gravely</em></ins>" in page
    assert "<em> concerned</em> at" in page

    written = Document(BytesIO(of_unfpa.get(url("compile_word", draft)).content))
    runs = [(run.text, bool(run.italic)) for run in written.paragraphs[-1].runs]
    assert [text for text, italic in runs if italic] == ["Deeply", "Gravely", " concerned"]
    assert "".join(text for text, _italic in runs).endswith(" concerned at <the> deaths,")


def test_an_opening_alone_is_one_run_of_a_document(of_unfpa, draft):
    with_opening(draft, text="Deeply concerned")

    written = Document(BytesIO(of_unfpa.get(url("compile_word", draft)).content))

    assert [(run.text, run.italic) for run in written.paragraphs[-1].runs[1:]] == [
        ("Deeply concerned", True)
    ]


@pytest.mark.parametrize(
    ("language", "kind", "text"),
    [
        ("zh", BlockKind.PREAMBULAR, "回顾其以往各项决议，"),
        ("en", BlockKind.BODY, "Honouring the Charter, we met."),
        ("en", BlockKind.HEADING, "Supporting families"),
    ],
)
def test_where_no_rule_is_sound_nothing_is_italic(of_unfpa, language, kind, text):
    draft = circulated(language=language)
    with_opening(draft, kind, text)

    page = text_of(of_unfpa.get(url("show", draft)))

    assert (text in page, f"<em>{text[:2]}" in page) == (True, False)
