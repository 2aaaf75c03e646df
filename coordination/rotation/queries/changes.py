"""The history of a term and of a handover."""

from coordination.core import history
from coordination.core.history import HistoryEntry
from coordination.rotation.models import ChairTerm, Handover, HandoverItem, TermAgency


def term_changes(term: ChairTerm) -> list[HistoryEntry]:
    """Return the newest changes of a term and its agencies; two queries."""
    chairs = TermAgency.history.filter(term_id=term.pk)
    return history.newest_first(
        history.changes(term),
        history.entries(
            chairs,
            name=lambda record: history.field_text(record, "agency"),
            known=("term", "agency"),
        ),
    )


def handover_changes(handover: Handover) -> list[HistoryEntry]:
    """Return the newest changes of a handover and its items.

    Two queries. The creation of the items is left out: they come with the handover.
    """
    items = history.entries(
        HandoverItem.history.filter(handover_id=handover.pk), name=lambda record: record.title
    )
    return history.newest_first(
        history.changes(handover), (step for step in items if step.kind != "+")
    )
