"""A schedule with four turns ahead, and how tests read one."""

from datetime import date

from coordination.rotation.actions.recording import GroupDecision
from coordination.rotation.enums import TermState
from coordination.rotation.models import ChairTerm
from coordination.rotation.tests.factories import ChairTermFactory, TermAgencyFactory

DECIDED = GroupDecision(
    "Meeting of 20 November 2026, by consensus", "Minutes, item 4", "Budget cycle"
)
H2_2026 = (date(2026, 7, 1), date(2026, 12, 31))
H1_2027 = (date(2027, 1, 1), date(2027, 6, 30))
H2_2027 = (date(2027, 7, 1), date(2027, 12, 31))
H1_2028 = (date(2028, 1, 1), date(2028, 6, 30))


def term_of(agencies, days, **values):
    """Return a confirmed term of some agencies."""
    term = ChairTermFactory(first_day=days[0], last_day=days[1], **values)
    for position, agency in enumerate(agencies, 1):
        TermAgencyFactory(term=term, agency=agency, position=position)
    return term


def schedule():
    """Return the confirmed terms, oldest first: (first day, last day, "FAO+IOM")."""
    terms = ChairTerm.objects.filter(state=TermState.CONFIRMED).order_by("first_day")
    return [
        (
            term.first_day,
            term.last_day,
            "+".join(row.agency.acronym for row in term.chairs.select_related("agency")),
        )
        for term in terms
    ]
