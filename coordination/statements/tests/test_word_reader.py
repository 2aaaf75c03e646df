"""What a Word file says: words, tracked changes, comments, and what is counted."""

import pytest

from coordination.core.tests import files
from coordination.filekit.refusals import FileFault, Refused
from coordination.statements.tests.word_files import (
    DATE,
    cell,
    dele,
    ins,
    mark,
    par,
    row,
    run,
    table,
    who,
    word,
)
from coordination.statements.wordkit.document import PARAGRAPH_END, Edit, edits, texts
from coordination.statements.wordkit.numbering import number_of
from coordination.statements.wordkit.reader import read_document


def views(*blocks: str, **fields):
    read = read_document(word(*blocks, **fields))
    return texts(read.paragraphs, ()), texts(read.paragraphs, None)


def changes(*blocks: str):
    return [
        (edit.paragraph, edit.author, edit.start, edit.end, edit.text)
        for edit in edits(read_document(word(*blocks)).paragraphs)
    ]


def test_words_that_are_put_in_and_taken_out():
    body = par("Hello ", dele("WHO", "old"), ins("WHO", "new"), " world")

    assert views(body) == (["Hello old world"], ["Hello new world"])
    assert list(edits(read_document(word(body)).paragraphs)) == [Edit(0, "WHO", DATE, 6, 9, "new")]


def test_each_author_has_edits_of_their_own():
    body = par("Protect ", dele("WHO", "all "), ins("UNICEF", "young "), "people", ins("WHO", "."))

    assert changes(body) == [
        (0, "WHO", 8, 12, ""),
        (0, "UNICEF", 12, 12, "young "),
        (0, "WHO", 18, 18, "."),
    ]


def test_many_runs_of_one_author_are_one_edit():
    body = par(
        "A ", dele("WHO", "b"), dele("WHO", "c"), ins("WHO", "x"), dele("WHO", "d"), ins("WHO", "y")
    )

    assert changes(body) == [(0, "WHO", 2, 5, "xy")]


def test_a_new_paragraph_before_another_and_after_another():
    before = (par("One"), par(ins("WHO", "New"), mark=mark("ins", "WHO")), par("Two"))
    after = (par("One", mark=mark("ins", "WHO")), par(ins("WHO", "New")), par("Two"))

    assert views(*before) == views(*after) == (["One", "Two"], ["One", "New", "Two"])
    assert changes(*before) == [(1, "WHO", 0, 0, f"New{PARAGRAPH_END}")]
    assert changes(*after) == [(0, "WHO", 3, 3, f"{PARAGRAPH_END}New")]


def test_a_new_paragraph_at_the_very_end():
    body = (par("One"), par(ins("WHO", "New"), mark=mark("ins", "WHO")))

    assert views(*body) == (["One"], ["One", "New"])
    assert changes(*body) == [(0, "WHO", 3, 3, f"{PARAGRAPH_END}New")]


def test_a_paragraph_that_is_split_and_two_that_are_joined():
    split = (par("One", mark=mark("ins", "WHO")), par(" two"))
    joined = (par("One ", mark=mark("del", "WHO")), par("two"))

    assert views(*split) == (["One two"], ["One", " two"])
    assert changes(*split) == [(0, "WHO", 3, 3, PARAGRAPH_END)]
    assert views(*joined) == (["One ", "two"], ["One two"])
    assert changes(*joined) == [(0, "WHO", 4, 5, "")]


def test_a_deleted_paragraph_vanishes_also_at_the_end():
    gone = par(dele("WHO", "Two"), mark=mark("del", "WHO"))

    assert views(par("One"), gone, par("Three")) == (["One", "Two", "Three"], ["One", "Three"])
    assert views(par("One"), gone) == (["One", "Two"], ["One"])


def test_what_another_deletes_of_an_insertion_is_a_counter_proposal():
    both = f"<w:ins {who('WHO')}><w:del {who('ILO')}>{run('new ', 'delText')}</w:del></w:ins>"
    own = f"<w:ins {who('WHO')}><w:del {who('WHO')}>{run('new ', 'delText')}</w:del></w:ins>"
    read = read_document(word(par("a ", both, "b")))

    assert [texts(read.paragraphs, who) for who in ((), ["WHO"], ["WHO", "ILO"], None)] == [
        ["a b"],
        ["a new b"],
        ["a b"],
        ["a b"],
    ]
    assert changes(par("a ", both, "b")) == [(0, "WHO", 2, 2, "new ")]
    assert changes(par("a ", own, "b")) == []


