"""One paragraph with its amendments.

htmx swaps it into the page; without htmx the whole page opens there.
"""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from coordination.core.http import AuthenticatedRequest, HttpRequest
from coordination.members.models import Agency
from coordination.statements.enums import LIVE_STATES, StatementState
from coordination.statements.models import Draft, PreparedAmendment
from coordination.statements.queries import (
    amendments,
    compilation,
    fates,
    positions,
    statements,
)
from coordination.statements.queries import paragraphs as paragraphs_queries
from coordination.statements.queries.block_views import BlockView
from coordination.statements.views.page_context import VisibleStatement, for_chair, newest, working
from coordination.textkit.balances import TermCounter

# amendments that a page shows at once; a phone takes seconds to draw a page of 1,000, so paragraphs
# after these are folded until the reader comes near
MOST = 64


def paragraph_context(
    request: HttpRequest, visible: VisibleStatement, draft: Draft
) -> dict[str, Any]:
    """Return the context of the paragraphs of a draft and of their notes."""
    here = visible.draft is not None and draft.pk == visible.draft.pk
    return {
        "statement": visible.statement,
        "slug": visible.statement.slug,
        "state": str(visible.statement.state),
        "access": visible.access,
        "draft": draft,
        "preparing": draft.circulated_at is None,
        "may_sponsor": here
        and visible.statement.state == StatementState.AMENDMENTS
        and bool(visible.agencies),
        "ours": tuple((agency.pk, agency.acronym) for agency in visible.agencies),
        "our_keys": visible.access.agency_keys,
        "may_amend": here and _may_amend(request, visible),
        "may_discuss": here and visible.access.belongs and draft.circulated_at is not None,
        "prepared_rows": _prepared(visible, draft) if here else [],
    }


def _prepared(visible: VisibleStatement, draft: Draft) -> list[PreparedAmendment]:
    """Return what the reader's agencies prepare for the newest draft, and for those before it."""
    is_live = visible.statement.state in LIVE_STATES
    # the first draft has none before it, and nobody prepares anything to a draft unseen
    if not (visible.agencies and is_live and (draft.circulated_at or draft.number > 1)):
        return []
    return amendments.prepared_for(draft, visible.agencies)


def _may_amend(request: HttpRequest, visible: VisibleStatement) -> bool:
    """Say whether the reader may amend the newest draft now.

    That is so while the window is open, or to say what would lift an objection.
    """
    statement, until = visible.statement, visible.statement.amendments_until
    if statement.state == StatementState.CLEARANCE:
        return bool(positions.objecting_now(statement, visible.agencies))
    return bool(
        statement.state == StatementState.AMENDMENTS
        and until
        and request.now < until
        and visible.agencies
    )


def paragraphs(
    visible: VisibleStatement,
    draft: Draft,
    shown: dict[str, Any],
    *,
    most: int | None = MOST,
    opened: str = "",
) -> list[BlockView]:
    """Return the paragraphs of a draft as this reader sees them.

    In the newest draft those after `most` amendments are folded, except the one `opened`. An older
    draft is not folded, as fragments are always of the newest.
    """
    if draft != visible.draft:
        return fates.with_fates(
            paragraphs_queries.block_views(draft), draft, visible.access.agency_keys
        )
    views = paragraphs_for_all(visible, most=most, opened=opened)
    views = fates.with_fates(views, draft, visible.access.agency_keys)
    if not draft.circulated_at:
        return views
    return paragraphs_queries.with_prepared(views, amendments.by_block(shown["prepared_rows"]))


def paragraphs_for_all(
    visible: VisibleStatement, *, most: int | None = None, opened: str = ""
) -> list[BlockView]:
    """Return the paragraphs of the newest draft as its readers see them.

    The chair's team sees them as it settled them, all others as proposed.
    """
    views = paragraphs_queries.block_views(newest(visible), most=most, opened=opened)
    return paragraphs_queries.as_proposed(views) if visible.provisional else views


@require_safe
def paragraph(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Show one paragraph with its amendments."""
    return back_to(request, working(request, slug), key)


@login_required
@require_safe
def settling(request: AuthenticatedRequest, slug: str, key: str) -> HttpResponse:
    """Show one paragraph with its amendments for the chair to settle."""
    return back_to(request, for_chair(request, slug, "statements.settle"), key, settling=True)


def mandate_counter(request: HttpRequest, visible: VisibleStatement) -> TermCounter[Agency]:
    """Return what counts the participants' mandate terms.

    It counts none where the group shows no balance. One query.
    """
    if not request.group.balance_shown:
        return compilation.mandate_counter([])
    participants = statements.participants_on(visible.statement.pk, request.day)
    return compilation.mandate_counter(participants)


def back_to(
    request: HttpRequest,
    visible: VisibleStatement,
    key: str,
    *,
    settling: bool = False,
    at: str = "",
    renumber: bool = False,
) -> HttpResponse:
    """Answer with the paragraph as it is now.

    The fragment to htmx, with the labels of the paragraphs after it if these `renumber`; else the
    way to the page that shows it (at the place `at`).
    """
    if request.htmx:
        response = fragment(request, visible, key, settling=settling, renumber=renumber)
        address = reverse(
            "statements:settling" if settling else "statements:paragraph",
            args=[visible.statement.slug, key],
        )
        # where a repeat of the form finds the same fragment; see core.submissions
        response["Content-Location"] = address
        if settling and request.method == "POST":
            response["HX-Trigger"] = "settled"
        return response
    name = "consolidate" if settling else "show"
    return redirect(
        reverse(f"statements:{name}", args=[visible.statement.slug]) + f"?opened={key}#{at or key}"
    )


def fragment(
    request: HttpRequest,
    visible: VisibleStatement,
    key: str,
    *,
    settling: bool = False,
    form: Form | None = None,
    renumber: bool = False,
    **more: Any,
) -> HttpResponse:
    """Return one paragraph of the newest draft as a fragment of the page.

    It comes with the form that the reader fills in there, if any. A form that came back with faults
    answers 422. Raise Http404 where the draft has no such paragraph.
    """
    draft = newest(visible)
    shown = paragraph_context(request, visible, draft)
    views = paragraphs(visible, draft, shown, most=0, opened=key)
    view = next((each for each in views if each.block.key == key), None)
    if view is None:
        raise Http404
    if settling:
        [view] = compilation.with_mandates([view], mandate_counter(request, visible))
    if form is not None:
        form.auto_id = f"{key}-%s"  # two may be open on one page
    template = "statements/_place_settling.html" if settling else "statements/_place.html"
    context = {
        **shown,
        **more,
        "work": paragraphs_queries.amendment_counts(views),
        "view": view,
        "renumbered": views[views.index(view) + 1 :] if renumber else [],
        "form": form,
        "settling": settling,
        "part": True,
    }
    return render(
        request, template, context, status=422 if form is not None and form.is_bound else 200
    )
