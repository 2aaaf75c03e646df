"""The chair sets the moment at which a statement becomes public."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from coordination.core.forms import EditedObject, say_and_redirect, submit
from coordination.core.http import AuthenticatedRequest
from coordination.statements.actions import releases
from coordination.statements.forms import VersionForm
from coordination.statements.forms.releasing import ReleaseForm
from coordination.statements.models import Statement
from coordination.statements.views.page_context import for_chair, page_head

USUAL = timedelta(days=7)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def plan_release(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Plan the release, or move it."""
    visible = for_chair(request, slug, "statements.release")
    statement = visible.statement
    moment = statement.release_planned_for or (request.now + USUAL).replace(
        minute=0, second=0, microsecond=0
    )
    initial = {"release_at": moment, "version": statement.version}
    form = ReleaseForm(request.POST or None, city=request.reader.city, initial=initial)
    response = submit(
        request,
        form,
        lambda: releases.plan_release(
            statement, **form.cleaned_data, by=request.user, at=request.now
        ),
        lambda _statement: say_and_redirect(
            request,
            _("The release is planned; nothing is public before it."),
            "statements:show",
            slug=slug,
        ),
        edited=EditedObject(_("The planned release"), release_values),
    )
    if response:
        return response
    context = {**page_head(request, visible, "act"), "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "statements/release_plan.html", context, status=status)


def release_values(statement: Statement) -> dict[str, object]:
    """Return the values of the form for a statement."""
    return {"release_at": statement.release_planned_for}


@login_required
@require_POST
def unplan_release(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Withdraw the planned release."""
    visible = for_chair(request, slug, "statements.release")
    form = VersionForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else 0
    releases.unplan_release(visible.statement, version=version, by=request.user, at=request.now)
    messages.success(request, _("The planned release is withdrawn; the statement is not public."))
    return redirect("statements:show", slug=slug)
