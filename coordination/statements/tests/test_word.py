"""The compilation text for Word: the same words as the plain text, in a file that says what it is."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from docx import Document

from coordination.statements.enums import AmendmentKind, BlockKind
from coordination.statements.models import CoSponsor
from coordination.statements.tests.factories import AmendmentFactory, circulated, drafted
from coordination.statements.tests.pages import url
from coordination.tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now", "terms")]
CARE = "Call upon States to ensure that migrants in transit have access to health care;"


@pytest.fixture
def draft(unfpa, ohchr, who, other_agency):
    draft = circulated(title="Migrants & <transit>", language="ar")
    block = draft.blocks.get(key="b3")
    ours = AmendmentFactory(
        block=block, agency=unfpa, proposed_text=CARE.replace("migrants", "migrants and children")
    )
    CoSponsor.objects.create(amendment=ours, agency=ohchr, person=other_agency, joined_at=NOW)
    AmendmentFactory(block=block, agency=who, proposed_text=CARE.replace("in transit ", ""))
    new = {
        "kind": AmendmentKind.INSERT,
        "block_kind": BlockKind.OPERATIVE,
        "proposed_text": "Protect <children> first;",
    }
    AmendmentFactory(block=block, agency=who, **new)
    return draft


def opened(answer):
    return Document(BytesIO(answer.content))


def test_it_has_the_words_of_the_plain_text_in_its_brackets(of_unfpa, draft):
    answer = of_unfpa.get(url("compile_word", draft))

    paragraphs = opened(answer).paragraphs
    plain = of_unfpa.get(url("compile_plain", draft)).content.decode().strip().split("\n\n")
    labels = ("PP 1\t", "OP 1\t", "OP 1 bis\t", "OP 2\t")
    written = [paragraph.text for paragraph in paragraphs[2:]]
    assert written == [
        plain[0],
        *(f"{label}{words}" for label, words in zip(labels, plain[1:], strict=True)),
    ]
    assert "[and children – UNFPA, OHCHR]" in written[2]
    assert "[delete: in transit – WHO]" in written[2]
    runs = {run.text: (run.underline, run.font.strike) for run in paragraphs[4].runs}
    assert (runs["and children"], runs["in transit"]) == ((True, None), (None, True))
    assert (
        answer["Content-Disposition"]
        == f'attachment; filename="{draft.statement.slug}-compilation-of-draft-1.docx"'
    )


def test_the_file_says_what_it_is(of_unfpa, draft):
    answer = of_unfpa.get(url("compile_word", draft))

    document = opened(answer)
    record, page = document.core_properties, document.sections[0]
    assert (record.title, record.author, record.language) == (
        "Migrants & <transit>",
        "Global Migration Group",
        "ar",
    )
    assert (round(page.page_width.mm), round(page.page_height.mm)) == (210, 297)
    assert document.paragraphs[0].style.name == "Title"
    with ZipFile(BytesIO(answer.content)) as packed:
        body, styles = packed.read("word/document.xml"), packed.read("word/styles.xml")
        assert not [name for name in packed.namelist() if "stylesWithEffects" in name]
    language = b'<w:lang w:val="ar" w:eastAsia="ar" w:bidi="ar"/>'
    # five paragraphs, the title of the file and the page
    assert (body.count(b"<w:bidi/>"), language in styles) == (7, True)


def test_a_text_from_left_to_right_says_its_language(of_unfpa):
    answer = of_unfpa.get(url("compile_word", circulated(language="fr")))

    with ZipFile(BytesIO(answer.content)) as packed:
        body, styles = packed.read("word/document.xml"), packed.read("word/styles.xml")
    language = b'<w:lang w:val="fr" w:eastAsia="fr" w:bidi="ar-SA"/>'
    assert (b"<w:bidi/>" in body, language in styles) == (False, True)


def test_a_character_that_no_document_can_hold_keeps_nobody_from_it(of_unfpa, ohchr):
    draft = circulated(title="Migrants\x0bin transit\ufffe")
    AmendmentFactory(
        block=draft.blocks.get(key="b3"),
        agency=ohchr,
        proposed_text=CARE.replace("migrants", "all\uffff \x01migrants"),
    )

    answer = of_unfpa.get(url("compile_word", draft))

    written = [paragraph.text for paragraph in opened(answer).paragraphs]
    assert (answer.status_code, written[0], "[all – OHCHR]" in written[4]) == (
        200,
        "Migrantsin transit",
        True,
    )


def test_who_may_not_read_a_draft_gets_no_document(client, of_unfpa):
    assert client.get(url("compile_word", circulated())).status_code == 404
    assert of_unfpa.get(url("compile_word", drafted())).status_code == 404
