"""Load the history of a schedule from a fixture.

In the order of the decisions. Terms are loaded as they were first decided; each later change is the
operation by which the group made it. Loading twice changes nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from coordination.rotation.actions import operations, plans
from coordination.rotation.actions.recording import GroupDecision
from coordination.rotation.models import ChairTerm, TermOperation
from coordination.rotation.queries import chair
from coordination.rotation.queries.operations import PlannedOperation

Entry = Mapping[str, Any]
LoadTerm = Callable[[Entry, datetime], int]
NOON = time(12, tzinfo=UTC)


def load(entries: Sequence[Entry], load_term: LoadTerm) -> int:
    """Load a schedule; return the number of new entries.

    New terms and operations. Each entry has `on` (the day of the decision), `operation`,
    `decision` and `sources`; "confirm" has `terms`, which `load_term` puts on record.
    """
    return sum(
        load_entry(entry, load_term) for entry in sorted(entries, key=lambda entry: entry["on"])
    )


def load_entry(entry: Entry, load_term: LoadTerm) -> int:
    """Load one decision."""
    at = datetime.combine(date.fromisoformat(entry["on"]), NOON)
    if entry["operation"] == "confirm":
        shared = {"sources": entry["sources"], "note": entry["decision"]}
        return sum(load_term(shared | term, at) for term in entry["terms"])
    decision = GroupDecision(entry["decision"], document=entry["sources"][0])
    if TermOperation.objects.filter(
        kind=entry["operation"], decided_at=at, decision=decision.decision
    ).exists():
        return 0
    operations.write(
        PLANS[entry["operation"]](entry, at), decision, by=None, at=at, is_history=True
    )
    return 1


def term_that_begins(day: str) -> ChairTerm:
    """Return the confirmed term that begins on a day, with its agencies."""
    return chair.confirmed().get(first_day=date.fromisoformat(day))


PLANS: dict[str, Callable[[Entry, datetime], PlannedOperation]] = {
    "defer": lambda entry, at: plans.deferred(term_that_begins(entry["term"]), at=at),
    "withdraw": lambda entry, at: plans.withdrawn(term_that_begins(entry["term"]), at=at),
    "extend": lambda entry, at: plans.extended(
        term_that_begins(entry["term"]), date.fromisoformat(entry["last_day"]), at=at
    ),
    "exchange": lambda entry, at: plans.exchanged(
        *(term_that_begins(day) for day in entry["terms"]), at=at
    ),
    "move_up": lambda entry, at: plans.moved_up(
        plans.vacancy_at(date.fromisoformat(entry["day"]), at=at), at=at
    ),
}
