"""The history of a term and of a handover."""

from coordination.core import history
from coordination.core.history import HistoryEntry
from coordination.rotation.models import (
    Candidature,
    ChairTerm,
    Escalation,
    Handover,
    HandoverItem,
    OpenVote,
    PrincipalAnswer,
    Selection,
    SelectionDecision,
    SelectionTerm,
    SelectionVote,
    TermAgency,
)


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


def selection_changes(selection: Selection) -> list[HistoryEntry]:
    """Return the newest changes of a selection and its records.

    Seven queries. A secret vote has no history beyond its opening and its end.
    """
    of_selection = {"selection_id": selection.pk}
    by_agency = [
        history.entries(
            model.history.filter(**of_selection),
            name=lambda record: history.field_text(record, "agency"),
            known=("selection", "agency"),
        )
        for model in (Candidature, PrincipalAnswer)
    ]
    terms = SelectionTerm.objects.filter(selection=selection).values("pk")
    votes = SelectionVote.history.filter(term_id__in=terms)
    open_votes = OpenVote.history.filter(vote__term__in=terms)
    return history.newest_first(
        history.changes(selection),
        *by_agency,
        history.entries(Escalation.history.filter(**of_selection), name=lambda _record: ""),
        history.entries(SelectionDecision.history.filter(term_id__in=terms), name=lambda _r: ""),
        history.entries(votes, name=lambda _record: ""),
        history.entries(open_votes, name=lambda record: history.field_text(record, "agency")),
    )
