"""The chair's pages about agencies that have not spoken."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coordination.core.forms import say_and_redirect, submit
from coordination.core.http import AuthenticatedRequest
from coordination.statements.actions import silent
from coordination.statements.actions.positions import PositionCall
from coordination.statements.forms.silent import CallForm, WriteForm
from coordination.statements.models import ClearanceStep
from coordination.statements.queries import positions
from coordination.statements.queries.positions import MissingPositions, list_agencies
from coordination.statements.queries.statements import participants_on
from coordination.statements.views.page_context import VisibleStatement, for_chair, page_head


def _open_step(
    request: AuthenticatedRequest, visible: VisibleStatement
) -> tuple[ClearanceStep, MissingPositions]:
    step = next((step for step in reversed(visible.steps) if step.closed_at is None), None)
    if step is None:
        raise Http404
    return step, positions.missing_positions_at(step, request.now)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def write_to_silent(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Write to the agencies that have not spoken."""
    visible = for_chair(request, slug, "statements.clear")
    step, missing = _open_step(request, visible)
    question = _(
        "Your agency has not spoken yet on draft %(number)s of “%(title)s”. Does it approve the "
        "text, with or without a reservation, or does it object? If something keeps you from "
        "answering, tell us."
    ) % {"number": step.draft.number, "title": visible.statement.title}
    form = WriteForm(request.POST or None, initial={"text": question})
    response = submit(
        request,
        form,
        lambda: silent.write_to_silent(
            visible.statement, **form.cleaned_data, by=request.user, at=request.now
        ),
        lambda _letter: say_and_redirect(
            request,
            _("The agencies that have not spoken are written to now."),
            "statements:positions",
            slug=slug,
        ),
    )
    if response:
        return response
    context = {
        **page_head(request, visible, "positions"),
        "form": form,
        "step": step,
        "silent": list_agencies(missing.waiting),
    }
    status = 422 if form.is_bound else 200
    return render(request, "statements/silent_write.html", context, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def record_call(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Record an approval that an agency gave by telephone."""
    visible = for_chair(request, slug, "statements.clear")
    step, missing = _open_step(request, visible)
    asked = participants_on(visible.statement.pk, request.day).filter(pk__in=missing.keys)
    form = CallForm(
        request.POST or None,
        agencies=asked,
        city=request.reader.city,
        initial={"sha256": step.draft.sha256, "heard_by": request.user.name},
    )

    def record() -> str:
        data = form.cleaned_data
        call = PositionCall(data["spoken_by"], data["spoken_at"], data["heard_by"])
        silent.record_call(
            step,
            call,
            sha256=data["sha256"],
            agency=data["agency"],
            by=request.user,
            at=request.now,
        )
        return _("The call of %(agency)s is recorded; its people are told.") % {
            "agency": data["agency"]
        }

    response = submit(
        request,
        form,
        record,
        lambda sentence: say_and_redirect(request, sentence, "statements:positions", slug=slug),
    )
    if response:
        return response
    context = {**page_head(request, visible, "positions"), "form": form, "step": step}
    status = 422 if form.is_bound else 200
    return render(request, "statements/call_record.html", context, status=status)
