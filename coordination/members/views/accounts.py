"""Accounts: invitations, one's profile, and the demonstration's cast."""

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import get_language_from_request
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from coordination.core import history
from coordination.core.errors import RuleBroken
from coordination.core.forms import EditedObject, say_and_redirect, submit
from coordination.core.http import AuthenticatedRequest, HttpRequest
from coordination.members import attempts
from coordination.members.actions import invitations, people
from coordination.members.actions.invitations import invited_person, refuse_unless_open
from coordination.members.errors import InvitationNotOpen
from coordination.members.forms import AcceptForm, ProfileForm
from coordination.members.models import Invitation, Person
from coordination.members.queries.invitations import invitation_of
from coordination.members.queries.people import (
    appointments_of,
    demo_cast,
    demo_speakers,
    has_credentials,
)

BACKEND = "coordination.members.adapter.AccountBackend"


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Show an invitation; its button accepts it.

    Opening the link only shows it, since mail programs open links too. The token never leaves with
    a referrer.
    """
    try:
        invitation = refuse_unless_open(invitation_of(token), request.now)
        response = _accept(request, invitation, token)
    except InvitationNotOpen as error:
        response = render(
            request, "members/invitation_closed.html", {"sentence": error.message}, status=404
        )
    # The path contains the token; other sites see only our origin.
    response["Referrer-Policy"] = "strict-origin"
    response["X-Robots-Tag"] = "noindex"
    return response


def _accept(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    """Show the invitation with its form, or process the form."""
    person = invited_person(invitation)
    is_other_account = request.user.is_authenticated and request.user.pk != person.pk
    is_new = not has_credentials(person)
    posted = request.POST if request.method == "POST" else None
    form: Form = (
        AcceptForm(posted, person=person, initial={"name": person.name}) if is_new else Form(posted)
    )
    if form.is_valid() and not is_other_account:
        fields = {
            "name": form.cleaned_data.get("name", ""),
            "password": form.cleaned_data.get("password", ""),
        }
        try:
            appointment = invitations.accept_invitation(token, **fields, at=request.now)
        except InvitationNotOpen:
            raise
        except RuleBroken as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            return _welcome(request, appointment.person, is_new=is_new)
    context = {
        "invitation": invitation,
        "form": form,
        "is_new": is_new,
        "is_other_account": is_other_account,
    }
    return render(
        request, "members/invitation_accept.html", context, status=422 if form.is_bound else 200
    )


def _welcome(request: HttpRequest, person: Person, *, is_new: bool) -> HttpResponse:
    """Sign a new person in.

    Others sign in as always, with their second factor if any.
    """
    if is_new or request.user.is_authenticated:
        messages.success(request, _("You are in. Here is what is asked of you."))
    else:
        messages.success(request, _("The invitation is accepted. Sign in to go on."))
    response = redirect(settings.LOGIN_REDIRECT_URL)
    if is_new:
        login(request, person, backend=BACKEND)
        UserSession.objects.create_from_request(
            request
        )  # so that the list of sessions has it at once
        attempts.remember_device(request, response, person.email or "")
    return response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: AuthenticatedRequest) -> HttpResponse:
    """Show and change one's own name, time zone and language."""
    person: Person = request.user
    initial = {
        "name": person.name,
        "time_zone": person.time_zone,
        "language": person.language,
        "version": person.version,
    }
    posted = request.POST if request.method == "POST" else None
    form = ProfileForm(posted, initial=initial, group=request.group, current=person.time_zone)
    response = submit(
        request,
        form,
        lambda: people.update_profile(person, **form.cleaned_data, by=person),
        lambda saved: profile_saved(request, saved),
        edited=EditedObject(_("Your profile")),
    )
    if response:
        return response
    context = {
        "form": form,
        "appointments": appointments_of(person),
        "changes": history.changes(person),
    }
    return render(
        request, "members/profile_edit.html", context, status=422 if form.is_bound else 200
    )


def profile_saved(request: AuthenticatedRequest, person: Person) -> HttpResponse:
    """Confirm the saved profile in the newly chosen language.

    The next page shows the message.
    """
    chosen = person.reading_language if person.language else get_language_from_request(request)
    with translation.override(chosen):
        return say_and_redirect(request, _("Your profile is saved."), "members:profile")


@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as somebody of the demonstration, without a password.

    Outside the demonstration there is no such page.
    """
    if not settings.DEMO:
        raise Http404
    key = request.POST.get("person", "")
    people_offered = [
        *demo_cast(request.day),
        *(row.person for row in demo_speakers(request.day)),
    ]
    person = next(
        (offered_person for offered_person in people_offered if str(offered_person.pk) == key), None
    )
    if person is None:
        raise RuleBroken(_("Choose one of the cast."))
    login(request, person, backend=BACKEND)
    UserSession.objects.create_from_request(request)  # so that the list of sessions has it at once
    return redirect(settings.LOGIN_REDIRECT_URL)
