"""The differences that drafters make, and what must hold for any two texts."""

from difflib import SequenceMatcher
from itertools import accumulate, pairwise
from re import DOTALL, sub

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from coordination.textkit import diffs
from coordination.textkit.chunks import common_runs
from coordination.textkit.diffs import fine_diff
from coordination.textkit.hunks import Hunk, apply
from coordination.textkit.tokens import tokens
from coordination.textkit.typography import plain

CLAUSE = "the human rights of migrants at the borders of every one of these States"

# [-gone-]{+come+}; each row is one edit as somebody in a drafting group makes it.
CASES = {
    "both_empty": "",
    "from_nothing": "{+Recalling the Charter,+}",
    "to_nothing": "[-Recalling the Charter,-]",
    "equal": "Recalling the Charter,",
    "phrase_replaced": "[-act against-]{+address the causes of+} the smuggling of migrants",
    "phrase_appended": "the smuggling of migrants{+ and its consequences+}.",
    "word_inserted": "for {+all +}migrants",
    "word_inserted_at_start": "{+All +}migrants",
    "word_deleted": "the [-human -]rights of migrants",
    "word_deleted_at_end": "the rights of migrants[- in transit-]",
    "clause_between_commas": "every person who moves{+, whatever their migration status,+} retains",
    "clause_after_comma": "in 2025, {+one in seven of them a child, +}and that many more",
    "clause_taken_out": "every person[-, whatever their status,-] retains",
    "clause_moved_forward": "Migrants{+ have rights+}, regardless of their status[-, have rights-].",
    "list_item_before_and": "women, children{+, youth+} and migrants",
    "list_item_among_commas": "trade, {+health, +}labour",
    "list_item_with_of": "rights {+of refugees and +}of migrants",
    "list_item_with_and": "women {+and girls +}and children",
    "two_hunks_far_apart": "States should [-strongly -]refrain from the detention of migrant {+girls and +}boys",
    "adjacent_words_replaced": "the [-act against-]{+address causes of+} it all",
    "insertion_beside_replacement": "the [-big-]{+small and new+} word it all",
    "short_equality_absorbed": "[-women, children and youth-]{+girls, boys and young people+}",
    "long_equality_kept": "[-Call upon-]{+Urge all+} States to [-act-]{+take concrete action+} against it",
    "whole_rewritten": "[-Nothing is left-]{+All words differ+}",
    "words_swapped": "to [-protect, respect-]{+respect, protect+} and fulfil",
    "verb_inserted_before_to": "{+to promote and +}to protect and fulfil",
    "repeated_word": "{+very +}very important",
    "repeated_word_mid_sentence": "it is {+very +}very important",
    "repeated_word_deleted": "it is [-very -]very important",
    "repeated_phrase": "{+to protect, +}to protect, to respect",
    "three_alike": "{+na +}na na na",
    "space_doubled": "the {+ +}rights",
    "space_removed": "migrants[- -], and",
    "no_break_space": "the[- -]{+\u00a0+}rights",
    "only_spaces_changed_by_tab": "the[- -]{+\t+}rights",
    "comma_added": "women{+,+} and children",
    "full_stop_to_semicolon": "to decide[-.-]{+;+}",
    "hyphen_is_inside": "a [-human rights based-]{+human-rights-based+} approach",
    "quotes_added": "the {+“+}rights{+”+} that all people have",
    "case_only": "[-The-]{+the+} States",
    "case_of_one_word": "all [-states-]{+States+} and",
    "plural": "the [-right-]{+rights+} of",
    "decimal_number": "about [-1.5-]{+1.6+} million",
    "grouped_number": "at least [-8,900-]{+9,000+} people",
    "resolution_number": "resolution [-71/1-]{+71/280+} of",
    "french_elision": "le droit à [-l’asile-]{+l’accueil+} et à l’eau",
    "french_elision_inserted": "{+l’accueil et +}l’asile",
    "decomposed": "[-re\u0301fugie\u0301s-]{+r\u00e9fugi\u00e9s+} et",
    "mark_added": "[-resume-]{+re\u0301sume+} of",
    "arabic_word": "الهجرة {+الآمنة +}وحقوق الإنسان",
    "arabic_vowelled": "حق [-الانسان-]{+الإِنسان+} هنا",
    "hebrew": "זכויות {+כל +}המהגרים",
    "chinese_inserted": "移徙者{+及其家属+}的人权应得到保护。",
    "chinese_replaced": "[-保-]{+维+}护人权",
    "japanese": "移民の{+基本的+}人権",
    "thai": "สิทธิ{+ของ+}เด็ก",
    "korean": "이주민의 {+모든 +}권리",
    "emoji_skin_tone": "yes [-👍🏽-]{+👍🏿+} no",
    "emoji_family": "a [-👩‍👩‍👧-]{+👩‍👩‍👦+} b",
    "flags": "🇨🇭{+🇫🇷+} in",
    "italics": "{+*+}Recalling{+*+} the Charter of the United Nations",
    "paragraph_inserted": "Recalling A.\n\n{+Alarmed at X,\n\n+}Noting B,",
    "paragraph_appended": "Recalling A.{+\n\nNoting B,+}",
    "paragraph_deleted": "Recalling A.\n\n[-Alarmed at X,\n\n-]Noting B,",
    "paragraphs_edited_side_by_side": "Recalling the {+whole +}Charter,\n\nNoting the [-report-]{+reports+} of all",
    "paragraphs_split": "Recalling A.[- -]{+\n\n+}Noting B,",
    "paragraphs_rewritten": "[-One text.\n\nAnother-]{+All new.\n\nIn both+}",
    "line_ends": "one[-\r\n-]{+\n+}two",
    "edits_far_apart_one_ends_as_it_began": (
        f"[-Now-]{{+Then+}} {CLAUSE} [-and-]{{+to+}} to {CLAUSE} [-to respect-]{{+those to protect+}} to {CLAUSE} [-there-]{{+here+}}"
    ),
    "edits_far_apart_one_beside_two_spaces": f"[-Now-]{{+Then+}} {CLAUSE} all  [-States-]{{+of them+}}  {CLAUSE} here{{+ and there+}}",
    "edits_far_apart_one_adds_a_space": f"[-Now-]{{+Then+}} {CLAUSE} all {{+ +}}States {CLAUSE} here{{+ and there+}}",
    "mark_on_a_space": "a \u0301b{+ c+}",
}


