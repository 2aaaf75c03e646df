"""A handover: checklists, signatures, and what is pending."""

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
from coordination.rotation.forms.terms import HandoverItemForm
from coordination.rotation.models import Handover, HandoverItem
from coordination.rotation.queries import changes, next_steps
from coordination.rotation.queries import handovers as handovers_queries


def load_handover(slug: str) -> Handover:
    """Return the handover to the term with that slug, or 404."""
    return get_object_or_404(handovers_queries.handovers(), incoming_term__slug=slug)


@login_required
def handover(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Show both sides: done, open and late items, and signatures."""
    require(request.user, "rotation.read", On(request.day))
    return render_handover(request, load_handover(slug))


def render_handover(
    request: AuthenticatedRequest,
    handover: Handover,
    *,
    wrong: tuple[int, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render the page of a handover.

    `wrong` is (key of an item, sentence to show beside it).
    """
    sides = handovers_queries.sides(handover, request.day, request.group)
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
            "handover": handover,
            "term": handover.incoming_term,
            "outgoing": sides[0],
            "wrong": wrong,
            "sides": [
                (
                    side,
                    is_allowed,
                    next_steps.sign_step(handover.incoming_term, side) if is_allowed else None,
                )
                for side, is_allowed in answered
            ],
            "late": [item for side in sides for item in side.late],
            "days_left": (handover.incoming_term.first_day - request.day).days,
        },
        status=status,
    )


@login_required
@require_safe
def handover_history(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Show who changed what in a handover."""
    require(request.user, "rotation.read", On(request.day))
    handover = get_object_or_404(
        Handover.objects.select_related("incoming_term"), incoming_term__slug=slug
    )
    context = {"term": handover.incoming_term, "changes": changes.handover_changes(handover)}
    return render(request, "rotation/handover_history.html", context)


@login_required
@require_POST
def item(request: AuthenticatedRequest, slug: str, pk: int) -> HttpResponse:
    """Settle an item, or open it again."""
    item = get_object_or_404(
        HandoverItem.objects.select_related("handover"), pk=pk, handover__incoming_term__slug=slug
    )
    require(request.user, "rotation.edit_handover_item", On(request.day, item))
    form = HandoverItemForm(request.POST)
    if not form.is_valid():
        return render_handover(
            request,
            load_handover(slug),
            wrong=(pk, _("Choose what became of this item.")),
            status=422,
        )
    response = submit(
        request,
        form,
        lambda: _settle(request, item, **form.cleaned_data),
        lambda _item: redirect(f"{request.path.partition('items/')[0]}#item-{pk}"),
        edited=EditedObject(_("“%(title)s”") % {"title": item.title}),
    )
    if response:
        return response
    [sentence, *_others] = [str(message) for errors in form.errors.values() for message in errors]
    return render_handover(request, load_handover(slug), wrong=(pk, sentence), status=422)


def _settle(
    request: AuthenticatedRequest, item: HandoverItem, *, state: str, note: str, version: int
) -> HandoverItem:
    """Settle the item or open it again, depending on the form."""
    if state == enums.ItemState.OPEN:
        return handovers.reopen_item(item, version=version, by=request.user, at=request.now)
    return handovers.mark_item(
        item, state, note=note, version=version, by=request.user, at=request.now
    )


@login_required
@require_POST
def sign(request: AuthenticatedRequest, slug: str, side: str) -> HttpResponse:
    """Sign for one side."""
    if side not in enums.HandoverSide.values:
        raise Http404
    handover = load_handover(slug)
    handovers.sign_handover(handover, side, by=request.user, at=request.now)
    messages.success(
        request, _("Signed. An edit of this side’s items after this voids the signature.")
    )
    return redirect("rotation:handover", slug)
