"""The life of a thing: its states and what may follow each, as one table.

Actions ask it; docs/states/ is drawn from it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices

MADE_BY = "STATES=write ./test --fast -- coordination/tests/house/test_states.py"


@dataclass(frozen=True, slots=True)
class Life:
    """The life of a kind of thing, such as a "handover-item" (the name of its paper).

    `begins` are the states in which one is made. `moves` has, for each state, those that may follow
    by an act; a state that follows itself is said again, with other words. `notes` are the lines
    beneath the drawing.
    """

    name: str
    title: str
    states: type[TextChoices]
    begins: tuple[Any, ...]
    moves: Mapping[Any, frozenset[Any]]
    notes: tuple[str, ...] = ()

    def allows(self, before: str, after: str) -> bool:
        """Say whether `after` may follow `before`.

        Raises ValueError for what is no state of this life.
        """
        return self.states(after) in self.moves[self.states(before)]

    def before(self, after: str) -> tuple[Any, ...]:
        """Return the states that `after` may follow, in their order."""
        return tuple(state for state in self.states if self.allows(state, after))

    def diagram(self) -> str:
        """Return the paper of this life: docs/states/NAME.md."""
        states = list(self.states)
        begins = [f"    [*] --> {state.value}" for state in self.begins]
        moves = [
            f"    {one.value} --> {after.value}"
            for one in states
            for after in sorted(self.moves[one], key=states.index)
        ]
        ends = [f"    {state.value} --> [*]" for state in states if not self.moves[state]]
        drawing = ["```mermaid", "stateDiagram-v2", *begins, *moves, *ends, "```"]
        notes = ["", *self.notes] if self.notes else []
        return "\n".join(
            [
                f"# {self.title}",
                "",
                f"Made by `{MADE_BY}`; without `STATES` it compares.",
                "",
                *drawing,
                *notes,
                "",
            ]
        )
