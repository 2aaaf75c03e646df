"""What django-allauth and Django's sign-in call in our code."""

import logging
from collections.abc import Collection
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.forms import LoginForm
from allauth.account.signals import password_reset
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMultiAlternatives
from django.db import connections
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from coordination.core import clock, permissions
from coordination.core import queries as core_queries
from coordination.core.actions import beat
from coordination.core.enums import ProxyMismatch
from coordination.core.errors import OutOfReach
from coordination.core.permissions import On
from coordination.members import attempts
from coordination.members.actions import people
from coordination.members.models import Person
from coordination.members.queries import account_mails, sessions
from coordination.members.queries.people import (
    demonstration_accounts,
    has_demonstration,
    may_have_session,
    with_left_after,
    with_second_factor,
)

log = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    """Accounts come by invitation only.

    Mails are sent at once. Mails that were asked for on a page do not wait in the outbox.
    """

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Return the person with this password and an open account, or None.

        A closed account and one of the demonstration get the answer of a wrong password, so a
        stranger learns nothing. Raises TooManyAttempts.
        """
        attempt = attempts.count_attempt(request, attempts.SIGN_IN, credentials.get("email", ""))
        person: AbstractBaseUser | None = super().authenticate(request, **credentials)
        # The password was checked before, so both refusals take the same time.
        if not isinstance(person, Person) or not may_have_session(person):
            return None
        attempt.undo()
        return person

    def pre_login(
        self, request: HttpRequest, user: AbstractBaseUser, **details: Any
    ) -> HttpResponse | None:
        """Refuse a person whose last appointment ended, and say why.

        They have given their password, so the reason tells a stranger nothing.
        """
        response: HttpResponse | None = super().pre_login(request, user, **details)
        on = On(core_queries.day_in_group(clock.now()))
        if response is None and not permissions.allowed(user, "members.sign_in", on):
            sentence = permissions.sentence("members.sign_in", user, on)
            response = render(
                request, "members/session_refuse.html", {"sentence": sentence}, status=403
            )
        return response

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMultiAlternatives:
        """Return the mail in our words and frame, as text and HTML."""
        group, person = core_queries.group(), context.get("user")
        words = account_mails.account_mail(template_prefix, context, group)
        message = EmailMultiAlternatives(
            words.subject,
            words.text,
            self.get_from_email(),
            [email] if isinstance(email, str) else email,
            headers={
                **account_mails.account_headers(person, group, clock.now()),
                **(headers or {}),
            },
        )
        message.attach_alternative(words.html, "text/html")
        return message

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send the mail now, or say that it cannot be sent.

        The answer is the same whether or not the address belongs to somebody. The outbox would
        store links that open an account, so these mails bypass it. Raises OutOfReach.
        """
        try:
            super().send_mail(template_prefix, email, context)
        except OSError as error:  # the base class of smtplib's errors
            log.error("%s could not be sent: %s", template_prefix, error)  # noqa: TRY400 - the words of the server say it; a traceback adds nothing
            raise OutOfReach(
                gettext("The mail could not be sent now; try again in some minutes.")
            ) from error

    def send_notification_mail(
        self,
        template_prefix: str,
        user: AbstractBaseUser,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Send the notice of a change that is already made.

        Without a mail server the change stands, and the log has the error.
        """
        try:
            # allauth leaves the person out, whom the mail addresses
            with_user = {**(context or {}), "user": user}
            super().send_notification_mail(template_prefix, user, with_user, email)
        except OutOfReach:
            # The change must not fail because its notice does.
            log.error("the notice %s to person %s is lost", template_prefix, user.pk)  # noqa: TRY400 - send_mail logged the cause

    def post_login(self, request: HttpRequest, user: Person, **options: Any) -> HttpResponse:
        """Remember the device after a complete sign-in.

        Strangers then cannot lock its owner out.
        """
        response: HttpResponse = super().post_login(request, user, **options)
        attempts.remember_device(request, response, user.email or "")
        return response

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the visitor's address.

        If X-Forwarded-For names fewer proxies than configured, it is the address of the connection.
        """
        try:
            address: str = super().get_client_ip(request)
        except ImproperlyConfigured:
            return str(request.META["REMOTE_ADDR"])
        return address


def proxy_mismatch(request: HttpRequest | None) -> str:
    """Return how the proxies of a request contradict the setting, or "".

    The setting is TRUSTED_PROXY_COUNT.
    """
    if request is None or not request.META.get("REMOTE_ADDR"):
        return ""
    forwarded = request.headers.get("x-forwarded-for", "")
    addresses, count = (
        len(forwarded.split(",")) if forwarded else 0,
        settings.ALLAUTH_TRUSTED_PROXY_COUNT,
    )
    # Fewer addresses than proxies: somebody reached the app directly.
    if addresses < count:
        return ProxyMismatch.DIRECT
    return ProxyMismatch.FORWARDED if addresses and not count else ""


@receiver(password_reset, dispatch_uid="members.forget_attempts")
def clear_attempts(*, request: HttpRequest, user: Person, **_: Any) -> None:
    """Clear the counters of an account whose owner set a new password."""
    attempts.clear_counters(request, attempts.SIGN_IN, user.email or "")


def check_demonstration(
    *, databases: Collection[str] | None = None, **_: Any
) -> list[checks.CheckMessage]:
    """Refuse a database with demonstration accounts while DEBUG is off.

    `migrate` and `check --database` run it.
    """
    aliases = [
        alias
        for alias in databases or ()
        if Person._meta.db_table in connections[alias].introspection.table_names()
    ]
    if has_demonstration() or not any(
        demonstration_accounts().using(alias).exists() for alias in aliases
    ):
        return []
    sentence = (
        "This database holds the accounts of the demonstration, so it can be used only with DEBUG."
    )
    return [checks.Error(sentence, hint="Begin with an empty database.", id="members.E001")]


def note_sign_in(*, user: Person, request: HttpRequest | None = None, **_: Any) -> None:
    """Note that a person signed in.

    Django's own listener saves the person, which would add a record of history each time. What the
    sign-in shows about the proxies is stored for the health page; a stranger cannot forge it.
    """
    now = clock.now()
    people.note_sign_in(user, at=now)
    if request is not None:
        sessions.begin(request.session, now)
    mismatch = proxy_mismatch(request)
    if mismatch:
        beat(mismatch, at=now)


class AccountBackend(AuthenticationBackend):
    """Loads the person of a session with what each request asks."""

    def get_user(self, user_id: int) -> Person | None:
        """Return the person with their last day and second factor.

        One query. None for a closed account.
        """
        person = with_second_factor(with_left_after(Person.objects.filter(pk=user_id))).first()
        return person if person and self.user_can_authenticate(person) else None


class SignInForm(LoginForm):
    """Sign-in in our words.

    Labels say what to enter, so there are no placeholders. The page links to a new password.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail address at your agency")
        self.fields["password"].help_text = ""
        self.fields["remember"].label = _("Stay signed in on this device")
        hours = {"idle": f"{settings.SESSION_IDLE_HOURS:g}", "days": f"{settings.SESSION_DAYS:g}"}
        self.fields["remember"].help_text = (
            _(
                "For %(days)s days. Without it, you are signed out when you close the browser, "
                "and after %(idle)s hours without activity."
            )
            % hours
        )
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
