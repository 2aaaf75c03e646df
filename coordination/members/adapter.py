"""What django-allauth and Django's sign-in ask of us."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

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


class SignInForm(LoginForm):
    """Sign-in in our words: labels say what to give, no placeholder repeats them, the page links to a new password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail address at your agency")
        self.fields["password"].help_text = ""
        self.fields["remember"].label = _("Stay signed in on this device")
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
