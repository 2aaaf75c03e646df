"""The history of a term, and of a handover, with what hangs on them."""

from coordination.core import history
from coordination.core.history import Change
from coordination.rotation.models import ChairTerm, TermAgency


def term_changes(term: ChairTerm) -> list[Change]:
    """Return the newest changes of a term and of who chairs in it, newest first; two queries."""
    chairs = TermAgency.history.filter(term_id=term.pk)
    return history.newest_first(
        history.changes(term),
        history.steps(chairs, name=lambda record: history.said(record, "agency"), under="term"),
    )
