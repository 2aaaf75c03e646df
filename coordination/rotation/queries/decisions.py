"""Find the selection's decision behind a term, and its powers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from coordination.core.periods import Period
from coordination.members.models import Agency
from coordination.rotation.enums import SelectionState, TermKind, TermState
from coordination.rotation.models import ChairTerm, Selection, SelectionDecision, SelectionTerm
from coordination.rotation.queries.selections import terms_on_the_way


@dataclass(frozen=True, slots=True)
class TermDecision:
    """A term's decision, its agencies and the consulted ones."""

    row: SelectionDecision
    agencies: list[Agency]
    consulted: list[Agency]


def decision_of(term: ChairTerm) -> TermDecision | None:
    """Return the selection's decision that made a term, or None.

    One query without one.
    """
    row = (
        SelectionDecision.objects.filter(chair_term=term)
        .select_related("chair_term", "recorded_by", "term__selection")
        .first()
    )
    if row is None:
        return None
    return with_agencies([row])[0]


def decisions_of(terms: Iterable[SelectionTerm]) -> list[TermDecision]:
    """Return the decisions of a selection's loaded terms.

    One query at most.
    """
    return with_agencies([term.decision for term in terms if hasattr(term, "decision")])


def with_agencies(rows: Sequence[SelectionDecision]) -> list[TermDecision]:
    """Load the agencies that decisions name.

    One query, none for no decision.
    """
    keys = {key for row in rows for key in (*row.agencies, *row.consulted)}
    agencies = Agency.objects.in_bulk(keys) if keys else {}
    return [
        TermDecision(
            row,
            [agencies[key] for key in row.agencies if key in agencies],
            [agencies[key] for key in row.consulted if key in agencies],
        )
        for row in rows
    ]


def selection_of(term: ChairTerm) -> Selection | None:
    """Return the running selection for a proposed term's days, or None.

    One query at most.
    """
    if term.state != TermState.PROPOSED:
        return None
    period = Period(term.first_day, term.last_day)
    row = terms_on_the_way(period, SelectionState.RUNNING).first()
    return row.selection if row else None


def bridges(term: ChairTerm, day: date) -> bool:
    """Return whether an unfinished term bridges days without a candidate.

    Pure.
    """
    return term.kind != TermKind.TERM and term.state == TermState.CONFIRMED and term.last_day >= day
