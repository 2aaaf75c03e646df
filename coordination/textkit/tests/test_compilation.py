"""All amendments in one text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.textkit import compilation, diffs, merging, rivals
from coordination.textkit.compilation import CompiledRun
from coordination.textkit.hunks import Change, Hunk, HunkError, apply, hunks_of
from coordination.textkit.typography import plain

WORDS = [
    "the",
    "of",
    "rights",
    "children",
    "l’asile",
    "1.5",
    ",",
    "移",
    "حق",
    "👍🏽",
    "\n\n",
    " ",
    " ",
    " ",
]
TEXTS = st.lists(st.sampled_from(WORDS), max_size=20).map("".join)


def compiled(base, proposals):
    return compilation.compile(
        base, {who: diffs.diff(base, text) for who, text in proposals.items()}
    )


def test_runs_say_who_puts_in_and_who_takes_out():
    runs = compiled(
        "irregular migrants and women",
        {"UNICEF": "irregular migrants, children and women", "OHCHR": "migrants and women"},
    )

    assert runs == (
        CompiledRun("irregular ", "delete", ("OHCHR",)),
        CompiledRun("migrants", "keep", ()),
        CompiledRun(", children", "insert", ("UNICEF",)),
        CompiledRun(" and women", "keep", ()),
    )


def test_words_that_two_take_out_have_both_sponsors():
    runs = compilation.compile("abcdef", {1: (Hunk(0, 4, ""),), 2: (Hunk(2, 6, "x"),)})

    assert runs == (
        CompiledRun("ab", "delete", (1,)),
        CompiledRun("cd", "delete", (1, 2)),
        CompiledRun("ef", "delete", (2,)),
        CompiledRun("x", "insert", (2,)),
    )


def test_sponsors_stand_in_the_order_of_the_edits():
    proposals = {"UNICEF": "women and children", "OHCHR": "women and children", "ILO": "women"}

    assert compiled("women", proposals) == (
        CompiledRun("women", "keep", ()),
        CompiledRun(" and children", "insert", ("UNICEF", "OHCHR")),
    )


def test_nothing_compiles_to_nothing():
    assert compilation.compile("", {}) == ()
    assert compilation.compile("", {1: ()}) == ()
    assert compilation.compile("the rights", {}) == (CompiledRun("the rights", "keep", ()),)


def test_a_hunk_outside_the_text_is_refused():
    with pytest.raises(HunkError, match="lies outside"):
        compilation.compile("abc", {1: (Hunk(2, 4, ""),)})


@pytest.mark.parametrize(
    ("base", "proposals", "written"),
    [
        (
            "women",
            {"UNICEF": "women and children", "OHCHR": "women and children"},
            "women [and children – UNICEF, OHCHR]",
        ),
        ("irregular migrants", {"UNODC": "migrants"}, "[delete: irregular – UNODC] migrants"),
        (
            "act against it",
            {"UNODC": "fight it"},
            "[delete: act against – UNODC] [fight – UNODC] it",
        ),
        ("women and men", {"A": "women, and men"}, "women[, – A] and men"),
        ("the  rights", {"A": "the rights"}, "the [delete: ␣ – A]rights"),
        ("One. Two.", {"A": "One.\nTwo."}, "One.[delete: ␣ – A] [¶ – A]Two."),
        (
            "for migrants",
            {"A": "for all migrants", "B": "for young migrants"},
            "for [all – A] [young – B] migrants",
        ),
        ("", {"A": "Words."}, "[Words. – A]"),
    ],
    ids=[
        "insertion",
        "deletion",
        "replacement",
        "comma",
        "space",
        "line end",
        "two at one point",
        "from nothing",
    ],
)
def test_bracketed_is_what_drafters_write(base, proposals, written):
    assert compilation.bracketed(compiled(base, proposals)) == written


def test_bracketed_names_agencies_once():
    runs = compilation.compile(
        "a", {1: (Hunk(1, 1, "b"),), 2: (Hunk(1, 1, "b"),), 3: (Hunk(1, 1, "b"),)}
    )

    assert (
        compilation.bracketed(runs, {1: ("WHO", "ILO"), 2: ("ILO",), 3: ("IOM",)})
        == "a[b – WHO, ILO, IOM]"
    )


FAMILIES = "the rights of migrants and their families in transit"
LAW = (
    "Urges States, in accordance with international law, to refrain from the detention of children"
)
REASONS = "the detention of children, including for reasons of immigration, and care"
COMBAT = "to combat the smuggling of migrants by all means"
LONG = (
    "Urges all States to act against the smuggling of migrants and trafficking in persons, to protect the victims of both, to prosecute those "
    "who profit from them, and to cooperate across borders"
)
REWRITTEN = "Invites those concerned, having met, to consider regular pathways for everyone, before this year ends"
WHOLE = ""

# What a group has on its screen while somebody reads it aloud: base, proposals, compilation.
READ_ALOUD = {
    "words_that_touch_can_both_stand": (
        FAMILIES,
        {"UNICEF": "the rights of migrants, their children and their families in transit", "ILO": FAMILIES.replace("migrants", "migrant workers")},
        "the rights of [delete: migrants – ILO] [migrant workers – ILO] [, their children – UNICEF] and their families in transit",
    ),
    "words_put_into_words_taken_out": (
        LAW,
        {"UNODC": LAW.replace(", in accordance with international law,", ""), "OHCHR": LAW.replace("law", "human rights law")},
        "Urges States[delete: , in accordance with international [human rights – OHCHR] law, – UNODC] to refrain from the detention of children",
    ),
    "three_in_one_clause": (
        REASONS,
        {
            "UNODC": "the detention of children and care",
            "UNICEF": REASONS.replace("for reasons of immigration", "solely for reasons of their migration status"),
            "WHO": REASONS.replace("immigration", "immigration status"),
        },
        (
            "the detention of children[delete: , including [solely – UNICEF] for reasons of [delete: immigration – UNICEF] "
            "[their migration status – UNICEF] [status – WHO], – UNODC] and care"
        ),
    ),
    "rivals_for_one_word": (
        COMBAT,
        {"UNODC": COMBAT.replace("combat", "fight"), "OHCHR": COMBAT.replace("combat", "address"), "IOM": COMBAT.replace("combat", "address")},
        "to [delete: combat – UNODC, OHCHR, IOM] [address – OHCHR, IOM] [fight – UNODC] the smuggling of migrants by all means",
    ),
    "rivals_for_one_clause": (
        COMBAT,
        {"UNODC": "to combat trafficking in persons by all means", "OHCHR": "to combat abuses against migrants by all means", "IOM": "to combat "},
        (
            "to combat [delete: the smuggling of migrants by all means – UNODC, OHCHR, IOM] [abuses against migrants by all means – OHCHR] "
            "[trafficking in persons by all means – UNODC]"
        ),
    ),
    "rivals_that_overlap": (
        COMBAT,
        {
            "A": COMBAT.replace("combat", "prevent"),
            "B": COMBAT.replace("migrants", "persons"),
            "C": "to end all trafficking by all means",
        },
        (
            "to [delete: combat the smuggling of migrants – A, B, C] [combat the smuggling of persons – B] [end all trafficking – C] "
            "[prevent the smuggling of migrants – A] by all means"
        ),
    ),
    "deletions_that_overlap": (
        "women, girls and men",
        {"A": "women", "B": "men"},
        "[delete: women, girls and men – A, B] [men – B] [women – A]",
    ),
    "edits_of_a_paragraph_that_is_to_go": (
        LONG,
        {"UNODC": WHOLE, "WHO": WHOLE, "ILO": LONG.replace("both", "both crimes"), "IOM": LONG.replace("borders", "seas")},
        "[delete: " + LONG.replace("both", "both [crimes – ILO]").replace("borders", "[delete: borders – IOM] [seas – IOM]") + " – UNODC, WHO]",
    ),
    "two_words_for_the_last_of_what_is_to_go": (
        LONG,
        {"UNODC": WHOLE, "ILO": LONG.replace("borders", "seas"), "IOM": LONG.replace("borders", "regions")},
        "[delete: " + LONG.replace("borders", "[delete: borders – ILO, IOM] [regions – IOM] [seas – ILO]") + " – UNODC]",
    ),
    "edit_of_a_paragraph_that_is_rewritten": (
        LONG,
        {"UNODC": REWRITTEN, "ILO": LONG.replace("both", "both crimes"), "IOM": f"{LONG} and seas"},
        f"[delete: {LONG.replace('both', 'both [crimes – ILO]')} – UNODC] [{REWRITTEN} – UNODC] [and seas – IOM]",
    ),
    "long_deletions_that_overlap": (
        LONG,
        {"A": LONG[: LONG.index(" and to cooperate")], "B": LONG[: LONG.index(" against")] + LONG[LONG.index(" across") :]},
        (
            "Urges all States to act [delete: against the smuggling of migrants and trafficking in persons, to protect the victims of both, to "
            "prosecute those who profit from them, – B] [delete: and to cooperate – A, B] [delete: across borders – A]"
        ),
    ),
}  # fmt: skip


def side_by_side(base, proposals):
    whole = (Change((Hunk(0, len(base), ""),)),)
    return {who: diffs.changes(base, text) if text else whole for who, text in proposals.items()}


@pytest.mark.parametrize(("base", "proposals", "written"), READ_ALOUD.values(), ids=READ_ALOUD)
def test_what_collides_can_be_read_aloud(base, proposals, written):
    runs = compilation.compile(base, rivals.expand_rivals(base, side_by_side(base, proposals)))

    assert compilation.bracketed(runs) == written
    assert compilation.rejected(runs) == base


@given(TEXTS, st.lists(TEXTS, max_size=4))
def test_rivals_written_out_make_the_texts_that_their_edits_make(base, proposals):
    edits = {who: diffs.changes(base, text) for who, text in enumerate(proposals)}

    assert {
        who: plain(apply(base, hunks)).text
        for who, hunks in rivals.expand_rivals(base, edits).items()
    } == {who: plain(text).text for who, text in enumerate(proposals)}


@given(TEXTS, st.lists(TEXTS, max_size=4))
def test_each_edit_can_be_read_out_of_rivals_written_out(base, proposals):
    runs = compilation.compile(
        base, rivals.expand_rivals(base, side_by_side(base, dict(enumerate(proposals))))
    )

    for who, proposed in enumerate(proposals):
        others_refused = [run for run in runs if run.kind != "insert" or who in run.sponsors]
        text = "".join(
            run.text for run in others_refused if run.kind != "delete" or who not in run.sponsors
        )
        assert plain(text).text == plain(proposed).text
    assert compilation.rejected(runs) == base


@given(TEXTS, st.lists(TEXTS, max_size=4))
def test_brackets_inside_brackets_close(base, proposals):
    written = compilation.bracketed(
        compilation.compile(
            base, rivals.expand_rivals(base, side_by_side(base, dict(enumerate(proposals))))
        )
    )

    assert written.count("[") == written.count("]")
    assert all(written[:at].count("[") >= written[:at].count("]") for at in range(len(written)))


def test_typography_is_left_out():
    base = "the “human rights” of women"
    proposals = {"A": 'the "human rights" of women', "B": base.replace("women", "all women")}

    assert (
        compilation.bracketed(
            compilation.compile(base, rivals.expand_rivals(base, side_by_side(base, proposals)))
        )
        == "the “human rights” of [all – B]\u00a0women"
    )


def test_five_hundred_deletions_inside_each_other_are_compiled():
    words = [f"word{i}" for i in range(1100)]
    base = " ".join(words)
    proposals = {
        who: " ".join([*words[: who + 1], *words[len(words) - who - 1 :]]) for who in range(500)
    }

    runs = compilation.compile(base, rivals.expand_rivals(base, side_by_side(base, proposals)))

    assert compilation.rejected(runs) == base
    assert compilation.bracketed(runs).count("[") < 5000


@given(TEXTS, TEXTS)
def test_one_edit_taken_is_the_proposal_and_refused_the_base(base, proposed):
    runs = compiled(base, {"a": proposed})

    assert compilation.accepted(runs) == proposed
    assert compilation.rejected(runs) == base


@given(TEXTS, st.lists(TEXTS, max_size=4))
def test_all_refused_is_the_base_and_all_taken_is_the_merge_where_nothing_collides(base, proposals):
    edits = {who: diffs.changes(base, text) for who, text in enumerate(proposals)}
    merged = merging.merge(base, edits)
    runs = compilation.compile(
        base, {who: tuple(hunks_of(changes)) for who, changes in edits.items()}
    )
    agreed = {
        who: tuple(hunk for hunk, sponsors in merged.clean if who in sponsors) for who in edits
    }

    assert compilation.rejected(runs) == base
    assert compilation.accepted(compilation.compile(base, agreed)) == merged.text


@given(TEXTS, st.lists(TEXTS, max_size=4))
def test_each_edit_can_be_read_out_of_the_compilation(base, proposals):
    runs = compiled(base, dict(enumerate(proposals)))

    for who, proposed in enumerate(proposals):
        others_refused = [run for run in runs if run.kind != "insert" or who in run.sponsors]
        assert (
            "".join(
                run.text
                for run in others_refused
                if run.kind != "delete" or who not in run.sponsors
            )
            == proposed
        )
    assert all(run.text for run in runs)
    assert all((run.kind == "keep") is (run.sponsors == ()) for run in runs)
