"""Reads of the rotation: who chairs on a day, what is vacant, where a handover stands."""

from coordination.rotation.queries.asks import asks, asks_of
from coordination.rotation.queries.chair import (
    Chair,
    TermAhead,
    agencies_chairing,
    chair_in,
    chair_on,
    chairing_agencies,
    chairing_on,
    every_term,
    keeping_minutes_of,
    next_term,
    term_on,
    terms_from,
)
from coordination.rotation.queries.changes import handover_changes, term_changes
from coordination.rotation.queries.handovers import (
    Side,
    handover_in_progress,
    handover_of,
    handovers,
    has_handover,
    items_ahead,
    progress_of,
    side_agencies,
    sides,
)
from coordination.rotation.queries.terms import TermWords, overlapping, terms_in_order, vacancies
from coordination.rotation.queries.timeline import Timeline, timeline

__all__ = [
    "Chair",
    "Side",
    "TermAhead",
    "TermWords",
    "Timeline",
    "agencies_chairing",
    "asks",
    "asks_of",
    "chair_in",
    "chair_on",
    "chairing_agencies",
    "chairing_on",
    "every_term",
    "handover_changes",
    "handover_in_progress",
    "handover_of",
    "handovers",
    "has_handover",
    "items_ahead",
    "keeping_minutes_of",
    "next_term",
    "overlapping",
    "progress_of",
    "side_agencies",
    "sides",
    "term_changes",
    "term_on",
    "terms_from",
    "terms_in_order",
    "timeline",
    "vacancies",
]
