"""Whether a text has the words of another."""

import pytest

from coordination.textkit import sameness
from coordination.textkit.sameness import Verdict, compare, words_alone

OFFICIAL = """Joint statement on migrants in transit

*Recalling* that every person who moves retains their “human” rights,

Call upon States to ensure that migrants in transit have access to health care;
"""


@pytest.mark.parametrize(
    "given",
    [
        OFFICIAL,
        OFFICIAL.replace("*", ""),
        OFFICIAL.replace(" ", "\n"),
        OFFICIAL.replace("\n\n", "\r\n"),
        OFFICIAL.replace("*Recalling*", "PP 1  Recalling").replace("Call upon", "OP 1\tCall upon"),
        OFFICIAL.replace("Call upon", "OP 1 bis. Call upon"),
    ],
)
def test_the_same_words(given):
    assert compare(OFFICIAL, given) == Verdict(sameness.SAME)


def test_other_signs():
    given = OFFICIAL.replace("“human”", '"human"')

    assert compare(OFFICIAL, given) == Verdict(sameness.TYPOGRAPHY)


def test_the_first_difference_with_what_stands_around_it():
    given = OFFICIAL.replace("Call upon", "Urge").replace("health care", "care")

    assert compare(OFFICIAL, given) == Verdict(
        sameness.DIFFERENT,
        before="… in transit Recalling that every person who moves retains their “human” rights,",
        official="Call upon",
        given="Urge",
        after="States to ensure that migrants in transit have access to health care;",
    )


def test_a_word_left_out_and_a_word_put_in():
    without = compare(OFFICIAL, OFFICIAL.replace("health ", ""))
    more = compare(OFFICIAL, OFFICIAL.replace("access to", "free access to"))

    assert (without.official, without.given, without.after) == ("health", "", "care;")
    assert (more.official, more.given) == ("", "free")


def test_a_changed_sign_before_a_changed_word_is_not_the_first_difference():
    given = OFFICIAL.replace("“human”", '"human"').replace("care;", "cures;")

    verdict = compare(OFFICIAL, given)

    assert (verdict.kind, verdict.official, verdict.given) == (
        sameness.DIFFERENT,
        "care",
        "cures",
    )


def test_more_around_the_words():
    before = compare(OFFICIAL, f"Global Migration Group. Geneva\n\n{OFFICIAL}")
    after = compare(OFFICIAL, f"{OFFICIAL}\nFAO WHO")
    both = compare(OFFICIAL, f"Geneva\n{OFFICIAL}\n{'Signed by them all, ' * 9}")

    assert before == Verdict(sameness.WITHIN, before="Global Migration Group. Geneva")
    assert after == Verdict(sameness.WITHIN, after="FAO WHO")
    assert both == Verdict(
        sameness.WITHIN,
        before="Geneva",
        after=f"{'Signed by them all, ' * 3}Signed by them …",
    )


def test_half_of_the_words_are_not_the_words():
    half = OFFICIAL[: len(OFFICIAL) // 2]

    assert compare(OFFICIAL, half).kind == sameness.DIFFERENT
    assert compare(OFFICIAL, "Something else.").kind == sameness.DIFFERENT


def test_words_alone():
    assert words_alone("*Re\u00adcalling*  the\u00a0past,\nPP 2  *and* 3 * 4") == (
        "Recalling the past, and 3 * 4"
    )
