"""What django-allauth and Django's sign-in ask of us."""

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from coordination.core import clock
from coordination.core.errors import OutOfReach
from coordination.members import actions
from coordination.members.models import Person

log = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up by themselves: accounts come by invitation. Mail that was asked for on a page is sent there and then."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Say that sign-up is closed."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send, or say that it cannot be done now: in the same words whether or not the address belongs to somebody.

        Not through the outbox: it keeps what it sends, and these mails carry what opens an account. Raises OutOfReach.
        """
        try:
            super().send_mail(template_prefix, email, context)
        except OSError as error:  # smtplib's errors are
            log.error("%s could not be sent: %s", template_prefix, error)  # noqa: TRY400 - the words of the server say it; a traceback adds nothing
            raise OutOfReach(gettext("The mail could not be sent now; try again in some minutes.")) from error


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