def sides(marked: str) -> tuple[str, str]:
    base = sub(r"\[-(.*?)-\]", r"\1", sub(r"\{\+.*?\+\}", "", marked, flags=DOTALL), flags=DOTALL)
    proposed = sub(
        r"\{\+(.*?)\+\}", r"\1", sub(r"\[-.*?-\]", "", marked, flags=DOTALL), flags=DOTALL
    )
    return base, proposed


def marked_up(base: str, hunks: tuple[Hunk, ...]) -> str:
    parts, at = [], 0
    for hunk in hunks:
        gone = base[hunk.start : hunk.end]
        parts += base[at : hunk.start], gone and f"[-{gone}-]", hunk.text and f"{{+{hunk.text}+}}"
        at = hunk.end
    return "".join((*parts, base[at:]))


def cuts(text: str) -> set[int]:
    return set(accumulate(map(len, tokens(text)), initial=0))


# Words and signs that drafters use, and the odd things that come along when they paste.
WORDS = st.sampled_from(
    [
        "the",
        "of",
        "a",
        "rights",
        "children",
        "States",
        "l’asile",
        "1.5",
        "5",
        "é",
        "e\u0301",
        "移",
        "حق",
        "👍🏽",
        "🇨🇭",
    ]
    + [",", ".", ";", "'", "-", "\u0301", "\u0600", "\u200d", "\t", "\n", "\n\n", "\r\n", "\r"]
    + [" "] * 12
)
TEXTS = st.one_of(
    st.lists(WORDS, max_size=25).map("".join),
    st.lists(st.sampled_from("ab \n"), max_size=16).map("".join),
    st.text(max_size=20),
    st.text(
        st.characters(
            codec="utf-8", categories=["Lo", "Mn", "Mc", "Cf", "Zs", "So", "Sk", "Cc", "Nd", "Po"]
        ),
        max_size=20,
    ),
)
FEW_WORDS = [
    "the",
    "the",
    "of",
    "of",
    "and",
    "and",
    "to",
    "to",
    "rights",
    "women",
    "children",
    "protect",
    ",",
    ".",
]
SENTENCES = st.lists(st.sampled_from(FEW_WORDS), max_size=12).map(" ".join)
FAR_APART = " " + " ".join(f"word{i}" for i in range(90)) + " "


