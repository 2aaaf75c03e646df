"""Word files of a draft: clean, or with its amendments as tracked changes."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from coordination.core.http import HttpRequest
from coordination.rotation.queries import chair_now
from coordination.statements.enums import CIRCULATED_STATES
from coordination.statements.models import Draft
from coordination.statements.queries import (
    amendments,
    draft_files,
    drafts,
    paragraphs,
    received_files,
    word_exports,
)
from coordination.statements.queries.block_views import BlockView
from coordination.statements.views.fragments import paragraphs_for_all
from coordination.statements.views.page_context import (
    VisibleStatement,
    draft_of,
    newest,
    page_head,
    working,
)
from coordination.statements.wordkit import plan
from coordination.statements.wordkit.plan import PlannedParagraph, Policy
from coordination.statements.wordkit.record import MEDIA_TYPE, FileRecord


@require_safe
def word(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the Word files of the newest draft and their uses."""
    visible = working(request, slug)
    draft = newest(visible)
    views = paragraphs_for_all(visible)
    agencies = word_exports.proposing_agencies(views)
    ours = [agency.acronym for agency in visible.agencies]
    prepared = _prepared(visible, draft)
    preparing = {each.agency.acronym for group in prepared.values() for each in group}
    context = {
        **page_head(request, visible, "word", views),
        "work": paragraphs.amendment_counts(views),
        "leads": sorted({*agencies, *_chairing(request)}),
        "lead": next(iter(_chairing(request)), ""),
        "agencies": sorted({*agencies, *preparing}),
        "ours": next((each for each in ours if each in {*agencies, *preparing}), ""),
        "preparing": sorted(preparing),
        "word_files": received_files.files_of(visible.statement.pk, visible.access),
        "may_send_word": visible.statement.state in CIRCULATED_STATES and bool(visible.agencies),
    }
    return render(request, "statements/word_files.html", context)


@require_safe
def draft_word(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Give one draft as a clean Word document."""
    visible = working(request, slug)
    draft = draft_of(visible, number)
    planned = plan.plan_document(
        word_exports.clean_paragraphs(drafts.blocks_of(draft)), Policy("lead")
    )
    name = _("draft-%(number)s") % {"number": draft.number}
    return _tracked(request, visible, draft, planned, [], name)


@require_safe
def tracked_word(request: HttpRequest, slug: str) -> HttpResponse:
    """Serve the newest draft with amendments as tracked changes.

    By the policy asked for. Raises Http404 for a policy or an agency that the page of the files
    does not offer.
    """
    visible = working(request, slug)
    draft = newest(visible)
    views = paragraphs_for_all(visible)
    agency = request.GET.get("agency")
    prepared: dict[int, Any] = {}
    if "prepared" in request.GET:
        if agency not in {each.acronym for each in visible.agencies}:
            raise Http404
        prepared = _prepared(visible, draft, agency)
    policy = _policy(request, views, agency, is_preparing=bool(prepared))
    amended = word_exports.amended_paragraphs(views, prepared)
    name = {
        "lead": _("draft-%(number)s-with-amendments"),
        "brackets": _("draft-%(number)s-in-brackets"),
        "single": _("draft-%(number)s-of-%(agency)s"),
    }[policy.kind] % {"number": draft.number, "agency": policy.agency}
    lines = draft_files.lines_of(policy, amended)
    return _tracked(request, visible, draft, plan.plan_document(amended, policy), lines, name)


def _policy(
    request: HttpRequest, views: list[BlockView], agency: str | None, *, is_preparing: bool
) -> Policy:
    """Return the policy that was asked for.

    Where no agency is named that of the chair leads, and none where it is "".
    """
    kind = request.GET.get("policy", "lead")
    proposing = word_exports.proposing_agencies(views)
    chairing = _chairing(request)
    if kind == "brackets" and not agency:
        return Policy("brackets", deletion=_("delete"))
    if kind == "lead" and agency in {None, "", *proposing, *chairing}:
        return Policy("lead", next(iter(chairing), "") if agency is None else agency)
    if kind == "single" and agency and (is_preparing or agency in proposing):
        return Policy("single", agency)
    raise Http404


def _chairing(request: HttpRequest) -> list[str]:
    """Return the acronyms of the agencies that chair now."""
    return [agency.acronym for agency in chair_now.of_request(request).agencies]


def _prepared(visible: VisibleStatement, draft: Draft, acronym: str | None = None) -> Any:
    """Return what the reader's agencies, or one of them, prepare, by block."""
    agencies = [each for each in visible.agencies if acronym in {None, each.acronym}]
    return amendments.prepared_in(draft, agencies) if agencies else {}


def record_of(request: HttpRequest, visible: VisibleStatement, draft: Draft) -> FileRecord:
    """Return what a Word file of a draft says of itself."""
    return draft_files.draft_record(draft, request.group, request.now)


def word_response(document: bytes, file_name: str) -> HttpResponse:
    """Return a Word document as a file to keep."""
    response = HttpResponse(document, content_type=MEDIA_TYPE)
    response["Content-Disposition"] = str(content_disposition_header(True, file_name))
    return response


def _tracked(
    request: HttpRequest,
    visible: VisibleStatement,
    draft: Draft,
    planned: list[PlannedParagraph],
    lines: list[str],
    name: str,
) -> HttpResponse:
    """Return a Word file of a draft.

    `lines` say on its first page what its changes are; `name` is that of the file.
    """
    document = draft_files.draft_document(
        draft,
        planned,
        lines,
        own_group=request.group,
        at=request.now,
        is_newest=draft == visible.draft,
    )
    return word_response(document, f"{visible.statement.slug}-{name}.docx")
