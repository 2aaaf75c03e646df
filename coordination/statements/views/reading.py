"""Reading a statement: its text, one draft, two drafts compared, its history, the plain text."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from coordination.core.history import HistoryEntry
from coordination.core.http import HttpRequest
from coordination.statements.enums import BEFORE_CLEARANCE, LIVE_STATES
from coordination.statements.models import Draft
from coordination.statements.queries import (
    amendments,
    drafts,
    positions,
    prepared,
    statements,
)
from coordination.statements.queries import changes as changes_queries
from coordination.statements.queries import paragraphs as paragraphs_queries
from coordination.statements.queries.changes import preparation_changes, statement_changes
from coordination.statements.views.fragments import MOST, beside, paragraphs
from coordination.statements.views.page_context import (
    VisibleStatement,
    draft_of,
    frame,
    newest,
    note_reading,
    number_of,
    seen,
    working,
)
from coordination.textkit import canonical


@require_safe
def show(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a statement.

    Once adopted, with its signatories (outside, once released); before that, the newest draft.
    """
    found = seen(request, slug)
    if found.statement.adopted_at is not None:
        return _adopted(request, found)
    return _read(request, found, newest(found), current="show")


def _adopted(request: HttpRequest, found: VisibleStatement) -> HttpResponse:
    """Show an adopted text with who signed it; of old statements the record alone."""
    signatories = statements.signatories_of(found.statement)
    context = {
        **frame(request, found, "show"),
        "blocks": drafts.blocks_of(found.draft) if found.draft else [],
        "joined": [each for each in signatories if each.joined],
        "apart": [each for each in signatories if not each.joined],
        "reserved": [each for each in signatories if each.reservation],
        "deliveries": statements.deliveries_of(found.statement),
    }
    return render(request, "statements/public_show.html", context)


def _read(
    request: HttpRequest, found: VisibleStatement, draft: Draft, *, current: str
) -> HttpResponse:
    """Show a draft with what was proposed to it.

    What became of that is shown once the next draft was issued.
    """
    if found.draft and draft.pk == found.draft.pk:
        note_reading(request, found)
    shown = beside(request, found, draft)
    most = None if "whole" in request.GET else MOST
    blocks = paragraphs(found, draft, shown, most=most, opened=request.GET.get("opened", ""))
    context: dict[str, Any] = {
        **frame(request, found, current),
        **shown,
        "blocks": blocks,
        "work": paragraphs_queries.amendment_counts(blocks),
        "folded": any(view.folded for view in blocks),
        "drafts": range(1, found.draft.number + 1) if found.draft else [],
        "keys": [view.block.key for view in blocks],
    }
    named = found.named is not None
    context["participants"] = (
        positions.list_agencies(statements.participants_on(found.statement.pk, request.day))
        if named
        else ""
    )
    context["may_choose"] = found.reach.chair and found.statement.state in BEFORE_CLEARANCE
    newest_one = found.draft is not None and draft.pk == found.draft.pk and draft.number > 1
    context["left_behind"] = context["returned"] = []
    if newest_one and found.agencies and found.statement.state in LIVE_STATES:
        context["left_behind"] = prepared.prepared_elsewhere(draft, found.agencies)
    if shown["may_amend"] and draft.number > 1:
        context["returned"] = amendments.returned_amendments(draft, found.agencies)
    return render(request, "statements/draft_show.html", context)


@require_safe
def draft(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show one draft, at its permanent address."""
    found = working(request, slug)
    return _read(request, found, draft_of(found, number), current="draft")


@require_safe
def compare(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what changed from one draft to another, by words.

    Without a choice it starts from the draft that the reader's agency had last.
    """
    found = working(request, slug)
    number = newest(found).number
    to, chosen = number_of(request, "to", number), number_of(request, "from", 0)
    if to == number:
        note_reading(request, found)
    context = {
        **frame(request, found, "compare"),
        **_both(found, to, chosen),
        "chosen": chosen,
        "drafts": range(1, number + 1),
    }
    return render(request, "statements/draft_compare.html", context)


def _both(found: VisibleStatement, to: int, chosen: int) -> dict[str, Any]:
    """Return draft `to` and an earlier one, paragraph beside paragraph.

    The earlier one is the draft `chosen`, or (0) the last that the agency opened before.
    """
    new = draft_of(found, to)
    since = (
        None
        if chosen
        else drafts.last_reading(found.statement, found.reach.agencies, before=new.number)
    )
    old = draft_of(found, chosen or (since.draft.number if since else max(new.number - 1, 1)))
    pairs = drafts.compared_blocks(*drafts.blocks_of_both(old, new))
    return {
        "old": old,
        "new": new,
        "since": since,
        "pairs": pairs,
        "changed": sum(pair.changed for pair in pairs),
    }


@require_safe
def history(request: HttpRequest, slug: str) -> HttpResponse:
    """Show who changed what in a statement, and when."""
    found = working(request, slug)
    preparing = found.reach.chair and request.GET.get("part") == "preparation"
    page = max(number_of(request, "page", 1), 1)
    changes = _changes(found, preparing=preparing, page=page)
    older = page + 1 if len(changes) == changes_queries.PAGE_SIZE else 0
    context = {
        **frame(request, found, "history"),
        "changes": changes,
        "preparing": preparing,
        "page": page,
        "older": older,
    }
    return render(request, "statements/statement_history.html", context)


def _changes(found: VisibleStatement, *, preparing: bool, page: int) -> list[HistoryEntry]:
    if preparing:
        return preparation_changes(found.statement, page=page)
    return statement_changes(
        found.statement,
        found.draft,
        of_chair=found.reach.chair,
        cleared=bool(found.steps),
        page=page,
    )


@require_safe
def plain(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the plain text whose SHA-256 the page shows.

    It is the adopted text, or before adoption the newest draft.
    """
    found = seen(request, slug)
    return _text(found, newest(found))


@require_safe
def plain_draft(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Give the plain text of one draft."""
    found = working(request, slug)
    return _text(found, draft_of(found, number))


def _text(found: VisibleStatement, draft: Draft) -> HttpResponse:
    response = HttpResponse(
        canonical.canonical(drafts.blocks_of(draft)), content_type="text/plain; charset=utf-8"
    )
    name = (
        _("draft %(number)s") % {"number": draft.number}
        if found.statement.adopted_at is None
        else _("adopted")
    )
    response["Content-Disposition"] = (
        f'inline; filename="{found.statement.slug}-{name.replace(" ", "-")}.txt"'
    )
    return response
