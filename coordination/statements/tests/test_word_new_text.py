"""A new draft from any Word document."""

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
            "Joint statement on migrants in transit, with more words than a line has", style="Titel"
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
