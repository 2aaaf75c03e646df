"""Show a statement's text, drafts, comparison, history and plain text."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from coordination.core.clock import day_at
from coordination.core.history import HistoryEntry
from coordination.core.http import HttpRequest
from coordination.core.languages import name_of
from coordination.core.models import Group
from coordination.members.queries import agencies
from coordination.statements.enums import BEFORE_CLEARANCE
from coordination.statements.models import Draft, Statement
from coordination.statements.queries import (
    amendments,
    attribution,
    drafts,
    labels,
    languages,
    positions,
    preparing,
    proof,
    statements,
)
from coordination.statements.queries import changes as changes_queries
from coordination.statements.queries import paragraphs as paragraphs_queries
from coordination.statements.queries.changes import preparation_changes, statement_changes
from coordination.statements.queries.downloads import downloads
from coordination.statements.views.fragments import MOST, paragraph_context, paragraphs
from coordination.statements.views.page_context import (
    VisibleStatement,
    draft_of,
    newest,
    note_reading,
    number_of,
    page_head,
    readable,
    visible_statement,
    working,
)
from coordination.textkit import canonical


@require_safe
def show(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a statement.

    Once adopted, with its signatories (outside, once released); before that, the newest draft.
    """
    visible = visible_statement(request, slug)
    if visible.statement.adopted_at is not None:
        return _adopted(request, visible)
    return _read(request, visible, newest(visible), current="show")


def _adopted(request: HttpRequest, visible: VisibleStatement) -> HttpResponse:
    """Show an adopted text and its signatories.

    Old statements have only the record.
    """
    signatories = statements.signatories_of(visible.statement)
    blocks = drafts.blocks_of(visible.draft) if visible.draft else []
    sizes = proof.kept_sizes(visible.statement)
    context = {
        **page_head(request, visible, "show"),
        "blocks": list(zip(labels.block_labels(blocks), blocks, strict=True)),
        "not_among": statements.not_among(visible.statement, signatories, request.group.zone),
        "joined": [each for each in signatories if each.joined],
        "apart": [each for each in signatories if not each.joined],
        "reserved": [
            (each.agency, labels.reserved_paragraphs(each.reservation, blocks))
            for each in signatories
            if each.reservation
        ],
        "downloads": downloads(blocks, sizes),
        "deliveries": statements.deliveries_of(visible.statement),
        "other_languages": [
            (name_of(each.language), each)
            for each in languages.listed_versions(
                visible.statement,
                languages.versions_of(visible.statement),
                visible.statement.adopted_sha256,
            )
            if each.version
        ],
        "has_manifest": bool(sizes),
        "members_then": members_beside_number(visible.statement, request.group)
        if not signatories
        else None,
        "members_day": visible.statement.adopted_at
        and day_at(visible.statement.adopted_at, request.group.zone),
    }
    return render(request, "statements/public_show.html", context)


def members_beside_number(statement: Statement, group: Group) -> int | None:
    """Return the day's number of members if it differs from the signatories'.

    Of such a statement only the number of signatories is on record.
    """
    if not statement.signatory_count or statement.adopted_at is None:
        return None
    members = agencies.members_on(day_at(statement.adopted_at, group.zone)).count()
    return members if members != statement.signatory_count else None


def _read(
    request: HttpRequest, visible: VisibleStatement, draft: Draft, *, current: str
) -> HttpResponse:
    """Show a draft with what was proposed to it.

    What became of that is shown once the next draft was issued.
    """
    if visible.draft and draft.pk == visible.draft.pk:
        note_reading(request, visible)
    shown = paragraph_context(request, visible, draft)
    most = None if "whole" in request.GET else MOST
    blocks = paragraphs(visible, draft, shown, most=most, opened=request.GET.get("opened", ""))
    context: dict[str, Any] = {
        **page_head(request, visible, current),
        **shown,
        "blocks": blocks,
        "work": paragraphs_queries.amendment_counts(blocks),
        "folded": any(view.folded for view in blocks),
        "drafts": range(1, visible.draft.number + 1) if visible.draft else [],
        "keys": [view.block.key for view in blocks],
    }
    named = visible.named is not None
    context["participants"] = (
        positions.list_agencies(statements.participants_on(visible.statement.pk, request.day))
        if named
        else ""
    )
    context["may_choose"] = visible.access.chair and visible.statement.state in BEFORE_CLEARANCE
    context["returned"] = []
    context["left_behind"] = amendments.prepared_elsewhere(shown["prepared_rows"], draft)
    context["in_preparation"] = preparing.in_preparation(blocks, context["left_behind"])
    if shown["may_amend"] and draft.number > 1:
        context["returned"] = amendments.returned_amendments(draft, visible.agencies)
    return render(request, "statements/draft_show.html", context)


