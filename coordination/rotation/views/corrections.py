"""Correct the record of terms that have begun."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from coordination.core.forms import EditedObject, say_and_redirect, submit
from coordination.core.http import AuthenticatedRequest
from coordination.core.permissions import offered, require_offered
from coordination.members.queries.people import acting_agencies
from coordination.rotation.actions import corrections
from coordination.rotation.forms.terms import AgreeForm, CorrectionForm
from coordination.rotation.models import ChairTerm, TermCorrection
from coordination.rotation.queries import chair
from coordination.rotation.queries import corrections as corrections_queries
from coordination.rotation.views.terms import form_values, most_chairs


def speaking(request: AuthenticatedRequest) -> dict[str, Any]:
    """Return for whom the reader may speak, as arguments of the forms."""
    return {
        "spoken_for": acting_agencies(request.user, request.day),
        "is_administrator": offered(request, "rotation.apply_correction"),
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: AuthenticatedRequest) -> HttpResponse:
    """Put a term on record that the record lacks."""
    return edit(request, None)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Correct the record of a term."""
    return edit(request, get_object_or_404(chair.confirmed(), slug=slug))


def edit(request: AuthenticatedRequest, term: ChairTerm | None) -> HttpResponse:
    """Show or submit the form of a correction."""
    require_offered(request, "rotation.correct_record")
    form = CorrectionForm(
        request.POST or None,
        initial=form_values(term) if term else {},
        most=most_chairs(request, term),
        **speaking(request),
    )
    response = submit(
        request,
        form,
        lambda: corrections.correct_record(
            term,
            form.correction,
            version=form.cleaned_data["version"] or 0,
            by=request.user,
            at=request.now,
        ),
        lambda correction: say_and_redirect(
            request,
            _("The correction waits for another agency to agree.")
            if correction.is_open
            else _("The record is corrected."),
            "rotation:correction",
            correction.pk,
        ),
        edited=EditedObject(_("This term"), form_values),
    )
    if response:
        return response
    context = {"form": form, "term": term}
    return render(
        request, "rotation/correction_edit.html", context, status=422 if form.errors else 200
    )


@login_required
@require_http_methods(["GET", "HEAD"])
def correction(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Show a correction: the record before and after, its source, and who agrees."""
    require_offered(request, "rotation.read")
    correction = get_object_or_404(corrections_queries.corrections(), pk=pk)
    return render_correction(request, correction, AgreeForm(**speaking(request)))


def render_correction(
    request: AuthenticatedRequest, correction: TermCorrection, form: AgreeForm, status: int = 200
) -> HttpResponse:
    """Render the page of a correction."""
    return render(
        request,
        "rotation/correction_show.html",
        {
            "correction": correction,
            "differences": corrections_queries.differences(correction),
            "form": form,
            "may_agree": correction.is_open
            and offered(request, "rotation.agree_correction", correction),
            "may_withdraw": correction.is_open
            and offered(request, "rotation.withdraw_correction", correction),
        },
        status=status,
    )


@login_required
@require_POST
def agree(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Agree to a correction for a second agency; it is applied."""
    correction = get_object_or_404(corrections_queries.corrections(), pk=pk)
    require_offered(request, "rotation.agree_correction", correction)
    form = AgreeForm(request.POST, **speaking(request))
    response = submit(
        request,
        form,
        lambda: corrections.agree(
            correction,
            agreed_for=form.cleaned_data["agreed_for"],
            by=request.user,
            at=request.now,
        ),
        lambda correction: say_and_redirect(
            request, _("The record is corrected."), "rotation:correction", correction.pk
        ),
    )
    return response or render_correction(request, correction, form, status=422)


@login_required
@require_POST
def withdraw(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Withdraw a correction that waits."""
    correction = get_object_or_404(TermCorrection, pk=pk)
    corrections.withdraw(correction, by=request.user, at=request.now)
    sentence = _("The correction is withdrawn; it stays on record.")
    return say_and_redirect(request, sentence, "rotation:correction", correction.pk)
