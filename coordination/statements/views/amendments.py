"""An agency amends a paragraph, edits what it proposed, withdraws it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from coordination.core import permissions
from coordination.core.errors import RuleBroken, Stale
from coordination.core.http import AuthenticatedRequest
from coordination.core.permissions import On
from coordination.core.views import edit_conflict
from coordination.members.models import Agency
from coordination.statements import actions, queries
from coordination.statements.forms import AmendForm
from coordination.statements.models import Amendment, Block
from coordination.statements.views.frame import Seen, frame, newest, working


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def amend(request: AuthenticatedRequest, slug: str, key: str) -> HttpResponse:
    """Amend a paragraph in place: its whole text, and why."""
    found = working(request, slug)
    draft = newest(found)
    if not found.reach.agencies:
        permissions.require(request.user, "statements.amend", On(request.day, draft))
    block = get_object_or_404(draft.blocks.select_related("draft"), key=key)
    agency = found.reach.agencies[0]
    own = queries.own_open_amendment(block, agency)
    form = AmendForm(request.POST or None, agencies=found.reach.agencies, initial=_initial(block, own, agency))
    if form.is_valid():
        try:
            _save(request, block, form)
        except Stale as stale:
            return edit_conflict(request, stale, form, what=_("Your agency’s amendment"), action=request.path)
        except RuleBroken as error:
            form.add_error(error.field, error.message)
        else:
            messages.success(request, _("Your amendment is with the chair; you may edit it while amendments are open."))
            return redirect(reverse("statements:show", args=[slug]) + f"#{key}")
    return _page(request, found, block, own, form)


def _initial(block: Block, own: Amendment | None, agency: Agency) -> dict[str, Any]:
    if own is None:
        return {"proposed_text": block.text, "version": 0, "agency": agency.pk}
    return {"proposed_text": own.proposed_text, "rationale": own.rationale, "version": own.version, "agency": agency.pk}


def _save(request: AuthenticatedRequest, block: Block, form: AmendForm) -> None:
    """Propose, or change what the agency has proposed; a form that did not know of that meets Stale."""
    fields = {**form.cleaned_data}
    agency, version = fields.pop("agency"), fields.pop("version")
    own = queries.own_open_amendment(block, agency)
    if own is None:
        actions.amend(block, agency=agency, **fields, by=request.user, at=request.now)
    else:
        actions.edit_amendment(own, **fields, version=version, by=request.user, at=request.now)


def _page(request: AuthenticatedRequest, found: Seen, block: Block, own: Amendment | None, form: AmendForm) -> HttpResponse:
    views = queries.amendments_by_block(newest(found))
    if found.provisional:
        views = queries.as_proposed(views)
    place = next(i for i, view in enumerate(views) if view.block.pk == block.pk)
    context = {
        **frame(request, found, "amend"),
        "form": form,
        "own": own,
        "view": views[place],
        "before": views[place - 1] if place else None,
        "after": views[place + 1] if place + 1 < len(views) else None,
    }
    return render(request, "statements/amendment_edit.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def withdraw_amendment(request: AuthenticatedRequest, slug: str, pk: int) -> HttpResponse:
    """Withdraw an amendment of one's own agency."""
    found = working(request, slug)
    amendment = get_object_or_404(
        Amendment.objects.select_related("block__draft", "agency"),
        pk=pk,
        block__draft__statement=found.statement,
    )
    actions.withdraw_amendment(amendment, by=request.user, at=request.now)
    messages.success(request, _("The amendment is withdrawn; it stays on record."))
    return redirect(reverse("statements:show", args=[slug]) + f"#{amendment.block.key}")
