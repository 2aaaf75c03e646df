"""A page carries what a person said that paragraphs are."""

from hypothesis import given
from hypothesis import strategies as st

from coordination.textkit import chosen_kinds
from coordination.textkit.blocks import CHOSEN_KINDS, recognise

TEXT = "Title\n\nThe same.\n\nThe same.\n\n5. Invites States;"


def test_a_choice_holds_for_the_paragraph_with_these_words_alone():
    blocks = recognise(TEXT)
    code = chosen_kinds.choose(blocks, "", {2, 3}, "heading")

    assert chosen_kinds.decode(blocks, code) == (None, None, "heading", "heading")
    edited = recognise(f"New.\n\n{TEXT} now.".replace("Title\n\n", ""))
    assert chosen_kinds.decode(edited, code) == (None, None, "heading", None)


def test_a_kind_that_a_paragraph_has_anyway_is_no_choice():
    blocks = recognise(TEXT)
    code = chosen_kinds.choose(blocks, "", {0, 3}, "heading")

    assert chosen_kinds.choose(blocks, code, {3}, "operative") == chosen_kinds.encode(
        blocks, ["heading", None, None, "operative"]
    )
    assert chosen_kinds.choose(blocks, code, {0}, "title").count("=") == 1


def test_a_damaged_code_says_nothing():
    blocks = recognise(TEXT)
    code = chosen_kinds.choose(blocks, "", {0}, "heading")

    for damaged in (code.replace("heading", "nonsense"), "=", "a b=", code.split("=")[0]):
        assert chosen_kinds.decode(blocks, damaged) == (None, None, None, None)


@given(st.text(st.sampled_from("ab.\n\n")), st.data())
def test_each_choice_comes_back(text, data):
    blocks = recognise(text)
    kinds = [data.draw(st.sampled_from([None, *CHOSEN_KINDS])) for _block in blocks]

    assert chosen_kinds.decode(blocks, chosen_kinds.encode(blocks, kinds)) == tuple(
        None if kind == block.chosen_kind else kind
        for kind, block in zip(kinds, blocks, strict=True)
    )
