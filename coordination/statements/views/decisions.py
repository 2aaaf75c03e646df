"""The one page on which a principal's office decides."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from coordination.core.http import AuthenticatedRequest
from coordination.statements.actions import readings
from coordination.statements.forms import PositionForm
from coordination.statements.queries import decisions, drafts, labels
from coordination.statements.views.page_context import (
    VisibleStatement,
    newest,
    note_reading,
    working,
)
from coordination.statements.views.positions import speak, speaking_context, status_of


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def decision(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Show the text, what changed, what the reader's agency said; take its position.

    Opening it records that the reader has seen the draft: see `actions.readings`.
    """
    visible = working(request, slug)
    if newest(visible).circulated_at is None:
        raise Http404
    return speak(request, visible, "decision", _page)


def _page(
    request: AuthenticatedRequest, visible: VisibleStatement, form: PositionForm | None
) -> HttpResponse:
    draft = newest(visible)
    note_reading(request, visible)
    last, has_read = decisions.readings_of(request.user, draft)
    if request.method == "GET" and not has_read:
        readings.note_reading_by(draft, by=request.user, at=request.now)
    by_draft = drafts.blocks_by_draft(visible.statement.pk)
    blocks = by_draft[draft.pk]
    amended = decisions.amendments_by(
        visible.agencies, draft, by_draft, provisional=visible.provisional
    )
    context = speaking_context(request, visible, form, "decision", by_draft)
    context |= {
        "draft": draft,
        "blocks": list(zip(labels.block_labels(blocks), blocks, strict=True)),
        "change": decisions.changed_since(last, draft, by_draft),
        "amended": amended if visible.agencies else None,
        "has_spoken": any(
            cell.position or cell.past_silence
            for row, _places in context["mine"]
            for cell in row.cells
        ),
    }
    return render(request, "statements/decision_show.html", context, status=status_of(form))
