"""What ends with a membership: appointments, and what other apps keep for a member."""

from datetime import datetime
from typing import Protocol

from coordination.members.actions.appointments import end_outside_membership
from coordination.members.models import Agency, Person


class Ending(Protocol):
    """An act of another app that ends what needs a membership, in the caller's transaction."""

    def __call__(self, agency: Agency, *, by: Person, at: datetime) -> None:
        """End what `agency` has on days on which it is not a member."""


_endings: list[Ending] = []


def register(end: Ending) -> None:
    """Add what an app ends when an agency is a member on fewer days."""
    if end not in _endings:
        _endings.append(end)


def end_with_membership(agency: Agency, *, by: Person, at: datetime) -> None:
    """End what goes on after the memberships of `agency`, in the caller's transaction."""
    end_outside_membership(agency, by=by, at=at)
    for end in _endings:
        end(agency, by=by, at=at)
