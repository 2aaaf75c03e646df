"""The text that agencies approve, and its fingerprint."""

import re
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.textkit import canonical, cleaning
from coordination.textkit.blocks import ParsedBlock

STATEMENT = (
    ParsedBlock("title", "Statement on migrants in transit"),
    ParsedBlock("preambular", "*Recalling* the droit à l’asile,"),
    ParsedBlock("operative", "Call upon States to act."),
)
TEXT = "Statement on migrants in transit\n\n*Recalling* the droit à l’asile,\n\nCall upon States to act.\n"
DOCUMENT = Path(__file__).parents[3] / "docs/develop/fingerprint.md"


def blocks(*texts):
    return [ParsedBlock("body", text) for text in texts]


def test_canonical_is_the_texts_with_a_blank_line_between():
    assert canonical.canonical(STATEMENT) == TEXT


def test_canonical_of_no_words_is_empty():
    assert canonical.canonical([]) == canonical.canonical(blocks("", "  \n ")) == ""


@pytest.mark.parametrize(
    ("text", "settled"),
    [
        ("one\r\ntwo\rthree", "one\ntwo\nthree\n"),
        ("one  \ntwo\u00a0", "one\ntwo\n"),
        ("one\n\n \ntwo", "one\ntwo\n"),
        ("re\u0301fugie\u0301", "réfugié\n"),
    ],
    ids=["line ends", "space at line ends", "blank lines", "decomposed"],
)
def test_canonical_settles_what_readers_do_not_see(text, settled):
    assert canonical.canonical(blocks(text)) == settled


def test_canonical_of_one_block_with_a_blank_line_is_not_that_of_two():
    assert canonical.canonical(blocks("one\n\ntwo")) != canonical.canonical(blocks("one", "two"))


def test_fingerprint_is_that_of_sha256sum(tmp_path):
    download = tmp_path / "statement.txt"
    download.write_bytes(TEXT.encode())

    printed = subprocess.run(
        ["sha256sum", download], capture_output=True, check=True, text=True
    ).stdout

    assert printed.split()[0] == canonical.fingerprint(STATEMENT)


def test_fingerprint_does_not_depend_on_the_kinds_of_blocks():
    assert canonical.fingerprint(STATEMENT) == canonical.fingerprint(
        blocks(*(block.text for block in STATEMENT))
    )


def test_fingerprint_depends_on_order_and_case():
    assert (
        len(
            {
                canonical.fingerprint(blocks("one", "two")),
                canonical.fingerprint(blocks("two", "one")),
                canonical.fingerprint(blocks("One", "two")),
            }
        )
        == 3
    )


def test_fingerprint_of_the_example_in_the_documentation_is_as_stated_there():
    document = DOCUMENT.read_text()
    example = re.search(r"```text\n(.*?)```", document, re.DOTALL)[1]

    assert canonical.fingerprint(blocks(*example.split("\n\n"))) in document


@given(st.lists(st.text("ab \n\r\u0301", min_size=1)))
def test_canonical_can_be_taken_apart_into_its_blocks(texts):
    settled = [
        text for text in (canonical.canonical(blocks(text)).rstrip("\n") for text in texts) if text
    ]

    assert (
        canonical.canonical(blocks(*texts)).removesuffix("\n").split("\n\n") if settled else []
    ) == settled


@given(st.text())
def test_canonical_of_a_clean_text_changes_no_word(text):
    assert canonical.canonical(blocks(cleaning.clean(text).replace("\n\n", "\n"))).rstrip(
        "\n"
    ) == cleaning.clean(text).replace("\n\n", "\n")
