"""Reads of the rotation: who chairs on a day, what is vacant, where a handover stands."""

from coordination.rotation.queries.asks import asks
from coordination.rotation.queries.chair import Chair, chair_on, chairing_agencies, next_term, term_and_next, term_on, vacancy_around
from coordination.rotation.queries.handovers import Side, handover_in_progress, handover_of, side_agencies, sides
from coordination.rotation.queries.terms import TermWords, overlapping, terms_in_order, vacancies
from coordination.rotation.queries.timeline import Timeline, timeline

__all__ = [
    "Chair",
    "Side",
    "TermWords",
    "Timeline",
    "asks",
    "chair_on",
    "chairing_agencies",
    "handover_in_progress",
    "handover_of",
    "next_term",
    "overlapping",
    "side_agencies",
    "sides",
    "term_and_next",
    "term_on",
    "terms_in_order",
    "timeline",
    "vacancies",
    "vacancy_around",
]
