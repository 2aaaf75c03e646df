"""The address with which a person signs in, and their sessions."""

from collections.abc import Callable
from typing import TypeVar, cast

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.email_verification import send_verification_email_to_address
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.decorators import rate_limit
from allauth.usersessions.internal.flows.sessions import end_other_sessions
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from coordination.core.errors import RuleBroken
from coordination.core.http import AuthenticatedRequest
from coordination.members import attempts
from coordination.members.actions import accounts
from coordination.members.forms import AddressForm
from coordination.members.models import Person
from coordination.members.queries import sessions

View = TypeVar("View", bound=Callable[..., HttpResponse])


def prove_who_you_are(view: View) -> View:
    """Ask for password or second factor again before a form is taken.

    Not within ACCOUNT_REAUTHENTICATION_TIMEOUT of the last such answer. Signing in does not count.
    """
    return cast("View", reauthentication_required(view, app="allauth.account", allow_get=True))


def limited(view: View) -> View:
    """Limit how often a person may send the form."""
    return cast("View", rate_limit(action="manage_email")(view))


@login_required
@limited
@prove_who_you_are
@require_http_methods(["GET", "HEAD", "POST"])
def address(request: AuthenticatedRequest) -> HttpResponse:
    """Show the person's sign-in address, and take a new one.

    The new one counts once it is confirmed.
    """
    person = request.user
    pending = (
        EmailAddress.objects.filter(user=person, verified=False)
        .exclude(email__iexact=person.email or "")
        .first()
    )
    form = AddressForm(
        request.POST if request.method == "POST" and "ask" in request.POST else None, person=person
    )
    new_address = pending.email if pending and "send" in request.POST else ""
    if form.is_valid():
        new_address = form.cleaned_data["email"]
    if new_address:
        attempt = attempts.count_hourly(request, "address_mails", str(person.pk))
        # A mail that was not sent does not count against the limit.
        if not send_link(request, accounts.ask_for_address(person, new_address)):
            attempt.undo()
        return redirect("members:address")
    if request.method == "POST" and not form.is_bound:
        accounts.withdraw_address(person)
        return redirect("members:address")
    return render(
        request,
        "members/address_edit.html",
        {"form": form, "pending": pending},
        status=422 if form.is_bound else 200,
    )


def keep_this_session(request: AuthenticatedRequest, person: Person) -> None:
    """Keep this session while all others of the person end.

    It has a new key, so it is listed anew.
    """
    update_session_auth_hash(request, person)
    UserSession.objects.create_from_request(request)


def send_link(request: AuthenticatedRequest, pending: EmailAddress) -> bool:
    """Send the link that confirms an address.

    Returns whether it was sent. A message says why it was not.
    """
    is_sent: bool = send_verification_email_to_address(request, pending)
    if not is_sent:
        sentence = _(
            "No link was sent now: one went to %(address)s less than 3 minutes ago. If it does not "
            "work, wait, then send the link again."
        )
        messages.warning(request, sentence % {"address": pending.email})
    return is_sent


@login_required
@prove_who_you_are
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_address(request: AuthenticatedRequest, key: str) -> HttpResponse:
    """Confirm a new address, in a session of its owner.

    The link alone changes nothing.
    """
    confirmation = EmailConfirmationHMAC.from_key(key)
    # Somebody else who has the link must not confirm it in their session.
    is_own = confirmation is not None and confirmation.email_address.user_id == request.user.pk
    if confirmation is None or not is_own:
        return render(
            request,
            "members/address_confirm.html",
            {"new": "", "another": confirmation is not None},
            status=404,
        )
    address = confirmation.email_address.email
    if request.method == "POST":
        try:
            person = accounts.change_address(request.user, address, by=request.user, at=request.now)
        except RuleBroken as error:
            messages.error(request, error.message)
            return redirect("members:address")
        keep_this_session(request, person)
        messages.success(
            request,
            _("You sign in with %(address)s from now on. Other sessions have ended.")
            % {"address": address},
        )
        return redirect("members:address")
    return render(request, "members/address_confirm.html", {"new": address, "another": False})


@login_required
@prove_who_you_are
@require_http_methods(["GET", "HEAD", "POST"])
def own_sessions(request: AuthenticatedRequest) -> HttpResponse:
    """List the person's sessions, and end all but this one."""
    if request.method == "POST":
        # older sessions may not be listed, so the account ends them all; the list follows
        keep_this_session(request, accounts.end_sessions(request.user))
        end_other_sessions(request, request.user)
        messages.success(request, _("Your other sessions have ended."))
        return redirect("members:sessions")
    # a session that began elsewhere, as in the demonstration, may not be listed yet
    UserSession.objects.create_from_request(request)
    rows = []
    for session in UserSession.objects.purge_and_list(request.user):
        browser, system = sessions.device_of(session.user_agent)
        is_this = session.session_key == request.session.session_key
        rows.append(
            {
                "browser": browser,
                "system": system,
                "began_at": session.created_at,
                "last_used_at": session.last_seen_at,
                "is_this": is_this,
            }
        )
    rows.sort(key=lambda row: (not row["is_this"], -row["last_used_at"].timestamp()))
    return render(request, "members/session_list.html", {"rows": rows})
