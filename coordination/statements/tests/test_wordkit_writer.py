"""The exact XML of small files with tracked changes."""

import zipfile
from datetime import timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

from docx import Document
from lxml import etree

from coordination.statements.tests.word_documents import (
    COMMENT_WORDS,
    COVER,
    NOTES,
    SOURCE,
    START,
    record,
)
from coordination.statements.wordkit import markup, package
from coordination.statements.wordkit.plan import (
    AgencyProposal,
    BaseParagraph,
    PlannedParagraph,
    PlanNote,
    PlanPiece,
    Policy,
    plan_document,
)
from coordination.statements.wordkit.record import FileRecord, Words
from coordination.statements.wordkit.writer import tracked_document
from coordination.textkit.hunks import Change, Hunk

LATER = START + timedelta(hours=1)
BASE = "States must act."
# as the file says who changed something and when, after its number
WHO_SIGNS = 'w:author="WHO" w:date="2026-11-20T10:00:00Z" w16du:dateUtc="2026-11-20T10:00:00Z"'


def written(planned, language="en", words=COMMENT_WORDS):
    return tracked_document(record(language), SOURCE, COVER, planned, words)


def part(file, name):
    with zipfile.ZipFile(BytesIO(file)) as opened:
        return opened.read(name).decode()


def paragraphs(file):
    """Return the XML of each paragraph of the body, without namespaces."""
    root = etree.fromstring(part(file, "word/document.xml").encode())
    texts = []
    for each in root.iter(markup.qualified("w:p")):
        text = etree.tostring(each, encoding="unicode")
        for prefix, address in markup.NAMESPACES.items():
            text = text.replace(f' xmlns:{prefix}="{address}"', "")
        texts.append(text.strip())
    return texts


def run(text, tag="t", look=""):
    return f'<w:r>{look}<w:{tag} xml:space="preserve">{text}</w:{tag}></w:r>'


def test_a_replaced_word_under_the_name_of_its_agency():
    edit = AgencyProposal(
        "WHO", START, changes=(Change((Hunk(7, 11, "shall"),)),), reason="Law & <order>."
    )
    [planned] = plan_document(
        [BaseParagraph("b2", "operative", "OP 1", BASE, (edit,))], Policy("lead")
    )

    body = paragraphs(written([planned]))

    label = (
        '<w:r><w:rPr><w:rStyle w:val="ParagraphLabel"/></w:rPr>'
        '<w:t xml:space="preserve">OP 1</w:t><w:tab/></w:r>'
    )
    assert body[2] == (
        '<w:p><w:pPr><w:pStyle w:val="StatementText"/></w:pPr>'
        f'<w:bookmarkStart w:id="1" w:name="_st_b2_r1"/>{label}{run("States ")}'
        f'<w:commentRangeStart w:id="0"/><w:del w:id="2" {WHO_SIGNS}>{run("must", "delText")}</w:del>'
        f'<w:ins w:id="3" {WHO_SIGNS}>{run("shall")}</w:ins><w:commentRangeEnd w:id="0"/>'
        '<w:r><w:rPr><w:rStyle w:val="CommentReference"/></w:rPr><w:commentReference w:id="0"/></w:r>'
        f'{run(" act.")}<w:bookmarkEnd w:id="1"/></w:p>'
    )
    assert [body[0], body[1], body[3]] == [
        f'<w:p><w:pPr><w:pStyle w:val="CoverLine"/></w:pPr>{run("TEST/2026/ST/1")}</w:p>',
        f'<w:p><w:pPr><w:pStyle w:val="CoverLine"/></w:pPr>{run("Draft 1")}</w:p>',
        f'<w:p><w:pPr><w:pStyle w:val="EndOfText"/></w:pPr>{run("— end of text —")}</w:p>',
    ]


