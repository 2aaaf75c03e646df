"""Words that decide how far their clause holds."""

import pytest

from coordination.textkit import operators


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It isn’t so, and never was", ["negator isn't", "negator never"]),
        ("the knots of notable nothings", []),
        ("States fail to act", ["predicate fail"]),
        ("no longer at least ten", ["negator no", "limit longer", "limit at least"]),
        ("ceasefire, unless they may", ["exceptive unless", "modal may"]),
        ("ils n’ont pas, jusqu’à ce que", ["negator n", "negator pas", "condition jusqu'à ce"]),
        ("sin discriminación, a menos que", ["negator sin", "exceptive a menos"]),
        ("не должны", ["negator не"]),
        ("لا يجوز", ["negator لا"]),
        ("不得", ["negator 不"]),
        ("at", []),
    ],
)
def test_operators_are_found_with_their_category(text, found):
    assert [" ".join(each) for each in operators.operators(text)] == found


def test_a_negative_prefix_makes_a_word_of_another():
    assert operators.negated_by_prefix("lawful return", "unlawful return")
    assert operators.negated_by_prefix("irregular status", "regular status")
    assert not operators.negated_by_prefix("migration", "immigration")
    assert not operators.negated_by_prefix("all to us", "into all")