def test_moved_words_are_taken_out_and_put_in():
    moved = f"<w:moveTo {who('WHO')}>{run('now ')}</w:moveTo>"
    from_here = f"<w:moveFrom {who('WHO')}>{run(' now')}</w:moveFrom>"

    assert views(par(moved, "we act", from_here)) == (["we act now"], ["now we act"])


def test_tables_are_read_cell_by_cell():
    kept = row(cell(par("a", mark=mark("del", "WHO"))), cell(par("b")))
    new = row(cell(par(ins("WHO", "c"), mark=mark("ins", "WHO"))), change=f"<w:ins {who('WHO')}/>")
    gone = row(
        cell(par(dele("WHO", "d"), mark=mark("del", "WHO"))), change=f"<w:del {who('WHO')}/>"
    )

    assert views(par("x"), table(kept, new, gone), par("y")) == (
        ["x", "a", "b", "d", "y"],
        ["x", "a", "b", "c", "y"],
    )


def test_signs_fields_and_things_around_runs():
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>REF x</w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run("three")}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    signs = '<w:r><w:noBreakHyphen/><w:sym w:char="00B0"/><w:sym w:char="F0B7"/><w:sym w:char="x"/></w:r>'
    link = f"<w:hyperlink>{run('link')}</w:hyperlink>"
    control = f"<w:sdt><w:sdtContent>{run('held')}</w:sdtContent></w:sdt>"
    formula = "<m:oMath><m:r><m:t>E=m</m:t></m:r></m:oMath>"
    choice = f"<mc:AlternateContent><mc:Choice>{run('1')}</mc:Choice><mc:Fallback>{run('2')}</mc:Fallback></mc:AlternateContent>"

    assert views(par(field, "a\tb\nc", signs, link, control, formula, choice))[0] == [
        "threea\tb\nc‑°linkheldE=m1"
    ]
    assert views(
        f"<w:sdt><w:sdtContent>{par('in')}</w:sdtContent></w:sdt>",
        f"<mc:AlternateContent><mc:Choice>{par('one')}</mc:Choice></mc:AlternateContent>",
        '<w:bookmarkStart w:id="1" w:name="x"/>',
        "<w:sectPr/>",
    )[0] == ["in", "one"]
    assert views(par('<w:r><w:fldChar w:fldCharType="end"/></w:r>', "a"))[0] == ["a"]
    assert views(par('<w:r><w:fldChar w:fldCharType="separate"/></w:r>', "a"))[0] == ["a"]


def test_our_own_labels_are_no_words():
    label = run("OP 3\t", properties='<w:rStyle w:val="ParagraphLabel"/>')

    assert views(par(label, "Calls"))[0] == ["Calls"]


def test_comments_stand_at_their_words():
    start, end = '<w:commentRangeStart w:id="4"/>', '<w:commentRangeEnd w:id="4"/>'
    comment = f'<w:comment {who("Jane")}><w:p w14:paraId="AA">{run("Why?")}</w:p><w:p>{run("So")}<w:r><w:tab/></w:r></w:p></w:comment>'
    lonely = f"<w:comment {who('Bob')}><w:p>{run('Nowhere')}</w:p></w:comment>"
    read = read_document(
        word(
            par("Zero"),
            par("One ", ins("WHO", "new "), start, "two", end, " three"),
            parts={
                "comments": comment.replace('w:id="1"', 'w:id="4"')
                + lonely.replace('w:id="1"', 'w:id="5"'),
                "commentsExtended": '<w15:commentEx w15:paraId="AA" w15:done="1"/>',
                "people": '<w15:person w15:author="Jane"><w15:presenceInfo w15:userId="S::Jane@who.int::7"/></w15:person><w15:person w15:author="Bob"/>',
            },
        )
    )

    assert [tuple(comment) for comment in read.comments] == [
        ("Jane", DATE, "Why?\nSo", 1, 4, 7, True),
        ("Bob", DATE, "Nowhere", None, 0, 0, False),
    ]
    assert read.emails == {"Jane": "jane@who.int"}
    assert read.authors == {"WHO": 1}


def test_the_moment_in_utc_comes_before_local_time_and_may_be_missing():
    utc = f'<w:ins w:author="WHO" w:date="2026-11-24T11:00:00Z" w16du:dateUtc="2026-11-24T10:00:00Z">{run("a")}</w:ins>'
    bare = f"<w:ins>{run('b')}</w:ins>"

    assert [
        (edit.author, edit.date)
        for edit in edits(read_document(word(par(utc, "x", bare))).paragraphs)
    ] == [("WHO", DATE), ("", "")]


