"""Reads of the rotation: who chairs on a day, what is vacant, where a handover stands."""

from coordination.rotation.queries.asks import asks_of
from coordination.rotation.queries.chair import (
    Chair,
    TermAhead,
    chair_on,
    chairing_agencies,
    chairing_on,
    next_term,
    term_before,
    term_on,
    terms_from,
)
from coordination.rotation.queries.handovers import (
    Side,
    Team,
    Terms,
    handover_of,
    handovers,
    handovers_in_progress,
    items_ahead,
    outgoing_term,
    progress_of,
    sides,
    teams,
    terms_of,
)
from coordination.rotation.queries.terms import TermWords, overlapping, terms_in_order, vacancies
from coordination.rotation.queries.timeline import Timeline, timeline

__all__ = [
    "Chair",
    "Side",
    "Team",
    "TermAhead",
    "TermWords",
    "Terms",
    "Timeline",
    "asks_of",
    "chair_on",
    "chairing_agencies",
    "chairing_on",
    "handover_of",
    "handovers",
    "handovers_in_progress",
    "items_ahead",
    "next_term",
    "outgoing_term",
    "overlapping",
    "progress_of",
    "sides",
    "teams",
    "term_before",
    "term_on",
    "terms_from",
    "terms_in_order",
    "terms_of",
    "timeline",
    "vacancies",
]
