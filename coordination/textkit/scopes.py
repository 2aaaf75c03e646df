"""How far a change reaches beyond its own words.

A change of an operator ("not", "may", "unless": see :mod:`.operators`), of a word to its opposite
("able", "unable") or of the verb that says what is to be done concerns the whole clause.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import takewhile

import regex

from .clauses import (
    begins_sentence,
    clause_around,
    ends_sentence,
    has_words,
    opens_clause,
    sentence_around,
)
from .hunks import Hunk
from .opening_words import opens_operative
from .operators import Operator, negated_by_prefix, operators

Span = tuple[int, int]

# An operator may have words beside the change, as "at" in "at least": so many are looked at, within
# so many code points.
_WORDS_BESIDE, _CODE_POINTS_BESIDE = 2, 40
_MOST_ADVERBS = 3
_MOST_WORDS_OF_SUBJECT = 6
# so many code points have an operator among them
_LONGEST_READ = 1500
_ADVERB = regex.compile(
    r"(?:not|also|always|further|be|pas|no|\p{L}+(?:ly|mente?))", regex.IGNORECASE | regex.V1
)
_WORD = regex.compile(r"[\p{L}\p{M}'’-]+", regex.V1)
# what "all" in the same clause bears on
_POLAR = frozenset({"negator", "predicate", "exceptive", "condition", "limit", "partial"})


def scope_of(base: str, hunks: Iterable[Hunk]) -> Span | None:
    """Return the part of ``base`` about which a change says something else.

    That is a clause, or the sentence for an exception or a condition. None if the change concerns
    its own words only. So does "all", unless there is a negation or the like in its clause ("not
    all women"). Whole sentences, and clauses of their own after a comma, concern no words beside
    them.
    """
    scopes = [scope for hunk in hunks if (scope := _scope_of_hunk(base, hunk))]
    if not scopes:
        return None
    return min(start for start, _ in scopes), max(end for _, end in scopes)


def _scope_of_hunk(base: str, hunk: Hunk) -> Span | None:
    old = base[hunk.start : hunk.end]
    if not has_words(old + hunk.text) or is_whole_sentences(base, hunk):
        return None
    start = hunk.start + len(old) - len(old.lstrip(" ,"))
    end = max(hunk.end - len(old) + len(old.rstrip(" ,")), start)
    is_long = len(old) + len(hunk.text) > _LONGEST_READ
    changed = () if is_long else _changed_operators(base, hunk)
    if is_long or any(operator.is_of_sentence for operator in changed):
        return sentence_around(base, start, end)
    clause = clause_around(base, start, end)
    says_else = changed and (not _all_universal(changed) or _is_polar(base[slice(*clause)]))
    if says_else or _changes_verb(base[clause[0] : start], old, hunk.text):
        return clause
    return None


def _all_universal(changed: Iterable[Operator]) -> bool:
    return all(operator.category == "universal" for operator in changed)


def _changes_verb(before: str, old: str, new: str) -> bool:
    """Whether a word becomes its opposite, or a verb changes.

    The verb is that which says what is to be done. A verb by which the text itself acts ("Urges",
    "Invites") may change: amendments to the rest of its paragraph hold under either, and are
    carried on.
    """
    return bool(old and new) and (negated_by_prefix(old, new) or _is_verb(before))


def _changed_operators(base: str, hunk: Hunk) -> list[Operator]:
    """Return the operators that only one side has.

    All of them if their order changes.
    """
    old, new = base[hunk.start : hunk.end], hunk.text
    if old and new:
        return _difference(*(_operators_beside(base, hunk, words) for words in (old, new)))
    own = _without_clauses(old + new)
    return [
        *_difference(*(_operators_beside(base, hunk, words) for words in (own, ""))),
        *(each for each in operators(old + new) if each.is_of_sentence),
    ]


def _operators_beside(base: str, hunk: Hunk, words: str) -> list[Operator]:
    """Return the operators of ``words`` at a hunk and beside it."""
    before = base[max(hunk.start - _CODE_POINTS_BESIDE, 0) : hunk.start].split()
    after = base[hunk.end : hunk.end + _CODE_POINTS_BESIDE].split()
    return operators(" ".join([*before[-_WORDS_BESIDE:], words, *after[:_WORDS_BESIDE]]))


def _difference(old: Sequence[Operator], new: Sequence[Operator]) -> list[Operator]:
    if old == new:
        return []
    counts, new_counts = Counter(old), Counter(new)
    return [*(counts - new_counts), *(new_counts - counts)] or list(old)


def _without_clauses(text: str) -> str:
    """Return the words before the first comma that begins a clause."""
    first, *others = text.split(",")
    return ",".join([first, *takewhile(lambda part: not opens_clause(part), others)])


def is_whole_sentences(base: str, hunk: Hunk) -> bool:
    """Whether ``hunk`` only adds or only takes out whole sentences."""
    if hunk.text and hunk.start < hunk.end:
        return False
    words = hunk.text or base[hunk.start : hunk.end]
    nothing_follows = base[hunk.end : hunk.end + 1] in {"", "\n"}
    if ends_sentence(base, hunk.start):
        return nothing_follows or ends_sentence(words, len(words))
    return nothing_follows and begins_sentence(words)


def _is_polar(clause: str) -> bool:
    return any(operator.category in _POLAR for operator in operators(clause))


def _is_verb(before: str) -> bool:
    """Whether a verb that says what to do follows.

    As after "shall", or "the Group urges States to".
    """
    words = _WORD.findall(before)[-_MOST_ADVERBS - 1 :]
    while words and _ADVERB.fullmatch(words[-1]):
        words.pop()
    if not words:
        return False
    if words[-1] == "to":
        return before.count(" to ") == 1 and _acts(before)
    modal = operators(words[-1])[-1:]
    # without spaces the modal may stand anywhere in the words before
    return bool(modal) and modal[0].category == "modal" and _ends_with(words[-1], modal[0])


def _ends_with(words: str, operator: Operator) -> bool:
    return words.casefold().replace("’", "'").endswith(operator.words)


def _acts(before: str) -> bool:
    """Whether the first words have an acting verb.

    A text acts by it: "Urges", "The Group decides".
    """
    starts = [word.start() for word in _WORD.finditer(before)]
    return any(opens_operative(before[start:]) for start in starts[:_MOST_WORDS_OF_SUBJECT])
