"""All amendments in one text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.statements.textkit import (
    Hunk,
    HunkError,
    Run,
    accepted,
    bracketed,
    compile,  # noqa: A004 - what drafters call it
    diff,
    merge,
    rejected,
)

WORDS = ["the", "of", "rights", "children", "l’asile", "1.5", ",", "移", "حق", "👍🏽", "\n\n", " ", " ", " "]
TEXTS = st.lists(st.sampled_from(WORDS), max_size=20).map("".join)


def compiled(base, proposals):
    return compile(base, {who: diff(base, text) for who, text in proposals.items()})


def test_runs_say_who_puts_in_and_who_takes_out():
    runs = compiled("irregular migrants and women", {"UNICEF": "irregular migrants, children and women", "OHCHR": "migrants and women"})

    assert runs == (
        Run("irregular ", "delete", ("OHCHR",)),
        Run("migrants", "keep", ()),
        Run(", children", "insert", ("UNICEF",)),
        Run(" and women", "keep", ()),
    )


def test_words_that_two_take_out_have_both_sponsors():
    runs = compile("abcdef", {1: (Hunk(0, 4, ""),), 2: (Hunk(2, 6, "x"),)})

    assert runs == (Run("ab", "delete", (1,)), Run("cd", "delete", (1, 2)), Run("ef", "delete", (2,)), Run("x", "insert", (2,)))


def test_sponsors_stand_in_the_order_of_the_edits():
    proposals = {"UNICEF": "women and children", "OHCHR": "women and children", "ILO": "women"}

    assert compiled("women", proposals) == (Run("women", "keep", ()), Run(" and children", "insert", ("UNICEF", "OHCHR")))


def test_nothing_compiles_to_nothing():
    assert compile("", {}) == ()
    assert compile("", {1: ()}) == ()
    assert compile("the rights", {}) == (Run("the rights", "keep", ()),)


def test_a_hunk_outside_the_text_is_refused():
    with pytest.raises(HunkError, match="lies outside"):
        compile("abc", {1: (Hunk(2, 4, ""),)})


@pytest.mark.parametrize(
    ("base", "proposals", "written"),
    [
        ("women", {"UNICEF": "women and children", "OHCHR": "women and children"}, "women [and children – UNICEF, OHCHR]"),
        ("irregular migrants", {"UNODC": "migrants"}, "[delete: irregular – UNODC] migrants"),
        ("act against it", {"UNODC": "fight it"}, "[delete: act against – UNODC] [fight – UNODC] it"),
        ("women and men", {"A": "women, and men"}, "women[, – A] and men"),
        ("the  rights", {"A": "the rights"}, "the [delete: ␣ – A]rights"),
        ("One. Two.", {"A": "One.\nTwo."}, "One.[delete: ␣ – A] [¶ – A]Two."),
        ("for migrants", {"A": "for all migrants", "B": "for young migrants"}, "for [all – A] [young – B] migrants"),
        ("", {"A": "Words."}, "[Words. – A]"),
    ],
    ids=["insertion", "deletion", "replacement", "comma", "space", "line end", "two at one point", "from nothing"],
)
def test_bracketed_is_what_drafters_write(base, proposals, written):
    assert bracketed(compiled(base, proposals)) == written


def test_bracketed_names_agencies_once():
    runs = compile("a", {1: (Hunk(1, 1, "b"),), 2: (Hunk(1, 1, "b"),), 3: (Hunk(1, 1, "b"),)})

    assert bracketed(runs, {1: ("WHO", "ILO"), 2: ("ILO",), 3: ("IOM",)}) == "a[b – WHO, ILO, IOM]"


@given(TEXTS, TEXTS)
def test_one_edit_taken_is_the_proposal_and_refused_the_base(base, proposed):
    runs = compiled(base, {"a": proposed})

    assert accepted(runs) == proposed
    assert rejected(runs) == base


@given(TEXTS, st.lists(TEXTS, max_size=4))
def test_all_refused_is_the_base_and_all_taken_is_the_merge_where_nothing_collides(base, proposals):
    edits = {who: diff(base, text) for who, text in enumerate(proposals)}
    runs, merged = compile(base, edits), merge(base, edits)
    agreed = {who: tuple(hunk for hunk, sponsors in merged.agreed if who in sponsors) for who in edits}

    assert rejected(runs) == base
    assert accepted(compile(base, agreed)) == merged.text


@given(TEXTS, st.lists(TEXTS, max_size=4))
def test_each_edit_can_be_read_out_of_the_compilation(base, proposals):
    runs = compiled(base, dict(enumerate(proposals)))

    for who, proposed in enumerate(proposals):
        others_refused = [run for run in runs if run.kind != "insert" or who in run.sponsors]
        assert "".join(run.text for run in others_refused if run.kind != "delete" or who not in run.sponsors) == proposed
    assert all(run.text for run in runs)
    assert all((run.kind == "keep") is (run.sponsors == ()) for run in runs)