@require_safe
def draft(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show one draft, at its permanent address."""
    visible = working(request, slug)
    return _read(request, visible, draft_of(visible, number), current="draft")


@require_safe
def compare(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what changed from one draft to another, by words.

    Without a choice it starts from the draft that the reader's agency had last.
    """
    visible = working(request, slug)
    number = newest(visible).number
    to, chosen = number_of(request, "to", number), number_of(request, "from", 0)
    if to == number:
        note_reading(request, visible)
    context = {
        **page_head(request, visible, "compare"),
        **_both(visible, to, chosen),
        "chosen": chosen,
        "drafts": range(1, number + 1),
    }
    return render(request, "statements/draft_compare.html", context)


def _both(visible: VisibleStatement, to: int, chosen: int) -> dict[str, Any]:
    """Return draft `to` and an earlier one, paragraph beside paragraph.

    The earlier one is the draft `chosen`, or (0) the last that the agency opened before.
    """
    since = (
        None
        if chosen
        else drafts.last_reading(visible.statement, visible.access.agencies, before=to)
    )
    first, last = sorted((to, chosen or (since.draft.number if since else max(to - 1, 1))))
    if first < 1 or last > newest(visible).number:
        raise Http404
    record = attribution.text_record(visible.statement, first, last)
    old, new = (readable(visible, record.drafts.get(number)) for number in (first, last))
    if to == first:
        old, new = new, old
    pairs = drafts.compared_blocks(
        *(list(record.blocks[each.number].values()) for each in (old, new))
    )
    return {
        "old": old,
        "new": new,
        "since": since,
        # backwards, what an amendment put in would look struck by its agency
        "pairs": attribution.attribute_pairs(pairs, record, old.number, new.number)
        if old.number < new.number
        else [attribution.AttributedPair(pair) for pair in pairs],
        "changed": sum(pair.changed for pair in pairs),
    }


@require_safe
def history(request: HttpRequest, slug: str) -> HttpResponse:
    """Show who changed what in a statement, and when."""
    visible = working(request, slug)
    preparing = visible.access.chair and request.GET.get("part") == "preparation"
    page = max(number_of(request, "page", 1), 1)
    changes = _changes(visible, preparing=preparing, page=page)
    older = page + 1 if len(changes) == changes_queries.PAGE_SIZE else 0
    context = {
        **page_head(request, visible, "history"),
        "changes": changes,
        "preparing": preparing,
        "page": page,
        "older": older,
    }
    return render(request, "statements/statement_history.html", context)


def _changes(visible: VisibleStatement, *, preparing: bool, page: int) -> list[HistoryEntry]:
    if preparing:
        return preparation_changes(visible.statement, page=page)
    return statement_changes(
        visible.statement,
        visible.draft,
        of_chair=visible.access.chair,
        cleared=bool(visible.steps),
        page=page,
    )


@require_safe
def plain(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the plain text whose SHA-256 the page shows.

    It is the adopted text, or before adoption the newest draft.
    """
    visible = visible_statement(request, slug)
    return _text(visible, newest(visible))


@require_safe
def plain_draft(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Give the plain text of one draft."""
    visible = working(request, slug)
    return _text(visible, draft_of(visible, number))


def _text(visible: VisibleStatement, draft: Draft) -> HttpResponse:
    response = HttpResponse(
        canonical.canonical(drafts.blocks_of(draft)), content_type="text/plain; charset=utf-8"
    )
    name = (
        _("draft %(number)s") % {"number": draft.number}
        if visible.statement.adopted_at is None
        else _("adopted")
    )
    file_name = f"{visible.statement.slug}-{name.replace(' ', '-')}.txt"
    response["Content-Disposition"] = str(content_disposition_header(False, file_name))
    return response
