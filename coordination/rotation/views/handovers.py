"""A handover: checklists, signatures, and what is pending."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from coordination.core.forms import EditedObject, submit
from coordination.core.http import AuthenticatedRequest
from coordination.core.next_steps import NextStep
from coordination.core.periods import ONE_DAY, Period
from coordination.core.permissions import offered, require_offered
from coordination.rotation import enums
from coordination.rotation.actions import handovers
from coordination.rotation.forms.terms import HandoverItemForm
from coordination.rotation.models import Handover, HandoverItem
from coordination.rotation.queries import (
    changes,
    confirmed_terms,
    item_pages,
    next_steps,
    signatures,
    templates,
)
from coordination.rotation.queries import handovers as handovers_queries
from coordination.rotation.queries.handovers import HandoverSideView, Terms
from coordination.rotation.queries.signatures import SideSignature


def load_handover(slug: str) -> Handover:
    """Return the handover to the term with that slug, or 404."""
    return get_object_or_404(handovers_queries.with_items(), incoming_term__slug=slug)


@login_required
def handover(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Show both sides: done, open and late items, and signatures."""
    require_offered(request, "rotation.read")
    return render_handover(request, load_handover(slug))


@dataclass(frozen=True, slots=True)
class SideRow:
    """One side of a handover page: items, links and signature.

    Each of `items` is (item, address or "", whether it is done by its text alone). `sign` is the
    step to sign, None for who may not.
    """

    side: HandoverSideView
    items: tuple[tuple[HandoverItem, str, bool], ...]
    may_settle: bool
    signature: SideSignature
    sign: NextStep | None


def side_row(
    request: AuthenticatedRequest, handover: Handover, signature: SideSignature
) -> SideRow:
    """Return one side as the page shows it to the reader."""
    side = signature.side
    about = (side.terms, side.key)
    has_side = signature.state != enums.SignatureState.NO_SIDE
    may_sign = has_side and offered(request, "rotation.sign_handover", about)
    return SideRow(
        side=side,
        items=tuple(
            (item, item_pages.page_url(item, side.terms), item_pages.asks_for_text(item))
            for item in side.items
        ),
        may_settle=offered(request, "rotation.answer_for_side", about),
        signature=signature,
        sign=next_steps.sign_step(handover.incoming_term, side) if may_sign else None,
    )


def vacancy_before(terms: Terms) -> Period | None:
    """Return the days between both terms of a handover.

    No term is confirmed on them. Pure.
    """
    if terms.outgoing is None or terms.outgoing.last_day + ONE_DAY == terms.incoming.first_day:
        return None
    return Period(terms.outgoing.last_day + ONE_DAY, terms.incoming.first_day - ONE_DAY)


def render_handover(
    request: AuthenticatedRequest,
    handover: Handover,
    *,
    wrong: tuple[int, str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render the page of a handover.

    `wrong` is (key of an item, sentence to show beside it, note that was typed).
    """
    confirmed = confirmed_terms.load()
    sides = handovers_queries.sides(handover, request.day, request.group, confirmed)
    signed = signatures.signatures_of(handover, sides, request.day, request.group)
    return render(
        request,
        "rotation/handover_show.html",
        {
            "handover": handover,
            "term": sides[0].terms.incoming,
            "outgoing": sides[0],
            "wrong": wrong,
            "sides": [side_row(request, handover, signature) for signature in signed],
            "signed": sum(signature.is_signed for signature in signed),
            "wanted": sum(signature.state != enums.SignatureState.NO_SIDE for signature in signed),
            "gap": vacancy_before(sides[0].terms),
            "template_version": templates.version() if handover.template_version else None,
            "late": [item for side in sides for item in side.late],
            "days_left": (handover.incoming_term.first_day - request.day).days,
        },
        status=status,
    )


@login_required
@require_safe
def handover_history(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Show who changed what in a handover."""
    require_offered(request, "rotation.read")
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
    require_offered(request, "rotation.edit_handover_item", item)
    form, typed = HandoverItemForm(request.POST), request.POST.get("note", "")
    if not form.is_valid():
        [sentence, *_others] = form.errors.get("note") or [_("Choose what became of this item.")]
        return render_handover(
            request, load_handover(slug), wrong=(pk, str(sentence), typed), status=422
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
    return render_handover(
        request, load_handover(slug), wrong=(pk, str(sentence), typed), status=422
    )


def _settle(
    request: AuthenticatedRequest, item: HandoverItem, *, state: str, note: str, version: int
) -> HandoverItem:
    """Settle the item or open it again, depending on the form."""
    if state == enums.ItemState.OPEN:
        return handovers.reopen_item(item, version=version, by=request.user, at=request.now)
    return handovers.mark_item(
        item, state, note=note, version=version, by=request.user, at=request.now
    )
