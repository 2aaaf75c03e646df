"""What django-allauth and Django's sign-in ask of us."""

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm
from allauth.account.signals import password_reset
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from coordination.core import clock, limits
from coordination.core.actions import beat
from coordination.core.enums import Seen
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

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Person | None:
        """Compare the password, unless there were too many attempts. Raises TooManyAttempts."""
        attempt = limits.attempt(request, limits.SIGN_IN, credentials.get("email", ""))
        person: Person | None = super().authenticate(request, **credentials)
        if person:
            attempt.undo()
        return person

    def post_login(self, request: HttpRequest, user: Person, **options: Any) -> HttpResponse:
        """Remember the device after a complete sign-in, so that strangers cannot lock it out."""
        response: HttpResponse = super().post_login(request, user, **options)
        limits.remember_device(request, response, user.email or "")
        return response

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the visitor's address; that of the connection where X-Forwarded-For names fewer proxies than there should be."""
        try:
            address: str = super().get_client_ip(request)
        except ImproperlyConfigured:
            return str(request.META["REMOTE_ADDR"])
        return address


def note_sign_in(*, user: Person, request: HttpRequest | None = None, **_: Any) -> None:
    """Hear that a person signed in. Django's own listener saves the person, which would be a change in history each time.

    What the sign-in shows about the reverse proxies is kept for the health page: a stranger cannot make one up.
    """
    at = clock.now()
    actions.note_sign_in(user, at=at)
    seen = proxies_seen(request)
    if seen:
        beat(seen, at=at)


def proxies_seen(request: HttpRequest | None) -> str:
    """Return what about the proxies of a request does not fit TRUSTED_PROXY_COUNT, or ""."""
    if request is None or not request.META.get("REMOTE_ADDR"):
        return ""
    forwarded = request.headers.get("x-forwarded-for", "")
    addresses, count = len(forwarded.split(",")) if forwarded else 0, settings.ALLAUTH_TRUSTED_PROXY_COUNT
    if addresses < count:
        return Seen.DIRECT
    return Seen.FORWARDED if addresses and not count else ""


@receiver(password_reset, dispatch_uid="members.forget_attempts")
def forget_attempts(*, request: HttpRequest, user: Person, **_: Any) -> None:
    """Let the owner in who has just set a new password, whatever strangers tried before."""
    limits.forget(request, limits.SIGN_IN, user.email or "")


class SignInForm(LoginForm):
    """Sign-in in our words: labels say what to give, no placeholder repeats them, the page links to a new password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail address at your agency")
        self.fields["password"].help_text = ""
        self.fields["remember"].label = _("Stay signed in on this device")
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
