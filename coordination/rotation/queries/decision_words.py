"""Describe how a selection decided, from the history's codes."""

from collections.abc import Mapping
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from coordination.core import formatting
from coordination.rotation.enums import DecisionMethod, SelectionOutcome
from coordination.rotation.models import TermOperation


def decision_words(operation: TermOperation) -> str:
    """Return who or what decided an operation; "" for nobody.

    Pure.
    """
    return how_words(operation.decided_how) if operation.decided_how else operation.decision


def how_words(how: Mapping[str, Any]) -> str:
    """Describe a selection's decision from its codes, in the reader's language.

    Pure.
    """
    method = METHODS[DecisionMethod(how["method"])](how)
    if how["outcome"] == SelectionOutcome.CHAIR:
        return method
    outcome = capfirst(SelectionOutcome(how["outcome"]).label)
    return _("%(outcome)s: %(method)s") % {"outcome": outcome, "method": method}


def consensus_words(how: Mapping[str, Any]) -> str:
    """Return "Consensus; consulted: FAO and IOM"."""
    return _("Consensus; consulted: %(agencies)s") % {
        "agencies": formatting.list_of(how["consulted"])
    }


def vote_words(how: Mapping[str, Any]) -> str:
    """Return "Secret vote: UNFPA 3, OHCHR 1, abstentions 1"."""
    counts = ", ".join(
        _("%(choice)s %(n)d") % {"choice": acronym or _("abstentions"), "n": count}
        for acronym, count in how["tallies"]
        if acronym or count
    )
    sentence = _("Secret vote: %(counts)s") if how["is_secret"] else _("Open vote: %(counts)s")
    return sentence % {"counts": counts}


def senior_words(_how: Mapping[str, Any]) -> str:
    """Return that the senior officials decided; their document stands beside it."""
    return _("Senior officials of the agencies")


METHODS = {
    DecisionMethod.CONSENSUS: consensus_words,
    DecisionMethod.VOTE: vote_words,
    DecisionMethod.SENIOR: senior_words,
}
