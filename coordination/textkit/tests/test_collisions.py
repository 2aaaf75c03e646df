"""What amendments to one text do to each other."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.textkit import collisions, compilation, diffs, merging, rebasing
from coordination.textkit.clauses import has_words
from coordination.textkit.collisions import Conflict, Sponsored, sort_ids
from coordination.textkit.hunks import Change, Hunk, HunkError, apply, hunks_of
from coordination.textkit.scopes import is_whole_sentences

WORDS = ["the", "not", "rights", "of", "women", "women", "children", ",", ".", ";", "移", "\n\n"]
TEXTS = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)


def changes(base, *proposals):
    """Return the changes of agencies A, B, C and so on."""
    return {
        agency: diffs.changes(base, text) for agency, text in zip("ABCD", proposals, strict=False)
    }


def judged(base, *proposals):
    merged = merging.merge(base, changes(base, *proposals))
    return (
        merged.text,
        ["".join(conflict.ids) for conflict in merged.conflicts],
        ["".join(ids) for ids in merged.touching],
    )


def test_a_conflict_names_its_range_and_who_proposes_what():
    base = "One two three four five six seven."
    edits = {
        "UNICEF": (Change((Hunk(8, 8, "all "),)),),
        "OHCHR": (Change((Hunk(4, 14, ""),)),),
        "WHO": (Change((Hunk(8, 8, "all "),)),),
        "ILO": (Change((Hunk(28, 33, "x"),)),),
    }

    (conflict,) = collisions.conflicts(base, edits)

    assert conflict == Conflict(
        4,
        14,
        (Sponsored(Hunk(4, 14, ""), ("OHCHR",)), Sponsored(Hunk(8, 8, "all "), ("UNICEF", "WHO"))),
    )
    assert conflict.ids == ("OHCHR", "UNICEF", "WHO")
    assert collisions.judge(base, edits).conflicts == (conflict,)


GIRLS = "protect women and girls"
ALL = "States should protect migrants."
ARTICLE = "The State shall protect migrants in all circumstances."
REPORT = "States shall not be obliged to report, and may inform the Group"
TWO = "UNHCR protects migrants. WHO protects migrants."

# base, what A and B propose, the clean text, whether they conflict, whether they touch
TOGETHER = {
    "two_versions_of_one_insertion": (GIRLS, "protect women, men and girls", "protect women and men and girls", GIRLS, True, False),
    "insertions_on_both_sides_of_a_comma": ("protect women, girls", "protect women and men, girls", "protect women, boys, girls", "protect women, girls", True, False),
    "insertions_on_both_sides_of_a_word": (GIRLS, "protect women and young girls", "protect all women and girls", "protect all women and young girls", False, False),
    "one_sentence_added_one_continued": (ALL, f"{ALL} Agencies should support migrants.", "States should protect migrants and refugees.", "States should protect migrants and refugees. Agencies should support migrants.", False, False),
    "one_sentence_added_one_changed": (ALL, f"{ALL} Agencies should support migrants.", "States should protect all migrants.", "States should protect all migrants. Agencies should support migrants.", False, False),
    "two_sentences_added": (ALL, f"{ALL} Agencies should support them.", f"{ALL} Donors should pay.", ALL, True, False),
    "a_provision_before_and_after_a_semicolon": ("to protect; to assist", "to protect now; to assist", "to protect; to find; to assist", "to protect now; to find; to assist", False, False),
    "half_a_replacement": (ARTICLE, "The State shall protect migrants as defined in article 4.", "The State shall protect migrants as defined in Article 4.", ARTICLE, True, False),
    "a_word_inside_a_replacement": (ARTICLE, "The State shall protect migrants as defined in article 4.", "The State shall protect migrants in nearly all circumstances.", ARTICLE, True, False),
    "deletions_side_by_side": (REPORT, REPORT.replace("not ", ""), REPORT.replace("be obliged to ", ""), REPORT, False, True),
    "replacements_side_by_side": ("all irregular migrants", "all undocumented migrants", "all irregular workers", "all irregular migrants", False, True),
    "insertion_beside_a_replacement": ("all irregular migrants", "all the irregular migrants", "many irregular migrants", "all irregular migrants", False, True),
    "a_clause_negated": ("States shall report to all agencies", "States shall not report to all agencies", "States shall report to some agencies", "States shall report to all agencies", False, True),
    "an_exception_added": ("to detain nobody in transit", "to detain nobody in transit except children", "to hold nobody in transit", "to detain nobody in transit", False, True),
    "another_clause_negated": (REPORT, REPORT.replace("not ", ""), REPORT.replace("the Group", "the Chair"), REPORT.replace("not ", "").replace("the Group", "the Chair"), False, False),
    "negated_in_french": ("les États sont tenus de faire rapport", "les États ne sont pas tenus de faire rapport", "les États sont tenus de faire un rapport", "les États sont tenus de faire rapport", False, True),
    "negated_in_chinese": ("各国应当向小组报告情况", "各国不应当向小组报告情况", "各国应当向小组报告情形", "各国应当向小组报告情况", False, True),
    "a_sentence_that_moves": (TWO, "WHO protects migrants. UNHCR protects migrants.", "UNHCR protects migrants. WHO protects all migrants.", TWO, False, True),
    "words_that_move": ("We act now. We help all of them later on. We thank you.", "We act now. We thank you. We help all of them later on.", "We act now. We help all of them later on. We thank them.", "We act now. We help all of them later on. We thank you.", True, True),
    "words_that_others_move_past": ("We act now. We help all of them later on. We thank you.", "We act now. We thank you. We help all of them later on.", "We act now. We help some of them later on. We thank you.", "We act now. We thank you. We help some of them later on.", False, False),
    "typography_against_words": ("the “rights” of women", 'the "rights" of women', "the “duties” of women", 'the "duties" of women', False, False),
    "typography_two_ways": ("the 'rights' of women", "the ‘rights’ of women", "the ´rights´ of women", "the 'rights' of women", False, False),
    "equal_words_in_other_typography": ("le droit", "le droit à l’asile", "le droit à l'asile", "le droit", True, False),
    "capitals_beside_words": ("all irregular migrants", "All irregular migrants", "all undocumented migrants", "All undocumented migrants", False, False),
    "punctuation_beside_words": ("to decide.", "to decide;", "to determine.", "to determine;", False, False),
}  # fmt: skip


@pytest.mark.parametrize(
    ("base", "one", "other", "clean", "conflict", "touch"), TOGETHER.values(), ids=TOGETHER
)
def test_two_amendments_are_clean_or_touch_or_conflict(base, one, other, clean, conflict, touch):
    expected = (clean, ["AB"] if conflict else [], ["AB"] if touch else [])

    assert judged(base, one, other) == judged(base, other, one) == expected


DETAIN = "States shall detain migrants in transit"
DETAIN_MORE = "States shall detain migrants and refugees in transit"

# base, an amendment that changes what the clause says, one that changes other words of it
SENSE = {
    "unable": (DETAIN, "States are unable to detain migrants in transit", DETAIN_MORE),
    "refuse": (DETAIN, "States shall refuse to detain migrants in transit", DETAIN_MORE),
    "hardly": (DETAIN, "States shall hardly detain migrants in transit", DETAIN_MORE),
    "no_longer": (DETAIN, "States shall no longer detain migrants in transit", DETAIN_MORE),
    "may": (DETAIN, "States may detain migrants in transit", DETAIN_MORE),
    "unless": (DETAIN, f"{DETAIN}, unless a court forbids it", DETAIN_MORE),
    "unless_after_another_clause": ("States shall report, and may detain migrants", "States shall report, and may detain migrants, unless a court forbids it", "States and agencies shall report, and may detain migrants"),
    "all_only": ("All States may detain migrants", "Only States may detain migrants", "All States may detain migrants and children"),
    "some": ("States may detain migrants", "Some States may detain migrants", "States may detain migrants and children"),
    "neither": ("Neither States nor agencies detain migrants", "States and agencies detain migrants", "Neither States nor agencies detain children"),
    "not_all": ("States shall not detain migrants", "States shall not detain all migrants", "States shall not detain migrants and refugees"),
    "at_most": ("States grant at least ten visas a year", "States grant at most ten visas a year", "States grant at least ten long-term visas a year"),
    "with_for_without": ("States grant visas without conditions", "States grant visas with conditions", "States grant long-term visas without conditions"),
    "order_of_words": ("Not all States may detain migrants", "All States may not detain migrants", "Not all States may detain migrants and children"),
    "over_a_list": ("States shall not detain women, men or children", "States shall detain women, men or children", "States shall not detain women, men, boys or children"),
    "by_a_prefix": ("It is lawful to detain migrants", "It is unlawful to detain migrants", "It is lawful to detain migrants and children"),
    "another_verb": ("States shall always protect migrants", "States shall always expel migrants", "States shall always protect migrants and their families"),
    "another_verb_after_a_call": ("Urges States to protect migrants", "Urges States to expel migrants", "Urges States to protect migrants and their families"),
    "french": ("Les États doivent protéger les migrants", "Les États peuvent protéger les migrants", "Les États doivent protéger les migrants et les réfugiés"),
    "russian": ("Государства должны защищать мигрантов", "Государства могут защищать мигрантов", "Государства должны защищать мигрантов и беженцев"),
    "russian_verb": ("Государства должны защищать мигрантов", "Государства должны высылать мигрантов", "Государства должны защищать мигрантов и беженцев"),
    "arabic": ("يجب على الدول حماية المهاجرين", "يجوز على الدول حماية المهاجرين", "يجب على الدول حماية المهاجرين واللاجئين"),
    "chinese": ("各国应当保护移民", "各国可以保护移民", "各国应当保护移民和难民"),
    "chinese_verb": ("各国应当保护移民", "各国应当驱逐移民", "各国应当保护移民和难民"),
    "verb_after_a_decision": ("The Group decides to consider the matter", "The Group decides to close the matter", "The Group decides to consider the matter in 2027"),
    "french_verb": ("Les États protègent les migrants en transit", "Les États refusent de protéger les migrants en transit", "Les États protègent les migrants et les réfugiés en transit"),
    "spanish": ("Los Estados deben proteger a todos los migrantes", "Los Estados deben proteger a algunos migrantes", "Los Estados deben proteger y asistir a todos los migrantes"),
}  # fmt: skip

# base and two amendments that do not bear on each other
APART = {
    "all": ("States shall protect migrants in transit", "All States shall protect migrants in transit", "States shall protect migrants and refugees in transit"),
    "a_sentence_of_its_own": ("States shall protect migrants. Agencies shall help.", "States shall protect migrants. They shall not expel them. Agencies shall help.", "States shall protect migrants. Agencies and donors shall help."),
    "a_clause_of_its_own": ("States shall protect migrants.", "States shall protect migrants, who may not be expelled.", "States shall protect and assist migrants."),
    "another_clause_taken_out": ("States shall protect migrants, who may not be expelled.", "States shall protect migrants.", "States shall protect and assist migrants, who may not be expelled."),
    "an_infinitive_of_its_own": ("Urges States to protect migrants, to help children and to report", "Urges States not to protect migrants, to help children and to report", "Urges States to protect migrants, to help children and to report yearly"),
    "a_noun_after_to": ("Recalling access to health for migrants", "Recalling access to care for migrants", "Recalling access to health for migrants and refugees"),
    "words_of_another_elsewhere": ("to protect all women and to help men", "to protect women and to help men", "to protect all women and to help all men"),
    "a_doubled_word_after_a_comma": (", all all", ", all", "old, all all"),
    "a_noun_after_a_chinese_modal": ("各国应当向小组报告情况", "各国应当向小组报告情形", "所有各国应当向小组报告情况"),
    "a_noun_like_a_verb_of_the_text": ("the requests of States for data", "the demands of States for data", "the requests of States for data and money"),
    "immigration": ("the migration of workers from the region", "the immigration of workers from the region", "the migration of workers from the whole region"),
}  # fmt: skip


PROTECT = "States should protect migrants"
PAY = f"{PROTECT}. Donors should pay."

# base, an amendment that adds a sentence, one that changes words beside it, the merged text
SENTENCE_ADDED = {
    "after_no_full_stop": (PROTECT, f"{PROTECT} Agencies should support migrants", "States should protect all migrants", "States should protect all migrants Agencies should support migrants"),
    "both_at_the_end": (PROTECT, f"{PROTECT}. Agencies should support migrants", f"{PROTECT} and refugees", f"{PROTECT} and refugees. Agencies should support migrants"),
    "paragraph_at_the_end": (PROTECT, f"{PROTECT}\n\nAgencies should protect migrants", "States shall protect all migrants", "States shall protect all migrants\n\nAgencies should protect migrants"),
    "before_the_first": (PAY, f"States should support refugees. {PAY}", f"All {PAY}", f"States should support refugees. All {PAY}"),
    "before_the_first_whose_first_word_changes": (PAY, f"We should support refugees. {PAY}", PAY.replace("States", "Agencies"), "We should support refugees. Agencies should protect migrants. Donors should pay."),
    "between_two": (PAY, f"{PROTECT}. States should pay. Donors should pay.", f"{PROTECT} and others. All of the Donors should pay.", f"{PROTECT} and others. States should pay. All of the Donors should pay."),
}  # fmt: skip


@pytest.mark.parametrize(
    ("base", "one", "other", "merged"), SENTENCE_ADDED.values(), ids=SENTENCE_ADDED
)
def test_a_sentence_that_is_added_is_clean_beside_changed_words(base, one, other, merged):
    assert judged(base, one, other) == judged(base, other, one) == (merged, [], [])
    assert apply(one, rebasing.rebase(diffs.diff(base, other), base, one).hunks) == merged
    assert apply(other, rebasing.rebase(diffs.diff(base, one), base, other).hunks) == merged
    runs = compilation.compile(base, {"A": diffs.diff(base, one), "B": diffs.diff(base, other)})
    assert compilation.accepted(runs) == merged


def test_two_sentences_that_are_added_at_one_place_conflict_whatever_is_added_beside():
    before, after = f"We should help. {PAY}", f"We should see. {PAY}"

    assert judged(PAY, before, after, f"All {PAY}") == (f"All {PAY}", ["AB"], [])
    assert judged(PAY, before, f"All {PAY}", f"Most {PAY}") == (before, ["BC"], [])


def gravest(base, *proposals):
    _, conflicts, touching = judged(base, *proposals)
    return "conflict" if conflicts else "touching" if touching else "clean"


@pytest.mark.parametrize("case", SENSE)
def test_amendments_touch_if_one_changes_what_the_clause_of_the_other_says(case):
    assert gravest(*SENSE[case]) == "touching"


@pytest.mark.parametrize("case", APART)
def test_amendments_are_clean_if_neither_is_in_the_scope_of_the_other(case):
    assert gravest(*APART[case]) == "clean"


def test_what_touches_is_read_as_it_would_be():
    merged = merging.merge(
        REPORT, changes(REPORT, REPORT.replace("not ", ""), REPORT.replace("be obliged to ", ""))
    )

    assert merged.as_read == "States shall report, and may inform the Group"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("women, men girls", "women men girls", True),
        ("women “men” girls", "women 'men' girls", True),
        ("women, men girls", "women, boys girls", False),
    ],
)
def test_a_conflict_says_whether_only_punctuation_differs(one, other, same):
    (conflict,) = collisions.conflicts("women girls", changes("women girls", one, other))

    assert conflict.same_words is same


def test_a_change_that_is_part_of_another_agrees_with_it():
    base = "the rights of women"

    assert judged(base, "the human rights of women", "the human rights of all women") == (
        "the human rights of all women",
        [],
        [],
    )


def test_a_third_amendment_stands_for_itself():
    base = "the rights of women and of all children in transit"

    text, conflicts, touching = judged(
        base,
        base.replace("women", "men"),
        base.replace("women", "girls"),
        base.replace("in transit", "at borders"),
    )

    assert (text, conflicts, touching) == (
        base.replace("in transit", "at borders"),
        ["AB"],
        [],
    )


@given(st.lists(TEXTS, min_size=1, max_size=5), st.randoms(use_true_random=False))
@settings(max_examples=200)
def test_the_judgement_is_the_same_in_any_order(texts, random):
    base, *proposals = texts
    edits = dict(enumerate(diffs.changes(base, text) for text in proposals))
    shuffled = list(edits.items())
    random.shuffle(shuffled)

    assert collisions.judge(base, dict(shuffled)) == collisions.judge(base, edits)


@given(TEXTS, TEXTS)
@settings(max_examples=200)
def test_an_amendment_alone_is_clean(base, proposed):
    assert judged(base, proposed) == (proposed, [], [])


@given(TEXTS, st.lists(TEXTS, max_size=4))
@settings(max_examples=300)
def test_clean_changes_of_two_agencies_have_a_word_or_an_end_between_them(base, proposals):
    edits = dict(enumerate(diffs.changes(base, text) for text in proposals))
    clean = collisions.judge(base, edits).clean

    for (one, who), (other, others) in combinations(clean, 2):
        between = base[one.end : other.start]
        words = [base[hunk.start : hunk.end] + hunk.text for hunk in (one, other)]
        apart = any(is_whole_sentences(base, hunk) for hunk in (one, other))
        if set(who).isdisjoint(others) and all(map(has_words, words)) and not apart:
            assert has_words(between) or not set(".;\n").isdisjoint(between)


@given(TEXTS, st.lists(TEXTS, max_size=4))
@settings(max_examples=300)
def test_all_but_conflicts_can_be_applied_together(base, proposals):
    edits = dict(enumerate(diffs.changes(base, text) for text in proposals))
    result = collisions.judge(base, edits)

    apply(base, [hunk for hunk, _ in (*result.clean, *result.touching)])
    for conflict in result.conflicts:
        assert all(
            conflict.start <= hunk.start <= hunk.end <= conflict.end for hunk, _ in conflict.hunks
        )


@given(TEXTS, st.lists(TEXTS, max_size=3))
def test_a_change_is_taken_whole_or_not_at_all(base, proposals):
    edits = dict(enumerate(diffs.changes(base, text) for text in proposals))
    clean = collisions.judge(base, edits).clean

    for who, of_agency in edits.items():
        own = {hunk for hunk, sponsors in clean if who in sponsors}
        for change in of_agency:
            assert own.isdisjoint(change.hunks) or own.issuperset(change.hunks)


def test_hunks_of_one_edit_may_not_overlap():
    with pytest.raises(HunkError, match="overlap"):
        collisions.judge("x" * 9, {1: (Change((Hunk(0, 5, "x"),)), Change((Hunk(4, 8, "y"),)))})


def test_a_thousand_amendments_to_one_paragraph_are_judged():
    base = " ".join(f"word{i}" for i in range(2000))
    edits = {
        number: diffs.changes(base, base.replace(f"word{2 * number} ", f"new{number} "))
        for number in range(1000)
    }

    assert len(list(hunks_of(change for each in edits.values() for change in each))) == 1000
    assert len(collisions.judge(base, edits).clean) == 1000


def test_ids_of_any_types_have_one_order():
    assert (
        sort_ids(["a10", 2, "a9", (1, "x"), 10, "b"])
        == sort_ids([10, "b", (1, "x"), "a9", 2, "a10"])
        == (2, 10, (1, "x"), "a9", "a10", "b")
    )
