"""The page on which a person notes days away."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from coordination.core.forms import say_and_redirect, submit
from coordination.core.http import AuthenticatedRequest
from coordination.core.permissions import require_offered
from coordination.members.actions import absences
from coordination.members.actions.absences import DaysAway
from coordination.members.forms import AbsenceForm
from coordination.members.models import Absence
from coordination.members.queries import absences as queries


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def away(request: AuthenticatedRequest) -> HttpResponse:
    """List the reader's current and future absences, with a form."""
    require_offered(request, "members.note_absence", request.user)
    colleagues = queries.colleagues(request.user, request.day)
    form = AbsenceForm(request.POST if request.method == "POST" else None, colleagues=colleagues)
    response = submit(
        request,
        form,
        lambda: absences.note_absence(
            request.user, DaysAway(**form.cleaned_data), by=request.user, at=request.now
        ),
        lambda row: say_and_redirect(request, noted(row), "members:away"),
    )
    if response:
        return response
    context = {
        "form": form,
        "ahead": queries.absences_ahead(request.user, request.day),
        "changes": queries.absence_changes(request.user),
    }
    return render(request, "members/absence_list.html", context, status=422 if form.errors else 200)


def noted(row: Absence) -> str:
    """Return what happens on the days away."""
    if row.alternate is None:
        return _("Your days away are noted; colleagues see them beside your name.")
    return _("Your days away are noted; mails to you on these days reach %(name)s too.") % {
        "name": row.alternate
    }


@login_required
@require_POST
def withdraw(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Withdraw days away."""
    absence = get_object_or_404(Absence, pk=pk, person=request.user)
    absences.withdraw_absence(absence, by=request.user, at=request.now)
    return say_and_redirect(request, _("These days away are withdrawn."), "members:away")
