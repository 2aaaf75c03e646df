"""Italics and marks of changes: neither cuts the other wrongly."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.textkit import italics
from coordination.textkit.opening_words import opening_length
from coordination.textkit.segmentation import Segment, segments


@dataclass(frozen=True)
class Piece:
    kind: str
    text: str


def shown(lengths, pieces):
    return [
        f"{piece.kind[0]}*{piece.text[:n]}*{piece.text[n:]}"
        for n, piece in zip(lengths, pieces, strict=True)
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("Recalling it,", "Recalling also it,", ["k*Recalling *", "i*also* ", "k**it,"]),
        ("Recalling it,", "Noting it,", ["d*Recalling*", "i*Noting*", "k** it,"]),
        ("Recalling it,", "All recall it,", ["d*Recalling*", "i**All recall", "k** it,"]),
        ("All recall it,", "Recalling it,", ["d**All recall", "i*Recalling*", "k** it,"]),
        ("Recalling it,", "Recalling them,", ["k*Recalling* ", "d**it", "i**them", "k**,"]),
    ],
)
def test_a_change_has_the_italics_of_the_text_that_each_word_is_in(old, new, expected):
    pieces = segments(old, new)

    assert shown(italics.of_change(pieces, "preambular", "en"), pieces) == expected


def test_a_new_and_a_deleted_paragraph_have_their_own():
    for kind in ("insert", "delete"):
        assert italics.of_change([Segment(kind, "Urges all;")], "operative", "en") == (5,)
    assert italics.of_change([], "operative", "en") == ()


def test_each_proposal_of_a_compilation_has_its_own_opening():
    pieces = [
        Piece("delete", "Recalling"),
        Piece("insert", "Noting with concern"),
        Piece("insert", "We recall"),
        Piece("keep", " the Charter"),
        Piece("insert", " of 1945"),
        Piece("keep", ","),
    ]

    assert shown(italics.of_changes(pieces, "preambular", "en"), pieces) == [
        "d*Recalling*",
        "i*Noting with concern*",
        "i**We recall",
        "k** the Charter",
        "i** of 1945",
        "k**,",
    ]


def test_words_put_into_an_opening_are_part_of_it():
    pieces = [Piece("keep", "Recalling"), Piece("insert", " also"), Piece("keep", " it,")]

    assert shown(italics.of_changes(pieces, "preambular", "en"), pieces) == [
        "k*Recalling*",
        "i* also*",
        "k** it,",
    ]


WORDS = st.lists(st.sampled_from(["Recalling", "also", "Noting", "with", "concern", "it"])).map(
    " ".join
)


@given(WORDS, WORDS)
def test_italics_of_both_texts_are_their_openings(old, new):
    pieces = segments(old, new)
    lengths = italics.of_change(pieces, "preambular", "en")
    italic = list(zip(lengths, pieces, strict=True))

    assert all(0 <= n <= len(piece.text) for n, piece in italic)
    assert sum(n for n, piece in italic if piece.kind != "delete") == opening_length(
        new, "preambular", "en"
    )
    assert len(italics.of_changes(pieces, "preambular", "en")) == len(pieces)
