"""What an agency's focal points do with its roster: invite, withdraw, correct, end."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from coordination.core import history, permissions
from coordination.core.forms import EditedObject, say_and_redirect, submit
from coordination.core.http import AuthenticatedRequest
from coordination.core.permissions import On
from coordination.members.actions import appointments, invitations, mandates
from coordination.members.actions.appointments import Tenure
from coordination.members.enums import Role
from coordination.members.forms import AppointmentForm, EndForm, InviteForm, MandateForm
from coordination.members.models import Agency, Appointment, Invitation


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Invite somebody to become focal point, or office of the principal, of one's own agency."""
    body = get_object_or_404(Agency, slug=slug)
    permissions.require(request.user, "members.invite", On(request.day, body))
    form = InviteForm(request.POST if request.method == "POST" else None)
    response = submit(
        request,
        form,
        lambda: invitations.invite(
            body,
            email=form.cleaned_data["email"],
            name=form.cleaned_data["name"],
            role=Role(form.cleaned_data["role"]),
            by=request.user,
            at=request.now,
        ),
        lambda invited: say_and_redirect(
            request,
            _("%(name)s is invited; the mail goes out now.") % {"name": invited[0].name},
            "members:agency",
            slug=slug,
        ),
    )
    if response:
        return response
    status = 422 if form.is_bound else 200
    return render(
        request, "members/invitation_make.html", {"agency": body, "form": form}, status=status
    )


@login_required
@require_POST
def withdraw_invitation(request: AuthenticatedRequest, slug: str, pk: int) -> HttpResponse:
    """Withdraw an open invitation."""
    invitation = get_object_or_404(
        Invitation.objects.select_related("agency"), pk=pk, agency__slug=slug
    )
    invitations.withdraw_invitation(invitation, by=request.user, at=request.now)
    messages.success(
        request,
        _("The invitation of %(name)s is withdrawn; its link says so.") % {"name": invitation.name},
    )
    return redirect("members:agency", slug=slug)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def appointment(request: AuthenticatedRequest, slug: str, pk: int) -> HttpResponse:
    """Correct an appointment, or end it."""
    found = get_object_or_404(
        Appointment.objects.select_related("agency", "person"), pk=pk, agency__slug=slug
    )
    permissions.require(request.user, "members.edit_roster", On(request.day, found.agency))
    if request.method != "POST":
        return _show(request, found, AppointmentForm.of(found), _end_form(request, found))
    ending = "end" in request.POST
    form = EndForm(request.POST) if ending else AppointmentForm(request.POST)
    response = submit(
        request,
        form,
        lambda: _save(request, found, form),
        lambda _result: say_and_redirect(
            request,
            _("The appointment of %(person)s is saved.") % {"person": found.person},
            "members:agency",
            slug=slug,
        ),
        edited=EditedObject(str(found.person)),
    )
    if response:
        return response
    if ending:
        return _show(request, found, AppointmentForm.of(found), form, status=422)
    return _show(request, found, form, _end_form(request, found), status=422)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mandate(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Change the words by which the mandate of one's agency is known."""
    body = get_object_or_404(Agency, slug=slug)
    permissions.require(request.user, "members.edit_mandate", On(request.day, body))
    initial = {"terms": "\n".join(body.mandate_terms), "version": body.version}
    form = MandateForm(request.POST if request.method == "POST" else None, initial=initial)
    response = submit(
        request,
        form,
        lambda: mandates.edit_mandate(body, **form.cleaned_data, by=request.user, at=request.now),
        lambda _agency: say_and_redirect(
            request,
            _("The words of the mandate are saved; statements count them from now on."),
            "members:agency",
            slug=slug,
        ),
        edited=EditedObject(
            _("The words of the mandate"), lambda now: {"terms": "\n".join(now.mandate_terms)}
        ),
    )
    if response:
        return response
    context = {"agency": body, "form": form}
    return render(
        request, "members/mandate_edit.html", context, status=422 if form.is_bound else 200
    )


def _save(
    request: AuthenticatedRequest, found: Appointment, form: AppointmentForm | EndForm
) -> None:
    """End the appointment, or correct it, as the form says."""
    fields = form.cleaned_data
    version = fields.pop("version")
    if isinstance(form, EndForm):
        appointments.end_appointment(
            found, fields["last_day"], version=version, by=request.user, at=request.now
        )
    else:
        appointments.edit_appointment(
            found, Tenure(**fields), version=version, by=request.user, at=request.now
        )


def _end_form(request: AuthenticatedRequest, found: Appointment) -> EndForm:
    return EndForm(initial={"last_day": request.day, "version": found.version}, auto_id="id_end_%s")


def _show(
    request: AuthenticatedRequest,
    found: Appointment,
    form: AppointmentForm | EndForm,
    end_form: AppointmentForm | EndForm,
    status: int = 200,
) -> HttpResponse:
    context = {
        "appointment": found,
        "agency": found.agency,
        "form": form,
        "end_form": None if found.last_day and found.last_day < request.day else end_form,
        "changes": history.changes(found),
        "address": reverse("members:agency", args=[found.agency.slug]),
    }
    return render(request, "members/appointment_edit.html", context, status=status)
