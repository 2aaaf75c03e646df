"""What ends with a membership.

Appointments end here. Other apps register what they end.
"""

from datetime import datetime
from typing import Protocol

from coordination.members.actions.appointments import end_outside_membership
from coordination.members.models import Agency, Person


class Ending(Protocol):
    """An act of another app that ends what needs a membership.

    It runs in the caller's transaction.
    """

    def __call__(self, agency: Agency, *, by: Person, at: datetime) -> None:
        """End what `agency` has on days outside its membership."""


_endings: list[Ending] = []


def register(end: Ending) -> None:
    """Add an app's act for an agency whose membership gets shorter."""
    if end not in _endings:
        _endings.append(end)


def end_with_membership(agency: Agency, *, by: Person, at: datetime) -> None:
    """End what outlasts the memberships of `agency`.

    Runs in the caller's transaction.
    """
    end_outside_membership(agency, by=by, at=at)
    for end in _endings:
        end(agency, by=by, at=at)