def test_a_comment_says_why_and_with_whom():
    notes = (
        PlanNote("alternative", "UNHCR", START, 1, "must", "may", "Weak?\nYes.", ("IOM", "ILO")),
        PlanNote("supports", "Fédération des agences", START, 1),
    )
    pieces = (PlanPiece("keep", BASE), *notes)

    file = written(
        [PlannedParagraph("b1", "body", "", pieces)],
        words=Words(NOTES, "With %(agencies)s.", ZoneInfo("America/New_York")),
    )

    said = [
        (each.comment_id, each.author, each.initials, each.text)
        for each in Document(BytesIO(file)).comments
    ]
    assert said == [
        (0, "UNHCR", "UNHCR", "Alternative for “must”: “may”\nWeak?\nYes.\nWith IOM, ILO."),
        (1, "Fédération des agences", "Fédératio", "Supports the same change."),
    ]
    assert part(file, "word/comments.xml").count('w:date="2026-11-20T05:00:00Z"') == 2


def test_a_change_says_the_time_of_the_readers_clock_and_the_true_one():
    planned = PlannedParagraph("b1", "body", "", (PlanPiece("insert", "New.", "WHO", START),))

    file = written([planned], words=Words(NOTES, "", ZoneInfo("Asia/Bangkok")))

    assert 'w:date="2026-11-20T17:00:00Z" w16du:dateUtc="2026-11-20T10:00:00Z"' in part(
        file, "word/document.xml"
    )


def test_paragraphs_that_come_and_go_have_changed_marks():
    old = BaseParagraph(
        "b1",
        "operative",
        "OP 1",
        BASE,
        (
            AgencyProposal("WHO", START, "delete", reason="Said before."),
            AgencyProposal(
                "WHO", START, "insert", text="New.", block_kind="body", label="OP 1 bis"
            ),
        ),
    )

    gone, new = paragraphs(written(plan_document([old], Policy("lead"))))[2:4]

    label = '<w:rPr><w:rStyle w:val="ParagraphLabel"/></w:rPr>'
    reference = '<w:r><w:rPr><w:rStyle w:val="CommentReference"/></w:rPr><w:commentReference w:id="0"/></w:r>'
    assert gone == (
        '<w:p><w:pPr><w:pStyle w:val="StatementText"/>'
        f'<w:rPr><w:del w:id="1" {WHO_SIGNS}/></w:rPr></w:pPr>'
        '<w:bookmarkStart w:id="2" w:name="_st_b1_r1"/>'
        f'<w:del w:id="3" {WHO_SIGNS}><w:r>{label}<w:delText xml:space="preserve">OP 1</w:delText>'
        f'<w:tab/></w:r></w:del><w:commentRangeStart w:id="0"/><w:del w:id="4" {WHO_SIGNS}>'
        f'{run(BASE, "delText")}</w:del><w:commentRangeEnd w:id="0"/>'
        f'<w:del w:id="5" {WHO_SIGNS}>{reference}</w:del><w:bookmarkEnd w:id="2"/></w:p>'
    )
    assert new == (
        '<w:p><w:pPr><w:pStyle w:val="StatementText"/>'
        f'<w:rPr><w:ins w:id="6" {WHO_SIGNS}/></w:rPr></w:pPr><w:ins w:id="7" {WHO_SIGNS}>'
        f'<w:r>{label}<w:t xml:space="preserve">OP 1 bis</w:t><w:tab/></w:r></w:ins>'
        f'<w:ins w:id="8" {WHO_SIGNS}>{run("New.")}</w:ins></w:p>'
    )


def test_opening_words_are_italic_also_where_they_change():
    text = "*Recalling* all, "
    pieces = (
        PlanPiece("delete", "Recalling", "WHO", START),
        PlanPiece("insert", "Reaffirming", "WHO", START),
        PlanPiece("keep", " that all have rights,"),
    )
    planned = PlannedParagraph("b2", "preambular", "PP 1", pieces)

    [paragraph] = paragraphs(written([planned]))[2:3]

    italic = "<w:rPr><w:i/><w:iCs/></w:rPr>"
    assert run("Recalling", "delText", italic) in paragraph
    assert run("Reaffirming", "t", italic) in paragraph
    assert run(" that all have rights,") in paragraph
    assert text not in paragraph


