"""What focal points do with their agency's roster."""

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
from coordination.members.actions import appointments, invitations, mandates
from coordination.members.actions.appointments import Tenure
from coordination.members.enums import Role
from coordination.members.forms import AppointmentForm, EndForm, InviteForm, MandateForm
from coordination.members.models import Agency, Appointment, Invitation
from coordination.members.queries import leavers


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Invite somebody to become focal point or office of one's own agency."""
    agency = get_object_or_404(Agency, slug=slug)
    permissions.require_offered(request, "members.invite", agency)
    sent = request.POST if request.method == "POST" else None
    form = InviteForm(sent, initial=_again(request, agency))
    response = submit(
        request,
        form,
        lambda: invitations.invite(
            agency,
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
        request, "members/invitation_make.html", {"agency": agency, "form": form}, status=status
    )


def _again(request: AuthenticatedRequest, agency: Agency) -> dict[str, str]:
    """Return what a link to invite somebody `again` fills in.

    It is the former invitation of the agency.
    """
    key = request.GET.get("again", "")
    if not (key.isascii() and key.isdecimal() and len(key) < 10):  # noqa: PLR2004 - any key is shorter
        return {}
    invitation = agency.invitations.filter(pk=key).first()
    if invitation is None:
        return {}
    return {"email": invitation.email, "name": invitation.name, "role": invitation.role}


@login_required
@require_POST
def withdraw_invitation(request: AuthenticatedRequest, slug: str, pk: int) -> HttpResponse:
    """Withdraw an invitation that is open or lapsed."""
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
    saved = get_object_or_404(
        Appointment.objects.select_related("agency", "person"), pk=pk, agency__slug=slug
    )
    permissions.require_offered(request, "members.edit_roster", saved.agency)
    if request.method != "POST":
        return _show(request, saved, AppointmentForm.of(saved), _end_form(request, saved))
    ending = "end" in request.POST
    form = EndForm(request.POST) if ending else AppointmentForm(request.POST)
    response = submit(
        request,
        form,
        lambda: _save(request, saved, form),
        lambda _result: say_and_redirect(
            request,
            _("The appointment of %(person)s is saved.") % {"person": saved.person},
            "members:agency",
            slug=slug,
        ),
        edited=EditedObject(str(saved.person)),
    )
    if response:
        return response
    if ending:
        return _show(request, saved, AppointmentForm.of(saved), form, status=422)
    return _show(request, saved, form, _end_form(request, saved), status=422)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mandate(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Change the words by which the mandate of one's agency is known."""
    agency = get_object_or_404(Agency, slug=slug)
    permissions.require_offered(request, "members.edit_mandate", agency)
    initial = {"terms": "\n".join(agency.mandate_terms), "version": agency.version}
    form = MandateForm(request.POST if request.method == "POST" else None, initial=initial)
    response = submit(
        request,
        form,
        lambda: mandates.edit_mandate(agency, **form.cleaned_data, by=request.user, at=request.now),
        lambda _agency: say_and_redirect(
            request,
            _("The words of the mandate are saved; statements count them from now on."),
            "members:agency",
            slug=slug,
        ),
        edited=EditedObject(
            _("The words of the mandate"),
            lambda current: {"terms": "\n".join(current.mandate_terms)},
        ),
    )
    if response:
        return response
    context = {"agency": agency, "form": form}
    return render(
        request, "members/mandate_edit.html", context, status=422 if form.is_bound else 200
    )


def _save(
    request: AuthenticatedRequest, saved: Appointment, form: AppointmentForm | EndForm
) -> None:
    """End the appointment or correct it, depending on the form."""
    fields = form.cleaned_data
    version = fields.pop("version")
    if isinstance(form, EndForm):
        appointments.end_appointment(
            saved, fields["last_day"], version=version, by=request.user, at=request.now
        )
    else:
        appointments.edit_appointment(
            saved, Tenure(**fields), version=version, by=request.user, at=request.now
        )


def _end_form(request: AuthenticatedRequest, saved: Appointment) -> EndForm:
    return EndForm(initial={"last_day": request.day, "version": saved.version}, auto_id="id_end_%s")


def _show(
    request: AuthenticatedRequest,
    saved: Appointment,
    form: AppointmentForm | EndForm,
    end_form: AppointmentForm | EndForm,
    status: int = 200,
) -> HttpResponse:
    context = {
        "appointment": saved,
        "agency": saved.agency,
        "form": form,
        "end_form": None if saved.last_day and saved.last_day < request.day else end_form,
        "may_export": permissions.offered(request, "members.export_data", saved.person),
        "leaves": leavers.left_matters(saved, request.day, request.group)
        if saved.period.covers(request.day)
        else [],
        "changes": history.changes(saved),
        "address": reverse("members:agency", args=[saved.agency.slug]),
    }
    return render(request, "members/appointment_edit.html", context, status=status)
