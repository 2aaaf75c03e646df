"""What each request of a signed-in person must pass.

The limits of the session, the calendar, and the second factor.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import suspend_request
from allauth.core.exceptions import ReauthenticationRequired
from allauth.core.internal.httpkit import add_query_params
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.shortcuts import redirect, resolve_url
from django.urls import resolve
from django.utils.translation import gettext as _

from coordination.core import permissions
from coordination.core.http import AuthenticatedRequest, HttpRequest
from coordination.core.permissions import On
from coordination.members.actions import accounts
from coordination.members.queries import people, sessions

Respond = Callable[[HttpRequest], HttpResponse]
# The pages for somebody who still has to set up a second factor: to do so, to prove who they are,
# and to sign out
REACHABLE = {"account_reauthenticate", "account_logout"}
REACHABLE_PREFIX = "mfa_"


class AccountGate:
    """Ends expired sessions, and demands a second factor where one is needed."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the page that the person needs first, if any."""
        # The health page must answer while sessions cannot be read.
        if request.path == "/health/" or not request.user.is_authenticated:
            return self.respond(request)
        return blocking_response(request) or self.respond(request)  # type: ignore[arg-type]  # it is an AuthenticatedRequest from here

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Ask who a person is before taking a form.

        Only for a form whose address has a query. allauth resumes a form only where `next` equals
        its path, so it would lose this one without a word. The query waits in the session with the
        form.
        """
        if not isinstance(exception, ReauthenticationRequired) or request.method != "POST":
            return None
        methods = get_adapter().get_reauthentication_methods(request.user)
        if not methods or not request.GET:
            return None
        suspend_request(request, methods[0]["url"])
        return redirect(add_query_params(methods[0]["url"], {"next": request.path}))


def blocking_response(request: AuthenticatedRequest) -> HttpResponse | None:
    """Return the response that replaces the page, or None."""
    if sessions.is_over(request.session, request.now):
        return sign_out(request, _("Your session ended. Sign in again to go on."))
    on = On(request.day)
    if not permissions.allowed(request.user, "members.sign_in", on):
        return sign_out(request, permissions.sentence("members.sign_in", request.user, on))
    # allauth's list of sessions is updated at the same pace.
    if sessions.note_activity(request.session, request.now):
        UserSession.objects.create_from_request(request)
    until = second_factor_until(request)
    if until is None:
        return None
    request.second_factor_until = until  # type: ignore[attr-defined]  # base.html shows it
    if request.now < until or is_reachable(request.path_info):
        return None
    messages.warning(request, _("Set up a second factor first; your account needs one."))
    return redirect("mfa_index")


def sign_out(request: AuthenticatedRequest, sentence: str) -> HttpResponse:
    """End the session, say why, and ask to sign in again."""
    # the address of a form may take only a POST
    path = request.get_full_path() if request.method == "GET" else ""
    logout(request)
    messages.warning(request, sentence)
    return redirect_to_login(path or resolve_url(settings.LOGIN_REDIRECT_URL))


def second_factor_until(request: AuthenticatedRequest) -> datetime | None:
    """Return until when the person may work without a second factor.

    None if they have one or need none.
    """
    roles = settings.SECOND_FACTOR_REQUIRED_FOR
    needed = ("administrators" in roles and request.user.is_staff) or (
        "chair" in roles and permissions.offered(request, "rotation.chair")
    )
    if not needed or people.has_second_factor(request.user):
        return None
    since = request.user.second_factor_since or accounts.note_second_factor_needed(
        request.user, at=request.now
    )
    return since + timedelta(days=settings.SECOND_FACTOR_GRACE_DAYS)


def is_reachable(path: str) -> bool:
    """Return whether an address is needed to set up a second factor."""
    name = resolve(path).url_name or ""
    return name in REACHABLE or name.startswith(REACHABLE_PREFIX)
