"""A handover: both sides' checklists, signatures, and what is pending."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from coordination.core.forms import EditedObject, submit
from coordination.core.http import AuthenticatedRequest
from coordination.core.permissions import On, allowed, require
from coordination.rotation import enums
from coordination.rotation.actions import handovers
from coordination.rotation.forms import HandoverItemForm
from coordination.rotation.models import Handover, HandoverItem
from coordination.rotation.queries import changes, next_steps
from coordination.rotation.queries import handovers as handovers_queries


def load(slug: str) -> Handover:
    """Return the handover to the term with that address, or 404."""
    return get_object_or_404(handovers_queries.handovers(), incoming_term__slug=slug)


@login_required
def handover(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Show both sides: what is done, open, late; and who has signed."""
    require(request.user, "rotation.read", On(request.day))
    return show(request, load(slug))


def show(
    request: AuthenticatedRequest,
    found: Handover,
    *,
    wrong: tuple[int, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render the handover; `wrong` is the item beside which a sentence belongs."""
    sides = handovers_queries.sides(found, request.day, request.group)
    answered = [
        (
            side,
            allowed(
                request.user,
                "rotation.sign_handover",
                On(request.day, (side.terms, side.key), request.group),
            ),
        )
        for side in sides
    ]
    return render(
        request,
        "rotation/handover_show.html",
        {
            "handover": found,
            "term": found.incoming_term,
            "outgoing": sides[0],
            "wrong": wrong,
            "sides": [
                (side, may, next_steps.sign_step(found.incoming_term, side) if may else None)
                for side, may in answered
            ],
            "late": [item for side in sides for item in side.late],
            "days_left": (found.incoming_term.first_day - request.day).days,
        },
        status=status,
    )


@login_required
@require_safe
def handover_history(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Show who settled, noted, reopened and signed what, when, and what it was before."""
    require(request.user, "rotation.read", On(request.day))
    found = get_object_or_404(
        Handover.objects.select_related("incoming_term"), incoming_term__slug=slug
    )
    context = {"term": found.incoming_term, "changes": changes.handover_changes(found)}
    return render(request, "rotation/handover_history.html", context)


@login_required
@require_POST
def item(request: AuthenticatedRequest, slug: str, pk: int) -> HttpResponse:
    """Mark an item done or not applicable, or open it again."""
    found = get_object_or_404(
        HandoverItem.objects.select_related("handover"), pk=pk, handover__incoming_term__slug=slug
    )
    require(request.user, "rotation.edit_handover_item", On(request.day, found))
    form = HandoverItemForm(request.POST)
    if not form.is_valid():
        return show(
            request, load(slug), wrong=(pk, _("Choose what became of this item.")), status=422
        )
    response = submit(
        request,
        form,
        lambda: _settle(request, found, **form.cleaned_data),
        lambda _item: redirect(f"{request.path.partition('items/')[0]}#item-{pk}"),
        edited=EditedObject(_("“%(title)s”") % {"title": found.title}),
    )
    if response:
        return response
    [sentence, *_others] = [str(each) for errors in form.errors.values() for each in errors]
    return show(request, load(slug), wrong=(pk, sentence), status=422)


def _settle(
    request: AuthenticatedRequest, found: HandoverItem, *, state: str, note: str, version: int
) -> HandoverItem:
    """Settle the item, or open it again, as the form says."""
    if state == enums.ItemState.OPEN:
        return handovers.reopen_item(found, version=version, by=request.user, at=request.now)
    return handovers.mark_item(
        found, state, note=note, version=version, by=request.user, at=request.now
    )


@login_required
@require_POST
def sign(request: AuthenticatedRequest, slug: str, side: str) -> HttpResponse:
    """Sign for one side."""
    if side not in enums.HandoverSide.values:
        raise Http404
    found = load(slug)
    handovers.sign_handover(found, side, by=request.user, at=request.now)
    messages.success(
        request, _("Signed. An edit of this side’s items after this voids the signature.")
    )
    return redirect("rotation:handover", slug)
