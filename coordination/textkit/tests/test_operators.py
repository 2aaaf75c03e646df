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
        ("не должны", ["negator не", "modal должны"]),
        ("لا يجوز", ["negator لا", "modal يجوز"]),
        ("لا بد من ذلك ويجب", ["modal لا بد", "modal ويجب"]),
        ("不得", ["negator 不", "modal 得"]),
        # duties, capacity, permits, Africa and the like have the signs of modals and negators
        ("обязанности государств", []),
        ("واجبات الدول وإمكاناتها", []),
        ("反应、供应和可持续发展，取得许可，社会能力，非洲", []),
        ("at", []),
    ],
)
def test_operators_are_found_with_their_category(text, found):
    assert [" ".join(each) for each in operators.operators(text)] == found


# what is bound beside what is allowed or possible, in one sentence of each language
BOUND_OR_ALLOWED = [
    ("Государства {} это", "должны обязаны надлежит", "могут вправе"),
    ("Это {} сделать", "следует необходимо нужно надо", "можно нельзя разрешается допускается"),
    ("{} على الدول ذلك", "يجب ينبغي يتعين يتوجب يلزم", "يجوز يمكن يحق"),
    ("各国{}保护移民", "应当 应该 应 必须 须 务必", "可以 可能 能够 有权"),
]


@pytest.mark.parametrize(("sentence", "bound", "allowed"), BOUND_OR_ALLOWED)
def test_what_is_bound_and_what_is_allowed_are_two_modals(sentence, bound, allowed):
    for word in (*bound.split(), *allowed.split()):
        assert operators.operators(sentence.format(word)) == [("modal", word)]


def test_a_negative_prefix_makes_a_word_of_another():
    assert operators.negated_by_prefix("lawful return", "unlawful return")
    assert operators.negated_by_prefix("irregular status", "regular status")
    assert not operators.negated_by_prefix("migration", "immigration")
    assert not operators.negated_by_prefix("all to us", "into all")