def test_from_right_to_left():
    planned = PlannedParagraph("b1", "title", "Title", (PlanPiece("keep", "حقوق"),))

    file = written([planned], "ar")

    assert paragraphs(file)[2] == (
        '<w:p><w:pPr><w:pStyle w:val="Title"/><w:bidi/></w:pPr>'
        '<w:bookmarkStart w:id="1" w:name="_st_b1_r1"/>'
        f'{run("حقوق", look="<w:rPr><w:rtl/></w:rPr>")}<w:bookmarkEnd w:id="1"/></w:p>'
    )
    assert '<w:lang w:val="ar" w:eastAsia="ar" w:bidi="ar"/>' in part(file, "word/styles.xml")
    assert 'w:gutter="0"/><w:bidi/></w:sectPr>' in part(file, "word/document.xml")


def test_lines_tabs_and_signs_that_no_file_can_hold():
    pieces = (
        PlanPiece("keep", "\x0b"),
        PlanNote("deletion", "A\x01B", START, 1, "x"),
        PlanPiece("keep", "a\nb\tc\r\nd\ufffe"),
        PlanPiece("insert", "", "WHO", START),
        PlanPiece("insert", "e", "WHO"),
    )

    file = written([PlannedParagraph("b1", "heading", "", pieces)])

    reference = '<w:r><w:rPr><w:rStyle w:val="CommentReference"/></w:rPr><w:commentReference w:id="0"/></w:r>'
    assert paragraphs(file)[2] == (
        '<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr>'
        '<w:bookmarkStart w:id="1" w:name="_st_b1_r1"/><w:commentRangeStart w:id="0"/>'
        f'<w:commentRangeEnd w:id="0"/>{reference}<w:r><w:t xml:space="preserve">a</w:t><w:br/>'
        '<w:t xml:space="preserve">b</w:t><w:tab/><w:t xml:space="preserve">c</w:t><w:br/>'
        '<w:t xml:space="preserve">d</w:t></w:r>'
        f'<w:ins w:id="2" w:author="WHO">{run("e")}</w:ins><w:bookmarkEnd w:id="1"/></w:p>'
    )
    assert 'w:author="AB"' in part(file, "word/comments.xml")


def test_the_file_says_what_it_is_and_tracks_what_people_change():
    planned = [PlannedParagraph("b1", "body", "", (PlanPiece("keep", BASE),))]

    file = written(planned)

    core = Document(BytesIO(file)).core_properties
    assert (core.title, core.author, core.language, core.created.replace(tzinfo=None)) == (
        "Migrants & <transit>",
        "Global Migration Group",
        "en",
        START.replace(tzinfo=None),
    )
    assert (
        f'pid="2" name="StatementDraft"><vt:lpwstr>TEST/2026/ST/1;1;{"0" * 64}</vt:lpwstr>'
        in part(file, "docProps/custom.xml")
    )
    assert "<w:trackRevisions/>" in part(file, "word/settings.xml")
    assert "TEST/2026/ST/1</w:t><w:tab/>" in part(file, "word/header1.xml")
    assert part(file, "word/footer1.xml").count("<w:fldSimple") == 2
    with zipfile.ZipFile(BytesIO(file)) as opened:
        assert [
            name for name in opened.namelist() if "comments" in name or "WithEffects" in name
        ] == []
    section = Document(BytesIO(file)).sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)


def test_the_same_input_gives_the_same_bytes():
    planned = [PlannedParagraph("b1", "body", "", (PlanPiece("insert", BASE, "WHO", LATER),))]

    assert written(planned) == written(planned)


def test_a_file_that_is_not_sent_round_tracks_nothing():
    body = package.new_body()
    markup.add_run(
        markup.add_paragraph(body, "Normal"),
        "Words",
        markup.Look(bold=True, strike=True, underline=True),
    )

    file = package.packed(FileRecord("T", "G", "fr", START), body)

    assert "trackRevisions" not in part(file, "word/settings.xml")
    assert "custom" not in part(file, "_rels/.rels")
    assert '<w:rPr><w:b/><w:bCs/><w:strike/><w:u w:val="single"/></w:rPr>' in part(
        file, "word/document.xml"
    )
