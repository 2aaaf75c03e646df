"""Where a paragraph stands in the next draft."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coordination.core.forms import submit
from coordination.core.http import AuthenticatedRequest
from coordination.statements.actions import arrangement
from coordination.statements.forms.settling import ArrangeForm
from coordination.statements.models import Block
from coordination.statements.queries import drafts, labels
from coordination.statements.views.page_context import for_chair, newest, page_head


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def arrange(request: AuthenticatedRequest, slug: str, key: str) -> HttpResponse:
    """Move a paragraph in the next draft, or join it upward."""
    visible = for_chair(request, slug, "statements.settle")
    draft = newest(visible)
    block = get_object_or_404(draft.blocks.select_related("draft", "settlement"), key=key)
    form = ArrangeForm(request.POST or None)

    def act() -> None:
        chosen, at = form.cleaned_data["act"], request.now
        order = form.cleaned_data["order"]
        if chosen == ArrangeForm.JOIN:
            arrangement.join_to_previous(
                block, version=form.cleaned_data["settlement"], by=request.user, at=at
            )
        elif chosen == ArrangeForm.RESET:
            arrangement.reset_order(draft, version=order, by=request.user, at=at)
        else:
            arrangement.move_paragraph(
                block, up=chosen == ArrangeForm.UP, version=order, by=request.user, at=at
            )

    def done(_none: None) -> HttpResponse:
        if form.cleaned_data["act"] == ArrangeForm.JOIN:
            messages.success(request, _("Joined to the paragraph before in the next draft."))
            return redirect(f"{reverse('statements:consolidate', args=[slug])}#{key}")
        return redirect("statements:arrange", slug, key)

    response = submit(request, form, act, done)
    if response:
        return response
    context = {
        **page_head(request, visible, "consolidate"),
        **_arrangement(block),
        "form": form,
    }
    return render(
        request, "statements/block_arrange.html", context, status=422 if form.is_bound else 200
    )


def _arrangement(block: Block) -> dict[str, object]:
    """Return the paragraphs in their next order with draft labels."""
    in_order, order = drafts.blocks_in_next_order(block.draft), drafts.next_order(block.draft)
    circulated = sorted(in_order, key=lambda each: (each.position, each.pk))
    label_of = {
        each.key: label or each.get_kind_display()
        for each, label in zip(circulated, labels.block_labels(circulated), strict=True)
    }
    settlement = getattr(block, "settlement", None)
    return {
        "paragraph": block,
        "label": label_of[block.key],
        "rows": [(label_of[each.key], each) for each in in_order],
        "order_version": order.version if order else 0,
        "settlement_version": settlement.version if settlement else 0,
        "joined": bool(settlement and settlement.joins_previous),
    }