@pytest.mark.parametrize("marked", CASES.values(), ids=CASES)
def test_diff_marks_what_a_drafter_would(marked):
    base, proposed = sides(marked)

    assert marked_up(base, diffs.diff(base, proposed)) == marked


@pytest.mark.parametrize("marked", CASES.values(), ids=CASES)
def test_diff_of_a_case_applied_gives_the_proposed_text(marked):
    base, proposed = sides(marked)

    assert apply(base, diffs.diff(base, proposed)) == proposed
    assert apply(proposed, diffs.diff(proposed, base)) == base


def test_diff_gives_offsets_in_code_points():
    assert diffs.diff("👍🏽 the rights", "👍🏽 all the rights") == (Hunk(3, 3, "all "),)


def test_diff_of_a_block_of_ten_thousand_words_finds_the_three_edits():
    words = [f"word{i % 700}" for i in range(10_000)]
    edited = [*words]
    edited[9_000] = "changed"
    edited[5_000:5_002] = []
    edited[100:100] = ["quite", "new"]

    hunks = diffs.diff(" ".join(words), " ".join(edited))

    assert [hunk.text for hunk in hunks] == ["quite new ", "", "changed"]
    assert apply(" ".join(words), hunks) == " ".join(edited)


def test_a_long_paragraph_of_one_word_keeps_it():
    base = "one " + "x " * 25_001 + "two"
    proposed = "three " + "x " * 25_001 + "four"

    assert diffs.diff(base, proposed) == (
        Hunk(0, 3, "three"),
        Hunk(len(base) - 3, len(base), "four"),
    )


def test_diff_of_equal_paragraph_counts_that_do_not_correspond_compares_them_as_one_stretch():
    base, proposed = "one two three\n\nfour five six", "zero\n\none two three four five six"

    assert (
        marked_up(base, diffs.diff(base, proposed))
        == "{+zero\n\n+}one two three[-\n\n-]{+ +}four five six"
    )


def test_diff_tells_nothing_from_nul_though_they_have_one_hash():
    assert diffs.diff("a  b", "a \0 b") == (Hunk(2, 2, "\0"),)
    assert diffs.diff("a \0 b", "a  b") == (Hunk(2, 3, ""),)


def test_diff_lets_a_change_begin_after_a_chinese_comma():
    assert diffs.diff("甲，保护，乙", "甲，保护，保护，乙") == (Hunk(2, 2, "保护，"),)


def test_diff_leaves_a_change_at_its_place_when_two_others_become_one():
    base, proposed = "and in c", "the in and and in"

    assert marked_up(base, diffs.diff(base, proposed)) == "{+the in and +}and in[- c-]"


@given(TEXTS)
def test_diff_of_a_text_and_itself_is_nothing(text):
    assert diffs.diff(text, text) == ()


@given(TEXTS, TEXTS)
@settings(max_examples=500)
def test_diff_applied_gives_the_proposed_text(base, proposed):
    assert apply(base, diffs.diff(base, proposed)) == proposed


@given(TEXTS, TEXTS)
@settings(max_examples=500)
def test_diff_hunks_are_in_order_apart_and_change_something(base, proposed):
    hunks = diffs.diff(base, proposed)

    assert all(before.end < after.start for before, after in pairwise(hunks))
    assert all(base[hunk.start : hunk.end] != hunk.text for hunk in hunks)


@given(TEXTS, TEXTS)
@example("0:A:0A", "A")  # the word that stays is also the end of another
@settings(max_examples=500)
def test_diff_hunks_begin_and_end_between_tokens(base, proposed):
    hunks = diffs.diff(base, proposed)

    assert {place for hunk in hunks for place in (hunk.start, hunk.end)} <= cuts(base)


