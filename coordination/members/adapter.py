"""What django-allauth and Django's sign-in ask of us."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from coordination.core import clock
from coordination.members import actions
from coordination.members.models import Person


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up by themselves: accounts come by invitation."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Say that sign-up is closed."""
        return False


def note_sign_in(*, user: Person, **_: Any) -> None:
    """Hear that a person signed in. Django's own listener saves the person, which would be a change in history each time."""
    actions.note_sign_in(user, at=clock.now())
