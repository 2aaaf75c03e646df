"""Build the story of a term for its page."""

from collections.abc import Sequence
from typing import Any

from coordination.core.http import HttpRequest
from coordination.core.periods import gaps
from coordination.rotation.enums import TermState
from coordination.rotation.queries import happenings, story, troika
from coordination.rotation.queries.chair import Sitting
from coordination.rotation.queries.confirmed_terms import ConfirmedTerms
from coordination.rotation.queries.offers import is_open
from coordination.rotation.views.timeline import viewer_of


def story_of(
    request: HttpRequest,
    term: Any,
    terms: ConfirmedTerms,
    sittings: Sequence[Sitting],
    *,
    may_read: bool,
) -> dict[str, object]:
    """Return the story of a term for its page; handovers and operations for those who may read.

    `term` is one of `story.terms_with_signs`.
    """
    own = [sitting for sitting in sittings if sitting.term == term]
    is_confirmed = term.state == TermState.CONFIRMED
    has_begun = is_confirmed and term.first_day <= request.day
    made = story.operations_on(term) if may_read and term.is_operated else []
    into, out_of = story.handovers_around(term, terms) if may_read else (None, None)
    chaired = [sitting.period for sitting in own]
    return {
        "troika": troika.troika_of_term(sittings, term),
        "lapses": gaps(chaired, term.first_day, term.last_day) if is_confirmed else [],
        "headships": story.headships(own, request.day),
        "spokesmanships": story.spokesmanships(own),
        "chapters": happenings.chapters(viewer_of(request), term.period) if has_begun else [],
        "operations_on": made,
        "offers": [one.operation for one in made if is_open(one.operation, request.day)],
        "handover_in": into,
        "handover_out": out_of,
    }
