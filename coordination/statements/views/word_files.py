"""Word files of a draft: clean, or with its amendments as tracked changes."""

from datetime import datetime
from importlib import import_module
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from coordination.core import formatting, languages
from coordination.core.http import HttpRequest
from coordination.rotation.queries import chair_now
from coordination.statements.enums import CIRCULATED_STATES, StatementState
from coordination.statements.models import Draft
from coordination.statements.queries import (
    amendments,
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
from coordination.statements.wordkit.plan import BaseParagraph, PlannedParagraph, Policy
from coordination.statements.wordkit.record import (
    MEDIA_TYPE,
    Cover,
    FiledDraft,
    FileRecord,
    Words,
)
from coordination.textkit import canonical


@require_safe
def word(request: HttpRequest, slug: str) -> HttpResponse:
    """Show which Word files of the newest draft there are, and what each is for."""
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
    return _tracked(request, visible, draft, planned, ([], name))


@require_safe
def tracked_word(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the newest draft with its amendments as tracked changes, by the policy asked for.

    Raises Http404 for a policy or an agency that the page of the files does not offer.
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
    words = {"number": draft.number, "agency": policy.agency}
    line, name = {
        "lead": (
            _lead_line(policy.agency),
            _("draft-%(number)s-with-amendments"),
        ),
        "brackets": (
            _("Where several agencies change the same words, each proposal is in square brackets."),
            _("draft-%(number)s-in-brackets"),
        ),
        "single": (
            _("The amendments of %(agency)s, as tracked changes."),
            _("draft-%(number)s-of-%(agency)s"),
        ),
    }[policy.kind]
    told = [line % words]
    if policy.kind != "single":
        told.append(_("Amendments: %(agencies)s") % {"agencies": _who_proposes(amended)})
    planned = plan.plan_document(amended, policy)
    return _tracked(request, visible, draft, planned, (told, name % words))


def _who_proposes(amended: list[BaseParagraph]) -> str:
    """Return where each agency proposes something: "ILO (OP 3); WHO (PP 1, OP 2)"."""
    places = word_exports.places_by_agency(amended)
    return "; ".join(f"{agency} ({', '.join(found)})" for agency, found in places.items())


def _lead_line(agency: str) -> str:
    if not agency:
        return _(
            "Each tracked change is by the agency that proposes it. Where several change the same"
            " words, the first is tracked; the others are comments."
        )
    return _(
        "Each tracked change is by the agency that proposes it. Where several change the same"
        " words, that of %(agency)s is tracked, or else the first; the others are comments."
    )


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
    statement = visible.statement
    return FileRecord(
        statement.title,
        request.group.name,
        statement.language,
        request.now,
        languages.is_right_to_left(statement.language),
        (statement.symbol, _("Draft %(number)s") % {"number": draft.number}),
    )


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
    told: tuple[list[str], str],
) -> HttpResponse:
    """Return a Word file of a draft; `told` is what it says of its changes, and its name."""
    statement = visible.statement
    more, name = told
    sha256 = draft.sha256 or canonical.fingerprint(drafts.blocks_of(draft))
    source = FiledDraft(statement.symbol, draft.number, sha256)
    # lxml takes much of each web process, and most never write a document
    writer: Any = import_module("coordination.statements.wordkit.writer")
    document = writer.tracked_document(
        record_of(request, visible, draft).of_draft(source),
        source,
        _cover(request, visible, draft, more),
        planned,
        _words(request),
    )
    return word_response(document, f"{statement.slug}-{name}.docx")


def _cover(request: HttpRequest, visible: VisibleStatement, draft: Draft, more: list[str]) -> Cover:
    """Return what stands over the text: what it is, and until when it may be amended."""
    statement, group = visible.statement, request.group

    def moment(at: datetime) -> str:
        # the file goes on to people in other zones
        return formatting.both_times(at, group.zone, group.zone_city, group.zone, group.zone_city)

    number = {"number": draft.number}
    lines = [f"{group.name} · {statement.symbol}"]
    if draft.circulated_at:
        lines.append(
            _("Draft %(number)s of %(day)s") % {**number, "day": moment(draft.circulated_at)}
        )
    else:
        lines.append(_("Draft %(number)s, in preparation") % number)
    is_open = statement.state == StatementState.AMENDMENTS and draft == visible.draft
    if is_open and statement.amendments_until:
        lines.append(
            _("Amendments until %(moment)s") % {"moment": moment(statement.amendments_until)}
        )
    return Cover((*lines, *more), _("— end of text —"), get_language() or "")


def _words(request: HttpRequest) -> Words:
    """Return the words of comments in the reader's language."""
    return Words(
        {
            "reason": "",
            "supports": _("Supports this change."),
            "alternative": _("Alternative for “%(words)s”: “%(text)s”"),
            "deletion": _("Proposes to delete “%(words)s”."),
            "whole_deletion": _("Proposes to delete this paragraph."),
        },
        _("Co-sponsored by %(agencies)s."),
        request.group.zone,
        get_language() or "",
    )
