"""The history of a term, and of a handover, with what hangs on them."""

from coordination.core import history
from coordination.core.history import HistoryEntry
from coordination.rotation.models import ChairTerm, Handover, HandoverItem, TermAgency


def term_changes(term: ChairTerm) -> list[HistoryEntry]:
    """Return the newest changes of a term and of who chairs in it, newest first; two queries."""
    chairs = TermAgency.history.filter(term_id=term.pk)
    return history.newest_first(
        history.changes(term),
        history.steps(
            chairs, name=lambda record: history.said(record, "agency"), known=("term", "agency")
        ),
    )


def handover_changes(handover: Handover) -> list[HistoryEntry]:
    """Return the newest changes of a handover and of the items of its checklist, newest first.

    Two queries.

    That the items were made is not told: they come with the handover, from the checklist's
    template.
    """
    items = history.steps(
        HandoverItem.history.filter(handover_id=handover.pk), name=lambda record: record.title
    )
    return history.newest_first(
        history.changes(handover), (step for step in items if step.kind != "+")
    )
