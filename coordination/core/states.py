"""The states of an object and what may follow each.

Actions ask it; docs/states/ is drawn from it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices

MADE_BY = "STATES=write ./test --fast -- coordination/tests/house/test_states.py"


@dataclass(frozen=True, slots=True)
class Life:
    """The states of one kind of object, such as "handover-item".

    `name` is also the file of its drawing in docs/states/. `begins` are the states of a new object.
    `moves` maps each state to those that an action may set next; a state that follows itself is
    stated anew, as with another reason. `notes` are the lines below the drawing.
    """

    name: str
    title: str
    states: type[TextChoices]
    begins: tuple[Any, ...]
    moves: Mapping[Any, frozenset[Any]]
    notes: tuple[str, ...] = ()

    def allows(self, before: str, after: str) -> bool:
        """Return whether `after` may follow `before`.

        Raises ValueError for a value that is not one of `states`.
        """
        return self.states(after) in self.moves[self.states(before)]

    def before(self, after: str) -> tuple[Any, ...]:
        """Return the states that `after` may follow, in their order."""
        return tuple(state for state in self.states if self.allows(state, after))

    def diagram(self) -> str:
        """Return the Markdown of docs/states/NAME.md."""
        states = list(self.states)
        begins = [f"    [*] --> {state.value}" for state in self.begins]
        moves = [
            f"    {state.value} --> {after.value}"
            for state in states
            for after in sorted(self.moves[state], key=states.index)
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
