"""Which paragraphs of a Word file are which blocks of a draft, and what it proposes to them."""

from coordination.statements.tests.word_files import (
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
from coordination.statements.wordkit.matching import (
    DraftBlock,
    FileOrigin,
    is_typographic,
    match,
    origin_of,
)
from coordination.statements.wordkit.reader import read_document

BLOCKS = [
    DraftBlock("b1", "Title", "title", "Joint statement on migrants in transit"),
    DraftBlock("b2", "PP 1", "preambular", "Recalling that every person retains their rights,"),
    DraftBlock("b3", "OP 1", "operative", "Calls upon States to give access to health care;"),
    DraftBlock("b4", "", "body", "(a) to all children who travel alone in transit;"),
]


def anchored(key: str, *pieces: str, number: int = 1, **fields) -> str:
    return par(*pieces, anchor=f"_st_{key}_r{number}", **fields)


def ours(changed: dict[str, str] | None = None, *more: str) -> list[str]:
    """Return the draft as our export has it, some paragraphs changed; "" leaves one out."""
    found = [(changed or {}).get(block.key, anchored(block.key, block.text)) for block in BLOCKS]
    return [par("Draft 1", style="CoverLine"), *found, *more, par("— end —", style="EndOfText")]


def matched(blocks: list[str], **fields):
    return match(read_document(word(*blocks, **fields)), BLOCKS)


def brief(proposals):
    return [(proposal.kind, proposal.key, proposal.text) for proposal in proposals]


def test_the_draft_as_it_was_sent_proposes_nothing():
    matching = matched(ours())

    assert (matching.untracked(), matching.proposals(["WHO"]), matching.missing) == ((), (), ())
    assert matching.left_out == ()


def test_a_changed_line_of_ours_is_counted_and_proposes_nothing():
    cover = par("Draft ", dele("WHO", "1"), ins("WHO", "one"), style="CoverLine")
    matching = matched([cover, *ours()[1:]])

    assert (matching.untracked(), matching.proposals(["WHO"])) == ((), ())
    assert matching.own_line_changes == 1


def test_a_new_paragraph_before_the_closing_line_is_no_part_of_it():
    new = par(ins("WHO", "Thanks all;"), mark=mark("ins", "WHO"))
    matching = matched(ours({}, new))

    assert matching.untracked() == ()
    assert brief(matching.proposals(["WHO"])) == [("insert", "b4", "Thanks all;")]


def test_tracked_words_are_a_replacement_by_their_author():
    text = BLOCKS[2].text
    changed = anchored("b3", "Calls upon ", dele("WHO", "States"), ins("WHO", "all"), text[17:])
    matching = matched(ours({"b3": changed}))

    assert matching.untracked() == ()
    assert matching.proposals(["ILO"]) == ()
    (proposal,) = matching.proposals(["WHO"])
    assert proposal.text == proposal.with_untracked == text.replace("States", "all")
    assert (proposal.kind, proposal.key, proposal.certain) == ("replace", "b3", True)


def test_colleagues_of_one_agency_propose_together():
    changed = anchored(
        "b3", ins("Ann", "Now "), BLOCKS[2].text, ins("Bob", " too"), ins("Eve", "!")
    )
    matching = matched(ours({"b3": changed}))

    assert [proposal.text for proposal in matching.proposals(["Ann", "Bob"])] == [
        f"Now {BLOCKS[2].text} too"
    ]


def test_new_paragraphs_come_after_the_block_before_them():
    before = par(ins("WHO", "Stresses the need;"), mark=mark("ins", "WHO"))
    one = matched(ours({"b3": before + anchored("b3", BLOCKS[2].text)}))
    split_mark = anchored("b2", BLOCKS[1].text, mark=mark("ins", "WHO"))
    other = matched(ours({"b2": split_mark + par(ins("WHO", "Stresses the need;"))}))

    for matching in (one, other):
        assert matching.untracked() == ()
        assert brief(matching.proposals(["WHO"])) == [("insert", "b2", "Stresses the need;")]


def test_a_split_is_a_shorter_paragraph_and_a_new_one():
    halves = (
        anchored("b2", "Recalling that every person", mark=mark("ins", "WHO"))
        + par(" retains their rights,")
    )  # fmt: skip

    assert brief(matched(ours({"b2": halves})).proposals(["WHO"])) == [
        ("replace", "b2", "Recalling that every person"),
        ("insert", "b2", "retains their rights,"),
    ]


def test_joined_paragraphs_are_a_longer_one_and_a_deletion():
    joined = anchored("b2", BLOCKS[1].text, ins("WHO", " "), mark=mark("del", "WHO"))

    assert brief(matched(ours({"b2": joined})).proposals(["WHO"])) == [
        ("replace", "b2", f"{BLOCKS[1].text} {BLOCKS[2].text}"),
        ("delete", "b3", ""),
    ]


def test_a_deleted_paragraph_is_a_deletion_also_without_its_end():
    for end in (mark("del", "WHO"), ""):
        gone = anchored("b3", dele("WHO", BLOCKS[2].text), mark=end)
        (proposal,) = matched(ours({"b3": gone})).proposals(["WHO"])
        assert (proposal.kind, proposal.key, proposal.text) == ("delete", "b3", "")


def test_words_changed_without_tracking_are_found():
    changed = anchored("b3", BLOCKS[2].text.replace("health care", "care"))
    new = par("Thanks all;")
    matching = matched(ours({"b3": changed, "b4": new, "b2": ""}))

    assert brief(matching.untracked()) == [
        ("replace", "b3", "Calls upon States to give access to care;"),
        ("insert", "b3", "Thanks all;"),
        ("delete", "b2", ""),
        ("delete", "b4", ""),
    ]


def test_tracked_words_beside_untracked_ones_are_put_on_the_draft():
    changed = anchored(
        "b3", "Calls upon States to give ", ins("WHO", "full "), "access to care and health care;"
    )
    matching = matched(ours({"b3": changed}))

    (proposal,) = matching.proposals(["WHO"])
    assert proposal.text == "Calls upon States to give full access to health care;"
    assert (
        proposal.with_untracked == "Calls upon States to give full access to care and health care;"
    )
    assert proposal.certain


def test_an_emptied_paragraph_is_an_untracked_deletion():
    assert brief(matched(ours({"b3": anchored("b3", " ")})).untracked()) == [("delete", "b3", "")]


def test_a_document_without_our_bookmarks_is_aligned_by_its_words():
    lines = [
        par("Joint statement on migrants in transit"),
        par("PP 1  Recalling that every person retains their rights,"),
        par("1. Calls upon States to give access to ", ins("WHO", "full "), "health care;"),
        par("(a) to all children who travel alone in transit;"),
    ]
    matching = matched(lines)

    assert (matching.untracked(), matching.missing, origin_of(matching.document)) == (
        (),
        (),
        FileOrigin(),
    )
    assert brief(matching.proposals(["WHO"])) == [
        ("replace", "b3", "Calls upon States to give access to full health care;")
    ]


def test_a_letter_that_word_counts_is_the_letter_of_the_block():
    levels = '<w:lvl w:ilvl="0"><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="(%1)"/></w:lvl>'
    numbering = f'<w:abstractNum w:abstractNumId="1">{levels}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
    lettered = par(
        "to all children who travel alone in transit;",
        properties='<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>',
    )
    lines = [par(block.text) for block in BLOCKS[:3]]

    assert matched([*lines, lettered], parts={"numbering": numbering}).untracked() == ()


def test_of_two_copies_of_a_bookmark_the_more_similar_paragraph_has_it():
    copy = anchored("b3", "Quite another thing altogether;")
    matching = matched(ours({"b3": copy + anchored("b3", BLOCKS[2].text)}))

    assert brief(matching.untracked()) == [("insert", "b2", "Quite another thing altogether;")]


def test_lines_above_the_text_are_none_of_it_when_their_style_is_lost():
    lines = [par("TEST/1, draft 1"), par(ins("WHO", "New")), *ours(), par("— end of text —")]
    matching = matched(lines)

    assert matching.untracked() == ()
    assert brief(matching.proposals(["WHO"])) == [("insert", "", "New")]
    assert matching.left_out == ("TEST/1, draft 1", "— end of text —")


def test_tracked_words_in_a_paragraph_that_the_draft_has_not_are_for_a_person():
    beside = par("Thanks ", ins("WHO", "warmly "), "all who came;")
    (proposal,) = matched(ours({"b4": anchored("b4", BLOCKS[3].text) + beside})).proposals(["WHO"])

    assert (proposal.kind, proposal.key, proposal.text, proposal.certain) == (
        "insert",
        "b4",
        "Thanks warmly all who came;",
        False,
    )


def test_a_cell_is_not_joined_with_the_next():
    cells = table(
        row(cell(anchored("b3", BLOCKS[2].text, mark=mark("del", "WHO"))), cell(par("Note")))
    )

    assert matched(ours({"b3": cells})).proposals(["WHO"]) == ()


def test_comments_stand_beside_their_blocks():
    start, end = '<w:commentRangeStart w:id="1"/>', '<w:commentRangeEnd w:id="1"/>'
    changed = anchored("b3", "Calls upon ", start, "States", end, " to give access to health care;")
    told = f"<w:comment {who('Jane')}><w:p>{run('All?')}</w:p></w:comment>"
    other = told.replace('w:id="1"', 'w:id="2"')
    matching = matched(ours({"b3": changed}), parts={"comments": told + other})

    assert [(placed.key, placed.words) for placed in matching.comments()] == [
        ("b3", "States"),
        ("", ""),
    ]


def test_the_file_says_from_which_draft_it_was_made():
    def origin(**fields):
        return origin_of(read_document(word(anchored("b1", "a", number=3), **fields)))

    assert origin(properties={"StatementDraft": "GMG/2026/ST/2;4;abc"}) == FileOrigin(
        "GMG/2026/ST/2", 4, "abc"
    )
    assert origin(properties={"StatementDraft": "nothing"}) == FileOrigin("", 3)
    two = read_document(word(anchored("b1", "a", number=3), anchored("b2", "a", number=4)))
    assert origin_of(two) == FileOrigin()


def test_signs_alone_are_typography():
    changed = anchored("b2", BLOCKS[1].text.replace("every person", "every\u00a0person"))
    (proposal,) = matched(ours({"b2": changed})).untracked()

    assert is_typographic(proposal, BLOCKS[1].text)