@given(TEXTS, TEXTS)
@settings(max_examples=500)
def test_diff_keeps_nothing_shorter_than_both_its_neighbours_but_several_words(base, proposed):
    # changes of typography are apart from those of words
    base, proposed = plain(base).text, plain(proposed).text
    hunks = diffs.diff(base, proposed)

    for before, after in pairwise(hunks):
        kept = base[before.end : after.start]
        only_insert = before.start == before.end and after.start == after.end
        only_delete = not before.text and not after.text
        assert (
            len(kept) >= min(before.size, after.size)
            or len(kept.split()) >= 3
            or only_insert
            or only_delete
        )


@given(SENTENCES, SENTENCES, SENTENCES, SENTENCES)
def test_diff_finds_the_same_hunks_whether_or_not_another_edit_stands_far_away(
    base, proposed, other, other_proposed
):
    alone = diffs.diff(base + FAR_APART + other, proposed + FAR_APART + other)
    beside = diffs.diff(base + FAR_APART + other, proposed + FAR_APART + other_proposed)

    assert beside[: len(alone)] == alone


@given(SENTENCES, SENTENCES, SENTENCES)
def test_diff_takes_out_what_it_put_in_at_the_same_place(before, added, after):
    base, proposed = f"{before} {after}", f"{before} {added} {after}"

    forward, backward = diffs.diff(base, proposed), diffs.diff(proposed, base)

    assert [(hunk.start, hunk.text) for hunk in forward] == [
        (hunk.start, proposed[hunk.start : hunk.end]) for hunk in backward
    ]


@given(SENTENCES, SENTENCES)
def test_fine_diff_keeps_at_least_as_many_words_as_difflib(base, proposed):
    matcher = SequenceMatcher(None, base.split(), proposed.split(), autojunk=False)
    common_count = sum(block.size for block in matcher.get_matching_blocks())

    gone = "".join(base[hunk.start : hunk.end] + " " for hunk in fine_diff(base, proposed))

    assert len(base.split()) - len(gone.split()) >= common_count


def test_where_a_space_carries_a_mark_the_close_hunks_are_those_of_diff():
    base, proposed = "women and \u0301 men", "women and young \u0301 men"

    assert diffs.close_diff(base, proposed) == diffs.diff(base, proposed)
    assert apply(base, diffs.close_diff(base, proposed)) == proposed


@pytest.mark.parametrize(
    ("base", "proposed"),
    [
        (", rights. and the rights. ..", ", x rights. and the rights. . .."),
        ("rights rights. women or. women rights women a.", "women rights women a. rights rights. . women or."),
        (". a or women", ". , a a a or"),
        ("rights of women of a , and a b", "the the rights a b the and women , a"),
        ("a and. and b b b. or a and a.", "or a and a. and b b b. a and."),
        ("a  b", "a \0 b"),
        ("x and or of or the", "x , x and and or of or x . the"),
    ],
)  # fmt: skip
def test_odd_texts_have_hunks_that_make_the_other_one(base, proposed):
    assert apply(base, diffs.diff(base, proposed)) == proposed
    assert apply(base, diffs.close_diff(base, proposed)) == proposed
    assert apply(proposed, diffs.close_diff(proposed, base)) == base


def test_runs_of_signs_with_one_hash_are_told_apart():
    assert common_runs(["a", "", "b"], ["a", "\0", "b"]) == [(0, 0, 1), (2, 2, 1), (3, 3, 0)]


def test_a_paragraph_of_thirty_thousand_words_keeps_the_words_that_stay():
    words = [f"w{number % 5000}" for number in range(30_000)]
    proposed = [
        *words[:100],
        "new",
        *words[100:20_000],
        *words[20_003:29_000],
        "x",
        *words[29_001:],
    ]

    hunks = diffs.diff(" ".join(words), " ".join(proposed))

    assert [(hunk.text, hunk.end - hunk.start) for hunk in hunks] == [
        ("new ", 0),
        ("", 9),
        ("x", 5),
    ]


def test_long_texts_that_repeat_or_have_nothing_in_common_give_the_proposed_text():
    long = "a b " * 6000

    assert apply(long, diffs.diff(long, f"b {long}c")) == f"b {long}c"
    assert len(diffs.diff(long, f"b {long}c")) == 2
    assert len(diffs.diff(long, "c d " * 6000)) == 1