def test_what_changes_no_words_is_counted():
    shape = f"<w:r><w:rPr><w:rPrChange {who('WHO')}/></w:rPr><w:t>a</w:t><w:drawing/></w:r>"
    box = f"<w:r><w:pict><w:txbxContent>{par(ins('WHO', 'b'))}</w:txbxContent></w:pict></w:r>"
    read = read_document(
        word(
            par(shape, box),
            table(row(f"<w:tc><w:tcPr><w:cellIns {who('WHO')}/></w:tcPr>{par('c')}</w:tc>")),
            parts={"header": par(ins("WHO", "h")), "footnotes": par(dele("WHO", "f"))},
        )
    )

    assert read.ignored == {
        "formatting": 1,
        "table cell": 1,
        "picture": 2,
        "text box": 1,
        "header": 1,
        "footnotes": 1,
    }
    assert texts(read.paragraphs, ()) == ["a", "c"]


STYLES = (
    '<w:style w:styleId="Heading0"><w:name w:val="Title"/></w:style>'
    '<w:style w:styleId="K2"><w:name w:val="heading 2"/></w:style>'
    '<w:style w:styleId="Own"><w:basedOn w:val="K2"/></w:style>'
    '<w:style w:styleId="List"><w:name w:val="List"/><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="2"/></w:numPr></w:pPr></w:style>'
)
LEVELS = "".join(
    f'<w:lvl w:ilvl="{place}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
    for place, start, form, text in (
        (0, 1, "decimal", "%1."),
        (1, 1, "lowerLetter", "(%2)"),
        (2, 3, "lowerRoman", "%1.%3"),
        (3, 1, "bullet", "o"),
        (4, 1, "none", ""),
        ("x", 1, "none", ""),
    )
)
NUMBERING = (
    f'<w:abstractNum w:abstractNumId="7">{LEVELS}</w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="7"/></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>'
    '<w:num w:numId="4"/>'
)


def item(number: str, level: str = "0", text: str = "a") -> str:
    return par(
        text,
        properties=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>',
    )


def test_numbers_of_lists_are_those_that_word_shows():
    read = read_document(
        word(
            item("1"),
            item("1", "1"),
            item("1", "1"),
            item("1", "2"),
            item("2"),
            par("b", style="List"),
            item("3"),
            item("3"),
            item("1", "3"),
            item("1", "4"),
            item("0"),
            item("4"),
            item("1", "8"),
            item("1", text=" "),
            item("1", "x"),
            parts={"styles": STYLES, "numbering": NUMBERING},
        )
    )

    assert read.numbers == (
        "1.", "(a)", "(b)", "1.iii", "2.", "(a)", "5.", "6.", "•", "", "", "", "", "", "3.",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("value", "form", "written"),
    [
        (28, "lowerLetter", "bb"),
        (2, "upperLetter", "B"),
        (594, "upperRoman", "DXCIV"),
        (10**6, "lowerRoman", "1000000"),
        (10**6, "lowerLetter", "1000000"),
        (14, "lowerRoman", "xiv"),
        (3, "ordinal", "3"),
    ],
)
def test_forms_of_numbers(value, form, written):
    assert number_of(value, form) == written


def test_headings_are_known_by_their_styles():
    outline = '<w:outlineLvl w:val="0"/>'
    read = read_document(
        word(
            par("a", style="Heading0"),
            par("b", style="Own"),
            par("c", style="Title"),
            par("d", properties=outline),
            par("e", properties='<w:outlineLvl w:val="9"/>'),
            par("f", properties=f'<w:outlineLvl w:val="{"9" * 5000}"/>'),
            parts={"styles": STYLES},
        )
    )

    assert [paragraph.heading for paragraph in read.paragraphs] == [0, 2, 0, 1, -1, -1]


def test_strict_documents_and_other_names_of_the_main_part():
    strict = "http://purl.oclc.org/ooxml/wordprocessingml/main"

    assert views(par("a"), namespace=strict)[0] == ["a"]
    assert views(par("a"), main="text/main.xml")[0] == ["a"]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", FileFault.DAMAGED),
        (word(par("a"))[:300], FileFault.DAMAGED),
        (word("<w:p>"), FileFault.DAMAGED),
        (word(par("a"), namespace="http://example.org/"), FileFault.DAMAGED),
        (word("<w:sdt>" * 300 + "</w:sdt>" * 300), FileFault.DAMAGED),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            FileFault.ENCRYPTED,
        ),
    ],
)
def test_bad_files_are_refused(content, fault):
    with pytest.raises(Refused) as refused:
        read_document(content)
    assert refused.value.fault == fault


def test_a_file_without_its_main_part_is_refused(tmp_path):
    with pytest.raises(Refused) as refused:
        read_document(files.office())
    assert refused.value.fault == FileFault.DAMAGED
